"""What greets the leader: what is overdue or due soon, one line each, each leading to where it is done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import streamlit as st

from dashboard.i18n.words import _, _n, day, plain, say
from dashboard.server import addresses
from dashboard.server.database import database
from data_model.core.access import Act, Actor
from data_model.deadlines.due_soon import RECOMMENDATION_DAYS, DueSoon, due_soon
from data_model.plans.view import PlanView

SLIM = """<style>
.st-key-due-soon a { min-height: 44px; }
.st-key-due-soon a, .st-key-due-soon a * { white-space: normal; overflow: visible; }
.st-key-due-soon:not(:has(*)) { display: none; }
</style>"""


@dataclass(frozen=True)
class Way:
    """One thing that presses: what is said of it, its icon, and the page with its question where it is done (None:
    nowhere, by this account).
    """

    label: str
    icon: str
    page: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)


def greeting(actor: Actor, plan: PlanView) -> None:
    """A small card on top of the leader's pages; nothing at all when nothing presses."""
    with database().reading() as session:
        pressing = due_soon(session, actor, plan)
    st.html(SLIM)
    # There also when it is empty: the parts of the page below it keep their place, and a late tap on one finds it.
    with st.container(border=bool(pressing), horizontal=True, key="due-soon", gap="small"):
        for way in ways(actor, plan, pressing):
            if way.page:
                page = st.session_state["pages"][way.page]
                st.page_link(page, label=plain(way.label), icon=f":material/{way.icon}:", query_params=dict(way.query))
            else:
                st.markdown(f":material/{way.icon}: {plain(way.label)}")


def ways(actor: Actor, plan: PlanView, pressing: DueSoon) -> list[Way]:
    """What presses, one line each, recommendations before reports."""
    return [*_recommendations(plan, pressing), *_reports(actor, plan, pressing)]


def _recommendations(plan: PlanView, pressing: DueSoon) -> Iterator[Way]:
    def way(label: str, icon: str, **asked: str) -> Way:
        return Way(label, icon, addresses.FOLLOW_UP, {"plan": plan.code} | asked)

    if pressing.overdue:
        yield way(
            _n("{count} recommendation is overdue", "{count} recommendations are overdue", pressing.overdue),
            "assignment_late",
            status="overdue",
        )
    if pressing.within_days:
        yield way(
            _n(
                "{count} recommendation is due within {days} days",
                "{count} recommendations are due within {days} days",
                pressing.within_days,
                days=RECOMMENDATION_DAYS,
            ),
            "schedule",
            due=str(RECOMMENDATION_DAYS),
        )
    if pressing.to_confirm:
        yield way(
            _n(
                "{count} recommendation to be confirmed as done",
                "{count} recommendations to be confirmed as done",
                pressing.to_confirm,
            ),
            "verified",
            status="done",
        )
    if pressing.to_drop:
        yield way(
            _("{count} to be confirmed as no longer applicable", count=pressing.to_drop), "rule", status="dropping"
        )


def _reports(actor: Actor, plan: PlanView, pressing: DueSoon) -> Iterator[Way]:
    for each in pressing.rounds:
        said = (
            _("Report of {name}: overdue since {day}", name=say(each.name), day=day(each.due))
            if each.is_late
            else _("Report of {name}: due {day}", name=say(each.name), day=day(each.due))
        )
        if actor.may(Act.MARK_REPORT_SENT):
            yield Way(said, "event", addresses.REPORT_DATES, {"plan": plan.code})
        else:
            yield Way(said, "event")
    for each in pressing.send_by:
        said = _(
            "{name}: to be sent by {day}, {count} missing",
            name=say(each.line.name),
            day=day(each.due),
            count=each.missing,
        )
        query = {"plan": plan.code, "activity": each.line.code, "status": "all"}
        yield Way(said, "outgoing_mail", addresses.RECORDS, query)
