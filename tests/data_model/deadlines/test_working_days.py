"""Working days over weekends, Tết and exchanged Saturdays; days that an officer corrects."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.deadlines.tables import DayKind, Holiday
from data_model.deadlines.working_days import WorkCalendar, holidays, set_day, work_calendar
from seed.load import load_holidays
from tests.conftest import ON_SQLITE

PLAIN = WorkCalendar(frozenset(), frozenset())


@pytest.fixture
def calendar(plans):
    with plans.reading() as session:
        return work_calendar(session, date(2022, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        (date(2024, 6, 25), date(2024, 7, 16)),  # three plain weeks
        (date(2024, 1, 31), date(2024, 2, 28)),  # five days of Tết, 8 to 14 February
        (date(2025, 1, 17), date(2025, 2, 14)),  # Tết, 27 to 31 January
        (date(2024, 4, 15), date(2024, 5, 9)),  # Giỗ Tổ, 29 April to 1 May, and Saturday 4 May is worked
        (date(2024, 8, 30), date(2024, 9, 24)),  # 2 and 3 September
        (date(2024, 12, 31), date(2025, 1, 22)),  # New Year
    ],
)
def test_fifteen_working_days_after(calendar, ended, due):
    assert calendar.after(ended, 15) == due


@ON_SQLITE
def test_a_day_worked_instead_counts_and_a_holiday_does_not(calendar):
    assert calendar.is_working(date(2024, 5, 4)) and not calendar.is_working(date(2024, 5, 11))
    assert not calendar.is_working(date(2024, 4, 29)) and calendar.is_working(date(2024, 4, 26))


@given(st.dates(date(2022, 1, 1), date(2026, 6, 1)), st.integers(1, 40), st.sets(st.integers(0, 80), max_size=20))
def test_the_last_day_is_worked_and_just_so_many_are_between(day, number, off):
    calendar = WorkCalendar(frozenset(day + timedelta(days=n) for n in off), frozenset())
    last = calendar.after(day, number)
    assert calendar.is_working(last)
    assert sum(calendar.is_working(day + timedelta(days=n)) for n in range(1, (last - day).days + 1)) == number


@ON_SQLITE
def test_every_year_of_the_data_has_its_days_and_the_next_is_not_known(calendar):
    for year in range(2022, 2027):
        assert calendar.knows(date(year, 1, 1), date(year, 12, 31))
        off = [d for d in calendar.off if d.year == year]
        assert {(1, 1), (4, 30), (5, 1), (9, 2)} <= {(d.month, d.day) for d in off}
        # Labour Code 2019, articles 111 and 112: eleven days a year that fall on a working day, or are made up for.
        worked_away = sum(d.weekday() < 5 for d in off) - sum(d.year == year for d in calendar.worked)
        assert worked_away == 11, year
    assert not calendar.knows(date(2026, 12, 20), date(2027, 1, 5))


def test_an_officers_correction_holds_against_the_loader(town):
    day = date(2026, 11, 24)
    with town.writing() as session:
        set_day(session, town.people.officer, day, DayKind.OFF, "Ngày lễ mới")
        set_day(session, town.people.officer, date(2026, 9, 1), DayKind.ORDINARY, "")
        set_day(session, town.people.officer, date(2026, 9, 1), DayKind.ORDINARY, "")
        load_holidays(session)
    with town.reading() as session:
        assert {h.day: (h.kind, h.basis) for h in holidays(session, town.people.leader, 2026)}[day] == (
            "off",
            "officer",
        )
        assert session.get(Holiday, date(2026, 9, 1)).kind == "ordinary"
        calendar = work_calendar(session, day, day)
        noted = session.exec(select(JournalEntry).where(JournalEntry.subject == "holiday")).all()
    assert calendar.is_working(date(2026, 9, 1)) and not calendar.is_working(day)
    assert [(e.before and e.before["kind"], e.after["kind"]) for e in noted] == [(None, "off"), ("off", "ordinary")]


@ON_SQLITE
def test_a_day_needs_its_date_and_name_and_the_right_person(town):
    with town.writing() as session, pytest.raises(Refused) as caught:
        set_day(session, town.people.officer, None, DayKind.OFF, " ")
    assert {p.where: p.say for p in caught.value.problems} == {"day": Say.REQUIRED, "name": Say.REQUIRED}
    for actor in (town.people.leader, town.people.supervisor, town.people.administrator):
        with town.writing() as session, pytest.raises(Refused):
            set_day(session, actor, date(2026, 9, 1), DayKind.OFF, "x")
