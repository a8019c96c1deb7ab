"""Several records verified in one act: only those without a mark, told as one in the journal, taken back as one."""

import uuid
from dataclasses import replace

import pytest
from sqlmodel import select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.records import writing
from data_model.records.handed_in import note_handed_in
from data_model.records.listing import open_record
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.versions import past
from data_model.review import decisions
from data_model.review.batch import latest_batch, undo_batch, verify_batch
from tests.conftest import ON_SQLITE, PHO_CUONG, PHO_MINH, PHO_VINH
from tests.data_model.visits import send_visit

MONTHS = ("2024-03-10", "2024-05-10", "2024-07-10", "2024-09-10")


@pytest.fixture
def four(town, dialogue):
    def send(day):
        with town.writing() as session:
            return writing.send(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue(held_on=day)))

    return [send(day) for day in MONTHS]


def _verify(town, some, actor=None, plan_id=None):
    with town.writing() as session:
        return verify_batch(
            session, actor or town.people.leader, plan_id or town.plan().id, {one.id: one.version for one in some}
        )


def _undo(town, batch_id, actor=None):
    with town.writing() as session:
        return undo_batch(session, actor or town.people.leader, batch_id)


def _rows(town, some):
    with town.reading() as session:
        return [session.get(FieldRecord, one.id) for one in some]


def _says(done):
    return {record_id: why.problems[0].say for record_id, why in done.refused.items()}


def _journal(town, *acts):
    with town.reading() as session:
        return session.exec(select(JournalEntry).where(JournalEntry.act.in_(acts)).order_by(JournalEntry.id)).all()


def test_one_act_verifies_them_all_and_stands_in_the_journal_over_each(town, four):
    done = _verify(town, four)
    assert set(done.record_ids) == {one.id for one in four} and done.refused == {}
    assert [(row.status, row.version, row.reviewer_id) for row in _rows(town, four)] == [
        (RecordStatus.VERIFIED, 2, town.people.leader.id)
    ] * 4
    entries = _journal(town, "verified", "verify_batch")
    assert {entry.after["batch"] for entry in entries if entry.subject == "record"} == {str(done.batch_id)}
    assert [(e.subject_id, e.after["count"]) for e in entries if e.subject == "review_batch"] == [
        (str(done.batch_id), 4)
    ]


def test_one_alone_is_an_act_as_well(town, four):
    done = _verify(town, four[:1])
    assert done.record_ids == (four[0].id,)
    assert _undo(town, done.batch_id).record_ids == (four[0].id,)


def test_what_one_handed_in_for_its_author_is_left_to_others(town, four):
    with town.writing() as session:
        note_handed_in(session, town.people.officer, session.get(FieldRecord, four[0].id))
    done = _verify(town, four[:2], town.people.officer)
    assert done.record_ids == (four[1].id,) and _says(done) == {four[0].id: Say.OWN_HANDED_IN}
    assert _verify(town, four[:1]).record_ids == (four[0].id,)


def test_what_has_a_mark_is_left_out_whatever_was_ticked(town, four, dialogue):
    with town.writing() as session:
        twin = writing.send(
            session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue(held_on="2024-03-12"))
        )
        few = writing.send(
            session, town.people.supervisor, town.entry("DP-11", PHO_MINH, dialogue(attendance={"total": 12}))
        )
        far = writing.send(
            session,
            town.people.supervisor,
            town.entry("DP-11", PHO_MINH, dialogue(held_on="2024-05-01"), position=(21.0, 105.8, None)),
        )
    empty = send_visit(town, ())
    done = _verify(town, [*four, twin, few, far, empty])
    assert _says(done) == dict.fromkeys((four[0].id, twin.id, few.id, far.id, empty.id), Say.MARKED_ALONE)
    assert set(done.record_ids) == {one.id for one in four[1:]}


def test_where_nothing_can_be_verified_nothing_was_done(town, four):
    empty = send_visit(town, ())
    done = _verify(town, [empty])
    assert (done.batch_id, done.record_ids) == (None, ()) and _journal(town, "verify_batch") == []
    with town.reading() as session:
        assert latest_batch(session, town.people.leader, town.plan().id) is None
    other = _verify(town, four, plan_id=town.plan("bai_chay_2024").id)
    assert set(_says(other).values()) == {Say.NOT_FOUND} and other.batch_id is None


