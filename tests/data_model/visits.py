"""Monitoring visits with recommendations, as the form hands them in."""

from collections.abc import Sequence

from sqlmodel import select

from data_model.plans.tables import Plan
from data_model.progress import figures
from data_model.records import writing
from data_model.records.tables import FieldRecord, Recommendation
from data_model.records.writing import Entry
from tests.conftest import PHO_VINH, Town

FIX_LOA = {"what": "Sửa loa truyền thanh ở hai thôn", "responsible": "UBND xã", "fix_by": "2024-10-20"}


def visit_entry(
    town: Town, recommendations: Sequence[dict], day: str = "2024-10-01", unit: str = PHO_VINH, **more
) -> Entry:
    """A visit of the first round."""
    answers = {"visited_on": day, "recommendations": list(recommendations)}
    return town.entry("DP-17a", unit, answers, round_id=town.line("DP-17a").round_ids[0], **more)


def send_visit(town: Town, recommendations: Sequence[dict] = (FIX_LOA,), actor=None, **where) -> FieldRecord:
    """Sent by the supervisor of Phổ Vinh, or by `actor`."""
    with town.writing() as session:
        return writing.send(session, actor or town.people.supervisor, visit_entry(town, recommendations, **where))


def all_of(town: Town, record: FieldRecord) -> list[Recommendation]:
    """The recommendations of a record, in its order."""
    with town.reading() as session:
        return list(
            session.exec(
                select(Recommendation).where(Recommendation.record_id == record.id).order_by(Recommendation.position)
            )
        )


def one_of(town: Town, record: FieldRecord) -> Recommendation:
    """The only recommendation of a record."""
    (one,) = all_of(town, record)
    return one


def figures_versions(town: Town) -> dict[str, int]:
    """What kept figures are kept for, by the plan's code: see `figures.data_version`."""
    with town.reading() as session:
        return {
            plan.code: figures.data_version(session, town.people.leader, plan.id) for plan in session.exec(select(Plan))
        }
