"""The reviewer's queue: what waits, in which order, page by page; what looks like a duplicate; verifying several at
once.
"""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import update

from data_model.core.access import Role
from data_model.core.problems import Refused, Say
from data_model.records import writing
from data_model.records.listing import open_record
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.review import batch, decisions, duplicates
from data_model.review.marks import marks_of
from data_model.review.queue import Narrowed, own_waiting, queue
from tests.conftest import ON_SQLITE, PHO_CUONG, PHO_MINH, PHO_VINH


@pytest.fixture
def send(town, dialogue):
    def sending(unit=PHO_VINH, day="2024-10-10", line="DP-11", actor=None, **more):
        answers = dialogue(held_on=day) if line == "DP-11" else {"installed_on": day, "place": "Ngã ba"}
        with town.writing() as session:
            return writing.send(session, actor or town.people.supervisor, town.entry(line, unit, answers, **more))

    return sending


def _queue(town, *asked, actor=None, **more):
    with town.reading() as session:
        return queue(session, actor or town.people.leader, town.plan().id, *asked, **more)


def _ids(page):
    return [w.id for w in page.waiting]


def test_the_longest_waiting_comes_first_page_by_page(town, send):
    sent = [send(day=f"2024-0{month}-10").id for month in (3, 9, 5, 7, 4)]
    first = _queue(town, limit=2)
    assert (_ids(first), first.more, first.count) == (sent[:2], True, 5)
    second = _queue(town, after=(first.waiting[-1].sent_at, first.waiting[-1].id), limit=2)
    third = _queue(town, after=(second.waiting[-1].sent_at, second.waiting[-1].id), limit=2)
    assert (_ids(second), _ids(third), third.more) == (sent[2:4], sent[4:], False)


def test_records_sent_at_one_moment_each_stand_on_one_page(town, send):
    sent = {send(day=f"2024-0{month}-10").id for month in (3, 9, 5, 7)}
    with town.writing() as session:
        session.execute(update(FieldRecord).values(sent_at=session.get(FieldRecord, next(iter(sent))).sent_at))
    seen, after = [], None
    for _ in range(4):
        page = _queue(town, after=after, limit=1)
        seen += _ids(page)
        after = (page.waiting[-1].sent_at, page.waiting[-1].id)
    assert len(seen) == 4 and set(seen) == sent


def test_what_is_decided_or_ones_own_does_not_wait(town, send, dialogue):
    waits, verified, returned = send(), send(day="2024-05-01"), send(day="2024-06-01")
    own = send(day="2024-07-01", actor=town.people.officer)
    with town.writing() as session:
        decisions.verify(session, town.people.leader, verified.id, 1)
        decisions.return_to_author(session, town.people.leader, returned.id, 1, "Thiếu")
        writing.save_draft(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, {}))
    assert _ids(_queue(town)) == [waits.id, own.id]
    assert _ids(_queue(town, actor=town.people.officer)) == [waits.id]
    with town.reading() as session:
        assert own_waiting(session, town.people.officer, town.plan().id)
        assert not own_waiting(session, town.people.leader, town.plan().id)


def test_the_queue_is_narrowed(town, send, dialogue):
    vinh, minh = send(), send(PHO_MINH, "2024-09-01")
    pano = send(line="DP-05")
    twin = send(day="2024-10-13")
    back = send(PHO_MINH, "2024-03-01")
    with town.writing() as session:
        decisions.return_to_author(session, town.people.leader, back.id, 1, "Thiếu")
        again = replace(town.entry("DP-11", PHO_MINH, dialogue(held_on="2024-03-02")), id=back.id, seen_version=2)
        writing.send(session, town.people.supervisor, again)
    assert _ids(_queue(town, Narrowed(unit_id=town.unit(PHO_MINH).id))) == [minh.id, back.id]
    assert _ids(_queue(town, Narrowed(activity_ids=(town.line("DP-05").activity_id,)))) == [pano.id]
    assert _ids(_queue(town, Narrowed(duplicates=True))) == [vinh.id, twin.id]
    assert _ids(_queue(town, Narrowed(returned=True))) == [back.id]
    assert {w.id: (w.marks.similar, w.came_back) for w in _queue(town).waiting} == {
        vinh.id: (True, False),
        minh.id: (False, False),
        pano.id: (False, False),
        twin.id: (True, False),
        back.id: (False, True),
    }


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ({"day": "2024-10-10"}, True),
        ({"day": "2024-10-13"}, True),
        ({"day": "2024-10-07"}, True),
        ({"day": "2024-10-06"}, False),
        ({"day": "2024-10-14"}, False),
        ({"unit": PHO_MINH}, False),
        ({"line": "DP-05"}, False),
    ],
)
def test_near_in_day_at_the_same_place_and_of_the_same_activity_is_alike(town, send, other, alike):
    one, another = send(), send(**other)
    with town.reading() as session:
        found = duplicates.similar(session, town.people.leader, open_record(session, town.people.leader, one.id))
        marked = {
            record_id
            for record_id, told in marks_of(session, town.people.leader, [one.id, another.id]).items()
            if told.similar
        }
    assert [row.id for row in found] == [another.id] * alike
    assert marked == ({one.id, another.id} if alike else set())


