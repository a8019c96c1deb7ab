"""The fields of which record kinds are declared.

A field knows its labels, its bounds and how to read what any channel hands in: typed
text, a value of Python, or the stored JSON. `clean` gives the value or raises
`Refused`; None always means "not collected", which is not zero.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from data_model.core.clock import VIETNAM
from data_model.core.label import Label
from data_model.core.problems import Problem, Refused, Say, refuse
from data_model.core.text import nfc

Value = TypeVar("Value")
Row = TypeVar("Row", bound="Form")


MOST_UNKNOWN = 20
"""Of what a form does not know so many are named; no form of ours sends any."""


@dataclass(frozen=True)
class Field(Generic[Value]):
    """A question of a form: Vietnamese and English label, optional help, section, required or not.

    Of a form it gives the answer, a `Value` or None; of a class of forms, itself.
    """

    vi: str
    en: str
    required: bool = field(default=False, kw_only=True)
    help: Label | None = field(default=None, kw_only=True)
    section: Label | None = field(default=None, kw_only=True)
    name: str = field(default="", init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        object.__setattr__(self, "name", name)

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: "Form", owner: type) -> Value | None: ...

    def __get__(self, instance: "Form | None", owner: type) -> Self | Value | None:
        return self if instance is None else instance.answers.get(self.name)

    @property
    def label(self) -> Label:
        """The question in both languages."""
        return Label(self.vi, self.en)

    def clean(self, raw: Any) -> Value | None:
        """The value of `raw`, None when it is empty; raises Refused when it is required or wrong."""
        if isinstance(raw, str):
            raw = nfc(raw)
        if raw is None or raw == "":
            if self.required:
                raise refuse(Say.REQUIRED)
            return None
        return self._read(raw)

    def _read(self, raw: Any) -> Value | None:
        raise NotImplementedError

    def stored(self, value: Value | None) -> Any:
        """`value` as JSON."""
        return value


_SPACE = "[ \u00a0\u2007\u2009\u202f]"
"""What stands for a blank between digits: also the hard and the thin ones of Word and of number formats."""
_SIGNED = re.compile(rf"[-+]?(\d+|[1-9]\d{{0,2}}(?:\.\d{{3}})+|[1-9]\d{{0,2}}(?:{_SPACE}\d{{3}})+)(,\d+)?", re.ASCII)
"""Digits, or digits with a dot or a blank before every three, then decimals: 1234 or 1.234 or 1 234, but not 0.123.

