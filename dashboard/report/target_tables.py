"""The tables of a report's targets: the plan's lines one by one, and what each commune did of them."""

from collections.abc import Sequence
from fractions import Fraction

from dashboard.i18n.words import say
from dashboard.progress.planned_words import coverage
from dashboard.report import words
from dashboard.report.parts import MISSING, As, Cell, Column, Row, Table
from dashboard.ui.status_look import HAPPENED, LOOKS, look_of_share
from data_model.counting.rules import TargetStatus
from data_model.snapshots.content import CellContent, SnapshotContent, TargetContent, UnitContent

KEEPS_REPORTED = 3
"""The schema from which contents hold the reported value of a measured target."""
MOST_COMMUNES = 20
"""Columns of the matrix that stand side by side on a landscape page."""
MOST_LETTERS = 40
"""Of a commune's name above its column."""


def number(value, missing: str = MISSING) -> Cell:
    """A number, or what is missing."""
    return Cell(value, As.NUMBER, missing)


def share(value: Fraction | None) -> Cell:
    """A share of 1, shown as percent."""
    return Cell(value, As.SHARE)


def status_cell(target: TargetContent) -> Cell:
    """Shape and word on the status's colour."""
    look = LOOKS[target.status]
    return Cell(f"{look.shape} {say(target.status.label)}", fill=look.colour, ink=look.ink)


def target_table(content: SnapshotContent) -> Table:
    """Every line of the plan with its figures, under its component, with what the leader typed."""
    names = dict(content.components)
    rows: list[Row] = []
    shown = None
    for target in content.targets:
        if target.component != shown:
            shown = target.component
            rows.append(
                Row((Cell(f"{shown}. {say(names[shown])}" if shown in names else shown),), strong=True, heading=True)
            )
        rows.append(_target_row(content, target))
    columns = (
        ("Mã", 14),
        ("Nội dung chỉ tiêu", 46),
        ("ĐVT", 15),
        ("Kế hoạch năm", 16),
        ("KH luỹ kế đến kỳ", 16),
        ("Nguồn KH luỹ kế", 19),
        ("Trong kỳ (xác nhận)", 17),
        ("Luỹ kế (xác nhận)", 17),
        ("Luỹ kế (báo cáo)", 17),
        ("% kế hoạch năm", 15),
        ("% KH luỹ kế", 14),
        ("Tình trạng", 21),
        ("Nguyên nhân", 27),
        ("Biện pháp", 27),
    )
    return Table(
        words.TARGETS_SHEET,
        words.TARGETS_TITLE,
        tuple(Column(title, width) for title, width in columns),
        tuple(rows),
        words.NO_TARGETS,
        notes=words.TARGETS_NOTES,
        small=True,
        fixed=2,
    )


def short_table(content: SnapshotContent) -> Table:
    """The numbered targets with what a reader asks first, parts below their whole; the rest stands in the annex."""
    numbered = [target for target in content.targets if target.need is not None]
    columns = (
        ("Chỉ tiêu", 62),
        ("ĐVT", 18),
        ("Kế hoạch năm", 18),
        ("Đã làm (xác nhận)", 20),
        ("Báo cáo", 17),
        ("Tỷ lệ", 14),
        ("Tình trạng", 24),
    )
    return Table(
        words.SHORT_SHEET,
        words.SHORT_TITLE,
        tuple(Column(title, width) for title, width in columns),
        tuple(_short_row(content, target) for target in numbered),
        words.NO_SHORT,
        small=True,
    )


def _short_row(content: SnapshotContent, target: TargetContent) -> Row:
    _in_period, verified, reported = _done(content, target)
    return Row(
        (
            Cell(name(target)),
            Cell(measure(content, target)),
            number(target.need),
            verified,
            reported,
            share(target.percent),
            status_cell(target),
        )
    )


def measure(content: SnapshotContent, target: TargetContent) -> str:
    """What the target's figures count: its unit of measure, or visits to communes where rounds are visited."""
    rounds = {one.target for one in content.rounds}
    parts = {one.code for one in content.targets if one.part_of == target.code}
    return words.VISITS if target.code in rounds or parts & rounds else say(target.unit_of_measure)


