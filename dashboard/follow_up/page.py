"""Kiến nghị: what visits recommended, by commune, person, deadline and standing; one of them with its steps."""

from html import escape

import streamlit as st

from dashboard.follow_up.recommendation import draw_recommendation
from dashboard.follow_up.routes import workbook_address
from dashboard.i18n.words import _, day, number, plain, say
from dashboard.server.database import database
from dashboard.ui.choice import choose_or_all
from dashboard.ui.frame import choose_plan, heading
from dashboard.ui.navigation import ask
from dashboard.ui.pager import numbered_pager
from dashboard.ui.status_look import STANDING_LOOKS, chip
from data_model.core.access import Actor
from data_model.follow_up.listing import (
    FollowUpRow,
    Standing,
    count_by_standing,
    list_recommendations,
    places_and_people,
)
from data_model.plans.view import PlanView

PAGE = 20
DAYS = (7, 30)
TALL = """<style>
.st-key-follow-list button, .st-key-follow-one button, .st-key-follow-one a { min-height: 44px; }
[class*="st-key-follow-row-"] { flex-wrap: nowrap; }
.st-key-follow-one a, .st-key-follow-one a * { white-space: normal; overflow: visible; }
</style>"""


def draw(actor: Actor) -> None:
    """The list, or the one that the address names."""
    said = st.session_state.pop("follow/said", None)
    if said:
        st.toast(plain(said), icon=":material/check_circle:")
    if st.query_params.get("rec"):
        with st.container(key="follow-one"):
            st.html(TALL)
            draw_recommendation(actor, st.query_params["rec"])
        return
    heading(
        _("Recommendations"), _("What monitoring visits asked for, until somebody else has confirmed that it is done.")
    )
    plan = choose_plan(actor)
    with database().reading() as session:
        counts = count_by_standing(session, actor, plan.id)
        unit_ids, people = places_and_people(session, actor, plan.id)
    if not counts:
        st.info(
            _("No recommendation yet. They appear here when a monitoring visit that has some is sent."),
            icon=":material/inbox:",
        )
        return
    st.html(TALL + _counts_html(counts))
    with st.container(key="follow-list"):
        _list(actor, plan, _narrow(plan, list(counts), unit_ids, people))


def _counts_html(counts: dict[Standing, int]) -> str:
    place = '<span style="margin:0 0.5rem 0.5rem 0;display:inline-block">{}</span>'
    return "".join(place.format(chip(STANDING_LOOKS[s], say(s.label), number(count))) for s, count in counts.items())


def _narrow(plan: PlanView, standings: list[Standing], unit_ids: list[int], people: list[str]) -> dict:
    """The controls, as arguments of `list_recommendations`."""
    units = {str(u): plan.unit_by_id[u].full_name for u in unit_ids if u in plan.unit_by_id}
    with st.container(horizontal=True):
        standing = choose_or_all(
            _("Status"), {s.value: f"{STANDING_LOOKS[s].shape} {say(s.label)}" for s in standings}, "status"
        )
        unit_id = choose_or_all(_("Commune"), dict(sorted(units.items(), key=lambda unit: unit[1])), "unit")
        person = choose_or_all(_("Responsible"), {who: who for who in people}, "who")
        due = choose_or_all(_("Deadline"), {str(days): _("within {days} days", days=days) for days in DAYS}, "due")
    return {
        "standing": Standing(standing) if standing else None,
        "unit_id": int(unit_id) if unit_id else None,
        "responsible": person,
        "due_within": int(due) if due else None,
    }


def _list(actor: Actor, plan: PlanView, query: dict) -> None:
    narrowed = (plan.id, tuple(query.values()))
    if st.session_state.get("follow/narrowed") != narrowed:
        st.session_state["follow/narrowed"], st.session_state["follow/page"] = narrowed, 0
    page = st.session_state["follow/page"]
    with database().reading() as session:
        rows, total = list_recommendations(session, actor, plan.id, **query, limit=PAGE, offset=page * PAGE)
    if not rows:
        st.info(_("Nothing here with this choice."), icon=":material/filter_alt_off:")
        return
    st.caption(
        _(
            "{first} to {last} of {total} recommendations",
            first=page * PAGE + 1,
            last=page * PAGE + len(rows),
            total=total,
        )
    )
    for row in rows:
        _row(plan, row)
    numbered_pager("follow/page", page, (page + 1) * PAGE < total)
    _download(plan, query)


def _row(plan: PlanView, row: FollowUpRow) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"follow-row-{row.id}"):
        st.html(
            f"<div>{head_html(row)}</div><div><strong>{escape(row.what)}</strong></div>"
            f"<div style='opacity:0.85'>{escape(_facts(plan, row))}</div>"
        )
        st.button(_("Open"), key=f"follow-open-{row.id}", on_click=_open, args=(row.id,))


def head_html(row: FollowUpRow) -> str:
    """Its standing; where it is overdue, how far it has come too; and that it is serious."""
    said = chip(STANDING_LOOKS[row.standing], say(row.standing.label))
    if row.standing in (Standing.OVERDUE, Standing.SUSPENDED):
        said += f" {escape(say(row.state.label))}"
    if row.serious:
        said += f" · <strong>▲ {escape(say(row.severity.label))}</strong>"
    return said


def _facts(plan: PlanView, row: FollowUpRow) -> str:
    unit = plan.unit_by_id.get(row.unit_id)
    return " · ".join((unit.full_name if unit else "", row.responsible, _("by {day}", day=day(row.fix_by))))


def _open(recommendation_id: str) -> None:
    ask(rec=recommendation_id)


def _download(plan: PlanView, query: dict) -> None:
    st.link_button(_("Take the list as Excel"), workbook_address(plan, query), icon=":material/download:")
