"""The report of a round: when it is due, that it was sent, and what greets the leader."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from data_model.core.label import Label
from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.deadlines import round_reports
from data_model.deadlines.due_soon import due_soon
from data_model.records.writing import send
from tests.conftest import ON_SQLITE, PHO_VINH
from tests.data_model.visits import FIX_LOA, send_visit, visit_entry


@pytest.fixture
def visited(town):
    """Every commune was visited in round one, the last of them on 20 September; one of them a second time later."""
    plan = town.plan()
    with town.writing() as session:
        for number, unit in enumerate(plan.units):
            send(session, town.people.officer, visit_entry(town, [], day=f"2024-09-{6 + number:02}", unit=unit.code))
        send(session, town.people.officer, visit_entry(town, [], day="2024-10-11", unit=PHO_VINH))
    return plan


def first(town, plan):
    with town.reading() as session:
        return round_reports.due(session, town.people.leader, plan)[0]


def mark(town, plan, actor=None, sent_on=date(2024, 10, 11), number="12/BC-UBND", round_id=None):
    with town.writing() as session:
        return round_reports.mark_sent(
            session, actor or town.people.leader, plan.id, round_id or first(town, plan).round_id, sent_on, number
        )


def problems(act, *given, **more):
    with pytest.raises(Refused) as caught:
        act(*given, **more)
    return {p.where: p.say for p in caught.value.problems}


def test_a_round_ends_with_its_last_first_visit_and_is_due_15_working_days_later(town, visited):
    one = first(town, visited)
    assert (one.visited, one.to_visit, one.ended_on, one.due) == (15, 15, date(2024, 9, 20), date(2024, 10, 11))
    assert one.is_late and one.holidays_known  # it is 15 October


@ON_SQLITE
def test_a_round_with_a_commune_missing_has_not_ended(town):
    send_visit(town, [], day="2024-09-06")
    one = first(town, town.plan())
    assert (one.visited, one.ended_on, one.due, one.is_late) == (1, None, None, False)
    assert problems(mark, town, town.plan()) == {"sent_on": Say.ROUND_RUNNING}


@ON_SQLITE
def test_when_the_plans_window_is_over_the_report_is_due_all_the_same(town, monkeypatch):
    send_visit(town, [], day="2024-09-06")
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2025-01-03")
    with town.reading() as session:
        rounds = {r.round_id: r for r in round_reports.due(session, town.people.leader, town.plan())}
    begun = rounds[town.line("DP-17a").round_ids[0]]
    assert (begun.by_window, begun.ended_on, begun.due) == (True, date(2024, 12, 31), date(2025, 1, 22))
    assert rounds[town.line("DP-17b").round_ids[0]].due is None  # nobody went at all: there is nothing to report


def test_marked_as_sent_with_number_and_day_and_corrected(town, visited):
    mark(town, visited)
    mark(town, visited)
    mark(town, visited, actor=town.people.officer, sent_on=date(2024, 10, 14), number="13/BC-UBND")
    one = first(town, visited)
    assert (one.sent_on, one.number, one.is_late) == (date(2024, 10, 14), "13/BC-UBND", True)
    with town.reading() as session:
        noted = session.exec(
            select(JournalEntry).where(JournalEntry.act == "report_sent").order_by(JournalEntry.id)
        ).all()
    assert [(e.account_id, e.after["number"]) for e in noted] == [
        (town.people.leader.id, "12/BC-UBND"),
        (town.people.officer.id, "13/BC-UBND"),
    ]
    assert noted[1].before == {"sent_on": "2024-10-11", "number": "12/BC-UBND"}


@ON_SQLITE
def test_a_wrong_day_a_missing_number_and_the_wrong_person_are_refused(town, visited):
    assert problems(mark, town, visited, sent_on=date(2024, 9, 19)) == {"sent_on": Say.REPORT_BEFORE_END}
    assert problems(mark, town, visited, sent_on=date(2024, 10, 16)) == {"sent_on": Say.DATE_IN_FUTURE}
    assert problems(mark, town, visited, sent_on=None, number=" ") == {"sent_on": Say.REQUIRED, "number": Say.REQUIRED}
    assert problems(mark, town, visited, round_id=999_999) == {"": Say.NOT_FOUND}
    for actor in (town.people.supervisor, town.people.administrator):
        assert problems(mark, town, visited, actor=actor) == {"": Say.NOT_ALLOWED}


def test_an_end_entered_by_hand_overrules_the_visits(town, visited):
    def end(day):
        with town.writing() as session:
            round_reports.set_end(session, town.people.leader, visited.id, first(town, visited).round_id, day)
        return first(town, visited)

    assert (end(date(2024, 10, 1)).due, first(town, visited).declared) == (date(2024, 10, 22), True)
    assert end(None).ended_on == date(2024, 9, 20)
    assert problems(end, date(2024, 10, 30)) == {"ended_on": Say.DATE_IN_FUTURE}


def pressing(town, plan, actor=None):
    with town.reading() as session:
        return due_soon(session, actor or town.people.leader, plan)


def test_what_presses_greets_and_what_was_done_does_not(town, visited, monkeypatch):
    assert [r.name.vi for r in pressing(town, visited).rounds] == ["Đợt 1: chính sách, chương trình 2024"]
    mark(town, visited)
    assert not pressing(town, visited)
    for day in ("2024-10-14", "2024-10-15", "2024-10-22", "2024-10-23"):
        send_visit(town, [FIX_LOA | {"fix_by": day}])
    found = pressing(town, visited)
    assert (found.overdue, found.within_days, found.to_confirm, found.rounds, found.send_by) == (1, 2, 0, (), ())


@ON_SQLITE
def test_a_report_greets_from_ten_days_before(town, visited, monkeypatch):
    for today, greets in (("2024-09-30", False), ("2024-10-01", True), ("2024-10-11", True)):
        monkeypatch.setenv("SO_GIAM_SAT_TODAY", today)
        assert bool(pressing(town, visited).rounds) is greets, today


@ON_SQLITE
@pytest.mark.parametrize(
    ("today", "greets"),
    [
        ("2022-05-29", []),
        ("2022-05-30", [("HN-26", 10)]),
        ("2022-07-01", [("HN-26", 10)]),
        ("2022-11-05", [("HN-26", 10), ("HN-27", 10)]),
        ("2024-10-15", []),
    ],
)
def test_reports_that_a_plan_dates_greet_until_its_year_is_over(town, monkeypatch, today, greets):
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", today)
    plan = town.plan("hong_ngu_2022")
    assert [(each.line.code, each.missing) for each in pressing(town, plan).send_by] == greets


@ON_SQLITE
def test_a_report_is_known_by_what_it_counts_not_by_the_words_of_the_plan(town, monkeypatch):
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2022-06-01")
    plan = town.plan("hong_ngu_2022")
    report = next(line for line in plan.lines if line.code == "HN-26")
    for told, greets in (
        (replace(report, unit_of_measure=Label("văn bản", "documents")), ["HN-26"]),
        (replace(report, measure="times"), []),
    ):
        assert [each.line.code for each in pressing(town, replace(plan, lines=(told,))).send_by] == greets


@ON_SQLITE
def test_a_supervisor_is_not_greeted(town):
    assert problems(pressing, town, town.plan(), town.people.supervisor) == {"": Say.NOT_ALLOWED}
