"""What would be reached at the present pace. Always said to be a forecast, never mixed with figures."""

from datetime import date
from fractions import Fraction

from data_model.counting.rules import PlanProgress, mean_of
from data_model.plans.view import PlanView


def at_pace(done: Fraction | int, plan: PlanView, as_of: date, day: date) -> Fraction:
    """What would be done by `day` if the work went on as on average from the plan's start until `as_of`."""
    passed = (min(as_of, plan.ends_on) - plan.starts_on).days + 1
    wanted = (min(day, plan.ends_on) - plan.starts_on).days + 1
    return Fraction(done) * max(wanted, passed) / max(passed, 1)


def mean_at_pace(progress: PlanProgress, day: date) -> Fraction | None:
    """The mean of the capped percentages on `day`, each target at its own pace; None without a numbered target."""
    shares = [
        min(Fraction(1), at_pace(target.capped, progress.plan, progress.as_of, day))
        for target in progress.targets
        if target.line.part_of_id is None and target.capped is not None
    ]
    return mean_of(shares)
