"""The marks of a record, and what they ask of who verifies it."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlmodel import select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.evidence import attachments, tables
from data_model.evidence.content import Examined, Medium
from data_model.records import writing
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.review import decisions
from data_model.review.marks import Marks, marks_of
from data_model.review.queue import queue
from data_model.units.tables import UnitBoundary
from tests.conftest import ON_SQLITE, PHO_MINH, PHO_VINH

GOOD_VISIT = {"visited_on": "2024-10-01", "team": "Tổ trưởng", "findings": [{"what": "Loa hỏng"}]}


def photograph(session, town, record, latitude=None, longitude=None):
    entry = writing.Entry(
        id=record.id, plan_id=record.plan_id, activity_id=record.activity_id, unit_id=record.unit_id, answers={}
    )
    examined = Examined(
        Medium.PHOTO, "x.jpg", "image/jpeg", b"x", "0" * 64, b"x", 1, 1, latitude=latitude, longitude=longitude
    )
    return attachments.attach(session, town.people.supervisor, uuid.uuid4(), entry, examined)


@pytest.fixture
def send(town):
    def sending(line, answers, unit=PHO_VINH, photo=False, **more):
        rounds = town.line(line).round_ids
        with town.writing() as session:
            entry = town.entry(line, unit, answers, round_id=rounds[0] if rounds else None, **more)
            record = writing.send(session, town.people.supervisor, entry)
            if photo:
                photograph(session, town, record)
        return record

    return sending


def _marks(town, record) -> Marks:
    with town.reading() as session:
        return marks_of(session, town.people.leader, [record.id])[record.id]


def _lacking(town, record):
    return [label.vi for label in _marks(town, record).lacking]


def test_an_empty_visit_lacks_team_result_and_photo(town, send):
    assert _lacking(town, send("DP-17a", {"visited_on": "2024-10-01"})) == ["đoàn giám sát", "kết quả", "ảnh hoặc tệp"]


def test_a_visit_with_all_three_has_no_mark(town, send):
    good = send("DP-17a", GOOD_VISIT, photo=True)
    assert not _marks(town, good)
    with town.writing() as session:
        piece = session.exec(select(tables.Evidence)).one()
        attachments.remove(session, town.people.supervisor, piece.id)
    assert _lacking(town, good) == ["ảnh hoặc tệp"], "a photo that was taken away shows nothing"


def test_two_alike_an_unmet_condition_and_lateness_are_marks(town, send, dialogue):
    first, second = send("DP-11", dialogue()), send("DP-11", dialogue(held_on="2024-10-12", attendance={"total": 49}))
    assert (_marks(town, first), _marks(town, second)) == (Marks(similar=True), Marks(similar=True, unmet=1))
    with town.writing() as session:
        decisions.void(session, town.people.leader, first.id, 1, "Nhập hai lần")
    assert _marks(town, second) == Marks(unmet=1)


def test_far_away_is_what_the_units_ground_says(town, send, dialogue):
    unit = town.unit(PHO_VINH)
    near = send("DP-11", dialogue(held_on="2024-03-01"), position=(unit.latitude, unit.longitude, 5.0))
    far = send("DP-11", dialogue(held_on="2024-04-01"), position=(21.03, 105.85, 5.0))
    photographed = send("DP-11", dialogue(held_on="2024-05-01"))
    with town.writing() as session:
        photograph(session, town, photographed, 21.03, 105.85)
    assert [_marks(town, one) for one in (near, far, photographed)] == [Marks(), Marks(far=True), Marks(far=True)]
    square = [[[105.8, 21.0], [105.9, 21.0], [105.9, 21.1], [105.8, 21.1], [105.8, 21.0]]]
    with town.writing() as session:
        session.add(
            UnitBoundary(unit_id=unit.id, geometry=f'{{"type": "Polygon", "coordinates": {square}}}', source="thử")
        )
    assert [_marks(town, one).far for one in (near, far, photographed)] == [True, False, False]


def test_a_page_of_the_queue_costs_as_many_queries_as_one_record(town, send, dialogue):
    def asked() -> int:
        statements = []
        with town.reading() as session:
            event.listen(session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))
            page = queue(session, town.people.leader, town.plan().id)
        assert len(page.waiting) in (1, 9) and all(w.marks is not None for w in page.waiting)
        return len(statements)

    unit = town.unit(PHO_VINH)
    send("DP-11", dialogue(held_on="2024-01-10"), position=(unit.latitude, unit.longitude, 5.0))
    one = asked()
    for month in range(2, 10):
        send(
            "DP-11",
            dialogue(held_on=f"2024-0{month}-10"),
            unit=PHO_MINH if month % 2 else PHO_VINH,
            photo=True,
            position=(unit.latitude, unit.longitude, 5.0),
        )
    assert asked() == one


def test_a_marked_record_is_verified_with_a_word_that_the_journal_keeps(town, send):
    empty = send("DP-17a", {"visited_on": "2024-10-01"})
    for word in ("", "  ", "...", "\u200b"):
        with pytest.raises(Refused) as caught, town.writing() as session:
            decisions.verify(session, town.people.leader, empty.id, 1, word)
        assert [(p.where, p.say) for p in caught.value.problems] == [("reason", Say.WORD_FOR_MARKED)]
    with town.writing() as session:
        decisions.verify(session, town.people.leader, empty.id, 1, "Đã gọi cho xã")
    with town.reading() as session:
        record = session.get(FieldRecord, empty.id)
        entry = session.exec(select(JournalEntry).where(JournalEntry.act == "verified")).one()
    assert (record.status, record.reason, entry.after["reason"]) == (RecordStatus.VERIFIED, None, "Đã gọi cho xã")


@ON_SQLITE
def test_a_record_without_a_mark_needs_no_word(town, send, dialogue):
    good = send("DP-11", dialogue())
    with town.writing() as session:
        assert decisions.verify(session, town.people.leader, good.id, 1).status == RecordStatus.VERIFIED


@ON_SQLITE
def test_what_its_author_completes_loses_the_mark(town, send):
    empty = send("DP-17a", {"visited_on": "2024-10-01"}, photo=True)
    with town.writing() as session:
        again = replace(
            town.entry("DP-17a", PHO_VINH, GOOD_VISIT, round_id=empty.round_id), id=empty.id, seen_version=1
        )
        writing.send(session, town.people.supervisor, again)
    assert not _marks(town, empty)
