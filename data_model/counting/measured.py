"""Measured values: which one stands in a unit, what a target takes from them, what is missing (R13 to R17)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from data_model.counting.rules import Cell, Coverage, Measured, Values, added_up
from data_model.plans.tables import Comparator
from data_model.plans.view import Line, PlanView

Sides = tuple[dict[int, Measured], dict[int, Measured]]
"""The verified and the reported value that stands in each unit (R13)."""


def latest_verified(values: Iterable[Measured]) -> Measured | None:
    """The verified value that stands: the latest by its date; of one day, the one accepted last (R13)."""
    return max((v for v in values if v.verified), key=lambda v: (v.on, v.accepted or v.sent), default=None)


def latest_reported(values: Sequence[Measured]) -> Measured | None:
    """The reported value that stands (R13)."""
    day = max((v.on for v in values), default=None)
    accepted = latest_verified(v for v in values if v.on == day)
    waiting = max((v for v in values if v.on == day and not v.verified), key=lambda v: v.sent, default=None)
    if accepted is None or waiting is None:
        return accepted or waiting
    return waiting if waiting.sent > accepted.sent else accepted


def latest(values: list[Measured]) -> Sides:
    """The verified and the reported value that stands in each unit (R13)."""
    by_unit: dict[int, list[Measured]] = defaultdict(list)
    for one in values:
        by_unit[one.unit_id].append(one)
    verified = {unit_id: found for unit_id, there in by_unit.items() if (found := latest_verified(there))}
    return verified, {unit_id: found for unit_id, there in by_unit.items() if (found := latest_reported(there))}


def values_of(plan: PlanView, line: Line, sides: Sides, as_of: date) -> tuple[Values, Coverage | None]:
    """The values of a measured target (R14 to R16), and what is missing in the verified one (R17)."""
    units = line.unit_ids or plan.communes_on(as_of)
    found: list[Fraction | None] = []
    for side in sides:
        own = None if line.unit_ids else side.get(plan.owner.id)
        known = [side[unit_id] for unit_id in units if unit_id in side]
        found.append(_value_of(line, own, known, complete=len(known) == len(units)))
    known_in = Coverage(sum(unit_id in sides[0] for unit_id in units), len(units))
    own = None if line.unit_ids else sides[0].get(plan.owner.id)
    rests_on_communes = own is None or found[0] != own.value
    is_missing = known_in.measured < known_in.of and bool(known_in.measured or line.unit_ids)
    return (found[0], found[1]), known_in if rests_on_communes and is_missing else None


def _value_of(line: Line, own: Measured | None, known: list[Measured], complete: bool) -> Fraction | None:
    if line.comparator is Comparator.KEEP_ZERO and not (own and own.value > 0):
        above = [v.value for v in known if v.value > 0]
        if above:
            # Values of other communes below zero (a rate that rose) hide no commune above it.
            together = added_up(known)
            return together if together > 0 else max(above)
    if own is not None:
        return own.value
    return added_up(known) if known and complete else None


def share_reached(line: Line, measured: Values, cells: Mapping[int, Cell]) -> Values:
    """The share of the number that is reached: of the whole area, or the units' mean, each capped (R16)."""
    if not line.need:
        return None, None
    if not line.unit_ids:
        verified, reported = (None if v is None else max(v, Fraction(0)) / line.need for v in measured)
        return verified, reported
    shares = []
    for side, value in enumerate(measured):
        there = [(cells[unit_id].value or (None, None))[side] or Fraction(0) for unit_id in line.unit_ids]
        capped = [min(max(each, Fraction(0)), line.need) for each in there]
        shares.append(None if value is None else sum(capped, Fraction(0)) / (line.need * len(capped)))
    return shares[0], shares[1]
