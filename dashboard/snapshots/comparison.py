"""So sánh: two snapshots beside each other: what moved, what was restated, by which records; and a figure over the
year.
"""

from html import escape

import streamlit as st

from dashboard.i18n.words import _, money, number, percent, say
from dashboard.progress.headline import status_chip
from dashboard.server import addresses
from dashboard.server.addresses import row_number
from dashboard.server.database import database
from dashboard.snapshots import figure_tables, tabs
from dashboard.snapshots.period_tabs import version_name
from dashboard.ui import figure_table
from dashboard.ui.figure_table import Cell, button, row, table, text
from dashboard.ui.frame import choose_plan, heading
from dashboard.ui.navigation import ask
from data_model.core.access import Actor
from data_model.counting.rules import Pair
from data_model.periods.tables import SnapshotStatus
from data_model.plans.view import PlanView
from data_model.snapshots.comparison import Comparison, Moved, compare
from data_model.snapshots.reading import Head, heads


def draw(actor: Actor) -> None:
    """Which two, then what is different."""
    heading(_("Compare two snapshots"), _("A quarter with a quarter, or a version with the one that it replaces."))
    plan = choose_plan(actor)
    st.page_link(
        st.session_state["pages"][addresses.SNAPSHOTS],
        label=_("All periods"),
        icon=":material/arrow_back:",
        query_params={"plan": plan.code},
    )
    with database().reading() as session:
        known = {
            head.id: head for head in heads(session, actor, plan.id) if head.status is not SnapshotStatus.DISCARDED
        }
    if len(known) < 2:
        st.info(
            _("Two snapshots are needed. Freeze a second period, or a new version of one."),
            icon=":material/compare_arrows:",
        )
        return
    first, second = _choose(plan, known)
    if first == second:
        st.info(_("Choose two different snapshots."), icon=":material/compare_arrows:")
        return
    with database().reading() as session:
        found = compare(session, actor, first, second)
    _moved(found)
    _records(found)
    st.markdown(f"**{_('Over the year, as the later one has it')}**")
    tabs.year_lines(found.second)


def _choose(plan: PlanView, known: dict[int, Head]) -> tuple[int, int]:
    ids = list(known)
    second = _asked("second", ids) or ids[0]
    first = _asked("first", ids) or _before(known, second)
    named = {i: f"{say(head.period.label)} · {version_name(head)}" for i, head in known.items()}
    left, right = st.columns(2)
    with left:
        one = st.selectbox(
            _("Earlier"),
            ids,
            index=ids.index(first),
            format_func=named.__getitem__,
            key=f"compare-first-{plan.id}-{first}",
        )
    with right:
        other = st.selectbox(
            _("Later"),
            ids,
            index=ids.index(second),
            format_func=named.__getitem__,
            key=f"compare-second-{plan.id}-{second}",
        )
    return one, other


def _asked(name: str, ids: list[int]) -> int | None:
    asked = row_number(st.query_params.get(name))
    return asked if asked in ids else None


def _before(known: dict[int, Head], second: int) -> int:
    """What a person most likely compares it with: the version before, else the latest other one of an earlier
    period.
    """
    head = known[second]
    same = [h for h in known.values() if h.period is head.period and h.version < head.version]
    earlier = [h for h in known.values() if h.ends_on < head.ends_on]
    others = [h for h in known.values() if h.id != second]
    return max(same or earlier or others, key=lambda h: (h.ends_on, h.version)).id


def _moved(found: Comparison) -> None:
    st.markdown(f"**{_('What moved')}**")
    every = st.toggle(_("Also targets that did not move"), key="compare-all")
    shown = [m for m in found.targets if every or _has_moved(m)]
    if not shown:
        st.info(_("No target has moved between the two."), icon=":material/equal:")
    else:
        labels = [_("Target"), _("Earlier"), _("Later"), _("Difference"), _("Of it restated"), _("Status")]
        html = table(
            _("Targets of both snapshots"), labels, [row(_target(m), labels) for m in shown], frozenset({1, 2, 3, 4})
        )
        opens = figure_table.show(html, "compare-targets")
        if opens:
            ask(restated=opens["target"])
    before, after = found.paid
    if before != after:
        st.markdown(
            _("Payments, verified: {before} → {after}", before=money(before.verified), after=money(after.verified))
        )
    st.caption(_("“Restated” is the part of the difference on days that the earlier one had counted already."))


def _has_moved(one: Moved) -> bool:
    return (
        one.before != one.after or one.status_before is not one.status_after or one.percent_before != one.percent_after
    )


def _target(one: Moved) -> list[Cell]:
    restated = one.restated if one.restated is not None and (one.restated.verified or one.restated.reported) else None
    status = status_chip(one.status_after) if one.status_after else "–"
    if one.status_before and one.status_before is not one.status_after:
        status = f"{status_chip(one.status_before)} → {status}"
    name = escape(say(one.name))
    return [
        Cell(name),
        Cell(_figure(one.before, one.percent_before), "number"),
        Cell(_figure(one.after, one.percent_after), "number"),
        text(_signed(one.difference), "number"),
        (
            Cell(
                button(
                    {"target": one.code},
                    f"{escape(_signed(restated))} ›",
                    _("Records that restated {name}", name=say(one.name)),
                ),
                "number",
            )
            if restated
            else text("–", "empty")
        ),
        Cell(status, "status"),
    ]


def _figure(pair: Pair | None, share) -> str:
    if pair is None:
        return "–"
    said = f'<span class="strong">{escape(number(pair.verified))}</span>'
    if pair.reported != pair.verified:
        said += f'<div class="quiet">{escape(_("reported {figure}", figure=pair.reported))}</div>'
    return said + (f'<div class="quiet">{escape(percent(share))}</div>' if share is not None else "")


def _signed(pair: Pair | None) -> str:
    """ "+2", with the reported figure where it differs."""
    if pair is None:
        return "–"
    told = f"{'+' if pair.verified > 0 else ''}{number(pair.verified)}"
    if pair.reported == pair.verified:
        return told
    return f"{told} ({_('reported {figure}', figure=('+' if pair.reported > 0 else '') + number(pair.reported))})"


def _records(found: Comparison) -> None:
    st.markdown(f"**{_('Records that restated what was frozen')}**")
    only = st.query_params.get("restated")
    names = tabs.line_names(found.second)
    changes = [c for c in found.records if only not in names or c.target == only]
    if only in names:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("Only {name}", name=names[only]))
            if st.button(_("All targets"), type="tertiary"):
                ask(restated=None)
                st.rerun()
    if not changes:
        st.caption(_("No record changed what the earlier one had counted."))
        return
    first = tabs.page_of(len(changes), "restated")
    html = figure_tables.changes(changes, names, first, tabs.PAGE)
    tabs.opened_record(figure_table.show(html, "compare-records"))
