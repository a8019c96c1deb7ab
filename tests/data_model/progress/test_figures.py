"""The leader's figures out of the database: the same as the rules, whatever day is looked at."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from data_model.core import clock
from data_model.core.problems import Refused, Say
from data_model.counting.rules import TargetStatus
from data_model.progress import figures
from data_model.records import writing
from data_model.records.tables import FieldRecord
from data_model.review import decisions
from tests.conftest import PHO_CUONG, PHO_MINH, PHO_VINH


def _send(town, line, unit, answers, actor=None, verified=True, **more):
    with town.writing() as session:
        sent = writing.send(session, actor or town.people.officer, town.entry(line, unit, answers, **more))
        if verified:
            decisions.verify(session, town.people.leader, sent.id, sent.version, "Đã xem")
    return sent


def _progress(town, as_of=None, plan="duc_pho_2024"):
    with town.reading() as session:
        return figures.plan_progress(session, town.people.leader, town.plan(plan).id, as_of)


def _target(town, code, as_of=None):
    return _progress(town, as_of).by_activity[town.line(code).activity_id]


def test_a_record_counts_from_its_own_day(town, dialogue):
    _send(town, "DP-11", PHO_VINH, dialogue(held_on="2024-09-30"))
    assert _target(town, "DP-11", date(2024, 9, 29)).done.verified == 0
    assert _target(town, "DP-11", date(2024, 9, 30)).done.verified == 1
    assert [q.verified for q in _target(town, "DP-11").by_quarter] == [0, 0, 1, 1, 1]


def test_a_surplus_in_one_commune_hides_no_hole_out_of_the_database_either(town, dialogue):
    for place in "abc":
        _send(town, "DP-11", PHO_VINH, dialogue(place=place))
    _send(town, "DP-11", PHO_MINH, dialogue(), verified=False)
    target = _target(town, "DP-11")
    assert (target.done.verified, target.done.reported, target.happened.verified, target.need) == (1, 2, 3, 15)


def test_returned_drafts_and_voided_records_count_nowhere(town, dialogue):
    back, gone = (_send(town, "DP-11", PHO_VINH, dialogue()) for _ in range(2))
    with town.writing() as session:
        decisions.return_to_author(session, town.people.leader, back.id, 2, "x")
        decisions.void(session, town.people.leader, gone.id, 2, "x")
        writing.save_draft(session, town.people.officer, town.entry("DP-11", PHO_VINH, dialogue()))
    target = _target(town, "DP-11")
    assert (target.done.reported, target.happened.reported, target.unmet) == (0, 0, 0)


def test_a_fair_of_two_days_is_two_of_three_days(town):
    _send(town, "DP-01", PHO_VINH, {"type": "career_fair", "starts_on": "2024-10-01", "ends_on": "2024-10-02"})
    target = _target(town, "DP-01")
    assert (target.done.verified, target.need, target.happened.verified) == (2, 3, 1)


def test_rounds_are_told_apart(town):
    first, second = town.line("DP-17a").round_ids
    for round_id in (first, first, second):
        _send(town, "DP-17a", PHO_VINH, {"visited_on": "2024-10-01", "villages": str(round_id)}, round_id=round_id)
    assert _target(town, "DP-17a").cells[town.unit(PHO_VINH).id].done.verified == 2
    assert _target(town, "DP-17").done.verified == 2 and _target(town, "DP-17").need == 45


def test_money_stands_beside_its_component_and_in_no_target(town):
    _send(town, "DP-13", PHO_VINH, {"paid_on": "2024-10-01", "paid": "50.000.000", "source": "central"})
    _send(town, "DP-13", PHO_VINH, {"paid_on": "2024-10-02", "paid": "25.000.000", "source": "central"}, verified=False)
    with town.reading() as session:
        rows = {
            town.plan().component_by_id[m.component_id].code: m
            for m in figures.money(session, town.people.leader, town.plan().id)
        }
    assert (rows["DA6.2"].budget, rows["DA6.2"].paid.verified, rows["DA6.2"].paid.reported) == (
        253_033_000,
        50_000_000,
        75_000_000,
    )
    assert rows["DA4"].paid.reported == 0 and rows["TC"].budget is None
    assert town.line("DP-13").activity_id not in _progress(town).by_activity


def test_people_are_added_up_and_not_collected_stays_apart_from_zero(town, dialogue):
    _send(town, "DP-11", PHO_VINH, dialogue(attendance={"total": 55, "women": 0}))
    _send(town, "DP-11", PHO_MINH, dialogue(attendance={"total": 60}))
    with town.reading() as session:
        people = figures.attendance(session, town.people.leader, town.plan().id)[town.line("DP-11").activity_id]
    assert (people["total"], people["women"], people["poor"]) == (115, 0, None)


def test_money_people_and_values_of_what_was_returned_count_nowhere(town, dialogue):
    payment = _send(town, "DP-13", PHO_VINH, {"paid_on": "2024-10-01", "paid": 1000, "source": "central"})
    session_held = _send(town, "DP-11", PHO_VINH, dialogue())
    value = _send(town, "BC-01", "06673", {"as_of": "2024-06-30", "numerator": 3}, plan="bai_chay_2024")
    with town.writing() as session:
        for sent in (payment, session_held, value):
            decisions.return_to_author(session, town.people.leader, sent.id, 2, "sai")
    with town.reading() as session:
        assert {m.paid.reported for m in figures.money(session, town.people.leader, town.plan().id)} == {0}
        assert figures.attendance(session, town.people.leader, town.plan().id) == {}
    status = _progress(town, plan="bai_chay_2024").by_activity[town.line("BC-01", "bai_chay_2024").activity_id].status
    assert status is TargetStatus.NO_DATA


def test_my_work_counts_only_my_communes(town, dialogue):
    _send(town, "DP-11", PHO_VINH, dialogue())
    _send(town, "DP-11", PHO_CUONG, dialogue())
    with town.reading() as session:
        own = figures.own_progress(session, town.people.supervisor, town.plan().id)
    assert own.by_activity[town.line("DP-11").activity_id].done.verified == 1


def test_of_a_whole_areas_target_everybody_sees_what_is_done_in_all_of_it(town):
    _send(town, "DP-10", PHO_CUONG, {"title": "x", "broadcasts": [{"aired_on": "2024-10-01"}]})
    with town.reading() as session:
        own = figures.own_progress(session, town.people.supervisor, town.plan().id)
    radio = own.by_activity[town.line("DP-10").activity_id]
    assert (radio.done.reported, radio.need) == (1, 25)


def test_a_measured_value_reaches_its_target(town):
    from dataclasses import replace

    owner = town.plan("bai_chay_2024").owner
    entry = town.entry("BC-01", owner.code, {"as_of": "2024-06-30", "numerator": 0}, plan="bai_chay_2024")
    with town.writing() as session:
        sent = writing.send(session, town.people.officer, replace(entry, unit_id=owner.id))

    def status():
        return _progress(town, plan="bai_chay_2024").by_activity[town.line("BC-01", "bai_chay_2024").activity_id].status

    assert status() is TargetStatus.NO_DATA, "judged on verified figures"
    with town.writing() as session:
        decisions.verify(session, town.people.leader, sent.id, 1, "Đã xem")
    assert status() is TargetStatus.DONE


@pytest.mark.parametrize(
    ("today", "day"),
    [("2023-06-01", date(2024, 1, 1)), ("2024-10-15", date(2024, 10, 15)), ("2026-11-21", date(2026, 11, 21))],
)
def test_a_plan_is_looked_at_today_and_never_before_it_begins(town, monkeypatch, today, day):
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", today)
    assert figures.default_day(town.plan()) == day == _progress(town).as_of


def test_the_plans_of_a_supervisor_are_those_with_an_own_commune(town):
    with town.reading() as session:
        assert [p.code for p in figures.plans_of(session, town.people.supervisor)] == ["duc_pho_2024"]
        assert len(figures.plans_of(session, town.people.leader)) == 5


def test_an_unknown_plan_is_not_found(town):
    for ask in (figures.plan_progress, figures.own_progress, figures.money, figures.attendance):
        with town.reading() as session, pytest.raises(Refused) as caught:
            ask(session, town.people.leader, 987_654)
        assert caught.value.problems[0].say == Say.NOT_FOUND


def test_every_record_of_the_database_is_behind_a_figure(town, dialogue):
    """Happened, over all targets, is the number of reported records that are not running."""
    _send(town, "DP-11", PHO_VINH, dialogue())
    _send(town, "DP-03", PHO_VINH, {"started_on": "2024-10-01", "trade": "May"})
    _send(town, "DP-02", PHO_MINH, {"type": "talk", "starts_on": "2024-10-01"}, verified=False)
    counted = _progress(town)
    leaves = [t for t in counted.targets if not t.line.part_ids]
    with town.reading() as session:
        kept = session.exec(select(FieldRecord)).all()
    assert sum(t.happened.reported for t in leaves) == 2 == sum(not r.running for r in kept)
    assert sum(t.running for t in leaves) == 1


def test_r13_of_one_day_the_value_that_was_accepted_last_counts_also_where_it_was_sent_first(town):
    """The order comes from the stored moments of acceptance, not from those of sending."""
    sent = []
    for hour, reached in ((1, 50), (2, 90)):
        answers = {"as_of": "2024-09-30", "numerator": reached, "denominator": 100, "source": "Báo cáo"}
        with clock.standing_at(datetime(2024, 10, 10, hour, tzinfo=UTC)), town.writing() as session:
            entry = town.entry("BC-05", "06673", answers, plan="bai_chay_2024")
            sent.append(writing.send(session, town.people.officer, entry))
    for hour, record in ((3, sent[1]), (4, sent[0])):
        with clock.standing_at(datetime(2024, 10, 10, hour, tzinfo=UTC)), town.writing() as session:
            decisions.verify(session, town.people.leader, record.id, record.version, "Đã xem")
    target = _progress(town, plan="bai_chay_2024").by_activity[town.line("BC-05", "bai_chay_2024").activity_id]
    assert target.measured[0] == 50
