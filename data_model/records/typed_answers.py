"""Answers as they were typed: kept as JSON whatever they are, read one by one where the whole form cannot be."""

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from data_model.core import clock
from data_model.core.problems import Problem, Refused, Say, refuse
from data_model.core.text import composed
from data_model.forms.fields import Day, Rows
from data_model.forms.kind import Kind
from data_model.plans.view import PlanView

MOST_ANSWERS = 200_000
"""Characters of JSON that one record's answers may take."""


def as_typed(answers: Mapping[str, Any]) -> dict:
    """`answers` as JSON with text in NFC; dates and the like as their stored form."""
    def keep(value: Any) -> Any:
        if isinstance(value, str):
            return composed(value)
        if isinstance(value, Mapping):
            return {composed(str(k)): keep(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [keep(v) for v in value]
        if value is None or isinstance(value, bool | int) or isinstance(value, float) and math.isfinite(value):
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


def wrong_days(kind: type[Kind], answers: Mapping[str, Any], plan: PlanView, inside: str = "") -> list[Problem]:
    """Days in the future or outside the plan, except days that are planned ahead."""
    problems, today = [], clock.today()
    for name, each in kind.fields.items():
        value, where = answers.get(name), f"{inside}{name}"
        if isinstance(each, Rows):
            for number, row in enumerate(value or []):
                problems += wrong_days(type(row), row.answers, plan, f"{where}.{number}.")
        elif isinstance(each, Day) and value and not each.planned:
            if not plan.starts_on <= value <= plan.ends_on:
                problems.append(Problem(where, Say.DATE_OUTSIDE_PLAN, {"first": plan.starts_on, "last": plan.ends_on}))
            elif value > today:
                problems.append(Problem(where, Say.DATE_IN_FUTURE, {"today": today}))
    return problems


def one_per_field(problems: list[Problem]) -> list[Problem]:
    """The first problem of each field."""
    first: dict[str, Problem] = {}
    for problem in problems:
        first.setdefault(problem.where, problem)
    return list(first.values())
