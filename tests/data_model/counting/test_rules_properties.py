"""What holds for every plan and whatever was recorded (generated data)."""

import itertools
from collections import defaultdict
from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from data_model.counting.plan import count_plan
from data_model.counting.rules import LATER, TargetStatus
from data_model.plans.phasing import propose_even
from data_model.plans.tables import Comparator, Scope
from tests.data_model.small_plan import OWNER, A, B, C, done, line, plan, value

RED = {TargetStatus.NOT_MET, TargetStatus.OVERDUE, TargetStatus.SLOW, TargetStatus.VERY_SLOW}
days = st.dates(date(2024, 1, 1), date(2024, 12, 31))
settings.register_profile("counting", max_examples=80, deadline=None)
settings.load_profile("counting")


@st.composite
def lines(draw, activity_id=10):
    scope = draw(st.sampled_from(Scope))
    units = (
        (A, B, C)
        if scope is Scope.EACH_UNIT
        else draw(st.sampled_from([(A,), (A, B)]))
        if scope is Scope.NAMED_UNITS
        else ()
    )
    rounds = draw(st.sampled_from([(), (), (7,), (7, 8)])) if scope is Scope.EACH_UNIT else ()
    need = len(rounds) or draw(
        st.one_of(st.none(), st.integers(1, 30), st.sampled_from([Fraction(3, 2), Fraction(1, 2)]))
    )
    first, last = sorted((draw(days), draw(days)))
    made = line(
        activity_id=activity_id,
        need=need,
        scope=scope,
        unit_ids=units,
        rounds=rounds,
        due=draw(st.one_of(st.none(), days)),
        comparator=draw(st.sampled_from([Comparator.EXACTLY, Comparator.AT_LEAST, Comparator.ABOUT])),
        window_from=draw(st.one_of(st.none(), st.just(first))),
        window_to=draw(st.one_of(st.none(), st.just(last))),
    )
    return replace(made, phases=propose_even(plan(made), made)) if draw(st.booleans()) else made


@st.composite
def plans_with_records(draw):
    made = [draw(lines(activity_id=10 + n)) for n in range(draw(st.integers(1, 4)))]
    tallies = [
        done(
            draw(st.sampled_from([A, B, C, OWNER])),
            draw(st.integers(0, 40)),
            activity_id=(at := draw(st.sampled_from(made))).activity_id,
            quarter=draw(st.integers(1, LATER)),
            verified=draw(st.booleans()),
            count=draw(st.integers(0, 5)),
            round_id=draw(st.sampled_from(at.round_ids)) if at.rounds else None,
            running=draw(st.integers(0, 2)),
        )
        for _ in range(draw(st.integers(0, 12)))
    ]
    return plan(*made, rule=draw(st.sampled_from(["calendar", "15_to_14"]))), tallies


values = st.lists(
    st.tuples(st.integers(-20, 130), st.sampled_from([A, B, C, OWNER]), days, st.booleans()), max_size=8
).map(
    # Every value has its own turn, as sending and accepting give it.
    lambda rows: [
        value(number, unit, on, verified=verified, sent=turn) for turn, (number, unit, on, verified) in enumerate(rows)
    ]
)


def _begins_in(tally) -> int:
    """The quarter that a made-up tally's quantity lies in."""
    return next((q for q, quantity in enumerate(tally.until, 1) if quantity), 5)


@given(plans_with_records(), days)
def test_a_target_is_done_only_when_every_place_it_is_due_in_has_its_number(made, on):
    counted_plan, tallies = made
    for target in count_plan(counted_plan, tallies, [], on).targets:
        if not target.line.unit_ids or target.need is None:
            continue
        at = defaultdict(int)
        for t in tallies:
            if t.verified and t.activity_id == target.line.activity_id:
                at[t.unit_id, t.round_id] += t.until[-1]
        one = 1 if target.line.rounds else target.need / len(target.line.unit_ids)
        filled = all(at[u, r] >= one for u in target.line.unit_ids for r in target.line.round_ids or (None,))
        assert (target.status is TargetStatus.DONE) is filled
        assert (target.percent >= 1) is filled and target.percent <= 1


@given(plans_with_records(), days, st.integers(1, 50))
def test_more_in_a_commune_that_is_full_changes_no_percent(made, on, more):
    counted_plan, tallies = made
    before = count_plan(counted_plan, tallies, [], on)
    for target in before.targets:
        if target.line.rounds or target.need is None:
            continue
        for unit_id in target.line.unit_ids:
            if target.cells[unit_id].percent >= 1:
                surplus = done(unit_id, more, activity_id=target.line.activity_id, quarter=1)
                after = count_plan(counted_plan, [*tallies, surplus], [], on).by_activity[target.line.activity_id]
                assert after.percent == target.percent


