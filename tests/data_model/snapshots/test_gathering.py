"""What a snapshot holds of the database: both values of what is measured, and no added-up 0 where nothing adds up."""

from dataclasses import replace

from data_model.counting.rules import VALUES, Pair, TargetStatus
from data_model.periods.periods import Period
from data_model.plans import rules
from data_model.records import writing
from data_model.review import decisions
from data_model.snapshots import freezing
from tests.conftest import PHO_VINH
from tests.data_model.visits import send_visit

MEASURED = "bai_chay_2024"


def _content(town, period, plan="duc_pho_2024"):
    with town.reading() as session:
        return freezing.preview(session, town.people.leader, town.plan(plan).id, period).content


def test_r12_a_commune_is_unvisited_until_a_visit_of_it_is_reported(town):
    def unvisited():
        with town.reading() as session:
            return set(freezing.preview(session, town.people.leader, town.plan().id, Period.Q3).missing.unvisited)

    everywhere = {unit.id for unit in town.plan().units}
    assert unvisited() == everywhere
    send_visit(town, day="2024-09-10")
    assert unvisited() == everywhere - {town.unit(PHO_VINH).id}
    rounds = {one.name.vi: one.visited for one in _content(town, Period.Q3).rounds}
    assert sorted((pair.verified, pair.reported) for pair in rounds.values()) == [(0, 0), (0, 0), (0, 1)]


def _target(town, code, period):
    return next(t for t in _content(town, period, MEASURED).targets if t.code == code)


def _value(town, code, day, numerator, verified, **more):
    """A measured value of Bãi Cháy, sent by the officer."""
    owner = town.plan(MEASURED).owner
    entry = replace(
        town.entry(code, owner.code, {"as_of": day, "numerator": numerator} | more, plan=MEASURED), unit_id=owner.id
    )
    with town.writing() as session:
        sent = writing.send(session, town.people.officer, entry)
        if verified:
            decisions.verify(session, town.people.leader, sent.id, sent.version, "Đã xem")


def test_a_measured_target_keeps_its_reported_value_beside_the_verified_one(town):
    _value(town, "BC-01", "2024-06-25", 0, verified=True)
    _value(town, "BC-01", "2024-06-30", 3, verified=False)
    target = _target(town, "BC-01", Period.H1)
    assert (target.measured, target.measured_reported, target.status) == (0, 3, TargetStatus.DONE)


def test_of_a_value_without_a_number_the_times_it_was_measured_are_told(town):
    """An added-up 0 would say that it was measured and came to nothing."""
    _value(town, "BC-03", "2024-02-20", 20, verified=True, denominator=100)
    _value(town, "BC-03", "2024-06-20", 40, verified=True, denominator=100)
    _value(town, "BC-03", "2024-06-25", 41, verified=False, denominator=100)
    half, second = (_target(town, "BC-03", period) for period in (Period.H1, Period.Q2))
    assert (half.done, half.done_in_period, second.done_in_period, half.unit_of_measure) == (
        Pair(2, 3),
        Pair(2, 3),
        Pair(1, 2),
        VALUES,
    )
    assert (half.need, half.percent, half.by_quarter) == (None, None, ())


def test_what_a_year_has_after_its_fourth_quarter_stands_by_itself(town):
    with town.writing() as session:
        rules.set_rules(session, town.people.officer, town.plan().id, rules.PlanRules(90, 70, "15_to_14"))
    trend = {period: _content(town, period).trend for period in (Period.Q4, Period.YEAR)}
    assert [(point.quarter, point.is_forecast) for point in trend[Period.Q4]] == [
        (1, False),
        (2, False),
        (3, False),
        (4, False),
    ]
    assert trend[Period.YEAR] == trend[Period.Q4]


def test_r26_a_year_that_ends_on_14_december_says_what_was_done_after_it(town, monkeypatch):
    with town.writing() as session:
        rules.set_rules(
            session, town.people.officer, town.plan("bai_chay_2024").id, rules.PlanRules(90, 70, "15_to_14")
        )
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2025-01-10")
    _value(town, "BC-03", "2024-12-14", 20, verified=True, denominator=100)
    _value(town, "BC-03", "2024-12-20", 21, verified=True, denominator=100)
    _value(town, "BC-03", "2024-12-31", 22, verified=False, denominator=100)
    year, quarter = _target(town, "BC-03", Period.YEAR), _target(town, "BC-03", Period.Q4)
    assert (year.done, year.done_after, quarter.done_after) == (Pair(1, 1), Pair(1, 2), None)