def test_voided_records_and_drafts_are_like_nothing(town, send, dialogue):
    one, voided = send(), send()
    with town.writing() as session:
        decisions.void(session, town.people.leader, voided.id, 1, "Nhập hai lần")
        writing.save_draft(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue()))
    assert not _queue(town).waiting[0].marks.similar
    with town.reading() as session:
        assert duplicates.similar(session, town.people.leader, open_record(session, town.people.leader, one.id)) == []


def test_the_nearest_day_is_told_first(town, send):
    one, far, near = send(), send(day="2024-10-13"), send(day="2024-10-11")
    with town.reading() as session:
        found = duplicates.similar(session, town.people.leader, open_record(session, town.people.leader, one.id))
    assert [row.id for row in found] == [near.id, far.id]


def test_a_supervisor_is_told_of_own_communes_only(town, send):
    one = send()
    stranger = send(PHO_CUONG, actor=town.people.second)
    with town.reading() as session:
        record = open_record(session, town.people.leader, stranger.id)
        assert duplicates.similar(session, town.people.supervisor, record) == []
        assert set(marks_of(session, town.people.supervisor, [one.id, stranger.id])) == {one.id}


def _verify_each(town, seen, actor=None):
    with town.writing() as session:
        done = batch.verify_batch(session, actor or town.people.leader, town.plan().id, seen)
    return {record_id: why.problems[0].say for record_id, why in done.refused.items()}


def _status(town, record):
    with town.reading() as session:
        return session.get(FieldRecord, record.id).status


def test_several_are_verified_and_the_others_are_named_with_the_reason(town, send, dialogue):
    good, moved, gone = send(), send(day="2024-05-01"), send(day="2024-06-01")
    own = send(day="2024-07-01", actor=town.people.officer)
    with town.writing() as session:
        writing.send(
            session,
            town.people.supervisor,
            replace(town.entry("DP-11", PHO_VINH, dialogue(held_on="2024-05-01")), id=moved.id, seen_version=1),
        )
        decisions.return_to_author(session, town.people.leader, gone.id, 1, "Thiếu")
    refused = _verify_each(
        town, {good.id: 1, moved.id: 1, gone.id: 2, own.id: 1, uuid.UUID(int=9): 1}, town.people.officer
    )
    assert refused == {
        moved.id: Say.CHANGED_MEANWHILE,
        gone.id: Say.NOT_OPEN_FOR_CHANGE,
        own.id: Say.OWN_RECORD,
        uuid.UUID(int=9): Say.NOT_FOUND,
    }
    assert [_status(town, r) for r in (good, moved, gone, own)] == [
        RecordStatus.VERIFIED,
        RecordStatus.SENT,
        RecordStatus.RETURNED,
        RecordStatus.SENT,
    ]


@ON_SQLITE
def test_verifying_several_is_the_reviewers_and_has_an_end(town, send):
    one = send()
    assert {a.role for a in (town.people.leader, town.people.officer)} == {Role.LEADER, Role.DATA_OFFICER}
    for actor in (town.people.supervisor, town.people.administrator):
        with pytest.raises(Refused) as caught:
            _verify_each(town, {one.id: 1}, actor)
        assert caught.value.problems[0].say == Say.NOT_ALLOWED
        with pytest.raises(Refused), town.reading() as session:
            queue(session, actor, town.plan().id)
    most = {uuid.UUID(int=n): 1 for n in range(batch.MOST_AT_ONCE)}
    assert set(_verify_each(town, most).values()) == {Say.NOT_FOUND}
    with pytest.raises(Refused) as caught:
        _verify_each(town, most | {one.id: 1})
    assert caught.value.problems[0].say == Say.TOO_MANY_ROWS
    assert _status(town, one) == RecordStatus.SENT
