"""Working days in Vietnam: Monday to Friday without public holidays, and with the days that are worked in their place.

Holidays are data (seed/holidays.csv); a data officer corrects them day by day. A year without a single
holiday in the table is not known, and whoever counts through it is told.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, select

from data_model.core import journal
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.problems import Problem, Refused, Say
from data_model.core.text import kept_text
from data_model.deadlines.tables import DayKind, Holiday

H = columns(Holiday)


@dataclass(frozen=True)
class WorkCalendar:
    """The days that differ from the week's rule."""

    off: frozenset[date]
    worked: frozenset[date]

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked: Monday to Friday, but for days off, and days worked instead."""
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def after(self, day: date, number: int) -> date:
        """The last of `number` working days that follow `day`; `day` itself is not counted."""
        while number:
            day += timedelta(days=1)
            number -= self.is_working(day)
        return day

    def knows(self, first: date, last: date) -> bool:
        """Whether every year from `first` to `last` has its holidays in the table."""
        years = {day.year for day in self.off}
        return all(year in years for year in range(first.year, last.year + 1))


def work_calendar(session: Session, first: date, last: date) -> WorkCalendar:
    """The calendar of the years from `first` to `last`."""
    columns = select(H.day, H.kind).where(H.day.between(date(first.year, 1, 1), date(last.year, 12, 31)))
    rows = session.execute(columns).all()
    return WorkCalendar(
        frozenset(d for d, kind in rows if kind == DayKind.OFF),
        frozenset(d for d, kind in rows if kind == DayKind.WORKED),
    )


def holidays(session: Session, actor: Actor, year: int) -> list[Holiday]:
    """The entries of a year, in order. Raises Refused for roles that have nothing to do with reports."""
    actor.require(Act.READ_PROGRESS)
    return list(
        session.exec(select(Holiday).where(H.day.between(date(year, 1, 1), date(year, 12, 31))).order_by(H.day))
    )


def set_day(session: Session, actor: Actor, day: date | None, kind: DayKind, name: str) -> Holiday:
    """Enter or correct one day. Raises Refused; `where` is "day" or "name"."""
    actor.require(Act.KEEP_CALENDAR)
    name = kept_text(name, 120, "name")
    problems = []
    if day is None:
        problems.append(Problem("day", Say.REQUIRED))
    if not name and kind is not DayKind.ORDINARY:
        problems.append(Problem("name", Say.REQUIRED))
    if problems or day is None:
        raise Refused(problems)
    entry = session.get(Holiday, day, with_for_update=True)
    before = {"kind": entry.kind, "name": entry.name} if entry else None
    entry = entry or Holiday(day=day, kind="", name="", basis="")
    after = {"kind": kind.value, "name": name or entry.name}
    if before != after:
        entry.kind, entry.name, entry.basis = kind.value, after["name"], "officer"
        session.add(entry)
        journal.note(session, actor, "set_day", "holiday", day, before, after)
    return entry
