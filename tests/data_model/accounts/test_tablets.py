"""What tablets say of themselves, and who is told."""

import uuid
from datetime import timedelta

import pytest

from data_model.accounts import tablets
from data_model.accounts.tablets import MOST_OF_ACCOUNT, MOST_WAITING, Report
from data_model.core import clock
from data_model.core.problems import Refused


def hear(town, report: Report, actor=None) -> None:
    with town.writing() as session:
        tablets.heard(session, actor or town.people.supervisor, report)


def listed(town):
    with town.reading() as session:
        return tablets.list_tablets(session, town.people.officer)


def test_the_latest_word_of_a_tablet_stands(town):
    one = uuid.uuid4()
    hear(town, Report(one, "abc", 3, timedelta(hours=2), "Chrome, Android"))
    row = listed(town)[0]
    assert (row.tablet_id, row.who, row.device, row.page_version, row.waiting) == (
        one,
        "Giám sát cụm Đông",
        "Chrome, Android",
        "abc",
        3,
    )
    assert abs(clock.now() - timedelta(hours=2) - row.waiting_since) < timedelta(minutes=1)
    hear(town, Report(one, "abd", 0, None))
    assert [(r.page_version, r.waiting, r.waiting_since) for r in listed(town)] == [("abd", 0, None)]


def test_those_that_wait_longest_come_first_and_two_accounts_of_a_tablet_are_two_rows(town):
    shared, other = uuid.uuid4(), uuid.uuid4()
    hear(town, Report(other, "1", 0, None))
    hear(town, Report(shared, "1", 1, timedelta(days=1)))
    hear(town, Report(shared, "1", 2, timedelta(days=3)), town.people.second)
    assert [(r.tablet_id, r.who, r.waiting) for r in listed(town)] == [
        (shared, "Giám sát cụm Nam", 2),
        (shared, "Giám sát cụm Đông", 1),
        (other, "Giám sát cụm Đông", 0),
    ]


def test_a_tablet_cannot_say_too_much(town):
    hear(town, Report(uuid.uuid4(), "v" * 500, 10**9, timedelta(days=10**6), "d" * 500))
    row = listed(town)[0]
    assert (len(row.page_version), row.waiting, len(row.device)) == (20, MOST_WAITING, 120)
    for _more in range(MOST_OF_ACCOUNT + 3):
        hear(town, Report(uuid.uuid4(), "1", 0, None))
    assert len(listed(town)) == MOST_OF_ACCOUNT


def test_a_supervisor_is_told_of_no_tablets(town):
    with town.reading() as session, pytest.raises(Refused):
        tablets.list_tablets(session, town.people.supervisor)
