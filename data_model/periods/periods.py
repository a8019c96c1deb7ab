"""The periods of a plan that are frozen: quarters, half-years, the year, by the plan's own rule of quarters."""

from dataclasses import dataclass
from datetime import date

from data_model.core.label import LabelledEnum
from data_model.plans.tables import FROM_15_TO_14
from data_model.plans.view import PlanView


class Period(LabelledEnum):
    """A period of a plan's year."""

    Q1 = "q1", "Quý I", "Quarter I"
    Q2 = "q2", "Quý II", "Quarter II"
    Q3 = "q3", "Quý III", "Quarter III"
    Q4 = "q4", "Quý IV", "Quarter IV"
    H1 = "h1", "6 tháng đầu năm", "First half-year"
    H2 = "h2", "6 tháng cuối năm", "Second half-year"
    YEAR = "year", "Cả năm", "Whole year"


_QUARTERS = {
    Period.Q1: (1, 1),
    Period.Q2: (2, 2),
    Period.Q3: (3, 3),
    Period.Q4: (4, 4),
    Period.H1: (1, 2),
    Period.H2: (3, 4),
    Period.YEAR: (1, 4),
}


@dataclass(frozen=True)
class Span:
    """First and last day of a period, both included."""

    first: date
    last: date


def span(plan: PlanView, period: Period) -> Span:
    """The period's first and last day (R26).

    By the calendar the first quarter begins and the year ends with the plan. By the rule from the 15th to the 14th the
    first quarter begins on 15 December of the year before, and the year ends with its fourth quarter.
    """
    first, last = _QUARTERS[period]
    begins, ends = plan.quarter_days[first - 1][0], plan.quarter_days[last - 1][1]
    if plan.quarter_rule == FROM_15_TO_14:
        return Span(begins, ends)
    return Span(begins, plan.ends_on if period is Period.YEAR else min(ends, plan.ends_on))


def last_quarter(period: Period) -> int:
    """The quarter with which the period ends, 1 to 4."""
    return _QUARTERS[period][1]
