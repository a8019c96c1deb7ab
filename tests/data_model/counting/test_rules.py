"""The rules of counting, each shown by a small plan; R1, R2 ... are the numbers in the docstring of
`counting.rules`.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from data_model.counting.plan import count_plan
from data_model.counting.rules import NOTHING, Pair, TargetStatus, differs_from_parts, planned_to_date
from data_model.forms.kind import Addend
from data_model.plans.phasing import propose_even, window_quarters
from data_model.plans.tables import Comparator, Scope
from data_model.plans.view import quarter_ends
from data_model.units.tables import Unit
from tests.data_model.small_plan import OWNER, A, B, C, done, each, line, plan, value

DAY = date(2024, 10, 15)
ZERO = {"need": 0, "comparator": Comparator.KEEP_ZERO}
PERCENT = {"need": 100, "comparator": Comparator.PERCENTAGE}


def one(counted_line, tallies=(), values=(), on=DAY, **rules):
    """Progress of the only line of a plan."""
    return count_plan(plan(counted_line, **rules), tallies, values, on).targets[0]


def figures(verified, reported):
    return Pair(Fraction(verified), Fraction(reported))


# --- the table of statuses, line by line -----------------------------------------------------

STATUSES = [
    ("no number, much done", line(need=None), [done(quantity=9)], [], DAY, TargetStatus.NO_NUMBER),
    ("no number, long past", line(need=None, due=date(2024, 1, 31)), [], [], DAY, TargetStatus.NO_NUMBER),
    ("percentage unmeasured", line(**PERCENT), [], [], DAY, TargetStatus.NO_DATA),
    ("percentage unmeasured, overdue", line(**PERCENT, due=date(2024, 6, 30)), [], [], DAY, TargetStatus.NO_DATA),
    ("percentage only reported", line(**PERCENT), [], [value(100, verified=False)], DAY, TargetStatus.NO_DATA),
    ("zero unmeasured", line(**ZERO), [], [], DAY, TargetStatus.NO_DATA),
    ("zero above zero", line(**ZERO), [], [value(1)], DAY, TargetStatus.NOT_MET),
    ("zero kept", line(**ZERO), [], [value(0)], DAY, TargetStatus.DONE),
    ("zero kept again", line(**ZERO), [], [value(3, on=date(2024, 5, 1)), value(0)], DAY, TargetStatus.DONE),
    ("zero lost again", line(**ZERO), [], [value(0, on=date(2024, 5, 1)), value(3)], DAY, TargetStatus.NOT_MET),
    ("number reached", line(need=5), [done(quantity=5)], [], DAY, TargetStatus.DONE),
    ("number passed", line(need=5), [done(quantity=6)], [], DAY, TargetStatus.DONE),
    (
        "number reached after the due date",
        line(need=5, due=date(2024, 6, 30)),
        [done(quantity=5)],
        [],
        DAY,
        TargetStatus.DONE,
    ),
    (
        "number reached in reports only",
        line(need=5),
        [done(quantity=5, verified=False)],
        [],
        DAY,
        TargetStatus.UNPHASED,
    ),
    ("percentage reached", line(**PERCENT), [], [value(100)], DAY, TargetStatus.DONE),
    (
        "percentage fell again",
        line(**PERCENT),
        [],
        [value(100, on=date(2024, 5, 1)), value(99)],
        DAY,
        TargetStatus.UNPHASED,
    ),
    ("due day itself", line(due=DAY), [], [], DAY, TargetStatus.UNPHASED),
    ("day after the due day", line(due=date(2024, 10, 14)), [], [], DAY, TargetStatus.OVERDUE),
    (
        "overdue, on phase",
        line(due=date(2024, 10, 14), phases={2: 2, 4: 3}),
        [done(quantity=2)],
        [],
        DAY,
        TargetStatus.OVERDUE,
    ),
    ("window not begun", line(window_from=date(2024, 10, 16)), [], [], DAY, TargetStatus.NOT_DUE),
    ("first day of the window", line(window_from=DAY), [], [], DAY, TargetStatus.UNPHASED),
    ("window not begun, phased", line(window_from=date(2024, 11, 1), phases={4: 5}), [], [], DAY, TargetStatus.NOT_DUE),
    ("nothing planned yet", line(phases={4: 5}), [], [], DAY, TargetStatus.NOT_DUE),
    ("not phased", line(), [done(quantity=4)], [], DAY, TargetStatus.UNPHASED),
    ("90 % of planned", line(need=20, phases={2: 10, 4: 10}), [done(quantity=9)], [], DAY, TargetStatus.ON_TRACK),
    ("89 % of planned", line(need=200, phases={2: 100, 4: 100}), [done(quantity=89)], [], DAY, TargetStatus.SLOW),
    ("70 % of planned", line(need=20, phases={2: 10, 4: 10}), [done(quantity=7)], [], DAY, TargetStatus.SLOW),
    ("69 % of planned", line(need=200, phases={2: 100, 4: 100}), [done(quantity=69)], [], DAY, TargetStatus.VERY_SLOW),
    ("ahead of planned", line(need=20, phases={2: 10, 4: 10}), [done(quantity=15)], [], DAY, TargetStatus.ON_TRACK),
    (
        "slow although reports say more",
        line(need=20, phases={2: 10, 4: 10}),
        [done(quantity=7), done(quantity=5, verified=False)],
        [],
        DAY,
        TargetStatus.SLOW,
    ),
    ("phased percentage", line(**PERCENT, phases={2: 50, 4: 50}), [], [value(50)], DAY, TargetStatus.ON_TRACK),
    ("phased percentage below", line(**PERCENT, phases={2: 50, 4: 50}), [], [value(30)], DAY, TargetStatus.VERY_SLOW),
    ("about: reached", line(need=4, comparator=Comparator.ABOUT), [done(quantity=4)], [], DAY, TargetStatus.DONE),
    (
        "at least: passed",
        line(need=25, comparator=Comparator.AT_LEAST),
        [done(quantity=30)],
        [],
        DAY,
        TargetStatus.DONE,
    ),
]


@pytest.mark.parametrize(
    ("counted", "tallies", "values", "on", "status"), [s[1:] for s in STATUSES], ids=[s[0] for s in STATUSES]
)
def test_the_first_line_of_the_table_that_fits_is_the_status(counted, tallies, values, on, status):
    assert one(counted, tallies, values, on).status is status


def test_the_thresholds_are_settings_of_the_plan():
    late = line(need=20, phases={2: 10, 4: 10})
    assert one(late, [done(quantity=8)], on_track=80).status is TargetStatus.ON_TRACK
    assert one(late, [done(quantity=6)], slow=60).status is TargetStatus.SLOW
    assert one(late, [done(quantity=6)]).status is TargetStatus.VERY_SLOW


# --- no number -----------------------------------------------------------------------------


def test_without_a_number_there_is_no_percent_and_what_was_done_is_shown():
    counted = count_plan(plan(line(need=None)), [done(quantity=3, count=2)], [], DAY)
    target = counted.targets[0]
    assert (target.percent, target.percent_reported, target.capped) == (None, None, None)
    assert (target.done, target.happened) == (figures(3, 3), figures(2, 2))
    assert counted.mean is None and counted.mean_rests_on == 0


def test_each_unit_without_a_number_is_neutral_in_its_communes():
    counted = count_plan(plan(each(need=None)), [done(A)], [], DAY)
    assert counted.units[A].mean is None and counted.units[A].rests_on == 0 and counted.units[A].happened == 1
    assert counted.targets[0].cells[A].need is None and counted.targets[0].cells[A].percent is None


# --- scopes --------------------------------------------------------------------------------


def test_a_surplus_in_one_commune_hides_no_hole_in_another():
    target = one(each(), [done(A, 2, count=2), done(B)])
    assert (target.need, target.done, target.happened) == (3, figures(2, 2), figures(3, 3))
    assert target.percent == Fraction(2, 3) and target.status is not TargetStatus.DONE


def test_it_is_done_when_each_has_had_one():
    assert one(each(), [done(u) for u in (A, B, C)]).status is TargetStatus.DONE


def test_named_units_count_only_where_they_are_named():
    counted = count_plan(plan(line(need=1, scope=Scope.NAMED_UNITS, unit_ids=(A, B))), [done(A), done(C)], [], DAY)
    target = counted.targets[0]
    assert (target.need, target.done.verified, target.percent) == (2, 1, Fraction(1, 2))
    # R27: what was recorded where it is no longer named belongs to nothing.
    assert C not in target.cells and counted.left_over == 1


def test_the_cap_holds_for_reports_and_for_verified_figures_apart():
    target = one(each(need=2), [done(A, 1), done(A, 3, verified=False, count=3)])
    assert target.cells[A].done == figures(1, 2) and target.done == figures(1, 2)


def test_a_whole_area_target_may_pass_100_percent_and_is_capped_in_the_mean():
    counted = count_plan(plan(line(need=5), each(activity_id=11)), [done(quantity=6)], [], DAY)
    assert counted.targets[0].percent == Fraction(6, 5) and counted.targets[0].capped == 1
    assert counted.mean == Fraction(1, 2) and counted.mean_rests_on == 2


def test_what_happened_for_a_whole_area_target_is_shown_in_its_commune_and_not_averaged():
    counted = count_plan(plan(line(need=5)), [done(A), done(A, verified=False)], [], DAY)
    assert counted.targets[0].cells[A].done == figures(1, 2)
    assert counted.targets[0].cells[A].need is None and counted.targets[0].cells[A].happened == 2
    assert (counted.units[A].mean, counted.units[A].rests_on, counted.units[A].happened) == (None, 0, 2)


def test_days_are_counted_where_days_are_owed():
    target = one(line(need=3), [done(OWNER, quantity=2, count=1)])
    assert (target.done.verified, target.happened.verified, target.percent) == (2, 1, Fraction(2, 3))


# --- communes ------------------------------------------------------------------------------


def lacking(counted, unit_id):
    return [target.line.activity_id for target in counted.lacking(unit_id)]


def test_a_communes_mean_says_on_how_many_targets_it_rests():
    lines = each(need=1), each(need=2, activity_id=11), line(activity_id=12), each(need=None, activity_id=13)
    counted = count_plan(
        plan(*lines), [done(A), done(A, 1, activity_id=11), done(B, 5, activity_id=11, verified=False)], [], DAY
    )
    assert (counted.units[A].mean, counted.units[A].rests_on, lacking(counted, A)) == (Fraction(3, 4), 2, [11])
    assert (counted.units[B].mean, counted.units[B].mean_reported) == (0, Fraction(1, 2))
    assert lacking(counted, C) == [10, 11]


def test_a_commune_in_which_the_plan_puts_nothing_is_neutral():
    counted = count_plan(plan(each(units=(A,))), [], [], DAY)
    assert counted.units[A].mean == 0 and counted.units[B].mean is None and counted.units[B].rests_on == 0


def test_the_headline_counts_targets_by_status_without_their_parts():
    whole = line(activity_id=20, need=2, part_ids=(21, 22))
    parts = line(activity_id=21, need=1, part_of=20), line(activity_id=22, need=1, part_of=20)
    counted = count_plan(plan(whole, *parts, line(need=None)), [], [], DAY)
    assert sum(counted.headline.values()) == 2
    assert counted.headline[TargetStatus.NO_NUMBER] == counted.headline[TargetStatus.UNPHASED] == 1


# --- rounds and parts ----------------------------------------------------------------------


def test_a_round_is_complete_when_every_commune_was_visited_in_it():
    visits = each(need=2, rounds=(7, 8))
    target = one(
        visits, [done(u, round_id=7) for u in (A, B, C)] + [done(A, round_id=8), done(B, round_id=8, verified=False)]
    )
    assert (target.need, target.done, target.rounds_done) == (6, figures(4, 5), figures(1, 1))
    assert target.cells[A].need == 2 and target.cells[C].done == figures(1, 1)


def test_a_second_visit_of_one_round_stands_for_no_other_round():
    target = one(each(need=2, rounds=(7, 8)), [done(u, 2, round_id=7, count=2) for u in (A, B, C)])
    assert (target.done.verified, target.percent, target.rounds_done.verified) == (3, Fraction(1, 2), 1)


def whole_of(own, *needs, scope=line, part=line, **more):
    """A whole (activity 20) with a number of its own or without, and parts 21, 22 ... with theirs."""
    ids = tuple(21 + n for n in range(len(needs)))
    return scope(activity_id=20, need=own, part_ids=ids, **more), *(
        part(activity_id=n, need=need, part_of=20) for n, need in zip(ids, needs, strict=True)
    )


def whole(lines, tallies=(), values=()):
    return count_plan(plan(*lines), tallies, values, DAY).targets[0]


def test_r18_a_whole_owes_its_own_number_and_its_parts_add_up_towards_it():
    both_done = [done(activity_id=21), done(activity_id=22)]
    target = whole(whole_of(5, 1, 1), both_done)
    assert (target.need, target.done, target.percent) == (5, figures(2, 2), Fraction(2, 5))
    assert target.status is not TargetStatus.DONE
    assert whole(whole_of(5, None, None), [done(quantity=5, activity_id=22, count=5)]).status is TargetStatus.DONE


def test_r18_in_each_unit_the_parts_add_up_there_and_no_surplus_hides_a_hole():
    lines = whole_of(3, 2, 1, scope=each, part=each)
    target = whole(
        lines,
        [done(A, 9, activity_id=21), done(A, activity_id=22), done(B, 1, activity_id=22), done(C, 3, activity_id=22)],
    )
    assert (target.need, target.done.verified) == (9, 3 + 1 + 1)
    assert {u: (c.need, c.done.verified) for u, c in target.cells.items()} == {A: (3, 3), B: (3, 1), C: (3, 1)}


def test_r18_a_number_that_differs_from_the_parts_is_said():
    for own, needs, said in [
        (5, (1, 1), (5, 2)),
        (2, (1, 1), None),
        (5, (None, None), None),
        (None, (1, 1), None),
        (5, (4, None), (5, 4)),
    ]:
        lines = whole_of(own, *needs)
        assert differs_from_parts(plan(*lines), lines[0]) == said


def test_r19_without_a_number_it_owes_its_numbered_parts_each_capped():
    target = whole(whole_of(None, 1, 1, 1), [done(A, 3, activity_id=21, count=3)])
    assert (target.need, target.done.verified, target.happened.verified) == (3, 1, 3)
    assert target.percent == Fraction(1, 3)


def test_r20_a_part_without_a_number_stands_beside():
    lines = whole_of(None, 2, None)
    target = whole(lines, [done(quantity=7, activity_id=22, count=7)])
    assert (target.need, target.done.verified, target.percent, target.happened.verified) == (2, 0, 0, 7)
    assert whole(whole_of(None, None, None), [done(quantity=7, activity_id=22)]).percent is None


def test_r20_a_commune_shows_of_a_whole_what_its_numbered_parts_did_there():
    """Beside a numbered part, one without a number adds nothing; where none has a number, all that was done shows."""
    tallies = [done(A, 1, activity_id=21), done(A, 7, activity_id=22, count=7)]
    numbered = whole(whole_of(None, 2, None, scope=each, part=each), tallies)
    assert (numbered.cells[A].need, numbered.cells[A].done.verified) == (2, 1)
    unnumbered = whole(whole_of(None, None, None, scope=each, part=each), tallies)
    assert (unnumbered.cells[A].need, unnumbered.cells[A].done.verified) == (None, 8)


def test_r21_a_commune_takes_the_numbered_parts_instead_of_their_whole():
    lines = whole_of(None, 1, None, scope=each, part=each)
    counted = count_plan(plan(*lines), [done(A, 4, activity_id=22)], [], DAY)
    assert (counted.units[A].mean, counted.units[A].rests_on, lacking(counted, A)) == (0, 1, [21])
    lines = whole_of(2, None, None, scope=each, part=each)
    counted = count_plan(plan(*lines), [done(A, 1, activity_id=22)], [], DAY)
    assert (counted.units[A].mean, counted.units[A].rests_on, lacking(counted, A)) == (Fraction(1, 2), 1, [20])


def test_r18_parts_of_parts_add_up_through_every_level():
    lines = (
        line(activity_id=20, need=None, part_ids=(21,)),
        line(activity_id=21, need=4, part_of=20, part_ids=(22, 23)),
        line(activity_id=22, need=1, part_of=21),
        line(activity_id=23, need=None, part_of=21),
    )
    assert (
        target := whole(lines, [done(activity_id=22), done(quantity=2, activity_id=23)])
    ).need == 4 and target.done.verified == 3


def test_what_was_recorded_for_a_whole_itself_adds_up_towards_it():
    target = whole(whole_of(5, 1, 1), [done(activity_id=20), done(activity_id=21)])
    assert (target.done.verified, target.happened.verified) == (2, 2)


# --- what a revision took out --------------------------------------------------------------


def test_r27_a_unit_or_round_that_the_plan_no_longer_has_counts_nothing_and_is_left_over():
    gone = 44
    for counted_line in (line(need=2), line(need=None), each(need=1), each(need=None), each(need=None, units=(A, B))):
        counted = count_plan(plan(counted_line), [done(gone, 3), done(A)], [], DAY)
        assert (counted.targets[0].done.verified, counted.targets[0].happened.verified, counted.left_over) == (1, 1, 1)
        assert gone not in counted.targets[0].cells
    visits = [done(u, round_id=7) for u in (A, B, C)] + [done(A, round_id=9), done(A)]
    counted = count_plan(plan(each(need=1, rounds=(7,))), visits, [], DAY)
    assert (counted.targets[0].done.verified, counted.targets[0].rounds_done.verified, counted.left_over) == (3, 1, 2)


def test_r27_a_withdrawn_activity_is_no_target():
    old = replace(line(activity_id=11), withdrawn=True)
    counted = count_plan(replace(plan(line()), withdrawn_lines=(old,)), [done(activity_id=11), done()], [], DAY)
    assert len(counted.targets) == 1 and counted.left_over == 1 and counted.units[A].happened == 1


def test_parts_that_are_phased_give_the_whole_its_planned_to_date():
    whole = line(activity_id=20, need=2, part_ids=(21, 22))
    parts = [line(activity_id=n, need=1, part_of=20, phases={2: 1}) for n in (21, 22)]
    assert count_plan(plan(whole, *parts), [], [], DAY).targets[0].planned_to_date == 2


def test_a_whole_with_a_part_unphased_has_no_planned_to_date():
    whole = line(activity_id=20, need=2, part_ids=(21, 22))
    parts = line(activity_id=21, need=1, part_of=20, phases={2: 1}), line(activity_id=22, need=1, part_of=20)
    assert count_plan(plan(whole, *parts), [], [], DAY).targets[0].status is TargetStatus.UNPHASED


def test_rounds_of_the_parts_make_the_communes_share_of_the_whole():
    whole = each(activity_id=20, need=3, part_ids=(21, 22))
    parts = (
        each(activity_id=21, need=2, rounds=(1, 2), part_of=20),
        each(activity_id=22, need=1, rounds=(3,), part_of=20),
    )
    counted = count_plan(
        plan(whole, *parts), [done(A, activity_id=21, round_id=1), done(A, activity_id=22, round_id=3)], [], DAY
    )
    assert counted.targets[0].need == 9 and counted.targets[0].cells[A].done == figures(2, 2)
    # R21: parts instead of their whole, one half done and one done.
    assert (counted.units[A].mean, counted.units[A].rests_on, counted.units[A].happened) == (Fraction(3, 4), 2, 2)
    assert whole.total_need == 9


# --- measured values -----------------------------------------------------------------------


def test_r13_of_one_day_the_value_accepted_last_stands_so_that_a_correction_downwards_is_seen():
    first, corrected = value(85, accepted=1), value(80, sent=5, accepted=9)
    assert (
        one(line(**PERCENT), [], [first, corrected]).measured
        == one(line(**PERCENT), [], [corrected, first]).measured
        == (80, 80)
    )
    # Sent earlier, accepted later.
    assert one(line(**PERCENT), [], [value(85, sent=3, accepted=4), value(70, sent=1, accepted=6)]).measured == (70, 70)


def test_r13_what_waits_is_reported_unless_what_was_sent_after_it_is_accepted():
    accepted = value(85, sent=5, accepted=9)
    assert one(line(**PERCENT), [], [accepted, value(60, sent=7, verified=False)]).measured == (85, 60)
    assert one(line(**PERCENT), [], [accepted, value(60, sent=3, verified=False)]).measured == (85, 85)
    assert one(
        line(**PERCENT), [], [value(61, sent=8, verified=False), value(60, sent=7, verified=False)]
    ).measured == (None, 61)


@pytest.mark.parametrize("judged", [PERCENT, ZERO])
@pytest.mark.parametrize(
    "sent", [value(3, on=date(2024, 9, 1), verified=False), value(3, A, date(2024, 9, 1), verified=False)]
)
def test_r1_a_value_that_was_merely_sent_moves_no_verified_figure(judged, sent):
    for verified in ([value(0)], [value(0, u) for u in (A, B, C)]):
        before, after = one(line(**judged), [], verified), one(line(**judged), [], [*verified, sent])
        assert (after.status, after.measured[0], after.percent, after.coverage) == (
            before.status,
            before.measured[0],
            before.percent,
            before.coverage,
        )
        assert after.status is not TargetStatus.NO_DATA


def test_r14_the_areas_own_value_goes_before_newer_ones_of_communes():
    values = [value(60, on=date(2024, 3, 1)), *(value(90, u, date(2024, 9, 1)) for u in (A, B, C))]
    assert one(line(**PERCENT), [], values).measured == (60, 60)


def test_r14_communes_stand_for_the_area_only_together_and_by_numerator_and_denominator():
    some = [value(100, A, of=10), value(50, B, of=30)]
    target = one(line(**PERCENT), [], some)
    assert (target.measured, target.percent, target.status, target.coverage) == (
        (None, None),
        None,
        TargetStatus.NO_DATA,
        (2, 3),
    )
    target = one(line(**PERCENT), [], [*some, value(0, C, of=60)])
    assert (target.measured[0], target.coverage) == (Fraction(100 * 10 + 50 * 30, 100), None)


def test_r14_reductions_are_added_up_by_their_starts_and_ends():
    def fallen(unit_id, start, end):
        return replace(value(0, unit_id), addends=(Addend(100 * start[0], start[1]), Addend(-100 * end[0], end[1])))

    values = [fallen(A, (10, 100), (5, 100)), fallen(B, (1, 20), (1, 10)), fallen(C, (0, 80), (1, 90))]
    measured = one(line(need="0.6", comparator=Comparator.PERCENTAGE), [], values).measured[0]
    assert measured == Fraction(100 * 11, 200) - Fraction(100 * 7, 200)


def test_r14_plain_numbers_are_added_up():
    values = [replace(value(n, u), addends=(Addend(n, None),)) for n, u in ((2, A), (3, B), (0, C))]
    assert one(line(**ZERO), [], values).measured == (5, 5)


def test_r14_a_commune_that_has_ended_is_not_waited_for():
    made = plan(line(**PERCENT))
    ended = Unit(id=C, code="3", name="Xã 3", kind="xã", place="x", valid_to=date(2024, 6, 30))
    made = replace(made, units=(*made.units[:2], ended))
    values = [value(100, A), value(80, B)]
    assert count_plan(made, [], values, date(2024, 6, 30)).targets[0].measured == (None, None)
    assert count_plan(made, [], values, DAY).targets[0].measured == (90, 90)


def test_r15_one_commune_above_zero_is_enough_to_fail_and_zero_needs_all_or_the_area():
    above, zero = value(2, A, on=date(2024, 3, 1)), value(0, on=date(2024, 9, 1))
    assert one(line(**ZERO), [], [value(0, A), value(0, B)]).status is TargetStatus.NO_DATA
    assert one(line(**ZERO), [], [value(0, u) for u in (A, B, C)]).status is TargetStatus.DONE
    assert one(line(**ZERO), [], [zero]).status is TargetStatus.DONE
    failed = one(line(**ZERO), [], [zero, above])
    assert (failed.status, failed.measured[0], failed.coverage) == (TargetStatus.NOT_MET, 2, (1, 3))
    # Merely sent, it fails nothing.
    assert one(line(**ZERO), [], [zero, value(2, A, verified=False)]).status is TargetStatus.DONE


def test_r16_a_percentage_due_in_communes_has_no_value_before_each_has_one():
    target = one(each(**PERCENT), [], [value(100, A)])
    assert (target.measured, target.percent, target.status, target.coverage) == (
        (None, None),
        None,
        TargetStatus.NO_DATA,
        (1, 3),
    )
    assert one(each(**PERCENT), [], []).coverage == (0, 3)
    target = one(each(**PERCENT), [], [value(100, A, of=10), value(100, B, of=10), value(40, C, of=40)])
    assert (target.measured[0], target.percent) == (60, Fraction(4, 5))


def test_r17_nothing_is_missing_where_the_area_itself_was_measured():
    assert one(line(**PERCENT), [], [value(60), value(100, A)]).coverage is None
    assert one(line(**PERCENT), [], []).coverage is None


def test_the_latest_value_counts_whatever_came_in_last():
    early, late = value(80, on=date(2024, 3, 31)), value(60, on=date(2024, 6, 30))
    assert (
        one(line(**PERCENT), [], [early, late]).percent
        == one(line(**PERCENT), [], [late, early]).percent
        == Fraction(3, 5)
    )


def test_a_value_of_one_commune_does_not_stand_for_the_whole_area():
    target = one(line(**PERCENT), [], [value(60), value(100, unit_id=A, on=date(2024, 9, 30))])
    assert target.measured == (60, 60) and target.cells[A].value == (100, 100)


def test_reported_values_stand_beside_the_verified_one():
    target = one(line(**PERCENT), [], [value(60), value(90, on=date(2024, 9, 30), verified=False)])
    assert (target.percent, target.percent_reported) == (Fraction(3, 5), Fraction(9, 10))


def test_a_percentage_in_each_commune_is_done_when_each_has_reached_it():
    target = one(each(**PERCENT), [], [value(100, A), value(100, B), value(40, C)])
    assert target.status is TargetStatus.UNPHASED and target.percent == Fraction(4, 5)
    assert one(each(**PERCENT), [], [value(100, u) for u in (A, B, C)]).status is TargetStatus.DONE


def test_a_rate_above_the_number_in_one_commune_hides_no_other():
    target = one(each(need=50, comparator=Comparator.PERCENTAGE), [], [value(100, A), value(50, B), value(0, C)])
    assert target.percent == Fraction(2, 3)


def test_zero_in_some_communes_says_nothing_of_the_others():
    assert one(each(**ZERO), [], [value(0, A)]).status is TargetStatus.NO_DATA
    assert one(each(**ZERO), [], [value(0, A), value(2, B)]).status is TargetStatus.NOT_MET
    assert one(each(**ZERO), [], [value(0, u) for u in (A, B, C)]).status is TargetStatus.DONE


def test_keeping_zero_has_no_percent_and_is_in_no_mean():
    counted = count_plan(plan(line(**ZERO)), [], [value(0)], DAY)
    assert counted.targets[0].percent is None and counted.mean is None


def test_a_rate_that_rose_instead_of_falling_is_zero_percent_not_less():
    assert one(line(need="0.6", comparator=Comparator.PERCENTAGE), [], [value("-0.4")]).percent == 0


# --- running, conditions, quarters ---------------------------------------------------------


def test_what_is_running_is_shown_and_does_not_count():
    target = one(line(), [done(quantity=0, count=0, running=2)])
    assert (target.running, target.done, target.happened) == (2, NOTHING, NOTHING)


def test_a_record_can_count_and_still_fail_a_condition():
    target = one(line(), [done(quantity=2, count=2, unmet=1)])
    assert (target.done.verified, target.unmet) == (2, 1)


def test_by_quarter_is_cumulative_and_capped_like_the_whole():
    target = one(each(), [done(A, quarter=2), done(A, quarter=3), done(B, quarter=4), done(C, quarter=5)])
    assert [q.verified for q in target.by_quarter] == [0, 1, 1, 2, 3]


@pytest.mark.parametrize(
    ("on", "planned"),
    [
        (date(2024, 3, 30), 0),
        (date(2024, 3, 31), 1),
        (date(2024, 4, 1), 1),
        (date(2024, 6, 29), 1),
        (date(2024, 6, 30), 3),
        (date(2024, 12, 30), 6),
        (date(2024, 12, 31), 10),
    ],
)
def test_a_quarters_share_is_due_on_its_last_day(on, planned):
    phased = line(need=10, window_from=None, phases={1: 1, 2: 2, 3: 3, 4: 4})
    assert planned_to_date(plan(phased), phased, on) == planned


@pytest.mark.parametrize(("on", "planned"), [(date(2024, 3, 13), 0), (date(2024, 3, 14), 1), (date(2024, 12, 14), 10)])
def test_the_quarters_of_15_to_14_end_on_the_14th(on, planned):
    phased = line(need=10, window_from=None, phases={1: 1, 2: 2, 3: 3, 4: 4})
    assert planned_to_date(plan(phased, rule="15_to_14"), phased, on) == planned


def test_without_a_phasing_nothing_is_planned_to_date():
    assert planned_to_date(plan(line()), line(), DAY) is None


def test_the_ends_of_quarters():
    assert quarter_ends(2024, "calendar") == (
        date(2024, 3, 31),
        date(2024, 6, 30),
        date(2024, 9, 30),
        date(2024, 12, 31),
    )
    assert quarter_ends(2024, "15_to_14") == (
        date(2024, 3, 14),
        date(2024, 6, 14),
        date(2024, 9, 14),
        date(2024, 12, 14),
    )


@pytest.mark.parametrize(
    ("first", "last", "rule", "quarters"),
    [
        (None, None, "calendar", [1, 2, 3, 4]),
        (date(2024, 4, 1), date(2024, 12, 31), "calendar", [2, 3, 4]),
        (date(2024, 3, 31), date(2024, 4, 1), "calendar", [1, 2]),
        (date(2024, 10, 1), date(2024, 10, 31), "calendar", [4]),
        (date(2024, 3, 15), date(2024, 6, 14), "15_to_14", [2]),
        (date(2024, 3, 14), date(2024, 6, 15), "15_to_14", [1, 2, 3]),
        (date(2024, 12, 20), date(2024, 12, 31), "15_to_14", [4]),
    ],
)
def test_the_quarters_that_a_window_reaches_into(first, last, rule, quarters):
    windowed = line(window_from=first, window_to=last, due=last)
    assert window_quarters(plan(windowed, rule=rule), windowed) == quarters


@pytest.mark.parametrize(
    ("need", "shares"), [(5, [2, 2, 1]), (3, [1, 1, 1]), (1, [1, 0, 0]), ("1.5", [1, "0.5", 0]), (25, [9, 8, 8])]
)
def test_an_even_phasing_gives_the_first_quarters_what_is_left_over(need, shares):
    proposed = propose_even(plan(line(need=need)), line(need=need))
    assert proposed == dict(zip((2, 3, 4), (Fraction(s) for s in shares), strict=True))


def test_nothing_is_proposed_where_there_is_nothing_to_phase():
    assert propose_even(plan(), line(need=None)) == propose_even(plan(), line(**PERCENT)) == {}


def test_a_percentage_nobody_measured_in_a_commune_stays_out_of_its_mean():
    insured = each(comparator=Comparator.PERCENTAGE, need=Fraction(100))
    counted = count_plan(plan(insured), [], [value(80, A)], date(2024, 9, 30))
    assert (counted.units[A].mean, counted.units[A].rests_on) == (Fraction(4, 5), 1)
    assert (counted.units[B].mean, counted.units[B].rests_on, lacking(counted, B)) == (None, 0, [insured.activity_id])
