"""The versions of a record: what each changed, what a reviewer reads of a record that came back, what the second of two
is told.
"""

from dataclasses import replace

import pytest

from data_model.core.problems import Refused, Say
from data_model.evidence import attachments
from data_model.evidence.content import examine
from data_model.records import tables, versions, writing
from data_model.records.listing import open_record
from data_model.records.tables import RecordStatus
from data_model.review import decisions
from tests.conftest import ON_SQLITE, PHO_MINH, PHO_VINH
from tests.evidence_samples import jpeg


@pytest.fixture
def entry(town, dialogue):
    return town.entry("DP-11", PHO_VINH, dialogue(place="Nhà văn hóa"))


def _send(town, entry, version=0, **changed):
    with town.writing() as session:
        return writing.send(session, town.people.supervisor, replace(entry, seen_version=version, **changed))


def _return(town, record, reason="Thiếu danh sách"):
    with town.writing() as session:
        return decisions.return_to_author(session, town.people.leader, record.id, record.version, reason)


def _ask(town, question, entry, *more, actor=None):
    with town.reading() as session:
        actor = actor or town.people.leader
        return question(session, actor, open_record(session, actor, entry.id), *more)


def _said(difference) -> list[tuple]:
    return [(c.labels[-1].vi, c.before, c.after) for c in difference.answers]


def test_a_reviewer_reads_what_changed_since_the_return(town, entry, dialogue):
    returned = _return(town, _send(town, entry))
    changed = dict(entry.answers) | {"place": "Trụ sở UBND", "attendance": {"total": 60}}
    again = _send(
        town, entry, returned.version, answers=changed, unit_id=town.unit(PHO_MINH).id, position=(14.8, 108.97, 9.0)
    )
    # Sent once more before anybody looked: what counts is still the return.
    _send(town, entry, again.version, answers=changed | {"place": "Trụ sở UBND phường"}, unit_id=town.unit(PHO_MINH).id)
    found = _ask(town, versions.resent, entry)
    assert (found.since.act, found.since.reason, found.since.account_id) == (
        "returned",
        "Thiếu danh sách",
        town.people.leader.id,
    )
    assert sorted(_said(found.difference)) == [
        ("Tổng số người", 55, 60),
        ("Địa điểm", "Nhà văn hóa", "Trụ sở UBND phường"),
    ]
    assert found.difference.unit == (town.unit(PHO_VINH).id, town.unit(PHO_MINH).id)
    assert found.difference.position == ((None, None), (14.8, 108.97))


def test_a_first_sending_has_nothing_to_compare_with(town, entry):
    _send(town, entry)
    assert _ask(town, versions.resent, entry) is None


def test_sent_twice_without_a_decision_compares_with_the_sending_before(town, entry):
    sent = _send(town, entry)
    _send(town, entry, sent.version, answers=dict(entry.answers) | {"place": "Trụ sở"})
    found = _ask(town, versions.resent, entry)
    assert (found.since.act, _said(found.difference)) == ("send", [("Địa điểm", "Nhà văn hóa", "Trụ sở")])


def test_every_version_has_its_number_and_its_change(town, entry):
    returned = _return(town, _send(town, entry))
    again = _send(town, entry, returned.version, answers=dict(entry.answers) | {"place": "Trụ sở"})
    with town.writing() as session:
        decisions.verify(session, town.people.officer, entry.id, again.version)
    steps = _ask(town, versions.past, entry)
    assert [(s.version, s.act, bool(s.difference)) for s in steps] == [
        (1, "send", False),
        (2, "returned", False),
        (3, "send", True),
        (4, "verified", False),
    ]
    assert (
        _said(steps[2].difference) == [("Địa điểm", "Nhà văn hóa", "Trụ sở")] and steps[1].reason == "Thiếu danh sách"
    )


@ON_SQLITE
def test_drafts_are_their_authors_own(town, entry):
    with town.writing() as session:
        kept = writing.save_draft(session, town.people.supervisor, entry)
    _send(town, entry, kept.version)
    own = _ask(town, versions.past, entry, actor=town.people.supervisor)
    assert [(s.version, s.act) for s in own] == [(1, "save_draft"), (2, "send")]
    assert [(s.version, s.act) for s in _ask(town, versions.past, entry)] == [(2, "send")]


@ON_SQLITE
def test_photos_that_came_and_went_are_told(town, entry):
    piece = examine(jpeg(), "bien-ban.jpg")
    with town.writing() as session:
        attachments.attach(session, town.people.supervisor, entry.id, entry, piece)
    sent = _send(town, entry, 0)
    returned = _return(town, sent)
    with town.writing() as session:
        attachments.remove(session, town.people.supervisor, entry.id)
    _send(town, entry, returned.version)
    found = _ask(town, versions.resent, entry)
    assert (found.difference.added, found.difference.removed) == (
        (),
        ("bien-ban.jpg",),
    ) and not found.difference.answers


@ON_SQLITE
def test_a_record_put_in_without_a_journal_counts_its_versions_from_the_end(town, entry):
    sent = _send(town, entry)
    with town.writing() as session:
        session.get(tables.FieldRecord, sent.id).version = 7
    assert [s.version for s in _ask(town, versions.past, entry)] == [7]
    assert _ask(town, versions.since, entry, 3) is None


def test_the_second_of_two_sees_what_the_first_did(town, entry):
    """A leader looks at version 1, the author sends another: the leader is told, and sees both."""
    sent = _send(town, entry)
    _send(town, entry, sent.version, answers=dict(entry.answers) | {"place": "Trụ sở"})
    with pytest.raises(Refused) as caught, town.writing() as session:
        decisions.verify(session, town.people.leader, entry.id, 1)
    assert caught.value.problems[0].say == Say.CHANGED_MEANWHILE
    assert _said(_ask(town, versions.since, entry, 1)) == [("Địa điểm", "Nhà văn hóa", "Trụ sở")]
    assert not _ask(town, versions.since, entry, 2)


def test_an_author_finds_the_newer_version(town, entry):
    _return(town, _send(town, entry))
    with town.reading() as session:
        latest = versions.latest_content(session, town.people.supervisor, entry.id)
    assert (latest.version, latest.status, latest.changed_by) == (2, RecordStatus.RETURNED, "Lãnh đạo phòng")
    assert latest.answers["place"] == "Nhà văn hóa" and latest.changed_at is not None
    with pytest.raises(Refused) as caught, town.reading() as session:
        versions.latest_content(session, town.people.second, entry.id)
    assert caught.value.problems[0].say == Say.NOT_FOUND
