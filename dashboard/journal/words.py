"""The journal in words: who did what to which thing, and what was before and after, line by line."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from dashboard.i18n.words import _, day, language, say, write
from dashboard.records.answers import change_in_words
from dashboard.records.changes import Row, position_text
from data_model.core.access import Role
from data_model.core.label import Label
from data_model.core.severity import Severity
from data_model.deadlines.tables import DayKind
from data_model.forms.answer_changes import changes
from data_model.journal.acts import ACTS, CHANNELS, SUBJECTS
from data_model.journal.listing import JournalRow, Opened
from data_model.journal.subjects import Lookups
from data_model.kinds.registry import all_kinds
from data_model.periods.periods import Period
from data_model.periods.tables import SnapshotStatus
from data_model.records.tables import FollowUpState, RecordStatus

_CODES: dict[tuple[str, str], Any] = {
    ("record", "status"): RecordStatus,
    ("snapshot", "status"): SnapshotStatus,
    ("recommendation", "state"): FollowUpState,
    ("recommendation", "weight"): Severity,
    ("account", "role"): Role,
    ("holiday", "kind"): DayKind,
    ("", "period"): Period,
}
"""Where a value is a code with a word of its own, by subject and name; "" for every subject."""
_BY_NUMBER = {"unit_id": "units", "unit": "units", "account_id": "accounts", "plan_id": "plans"}
"""Where a value is the number of something that has a name."""


def sentence(row: JournalRow) -> str:
    """ "Lãnh đạo phòng đã xác nhận bản ghi Đối thoại chính sách, phường Phổ Vinh, 10/10/2024"."""
    act = ACTS.get((row.subject, row.act), Label(row.act, row.act))
    about = say(SUBJECTS[row.subject]) if row.subject in SUBJECTS else row.subject
    if row.what:
        facts = (say(row.what.name), row.what.place, day(row.what.day) if row.what.day else None)
        told = ", ".join(fact for fact in facts if fact)
        # A plan's own name begins with "Kế hoạch" already.
        about = told if told.casefold().startswith(about.casefold()) else f"{about} {told}"
    return _("{who} {did} {what}", who=who(row), did=say(act), what=about)


def who(row: JournalRow) -> str:
    """Whose act it was. A one-time link knows nobody yet but the one who holds it."""
    return row.who or (_("Whoever opened the link") if row.channel in ("link", "first") else _("The program"))


def channel(row: JournalRow) -> str:
    """The way in."""
    return say(CHANNELS[row.channel]) if row.channel in CHANNELS else row.channel


def what_changed(entry: Opened, names: Lookups) -> list[Row]:
    """What the entry says of before and after, the names of what stands there by number in `names`."""
    before, after = dict(entry.before or {}), dict(entry.after or {})
    rows = []
    if entry.kind in all_kinds():
        old, new = before.pop("answers", None) or {}, after.pop("answers", None) or {}
        rows = [change_in_words(change) for change in changes(all_kinds()[entry.kind], old, new)]
    shared = [
        (_named(name), *(_value(entry.row.subject, name, one.get(name), names) for one in (before, after)))
        for name in before | after
    ]
    return [row for row in (*shared, *rows) if row[1] != row[2]]


def _value(subject: str, name: str, value: Any, names: Lookups) -> str:
    if value is None or value == []:
        return ""
    if (codes := _CODES.get((subject, name)) or _CODES.get(("", name))) and value in list(codes):
        return say(codes(value).label)
    if name in _BY_NUMBER and isinstance(value, int):
        known = getattr(names, _BY_NUMBER[name]).get(value, str(value))
        return say(known) if isinstance(known, Label) else known
    if name == "position" and isinstance(value, list):
        return position_text(tuple(value))
    if name == "phasing" and isinstance(value, Mapping):
        return "\n".join(f"{_target(target, names)}: {_quarters(shares)}" for target, shares in value.items())
    if name == "units" and isinstance(value, list):
        return "; ".join(_unit(each, names) for each in value)
    if isinstance(value, Mapping):
        return "\n".join(f"{_named(inner)}: {_value(subject, inner, one, names)}" for inner, one in value.items())
    if isinstance(value, list):
        return "\n".join(_value(subject, name, one, names) for one in value)
    return _as_day(value) if isinstance(value, str) else write(value)


def _target(target_id: str, names: Lookups) -> str:
    return say(names.targets[int(target_id)]) if target_id.isdigit() and int(target_id) in names.targets else target_id


def _quarters(shares: Any) -> str:
    if not isinstance(shares, Mapping) or not shares:
        return _("not phased")
    return ", ".join(
        _("quarter {number}: {share}", number=quarter, share=str(share)) for quarter, share in shares.items()
    )


def _unit(each: Any, names: Lookups) -> str:
    if not isinstance(each, Mapping):
        return names.units.get(each, str(each))
    held = [
        _("from {day}", day=_as_day(each["first"])) if each.get("first") else "",
        _("until {day}", day=_as_day(each["last"])) if each.get("last") else "",
    ]
    place = names.units.get(each.get("unit"), str(each.get("unit")))
    return f"{place} ({', '.join(h for h in held if h)})" if any(held) else place


def _as_day(text: str) -> str:
    try:
        return day(date.fromisoformat(text)) if len(text) == 10 else text
    except ValueError:
        return text


def _named(name: str) -> str:
    """A name of the journal's JSON in words; what has no word here stands as it was written."""
    return _names(language()).get(name, name)


@cache
def _names(_spoken: str) -> dict[str, str]:
    return {
        "status": _("Status"),
        "reason": _("Reason"),
        "unit_id": _("Commune"),
        "unit": _("Commune"),
        "units": _("Communes"),
        "round_id": _("Monitoring round"),
        "position": _("Position"),
        "answers": _("Answers"),
        "state": _("Progress so far"),
        "word": _("Word"),
        "what": _("What must be done"),
        "responsible": _("Person responsible"),
        "fix_by": _("Deadline"),
        "weight": _("Severity"),
        "name": _("Name"),
        "display_name": _("Name shown to others"),
        "role": _("Role"),
        "identity": _("Identity in the organisation"),
        "ended_on": _("Ended on"),
        "sent_on": _("Sent on"),
        "number": _("Number"),
        "ends_on": _("Until (included)"),
        "period": _("Period"),
        "version": _("Version"),
        "revision": _("Revision"),
        "code": _("Code"),
        "source": _("Source"),
        "phasing": _("Phasing"),
        "bytes": _("Size (bytes)"),
        "record": _("Record"),
        "kind": _("Kind of day"),
        "ended": _("Sessions ended"),
        "plan_id": _("Plan"),
        "account_id": _("Person who holds it"),
        "content_hash": _("Seal of the figures"),
        "texts_hash": _("Seal of the texts"),
        "seal": _("Seal of the step"),
        "difficulties": _("Difficulties"),
        "proposals": _("Proposals"),
        "next_tasks": _("Next tasks"),
        "causes": _("Causes"),
        "measures": _("Measures"),
        "by": _("By version no."),
        "sha256": _("Seal of the file"),
        "evidence": _("Number of the file"),
        "batch": _("Act over several"),
        "count": _("How many"),
        "first": _("From"),
        "last": _("Until (included)"),
        "out_of": _("Drawn out of"),
        "seed": _("Seed"),
        "lot_hash": _("Seal of the lot"),
        "records": _("Records"),
        "agreed": _("Agreed"),
    }