def test_it_is_taken_back_as_one(town, four):
    before = _rows(town, four)
    done = _verify(town, four)
    with town.reading() as session:
        latest = latest_batch(session, town.people.leader, town.plan().id)
        assert (latest.batch_id, latest.count) == (done.batch_id, 4)
        assert latest_batch(session, town.people.officer, town.plan().id) is None, "each is offered their own"
    undone = _undo(town, done.batch_id)
    assert set(undone.record_ids) == {one.id for one in four} and undone.refused == {}
    assert [(r.status, r.version, r.reviewer_id, r.reviewed_at, r.sent_at) for r in _rows(town, four)] == [
        (RecordStatus.SENT, 3, None, None, old.sent_at) for old in before
    ]
    assert [e.after["count"] for e in _journal(town, "undo_batch")] == [4]
    with town.reading() as session:
        assert latest_batch(session, town.people.leader, town.plan().id) is None
        steps = past(session, town.people.leader, open_record(session, town.people.leader, four[0].id))
    assert [(step.act, step.version) for step in steps] == [("send", 1), ("verified", 2), ("unverified", 3)]
    again = _undo(town, done.batch_id)
    assert (again.batch_id, again.record_ids) == (None, ()) and len(_journal(town, "undo_batch")) == 1
    assert set(_verify(town, _rows(town, four)).record_ids) == {one.id for one in four}, "they wait as before"


def test_only_where_nothing_happened_since(town, four, dialogue):
    done = _verify(town, four)
    with town.writing() as session:
        decisions.return_to_author(session, town.people.officer, four[0].id, 2, "Thiếu ảnh")
        decisions.return_to_author(session, town.people.officer, four[1].id, 2, "Thiếu ảnh")
        again = replace(town.entry("DP-11", PHO_VINH, dialogue(held_on=MONTHS[1])), id=four[1].id, seen_version=3)
        writing.send(session, town.people.supervisor, again)
        decisions.verify(session, town.people.officer, four[1].id, 4)
    undone = _undo(town, done.batch_id)
    assert set(undone.record_ids) == {four[2].id, four[3].id}
    assert _says(undone) == dict.fromkeys((four[0].id, four[1].id), Say.CHANGED_MEANWHILE)
    assert [r.status for r in _rows(town, four)] == [
        RecordStatus.RETURNED,
        RecordStatus.VERIFIED,
        RecordStatus.SENT,
        RecordStatus.SENT,
    ]


def test_what_came_back_before_still_says_who_had_returned_it(town, four, dialogue):
    with town.writing() as session:
        decisions.return_to_author(session, town.people.officer, four[0].id, 1, "Thiếu")
        again = writing.send(
            session,
            town.people.supervisor,
            replace(town.entry("DP-11", PHO_VINH, dialogue(held_on=MONTHS[0])), id=four[0].id, seen_version=2),
        )
    done = _verify(town, [again])
    _undo(town, done.batch_id)
    assert [(r.reviewer_id, r.reviewed_at == again.reviewed_at) for r in _rows(town, [again])] == [
        (town.people.officer.id, True)
    ]


def test_who_takes_it_back_needs_the_right_to_each(town, four, dialogue):
    with town.writing() as session:
        officers = writing.send(session, town.people.officer, town.entry("DP-11", PHO_CUONG, dialogue()))
    done = _verify(town, [*four, officers])
    for actor in (town.people.supervisor, town.people.administrator):
        with pytest.raises(Refused) as caught:
            _undo(town, done.batch_id, actor)
        assert caught.value.problems[0].say == Say.NOT_ALLOWED
    undone = _undo(town, done.batch_id, town.people.officer)
    assert _says(undone) == {officers.id: Say.OWN_RECORD} and set(undone.record_ids) == {one.id for one in four}


@ON_SQLITE
def test_an_unknown_act_is_not_found(town):
    with pytest.raises(Refused) as caught:
        _undo(town, uuid.uuid4())
    assert caught.value.problems[0].say == Say.NOT_FOUND
