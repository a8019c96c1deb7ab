"""A frozen quarter made by code: as large as Đức Phổ (15 communes, 25 targets) or any other size, with every kind of
gap.
"""

import uuid
from datetime import UTC, date, datetime
from fractions import Fraction

from data_model.core.label import Label
from data_model.counting.rules import Pair, TargetStatus
from data_model.forms.fields import People
from data_model.plans.tables import Comparator
from data_model.snapshots.content import (
    AttendanceContent,
    CellContent,
    ChangeContent,
    CountedRecord,
    FollowUp,
    Identity,
    LeftOut,
    LeftOutRecord,
    MoneyContent,
    Person,
    QualityNote,
    RecommendationContent,
    RoundContent,
    SnapshotContent,
    SourceContent,
    TargetContent,
    TrendPoint,
    TypedTexts,
    UnitContent,
    UnmetContent,
)

MONEY = 4_305_385_000


def label(text: str) -> Label:
    return Label(text, f"{text} (en)")


def quarter(units=15, targets=25, numbers=True, records=60, names=(), typed="Bố trí lại lịch") -> SnapshotContent:
    """Quarter III of a year; `names` are given to the first communes, `typed` is what the leader wrote everywhere."""
    places = [_unit(place, names[place] if place < len(names) else f"Phổ {place}", numbers) for place in range(units)]
    lines = [_target(place, places, numbers, typed) for place in range(targets)]
    counted = tuple(_record(place, places, lines) for place in range(records))
    statuses = [line.status for line in lines]
    return SnapshotContent(
        identity=_identity(records),
        headline={status: statuses.count(status) for status in TargetStatus},
        mean=Fraction(11, 21) if numbers else None,
        mean_rests_on=targets if numbers else 0,
        components=(("DA4", label("Dự án 4: việc làm")), ("DA7", label("Dự án 7: giám sát"))),
        units=tuple(places),
        targets=tuple(lines),
        attendance=tuple(AttendanceContent(line.code, _people(place), 4, 3) for place, line in enumerate(lines[:6]))
        if records
        else (),
        attendance_total=AttendanceContent("", _people(7), 24, 18),
        money=(
            MoneyContent(
                "DA4",
                label("Dự án 4: việc làm"),
                0,
                MONEY if numbers else None,
                None,
                Pair(1_000_001, 2_000_002),
                Pair(3_000_003, 4_000_004),
                label("Ngân sách huyện theo Quyết định <30>"),
            ),
            MoneyContent("DA4.1", label("Tiểu dự án 1"), 1, None, None, Pair(0, 0), Pair(0, 5)),
        ),
        rounds=(RoundContent("X-1", label("Đợt 1"), units, Pair(3, 4)),),
        follow_up=FollowUp(
            {"Nghiêm trọng": 1, "Vừa": 2, "Nhẹ": 0},
            4,
            1,
            2,
            (
                RecommendationContent(
                    places[0].full_name,
                    typed,
                    "UBND phường",
                    date(2024, 9, 5),
                    label("đang thực hiện"),
                    True,
                    True,
                    uuid.UUID(int=21),
                ),
                RecommendationContent(places[-1].full_name, "Sửa pano", "", None, label("đã đóng"), False, False),
            ),
        ),
        texts=TypedTexts(typed, "", "Hoàn thành đối thoại"),
        unmet=(
            UnmetContent(
                places[0].full_name, "X-1", date(2024, 8, 9), label("mỗi buổi 50 người"), None, True, uuid.UUID(int=22)
            ),
            UnmetContent(places[0].full_name, "X-2", date(2024, 8, 1), label("mỗi buổi 50 người"), 42, False),
        ),
        changes=(ChangeContent(uuid.UUID(int=7), "X-1", places[0].full_name, label("sửa số người"), "52", "55"),),
        quality=(QualityNote(label("Bản ghi không có toạ độ"), 4),),
        records=counted,
        trend=(
            TrendPoint(1, Fraction(1, 7) if numbers else None, 0, False),
            TrendPoint(2, Fraction(1, 3) if numbers else None, 1_000_000, False),
            TrendPoint(3, Fraction(11, 21) if numbers else None, 3_000_003, False),
            TrendPoint(4, Fraction(5, 7) if numbers else None, None, True),
        ),
        paid_by_source=(SourceContent(label("NSTW"), Pair(1_000_001, 2_000_002), Pair(3_000_003, 4_000_004)),),
        money_lines=(("X-CHI", label("Giải ngân Dự án 4")),),
        left_out=tuple(
            LeftOutRecord(
                uuid.UUID(int=900 + place),
                1,
                None if reason is LeftOut.DRAFT else date(2024, 8, 1),
                places[0].key,
                "X-CHI",
                "sent",
                reason,
            )
            for place, reason in enumerate(LeftOut)
        ),
    )


