"""A record sent again neither loses a follow-up nor doubles it; and whatever people press, the rules hold."""

import uuid
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_model.core.problems import Refused
from data_model.follow_up import steps
from data_model.forms.kind import Recommended
from data_model.records import tables, writing
from data_model.records.recommendations import pair
from data_model.records.tables import FINISHED, WAITING, Recommendation
from data_model.records.tables import FollowUpState as State
from data_model.review import decisions
from tests.conftest import ON_SQLITE, PHO_MINH
from tests.data_model.visits import FIX_LOA, all_of, visit_entry

BOOK = {"what": "Ghi đủ biến động vào sổ theo dõi hộ nghèo", "responsible": "Công chức văn hóa", "fix_by": "2024-10-30"}
LIST = {"what": "Niêm yết danh sách học nghề tại nhà văn hóa", "responsible": "UBND xã", "fix_by": "2024-11-05"}


@pytest.fixture
def visit(town):
    """Sends a visit, then sends it again with other recommendations; gives what stands after each send."""
    made = visit_entry(town, [])

    def sending(*rows, unit=None):
        with town.writing() as session:
            known = session.get(tables.FieldRecord, made.id)
            entry = replace(
                made, answers=made.answers | {"recommendations": list(rows)}, seen_version=known.version if known else 0
            )
            record = writing.send(session, town.people.supervisor, replace(entry, unit_id=unit or entry.unit_id))
        return all_of(town, record)

    return sending


def by_what(rows) -> dict:
    return {r.what: r for r in rows}


def move(town, one, to, word="Ghi"):
    with town.writing() as session:
        return steps.report(session, town.people.supervisor, one.id, one.version, to, word)


def close(town, one):
    told = move(town, one, State.DONE)
    with town.writing() as session:
        return steps.confirm(session, town.people.leader, told.id, told.version)


def test_rows_moved_added_and_reworded_keep_their_follow_up(town, visit):
    first, second = visit(FIX_LOA, BOOK)
    move(town, second, State.IN_PROGRESS)
    reworded = BOOK | {"what": "Ghi đủ các biến động vào sổ theo dõi hộ nghèo, cận nghèo", "fix_by": "2024-11-10"}
    rows = visit(LIST, reworded, FIX_LOA)
    assert [r.id for r in rows[1:]] == [second.id, first.id]
    assert (rows[1].state, rows[1].what, rows[1].fix_by) == (State.IN_PROGRESS, reworded["what"], date(2024, 11, 10))
    assert len(rows) == 3


def test_the_same_send_again_changes_nothing(town, visit):
    before = [(r.id, r.version) for r in visit(FIX_LOA, BOOK)]
    assert [(r.id, r.version) for r in visit(FIX_LOA, BOOK)] == before


def test_what_nobody_touched_is_taken_out_by_its_author_and_can_come_back(town, visit):
    (loa, _book) = visit(FIX_LOA, BOOK)
    gone = by_what(visit(BOOK))[FIX_LOA["what"]]
    assert (gone.id, gone.state, gone.in_record) == (loa.id, State.NO_LONGER, False)
    back = by_what(visit(BOOK, FIX_LOA))
    assert (back[FIX_LOA["what"]].id, back[FIX_LOA["what"]].state, len(back)) == (loa.id, State.OPEN, 2)


def test_what_was_worked_on_is_taken_out_only_with_a_second_person(town, visit):
    (loa,) = visit(FIX_LOA)
    move(town, loa, State.IN_PROGRESS)
    (gone,) = visit()
    assert gone.state == State.DROPPING
    with town.writing() as session:
        back = steps.send_back(session, town.people.leader, gone.id, gone.version, "Vẫn phải làm")
    assert (back.state, back.in_record) == (State.IN_PROGRESS, False)
    (again,) = visit(FIX_LOA)
    assert (again.id, again.in_record, again.state) == (loa.id, True, State.IN_PROGRESS)


def test_after_a_review_the_author_alone_takes_nothing_out(town, visit):
    (loa,) = visit(FIX_LOA)
    with town.writing() as session:
        record = session.get(tables.FieldRecord, loa.record_id)
        decisions.return_to_author(session, town.people.leader, record.id, record.version, "Bổ sung")
    assert visit()[0].state == State.DROPPING


def test_a_report_does_not_survive_a_removal_in_another_name(town, visit):
    (loa,) = visit(FIX_LOA)
    with town.writing() as session:
        steps.report(session, town.people.officer, loa.id, loa.version, State.DONE, "Xong")
    visit()
    (back,) = visit(FIX_LOA)
    assert (back.state, back.reported_by) == (State.IN_PROGRESS, None)


