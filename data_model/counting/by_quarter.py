"""A target quarter by quarter: what was to be done and what was done by each quarter's end."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from data_model.counting.rules import LATER, Pair, PlanProgress, TargetProgress, planned_to_date
from data_model.plans.tables import CALENDAR


@dataclass(frozen=True)
class QuarterEnd:
    """Cumulative figures at the end of a quarter (`LATER`: after the fourth). `done` is None where it has not begun.

    `by_calendar` is False where its days must be said with it (R26).
    """

    quarter: int
    starts_on: date
    ends_on: date
    by_calendar: bool
    planned: Fraction | None
    done: Pair | None


def by_quarter(progress: PlanProgress, target: TargetProgress) -> list[QuarterEnd]:
    """The four quarters, and what came after the fourth where the plan's rule leaves such days and they have begun
    (R26).
    """
    plan = progress.plan
    last = plan.quarter_ends[-1]
    found = []
    for quarter, (starts_on, ends_on) in enumerate([*plan.quarter_days, (last + timedelta(days=1), plan.ends_on)], 1):
        begun = quarter == 1 or progress.as_of >= starts_on
        if quarter == LATER and not (begun and ends_on > last):
            break
        found.append(
            QuarterEnd(
                quarter,
                starts_on,
                ends_on,
                plan.quarter_rule == CALENDAR,
                planned_to_date(plan, target.line, ends_on),
                target.by_quarter[quarter - 1] if begun else None,
            )
        )
    return found
