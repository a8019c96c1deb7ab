"""Periods of a plan: by calendar and from the 15th to the 14th, without a gap and without a day twice; forecasts at the
present pace.
"""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from data_model.counting.by_quarter import by_quarter
from data_model.counting.forecast import at_pace, mean_at_pace
from data_model.counting.plan import count_plan
from data_model.periods.periods import Period, Span, last_quarter, span
from tests.data_model.small_plan import A, done, each, line, plan

QUARTERS = (Period.Q1, Period.Q2, Period.Q3, Period.Q4)
days = some.dates(date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("rule", "period", "first", "last"),
    [
        ("calendar", Period.Q1, (1, 1), (3, 31)),
        ("calendar", Period.Q3, (7, 1), (9, 30)),
        ("calendar", Period.H1, (1, 1), (6, 30)),
        ("calendar", Period.H2, (7, 1), (12, 31)),
        ("calendar", Period.YEAR, (1, 1), (12, 31)),
        ("15_to_14", Period.Q2, (3, 15), (6, 14)),
        ("15_to_14", Period.Q3, (6, 15), (9, 14)),
        ("15_to_14", Period.Q4, (9, 15), (12, 14)),
        ("15_to_14", Period.H2, (6, 15), (12, 14)),
    ],
)
def test_a_period_has_the_days_of_the_plans_rule(rule, period, first, last):
    assert span(plan(line(), rule=rule), period) == Span(date(2024, *first), date(2024, *last))


@pytest.mark.parametrize(
    ("period", "last"),
    [
        (Period.Q1, date(2024, 3, 14)),
        (Period.H1, date(2024, 6, 14)),
        (Period.YEAR, date(2024, 12, 14)),
    ],
)
@pytest.mark.parametrize("starts_on", [date(2024, 1, 1), date(2023, 12, 1)])
def test_r26_the_reporting_year_begins_on_15_december_of_the_year_before(period, last, starts_on):
    made = replace(plan(line(), rule="15_to_14"), starts_on=starts_on)
    assert span(made, period) == Span(date(2023, 12, 15), last)


def test_r26_the_days_after_14_december_are_in_no_period_and_in_the_plans_own_figures():
    made = plan(line(need=None), rule="15_to_14")
    assert all(span(made, period).last < date(2024, 12, 15) for period in Period)
    counted = count_plan(made, [done(quarter=5)], [], date(2024, 12, 31))
    ends = by_quarter(counted, counted.targets[0])
    assert counted.targets[0].done.verified == 1 and [end.done.verified for end in ends] == [0, 0, 0, 0, 1]
    assert (ends[-1].starts_on, ends[-1].ends_on, ends[-1].by_calendar) == (
        date(2024, 12, 15),
        date(2024, 12, 31),
        False,
    )


@pytest.mark.parametrize("rule", ["calendar", "15_to_14"])
@pytest.mark.parametrize("parts", [QUARTERS, (Period.H1, Period.H2)])
def test_periods_follow_each_other_day_by_day(rule, parts):
    spans = [span(plan(line(), rule=rule), period) for period in parts]
    assert all(after.first == before.last + timedelta(days=1) for before, after in itertools.pairwise(spans))


def test_every_period_has_its_words_and_its_last_quarter():
    assert len({period.label.vi for period in Period}) == len(Period)
    assert [last_quarter(period) for period in Period] == [1, 2, 3, 4, 2, 4, 4]


@given(some.integers(0, 500), days, days)
def test_a_forecast_never_falls_below_what_was_done(number, as_of, day):
    ahead = at_pace(number, plan(line()), as_of, day)
    assert ahead >= number
    assert (
        ahead == number
        if day <= as_of
        else ahead * (as_of - date(2023, 12, 31)).days == number * (day - date(2023, 12, 31)).days
    )


def test_the_mean_ahead_caps_each_target_and_needs_a_number():
    made = plan(line(need=4), each(activity_id=11))
    half_way = count_plan(made, [done(quantity=3), done(A, activity_id=11)], [], date(2024, 7, 1))
    # 3 of 4 in half a year is more than all by its end; 1 of 3 is two thirds (183 of 366 days).
    assert mean_at_pace(half_way, date(2024, 12, 31)) == (1 + Fraction(2, 3)) / 2
    assert mean_at_pace(count_plan(plan(line(need=None)), [done()], [], date(2024, 7, 1)), date(2024, 12, 31)) is None
