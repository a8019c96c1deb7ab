"""A record's answers as a person reads them: label and value, for pages and files alike."""

from typing import Any

from dashboard.i18n.words import _, money, number, say, write
from data_model.core.problems import Refused
from data_model.forms import fields as ask
from data_model.forms.answer_changes import Change
from data_model.forms.kind import Kind


def shown(each: ask.Field, value: Any) -> str:
    """One answer in words; empty text where nothing was given."""
    if value is None or value == []:
        return ""
    if isinstance(each, ask.Choice):
        return say(each.options[value])
    if isinstance(each, ask.Money):
        return money(value)
    if isinstance(each, ask.Number):
        return number(value, max(0, -value.as_tuple().exponent))
    if isinstance(each, ask.Clock):
        return value.strftime("%H:%M")
    if isinstance(each, ask.Attendance):
        return people(value)
    if isinstance(each, ask.Checklist):
        return "\n".join(f"{say(each.items[item])}: {say(each.marks[mark])}" for item, mark in value.items())
    if isinstance(each, ask.Rows):
        return "\n".join(f"{n}. {row_in_words(row)}" for n, row in enumerate(value, 1))
    return write(value)


def row_in_words(row: ask.Form) -> str:
    """One row of a list: its answers in order."""
    parts = [(f, shown(f, row.answers.get(n))) for n, f in row.fields.items()]
    return " · ".join(f"{say(f.label)}: {text}" for f, text in parts if text)


def people(value: ask.People) -> str:
    """Total and breakdown; "not collected" where there is no total."""
    if value.total is None:
        return _("not collected")
    parts = [
        f"{say(f.label)} {number(value.answers[n])}"
        for n, f in value.fields.items()
        if n != "total" and value.answers.get(n) is not None
    ]
    return f"{number(value.total)}" + (f" ({'; '.join(parts)})" if parts else "")


def answered(form: Kind) -> list[tuple[str, str]]:
    """Label and answer of every field that was filled, in the form's order."""
    pairs = [(say(f.label), shown(f, form.answers.get(name))) for name, f in form.fields.items()]
    return [(label, text) for label, text in pairs if text]


def change_in_words(change: Change) -> tuple[str, str, str]:
    """What differs, what it said before, what it says after; empty text where nothing was given."""
    first, *inner = (say(label) for label in change.labels)
    where = first if change.row is None else _("{list}, row {number}", list=first, number=change.row)
    return " · ".join((where, *inner)), _stored_in_words(change, change.before), _stored_in_words(change, change.after)


def _stored_in_words(change: Change, value: Any) -> str:
    if change.of is not None and value is not None:
        parts = [(f, _as_read(f, value.get(n))) for n, f in change.of.fields.items()]
        return " · ".join(f"{say(f.label)}: {text}" for f, text in parts if text)
    if isinstance(change.field, ask.Checklist) and value in change.field.marks:
        return say(change.field.marks[value])
    return _as_read(change.field, value)


def _as_read(each: ask.Field | None, stored: Any) -> str:
    """What is stored, in words; what cannot be read (in a draft, or of an older form) as it was written."""
    if stored is None:
        return ""
    try:
        return shown(each, each.clean(stored)) if each else write(stored)
    except Refused:
        return write(stored)
