"""The report's other tables: identity, people, money, rounds, recommendations, conditions, changes, data quality,
records.
"""

import uuid
from collections.abc import Mapping, Sequence

from dashboard.i18n.words import day, kept_figure, moment, say
from dashboard.report import words
from dashboard.report.parts import As, Cell, Column, Row, Table, text_row
from dashboard.report.target_tables import number, share
from dashboard.ui.status_look import LOOKS
from data_model.forms.fields import People
from data_model.records.tables import RecordStatus
from data_model.snapshots.content import AttendanceContent, MoneyContent, SnapshotContent


def money(amount: int | None, missing: str = words.NO_AMOUNT) -> Cell:
    """Whole đồng."""
    return Cell(None if amount is None else int(amount), As.MONEY, missing)


def _columns(*columns: tuple[str, float]) -> tuple[Column, ...]:
    return tuple(Column(title, width) for title, width in columns)


def identity(content: SnapshotContent, full_hash: str, status: str, approved: str) -> Table:
    """What was frozen: of which plan, when, by whom, from which records, and the number that proves it."""
    known = content.identity
    inside, outside = _counts(known.records_in), _counts(known.records_out)
    version = (
        f"{known.version}"
        if known.replaces is None
        else f"{known.version} (thay thế bản {known.replaces}: {known.reason})"
    )
    rows = (
        ("Kế hoạch", f"{say(known.plan_name)} (mã {known.plan_code}, bản điều chỉnh số {known.plan_revision})"),
        ("Cơ quan ban hành kế hoạch", known.issuer),
        ("Văn bản", known.document or words.BLANK),
        ("Địa bàn", known.owner),
        (
            "Kỳ số liệu",
            (
                f"{words.period(known.period, known.year)}: từ {day(known.starts_on)} đến {day(known.ends_on)}"
                f" ({words.QUARTER_RULES[known.quarter_rule]})"
            ),
        ),
        ("Thời điểm chốt", moment(known.cut_off)),
        ("Hạn gửi", words.BLANK if content.texts.send_by is None else day(content.texts.send_by)),
        ("Bản số", version),
        ("Trạng thái", status),
        ("Người lập", f"{known.author.name} ({say(known.author.role)}), {moment(known.made_at)}"),
        ("Người duyệt", approved or words.BLANK),
        (
            "Ngưỡng đánh giá",
            f"đúng tiến độ từ {known.on_track_percent} %, chậm từ {known.slow_percent} % kế hoạch luỹ kế",
        ),
        ("Bản ghi được tính", inside),
        ("Bản ghi không tính", outside),
        ("Mã kiểm chứng ngắn", full_hash[:12]),
        ("Mã kiểm chứng SHA-256", in_groups(full_hash)),
    )
    return Table(
        words.IDENTITY_SHEET, "", _columns(("Mục", 45), ("Nội dung", 120)), tuple(text_row(*row) for row in rows), ""
    )


def in_groups(digest: str) -> str:
    """A hash in groups of 16 digits, so that it can be read aloud and breaks in a narrow column."""
    return " ".join(digest[i : i + 16] for i in range(0, len(digest), 16))


def headline(content: SnapshotContent) -> Table:
    """How many targets stand where."""
    rows = tuple(
        Row(
            (
                Cell(f"{look.shape} {say(status.label)}", fill=look.colour, ink=look.ink),
                number(content.headline[status]),
            )
        )
        for status, look in LOOKS.items()
        if content.headline.get(status)
    )
    return Table(
        "Tình trạng",
        words.HEADLINE_TITLE,
        _columns(("Tình trạng", 60), ("Số chỉ tiêu", 30)),
        rows,
        words.NO_TARGETS,
        charted=True,
    )


def _counts(by_reason: Mapping[str, int]) -> str:
    """ "131 đã xác nhận, 4 đã gửi": records by status, or by why they were left out."""
    order = [*RecordStatus, *sorted(by_reason.keys() - set(RecordStatus))]
    return ", ".join(f"{by_reason[one]} {_reason(one)}" for one in order if by_reason.get(one)) or "0"


def _reason(one: str) -> str:
    return say(RecordStatus(one).label) if one in set(RecordStatus) else words.LEFT_OUT.get(one, one)


RECORD_ID = Column("Mã bản ghi", 68, only_excel=True)


