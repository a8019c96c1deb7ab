"""A drawn sample of verified records: the same seed draws the same, others than the verifier look, the outcome is
counted.
"""

import uuid
from collections import Counter
from datetime import date

import pytest
from sqlmodel import select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.records import writing
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.review import decisions, second_look
from data_model.review.second_look import (
    Outcome,
    chosen,
    draw_second_look,
    look_again,
    lot_hash,
    open_second_look,
    second_looks,
)
from data_model.review.tables import SecondLook
from tests.conftest import ON_SQLITE, PHO_VINH

YEAR = (date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture
def verified(town, dialogue):
    """Six sessions, verified by the leader."""
    made = []
    for month in range(1, 7):
        with town.writing() as session:
            sent = writing.send(
                session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue(held_on=f"2024-0{month}-10"))
            )
            made.append(decisions.verify(session, town.people.leader, sent.id, 1))
    return made


def _draw(town, count, days=YEAR, actor=None):
    with town.writing() as session:
        return draw_second_look(session, actor or town.people.leader, town.plan().id, *days, count)


def _look(town, look, record_id, agreed=True, reason="", actor=None, version=2):
    with town.writing() as session:
        return look_again(session, actor or town.people.officer, look.id, record_id, version, agreed, reason)


def _open(town, look, actor=None):
    with town.reading() as session:
        return open_second_look(session, actor or town.people.officer, look.id)


def _refused(act, *args, **more):
    with pytest.raises(Refused) as caught:
        act(*args, **more)
    return caught.value.problems[0].say


def test_the_recorded_seed_draws_the_same_again(town, verified):
    look = _draw(town, 3)
    lot = [record.id for record in verified]
    drawn = [one.row.id for one in _open(town, look)]
    assert drawn == chosen(look.seed, reversed(lot), 3) and set(drawn) <= set(lot)
    assert (look.asked, look.out_of, look.lot_hash) == (3, 6, lot_hash(reversed(lot)))
    with town.reading() as session:
        entry = session.exec(select(JournalEntry).where(JournalEntry.act == "draw_second_look")).one()
    assert (entry.after["seed"], entry.after["records"]) == (look.seed, [str(each) for each in drawn])


@ON_SQLITE
def test_seeds_differ_and_the_lot_is_fair(town, verified):
    assert len({_draw(town, 1).seed for _ in range(5)}) == 5
    lot = [uuid.UUID(int=n) for n in range(10)]
    counted = Counter(each for seed in range(2000) for each in chosen(seed, lot, 3))
    assert all(500 < counted[each] < 700 for each in lot), "each is drawn in 3 of 10 lots"


def test_only_what_is_verified_in_these_days_is_drawn(town, verified, dialogue):
    with town.writing() as session:
        writing.send(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue(held_on="2024-02-20")))
        decisions.return_to_author(session, town.people.leader, verified[2].id, 2, "Sai")
    look = _draw(town, 50, (date(2024, 2, 10), date(2024, 4, 10)))
    assert (look.out_of, {one.row.id for one in _open(town, look)}) == (2, {verified[1].id, verified[3].id})
    assert _refused(_draw, town, 5, (date(2024, 8, 1), date(2024, 8, 31))) == Say.NOTHING_VERIFIED
    assert _refused(_draw, town, 5, (date(2024, 8, 2), date(2024, 8, 1))) == Say.DAYS_TURNED
    for count in (0, -1, second_look.MOST_DRAWN + 1):
        assert _refused(_draw, town, count) == Say.HOW_MANY_TO_DRAW


def test_another_than_who_verified_looks_and_it_is_counted(town, verified):
    look = _draw(town, 3)
    first, second, _third = [one.row.id for one in _open(town, look)]
    assert _refused(_look, town, look, first, actor=town.people.leader) == Say.VERIFIED_IT_ONESELF
    assert [one.own for one in _open(town, look, town.people.leader)] == [True] * 3
    _look(town, look, first)
    _look(town, look, first)  # the button pressed twice
    assert _refused(_look, town, look, second, agreed=False) == Say.REASON_MISSING
    _look(town, look, second, agreed=False, reason="Ảnh của buổi khác")
    assert _refused(_look, town, look, second, agreed=True) == Say.LOOKED_ALREADY
    assert [(one.outcome, one.reason, one.verified_by, one.looked_by) for one in _open(town, look)] == [
        (Outcome.AGREED, None, "Lãnh đạo phòng", "Cán bộ tổng hợp"),
        (Outcome.NOT_AGREED, "Ảnh của buổi khác", "Lãnh đạo phòng", "Cán bộ tổng hợp"),
        (Outcome.WAITING, None, "Lãnh đạo phòng", None),
    ]
    with town.reading() as session:
        (sample,) = second_looks(session, town.people.leader, town.plan().id)
        entries = session.exec(
            select(JournalEntry).where(JournalEntry.act == "look_again").order_by(JournalEntry.id)
        ).all()
        assert session.get(FieldRecord, second).status == RecordStatus.VERIFIED, (
            "what to do about it is another decision"
        )
    assert (sample.drawn, sample.looked, sample.agreed, sample.out_of) == (3, 2, 1, 6)
    assert [(e.after["record"], e.after["agreed"], e.after["reason"]) for e in entries] == [
        (str(first), True, None),
        (str(second), False, "Ảnh của buổi khác"),
    ]


def test_what_was_verified_then_is_looked_at_and_nothing_else(town, verified):
    look = _draw(town, 6)
    with town.writing() as session:
        decisions.return_to_author(session, town.people.leader, verified[0].id, 2, "Sai ngày")
    assert _refused(_look, town, look, verified[0].id, version=3) == Say.NOT_OPEN_FOR_CHANGE
    assert _refused(_look, town, look, verified[1].id, version=1) == Say.NOT_OPEN_FOR_CHANGE
    assert {one.row.id: one.outcome for one in _open(town, look)}[verified[0].id] is Outcome.CHANGED
    assert _refused(_look, town, look, uuid.uuid4()) == Say.NOT_FOUND
    assert _refused(_look, town, SecondLook(id=99), verified[1].id) == Say.NOT_FOUND


def test_who_entered_a_record_does_not_look_at_it(town, dialogue):
    with town.writing() as session:
        own = writing.send(session, town.people.officer, town.entry("DP-11", PHO_VINH, dialogue()))
        decisions.verify(session, town.people.leader, own.id, 1)
    look = _draw(town, 1)
    assert _refused(_look, town, look, own.id) == Say.OWN_RECORD
    assert _open(town, look)[0].own