Not babel's parse_decimal: it takes 1e3, NaN, 1_000 and digits of other scripts, and knows no blank between thousands.
"""
_APART = re.compile(rf"[-+]?[\d.,]+(?:{_SPACE}+[\d.,]+)+", re.ASCII)


def _plain_number(text: str, otherwise: Say) -> str:
    """`text` as Python reads a number, with a dot before decimals; raises Refused, with `otherwise` for no number at
    all.
    """
    if not _SIGNED.fullmatch(text):
        raise refuse(Say.SPACE_IN_NUMBER if _APART.fullmatch(text) else otherwise)
    return re.sub(rf"{_SPACE}|\.", "", text).replace(",", ".")


def _typed(raw: Any) -> str:
    if not isinstance(raw, str | int | Decimal | float) or isinstance(raw, bool):
        raise refuse(Say.NOT_UNDERSTOOD)
    return raw if isinstance(raw, str) else str(raw)


@dataclass(frozen=True)
class Text(Field[str]):
    """Words: one line of at most `most` characters."""

    most: int = field(default=200, kw_only=True)
    lines: ClassVar[int] = 1

    def _read(self, raw: Any) -> str | None:
        text = _typed(raw)
        if self.lines == 1:
            text = " ".join(text.split())
        if len(text) > self.most:
            raise refuse(Say.TOO_LONG, most=self.most, length=len(text))
        if not text and self.required:
            raise refuse(Say.REQUIRED)
        return text or None


@dataclass(frozen=True)
class LongText(Text):
    """Words in several lines."""

    most: int = field(default=4000, kw_only=True)
    lines: ClassVar[int] = 4


@dataclass(frozen=True)
class Whole(Field[int]):
    """A whole number, `least` to `most`; "1.234" and "1 234" are read the Vietnamese way, as 1234."""

    least: int = field(default=0, kw_only=True)
    most: int = field(default=1_000_000, kw_only=True)
    otherwise: ClassVar[Say] = Say.NOT_WHOLE

    def _read(self, raw: Any) -> int:
        # A number of another program (1.234 in a sheet) has decimals; only typed text has dots between thousands.
        if isinstance(raw, float | Decimal):
            if raw % 1 != 0:  # also for NaN and infinity
                raise refuse(self.otherwise)
            raw = int(raw)
        text = _plain_number(_typed(raw), self.otherwise)
        if "." in text:
            raise refuse(self.otherwise)
        beyond = self.least - 1 if text.startswith("-") else self.most + 1
        number = int(text) if len(text) <= 20 else beyond
        if number < self.least:
            raise refuse(Say.TOO_SMALL, least=self.least)
        if number > self.most:
            raise refuse(Say.TOO_LARGE, most=self.most)
        return number


@dataclass(frozen=True)
class Money(Whole):
    """An amount in whole đồng; the unit may stand behind it: "12.500.000 đ"."""

    most: int = field(default=10**14, kw_only=True)
    otherwise: ClassVar[Say] = Say.NOT_MONEY

    def _read(self, raw: Any) -> int:
        if isinstance(raw, str):
            raw = re.sub(r"(?<!\s)\s*(đ|đồng|vnđ|vnd)\.?$", "", raw, flags=re.IGNORECASE)
        return super()._read(raw)


@dataclass(frozen=True)
class Number(Field[Decimal]):
    """A decimal number read the Vietnamese way: "1.234,5" is 1234.5. Stored as text, exact."""

    least: Decimal = field(default=Decimal(0), kw_only=True)
    most: Decimal = field(default=Decimal(10**12), kw_only=True)

    def _read(self, raw: Any) -> Decimal:
        if isinstance(raw, str):
            raw = _plain_number(raw, Say.NOT_A_NUMBER)
        try:
            number = Decimal(str(raw))
        except InvalidOperation:
            raise refuse(Say.NOT_A_NUMBER) from None
        if not number.is_finite():
            raise refuse(Say.NOT_A_NUMBER)
        if number < self.least:
            raise refuse(Say.TOO_SMALL, least=self.least)
        if number > self.most:
            raise refuse(Say.TOO_LARGE, most=self.most)
        return number if number else number.copy_abs()  # no "-0"

    def stored(self, value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}".replace(".", ",")


_DAY_FIRST = re.compile(r"(\d{1,2})([/\-., ])(\d{1,2})\2(\d+)|(\d{2})()(\d{2})(\d{4}|\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


@dataclass(frozen=True)
class Day(Field[date]):
    """A calendar day in Vietnam. `planned` days (deadlines, appointments) may lie ahead and outside the plan.

    Day, month, year: 31/12/2024, 31-12-2024, 31.12.2024, 31122024. A year of two digits is one of this century:
    31/12/24.
    """

    planned: bool = field(default=False, kw_only=True)

    def _read(self, raw: Any) -> date:
        if isinstance(raw, datetime):
            raw = (raw.astimezone(VIETNAM) if raw.tzinfo else raw).date()
        return raw if isinstance(raw, date) else _written_day(_typed(raw))

    def stored(self, value: date | None) -> str | None:
        return value.isoformat() if value else None


def _written_day(text: str) -> date:
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, _between, month, year = found.groups()[:4] if found[1] else found.groups()[4:]
    else:
        raise refuse(Say.NOT_A_DATE)
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except (ValueError, OverflowError):  # 30/02, year 0, a year of many digits
        raise refuse(Say.NOT_A_DATE) from None


_TIME = re.compile(
    # 8h30, 8.30, 8 giờ 30 phút
    r"(?P<hour>[0-9]{1,2})\s*(?:[:.,]|h|g|giờ|gio)\s*(?P<minute>[0-9]{2})\s*(?:phút|phut|ph|p|'|’)?"
    r"|(?P<hour_alone>[0-9]{1,2})\s*(?:h|g|giờ|gio)(?P<half>\s*(?:rưỡi|ruoi))?"  # 8h, 8 giờ rưỡi
    r"|(?P<hour_close>[0-9]{1,2})(?P<minute_close>[0-9]{2})"  # 0830, 830
    r"|(?P<hour_clock>[0-9]{1,2}):(?P<minute_clock>[0-9]{2}):[0-9]{2}(?:\.[0-9]+)?",  # as programs write it
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clock(Field[time]):
    """A time of day, to the minute, as officers write it: 8h30, 8g30, 8 giờ 30, 8.30, 0830, 8h.

    Minutes have two digits: "8:5" may be five past or half past, and "8" alone may be no time, so both are asked again.
    """

    def _read(self, raw: Any) -> time:
        if isinstance(raw, time):
            return raw.replace(second=0, microsecond=0)
        found = _TIME.fullmatch(_typed(raw))
        if not found:
            raise refuse(Say.NOT_A_TIME)
        said = found.groupdict()
        hour = next(said[name] for name in ("hour", "hour_alone", "hour_close", "hour_clock") if said[name])
        minute = said["minute"] or said["minute_close"] or said["minute_clock"] or ("30" if said["half"] else "0")
        try:
            return time(int(hour), int(minute))
        except ValueError:  # 25:00
            raise refuse(Say.NOT_A_TIME) from None

    def stored(self, value: time | None) -> str | None:
        return value.strftime("%H:%M") if value else None


@dataclass(frozen=True)
class Choice(Field[str]):
    """One of `options`, code to label."""

    options: Mapping[str, Label] = field(default_factory=dict, kw_only=True)

    def _read(self, raw: Any) -> str:
        if not isinstance(raw, str) or raw not in self.options:
            raise refuse(Say.NOT_AN_OPTION)
        return raw


class Form:
    """A set of fields with the answers to them. Subclasses declare fields as class attributes."""

    fields: ClassVar[dict[str, Field[Any]]] = {}

    def __init_subclass__(cls) -> None:
        cls.fields = cls.fields | {n: f for n, f in vars(cls).items() if isinstance(f, Field)}

    def __init__(self, answers: Mapping[str, Any]):
        self.answers = dict(answers)
        self.row_number = ""
        """Of a row: its number in the list as it was typed, empty rows counted, where a problem with it is said."""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """The form filled with `raw`; raises Refused with every problem found."""
        unknown = islice((str(name) for name in raw if name not in cls.fields), MOST_UNKNOWN)
        problems = [Problem("", Say.UNKNOWN_FIELD, {"name": nfc(name[:80])}) for name in unknown]
        answers = {}
        for name, each in cls.fields.items():
            try:
                answers[name] = each.clean(raw.get(name))
            except Refused as refused:
                problems += [p.inside(name) for p in refused.problems]
        filled = cls(answers)
        problems += [p for p in filled.check() if not any(q.where == p.where for q in problems)]
        if problems:
            raise Refused(problems)
        return filled

    def check(self) -> Iterator[Problem]:
        """Problems between fields. A value that could not be read is None here."""
        return iter(())

    def stored(self) -> dict[str, Any]:
        """The answers as JSON, without the empty ones."""
        written = {n: f.stored(self.answers.get(n)) for n, f in self.fields.items()}
        return {n: v for n, v in written.items() if v not in (None, [], {})}


def later_than(form: Form, start: str, end: str) -> Iterator[Problem]:
    """A problem at `end` when that day or time is before `start`."""
    first, last = form.answers.get(start), form.answers.get(end)
    if first and last and last < first:
        yield Problem(end, Say.DATE_BEFORE_START)


class People(Form):
    """Who took part: a total and parts of it. Empty means not collected."""

    total = Whole("Tổng số người", "Total people", most=100_000)
    women = Whole("Nữ", "Women", most=100_000)
    poor = Whole("Người hộ nghèo", "From poor households", most=100_000)
    near_poor = Whole("Người hộ cận nghèo", "From near-poor households", most=100_000)
    newly_escaped = Whole("Mới thoát nghèo", "Newly escaped", most=100_000)
    ethnic_minority = Whole("Dân tộc thiểu số", "Ethnic minority", most=100_000)
    disabled = Whole("Người khuyết tật", "With disabilities", most=100_000)

    def check(self) -> Iterator[Problem]:
        parts = {n: v for n, v in self.answers.items() if n != "total" and v is not None}
        if self.total is None:
            if parts:
                yield Problem("total", Say.TOTAL_MISSING)
            return
        for name, value in parts.items():
            if value > self.total:
                yield Problem(name, Say.PART_ABOVE_TOTAL, {"total": self.total})
        standing = sum(parts.get(n, 0) for n in ("poor", "near_poor", "newly_escaped"))
        if standing > self.total and not any(parts.get(n, 0) > self.total for n in parts):
            yield Problem("poor", Say.PARTS_ABOVE_TOTAL, {"sum": standing, "total": self.total})


@dataclass(frozen=True)
class Attendance(Field[People]):
    """People who took part, with their breakdown. The value is a `People`."""

    vi: str = "Người tham dự"
    en: str = "Participants"

    def clean(self, raw: Any) -> People:
        if raw is not None and not isinstance(raw, Mapping):
            raise refuse(Say.NOT_UNDERSTOOD)
        people = People.read(raw or {})
        if self.required and people.total is None:
            raise refuse(Say.REQUIRED, "total")
        return people

    def stored(self, value: People | None) -> dict[str, Any] | None:
        return value.stored() if value else None


@dataclass(frozen=True)
class Rows(Field[list[Row]], Generic[Row]):
    """A list of `of`, each a small form of its own. The value is a list of `of`; empty rows fall away."""

    of: type[Row] = field(kw_only=True)
    most: int = field(default=50, kw_only=True)
    add: Label | None = field(default=None, kw_only=True)

    def clean(self, raw: Any) -> list[Row]:
        if raw is not None and not isinstance(raw, list):
            raise refuse(Say.NOT_UNDERSTOOD)
        problems, rows, filled = [], [], []
        for number, each in enumerate(raw or []):
            if not isinstance(each, Mapping):
                raise refuse(Say.NOT_UNDERSTOOD)
            if any(v is not None and not (isinstance(v, str) and not nfc(v)) for v in each.values()):
                filled.append((number, each))
        if len(filled) > self.most:
            raise refuse(Say.TOO_MANY_ROWS, most=self.most)
        for number, each in filled:
            try:
                row = self.of.read(each)
                row.row_number = str(number)
                rows.append(row)
            except Refused as refused:
                problems += [p.inside(str(number)) for p in refused.problems]
        if self.required and not rows and not problems:
            problems.append(Problem("", Say.REQUIRED))
        if problems:
            raise Refused(problems)
        return rows

    def stored(self, value: list[Row] | None) -> list[dict[str, Any]]:
        return [row.stored() for row in value or []]


@dataclass(frozen=True)
class Checklist(Field[dict[str, str]]):
    """Questions answered met / not met / not applicable. The value maps item code to one of these."""

    items: Mapping[str, Label] = field(default_factory=dict, kw_only=True)
    marks: ClassVar[Mapping[str, Label]] = {
        "met": Label("Đạt", "Met"),
        "not_met": Label("Chưa đạt", "Not met"),
        "not_applicable": Label("Không áp dụng", "Not applicable"),
    }

    def clean(self, raw: Any) -> dict[str, str]:
        if raw is not None and not isinstance(raw, Mapping):
            raise refuse(Say.NOT_UNDERSTOOD)
        marked = {item: mark for item, mark in (raw or {}).items() if mark}
        wrong = (
            Problem(nfc(str(item)[:80]), Say.NOT_AN_OPTION)
            for item, mark in marked.items()
            if item not in self.items or not isinstance(mark, str) or mark not in self.marks
        )
        problems = list(islice(wrong, MOST_UNKNOWN))
        if problems:
            raise Refused(problems)
        return marked
