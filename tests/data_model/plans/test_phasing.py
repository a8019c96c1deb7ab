"""Phasing by quarter: only what adds up, in the plan's window, by a leader; all or nothing."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from sqlmodel import select

from data_model.core import clock
from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.plans import phasing
from data_model.plans.tables import Phase, Plan
from data_model.plans.view import view_plan
from data_model.progress import figures


def _set(town, shares, actor=None):
    with town.writing() as session:
        phasing.set_phasing(session, actor or town.people.leader, town.plan().id, shares)


def _refused(town, shares, actor=None):
    before = town.plan().revision
    with pytest.raises(Refused) as refused:
        _set(town, shares, actor)
    with town.reading() as session:
        assert session.exec(select(Phase)).all() == []
        assert not session.exec(select(JournalEntry).where(JournalEntry.act == "set_phasing")).all()
    assert town.plan().revision == before
    return {p.where: p.say for p in refused.value.problems}


def test_a_leaders_phasing_gives_the_target_a_planned_to_date(town):
    dialogues = town.line("DP-11")
    _set(town, {dialogues.target_id: {1: Fraction(0), 2: Fraction(6), 3: Fraction(6), 4: Fraction(3)}})
    assert town.line("DP-11").phases == {2: 6, 3: 6, 4: 3}
    with town.reading() as session:
        counted = figures.plan_progress(session, town.people.leader, town.plan().id)
    assert counted.by_activity[dialogues.activity_id].planned_to_date == 12


def test_it_raises_the_revision_and_leaves_one_journal_entry(town):
    a, b, before = town.line("DP-11").target_id, town.line("DP-03").target_id, town.plan().revision
    _set(town, {a: {2: Fraction(15)}, b: {2: Fraction(1), 3: Fraction(2), 4: Fraction(2)}})
    assert town.plan().revision == before + 1
    with town.reading() as session:
        (entry,) = session.exec(select(JournalEntry).where(JournalEntry.act == "set_phasing")).all()
        accepted = session.exec(select(Phase)).all()
    assert entry.account_id == town.people.leader.id
    assert entry.before == {"phasing": {str(a): {}, str(b): {}}}
    assert entry.after["phasing"] == {str(a): {"2": "15"}, str(b): {"2": "1", "3": "2", "4": "2"}}
    assert {p.accepted_by for p in accepted} == {town.people.leader.id}


def test_the_same_phasing_again_changes_nothing(town):
    shares = {town.line("DP-11").target_id: {2: Fraction(15)}}
    _set(town, shares)
    before = town.plan().revision
    _set(town, shares)
    assert town.plan().revision == before


def test_no_shares_remove_the_phasing(town):
    target = town.line("DP-11").target_id
    _set(town, {target: {2: Fraction(15)}})
    _set(town, {target: {}})
    assert town.line("DP-11").phases == {}


def test_thirds_survive_being_stored(town):
    _set(town, {town.line("DP-03").target_id: {2: Fraction(5, 3), 3: Fraction(5, 3), 4: Fraction(5, 3)}})
    assert set(town.line("DP-03").phases.values()) == {Fraction(5, 3)}


def test_a_line_with_parts_is_phased_on_its_whole_number(town):
    _set(town, {town.line("DP-17").target_id: {2: Fraction(15), 3: Fraction(15), 4: Fraction(15)}})
    assert sum(town.line("DP-17").phases.values()) == 45


@pytest.mark.parametrize("shares", [{2: 6, 3: 6, 4: 4}, {2: 15, 3: 15}, {4: 14}])
def test_what_does_not_add_up_is_refused(town, shares):
    target = town.line("DP-11").target_id
    assert _refused(town, {target: {q: Fraction(s) for q, s in shares.items()}}) == {f"{target}": Say.PHASING_SUM}


def test_a_negative_share_is_refused(town):
    target = town.line("DP-11").target_id
    assert _refused(town, {target: {2: Fraction(-1), 3: Fraction(16)}}) == {f"{target}.2": Say.TOO_SMALL}


@pytest.mark.parametrize("quarter", [0, 1, 5])
def test_a_quarter_outside_the_window_is_refused(town, quarter):
    target = town.line("DP-11").target_id
    assert _refused(town, {target: {quarter: Fraction(5), 3: Fraction(10)}}) == {
        f"{target}.{quarter}": Say.PHASING_OUTSIDE_WINDOW
    }


@pytest.mark.parametrize("where", ["without a number", "of another plan", "money", "nowhere"])
def test_what_has_no_number_in_this_plan_cannot_be_phased(town, where):
    target = {
        "without a number": lambda: town.line("DP-02").target_id,
        "of another plan": lambda: town.line("BT-01", "ba_to_2024").target_id,
        "money": lambda: town.line("DP-13").target_id,
        "nowhere": lambda: 987_654,
    }[where]()
    assert _refused(town, {target: {4: Fraction(15)}}) == {f"{target}": Say.NOT_FOUND}


def test_one_bad_target_keeps_back_the_good_ones(town):
    good, bad = town.line("DP-03").target_id, town.line("DP-11").target_id
    assert _refused(town, {good: {4: Fraction(5)}, bad: {4: Fraction(5)}}) == {f"{bad}": Say.PHASING_SUM}


@pytest.mark.parametrize("who", ["supervisor", "officer", "administrator"])
def test_only_a_leader_sets_it(town, who):
    shares = {town.line("DP-11").target_id: {4: Fraction(15)}}
    assert _refused(town, shares, getattr(town.people, who)) == {"": Say.NOT_ALLOWED}


def test_a_revision_that_was_undone_is_not_remembered(town):
    """What a transaction saw before it failed must not be taken for what another process then wrote."""
    line, plan_id = town.line("DP-11"), town.plan().id
    with pytest.raises(ZeroDivisionError), town.writing() as session:
        phasing.set_phasing(session, town.people.leader, plan_id, {line.target_id: {2: Fraction(15)}})
        assert view_plan(session, plan_id).line_by_activity[line.activity_id].phases == {2: 15}
        raise ZeroDivisionError
    with town.writing() as session:  # another process, which reads no plan of ours
        session.add(
            Phase(
                target_id=line.target_id,
                quarter=4,
                quantity=15,
                accepted_by=town.people.leader.id,
                accepted_at=clock.now(),
            )
        )
        session.get(Plan, plan_id).revision += 1
    assert town.line("DP-11").phases == {4: 15}


def test_two_leaders_at_one_moment_raise_the_revision_twice(town):
    a, b, before = town.line("DP-11").target_id, town.line("DP-03").target_id, town.plan().revision
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda shares: _set(town, shares), [{a: {4: Fraction(15)}}, {b: {4: Fraction(5)}}]))
    assert town.plan().revision == before + 2
    assert (town.line("DP-11").phases, town.line("DP-03").phases) == ({4: 15}, {4: 5})