def _id(record_id: uuid.UUID | None) -> Cell:
    return Cell(str(record_id) if record_id else None)


PARTS = tuple(People.fields)


def attendance(content: SnapshotContent) -> Table:
    """People who took part, by activity; what nobody asked for is told apart from 0."""
    names = {target.code: say(target.name) for target in content.targets}
    counted = [one for one in content.attendance if any(figure is not None for figure in one.parts.values())]
    others = [one.target for one in content.attendance if one not in counted]
    rows = [_people(one, f"{one.target}. {names.get(one.target, '')}") for one in counted]
    if rows:
        rows.append(_people(content.attendance_total, words.IN_ALL, strong=True))
    columns = _columns(
        ("Hoạt động", 40),
        ("Tổng trong kỳ", 14),
        *((say(field.label), 15) for field in People.fields.values()),
        ("Bản ghi có số liệu", 17),
    )
    return Table(
        "Người tham dự",
        words.ATTENDANCE_TITLE,
        columns,
        tuple(rows),
        words.NO_ATTENDANCE,
        notes=_attendance_notes(others),
        small=True,
    )


def _attendance_notes(others: Sequence[str]) -> tuple[str, ...]:
    return (
        (words.ATTENDANCE_NOTE, f"{words.NOBODY_COUNTED}: {', '.join(others)}.") if others else (words.ATTENDANCE_NOTE,)
    )


def _people(one: AttendanceContent, name: str, strong: bool = False) -> Row:
    figures = (number(one.parts.get(part), words.NOT_COLLECTED) for part in PARTS)
    return Row(
        (
            Cell(name),
            number(one.in_period.get("total"), words.NOT_COLLECTED),
            *figures,
            Cell(f"{one.with_figures}/{one.records}"),
        ),
        strong,
    )


def budget(content: SnapshotContent) -> Table:
    """Budget and payments of every component, whole đồng; an amount that the plan does not name is not 0."""
    rows = tuple(_budget_row(row) for row in content.money)
    columns = _columns(
        ("Mã", 13),
        ("Dự án, tiểu dự án", 50),
        ("Dự toán", 28),
        ("Giải ngân trong kỳ", 25),
        ("Luỹ kế (xác nhận)", 25),
        ("Luỹ kế (báo cáo)", 25),
        ("Tỷ lệ", 13),
    )
    return Table(
        "Kinh phí",
        words.MONEY_TITLE,
        columns,
        rows,
        words.NO_MONEY,
        notes=(words.MONEY_NOTE, *_funds(content)),
        small=True,
        fixed=2,
    )


def _funds(content: SnapshotContent) -> tuple[str, ...]:
    """Where the plan says that its money comes from."""
    told = "; ".join(f"{row.code}: {say(row.funds)}" for row in content.money if row.funds)
    return (f"{words.FUNDS}: {told}.",) if told else ()


def _budget_row(row: MoneyContent) -> Row:
    paid = row.paid.verified
    unnamed = words.NO_AMOUNT if row.parts is None else words.parts_add_up(money(row.parts).text)
    return Row(
        (
            Cell(row.code),
            Cell(say(row.name)),
            money(row.budget, unnamed),
            money(row.paid_in_period.verified),
            money(paid),
            money(row.paid.reported),
            share(paid / row.budget if row.budget else None),
        ),
        strong=row.depth == 0,
    )


def sources(content: SnapshotContent) -> Table:
    """Payments by source of funds, never converted into one another."""
    rows = tuple(
        Row(
            (
                Cell(say(one.name)),
                money(one.paid_in_period.verified),
                money(one.paid.verified),
                money(one.paid.reported),
            )
        )
        for one in content.paid_by_source
    )
    columns = _columns(
        ("Nguồn vốn", 66), ("Giải ngân trong kỳ", 33), ("Luỹ kế (xác nhận)", 33), ("Luỹ kế (báo cáo)", 33)
    )
    return Table("Nguồn vốn", words.SOURCES_TITLE, columns, rows, words.NO_SOURCES, notes=(words.SOURCES_NOTE,))


