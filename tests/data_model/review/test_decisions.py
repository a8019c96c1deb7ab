"""Verifying, returning, voiding: by somebody else, on the version that was read, with a reason."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlmodel import select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.records import writing
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.review import decisions
from tests.conftest import ON_SQLITE, PHO_VINH
from tests.data_model.visits import figures_versions


@pytest.fixture
def sent(town, dialogue):
    with town.writing() as session:
        return writing.send(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue()))


def _act(town, name, record, actor=None, version=None, reason="Nhập nhầm"):
    more = () if name == "verify" else (reason,)
    with town.writing() as session:
        return getattr(decisions, name)(
            session, actor or town.people.leader, record.id, version or record.version, *more
        )


def _refused(town, name, record, **more):
    with pytest.raises(Refused) as caught:
        _act(town, name, record, **more)
    with town.reading() as session:
        assert session.get(FieldRecord, record.id).version == record.version
        assert len(session.exec(select(JournalEntry).where(JournalEntry.subject_id == str(record.id))).all()) == 1
    return {p.where: p.say for p in caught.value.problems}


@pytest.mark.parametrize(
    ("name", "status"),
    [("verify", RecordStatus.VERIFIED), ("return_to_author", RecordStatus.RETURNED), ("void", RecordStatus.VOID)],
)
def test_what_was_decided_is_kept_with_who_and_why(town, sent, name, status):
    decided = _act(town, name, sent)
    assert (decided.status, decided.version, decided.reviewer_id) == (status, 2, town.people.leader.id)
    with town.reading() as session:
        entry = session.exec(select(JournalEntry).where(JournalEntry.act == status)).one()
    assert (entry.account_id, entry.before["status"], entry.after["status"]) == (town.people.leader.id, "sent", status)
    assert entry.after["reason"] == (None if name == "verify" else "Nhập nhầm")


@ON_SQLITE
@pytest.mark.parametrize("name", ["verify", "return_to_author", "void"])
def test_nobody_decides_on_the_own_record(town, dialogue, name):
    with town.writing() as session:
        own = writing.send(session, town.people.officer, town.entry("DP-11", PHO_VINH, dialogue()))
    assert _refused(town, name, own, actor=town.people.officer) == {"": Say.OWN_RECORD}


@ON_SQLITE
@pytest.mark.parametrize("name", ["verify", "return_to_author", "void"])
@pytest.mark.parametrize("who", ["second", "administrator"])
def test_only_leader_and_data_officer_decide(town, sent, name, who):
    assert _refused(town, name, sent, actor=getattr(town.people, who)) == {"": Say.NOT_ALLOWED}


@pytest.mark.parametrize("name", ["verify", "return_to_author", "void"])
def test_a_version_that_was_not_read_is_not_decided_on(town, sent, dialogue, name):
    with town.writing() as session:
        again = replace(town.entry("DP-11", PHO_VINH, dialogue(place="sửa")), id=sent.id, seen_version=1)
        writing.send(session, town.people.supervisor, again)
    with pytest.raises(Refused) as caught:
        _act(town, name, sent, version=1)
    assert [(p.say, p.figures) for p in caught.value.problems] == [
        (Say.CHANGED_MEANWHILE, {"name": "Giám sát cụm Đông"})
    ]


@ON_SQLITE
@pytest.mark.parametrize("name", ["return_to_author", "void"])
@pytest.mark.parametrize(
    ("reason", "say"), [("", Say.REASON_MISSING), (" \n ", Say.REASON_MISSING), ("x" * 1001, Say.TOO_LONG)]
)
def test_a_reason_is_given(town, sent, name, reason, say):
    assert _refused(town, name, sent, reason=reason) == {"reason": say}


def test_pressing_verify_twice_is_no_mistake(town, sent):
    _act(town, "verify", sent)
    assert _act(town, "verify", sent, version=1).version == 2


def test_a_verified_record_can_still_be_returned(town, sent):
    verified = _act(town, "verify", sent)
    assert _act(town, "return_to_author", verified, actor=town.people.officer).status == RecordStatus.RETURNED


def test_what_was_returned_or_is_a_draft_is_not_verified(town, sent):
    back = _act(town, "return_to_author", sent)
    with pytest.raises(Refused) as caught:
        _act(town, "verify", back)
    assert caught.value.problems[0].say == Say.NOT_OPEN_FOR_CHANGE
    with town.writing() as session:
        kept = writing.save_draft(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, {}))
    for name in ("verify", "return_to_author", "void"):
        assert _refused(town, name, kept) == {"": Say.NOT_OPEN_FOR_CHANGE}


def test_an_unknown_record_is_not_found(town):
    with pytest.raises(Refused) as caught:
        _act(town, "verify", FieldRecord(id=uuid.uuid4(), version=1))
    assert caught.value.problems[0].say == Say.NOT_FOUND


def test_of_two_who_decide_at_one_moment_one_is_told(town, sent):
    def decide(name, actor):
        try:
            return _act(town, name, sent, actor=actor, version=1).status
        except Refused as caught:
            return caught.problems[0].say

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(decide, "verify", town.people.leader)
        second = pool.submit(decide, "void", town.people.officer)
        outcomes = {first.result(), second.result()}
    assert Say.CHANGED_MEANWHILE in outcomes and len(outcomes) == 2
    with town.reading() as session:
        assert session.get(FieldRecord, sent.id).version == 2


@ON_SQLITE
@pytest.mark.parametrize("name", ["return_to_author", "void"])
def test_a_reason_has_at_most_a_thousand_letters(town, sent, name):
    assert _refused(town, name, sent, reason="x" * 1001) == {"reason": Say.TOO_LONG}
    assert _act(town, name, sent, reason="x" * 1000).reason == "x" * 1000


@pytest.mark.parametrize("name", ["verify", "return_to_author", "void"])
def test_a_decision_moves_the_version_of_its_own_plans_figures_alone(town, sent, name):
    before = figures_versions(town)
    _act(town, name, sent)
    assert figures_versions(town) == before | {"duc_pho_2024": before["duc_pho_2024"] + 1}