def _target_row(content: SnapshotContent, target: TargetContent) -> Row:
    planned_missing = words.NOT_PHASED if target.need is not None and not target.is_measured else MISSING
    return Row(
        (
            Cell(target.code),
            Cell(name(target)),
            Cell(measure(content, target)),
            number(target.need, words.NO_NUMBER),
            number(target.planned, planned_missing),
            Cell(words.ORIGINS[target.planned_origin]),
            *_done(content, target),
            share(target.percent),
            share(target.percent_of_planned),
            status_cell(target),
            Cell(target.cause),
            Cell(target.measure),
        )
    )


def _done(content: SnapshotContent, target: TargetContent) -> tuple[Cell, Cell, Cell]:
    """Verified in the period, verified and reported in all; of a measured target the latest values, which belong to no
    period.
    """
    if not target.is_measured:
        return number(target.done_in_period.verified), number(target.done.verified), number(target.done.reported)
    reported = (
        number(target.measured_reported, words.NO_DATA) if content.identity.schema >= KEEPS_REPORTED else number(None)
    )
    return number(None), measured(target), reported


def measured(target: TargetContent) -> Cell:
    """The verified value of a measured target; what is missing stands in its place, or with the target's name."""
    missing = coverage(target)
    return number(target.measured, f"{words.NO_DATA} ({missing})" if missing else words.NO_DATA)


def name(target: TargetContent) -> str:
    """A target's name, with what its value lacks."""
    missing = coverage(target) if target.measured is not None else ""
    return f"{say(target.name)} ({missing})" if missing else say(target.name)


def matrix(content: SnapshotContent, units: Sequence[UnitContent] | None = None) -> Table:
    """Targets by commune, with the communes' means below: "done of due" where something is due, a dash where nothing
    is.
    """
    units = content.units if units is None else units
    inside = {unit.key for unit in units}
    targets = [
        target for target in content.targets if inside.intersection(target.due_in) or inside.intersection(target.cells)
    ]
    rows = [
        Row((Cell(target.code), Cell(say(target.name)), *(_matrix_cell(target, unit) for unit in units)))
        for target in targets
    ]
    if any(unit.mean is not None for unit in units):
        rows.append(
            Row(
                (Cell(None, missing=""), Cell(words.MEAN_OF_COMMUNE), *(_mean_cell(unit) for unit in units)),
                strong=True,
            )
        )
        rows.append(
            Row((Cell(None, missing=""), Cell(words.RESTS_ON), *(number(unit.rests_on) for unit in units)), strong=True)
        )
    columns = (
        Column("Mã", 14),
        Column("Chỉ tiêu", 58),
        *(Column(_short(unit.name), 10, upright=True, centred=True) for unit in units),
    )
    return Table(
        words.MATRIX_SHEET,
        words.MATRIX_TITLE,
        columns,
        tuple(rows),
        words.NO_MATRIX,
        notes=words.MATRIX_NOTES,
        small=True,
        fixed=2,
    )


def _short(name: str) -> str:
    """A name that leaves room for the rows below it."""
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1].rstrip()}…"


def _mean_cell(unit: UnitContent) -> Cell:
    if unit.mean is None:
        return share(None)
    look = look_of_share(unit.mean)
    return Cell(unit.mean, As.SHARE, fill=look.colour, ink=look.ink)


def _matrix_cell(target: TargetContent, unit: UnitContent) -> Cell:
    cell = target.cells.get(unit.key)
    if cell is None:
        return number(None)
    if target.is_measured:
        return number(cell.value, "?")
    if cell.need:
        return _of_need(target, cell)
    if cell.happened:
        return Cell(cell.happened, As.NUMBER, fill=HAPPENED.colour, ink=HAPPENED.ink)
    return number(None)


def _of_need(target: TargetContent, cell: CellContent) -> Cell:
    done = Fraction(cell.done.verified) / cell.need
    # Nothing is missing before its time.
    look = LOOKS[TargetStatus.NOT_DUE] if target.status is TargetStatus.NOT_DUE and done < 1 else look_of_share(done)
    return Cell(cell.done.verified, As.NUMBER, fill=look.colour, ink=look.ink, of=cell.need)
