"""From the cells of a draft to a plan's content, with everything that is wrong beside its cell; and back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, TypeVar

from sqlmodel import Session, select

from data_model.core.database import columns
from data_model.core.label import Label
from data_model.core.problems import Problem, Refused, Say
from data_model.core.text import folded
from data_model.forms.fields import Form
from data_model.kinds.other import Other
from data_model.kinds.registry import all_kinds
from data_model.planning import checks
from data_model.planning.content import (
    NO_UNIT,
    ActivityContent,
    BudgetContent,
    ComponentContent,
    Note,
    PlanContent,
    UnitKey,
    in_order,
)
from data_model.planning.sheets import (
    SHEETS,
    ActivityRow,
    Cells,
    ComponentRow,
    PhasingRow,
    PlanRow,
    ReportRow,
    Sheets,
    SlipRow,
    UnitRow,
    shown,
)
from data_model.plans.quantities import exact
from data_model.plans.tables import CALENDAR, Comparator, Scope
from data_model.plans.view import Condition
from data_model.units.tables import Unit

U = columns(Unit)

BESIDE = ("note", "slip", "requirement", "window")
"""What an activity's document says beside its figure, in both languages."""
LATEST = date(2100, 12, 31)
RowForm = TypeVar("RowForm", bound=Form)
Days = tuple[date, date]
"""First and last day of the plan."""


@dataclass(frozen=True)
class Reading:
    """What a draft says. `content` is None while something forbids to issue it.

    `problems` forbid it, `doubts` may be slips; their `where` is "sheet.row.column", rows counted from 0, "sheet" for
    a whole sheet.
    """

    content: PlanContent | None
    problems: tuple[Problem, ...]
    doubts: tuple[Problem, ...] = ()


@dataclass
class _Rows(Generic[RowForm]):
    """The filled rows of one sheet, read: their numbers in the sheet and what they say."""

    numbers: list[int]
    forms: list[RowForm]


def read(session: Session, sheets: Sheets) -> Reading:
    """Read the cells of a draft. Units are looked up by their code in the plan's days."""
    problems: list[Problem] = []
    rows = {code: _read_sheet(code, sheets.get(code, []), problems) for code in SHEETS}
    head: PlanRow | None = rows["plan"].forms[0] if rows["plan"].forms else None
    if not rows["plan"].numbers:
        problems.append(Problem("plan.0.code", Say.REQUIRED))
    if len(rows["plan"].numbers) > 1:
        problems.append(Problem("plan", Say.TOO_MANY_ROWS, {"most": 1}))
    problems += _belongs(rows)
    if rows["plan"].numbers and not (rows["activities"].forms or rows["reports"].forms):
        problems.append(Problem("activities", Say.PLAN_EMPTY))
    if head is None or head.starts_on is None or head.ends_on is None:
        return Reading(None, tuple(problems))
    days = (head.starts_on, head.ends_on)
    codes = {head.owner, *(form.code for form in rows["units"].forms)} - {None}
    known = _units(session, codes)
    owner = _unit_on(known, head.owner, *days)
    if owner is None:
        problems.append(Problem("plan.0.owner", Say.UNIT_UNKNOWN, {"code": head.owner}))
    units = list(_plan_units(rows["units"], known, days, problems))
    content = None
    if owner is not None:
        content = _content(rows, head, days, _key(owner), units or [owner], problems)
        problems += [_located(problem, rows) for problem in checks.blocking(content)]
        doubts = tuple(_located(each, rows) for each in checks.doubts(content, _area(session, owner)))
        # A cell says first what could not be read in it; what follows from that is not said too.
        problems = _one_per_cell(problems)
        return Reading(None if problems else content, tuple(problems), doubts)
    return Reading(None, tuple(_one_per_cell(problems)))


def _one_per_cell(problems: Iterable[Problem]) -> list[Problem]:
    first: dict[str, Problem] = {}
    for problem in problems:
        first.setdefault(problem.where, problem)
    return list(first.values())


def _read_sheet(code: str, cells: list[Cells], problems: list[Problem]) -> _Rows[Any]:
    """Every filled row, as far as it can be read: a cell that cannot be read is empty in the form, and said."""
    found: _Rows[Any] = _Rows([], [])
    row_type = SHEETS[code].row
    for number, row in enumerate(cells):
        if not row:
            continue
        answers: dict[str, Any] = {}
        for name, column in row_type.fields.items():
            try:
                answers[name] = column.clean(row.get(name))
            except Refused as refused:
                problems += [Problem(f"{code}.{number}.{name}", p.say, p.figures) for p in refused.problems]
        found.numbers.append(number)
        found.forms.append(row_type(answers))
    return found


