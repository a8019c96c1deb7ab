"""What a check of a plan finds before it is issued: what forbids it, and what may be a slip and is looked at again.

Each problem stands at a field of the content: "activities.3.measure" is the fourth activity's measure,
"components.0.budget" the first component's money.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from data_model.core.problems import Problem, Say
from data_model.kinds.registry import all_kinds
from data_model.planning.content import ActivityContent, ComponentContent, PlanContent
from data_model.plans.quantities import written
from data_model.plans.tables import Comparator, Scope
from data_model.plans.view import quarter_days

MEASURED = (Comparator.PERCENTAGE, Comparator.KEEP_ZERO)
LEAST_LIKELY_AMOUNT = 10_000_000
"""Đồng: a plan's budget below this was more likely written in thousand or in million đồng."""
DOUBTS = frozenset(
    {
        Say.PARTS_OF_BUDGET_DIFFER,
        Say.SOURCES_DIFFER,
        Say.AMOUNT_LOOKS_SHORTENED,
        Say.WHOLE_DIFFERS_FROM_PARTS,
        Say.DAY_OUTSIDE_PLAN_YEAR,
        Say.UNIT_OUTSIDE_AREA,
        Say.COUNT_NOT_WHOLE,
    }
)
"""What speaks against a figure and may still be what the document says: looked at, the plan can be issued."""


def blocking(content: PlanContent) -> Iterator[Problem]:
    """What cannot be counted or stored. Every way in refuses it, the program's own data files too."""
    if content.ends_on < content.starts_on:
        yield Problem("head.ends_on", Say.DATE_BEFORE_START)
    if not content.units:
        yield Problem("units", Say.REQUIRED)
    yield from _component_codes(content)
    yield from _activity_codes(content)
    for at, each in enumerate(content.activities):
        for problem in (*_kind(content, each), *_target(content, each), *_phasing(content, each)):
            yield problem.inside(f"activities.{at}")


