"""The lock of an issued period: how long an exception from it holds."""

from datetime import date

from data_model.periods import lock
from tests.conftest import ON_SQLITE, TODAY

pytestmark = ON_SQLITE


def _holds(town, plan_id: int) -> list[bool]:
    with town.reading() as session:
        return [row.holds for row in lock.exceptions(session, town.people.leader, plan_id)]


def test_an_exception_holds_through_its_last_day(town, monkeypatch):
    plan_id, people = town.plan().id, town.people
    with town.writing() as session:
        lock.give_exception(session, people.leader, plan_id, people.second.id, TODAY, "Bổ sung hồ sơ")
    assert _holds(town, plan_id) == [True]
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", date(2024, 10, 16).isoformat())
    assert _holds(town, plan_id) == [False]


def test_an_exception_that_was_ended_holds_no_more(town):
    plan_id, people = town.plan().id, town.people
    with town.writing() as session:
        given = lock.give_exception(session, people.leader, plan_id, people.second.id, date(2024, 11, 1), "Bổ sung")
    with town.writing() as session:
        lock.end_exception(session, people.leader, given.id)
    assert _holds(town, plan_id) == [False]


def test_without_an_exception_the_list_is_empty(town):
    assert _holds(town, town.plan().id) == []