def rounds(content: SnapshotContent) -> Table:
    """Monitoring rounds: communes to visit, visited."""
    rows = tuple(
        Row(
            (
                Cell(one.target),
                Cell(say(one.name)),
                number(one.need),
                number(one.visited.verified),
                number(one.visited.reported),
            )
        )
        for one in content.rounds
    )
    columns = _columns(
        ("Mã", 16),
        ("Đợt", 60),
        ("Lượt xã phải giám sát", 28),
        ("Đã giám sát (xác nhận)", 28),
        ("Đã giám sát (báo cáo)", 28),
    )
    return Table("Đợt giám sát", words.ROUNDS_TITLE, columns, rows, words.NO_ROUNDS)


def after_last_day(content: SnapshotContent) -> tuple[Table, ...]:
    """What was done after the last day of a year that ends before the plan does; nothing for any other period."""
    targets = [target for target in content.targets if target.done_after is not None]
    if not targets:
        return ()
    rows = tuple(
        Row(
            (
                Cell(target.code),
                Cell(say(target.name)),
                Cell(say(target.unit_of_measure)),
                number(target.done_after.verified),
                number(target.done_after.reported),
            )
        )
        for target in targets
        if target.done_after.reported
    )
    columns = _columns(("Mã", 16), ("Nội dung chỉ tiêu", 78), ("ĐVT", 18), ("Xác nhận", 24), ("Báo cáo", 24))
    last = day(content.identity.ends_on)
    return (
        Table(
            "Sau kỳ",
            words.AFTER_TITLE.format(last=last),
            columns,
            rows,
            words.NOTHING_AFTER.format(last=last),
            notes=(words.AFTER_NOTE,),
        ),
    )


def follow_up(content: SnapshotContent) -> Table:
    """Findings by severity and recommendations by state, counted."""
    found = content.follow_up
    rows = [Row((Cell(f"Phát hiện: {severity}"), number(count))) for severity, count in found.by_severity]
    rows += [
        Row((Cell(name), number(count)))
        for name, count in (
            ("Kiến nghị đang mở", found.open),
            ("Trong đó quá hạn", found.overdue),
            ("Kiến nghị đã đóng", found.closed),
        )
    ]
    return Table(
        "Phát hiện, kiến nghị",
        words.FOLLOW_UP_TITLE,
        _columns(("Nội dung", 100), ("Số lượng", 30)),
        tuple(rows),
        words.NO_FINDINGS,
    )


def recommendations(content: SnapshotContent) -> Table:
    """The recommendations one by one."""
    rows = tuple(
        Row(
            (
                Cell(one.unit),
                Cell(one.text),
                Cell(one.responsible or None),
                Cell(one.due, As.DAY),
                Cell(_state(one)),
                _id(one.record_id),
            )
        )
        for one in content.follow_up.recommendations
    )
    columns = _columns(("Đơn vị", 30), ("Kiến nghị", 60), ("Trách nhiệm", 32), ("Thời hạn", 24), ("Trạng thái", 23))
    return Table("Kiến nghị", words.RECOMMENDATIONS_TITLE, (*columns, RECORD_ID), rows, words.NO_RECOMMENDATIONS)


def _state(one) -> str:
    told = say(one.state)
    return told if not one.is_overdue or words.OVERDUE in told else f"{told}, {words.OVERDUE}"


def unmet(content: SnapshotContent) -> Table:
    """Records that count and yet fail a condition of their target."""
    names = {target.code: say(target.name) for target in content.targets}
    rows = tuple(
        Row(
            (
                Cell(one.unit),
                Cell(f"{one.target}. {names.get(one.target, '')}"),
                Cell(one.happened_on, As.DAY),
                Cell(say(one.condition)),
                number(one.figure, words.NOT_COLLECTED),
                Cell("xác nhận" if one.verified else "báo cáo"),
                _id(one.record_id),
            )
        )
        for one in content.unmet
    )
    columns = _columns(
        ("Đơn vị", 29), ("Chỉ tiêu", 45), ("Ngày", 24), ("Điều kiện", 34), ("Số liệu", 17), ("Bản ghi", 18)
    )
    return Table("Điều kiện chưa đạt", words.UNMET_TITLE, (*columns, RECORD_ID), rows, words.NO_UNMET, filtered=True)


