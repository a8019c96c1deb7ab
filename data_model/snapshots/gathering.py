"""Everything that a snapshot holds, read from the database in the caller's transaction and put into plain values."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import case, func
from sqlmodel import Session, select

from data_model.core import settings
from data_model.core.access import Actor
from data_model.core.database import columns
from data_model.core.label import Label
from data_model.counting.by_quarter import by_quarter
from data_model.counting.forecast import mean_at_pace
from data_model.counting.rules import NOTHING, VALUES, Cell, Pair, PlanProgress, TargetProgress
from data_model.follow_up.past import list_as_of, summary
from data_model.forms.fields import People
from data_model.kinds.registry import all_kinds, measures_value
from data_model.periods.periods import Period, Span
from data_model.plans.view import PlanView
from data_model.progress.component_money import MoneyAt, money_tree
from data_model.progress.figures import counted, money, plan_progress
from data_model.progress.unmet import unmet_records
from data_model.records.tables import FINISHED, FieldRecord, RecordStatus
from data_model.snapshots.comparison import less, record_changes
from data_model.snapshots.content import (
    COUNT_NOWHERE,
    AttendanceContent,
    CellContent,
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
from data_model.snapshots.left_out import records_left_out
from data_model.units.boundaries import outlines
from data_model.units.tables import Unit

R = columns(FieldRecord)
_PAYMENT: tuple[Any, ...] = (R.kind, R.answers, R.amount, R.status, R.happened_on)
_COUNTED: tuple[Any, ...] = (
    *(R.id, R.version, R.happened_on, R.unit_id, R.activity_id),
    *(R.quantity, R.amount, R.value_over, R.value_under, R.status),
)


@dataclass(frozen=True)
class Making:
    """Who freezes which period of which plan as which version, and when."""

    actor: Actor
    plan: PlanView
    period: Period
    days: Span
    version: int
    replaces: int | None
    reason: str
    at: datetime


def gather(session: Session, making: Making, last_issue: SnapshotContent | None) -> SnapshotContent:
    """The content of a snapshot: figures as of the period's last day, records as they are now."""
    plan, days = making.plan, making.days
    until = plan_progress(session, making.actor, plan.id, days.last)
    # On the day before the plan begins nothing is done yet; counted like any other day.
    before = plan_progress(session, making.actor, plan.id, days.first - timedelta(days=1))
    paid, paid_before = (
        money_tree(plan, money(session, making.actor, plan.id, day))
        for day in (days.last, days.first - timedelta(days=1))
    )
    after = _after(session, making)
    people = _attendance(session, plan, days)
    keys = unit_keys(plan, days.last)
    places = {u.id: f"{u.full_name}{_stood(until, u)}" for u in plan.units} | {
        u.id: u.full_name for u in (*plan.withdrawn_units, plan.owner)
    }
    records = _records(session, plan, days, keys)
    left_out = records_left_out(session, plan, days.last, keys)
    content = SnapshotContent(
        identity=_identity(session, making, left_out),
        headline=until.headline,
        mean=until.mean,
        mean_rests_on=until.mean_rests_on,
        components=tuple((c.code, c.name) for c in plan.components),
        units=_units(session, until, keys),
        targets=tuple(
            _target(until, target, before.by_activity[target.line.activity_id], after, keys) for target in until.targets
        ),
        attendance=people,
        attendance_total=_all_together(people),
        money=_money(plan, paid, paid_before),
        rounds=_rounds(until),
        follow_up=_follow_up(session, plan, days.last, places),
        texts=TypedTexts(),
        unmet=_unmet(session, making, places),
        changes=(),
        quality=_quality(session, until, left_out),
        records=records,
        trend=_trend(session, making, until),
        paid_by_source=_by_source(session, plan, days),
        money_lines=tuple((line.code, line.name) for line in plan.lines if line.is_money),
        left_out=left_out,
    )
    return content if last_issue is None else replace(content, changes=record_changes(last_issue, content))