def _twice(codes: Iterable[str], where: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, code in enumerate(codes):
        if code in seen:
            yield Problem(f"{where}.{at}.code", Say.CODE_TWICE, {"code": code})
        seen.add(code)


def _component_codes(content: PlanContent) -> Iterator[Problem]:
    yield from _twice((each.code for each in content.components), "components")
    above: set[str] = set()
    for at, each in enumerate(content.components):
        if each.parent is not None and each.parent not in above:
            yield Problem(f"components.{at}.parent", Say.NOT_ABOVE, {"code": each.parent})
        above.add(each.code)
    budgets = Counter(each.budget.code for each in content.components if each.budget)
    taken = {each.code for each in content.activities}
    for at, each in enumerate(content.components):
        if each.budget and (budgets[each.budget.code] > 1 or each.budget.code in taken):
            yield Problem(f"components.{at}.budget_code", Say.CODE_TWICE, {"code": each.budget.code})


def _activity_codes(content: PlanContent) -> Iterator[Problem]:
    yield from _twice((each.code for each in content.activities), "activities")
    components = {each.code for each in content.components}
    above: set[str] = set()
    for at, each in enumerate(content.activities):
        if each.component not in components:
            yield Problem(f"activities.{at}.component", Say.NO_SUCH_COMPONENT, {"code": each.component})
        if each.part_of is not None and each.part_of not in above:
            yield Problem(f"activities.{at}.part_of", Say.NOT_ABOVE, {"code": each.part_of})
        above.add(each.code)


def _kind(content: PlanContent, each: ActivityContent) -> Iterator[Problem]:
    """What proves the activity, and whether records of that kind can count and prove what is asked."""
    has_parts = any(other.part_of == each.code for other in content.activities)
    if each.kind is None:
        if not has_parts:
            yield Problem("kind", Say.KIND_MISSING)
        elif each.conditions:
            yield Problem("conditions", Say.CONDITION_NOT_PROVED, {"proof": each.conditions[0].proof, "kind": "-"})
        return
    kind = all_kinds().get(each.kind)
    if kind is None:
        yield Problem("kind", Say.NOT_AN_OPTION)
        return
    if each.measure not in kind.measures:
        counted = "; ".join(label.vi for label in kind.measures.values())
        yield Problem("measure", Say.MEASURE_NOT_COUNTED, {"kind": kind.label, "measures": counted})
    for condition in each.conditions:
        if condition.proof not in kind.proofs:
            yield Problem("conditions", Say.CONDITION_NOT_PROVED, {"proof": condition.proof, "kind": kind.label})


def _target(content: PlanContent, each: ActivityContent) -> Iterator[Problem]:
    if each.quantity is None and each.comparator is not None:
        yield Problem("quantity", Say.NUMBER_WITHOUT_COMPARATOR)
    if each.quantity is not None and each.comparator is None:
        yield Problem("comparator", Say.NUMBER_WITHOUT_COMPARATOR)
    if each.quantity is not None and each.quantity < 0:
        yield Problem("quantity", Say.TOO_SMALL, {"least": 0})
    if each.comparator is Comparator.KEEP_ZERO and each.quantity:
        yield Problem("quantity", Say.KEEP_ZERO_IS_ZERO)
    if each.comparator is Comparator.PERCENTAGE and each.quantity is not None and each.quantity > 100:
        yield Problem("quantity", Say.TOO_LARGE, {"most": 100})
    if each.scope is Scope.NAMED_UNITS and not each.named_units:
        yield Problem("named_units", Say.REQUIRED)
    if each.scope is not Scope.NAMED_UNITS and each.named_units:
        yield Problem("scope", Say.UNITS_NAMED_FOR_NOTHING)
    for key in each.named_units:
        if key not in content.units:
            yield Problem("named_units", Say.UNIT_NOT_IN_PLAN, {"code": key.code})
    if each.rounds and (each.scope is not Scope.EACH_UNIT or each.quantity != len(each.rounds)):
        yield Problem("rounds", Say.ROUNDS_NEED_EACH_UNIT, {"count": len(each.rounds)})
    numbers = [number for number, _name in each.rounds]
    if len(set(numbers)) != len(numbers):
        yield Problem("rounds", Say.CODE_TWICE, {"code": max(numbers, key=numbers.count)})
    if each.window_from and each.window_to and each.window_to < each.window_from:
        yield Problem("window_to", Say.DATE_BEFORE_START)


def total_of(content: PlanContent, each: ActivityContent) -> Fraction | None:
    """What an activity owes in all: the same rule as `Line.total_need` (R8, R12), before there is a line."""
    if each.quantity is None:
        return None
    standing = _standing(content)
    if each.rounds:
        return Fraction(len(each.rounds) * standing)
    if each.scope is Scope.WHOLE or each.comparator in MEASURED:
        return each.quantity
    return each.quantity * (standing if each.scope is Scope.EACH_UNIT else len(each.named_units))


def _standing(content: PlanContent) -> int:
    """How many units owe an each-unit target: of one code that changed within the year only the first stands."""
    return len({key.code for key in content.units if key.valid_from is None or key.valid_from <= content.starts_on})


def _phasing(content: PlanContent, each: ActivityContent) -> Iterator[Problem]:
    if not each.phases:
        return
    total = total_of(content, each)
    if total is None or each.comparator in MEASURED:
        yield Problem("phases", Say.NOTHING_TO_PHASE)
        return
    given = sum(each.phases.values(), Fraction(0))
    if given != total:
        yield Problem("phases", Say.PHASING_SUM, {"sum": given, "total": total})
    first, last = each.window_from or content.starts_on, each.window_to or each.due or content.ends_on
    days = quarter_days(content.year, content.quarter_rule, content.starts_on)
    reached = [quarter for quarter, (begins, ends) in enumerate(days, 1) if first <= ends and last >= begins] or [4]
    for quarter, share in each.phases.items():
        if share < 0:
            yield Problem(f"phases.{quarter}", Say.TOO_SMALL, {"least": 0})
        elif share and quarter not in reached:
            yield Problem(f"phases.{quarter}", Say.PHASING_OUTSIDE_WINDOW)


def doubts(content: PlanContent, area: frozenset[str] | None = None) -> Iterator[Problem]:
    """What may be a slip. `area` holds the codes of the units below the owner, itself included; None: not known."""
    for at, each in enumerate(content.components):
        for problem in _money(content, each):
            yield problem.inside(f"components.{at}")
    for at, key in enumerate(content.units):
        if area is not None and key.code not in area:
            yield Problem(f"units.{at}.code", Say.UNIT_OUTSIDE_AREA, {"code": key.code})
    if not content.starts_on.year <= content.year <= content.ends_on.year:
        yield Problem("head.year", Say.DAY_OUTSIDE_PLAN_YEAR, {"first": content.starts_on, "last": content.ends_on})
    parts = _parts(content)
    for at, activity in enumerate(content.activities):
        for problem in (*_days(content, activity), *_whole(content, activity, parts[activity.code]), *_count(activity)):
            yield problem.inside(f"activities.{at}")


def _money(content: PlanContent, each: ComponentContent) -> Iterator[Problem]:
    if each.budget is None:
        return
    amount = each.budget.amount
    if amount is not None and 0 < amount < LEAST_LIKELY_AMOUNT:
        yield Problem("amount", Say.AMOUNT_LOOKS_SHORTENED, {"amount": amount})
    sources = sum(each.budget.by_source.values())
    if each.budget.by_source and sources != amount:
        yield Problem("amount", Say.SOURCES_DIFFER, {"sum": sources, "total": amount if amount is not None else "-"})
    below = [
        other.budget.amount
        for other in content.components
        if other.parent == each.code and other.budget and other.budget.amount is not None
    ]
    if amount is not None and below and sum(below) != amount:
        yield Problem("amount", Say.PARTS_OF_BUDGET_DIFFER, {"sum": sum(below), "total": amount})


def _parts(content: PlanContent) -> dict[str, list[ActivityContent]]:
    parts: dict[str, list[ActivityContent]] = defaultdict(list)
    for each in content.activities:
        if each.part_of:
            parts[each.part_of].append(each)
    return parts


def _whole(content: PlanContent, each: ActivityContent, parts: list[ActivityContent]) -> Iterator[Problem]:
    """A whole with a number of its own, whose numbered parts add up to another one (R16)."""
    total = total_of(content, each)
    numbers = [total_of(content, part) for part in parts]
    if total is None or not parts or any(number is None for number in numbers):
        return
    added = sum((number for number in numbers if number is not None), Fraction(0))
    if added != total:
        yield Problem("quantity", Say.WHOLE_DIFFERS_FROM_PARTS, {"sum": added, "total": total})


def _days(content: PlanContent, each: ActivityContent) -> Iterator[Problem]:
    for name in ("window_from", "window_to", "due"):
        day: date | None = getattr(each, name)
        if day and not content.starts_on <= day <= content.ends_on:
            yield Problem(name, Say.DAY_OUTSIDE_PLAN_YEAR, {"first": content.starts_on, "last": content.ends_on})


def _count(each: ActivityContent) -> Iterator[Problem]:
    if each.quantity is not None and each.quantity.denominator != 1 and each.comparator not in MEASURED:
        yield Problem("quantity", Say.COUNT_NOT_WHOLE, {"number": written(each.quantity)})
