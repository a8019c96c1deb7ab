"""A target quarter by quarter: what was to be done and what was done by each quarter's end."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from data_model.counting.rules import LATER, Pair, PlanProgress, TargetProgress, planned_to_date


@dataclass(frozen=True)
class QuarterEnd:
    """Cumulative figures at the end of a quarter (`LATER`: after the fourth). `done` is None where it has not begun."""

    quarter: int
    ends_on: date
    planned: Fraction | None
    done: Pair | None


def by_quarter(progress: PlanProgress, target: TargetProgress) -> list[QuarterEnd]:
    """The four quarters, and what came after the fourth where the plan's rule leaves such days and they have begun."""
    plan = progress.plan
    ends = [*plan.quarter_ends, plan.ends_on]
    found = []
    for quarter, ends_on in enumerate(ends, 1):
        begun = quarter == 1 or progress.as_of > ends[quarter - 2]
        if quarter == LATER and not (begun and ends_on > ends[-2]):
            break
        found.append(QuarterEnd(quarter, ends_on, planned_by(progress, target, ends_on), target.by_quarter[quarter - 1] if begun else None))
    return found


def planned_by(progress: PlanProgress, target: TargetProgress, day: date) -> Fraction | None:
    """What the phasing asks for by `day`; for a whole without a phasing of its own, what its parts ask for."""
    planned = planned_to_date(progress.plan, target.line, day)
    if planned is not None or not target.line.part_ids or target.need is None:
        return planned
    parts = [planned_by(progress, progress.by_activity[part], day) for part in target.line.part_ids]
    return None if None in parts else sum(parts, Fraction(0))
