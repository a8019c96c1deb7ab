"""Generated plans and years against a second count (`naive_count`): revisions, corrections, values, parts, rounds.

SO_GIAM_SAT_YEARS says how many years; the usual number takes a few seconds.
"""

import os
import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from data_model.counting.plan import count_plan
from data_model.counting.rules import Measured, Tally
from data_model.forms.kind import Addend
from data_model.plans.tables import Comparator, Scope
from data_model.plans.view import Line, PlanView
from data_model.units.tables import Unit
from tests.data_model.naive_count import OTHER, SENT, VERIFIED, Count, Rec, belongs
from tests.data_model.small_plan import OWNER, at, line, plan

YEARS = int(os.environ.get("SO_GIAM_SAT_YEARS", "150"))
FIRST = date(2024, 1, 1)


def day(rng: random.Random) -> date:
    return FIRST + timedelta(days=rng.randrange(366))


def a_line(rng: random.Random, number: int, units: list[int], part_of: int | None = None) -> Line:
    scope = rng.choice(list(Scope))
    where = (
        []
        if scope is Scope.WHOLE
        else units
        if scope is Scope.EACH_UNIT
        else rng.sample(units, rng.randint(1, len(units)))
    )
    rounds = (
        rng.choice([(), (number * 10 + 1,), (number * 10 + 1, number * 10 + 2, number * 10 + 3)])
        if scope is Scope.EACH_UNIT
        else ()
    )
    comparator = rng.choice(
        [Comparator.EXACTLY, Comparator.AT_LEAST, Comparator.ABOUT, Comparator.PERCENTAGE, Comparator.KEEP_ZERO]
    )
    need = {Comparator.PERCENTAGE: rng.choice([50, 100, "0.12345"]), Comparator.KEEP_ZERO: 0}.get(
        comparator, rng.choice([None, None, 1, 2, 3, 7, "1.5", "0.12345"])
    )
    if rounds:
        comparator, need = Comparator.EXACTLY, len(rounds)
    made = line(
        activity_id=number,
        need=need,
        comparator=comparator,
        scope=scope,
        unit_ids=tuple(sorted(where)),
        rounds=rounds,
        part_of=part_of,
        window_from=rng.choice([None, day(rng)]),
        due=rng.choice([None, day(rng), date(2024, 12, 31)]),
    )
    return phased(rng, made)


def phased(rng: random.Random, made: Line) -> Line:
    """Shares that somebody accepted; whether they make up the number is not the count's business."""
    if made.need is None or rng.random() < 0.5:
        return made
    return replace(
        made, phases={quarter: Fraction(rng.randint(0, 3)) for quarter in rng.sample([1, 2, 3, 4], rng.randint(1, 4))}
    )


def a_plan(rng: random.Random) -> PlanView:
    units = list(range(1, rng.randint(3, 6)))
    lines: list[Line] = []
    for number in range(10, 10 + rng.randint(1, 5)):
        if rng.random() < 0.35:
            parts = tuple(number * 10 + n for n in range(rng.randint(1, 3)))
            whole = a_line(rng, number, units)
            own = None if rng.random() < 0.5 or whole.is_measured else whole.need
            lines.append(
                replace(
                    whole,
                    part_ids=parts,
                    rounds=(),
                    need=own,
                    comparator=None if own is None else Comparator.EXACTLY,
                    phases=whole.phases if own is not None and rng.random() < 0.3 else {},
                )
            )
            lines += [a_line(rng, p, units, part_of=number) for p in parts]
        else:
            lines.append(a_line(rng, number, units))
    there = tuple(
        Unit(id=u, code=str(u), name=f"Xã {u}", kind="xã", place="x", valid_to=day(rng) if rng.random() < 0.1 else None)
        for u in units
    )
    return replace(plan(*lines, rule=rng.choice(["calendar", "15_to_14"])), units=there)


def revised(rng: random.Random, old: PlanView) -> PlanView:
    """The plan after a correction: less rounds, other communes, another number, an activity or a unit taken out."""
    lines, units = list(old.lines), list(old.units)
    gone: list[Line] = []
    for _ in range(rng.randint(0, 3)):
        n = rng.randrange(len(lines))
        one = lines[n]
        what = rng.choice(["round", "unit", "number", "activity", "commune"])
        if what == "round" and len(one.rounds) > 1:
            lines[n] = replace(one, rounds=one.rounds[:-1], need=Fraction(len(one.rounds) - 1))
        elif what == "unit" and one.scope is Scope.NAMED_UNITS and len(one.unit_ids) > 1:
            lines[n] = replace(one, unit_ids=one.unit_ids[1:])
        elif what == "number" and one.need and not one.rounds and not one.is_measured:
            lines[n] = replace(one, need=one.need + 1)
        elif what == "activity" and len(lines) > 1 and not one.part_ids:
            lines.pop(n)
            gone.append(replace(one, withdrawn=True))
            lines = [replace(x, part_ids=tuple(p for p in x.part_ids if p != one.activity_id)) for x in lines]
        elif what == "commune" and len(units) > 2:
            out = units.pop()
            lines = [replace(x, unit_ids=tuple(u for u in x.unit_ids if u != out.id) or x.unit_ids[:0]) for x in lines]
            lines = [
                replace(x, scope=Scope.WHOLE) if x.scope is not Scope.WHOLE and not x.unit_ids else x for x in lines
            ]
            lines = [replace(x, rounds=()) if x.scope is Scope.WHOLE and x.rounds else x for x in lines]
    return replace(
        old,
        lines=tuple(lines),
        units=tuple(units),
        withdrawn_lines=tuple(gone),
        withdrawn_units=tuple(u for u in old.units if u not in units),
    )


