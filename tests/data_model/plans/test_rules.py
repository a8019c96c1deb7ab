"""A plan's own rules of judging: checked, in force at once, a revision each time, and remembered."""

from datetime import date

import pytest
from sqlmodel import select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.counting.rules import TargetStatus
from data_model.plans import rules as plan_settings
from data_model.plans.phasing import propose_even, set_phasing
from data_model.plans.rules import PlanRules, QuarterRule
from data_model.progress.figures import plan_progress
from data_model.records.writing import send
from data_model.review.decisions import verify
from tests.conftest import ON_SQLITE, PHO_CUONG, PHO_MINH, PHO_VINH

CALENDAR, DECREE = QuarterRule.CALENDAR, QuarterRule.FROM_15_TO_14


def _set(town, on_track, slow, rule=CALENDAR, who="officer"):
    with town.writing() as session:
        plan_settings.set_rules(session, getattr(town.people, who), town.plan().id, PlanRules(on_track, slow, rule))


def _versions(town):
    with town.reading() as session:
        return plan_settings.rules_history(session, town.people.officer, town.plan().id)


def test_other_rules_raise_the_revision_and_are_remembered(town):
    before = town.plan().revision
    _set(town, 80, 50)
    _set(town, 85, 50, DECREE)
    plan = town.plan()
    assert (plan.on_track_percent, plan.slow_percent, plan.quarter_rule, plan.revision) == (
        85,
        50,
        "15_to_14",
        before + 2,
    )
    newest, older = _versions(town)
    assert (newest.before, newest.after) == (PlanRules(80, 50, CALENDAR), PlanRules(85, 50, DECREE))
    assert (older.before, older.by, newest.revision) == (PlanRules(90, 70, CALENDAR), "Cán bộ tổng hợp", plan.revision)


def test_the_same_rules_change_nothing(town):
    before = town.plan().revision
    _set(town, 90, 70)
    assert town.plan().revision == before and _versions(town) == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("rules", "wrong"),
    [
        ((70, 70, CALENDAR), {"slow_percent": Say.SLOW_BELOW_ON_TRACK}),
        ((60, 70, CALENDAR), {"slow_percent": Say.SLOW_BELOW_ON_TRACK}),
        ((101, 70, CALENDAR), {"on_track_percent": Say.TOO_LARGE}),
        ((90, 0, CALENDAR), {"slow_percent": Say.TOO_SMALL}),
        ((90, None, CALENDAR), {"slow_percent": Say.REQUIRED}),
        ((90.5, 70, CALENDAR), {"on_track_percent": Say.NOT_WHOLE}),
        ((90, 70, "weekly"), {"quarter_rule": Say.NOT_AN_OPTION}),
        ((100, 99, DECREE), {}),
        ((2, 1, CALENDAR), {}),
    ],
)
def test_rules_that_make_no_sense_are_refused_beside_their_field(town, rules, wrong):
    if not wrong:
        _set(town, *rules)
        return
    with pytest.raises(Refused) as caught:
        _set(town, *rules)
    assert {p.where: p.say for p in caught.value.problems} == wrong


@pytest.mark.parametrize("who", ["supervisor", "leader", "administrator"])
def test_only_data_officers_set_them(town, who):
    with pytest.raises(Refused) as caught:
        _set(town, 80, 50, who=who)
    assert caught.value.problems[0].say is Say.NOT_ALLOWED
    with town.reading() as session:
        assert session.exec(select(JournalEntry).where(JournalEntry.act == plan_settings.ACT)).all() == []


@ON_SQLITE
def test_a_target_is_judged_by_the_rules_in_force(town, dialogue):
    line, plan = town.line("DP-11"), town.plan()
    with town.writing() as session:
        set_phasing(session, town.people.leader, plan.id, {line.target_id: propose_even(plan, line)})
    for unit, actor in ((PHO_VINH, "supervisor"), (PHO_MINH, "supervisor"), (PHO_CUONG, "second")):
        with town.writing() as session:
            record = send(
                session, getattr(town.people, actor), town.entry("DP-11", unit, dialogue(held_on="2024-09-10"))
            )
        with town.writing() as session:
            verify(session, town.people.leader, record.id, record.version, "Đã xem")

    def status(day: date) -> TargetStatus:
        with town.reading() as session:
            progress = plan_progress(session, town.people.leader, plan.id, day)
        return next(t.status for t in progress.targets if t.line.code == "DP-11")

    day = date(2024, 9, 30)
    assert status(day) is TargetStatus.VERY_SLOW
    _set(town, 25, 20)
    assert status(day) is TargetStatus.ON_TRACK
