"""The tabs of the progress page, each built only when it is chosen."""

from collections.abc import Sequence
from datetime import date
from html import escape

import plotly.graph_objects as go
import streamlit as st

from dashboard.i18n.words import _, _n, day, number, plain, say
from dashboard.progress import charts
from dashboard.progress.figures import Figures, Key
from dashboard.progress.headline import status_chip
from dashboard.progress.planned_words import planned
from dashboard.progress.target_table import target_table
from dashboard.progress.unit_choice import in_chosen_units
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.ui import figure_table
from dashboard.ui.figure_table import Cell, button, row, table, text
from dashboard.ui.navigation import go as go_to
from data_model.core.access import Actor
from data_model.counting.by_quarter import QuarterEnd, by_quarter
from data_model.counting.rules import PlanProgress, TargetProgress
from data_model.forms.fields import People
from data_model.kinds.registry import all_kinds
from data_model.plans.view import Line
from data_model.progress.figures import attendance
from data_model.progress.unmet import UnmetRow, unmet_records
from data_model.records.listing import left_over_records
from data_model.records.tables import RecordStatus

MOST_UNMET = 200
MOST_LEFT_OVER = 200


def targets(actor: Actor, figures: Figures) -> None:
    """Every target, by component."""
    _tapped(figures, figure_table.show(_target_table(figures.key, figures), "targets-table"))
    if figures.progress.left_over:
        _left_over(actor, figures.progress)


def _left_over(actor: Actor, progress: PlanProgress) -> None:
    """Records of what the corrected plan no longer has: they count nothing and are listed here until somebody
    decides.
    """
    plan = progress.plan
    with database().reading() as session:
        rows = left_over_records(session, actor, plan, MOST_LEFT_OVER)
    said = _n(
        "Left over from the plan before it was corrected: {count} record",
        "Left over from the plan before it was corrected: {count} records",
        progress.left_over,
    )
    st.markdown(f"**{said}**")
    st.caption(
        _("Their activity, round or place is no longer in the plan. They count nothing, and nothing of them is lost.")
    )
    labels = [_("Activity"), _("Commune"), _("Day"), _("Record")]
    html = [
        row(
            [
                text(say(plan.line_by_activity[one.activity_id].name)),
                text(plan.unit_by_id[one.unit_id].full_name),
                text(day(one.happened_on)),
                Cell(button({"record": str(one.id)}, f"{escape(_('Open'))} ›", _("Open the record"))),
            ],
            labels,
        )
        for one in rows
    ]
    opens = figure_table.show(table(_("Records left over"), labels, html), "left-over-table")
    if opens:
        go_to("xem", record=opens["record"])


@st.cache_data(show_spinner=False, max_entries=50)
def _target_table(key: Key, _figures: Figures) -> str:
    return target_table(_figures.progress, _figures.money)


def chart(actor: Actor, figures: Figures) -> None:
    """A bullet for every numbered target."""
    numbered = [t for t in figures.progress.targets if t.need is not None]
    left_out = len(figures.progress.targets) - len(numbered)
    if not numbered:
        st.info(
            _(
                "This plan gives no numbers, so there is nothing to draw. “{view}” shows what was done.",
                view=_("Targets"),
            ),
            icon=":material/info:",
        )
        return
    said = _("Bar: verified. Lighter bar: reported. White diamond: planned to date. Upright line: 100 %.")
    if left_out:
        said += " " + _n(
            "{count} target without a number is not drawn.", "{count} targets without a number are not drawn.", left_out
        )
    _above(figures, said, [({"activity": t.line.code}, say(t.line.name)) for t in numbered], "chart")
    _draw(
        _bullets(figures.key, ink(), numbered),
        _("Percent done of every numbered target, until {day}", day=day(figures.progress.as_of)),
    )


# Figures are drawn as they are kept, never changed: no copy for every visitor.
@st.cache_resource(show_spinner=False, max_entries=50)
def _bullets(key: Key, ink: str, _targets: Sequence[TargetProgress]) -> go.Figure:
    return charts.bullets(_targets, ink)


def quarters(actor: Actor, figures: Figures) -> None:
    """One target, cumulative, against its phasing."""
    progress = figures.progress
    choice = {t.line.code: t for t in sorted(progress.targets, key=lambda t: t.need is None) if not t.line.is_measured}
    if not choice:
        st.info(_("This plan has only measured targets; they do not add up by quarter."), icon=":material/info:")
        return
    code = st.selectbox(
        _("Target"), list(choice), format_func=lambda c: say(choice[c].line.name), key=f"quarters-{progress.plan.code}"
    )
    target = choice[code]
    ends = by_quarter(progress, target)
    _draw(_quarters(figures.key, ink(), code, ends, target), _("Cumulative done by quarter"))
    _tapped(figures, figure_table.show(_quarter_table(progress, target, ends), "quarters-table"))