@given(plans_with_records(), days)
def test_without_a_number_there_is_no_percent_and_never_red(made, on):
    counted_plan, tallies = made
    for target in count_plan(counted_plan, tallies, [], on).targets:
        if target.line.need is None:
            assert target.percent is None and target.percent_reported is None and target.capped is None
            assert target.status is TargetStatus.NO_NUMBER and target.status not in RED
            assert all(cell.percent is None for cell in target.cells.values())


@given(plans_with_records(), days)
def test_verified_is_never_above_reported(made, on):
    counted_plan, tallies = made
    counted = count_plan(counted_plan, tallies, [], on)
    for target in counted.targets:
        pairs = [target.done, target.happened, *target.by_quarter, *(c.done for c in target.cells.values())]
        assert all(pair.verified <= pair.reported for pair in pairs)
        if target.rounds_done:
            assert target.rounds_done.verified <= target.rounds_done.reported
        assert target.percent is None or target.percent <= target.percent_reported
    for unit in counted.units.values():
        assert unit.mean is None or 0 <= unit.mean <= unit.mean_reported <= 1


@given(plans_with_records(), values, days, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(made, measured, on, random):
    counted_plan, tallies = made
    measuring = line(activity_id=10, need=100, comparator=Comparator.PERCENTAGE)
    counted_plan = replace(counted_plan, lines=(measuring, *counted_plan.lines[1:]))
    shuffled, shuffled_values = random.sample(tallies, len(tallies)), random.sample(measured, len(measured))
    assert count_plan(counted_plan, tallies, measured, on) == count_plan(counted_plan, shuffled, shuffled_values, on)


@given(plans_with_records(), days)
def test_one_tally_of_many_is_the_same_as_many_of_one(made, on):
    """However the database groups the records, the figures are the same."""
    counted_plan, tallies = made
    split = [
        t._replace(until=q, count=c, running=r, unmet=u)
        for t in tallies
        for q, c, r, u in ((t.until, 0, 0, 0), ((0,) * 5, t.count, t.running, t.unmet))
    ]
    assert count_plan(counted_plan, tallies, [], on) == count_plan(counted_plan, split, [], on)


@given(plans_with_records(), days, days)
def test_moving_the_day_forward_never_lowers_what_was_counted(made, one_day, other_day):
    counted_plan, tallies = made
    early, late = sorted((one_day, other_day))
    ends = counted_plan.quarter_ends

    def until(on):  # what the query hands over: tallies of quarters that have ended by that day
        return count_plan(
            counted_plan, [t for t in tallies if _begins_in(t) <= 4 and ends[_begins_in(t) - 1] <= on], [], on
        )

    for before, after in zip(until(early).targets, until(late).targets, strict=True):
        assert before.done.verified <= after.done.verified and before.done.reported <= after.done.reported
        assert before.planned_to_date is None or before.planned_to_date <= after.planned_to_date


@given(plans_with_records(), days)
def test_the_quarters_add_up_to_the_whole(made, on):
    counted_plan, tallies = made
    for target in count_plan(counted_plan, tallies, [], on).targets:
        shown = [q.verified for q in target.by_quarter]
        assert shown == sorted(shown) and shown[-1] == target.done.verified
        of_each = [shown[0], *(later - earlier for earlier, later in itertools.pairwise(shown))]
        assert sum(of_each) == target.done.verified and min(of_each) >= 0
        if target.line.unit_ids and target.need is not None:
            assert sum(target.cells[u].done.verified for u in target.line.unit_ids) == target.done.verified


@given(lines())
def test_an_even_phasing_adds_up_to_the_number_and_stays_in_the_window(made):
    proposed = propose_even(plan(made), made)
    if made.need is None:
        assert proposed == {}
    else:
        assert sum(proposed.values()) == made.total_need and min(proposed.values()) >= 0
        assert max(proposed.values()) - min(proposed.values()) <= 1


@given(plans_with_records(), days)
def test_the_headline_counts_every_target_once_and_the_mean_stays_between_0_and_1(made, on):
    counted = count_plan(*made, [], on)
    assert sum(counted.headline.values()) == len(counted.targets)
    assert counted.mean is None or 0 <= counted.mean <= 1