def _identity(records: int) -> Identity:
    return Identity(
        plan_code="duc_pho_2024",
        plan_name=label("Kế hoạch giảm nghèo 2024"),
        plan_revision=2,
        owner="thị xã Đức Phổ",
        issuer="Phòng Lao động",
        document="",
        year=2024,
        period="q3",
        starts_on=date(2024, 7, 1),
        ends_on=date(2024, 9, 30),
        cut_off=datetime(2024, 10, 10, 9, tzinfo=UTC),
        version=2,
        replaces=1,
        reason="sửa bản ghi trễ",
        author=Person("Cán bộ tổng hợp", label("cán bộ tổng hợp")),
        made_at=datetime(2024, 10, 12, 2, 30, tzinfo=UTC),
        quarter_rule="calendar",
        on_track_percent=90,
        slow_percent=70,
        is_sample=False,
        records_in={"verified": records, "sent": 0},
        records_out={"draft": 3, "returned": 1},
    )


def _unit(place: int, name: str, numbers: bool) -> UnitContent:
    return UnitContent(
        code=f"2{place:04d}",
        name=name,
        full_name=f"xã {name}",
        mean=Fraction(place % 8, 7) if numbers and place % 5 else None,
        mean_reported=None,
        rests_on=place % 4,
        happened=place,
        outline=None,
        schematic=True,
        latitude=14.7 + place % 5 / 30,
        longitude=108.9 + place // 5 / 30,
    )


def _target(place: int, units: list[UnitContent], numbers: bool, typed: str) -> TargetContent:
    """Every third is due in each commune, every eighth is measured, every fifth has no number."""
    status = list(TargetStatus)[place % len(TargetStatus)] if numbers else TargetStatus.NO_NUMBER
    has_number, each, measured = numbers and place % 5 > 0, place % 3 == 0, numbers and place % 8 == 7
    need = (Fraction(len(units)) if each else Fraction(place, 2)) if has_number else None
    done, planned = Pair(place * 3, place * 3 + 2), Fraction(place, 3) if has_number and place % 4 else None
    cells = {
        unit.code: CellContent(
            Fraction(1) if has_number else None,
            Pair(spot % 2, 1),
            spot % 3,
            Fraction(spot, 3) if measured and spot % 2 else None,
        )
        for spot, unit in enumerate(units)
        if each or spot % 4 == 0
    }
    return TargetContent(
        code=f"X-{place}",
        name=label(f"Việc số {place}"),
        component="DA4" if place < 12 else "DA7",
        part_of=None,
        unit_of_measure=label("buổi"),
        comparator=Comparator.PERCENTAGE if measured else Comparator.EXACTLY if has_number else None,
        need=need,
        planned=planned,
        planned_origin="entered" if planned is not None else "none",
        done_in_period=Pair(place, place + 1),
        done=done,
        measured=Fraction(985, 10) if measured and place % 2 else None,
        measured_reported=Fraction(97) if measured else None,
        is_measured=measured,
        percent=Fraction(place * 2, 9) if has_number else None,
        percent_of_planned=Fraction(place, 11) if planned else None,
        status=status,
        by_quarter=(),
        cells=cells,
        due_in=tuple(unit.code for unit in units) if each and has_number else (),
        cause=typed if place % 2 else "",
        measure=typed if place % 3 else "",
    )


def _people(seed: int) -> dict[str, int | None]:
    """0 where nobody came, None where nobody asked."""
    return {
        name: None if (seed + place) % 4 == 3 else (seed * 17 + place) % 60 * ((seed + place) % 3)
        for place, name in enumerate(People.fields)
    }


def _record(place: int, units: list[UnitContent], targets: list[TargetContent]) -> CountedRecord:
    return CountedRecord(
        id=uuid.UUID(int=place + 1),
        version=1 + place % 3,
        happened_on=date(2024, 7, 1 + place % 30),
        unit=units[place % len(units)].code,
        target=targets[place % len(targets)].code,
        quantity=None if place % 7 == 6 else place % 5,
        amount=MONEY + place if place % 7 == 6 else None,
        value=Fraction(1, 3) if place % 11 == 10 else None,
        status="verified",
    )