def _quarter_table(progress: PlanProgress, target: TargetProgress, ends: list[QuarterEnd]) -> str:
    """Status, plan and figures by quarter: one element, so that choosing another target stays quick."""
    notes = [_("planned: {said}", said=planned(target))]
    if target.need is None:
        notes.append(_("The plan gives no number: what was done is shown, without a plan line."))
    elif ends[0].planned is None:
        notes.append(
            _(
                "Not phased yet: there is no planned-to-date to compare with. A leader enters it on “{page}”.",
                page=_("Phasing"),
            )
        )
    labels = [_("Until the end of"), _("Planned"), _("Verified"), _("Reported")]
    rows = [
        row(
            [
                text(_quarter(e, progress.as_of)),
                text(number(e.planned), "number"),
                text(number(e.done and e.done.verified), "number"),
                text(number(e.done and e.done.reported), "number"),
            ],
            labels,
        )
        for e in ends
    ]
    open_it = button(
        {"activity": target.line.code},
        f"{escape(_('See the records'))} ›",
        _("Records of {name}", name=say(target.line.name)),
    )
    return (
        f"<p>{status_chip(target.status)} &nbsp;{escape(' · '.join(notes))}</p>"
        f"{table(_('Cumulative done by quarter'), labels, rows, frozenset({1, 2, 3}), cards=False)}<p>{open_it}</p>"
    )


def _quarter(end: QuarterEnd, as_of: date) -> str:
    said = f"{charts.quarter_name(end)} ({day(end.ends_on)})" if end.by_calendar else charts.quarter_name(end)
    return _("{quarter}, under way", quarter=said) if end.done is not None and as_of < end.ends_on else said


@st.cache_resource(show_spinner=False, max_entries=200)
def _quarters(key: Key, ink: str, code: str, _ends: list, _target: TargetProgress) -> go.Figure:
    return charts.quarters(_ends, _target.need, ink)


def communes(actor: Actor, figures: Figures) -> None:
    """Commune by target, by the units of their time or by today's."""
    now = in_chosen_units(figures.progress, figures.key, "progress")
    progress = figures.progress if now is None else now.progress
    due = [t for t in progress.targets if t.line.unit_ids and t.line.part_of_id is None]
    numbered = [t for t in due if t.line.need is not None]
    if not due:
        st.info(
            _("This plan puts no target into single communes. “{view}” shows what was done in all.", view=_("Targets")),
            icon=":material/info:",
        )
        return
    shown = numbered or due
    if numbered and len(due) > len(numbered) and st.toggle(_("Also targets without a number"), key="heat_all"):
        shown = due
    # Records keep the unit of their day: by today's units none are offered.
    units = charts.heat_units(progress, shown) if now is None else []
    said = _(
        "Verified of what is due in each commune; blank: not due there. In brackets: on how many targets the mean"
        " rests."
    )
    _above(figures, said, [({"unit": unit.id}, unit.full_name) for unit in units], "communes")
    _draw(
        _heat((*figures.key, now is not None), ink(), tuple(t.line.code for t in shown), progress, shown),
        _("Communes by target, until {day}", day=day(progress.as_of)),
    )


@st.cache_resource(show_spinner=False, max_entries=50)
def _heat(
    key: Key, ink: str, codes: tuple[str, ...], _progress: PlanProgress, _targets: Sequence[TargetProgress]
) -> go.Figure:
    return charts.heat(_progress, _targets, ink)


def conditions(actor: Actor, figures: Figures) -> None:
    """Records that count and yet fail a condition."""
    plan = figures.progress.plan
    rows, records, html = _unmet_table(figures.key, actor, figures)
    if not rows:
        asked = any(line.conditions for line in plan.lines)
        st.info(
            (
                _("Every record that counts meets its conditions.")
                if asked
                else _("The plan sets no condition that records can prove.")
            ),
            icon=":material/rule:",
        )
        return
    st.markdown(
        _("{count} conditions are not met by {records} records. They count all the same.", count=rows, records=records)
    )
    if rows > MOST_UNMET:
        st.caption(_("The latest {shown} of {total} are listed.", shown=MOST_UNMET, total=rows))
    _tapped(figures, figure_table.show(html, "conditions-table"))


@st.cache_data(show_spinner=False, max_entries=50)
def _unmet_table(key: Key, _actor: Actor, _figures: Figures) -> tuple[int, int, str]:
    """How many conditions are not met, by how many records, and the table of the latest."""
    with database().reading() as session:
        rows = unmet_records(session, _actor, _figures.progress.plan.id, _figures.progress.as_of)
    labels = [_("Target"), _("Commune"), _("Day"), _("Condition"), _("Found"), _("Record")]
    html = table(_("Conditions not met"), labels, [_unmet(_figures, one, labels) for one in rows[:MOST_UNMET]])
    return len(rows), len({one.record_id for one in rows}), html