def records_of(rng: random.Random, made: PlanView) -> list[Rec]:
    """Records as the plan took them in, values with corrections of the same day among them."""
    found, turns = [], rng.sample(range(10_000), 200)
    days = [day(rng) for _ in range(8)]
    for _ in range(rng.randint(0, 45)):
        one = rng.choice(made.lines)
        where = [u.id for u in made.units] + [OWNER] if one.scope is Scope.WHOLE else list(one.unit_ids)
        sent, accepted = turns.pop(), turns.pop()
        value = (
            {"over": rng.choice([0, 0, 1, rng.randint(0, 100)]), "under": rng.choice([1, 3, 100])}
            if one.is_measured
            else {"quantity": rng.choice([1, 1, 2, 3])}
        )
        running = not one.is_measured and rng.random() < 0.1
        found.append(
            Rec(
                one.activity_id,
                rng.choice(where),
                rng.choice(one.round_ids) if one.rounds else None,
                rng.choice([day(rng), rng.choice(days)]),
                rng.choice([VERIFIED, VERIFIED, SENT, OTHER]),
                sent=sent,
                accepted=accepted,
                running=running,
                **value | ({"quantity": 0} if running else {}),
            )
        )
    return found


def as_read(made: PlanView, records: list[Rec], on: date) -> tuple[list[Tally], list[Measured]]:
    """What the database hands over for these records."""
    ends = [*made.quarter_ends, date.max]
    known = [r for r in records if r.status in (SENT, VERIFIED) and r.day <= on]
    tallies = [
        Tally(
            r.activity,
            r.unit,
            r.round,
            r.status == VERIFIED,
            int(not r.running),
            int(r.running),
            0,
            tuple(r.quantity if r.day <= end else 0 for end in ends),
        )
        for r in known
    ]
    values = [
        Measured(
            r.activity,
            r.unit,
            r.day,
            r.status == VERIFIED,
            (Addend(r.over, r.under),),
            at(r.sent),
            at(r.accepted) if r.status == VERIFIED else None,
        )
        for r in known
        if r.over is not None
    ]
    return tallies, values


def compare(made: PlanView, records: list[Rec], on: date, counted) -> None:
    """Every figure of `counted` is the second count's."""
    verified, reported = Count(made, records, on, True), Count(made, records, on, False)
    for target in counted.targets:
        one = target.line
        if not one.is_measured:
            assert (target.need, target.done.verified, target.done.reported) == (
                reported.need(one),
                verified.done(one, on),
                reported.done(one, on),
            ), one.code
            for quarter, end in enumerate(made.quarter_ends):
                assert target.by_quarter[quarter].verified == verified.done(one, min(end, on)), (one.code, quarter)
        elif not one.part_ids:
            assert target.measured == (verified.measured(one), reported.measured(one)), one.code
        assert (target.percent, target.percent_reported) == (verified.percent(one), reported.percent(one)), one.code
        assert target.planned_to_date == verified.planned(one)
        assert target.status == verified.status(one), one.code
        if one.rounds:
            assert target.rounds_done.verified == sum(
                all(
                    any(
                        r.activity == one.activity_id and r.unit == u and r.round == number and not r.running
                        for r in verified.records
                    )
                    for u in one.unit_ids
                )
                for number, _name in one.rounds
            )
    for unit in made.units:
        mean, rests_on = verified.commune(unit.id)
        assert (counted.units[unit.id].mean, counted.units[unit.id].rests_on) == (mean, rests_on), unit.code
        assert counted.units[unit.id].mean_reported == reported.commune(unit.id)[0]
    standing = {x.activity_id: x for x in made.lines}
    known = [r for r in records if r.status in (SENT, VERIFIED) and r.day <= on]
    assert counted.left_over == sum(
        not (r.activity in standing and belongs(made, standing[r.activity], r)) for r in known
    )


@pytest.mark.parametrize("year", range(YEARS))
def test_a_generated_year_is_counted_as_the_second_count_has_it(year):
    rng = random.Random(year)
    before = a_plan(rng)
    records = records_of(rng, before)
    made = revised(rng, before)
    for on in (day(rng), day(rng), date(2024, 12, 31)):
        compare(made, records, on, count_plan(made, *as_read(made, records, on), on))
