"""Budgets and payments up the tree of components: what stands at a component itself, and what its parts add up to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from data_model.counting.rules import NOTHING, Pair
from data_model.plans.view import PlanView
from data_model.progress.figures import ComponentMoney


@dataclass(frozen=True)
class MoneyAt:
    """Money of a component, whole đồng.

    `budget` is its own (None: the plan names none); `parts` the sum of the budgets next below it that are named
    (None: there is none); `paid` what was paid at it and below, each payment once.
    """

    budget: int | None
    parts: int | None
    paid: Pair

    @property
    def share_paid(self) -> Fraction | None:
        """Verified payments as a share of the budget; None without one."""
        return Fraction(self.paid.verified) / self.budget if self.budget else None


def money_tree(plan: PlanView, rows: Iterable[ComponentMoney]) -> dict[int, MoneyAt]:
    """The money of every component by its id (R6)."""
    own = {row.component_id: row for row in rows}
    below: dict[int | None, list[int]] = {}
    for component in plan.components:
        below.setdefault(component.parent_id, []).append(component.id)

    def paid(component_id: int) -> Pair:
        return sum(
            (paid(child) for child in below.get(component_id, [])),
            own[component_id].paid if component_id in own else NOTHING,
        )

    def parts(component_id: int) -> int | None:
        """The budgets below: a child's own, or where it has none what its children have."""
        named = [
            at
            for child in below.get(component_id, [])
            if (at := own[child].budget if own[child].budget is not None else parts(child)) is not None
        ]
        return sum(named) if named else None

    return {c.id: MoneyAt(own[c.id].budget, parts(c.id), paid(c.id)) for c in plan.components if c.id in own}


def plan_money(plan: PlanView, at: Mapping[int, MoneyAt]) -> MoneyAt:
    """The money of the whole plan: the sum over its top components, each by its own budget, else by that of its parts.

    `budget` is None where the plan names no amount, and where something was paid of a top component without one: a
    share of it would be wrong.
    """
    tops = [at[c.id] for c in plan.components if c.parent_id is None and c.id in at]
    named = [top.budget if top.budget is not None else top.parts for top in tops]
    known = [amount for amount in named if amount is not None]
    uncovered = any(amount is None and top.paid.reported for amount, top in zip(named, tops, strict=True))
    budget = sum(known) if known and not uncovered else None
    return MoneyAt(budget, None, sum((top.paid for top in tops), NOTHING))