def _belongs(rows: dict[str, _Rows[Any]]) -> Iterator[Problem]:
    """Rows of the sheets below must name an activity that the plan has."""
    known = {form.code for form in rows["activities"].forms}
    for code in ("conditions", "rounds", "phasing"):
        for number, form in zip(rows[code].numbers, rows[code].forms, strict=True):
            if form.activity and form.activity not in known:
                yield Problem(f"{code}.{number}.activity", Say.NO_SUCH_ACTIVITY, {"code": form.activity})


def _units(session: Session, codes: Iterable[str]) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in session.exec(select(Unit).where(U.code.in_(list(codes)))):
        found.setdefault(unit.code, []).append(unit)
    return found


def _unit_on(known: dict[str, list[Unit]], code: str | None, first: date, last: date) -> Unit | None:
    """The unit that has the code on the plan's first day, else the first one that comes to have it in its days."""
    there = known.get(code or "", [])
    if standing := [unit for unit in there if unit.exists_on(first)]:
        return standing[0]
    later = [unit for unit in there if unit.valid_from and first <= unit.valid_from <= last]
    return min(later, key=lambda unit: unit.valid_from or LATEST, default=None)


def _plan_units(
    rows: _Rows[UnitRow], known: dict[str, list[Unit]], days: Days, problems: list[Problem]
) -> Iterator[Unit]:
    seen: set[int] = set()
    for number, form in zip(rows.numbers, rows.forms, strict=True):
        if form.code is None:
            continue
        if form.valid_from:
            unit = next((u for u in known.get(form.code, []) if u.valid_from == form.valid_from), None)
        else:
            unit = _unit_on(known, form.code, *days)
        if unit is None:
            problems.append(Problem(f"units.{number}.code", Say.UNIT_UNKNOWN, {"code": form.code}))
        elif unit.id in seen:
            problems.append(Problem(f"units.{number}.code", Say.CODE_TWICE, {"code": form.code}))
        else:
            seen.add(unit.id)
            yield unit


def _area(session: Session, owner: Unit) -> frozenset[str]:
    """The codes of the owner and of what lies below it, two levels deep."""
    below = list(session.exec(select(Unit).where(Unit.parent_id == owner.id)))
    further = session.exec(select(Unit).where(U.parent_id.in_([unit.id for unit in below])))
    return frozenset({owner.code} | {unit.code for unit in (*below, *further)})


def _key(unit: Unit) -> UnitKey:
    return UnitKey(unit.code, unit.valid_from)


def _label(vi: str | None, en: str | None) -> Label:
    """Without an English text the Vietnamese one stands for both."""
    return Label(vi or "", en or vi or "")


def _both(vi: str | None, en: str | None) -> dict[str, str] | None:
    return _label(vi, en)._asdict() if vi or en else None


def _note(form: Form, names: Iterable[str], section: str = "section") -> Note:
    """What stands beside a figure: section, line and as_read as text, the others in both languages."""
    note: Note = {}
    plain = {"section": form.answers.get(section), "line": form.answers.get("line"), "as_read": form.answers["as_read"]}
    note |= {name: value for name, value in plain.items() if value is not None}
    for name in names:
        if both := _both(form.answers.get(f"{name}_vi"), form.answers.get(f"{name}_en")):
            note[name] = both
    return note


def _content(
    rows: dict[str, _Rows[Any]],
    head: PlanRow,
    days: Days,
    owner: UnitKey,
    units: list[Unit],
    problems: list[Problem],
) -> PlanContent:
    document: dict[str, Any] = {
        "number": head.document_number,
        "date": head.document_date.isoformat() if head.document_date else None,
        "note": _both(head.document_note_vi, head.document_note_en),
        "source": head.source,
    }
    beside = list(map(_slip, rows["slips"].forms))
    document["left_out"] = [each for what, each in beside if what == "left_out"]
    return PlanContent(
        code=head.code or "",
        name=_label(head.name_vi, head.name_en),
        owner=owner,
        year=head.year or days[0].year,
        starts_on=days[0],
        ends_on=days[1],
        units=tuple(sorted(map(_key, units), key=in_order)),
        components=tuple(map(_component, rows["components"].forms)),
        activities=tuple(_activities(rows, units, days, problems)),
        issuer=head.issuer,
        document={name: value for name, value in document.items() if value},
        slips=tuple(each for what, each in beside if what == "slip"),
        quarter_rule=head.quarter_rule or CALENDAR,
        on_track_percent=head.on_track_percent or 90,
        slow_percent=head.slow_percent or 70,
    )