def _unmet(figures: Figures, one: UnmetRow, labels: list[str]) -> str:
    plan = figures.progress.plan
    line = plan.line_by_activity[one.activity_id]
    proof = all_kinds()[line.kind].proofs.get(one.condition.proof) if line.kind else None
    found = _("not collected") if one.figure is None else number(one.figure)
    said = f"{say(proof)}: {found}" if proof else found
    status = RecordStatus.VERIFIED if one.verified else RecordStatus.SENT
    open_it = button(
        {"record": str(one.record_id)},
        f"{text(say(status.label)).html} ›",
        _("Open the record of {day}", day=day(one.happened_on)),
    )
    return row(
        [
            text(say(line.name)),
            text(plan.unit_by_id[one.unit_id].full_name),
            text(day(one.happened_on)),
            text(say(one.condition.text)),
            text(said),
            Cell(open_it),
        ],
        labels,
    )


def people(actor: Actor, figures: Figures) -> None:
    """Who took part, by activity; what was not collected says so."""
    html, uncounted = _people_table(figures.key, actor, figures)
    if not html and not uncounted:
        st.info(_("No record that asks who took part yet."), icon=":material/groups:")
        return
    if html:
        _tapped(figures, figure_table.show(html, "people-table"))
    if uncounted:
        st.caption(plain(_("Nobody was counted in: {names}.", names="; ".join(uncounted))))
    st.caption(
        _(
            "Sums over verified and reported records, of those that collected the figure. A person who came twice"
            " counts twice."
        )
    )


@st.cache_data(show_spinner=False, max_entries=50)
def _people_table(key: Key, _actor: Actor, _figures: Figures) -> tuple[str, list[str]]:
    """The table of the activities where somebody was counted (empty: in none), and the names of those where nobody
    was.
    """
    plan = _figures.progress.plan
    with database().reading() as session:
        counted = attendance(session, _actor, plan.id, _figures.progress.as_of)
    asked = [line for line in plan.target_lines if line.activity_id in counted and _asks_people(line)]
    names = list(People.fields)
    labels = [_("Activity"), *(say(People.fields[name].label) for name in names)]
    rows = [
        row(
            [
                Cell(_name_button(line)),
                *(
                    text(
                        _("not collected") if (n := counted[line.activity_id][name]) is None else number(n),
                        "number quiet" if n is None else "number",
                    )
                    for name in names
                ),
            ],
            labels,
        )
        for line in asked
        if counted[line.activity_id]["total"] is not None
    ]
    html = table(_("Participants by activity"), labels, rows, frozenset(range(1, len(labels)))) if rows else ""
    return html, [say(line.name) for line in asked if counted[line.activity_id]["total"] is None]


def _name_button(line: Line) -> str:
    return button({"activity": line.code}, f"{escape(say(line.name))} ›", _("Records of {name}", name=say(line.name)))


def _asks_people(line: Line) -> bool:
    return bool(line.kind) and "attendance" in all_kinds()[line.kind].fields


def ink() -> str:
    """The colour of text upon the page in the theme in use."""
    return charts.INKS["dark" if st.context.theme.type == "dark" else "light"]


def _draw(figure: go.Figure, alt: str) -> None:
    # No selection by tapping: Streamlit then makes the chart hold on to a finger that only wants to scroll.
    st.plotly_chart(figure, config=charts.CONFIG, alt=alt, theme=None)


def _above(figures: Figures, said: str, ways: Sequence[tuple[dict, str]], where: str) -> None:
    """How to read the chart, and the way to the records behind each of its rows: one element, so that a change of view
    stays quick.
    """
    html = f'<p class="quiet">{escape(said)}</p>'
    if ways:
        buttons = " ".join(
            button(opens, f"{escape(name)} ›", _("Records of {name}", name=name)) for opens, name in ways
        )
        html += f'<details><summary>{escape(_("See the records"))}</summary><div class="ways">{buttons}</div></details>'
    _tapped(figures, figure_table.show(html, f"{where}-above"))


def _tapped(figures: Figures, opens: dict | None) -> None:
    """Go to what was tapped in a table: one record, or the records of a line or a commune."""
    if opens and "record" in opens:
        go_to(addresses.RECORD, record=opens["record"])
    elif opens:
        go_to(
            addresses.RECORDS, plan=figures.progress.plan.code, activity=opens.get("activity"), unit=opens.get("unit")
        )