def _identity(session: Session, making: Making, left_out: tuple[LeftOutRecord, ...]) -> Identity:
    plan = making.plan
    known = dict(
        session.execute(select(R.status, func.count()).where(counted(plan, making.days.last)).group_by(R.status)).all()
    )
    out = Counter(one.reason for one in left_out)
    return Identity(
        plan_code=plan.code,
        plan_name=plan.name,
        plan_revision=plan.revision,
        owner=plan.owner.full_name,
        issuer=plan.issuer,
        document=_document(plan),
        year=plan.year,
        period=making.period.value,
        starts_on=making.days.first,
        ends_on=making.days.last,
        cut_off=making.at,
        version=making.version,
        replaces=making.replaces,
        reason=making.reason,
        author=Person(making.actor.display_name, making.actor.role.label),
        made_at=making.at,
        quarter_rule=plan.quarter_rule,
        on_track_percent=plan.on_track_percent,
        slow_percent=plan.slow_percent,
        is_sample=settings.is_sample(),
        records_in={status.value: known.get(status, 0) for status in (RecordStatus.VERIFIED, RecordStatus.SENT)},
        records_out={reason.value: out[reason] for reason in COUNT_NOWHERE},
    )


def _document(plan: PlanView) -> str:
    """ "1129/KH-UBND ngày 21/06/2024"; empty where the plan's own text leaves them blank."""
    number, day = plan.document.get("number"), plan.document.get("date")
    return " ".join(part for part in (number, day and f"ngày {date.fromisoformat(day):%d/%m/%Y}") if part)


def _after(session: Session, making: Making) -> PlanProgress | None:
    """The plan on its last day, where the frozen year ends before it (R26); None for any other period."""
    if making.period is not Period.YEAR or making.days.last >= making.plan.ends_on:
        return None
    return plan_progress(session, making.actor, making.plan.id, making.plan.ends_on)


def _units_until(plan: PlanView, as_of: date) -> list[Unit]:
    """The plan's communes that stood on any day from its beginning to the day: what ended since holds records too."""
    last = min(as_of, plan.ends_on)
    return [
        u
        for u in plan.units
        if (u.valid_from is None or u.valid_from <= last) and (u.valid_to is None or u.valid_to >= plan.starts_on)
    ] or list(plan.units)


def unit_keys(plan: PlanView, as_of: date) -> dict[int, str]:
    """How the content names its units, by id: the code, with its first day where an earlier unit of the plan had that
    code.
    """
    keys: dict[int, str] = {}
    for unit in sorted((*_units_until(plan, as_of), plan.owner), key=lambda u: u.valid_from or date.min):
        keys.setdefault(unit.id, f"{unit.code}@{unit.valid_from}" if unit.code in keys.values() else unit.code)
    return keys


def _units(session: Session, progress: PlanProgress, keys: dict[int, str]) -> tuple[UnitContent, ...]:
    """The plan's communes; one that began or ended meanwhile says so in its name, since another may bear the same."""
    shown = _units_until(progress.plan, progress.as_of)
    known = outlines(session, [u.id for u in shown])
    return tuple(
        UnitContent(
            code=u.code,
            name=f"{u.name}{(when := _stood(progress, u))}",
            full_name=f"{u.full_name}{when}",
            mean=(at := progress.units[u.id]).mean,
            mean_reported=at.mean_reported,
            rests_on=at.rests_on,
            happened=at.happened,
            outline=known.get(u.id),
            schematic=u.id not in known,
            latitude=u.latitude,
            longitude=u.longitude,
            valid_from=u.valid_from,
            valid_to=u.valid_to,
            told_key=keys[u.id],
        )
        for u in shown
    )


def _stood(progress: PlanProgress, unit: Unit) -> str:
    if unit.valid_to is not None and unit.valid_to < progress.as_of:
        return f" (đến {unit.valid_to:%d/%m/%Y})"
    if unit.valid_from is not None and unit.valid_from > progress.plan.starts_on:
        return f" (từ {unit.valid_from:%d/%m/%Y})"
    return ""


def _target(
    progress: PlanProgress,
    target: TargetProgress,
    before: TargetProgress,
    after: PlanProgress | None,
    keys: dict[int, str],
) -> TargetContent:
    plan, line = progress.plan, target.line
    parent = None if line.part_of_id is None else plan.line_by_activity.get(line.part_of_id)
    only_values = measures_value(line.kind) and not line.is_measured
    done, earlier = (target.happened, before.happened) if only_values else (target.done, before.done)
    on_last_day = after.by_activity[line.activity_id] if after else None
    return TargetContent(
        code=line.code,
        name=line.name,
        component=plan.component_by_id[line.component_id].code,
        part_of=parent.code if parent else None,
        unit_of_measure=VALUES if only_values else line.unit_of_measure,
        comparator=line.comparator,
        need=target.need,
        planned=target.planned_to_date,
        planned_origin="none" if target.planned_to_date is None else "entered",
        done_in_period=less(done, earlier),
        done=done,
        measured=target.measured[0] if target.measured else None,
        measured_reported=target.measured[1] if target.measured else None,
        is_measured=line.is_measured,
        percent=target.percent,
        percent_of_planned=target.percent_of_planned,
        status=target.status,
        by_quarter=() if line.is_measured or only_values else tuple(end.done for end in by_quarter(progress, target)),
        cells={keys[unit_id]: _cell(cell) for unit_id, cell in target.cells.items() if unit_id in keys},
        due_in=tuple(keys[unit_id] for unit_id in line.unit_ids if unit_id in keys),
        running=target.running,
        unmet=target.unmet,
        is_whole_of_parts=bool(line.part_ids),
        happened=int(target.happened.reported),
        measured_in=target.coverage and target.coverage.measured,
        measured_of=target.coverage and target.coverage.of,
        percent_reported=target.percent_reported,
        done_after=less(on_last_day.happened if only_values else on_last_day.done, done) if on_last_day else None,
    )


