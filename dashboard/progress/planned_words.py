"""What a plan asks for and what was done, in words: "từ 25 chuyên mục", "mỗi xã 1 buổi = 15 buổi", "chưa phân kỳ"."""

from fractions import Fraction

from dashboard.i18n.words import _, _n, number, say
from data_model.counting.rules import VALUES, TargetProgress, TargetStatus, differs_from_parts
from data_model.kinds.registry import measures_value
from data_model.plans.tables import Comparator, Scope
from data_model.plans.view import Line, PlanView
from data_model.snapshots.content import TargetContent


def planned(target: TargetProgress) -> str:
    """The year's number as the plan issued it, and what it comes to in all."""
    line = target.line
    if target.need is not None and target.rounds_due and target.need == target.rounds_due * len(line.unit_ids):
        return _("{rounds} rounds = {total} commune visits", rounds=target.rounds_due, total=target.need)
    if line.need is None and target.need is not None:
        return _(
            "{measure}: {total}, the sum of its parts",
            measure=say(line.unit_of_measure),
            total=exact_number(target.need),
        )
    return plan_number(line)


def differs(plan: PlanView, line: Line) -> str:
    """What is to be said of a whole whose own number is another than its parts'; empty for every other line."""
    found = differs_from_parts(plan, line)
    return (
        _("the whole says {own}, its parts add up to {parts}", own=exact_number(found[0]), parts=exact_number(found[1]))
        if found
        else ""
    )


def coverage(target: TargetProgress | TargetContent) -> str:
    """In how many communes a value was verified, where some are missing: "12 trong 15 xã đã đo"; else empty."""
    known, of = (
        (target.measured_in, target.measured_of)
        if isinstance(target, TargetContent)
        else target.coverage or (None, None)
    )
    return (
        ""
        if known is None
        else _n("{known} of {of} commune measured", "{known} of {of} communes measured", of, known=known, of=of)
    )


def exact_number(value: Fraction) -> str:
    """A number of the plan with every decimal that it has there."""
    return number(value, 15)


def plan_number(line: Line) -> str:
    """The same for a line of the plan that has no parts."""
    measure, total = say(line.unit_of_measure), line.total_need
    if line.need is None:
        return say(TargetStatus.NO_NUMBER.label)
    if line.is_measured:
        return _measured(line, measure)
    if line.rounds:
        return _("{rounds} rounds = {total} commune visits", rounds=len(line.rounds), total=total)
    each = _number(line)
    if line.scope is Scope.EACH_UNIT:
        return _("{measure}: {each} in each commune, {total} in all", measure=measure, each=each, total=total)
    if line.scope is Scope.NAMED_UNITS:
        return _(
            "{measure}: {each} in each of {places} named communes, {total} in all",
            measure=measure,
            each=each,
            places=len(line.unit_ids),
            total=total,
        )
    return _("{measure}: {each}", measure=measure, each=each)


def planned_to_date(target: TargetProgress) -> str:
    """What was to be done by the day; says so where no phasing was accepted, a dash where there is nothing to phase."""
    if target.need is None or target.line.is_measured:
        return "–"
    return _("not phased") if target.planned_to_date is None else number(target.planned_to_date)


def done(target: TargetProgress) -> tuple[str, str | None]:
    """The verified figure, and the reported one to stand beside it (None where nothing was reported)."""
    line = target.line
    if line.is_measured:
        verified, reported = target.measured or (None, None)
        said = say(TargetStatus.NO_DATA.label) if verified is None else with_measure(verified, line)
        if missing := coverage(target):
            said += f" ({missing})"
        return said, None if reported is None else with_measure(reported, line)
    # A value that no number is due for does not add up: what can be told is how often it was measured.
    figures = target.happened if measures_value(line.kind) else target.done
    return number(figures.verified), number(figures.reported) if figures.reported else None


def with_measure(value: Fraction, line: Line) -> str:
    """A measured value with its unit: "98,5 %"."""
    return f"{number(value)} {say(line.unit_of_measure)}".strip()


def measure_done(target: TargetProgress) -> str:
    """What `done` counts, in words; empty for a measured value, which carries its unit."""
    if target.line.is_measured:
        return ""
    if target.rounds_done is not None:
        return _("commune visits")
    return say(VALUES) if measures_value(target.line.kind) else say(target.line.unit_of_measure)


def _measured(line: Line, measure: str) -> str:
    if line.comparator is Comparator.KEEP_ZERO:
        return _("keep at 0 ({measure})", measure=measure)
    asked = f"{exact_number(line.need)} {measure}"
    return _("{share} in each commune", share=asked) if line.unit_ids else asked


def _number(line: Line) -> str:
    if line.comparator is Comparator.AT_LEAST:
        return _("at least {count}", count=exact_number(line.need))
    return (
        _("about {count}", count=exact_number(line.need))
        if line.comparator is Comparator.ABOUT
        else exact_number(line.need)
    )
