"""Answers as they were typed: kept as JSON whatever they are, read one by one where the whole form cannot be."""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from data_model.core import clock
from data_model.core.problems import Problem, Refused, Say, refuse
from data_model.core.text import composed
from data_model.forms.fields import Day, Form, Rows
from data_model.forms.kind import Kind
from data_model.plans.view import PlanView

MOST_ANSWERS = 200_000
"""Characters of JSON that one record's answers may take."""
MOST_YEARS_AHEAD = 5
"""So long does the programme run; a deadline in a later year is a slip of the year."""


def as_typed(answers: Mapping[str, Any]) -> dict[str, Any]:
    """`answers` as JSON with text in NFC; dates and the like as their stored form. Raises Refused for what is no form:
    nested without end, or longer than `MOST_ANSWERS`.
    """

    def keep(value: Any) -> Any:
        if isinstance(value, str):
            return composed(value)
        if isinstance(value, Mapping):
            return {composed(str(k)): keep(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [keep(v) for v in value]
        if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
            return value
        return value.isoformat() if hasattr(value, "isoformat") else str(value)

    try:
        kept = keep(answers)
        size = len(json.dumps(kept))
    except RecursionError:
        raise refuse(Say.NOT_UNDERSTOOD) from None
    if not isinstance(kept, dict):
        raise refuse(Say.NOT_UNDERSTOOD)
    if size > MOST_ANSWERS:
        raise refuse(Say.TOO_LONG, most=MOST_ANSWERS, length=size)
    return kept


def readable(kind: type[Kind], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that can be read one by one, when the whole form cannot."""
    read = {}
    for name, each in kind.fields.items():
        try:
            read[name] = each.clean(raw.get(name))
        except Refused:
            continue
    return read


def readable_day(kind: type[Kind], raw: Mapping[str, Any]) -> date | None:
    """The day of a form that cannot be read whole, where the day itself can."""
    return kind(readable(kind, raw)).happened_on


def wrong_days(
    kind: type[Form],
    answers: Mapping[str, Any],
    plan: PlanView,
    happened: date | None,
    inside: str = "",
) -> list[Problem]:
    """Days in the future or outside the plan; planned days before the day that the record is of, or years after it.

    `happened` is that day, None where it could not be read: then the plan's first day stands for it.
    """
    problems: list[Problem] = []
    for name, each in kind.fields.items():
        value, where = answers.get(name), f"{inside}{name}"
        if isinstance(each, Rows):
            for row in value or []:
                problems += wrong_days(type(row), row.answers, plan, happened, f"{where}.{row.row_number}.")
        elif isinstance(each, Day) and value:
            problems += (
                _planned_day(where, value, happened or plan.starts_on)
                if each.planned
                else _past_day(where, value, plan)
            )
    return problems


def _past_day(where: str, value: date, plan: PlanView) -> Iterator[Problem]:
    today = clock.today()
    if not plan.starts_on <= value <= plan.ends_on:
        yield Problem(where, Say.DATE_OUTSIDE_PLAN, {"first": plan.starts_on, "last": plan.ends_on})
    elif value > today:
        yield Problem(where, Say.DATE_IN_FUTURE, {"today": today})


def _planned_day(where: str, value: date, happened: date) -> Iterator[Problem]:
    if value < happened:
        yield Problem(where, Say.DEADLINE_BEFORE, {"day": happened})
    elif value.year > happened.year + MOST_YEARS_AHEAD:
        yield Problem(where, Say.DEADLINE_TOO_FAR, {"years": MOST_YEARS_AHEAD, "day": happened})


def one_per_field(problems: list[Problem]) -> list[Problem]:
    """The first problem of each field."""
    first: dict[str, Problem] = {}
    for problem in problems:
        first.setdefault(problem.where, problem)
    return list(first.values())