def _cell(cell: Cell) -> CellContent:
    return CellContent(cell.need, cell.done, cell.happened, *(cell.value or (None, None)))


def _attendance(session: Session, plan: PlanView, days: Span) -> tuple[AttendanceContent, ...]:
    columns = [getattr(R, f"people_{name}") for name in People.fields]
    inside = R.happened_on >= days.first
    rows = session.execute(
        select(
            R.activity_id,
            func.count(),
            func.count(R.people_total),
            *(func.sum(c) for c in columns),
            *(func.sum(case((inside, c))) for c in columns),
        )
        .where(counted(plan, days.last))
        .group_by(R.activity_id)
    )
    found = {row[0]: row[1:] for row in rows}
    asked = [
        line
        for line in plan.target_lines
        if line.activity_id in found and line.kind and "attendance" in all_kinds()[line.kind].fields
    ]
    return tuple(_people(line.code, found[line.activity_id]) for line in asked)


def _people(code: str, row: Iterable[Any]) -> AttendanceContent:
    records, with_figures, *sums = row
    told = [None if one is None else int(one) for one in sums]
    names = list(People.fields)
    return AttendanceContent(
        code,
        dict(zip(names, told[: len(names)], strict=True)),
        records,
        with_figures,
        dict(zip(names, told[len(names) :], strict=True)),
    )


def _all_together(rows: tuple[AttendanceContent, ...]) -> AttendanceContent:
    def total(parts: list[dict[str, int | None]]) -> dict[str, int | None]:
        collected = {name: [one for p in parts if (one := p[name]) is not None] for name in People.fields}
        return {name: sum(numbers) if numbers else None for name, numbers in collected.items()}

    return AttendanceContent(
        "",
        total([r.parts for r in rows]),
        sum(r.records for r in rows),
        sum(r.with_figures for r in rows),
        total([r.in_period for r in rows]),
    )


def _money(plan: PlanView, paid: dict[int, MoneyAt], before: dict[int, MoneyAt]) -> tuple[MoneyContent, ...]:
    depth: dict[int | None, int] = {None: -1}
    rows = []
    for component in plan.components:
        depth[component.id] = depth[component.parent_id] + 1
        at = paid[component.id]
        funds = _funds(plan, component.id)
        if at.budget is None and at.parts is None and at.paid == NOTHING and funds is None:
            continue
        rows.append(
            MoneyContent(
                component.code,
                component.name,
                depth[component.id],
                at.budget,
                at.parts,
                less(at.paid, before[component.id].paid),
                at.paid,
                funds,
            )
        )
    return tuple(rows)


def _funds(plan: PlanView, component_id: int) -> Label | None:
    told = plan.budgets[component_id].source_note.get("source_of_funds") if component_id in plan.budgets else None
    return Label(told["vi"], told["en"]) if told else None


def _by_source(session: Session, plan: PlanView, days: Span) -> tuple[SourceContent, ...]:
    """Payments by source of funds, for the kinds that pay."""
    paying = [line for line in plan.lines if line.is_money]
    rows = session.execute(
        select(*_PAYMENT).where(
            counted(plan, days.last), R.activity_id.in_(line.activity_id for line in paying), R.amount.is_not(None)
        )
    )
    found: dict[Label, list[Pair]] = {}
    for kind, answers, amount, status, day in rows:
        pair = Pair(amount if status == RecordStatus.VERIFIED else 0, amount)
        inside, whole = found.get(source := all_kinds()[kind].source_label(answers), [NOTHING, NOTHING])
        found[source] = [inside + pair if day >= days.first else inside, whole + pair]
    return tuple(SourceContent(name, *found[name]) for name in sorted(found))


