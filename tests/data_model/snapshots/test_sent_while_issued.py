"""A record and the issue of its period at one moment: the record came before, or it is late; never neither."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest

from data_model.periods.periods import Period
from data_model.records import writing
from data_model.snapshots import approval, freezing
from data_model.snapshots.approval import Step
from data_model.snapshots.reading import Head
from tests.conftest import PHO_VINH, Town

BLOCKED = 0.6
"""Seconds in which one that does not wait for the other would long be done."""


@pytest.fixture
def approved(town: Town) -> Head:
    with town.database.writing(one_moment=True) as session:
        head = freezing.freeze(session, town.people.officer, town.plan().id, Period.Q3)
    for step, actor in ((Step.SUBMIT, town.people.officer), (Step.APPROVE, town.people.leader)):
        with town.writing() as session:
            head = approval.take(session, actor, head.id, step, head.row_version)
    return head


def _one_inside_the_other(town: Town, first, second) -> tuple[object, object]:
    """`first` done and not committed while `second` is tried in another thread; then both to their end."""
    begun = threading.Event()

    def other():
        begun.set()
        with town.writing() as session:
            return second(session)

    with ThreadPoolExecutor(1) as pool:
        with town.writing() as session:
            done = first(session)
            waiting: Future = pool.submit(other)
            begun.wait()
            assert not wait([waiting], BLOCKED).done
        return done, waiting.result(30)


def test_sent_while_the_period_is_being_issued_it_waits_and_is_late(town, approved, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue(held_on="2024-09-20"))
    issued, record = _one_inside_the_other(
        town,
        lambda s: approval.take(s, town.people.leader, approved.id, Step.ISSUE, approved.row_version),
        lambda s: writing.send(s, town.people.supervisor, entry),
    )
    assert record.late_for == issued.id


def test_issued_while_a_record_is_being_sent_it_waits_and_the_record_came_before(town, approved, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue(held_on="2024-09-20"))
    record, issued = _one_inside_the_other(
        town,
        lambda s: writing.send(s, town.people.supervisor, entry),
        lambda s: approval.take(s, town.people.leader, approved.id, Step.ISSUE, approved.row_version),
    )
    assert record.late_for is None and issued.status == "issued"