def _slip(form: SlipRow) -> tuple[str | None, dict[str, Any]]:
    plain = {"id": form.code, "section": form.section, "line": form.line, "as_read": form.as_read}
    each: dict[str, Any] = {name: value for name, value in plain.items() if value is not None}
    if name := _both(form.name_vi, form.name_en):
        each["name"] = name
    each["reason" if form.what == "left_out" else "text"] = _both(form.text_vi, form.text_en)
    return form.what, each


def _component(form: ComponentRow) -> ComponentContent:
    by_source = {
        name.removeprefix("source_"): value
        for name, value in form.answers.items()
        if name.startswith("source_") and not name.startswith("source_of_funds") and value is not None
    }
    note = _note(form, ("source_of_funds", "note", "slip"), section="budget_section")
    budget = None
    if form.budget_code or form.amount is not None or by_source or note:
        amount = form.amount if form.amount is not None or not by_source else sum(by_source.values())
        budget = BudgetContent(form.budget_code or f"KP-{form.code}"[:20], amount, by_source, note)
    reason = (form.not_carried_out_vi, form.not_carried_out_en)
    return ComponentContent(
        code=form.code or "",
        name=_label(form.name_vi, form.name_en),
        parent=form.parent,
        section=form.section,
        not_carried_out=_label(*reason) if any(reason) else None,
        budget=budget,
    )


def _places(rows: dict[str, _Rows[Any]]) -> list[tuple[str, int, ActivityRow | ReportRow]]:
    """The activities of both sheets in the plan's order: sheet, number of the row, what it says."""
    both = [
        (code, number, form)
        for code in ("activities", "reports")
        for number, form in zip(rows[code].numbers, rows[code].forms, strict=True)
    ]
    return sorted(both, key=lambda place: place[2].number if place[2].number is not None else 10**6)


def _activities(
    rows: dict[str, _Rows[Any]], units: list[Unit], days: Days, problems: list[Problem]
) -> Iterator[ActivityContent]:
    for _sheet, number, form in _places(rows):
        if isinstance(form, ReportRow):
            yield _report(form)
        else:
            yield _activity(form, rows, list(_named(form, units, days, f"activities.{number}.named_units", problems)))


def _activity(form: ActivityRow, rows: dict[str, _Rows[Any]], named: list[UnitKey]) -> ActivityContent:
    comparator = Comparator(form.comparator) if form.comparator else None
    quantity = form.quantity
    if comparator is Comparator.KEEP_ZERO and quantity is None:
        quantity = Decimal(0)
    return ActivityContent(
        code=form.code or "",
        component=form.component or "",
        name=_label(form.name_vi, form.name_en),
        scope=Scope(form.scope or Scope.WHOLE),
        part_of=form.part_of,
        kind=form.kind,
        measure=_measure(form),
        unit_of_measure=_label(form.unit_vi, form.unit_en) if form.unit_vi or form.unit_en else NO_UNIT,
        comparator=comparator,
        quantity=None if quantity is None else exact(quantity),
        named_units=tuple(sorted(set(named), key=in_order)),
        window_from=form.window_from,
        window_to=form.window_to,
        due=form.due,
        conditions=tuple(
            Condition(each.proof, each.at_least, each.at_most, _label(each.text_vi, each.text_en))
            for each in rows["conditions"].forms
            if each.activity == form.code and each.proof
        ),
        rounds=tuple(
            (each.number, _label(each.name_vi, each.name_en))
            for each in sorted(rows["rounds"].forms, key=lambda each: each.number or 0)
            if each.activity == form.code and each.number
        ),
        phases=_phases(form, rows["phasing"]),
        lead=form.lead,
        coordinating=tuple(_split(form.coordinating)),
        note=_note(form, BESIDE),
    )


def _measure(form: ActivityRow) -> str | None:
    """What is counted: several kinds call different measures by one name, so the kind decides which is meant."""
    kind, named = all_kinds().get(form.kind or ""), form.measure
    if kind is None or named is None or named in kind.measures:
        return named
    called = ActivityRow.measure.options[named]
    return next((measure for measure, label in kind.measures.items() if label.vi == called.vi), named)


def _phases(form: ActivityRow, rows: _Rows[PhasingRow]) -> dict[int, Fraction]:
    shares = next((each for each in rows.forms if each.activity == form.code), None)
    if shares is None:
        return {}
    return {q: exact(share) for q in (1, 2, 3, 4) if (share := shares.answers.get(f"q{q}")) is not None}


