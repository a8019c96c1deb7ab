"""Every target of a plan, by component: planned, to date, done, percent, status, with money beside the component."""

from html import escape

from dashboard.i18n.words import _, _n, day, money, number, percent, say
from dashboard.progress import planned_words
from dashboard.progress.headline import status_chip
from dashboard.ui.figure_table import Cell, button, row, table, text
from dashboard.ui.status_look import LOOKS
from data_model.core.label import Label
from data_model.counting.rules import PlanProgress, TargetProgress
from data_model.plans.tables import Component
from data_model.plans.view import Line, PlanView
from data_model.progress.component_money import MoneyAt

SLIP = "(*)"
"""Stands beside a figure whose source has a slip."""


def target_table(progress: PlanProgress, paid: dict[int, MoneyAt]) -> str:
    """HTML of the whole table, and below it what is wrong in the plan's document itself."""
    labels = [_("Target"), _("Planned"), _("Planned to date"), _("Done"), _("Percent"), _("Status")]
    rows: list[str] = []
    for component in _in_order(progress.plan):
        rows.append(_component(progress.plan, component, paid.get(component.id), len(labels)))
        rows += [_target(progress.plan, target, labels) for target in _targets_of(progress, component)]
    return table(_("Targets by component"), labels, rows) + _document_slips(progress.plan)


def _in_order(plan: PlanView, parent: int | None = None) -> list[Component]:
    """Components, each followed by those below it."""
    return [c for top in plan.components if top.parent_id == parent for c in (top, *_in_order(plan, top.id))]


def _targets_of(progress: PlanProgress, component: Component) -> list[TargetProgress]:
    """The component's targets, each whole followed by its parts."""
    leading = [t for t in progress.targets if t.line.component_id == component.id and t.line.part_of_id is None]
    return [t for whole in leading for t in (whole, *(progress.by_activity[p] for p in whole.line.part_ids))]


def _component(plan: PlanView, component: Component, at: MoneyAt | None, columns: int) -> str:
    said = f'<div class="name">{escape(say(component.name))}</div>'
    if component.not_carried_out:
        why = _("Not carried out: {reason}", reason=both(component.not_carried_out))
        said += f'<div class="reason">{escape(why)}</div>'
    elif at is not None:
        said += (
            f'<div class="money quiet">{"".join(f"<span>{part}</span>" for part in _money(plan, component, at))}</div>'
        )
    if slip := _slip(plan.budgets[component.id].source_note) if component.id in plan.budgets else "":
        said += f'<div class="quiet">{SLIP} {escape(slip)}</div>'
    style = "component under" if component.parent_id else "component"
    return f'<tr role="row" class="{style}"><th role="rowheader" scope="rowgroup" colspan="{columns}">{said}</th></tr>'


def _money(plan: PlanView, component: Component, at: MoneyAt) -> list[str]:
    """Budget and payments in HTML parts. What the parts of a component have is said, never added to its own."""
    if at.budget is None and at.parts is None and not at.paid.reported and component.id not in plan.budgets:
        return []
    said = [_("Budget {amount}", amount=money(at.budget)) if at.budget is not None else _("the plan names no amount")]
    if at.parts is not None:
        said.append(_("its parts add up to {amount}", amount=money(at.parts)))
    paid = _(
        "paid {verified} (reported {reported})", verified=money(at.paid.verified), reported=money(at.paid.reported)
    )
    if at.share_paid is not None:
        paid += f" · {percent(at.share_paid)}"
    parts = [escape(part) for part in said]
    payments = next((line.code for line in plan.lines if line.is_money and line.component_id == component.id), None)
    if at.paid.reported and payments:
        parts.append(
            button(
                {"activity": payments},
                f"{escape(paid)} ›",
                _("Payments of {name}: {paid}", name=say(component.name), paid=paid),
            )
        )
    else:
        parts.append(escape(paid))
    return parts


def _target(plan: PlanView, target: TargetProgress, labels: list[str]) -> str:
    cells = [
        Cell(_name(plan, target)),
        Cell(_planned(plan, target)),
        text(planned_words.planned_to_date(target), _empty(target)),
        Cell(_done(target)),
        Cell(_percent(target), "empty" if target.percent is None else ""),
        Cell(status_chip(target.status), "status"),
    ]
    return row(cells, labels, "part" if target.line.part_of_id else "target")