def test_a_closed_one_keeps_the_words_it_was_confirmed_with_and_stays_closed(town, visit):
    (loa,) = visit(FIX_LOA)
    close(town, loa)
    (kept,) = visit(FIX_LOA | {"weight": "serious", "fix_by": "2025-01-31"})
    assert (kept.state, kept.weight, kept.fix_by) == (State.CLOSED, None, date(2024, 10, 20))
    rows = visit(FIX_LOA | {"what": "Sửa loa truyền thanh, lắp thêm hai cụm mới ở thôn Đông"})
    assert sorted(r.state for r in rows) == [State.CLOSED, State.OPEN]  # another demand is not closed with it
    rows = visit()
    assert {r.id: r.state for r in rows}[loa.id] == State.CLOSED


def test_what_was_confirmed_as_gone_is_a_new_demand_when_it_is_asked_again(town, visit):
    (loa,) = visit(FIX_LOA)
    move(town, loa, State.IN_PROGRESS)
    (gone,) = visit()
    with town.writing() as session:
        steps.confirm(session, town.people.leader, gone.id, gone.version)
    assert sorted((r.state, r.in_record) for r in visit(FIX_LOA)) == [(State.NO_LONGER, False), (State.OPEN, True)]


def test_a_visit_corrected_to_another_commune_takes_its_recommendations_along(town, visit):
    visit(FIX_LOA, BOOK)
    there = town.unit(PHO_MINH).id
    assert {r.unit_id for r in visit(BOOK, unit=there)} == {there}


@ON_SQLITE
def test_two_rows_with_the_same_words_are_two(town, visit):
    first = visit(FIX_LOA, FIX_LOA)
    assert len(first) == 2
    assert [r.id for r in visit(FIX_LOA, FIX_LOA)] == [r.id for r in first]


@ON_SQLITE
def test_the_same_words_for_two_persons_are_told_apart_wherever_they_stand(town, visit):
    first, second = visit(FIX_LOA, FIX_LOA | {"responsible": "Kế toán"})
    assert [r.id for r in visit(FIX_LOA | {"responsible": "Kế toán"}, FIX_LOA)] == [second.id, first.id]


words = st.sampled_from(["Sửa loa ở hai thôn", "Sửa loa ở ba thôn", "Ghi sổ hộ nghèo", "Niêm yết danh sách", "Họp lại"])
asked = st.builds(Recommended, words, st.sampled_from(["UBND xã", "Kế toán"]), st.just(date(2024, 11, 1)), st.none())
known = st.builds(
    lambda r, state: Recommendation(what=r.what, responsible=r.responsible, fix_by=r.fix_by, state=state),
    asked,
    st.sampled_from(list(State)),
)


@given(st.lists(known, max_size=6), st.lists(asked, max_size=6))
def test_pairing_uses_each_once_and_finds_every_exact_one(kept, rows):
    partner = pair(kept, rows)
    used = [at for at in partner if at is not None]
    assert len(partner) == len(rows) and len(used) == len(set(used))
    for text in {r.what for r in rows}:
        there, wanted = sum(k.what == text for k in kept), sum(r.what == text for r in rows)
        found = sum(at is not None and rows[n].what == text == kept[at].what for n, at in enumerate(partner))
        assert found == min(there, wanted)


presses = st.lists(
    st.tuples(
        st.sampled_from(["supervisor", "second", "officer", "leader", "administrator"]),
        st.sampled_from([State.IN_PROGRESS, State.DONE, State.DROPPING, State.CLOSED, "confirm", "send_back"]),
        st.sampled_from([0, 0, 0, -1]),
    ),
    min_size=4,
    max_size=14,
)


@ON_SQLITE
def test_whoever_presses_whatever_nobody_confirms_the_own_report_and_what_is_finished_stays(town, visit):
    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(presses)
    def walk(pressed):
        with pytest.raises(ZeroDivisionError), town.writing() as session:
            entry = visit_entry(town, [FIX_LOA])
            record = writing.send(session, town.people.supervisor, entry)
            one = steps.waiting_for_visit(session, town.people.leader, record.plan_id, record.unit_id)[-1]
            row = session.get(Recommendation, uuid.UUID(one.id))
            for who, what, behind in pressed:
                _press(session, getattr(town.people, who), row, what, behind)
            raise ZeroDivisionError  # undo

    walk()


def _press(session, actor, row, what, behind):
    """One press, and what must hold after it."""
    before = (row.state, row.version, row.reported_by)
    try:
        if what == "confirm":
            steps.confirm(session, actor, row.id, row.version + behind)
        elif what == "send_back":
            steps.send_back(session, actor, row.id, row.version + behind, "Chưa")
        else:
            steps.report(session, actor, row.id, row.version + behind, what, "Ghi")
    except Refused:
        session.refresh(row)
        assert (row.state, row.version, row.reported_by) == before
        return
    assert before[0] not in FINISHED or row.version == before[1]
    if row.state in FINISHED and row.version != before[1]:
        assert before[0] in WAITING and before[2] not in (None, actor.id) and actor.role in ("leader", "data_officer")
    assert (row.reported_by is not None) == (row.state in (*WAITING, *FINISHED))
