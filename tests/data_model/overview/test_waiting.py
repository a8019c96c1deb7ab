"""What waits for whoever looks, and what moved in a week."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from data_model.core import clock
from data_model.core.problems import Refused
from data_model.overview.moved import moved
from data_model.overview.waiting import waiting
from data_model.periods.periods import Period
from data_model.records import writing
from data_model.records.tables import FieldRecord
from data_model.review import decisions
from data_model.snapshots import freezing
from data_model.snapshots.approval import Step, take
from tests.conftest import PHO_VINH, Town
from tests.data_model.visits import send_visit


def look(town: Town, who: str = "leader"):
    with town.reading() as session:
        return waiting(session, getattr(town.people, who), town.plan())


def week(town: Town):
    with town.reading() as session:
        return moved(session, town.people.leader, town.plan())


@pytest.fixture
def send(town, dialogue):
    def sending():
        with town.writing() as session:
            return writing.send(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue()))

    return sending


def move_sending(town: Town, record: FieldRecord, days: int) -> None:
    """The record was sent that many days before the pinned day."""
    with town.writing() as session:
        at = clock.now().replace(year=2024, month=10, day=15) - timedelta(days=days)
        session.execute(update(FieldRecord).where(FieldRecord.id == record.id).values(sent_at=at))


def test_on_the_first_day_only_the_quarter_that_nobody_froze_waits(town):
    found = look(town)
    assert (found.to_verify, found.sent_since, found.frozen) == (0, None, ())
    assert found.not_frozen.period is Period.Q3 and not found.due


def test_records_wait_with_the_day_since_when(town, send):
    move_sending(town, send(), 5)
    send()
    found = look(town)
    assert found.to_verify == 2 and found.sent_since.isoformat() == "2024-10-10"
    assert look(town, "administrator").to_verify == 0  # who may not decide is not asked to


def test_a_submitted_quarter_waits_for_the_leader_and_then_to_be_issued(town):
    with town.database.writing(one_moment=True) as session:
        head = freezing.freeze(session, town.people.officer, town.plan().id, Period.Q3)
    assert look(town).frozen == () and look(town).not_frozen is None
    (own,) = look(town, "officer").frozen
    assert (own.head.id, own.step) == (head.id, Step.SUBMIT)
    for step, who, waits in ((Step.SUBMIT, "officer", Step.APPROVE), (Step.APPROVE, "leader", Step.ISSUE)):
        with town.writing() as session:
            head = take(session, getattr(town.people, who), head.id, step, head.row_version)
        (one,) = look(town).frozen
        assert (one.head.id, one.step) == (head.id, waits)
        assert look(town, "officer").frozen == () and look(town, "administrator").frozen == ()
    with town.writing() as session:
        take(session, town.people.leader, head.id, Step.ISSUE, head.row_version)
    assert look(town).frozen == ()


def test_nobody_waits_for_the_approval_of_what_they_froze(town):
    with town.database.writing(one_moment=True) as session:
        head = freezing.freeze(session, town.people.leader, town.plan().id, Period.Q3)
    with town.writing() as session:
        take(session, town.people.leader, head.id, Step.SUBMIT, head.row_version)
    assert look(town).frozen == ()


def test_nothing_moved_in_an_empty_plan(town):
    assert not week(town)


def test_what_moved_is_what_came_and_was_decided_in_seven_days(town, send):
    old, new = send(), send()
    visit = send_visit(town)
    for record, days in ((old, 8), (new, 7), (visit, 0)):
        move_sending(town, record, days)
    found = week(town)
    assert (found.sent, dict(found.verified), found.returned) == (2, {}, 0)
    with town.writing() as session:
        decisions.verify(session, town.people.leader, old.id, old.version, "Đã xem")
        decisions.return_to_author(session, town.people.leader, visit.id, visit.version, "Thiếu ảnh")
    found = week(town)
    assert found.verified == {town.line("DP-11").activity_id: 1} and found.returned == 1
    assert (found.since.isoformat(), found.sent) == ("2024-10-08", 2)


def test_only_who_may_read_progress(town):
    with town.reading() as session:
        for read in (waiting, moved):
            with pytest.raises(Refused):
                read(session, town.people.supervisor, town.plan())