def _empty(target: TargetProgress) -> str:
    # On a phone a card leaves out what the plan does not ask.
    return "empty" if target.need is None or target.line.is_measured else ""


def _name(plan: PlanView, target: TargetProgress) -> str:
    name, source = escape(say(target.line.name)), source_lines(target.line)
    if differs := planned_words.differs(plan, target.line):
        source.append((differs, True))
    if not source:
        return name
    items = "".join(f'<li class="{"slip" if is_slip else ""}">{escape(said)}</li>' for said, is_slip in source)
    return f'<details><summary>{name}</summary><ul class="source quiet">{items}</ul></details>'


def source_lines(line: Line) -> list[tuple[str, bool]]:
    """Where the figure comes from, as read, with slips (True) and notes beside it."""
    note, said = line.source_note, []
    where = f"{line.code} · {note['section']}" if note.get("section") else line.code
    said.append((f"{where}: {note['as_read']}" if note.get("as_read") else where, False))
    if slip := _slip(note):
        said.append((_("slip of the source: {said}", said=slip), True))
    for key, label in (
        ("note", _("note: {said}")),
        ("requirement", _("the plan asks: {said}")),
        ("window", _("time: {said}")),
    ):
        if note.get(key):
            said.append((label.format(said=both(note[key])), False))
    said += [(say(condition.text), False) for condition in line.conditions]
    if line.due:
        said.append((_("due {day}", day=day(line.due)), False))
    if line.lead:
        said.append((_("lead: {name}", name=line.lead), False))
    return said


def _slip(note: dict) -> str:
    return both(note["slip"]) if note.get("slip") else ""


def both(text_in_both: dict[str, str] | str) -> str:
    """A text of the plan's file, kept in both languages or as it stands there."""
    return text_in_both if isinstance(text_in_both, str) else say(Label(text_in_both["vi"], text_in_both["en"]))


def _planned(plan: PlanView, target: TargetProgress) -> str:
    wrong = "; ".join(
        said for said in (_slip(target.line.source_note), planned_words.differs(plan, target.line)) if said
    )
    return escape(planned_words.planned(target)) + (f' <span title="{escape(wrong)}">{SLIP}</span>' if wrong else "")


def _done(target: TargetProgress) -> str:
    verified, reported = planned_words.done(target)
    lacks = target.line.is_measured and (target.measured is None or target.measured[0] is None)
    said = f'<span class="{"quiet" if lacks else "strong"}">{escape(verified)}</span>'
    if measure := planned_words.measure_done(target):
        said += f" {escape(measure)}"
    told = [_("reported {figure}", figure=reported)] if reported else []
    records = int(target.happened.reported) + target.running
    if records:
        told.append(_("records") + " ›")
    if told:
        said += f'<br><span class="quiet">{escape(" · ".join(told))}</span>'
    if records:
        said = button({"activity": target.line.code}, said, _("Records of {name}", name=say(target.line.name)))
    notes = [
        n
        for n in (
            (
                _n("{count} record fails a condition", "{count} records fail a condition", target.unmet)
                if target.unmet
                else ""
            ),
            _("{count} running", count=target.running) if target.running else "",
            (
                _(
                    "{done} of {rounds} rounds complete",
                    done=target.rounds_done.verified,
                    rounds=number(target.rounds_due),
                )
                if target.rounds_done
                else ""
            ),
        )
        if n
    ]
    return said + "".join(f'<div class="quiet">{escape(n)}</div>' for n in notes)


def _percent(target: TargetProgress) -> str:
    if target.percent is None:
        return "–"
    colour = LOOKS[target.status].colour
    bars = "".join(
        f'<i class="{name}" style="width:{min(int(share * 100), 100)}%;background:{colour}"></i>'
        for name, share in (("reported", target.percent_reported), ("verified", target.percent))
        if share is not None
    )
    return f'<span class="strong">{escape(percent(target.percent))}</span><div class="bar">{bars}</div>'


def _document_slips(plan: PlanView) -> str:
    if not plan.slips:
        return ""
    items = "".join(f"<li>{escape(_slip_line(slip))}</li>" for slip in plan.slips)
    title = _("Slips of the plan's document ({count})", count=len(plan.slips))
    return f'<details><summary>{escape(title)}</summary><ul class="source quiet">{items}</ul></details>'


def _slip_line(slip: dict) -> str:
    read = f" “{slip['as_read']}”" if slip.get("as_read") else ""
    return f"{slip['section']}:{read} {both(slip['text'])}"
