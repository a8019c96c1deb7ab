"""Which targets ask for somebody to act, and which of them first."""

from fractions import Fraction
from typing import Protocol

from data_model.counting.rules import TargetStatus

BEHIND = (TargetStatus.NOT_MET, TargetStatus.OVERDUE, TargetStatus.VERY_SLOW, TargetStatus.SLOW)
"""Statuses that ask for somebody to act, the worst first."""
UNJUDGED = (TargetStatus.UNPHASED, TargetStatus.NO_DATA)
"""Statuses of numbered targets that cannot be called slow or on time yet."""


class Judged(Protocol):
    """A target with its status, counted today or frozen; shares are exact fractions of 1."""

    @property
    def status(self) -> TargetStatus: ...

    @property
    def percent(self) -> Fraction | None: ...

    @property
    def percent_of_planned(self) -> Fraction | None: ...


def urgency(target: Judged) -> tuple[int, Fraction | int]:
    """Sorts targets that are behind, the first to ask about in front: by status, then by the smallest share of what its
    status is judged on, which is the year for an overdue one and what was planned to date for a slow one."""
    share = target.percent if target.status is TargetStatus.OVERDUE else target.percent_of_planned
    return BEHIND.index(target.status), -1 if share is None else share
