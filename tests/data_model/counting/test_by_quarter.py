"""A target quarter by quarter: which quarters there are on a day, and of which something can have been done."""

from datetime import date

import pytest

from data_model.counting.by_quarter import by_quarter
from data_model.counting.plan import count_plan
from tests.data_model.small_plan import done, line, plan


def quarters(on: date, rule: str = "calendar"):
    """The quarters of the only target of a plan, of which something was done in the first."""
    progress = count_plan(plan(line(window_from=None), rule=rule), [done(quarter=1)], [], on)
    return by_quarter(progress, progress.targets[0])


@pytest.mark.parametrize(
    ("on", "begun"),
    [
        (date(2023, 12, 31), 1),  # before the year: the first quarter is there all the same
        (date(2024, 3, 31), 1),
        (date(2024, 4, 1), 2),
        (date(2024, 12, 31), 4),
    ],
)
def test_a_quarter_that_has_not_begun_has_no_figure_and_no_zero(on, begun):
    assert [q.done is None for q in quarters(on)] == [False] * begun + [True] * (4 - begun)


def test_what_was_done_stays_in_every_later_quarter_that_has_begun():
    assert [q.done and q.done.verified for q in quarters(date(2024, 7, 1))] == [1, 1, 1, None]


def test_days_after_the_fourth_quarter_are_shown_once_they_have_begun():
    """R26: by the rule "15th to 14th" the plan's last days belong to no quarter."""
    assert len(quarters(date(2024, 12, 14), "15_to_14")) == 4
    late = quarters(date(2024, 12, 15), "15_to_14")
    assert len(late) == 5 and (late[-1].starts_on, late[-1].ends_on) == (date(2024, 12, 15), date(2024, 12, 31))
    assert not any(q.by_calendar for q in late)


def test_the_calendars_quarters_leave_no_days_over():
    assert len(quarters(date(2024, 12, 31))) == 4 and all(q.by_calendar for q in quarters(date(2024, 12, 31)))