def _report(form: ReportRow) -> ActivityContent:
    return ActivityContent(
        code=form.code or "",
        component=form.component or "",
        name=_label(form.name_vi, form.name_en),
        scope=Scope(form.scope or Scope.WHOLE),
        kind=Other.code,
        measure="reports",
        unit_of_measure=Other.measures["reports"],
        comparator=Comparator.EXACTLY if form.quantity else None,
        quantity=Fraction(form.quantity) if form.quantity else None,
        due=form.due,
        lead=form.lead,
        note=_note(form, BESIDE),
    )


def _split(text: str | None) -> list[str]:
    pieces = (text or "").replace("\n", ";").split(";")
    return [piece for each in pieces if (piece := " ".join(each.split()))]


def _named(form: ActivityRow, units: list[Unit], days: Days, where: str, problems: list[Problem]) -> Iterator[UnitKey]:
    """The units that a cell names, by code, by name, or as both: "21472 xã Phổ Cường"."""
    standing = sorted(units, key=lambda unit: not unit.exists_on(days[0]))
    for piece in _split(form.named_units):
        words = folded(piece)
        code = piece.split(" ")[0]
        found = [unit for unit in standing if unit.code == code] or [
            unit for unit in standing if words in (folded(unit.name), folded(unit.full_name))
        ]
        if not found:
            problems.append(Problem(where, Say.UNIT_NOT_IN_PLAN, {"code": piece[:80]}))
        else:
            yield _key(found[0])


def _located(problem: Problem, rows: dict[str, _Rows[Any]]) -> Problem:
    """A problem of the content at the cell that it came from."""
    part, _, rest = problem.where.partition(".")
    at, _, name = rest.partition(".")
    if part == "head":
        return Problem(f"plan.0.{at}", problem.say, problem.figures)
    if part == "activities":
        sheet, number, form = _places(rows)[int(at)]
        name, _, quarter = name.partition(".")
        if name == "phases":
            return _beside("phasing", form, rows, f"q{quarter}" if quarter else "activity", problem)
        if name in ("conditions", "rounds"):
            return _beside(name, form, rows, "activity", problem)
        return Problem(f"{sheet}.{number}.{name}", problem.say, problem.figures)
    if part in ("components", "units") and at and int(at) < len(rows[part].numbers):
        return Problem(f"{part}.{rows[part].numbers[int(at)]}.{name}", problem.say, problem.figures)
    return Problem(part, problem.say, problem.figures)


def _beside(
    sheet: str, form: ActivityRow | ReportRow, rows: dict[str, _Rows[Any]], column: str, problem: Problem
) -> Problem:
    """A problem of an activity at its first row in a sheet that says more of it."""
    for number, each in zip(rows[sheet].numbers, rows[sheet].forms, strict=True):
        if each.activity == form.code:
            return Problem(f"{sheet}.{number}.{column}", problem.say, problem.figures)
    return Problem(sheet, problem.say, problem.figures)


def written_as_sheets(session: Session, content: PlanContent) -> Sheets:
    """The cells in which a plan is written: `read` of them gives the same content again."""
    keys = {content.owner.code, *(key.code for key in content.units)}
    known = _units(session, keys)
    named = {_key(unit): unit for units in known.values() for unit in units}
    sheets: Sheets = {code: [] for code in SHEETS}
    document = content.document
    note = document.get("note") or {}
    sheets["plan"] = [
        _cells(
            "plan",
            code=content.code,
            **_two("name", content.name),
            owner=content.owner.code,
            issuer=content.issuer,
            year=content.year,
            starts_on=content.starts_on,
            ends_on=content.ends_on,
            document_number=document.get("number"),
            document_date=date.fromisoformat(document["date"]) if document.get("date") else None,
            document_note_vi=note.get("vi"),
            document_note_en=note.get("en"),
            source=document.get("source"),
            quarter_rule=content.quarter_rule,
            on_track_percent=content.on_track_percent,
            slow_percent=content.slow_percent,
        )
    ]
    for key in content.units:
        plainly = _unit_on(known, key.code, content.starts_on, content.ends_on)
        sheets["units"].append(
            _cells(
                "units",
                code=key.code,
                name=named[key].full_name,
                valid_from=None if plainly and _key(plainly) == key else key.valid_from,
            )
        )
    sheets["components"] = [_component_cells(each) for each in content.components]
    for number, each in enumerate(content.activities, 1):
        _activity_cells(sheets, number, each, named)
    for slip in content.slips:
        sheets["slips"].append(_slip_cells("slip", slip, slip["text"]))
    for each_left in document.get("left_out", []):
        sheets["slips"].append(_slip_cells("left_out", each_left, each_left["reason"]))
    return sheets


