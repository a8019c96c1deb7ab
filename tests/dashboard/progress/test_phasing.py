"""A phasing while it is typed: nothing is assumed, nothing is lost, and whether it fits is said at once."""

from fractions import Fraction

import pytest

from dashboard.i18n import words
from dashboard.plans.phasing_draft import Draft, fit, phasable, window
from data_model.plans.tables import Comparator
from tests.data_model.small_plan import line, plan

OPEN, SAVED = line(need=5, activity_id=10), line(need=5, activity_id=11, phases={2: 2, 3: 2, 4: 1})


@pytest.fixture(autouse=True)
def vietnamese():
    words.speak("vi")


def test_only_what_adds_up_is_phased():
    whole = line(need=2, activity_id=20, part_ids=(21,))
    lines = [
        OPEN,
        line(need=None, activity_id=12),
        line(need=100, activity_id=13, comparator=Comparator.PERCENTAGE),
        whole,
        line(need=2, activity_id=21, part_of=20),
    ]
    assert [one.activity_id for one in phasable(plan(*lines))] == [10, 21]


def test_a_proposal_is_not_saved_and_leaves_accepted_shares_alone():
    draft, of = Draft(), plan(OPEN, SAVED)
    empty = [one for one in (OPEN, SAVED) if draft.is_empty(one)]
    assert empty == [OPEN]
    draft.propose(of, empty)
    assert draft.changes([OPEN, SAVED]) == {OPEN.target_id: {2: 2, 3: 2, 4: 1}}
    assert OPEN.phases == {}


def test_typed_shares_stand_over_saved_ones_until_dropped():
    draft = Draft()
    draft.put(SAVED, 4, 2)
    assert draft.shares(SAVED)[4] == 2 and draft.shares(SAVED)[2] == 2
    assert draft.changes([SAVED]) == {SAVED.target_id: {2: 2, 3: 2, 4: 2}}
    draft.drop()
    assert draft.changes([SAVED]) == {} and draft.shares(SAVED)[4] == 1


def test_typing_the_saved_value_again_is_no_change_and_clearing_all_takes_it_away():
    draft = Draft()
    draft.put(SAVED, 4, 1.0)
    assert draft.changes([SAVED]) == {}
    for quarter in (2, 3, 4):
        draft.put(SAVED, quarter, None)
    assert draft.changes([SAVED]) == {SAVED.target_id: {}}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "chưa phân kỳ"),
        ({2: 5}, "khớp 5"),
        ({2: 4}, "thiếu 1 so với 5"),
        ({2: 7}, "thừa 2 so với 5"),
        ({1: 5}, "quý I ngoài thời gian thực hiện"),
        ({1: 0, 2: 5}, "khớp 5"),
    ],
)
def test_whether_it_fits_is_said(typed, said):
    assert fit(plan(OPEN), OPEN, {q: Fraction(share) for q, share in typed.items()}) == said


def test_the_quarters_of_the_plan_are_named():
    assert window(plan(OPEN), OPEN) == "II, III, IV"
