"""Plans of a few lines, made in memory: what the tests of counting count on."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from data_model.core.label import Label
from data_model.counting.rules import Measured, Tally
from data_model.forms.kind import Addend
from data_model.plans.tables import Comparator, Scope
from data_model.plans.view import Line, PlanView
from data_model.units.tables import Unit

OWNER = 99
A, B, C = 1, 2, 3
"""Three communes."""


def line(
    activity_id=10,
    need=5,
    comparator=Comparator.EXACTLY,
    scope=Scope.WHOLE,
    unit_ids=(),
    rounds=(),
    window_from=date(2024, 4, 1),
    window_to=date(2024, 12, 31),
    due=date(2024, 12, 31),
    phases=None,
    part_of=None,
    part_ids=(),
) -> Line:
    return Line(
        activity_id=activity_id,
        target_id=1000 + activity_id,
        component_id=1,
        part_of_id=part_of,
        code=f"X-{activity_id}",
        name=Label("việc", "work"),
        kind=None if part_ids else "other",
        is_money=False,
        measure="times",
        need=None if need is None else Fraction(need),
        unit_of_measure=Label("lần", "times"),
        comparator=None if need is None else comparator,
        scope=scope,
        unit_ids=tuple(unit_ids),
        rounds=tuple((r, Label(f"đợt {r}", f"round {r}")) for r in rounds),
        window_from=window_from,
        window_to=window_to,
        due=due,
        conditions=(),
        phases={q: Fraction(s) for q, s in (phases or {}).items()},
        lead=None,
        coordinating=(),
        source_note={},
        part_ids=tuple(part_ids),
    )


def each(need=1, units=(A, B, C), **more) -> Line:
    return line(need=need, scope=Scope.EACH_UNIT, unit_ids=units, **more)


def plan(*lines: Line, rule="calendar", on_track=90, slow=70) -> PlanView:
    def unit(number: int) -> Unit:
        return Unit(id=number, code=str(number), name=f"Xã {number}", kind="xã", place="x")

    return PlanView(
        id=1,
        code="x",
        name=Label("x", "x"),
        owner=unit(OWNER),
        year=2024,
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31),
        issuer=None,
        document={},
        slips=(),
        quarter_rule=rule,
        on_track_percent=on_track,
        slow_percent=slow,
        revision=1,
        units=tuple(unit(n) for n in (A, B, C)),
        components=(),
        budgets={},
        lines=lines,
    )


def done(
    unit_id=A, quantity=1, *, activity_id=10, quarter=2, verified=True, round_id=None, count=1, running=0, unmet=0
) -> Tally:
    until = tuple(quantity if quarter <= end else 0 for end in range(1, 6))
    return Tally(activity_id, unit_id, round_id, verified, count, running, unmet, until)


def at(minute: int) -> tuple[datetime, str]:
    """A turn: when a value was sent or accepted."""
    return datetime(2024, 10, 1, tzinfo=UTC) + timedelta(minutes=minute), ""


def value(
    percent, unit_id=OWNER, on=date(2024, 6, 30), *, of=1, activity_id=10, verified=True, sent=0, accepted=None
) -> Measured:
    """A measured value (`percent` of `of`), sent and, where it is verified, accepted at a minute."""
    percent = Fraction(percent)
    addend = Addend(percent.numerator * of, percent.denominator * of)
    turn = at(sent if accepted is None else accepted) if verified else None
    return Measured(activity_id, unit_id, on, verified, (addend,), at(sent), turn)