def _cells(sheet: str, **values: Any) -> Cells:
    columns = SHEETS[sheet].columns
    written = {name: shown(columns[name], value) for name, value in values.items()}
    return {name: text for name, text in written.items() if text}


def _two(name: str, label: Label | dict[str, str] | None) -> dict[str, Any]:
    """The two cells of a text in two languages; the English one stays empty where it says nothing else."""
    if label is None:
        return {}
    vi, en = (label["vi"], label["en"]) if isinstance(label, dict) else label
    return {f"{name}_vi": vi, f"{name}_en": None if en == vi else en}


def _component_cells(each: ComponentContent) -> Cells:
    budget = each.budget or BudgetContent("")
    note = budget.note
    return _cells(
        "components",
        code=each.code,
        parent=each.parent,
        **_two("name", each.name),
        budget_code=budget.code,
        amount=budget.amount,
        section=each.section,
        **_two("not_carried_out", each.not_carried_out),
        **_two("source_of_funds", note.get("source_of_funds")),
        **_two("note", note.get("note")),
        **_two("slip", note.get("slip")),
        as_read=note.get("as_read"),
        line=note.get("line"),
        budget_section=note.get("section"),
        **{f"source_{source}": amount for source, amount in budget.by_source.items()},
    )


def _activity_cells(sheets: Sheets, number: int, each: ActivityContent, named: dict[UnitKey, Unit]) -> None:
    if _is_report(each):
        sheets["reports"].append(
            _cells(
                "reports",
                number=number,
                code=each.code,
                component=each.component,
                **_two("name", each.name),
                due=each.due,
                quantity=None if each.quantity is None else int(each.quantity),
                scope=each.scope.value,
                lead=each.lead,
                **_beside_figure(each.note),
            )
        )
        return
    sheets["activities"].append(
        _cells(
            "activities",
            number=number,
            code=each.code,
            component=each.component,
            part_of=each.part_of,
            **_two("name", each.name),
            kind=each.kind,
            measure=each.measure,
            **_two("unit", each.unit_of_measure),
            comparator=each.comparator.value if each.comparator else None,
            quantity=each.quantity,
            scope=each.scope.value,
            named_units="; ".join(f"{key.code} {named[key].full_name}" for key in each.named_units),
            window_from=each.window_from,
            window_to=each.window_to,
            due=each.due,
            lead=each.lead,
            coordinating="; ".join(each.coordinating),
            **_beside_figure(each.note),
        )
    )
    for condition in each.conditions:
        sheets["conditions"].append(
            _cells(
                "conditions",
                activity=each.code,
                proof=condition.proof,
                at_least=condition.at_least,
                at_most=condition.at_most,
                **_two("text", condition.text),
            )
        )
    for round_number, name in each.rounds:
        sheets["rounds"].append(_cells("rounds", activity=each.code, number=round_number, **_two("name", name)))
    if each.phases:
        shares = {f"q{quarter}": share for quarter, share in each.phases.items()}
        sheets["phasing"].append(_cells("phasing", activity=each.code, **shares))


def _beside_figure(note: Note) -> dict[str, Any]:
    plain = {name: note.get(name) for name in ("as_read", "section", "line")}
    return plain | {cell: text for name in BESIDE for cell, text in _two(name, note.get(name)).items()}


def _is_report(each: ActivityContent) -> bool:
    """Whether the short row of the sheet of report deadlines says everything of it."""
    kind = all_kinds().get(each.kind or "")
    whole = each.quantity is None or (each.comparator is Comparator.EXACTLY and each.quantity.denominator == 1)
    return (
        kind is Other
        and each.measure in kind.report_measures
        and whole
        and (each.quantity is None or each.quantity >= 1)
        and (each.quantity is None) == (each.comparator is None)
        and each.unit_of_measure == Other.measures["reports"]
        and each.scope is not Scope.NAMED_UNITS
        and not (each.part_of or each.conditions or each.rounds or each.phases or each.coordinating)
        and not (each.window_from or each.window_to)
    )


def _slip_cells(what: str, each: dict[str, Any], text: dict[str, str]) -> Cells:
    return _cells(
        "slips",
        what=what,
        code=each.get("id"),
        section=each.get("section"),
        line=each.get("line"),
        as_read=each.get("as_read"),
        **_two("name", each.get("name")),
        **_two("text", text),
    )