def changes(content: SnapshotContent) -> Table:
    """What is otherwise than in the last issued version, and by which records."""
    rows = tuple(
        text_row(
            one.target,
            one.unit,
            say(one.what),
            kept_figure(one.before),
            kept_figure(one.after),
            str(one.record_id)[:8] if one.record_id else None,
        )
        for one in content.changes
    )
    columns = _columns(("Chỉ tiêu", 20), ("Đơn vị", 30), ("Thay đổi", 46), ("Trước", 24), ("Nay", 24), ("Bản ghi", 20))
    return Table("Thay đổi", words.CHANGES_TITLE, columns, rows, words.NO_CHANGES)


def quality(content: SnapshotContent) -> Table:
    """What a reader must know about the figures' reliability."""
    rows = tuple(Row((Cell(say(one.say)), number(one.count))) for one in content.quality)
    return Table(
        "Chất lượng số liệu", words.QUALITY_TITLE, _columns(("Nội dung", 130), ("Số lượng", 30)), rows, words.NO_QUALITY
    )


def by_quarter(content: SnapshotContent) -> Table:
    """The year's course: mean of the targets and payments by each quarter's end, a forecast marked as such."""
    rows = tuple(
        Row(
            (
                Cell(words.quarter_end(point.quarter)),
                share(None if point.is_forecast else point.mean),
                share(point.mean if point.is_forecast else None),
                money(None if point.is_forecast else point.paid, "–"),
            )
        )
        for point in content.trend
    )
    columns = _columns(
        ("Thời điểm", 34),
        ("Bình quân thực hiện", 36),
        ("Dự báo theo nhịp hiện nay", 44),
        ("Giải ngân luỹ kế (đồng)", 40),
    )
    return Table("Luỹ kế theo quý", words.TREND_TITLE, columns, rows, words.NO_TREND, charted=True)


def records(content: SnapshotContent) -> Table:
    """The annex of records counted: with it every figure can be counted again."""
    names = {code: say(name) for code, name in content.line_names.items()}
    places, codes = (
        {unit.key: unit.full_name for unit in content.units},
        {unit.key: unit.code for unit in content.units},
    )
    rows = tuple(
        Row(
            (
                Cell(str(one.id)),
                number(one.version),
                Cell(one.happened_on, As.DAY),
                Cell(codes.get(one.unit, one.unit)),
                Cell(places.get(one.unit, content.identity.owner)),
                Cell(one.target),
                Cell(names.get(one.target)),
                number(one.quantity),
                number(one.value),
                money(one.amount, "–"),
                Cell(say(RecordStatus(one.status).label)),
            )
        )
        for one in content.records
    )
    columns = _columns(
        ("Mã bản ghi", 68),
        ("Phiên bản", 14),
        ("Ngày", 20),
        ("Mã đơn vị", 18),
        ("Đơn vị", 36),
        ("Mã chỉ tiêu", 18),
        ("Chỉ tiêu", 70),
        ("Số lượng", 18),
        ("Giá trị đo", 18),
        ("Số tiền (đồng)", 28),
        ("Trạng thái", 24),
    )
    return Table("Bản ghi được tính", words.RECORDS_TITLE, columns, rows, words.NO_RECORDS, filtered=True, fixed=1)


def left_out(content: SnapshotContent) -> Table:
    """The annex of records that are no part of the verified figures, each with the reason."""
    names = {code: say(name) for code, name in content.line_names.items()}
    places, codes = (
        {unit.key: unit.full_name for unit in content.units},
        {unit.key: unit.code for unit in content.units},
    )
    rows = tuple(
        Row(
            (
                _id(one.id),
                number(one.version),
                Cell(one.happened_on, As.DAY),
                Cell(codes.get(one.unit, one.unit)),
                Cell(places.get(one.unit, content.identity.owner)),
                Cell(one.target),
                Cell(names.get(one.target)),
                Cell(say(RecordStatus(one.status).label)),
                Cell(say(one.reason.label)),
            )
        )
        for one in content.left_out
    )
    columns = _columns(
        ("Mã bản ghi", 68),
        ("Phiên bản", 14),
        ("Ngày", 20),
        ("Mã đơn vị", 18),
        ("Đơn vị", 36),
        ("Mã chỉ tiêu", 18),
        ("Chỉ tiêu", 70),
        ("Trạng thái", 24),
        ("Lý do", 70),
    )
    return Table(
        "Bản ghi không tính", words.LEFT_OUT_TITLE, columns, rows, words.NOTHING_LEFT_OUT, filtered=True, fixed=1
    )
