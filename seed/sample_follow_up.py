"""The sample year's follow-up: what later visits told of earlier recommendations, what people did since, which reports
were sent.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, select

from data_model.core.access import Actor
from data_model.core.database import columns
from data_model.deadlines.round_reports import mark_sent
from data_model.follow_up.steps import confirm, report, reported_at_visit, send_back, waiting_for_visit
from data_model.plans.view import PlanView
from data_model.records.tables import FieldRecord, FollowUpState, Recommendation
from data_model.units.tables import Unit

N = columns(Recommendation)


def tell_of_earlier(session: Session, author: Actor, record: FieldRecord, told: Mapping[str, str]) -> None:
    """The visit `record` tells the same (`state`, `note`) of every recommendation that waited for it."""
    waiting = waiting_for_visit(session, author, record.plan_id, record.unit_id, record.id)
    reported_at_visit(session, author, record, [{"id": row.id, **told} for row in waiting], "sample")


def follow_up(
    session: Session, people: Mapping[str, Actor], plan: PlanView, units: Mapping[str, Unit], year: Mapping[str, Any]
) -> None:
    """The steps of [[follow_up]] in the file's order, and the reports of [[round_report]]."""
    for each in year["follow_up"]:
        there = session.exec(
            select(Recommendation)
            .where(N.plan_id == plan.id, N.unit_id == units[each["unit"]].id)
            .order_by(N.since, N.record_id, N.position)
        ).all()
        for number in each["numbers"]:
            for name, act, word in each["steps"]:
                _take_step(session, people[name], there[number - 1], act, word)
    for each in year["round_report"]:
        line = next(line for line in plan.lines if line.code == each["activity"])
        mark_sent(
            session, people[each["by"]], plan.id, line.round_ids[each["round"] - 1], each["sent_on"], each["number"]
        )


def _take_step(session: Session, actor: Actor, one: Recommendation, act: str, word: str) -> None:
    if act == "confirm":
        confirm(session, actor, one.id, one.version, word)
    elif act == "send_back":
        send_back(session, actor, one.id, one.version, word)
    else:
        report(session, actor, one.id, one.version, FollowUpState(act), word)
