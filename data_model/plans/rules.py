"""The rules by which a plan is judged: from which percentage on it is on track or slow, and when its quarters end.

Rules R24 to R26 of `counting`. A change raises the plan's revision and holds for figures from now on; a frozen quarter
keeps the rules it was frozen with.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from data_model.accounts.account import names_of
from data_model.core import journal
from data_model.core.access import Act, Actor
from data_model.core.problems import Problem, Refused, Say
from data_model.core.tables import JournalEntry
from data_model.plans import tables
from data_model.plans.tables import Plan
from data_model.plans.view import PlanView, revise, view_plan

ACT = "set_rules"


class QuarterRule(StrEnum):
    """When a plan's quarters end: with the calendar's, or on the 14th of their last month (Nghị định 09/2019, article
    12).
    """

    CALENDAR = tables.CALENDAR
    FROM_15_TO_14 = tables.FROM_15_TO_14


@dataclass(frozen=True)
class PlanRules:
    """Percentages of planned-to-date, whole, 1 to 100; below `slow_percent` a target is very slow."""

    on_track_percent: int
    slow_percent: int
    quarter_rule: QuarterRule


@dataclass(frozen=True)
class RulesVersion:
    """A change of the rules: when, by whom, from which rules to which, and the plan's revision since."""

    at: datetime
    by: str
    before: PlanRules
    after: PlanRules
    revision: int


def rules_of(session: Session, actor: Actor, plan_id: int) -> PlanRules:
    """The rules in force."""
    actor.require(Act.READ_PROGRESS)
    return _rules(view_plan(session, plan_id))


def set_rules(session: Session, actor: Actor, plan_id: int, rules: PlanRules) -> None:
    """Put other rules in force. Raises Refused with what is wrong beside each field; equal rules change nothing."""
    actor.require(Act.SET_PLAN_RULES)
    problems = list(_problems(rules))
    if problems:
        raise Refused(problems)
    before = _rules(view_plan(session, plan_id))
    if before == rules:
        return
    plan = revise(session, plan_id)
    plan.on_track_percent, plan.slow_percent = rules.on_track_percent, rules.slow_percent
    plan.quarter_rule = QuarterRule(rules.quarter_rule).value
    session.flush()
    journal.note(
        session, actor, ACT, "plan", plan_id, before=asdict(before), after=asdict(rules) | {"revision": plan.revision}
    )


def rules_history(session: Session, actor: Actor, plan_id: int) -> list[RulesVersion]:
    """The changes of the plan's rules, newest first."""
    actor.require(Act.READ_JOURNAL)
    entries = [e for e in journal.history(session, actor, "plan", plan_id) if e.act == ACT]
    names = names_of(session, {e.account_id for e in entries})
    return [_version(e, names.get(e.account_id or 0, "")) for e in reversed(entries)]


def _version(entry: JournalEntry, who: str) -> RulesVersion:
    before, after = entry.before, entry.after
    assert before is not None and after is not None  # `set_rules` notes both
    return RulesVersion(entry.at, who, _read(before), _read(after), after["revision"])


def _rules(plan: Plan | PlanView) -> PlanRules:
    return PlanRules(plan.on_track_percent, plan.slow_percent, QuarterRule(plan.quarter_rule))


def _read(kept: Mapping[str, Any]) -> PlanRules:
    return PlanRules(kept["on_track_percent"], kept["slow_percent"], QuarterRule(kept["quarter_rule"]))


def _problems(rules: PlanRules) -> Iterator[Problem]:
    for name in ("on_track_percent", "slow_percent"):
        value = getattr(rules, name)
        if isinstance(value, bool) or not isinstance(value, int):
            yield Problem(name, Say.REQUIRED if value is None else Say.NOT_WHOLE)
        elif value < 1:
            yield Problem(name, Say.TOO_SMALL, {"least": 1})
        elif value > 100:
            yield Problem(name, Say.TOO_LARGE, {"most": 100})
        elif name == "slow_percent" and isinstance(rules.on_track_percent, int) and value >= rules.on_track_percent:
            yield Problem(name, Say.SLOW_BELOW_ON_TRACK, {"on_track": rules.on_track_percent})
    if rules.quarter_rule not in set(QuarterRule):
        yield Problem("quarter_rule", Say.NOT_AN_OPTION)
