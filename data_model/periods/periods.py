"""The periods of a plan that are frozen: quarters, half-years, the year, by the plan's own rule of quarters."""

from dataclasses import dataclass
from datetime import date, timedelta

from data_model.core.label import LabelledEnum
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
    Period.Q1: (1, 1), Period.Q2: (2, 2), Period.Q3: (3, 3), Period.Q4: (4, 4), Period.H1: (1, 2), Period.H2: (3, 4), Period.YEAR: (1, 4),
}


@dataclass(frozen=True)
class Span:
    """First and last day of a period, both included."""

    first: date
    last: date


def span(plan: PlanView, period: Period) -> Span:
    """The period's days within the plan.

    The first quarter begins with the plan. The whole year ends with the plan, also where the 15-to-14 rule
    ends the fourth quarter before (NĐ 09/2019 article 12).
    """
    first, last = _QUARTERS[period]
    begins = plan.starts_on if first == 1 else plan.quarter_ends[first - 2] + timedelta(days=1)
    return Span(begins, plan.ends_on if period is Period.YEAR else min(plan.quarter_ends[last - 1], plan.ends_on))


def last_quarter(period: Period) -> int:
    """The quarter with which the period ends, 1 to 4."""
    return _QUARTERS[period][1]