def _rounds(progress: PlanProgress) -> tuple[RoundContent, ...]:
    return tuple(
        RoundContent(target.line.code, name, len(target.line.unit_ids), target.visited[round_id])
        for target in progress.targets
        for round_id, name in target.line.rounds
    )


def _follow_up(session: Session, plan: PlanView, until: date, places: dict[int, str]) -> FollowUp:
    counts, rows = summary(session, plan.id, until), list_as_of(session, plan.id, until)
    return FollowUp(
        findings={
            severity.label.vi if severity else "Không ghi mức độ": count for severity, count in counts.findings.items()
        },
        open=sum(row.state not in FINISHED for row in rows),
        overdue=counts.overdue,
        closed=sum(row.state in FINISHED for row in rows),
        recommendations=tuple(
            RecommendationContent(
                places.get(row.unit_id, ""),
                row.what,
                row.responsible,
                row.fix_by,
                row.standing.label,
                row.state not in FINISHED,
                row.overdue,
                row.record_id,
            )
            for row in rows
        ),
    )


def _unmet(session: Session, making: Making, places: dict[int, str]) -> tuple[UnmetContent, ...]:
    plan = making.plan
    return tuple(
        UnmetContent(
            places[one.unit_id],
            plan.line_by_activity[one.activity_id].code,
            one.happened_on,
            one.condition.text,
            one.figure,
            one.verified,
            one.record_id,
        )
        for one in unmet_records(session, making.actor, plan.id, making.days.last)
    )


def _records(session: Session, plan: PlanView, days: Span, keys: dict[int, str]) -> tuple[CountedRecord, ...]:
    rows = session.execute(select(*_COUNTED).where(counted(plan, days.last)).order_by(R.happened_on, R.id))
    return tuple(
        CountedRecord(
            record_id,
            version,
            day,
            keys.get(unit_id, ""),
            plan.line_by_activity[activity_id].code,
            quantity,
            amount,
            None if under is None else Fraction(over, under),
            status,
        )
        for record_id, version, day, unit_id, activity_id, quantity, amount, over, under, status in rows
    )


def _quality(session: Session, progress: PlanProgress, left_out: tuple[LeftOutRecord, ...]) -> tuple[QualityNote, ...]:
    """What a reader should know of the data, each with how often; what does not occur is not said."""
    out = Counter(one.reason for one in left_out)
    plan = progress.plan
    whole, late, placed = session.execute(
        select(func.count(), func.count(R.late_for), func.count(R.latitude))
        .select_from(R)
        .where(counted(plan, progress.as_of))
    ).one()
    leading = [t for t in progress.targets if t.line.part_of_id is None]
    notes = [
        *((reason.label, out[reason]) for reason in LeftOut),
        (
            Label("Bản ghi đến sau khi kỳ của nó đã phát hành", "Records that came after their period had been issued"),
            late,
        ),
        (Label("Bản ghi không có vị trí", "Records without a position"), whole - placed),
        (
            Label("Chỉ tiêu có số nhưng chưa phân kỳ", "Numbered targets without a phasing"),
            sum(t.need is not None and t.planned_to_date is None and not t.line.is_measured for t in leading),
        ),
        (
            Label("Chỉ tiêu tỷ lệ chưa có số liệu đo", "Percentages that nobody measured yet"),
            sum(t.line.is_measured and (t.measured is None or t.measured[0] is None) for t in leading),
        ),
        (
            Label("Bản ghi không đạt một điều kiện của chỉ tiêu", "Records that fail a condition of their target"),
            sum(t.unmet for t in leading),
        ),
    ]
    return tuple(QualityNote(said, count) for said, count in notes if count)


def _trend(session: Session, making: Making, until: PlanProgress) -> tuple[TrendPoint, ...]:
    """The mean and the payments by the end of each quarter so far, then the mean at the present pace."""
    ends = enumerate(making.plan.quarter_ends, 1)
    return tuple(_point(session, making, until, quarter, end) for quarter, end in ends)


def _point(session: Session, making: Making, until: PlanProgress, quarter: int, end: date) -> TrendPoint:
    if end > making.days.last:
        return TrendPoint(quarter, mean_at_pace(until, end), None, True)
    then = until if end == until.as_of else plan_progress(session, making.actor, making.plan.id, end)
    paid = sum((row.paid.verified for row in money(session, making.actor, making.plan.id, end)), 0)
    return TrendPoint(quarter, then.mean, int(paid), False)
