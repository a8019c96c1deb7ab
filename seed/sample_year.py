"""Reads the sample year (sample_year.toml) and works out the answers of its records.

The file says what matters to a reader; the small things that make a record look real (the breakdown
of those present, times of day, words of a finding) come from a random source that the caller seeds.
"""

import random
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from data_model.units.tables import Unit

FILE = Path(__file__).parent / "sample_year.toml"
HOLIDAYS = frozenset({date(2024, 4, 18), date(2024, 4, 30), date(2024, 5, 1), date(2024, 9, 2), date(2024, 9, 3)})


@dataclass(frozen=True)
class SampleRecord:
    """One record to be entered: of which activity (the plan's own code), in which unit (its code), with which answers.

    `round` is the place of the round among those of the activity, from 1;
    `state` is where it ends: "draft", "returned" (with `reason`), or None for what its day decides;
    `earlier` is what a visit tells of the recommendations before it.
    """

    activity: str
    unit: str
    answers: dict[str, Any]
    round: int | None
    state: str | None
    reason: str | None
    earlier: dict[str, str] | None = None

    @property
    def entered_after(self) -> date:
        """The first day that the answers name: what decides the order of entering."""
        return min(_days(self.answers), default=date.max)


Told = Mapping[str, Any]
"""A part of the file, or answers that stand already."""
Answers = dict[str, Any]
"""Answers by the name of their field."""


def read_year(path: Path = FILE) -> dict[str, Any]:
    """The file as it stands."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def sample_records(year: Mapping[str, Any], units: Mapping[str, Unit], rng: random.Random) -> list[SampleRecord]:
    """Every record of the year, in the order in which they were entered."""
    made = [record for row in year["record"] for record in _expand(year, row, units, rng)]
    return sorted(made, key=lambda record: record.entered_after)


def _expand(year: Told, row: Told, units: Mapping[str, Unit], rng: random.Random) -> Iterator[SampleRecord]:
    shared = year["like"].get(row.get("like"), {})
    row = {**shared, **row, "answers": {**shared.get("answers", {}), **row["answers"]}}
    for code in row.get("units") or [row["unit"]]:
        words = _words(units[code])
        answers = _resolve(row["answers"], words, rng)
        for name, make in EXTRAS.items():
            if name in row:
                answers |= make(row[name], answers, words, year, rng)
        yield SampleRecord(
            row["activity"], code, answers, row.get("round"), row.get("state"), row.get("reason"), row.get("earlier")
        )


def _words(unit: Unit) -> dict[str, str]:
    return {"unit": unit.full_name, "level": unit.kind, "village": "thôn" if unit.kind == "xã" else "tổ dân phố"}


def _resolve(value: Any, words: Mapping[str, str], rng: random.Random) -> Any:
    """`value` with its placeholders filled and its choices made."""
    match value:
        case str():
            return value.format_map(words)
        case {"between": [first, last]}:
            return _working_day(first, last, rng)
        case {"roll": [least, most]}:
            return rng.randint(least, most)
        case {"choose": options}:
            return _resolve(rng.choice(options), words, rng)
        case dict():
            return {name: _resolve(each, words, rng) for name, each in value.items()}
        case list():
            return [_resolve(each, words, rng) for each in value]
    return value


def _working_day(first: date, last: date, rng: random.Random) -> date:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return rng.choice([day for day in days if day.weekday() < 5 and day not in HOLIDAYS])


def _days(value: Any) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _days(each)


def _people(total: int, answers: Told, words: Told, year: Told, rng: random.Random) -> Answers:
    """Attendance with a believable breakdown; now and then a part was not collected."""
    poor, near_poor = total * rng.randint(22, 34) // 100, total * rng.randint(24, 36) // 100
    parts = {
        "women": total * rng.randint(41, 63) // 100,
        "poor": poor,
        "near_poor": near_poor,
        "newly_escaped": (total - poor - near_poor) * rng.randint(30, 90) // 100,
        "ethnic_minority": rng.randint(0, 3),
        "disabled": rng.randint(0, max(1, total // 20)),
    }
    for name in ("newly_escaped", "ethnic_minority", "disabled"):
        if rng.random() < 0.15:
            del parts[name]
    return {"attendance": {"total": total, **parts}}


def _voices(bounds: list[int], answers: Told, words: Told, year: Told, rng: random.Random) -> Answers:
    """Questions of the people: most answered on the spot, the rest passed on with a day for the answer."""
    raised, referred = rng.randint(*bounds), rng.choice((0, 0, 1, 2, 3))
    voices: dict[str, Any] = {"raised": raised, "answered": raised - referred, "referred": referred}
    if referred:
        voices["referred_to"] = rng.choice(
            ("Phòng giao dịch Ngân hàng Chính sách xã hội", "Bảo hiểm xã hội thị xã", "UBND thị xã")
        )
        voices["answer_by"] = answers["held_on"] + timedelta(days=15)
    return voices


def _aired(days: list[date], answers: Told, words: Told, year: Told, rng: random.Random) -> Answers:
    """Broadcasts on these days."""
    station = rng.choice(("Đài truyền thanh thị xã", "Hệ thống truyền thanh xã, phường"))
    return {
        "written_on": min(days) - timedelta(days=4),
        "broadcasts": [
            {"aired_on": day, "aired_at": rng.choice(("05:15", "05:30", "17:00")), "station": station} for day in days
        ],
    }


def _officers(total: int, answers: Told, words: Told, year: Told, rng: random.Random) -> Answers:
    """Attendance where households were not asked about: a total and the women among them."""
    return {"attendance": {"total": total, "women": total * rng.randint(38, 56) // 100}}


def _found(number: int, answers: Told, words: Told, year: Told, rng: random.Random) -> Answers:
    """Findings of a visit, each with the recommendation that answers it."""
    chosen = [_resolve(each, words, rng) for each in _of_unit(year["finding"], number, answers, words)]
    again = answers.get("checklist", {}).get("earlier") == "not_met"
    return {
        "findings": [
            {name: each[name] for name in ("what", "basis", "weight", "cause")}
            | {"repeated": "yes" if again and not at else "no"}
            for at, each in enumerate(chosen)
        ],
        "recommendations": [
            {
                "what": each["recommend"],
                "responsible": each["responsible"],
                "fix_by": answers["visited_on"] + timedelta(days=each["days"]),
                "weight": each["weight"],
            }
            for each in chosen
        ],
    }


def _of_unit(findings: list[dict[str, Any]], number: int, answers: Told, words: Told) -> list[dict[str, Any]]:
    # Every unit has an order of its own, so that a later visit can meet an earlier finding again: the
    # first visit takes from the front, a later one from the back, with the very first if it was not put right.
    order = random.Random(words["unit"]).sample(findings, len(findings))
    match answers.get("checklist", {}).get("earlier"):
        case "met":
            return order[len(order) - number :]
        case "not_met":
            return [order[0], *order[len(order) - number :]][:number]
    return order[:number]


def _hours(
    pairs: list[list[str]],
    answers: Told,
    words: Told,
    year: Told,
    rng: random.Random,
) -> Answers:
    """Times of day that belong together."""
    return dict(zip(("starts_at", "ends_at"), rng.choice(pairs), strict=True))


EXTRAS: dict[str, Callable[..., Answers]] = {
    "people": _people,
    "officers": _officers,
    "voices": _voices,
    "aired": _aired,
    "found": _found,
    "hours": _hours,
}
"""The short keys of a record in the file, and what works out the answers behind each."""
