"""What changed between two sets of answers of one kind: field by field, by label, list by list, row by row.

Both are brought into one form first, so that a draft that says "1.234" and the record sent from it, which says
1234, do not differ. Answers of a form that has changed since are compared as they were written.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from data_model.core.label import Label
from data_model.core.problems import Refused
from data_model.forms.fields import Attendance, Checklist, Field, Form, People, Rows

EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Change:
    """One difference. `before` or `after` is None where nothing was given.

    `path` names the place in the answers: a field; a part of attendance or an item of a checklist; a row of a list, by
    its number before when it was taken out, otherwise by its number after; a field of such a row. `labels` say the same
    in words, `row` is the row's number counted from 1, `field` reads the two values (None: a whole row, or a field that
    the form no longer has). `of` is the form of a whole row.
    """

    path: tuple[str | int, ...]
    labels: tuple[Label, ...]
    before: Any
    after: Any
    row: int | None = None
    field: Field[Any] | None = None
    of: type[Form] | None = None


def changes(form: type[Form], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """From one set of answers to another, in the form's order; fields that the form no longer has come last."""
    old, new = normal(form, before), normal(form, after)
    names = [*form.fields, *sorted((old.keys() | new.keys()) - form.fields.keys())]
    return [change for name in names for change in _of_field(name, form.fields.get(name), old.get(name), new.get(name))]


def normal(form: type[Form], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they would be stored, field by field, without the empty ones; what cannot be read stays as
    typed.
    """
    read = {name: _normal(form.fields.get(name), value) for name, value in answers.items()}
    return {name: value for name, value in read.items() if value not in EMPTY}


def _normal(field: Field[Any] | None, value: Any) -> Any:
    if isinstance(field, Attendance) and isinstance(value, Mapping):
        return normal(People, value)
    if isinstance(field, Rows) and _is_table(value):
        return [row for each in value if (row := normal(field.of, each))]
    if isinstance(field, Checklist) and isinstance(value, Mapping):
        return {item: mark for item, mark in value.items() if mark}
    if field is None:
        return value
    try:
        return field.stored(field.clean(value))
    except Refused:
        return value


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _of_field(name: str, field: Field[Any] | None, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    label = field.label if field else Label(name, name)
    if isinstance(field, Attendance | Checklist) and all(
        value is None or isinstance(value, Mapping) for value in (old, new)
    ):
        yield from _of_parts(name, field, old or {}, new or {})
    elif isinstance(field, Rows) and all(value is None or _is_table(value) for value in (old, new)):
        yield from _of_rows(name, field, old or [], new or [])
    else:
        yield Change((name,), (label,), old, new, field=field)


def _of_parts(
    name: str, field: Attendance | Checklist, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    inner: Mapping[str, Field[Any]] = People.fields if isinstance(field, Attendance) else {}
    words = field.items if isinstance(field, Checklist) else {part: each.label for part, each in inner.items()}
    for part in [*words, *sorted((old.keys() | new.keys()) - words.keys())]:
        if old.get(part) != new.get(part):
            labels = (field.label, words.get(part, Label(part, part)))
            # The mark of a checklist is read by the checklist itself, one item at a time.
            yield Change((name, part), labels, old.get(part), new.get(part), field=inner.get(part, field))


def _of_rows(
    name: str, field: Rows[Any], old: list[Mapping[str, Any]], new: list[Mapping[str, Any]]
) -> Iterator[Change]:
    for before, after in _paired([_written(row) for row in old], [_written(row) for row in new]):
        if before is not None and after is not None:
            names = [*field.of.fields, *sorted((old[before].keys() | new[after].keys()) - field.of.fields.keys())]
            for inner in names:
                was, now = old[before].get(inner), new[after].get(inner)
                if was != now:
                    asked = field.of.fields.get(inner)
                    labels = (field.label, asked.label if asked else Label(inner, inner))
                    yield Change((name, after, inner), labels, was, now, row=after + 1, field=asked)
        elif before is not None:
            yield Change((name, before), (field.label,), old[before], None, row=before + 1, of=field.of)
        elif after is not None:
            yield Change((name, after), (field.label,), None, new[after], row=after + 1, of=field.of)


def _written(row: Mapping[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, ensure_ascii=False)


def _paired(old: list[str], new: list[str]) -> Iterator[tuple[int | None, int | None]]:
    """Places of rows that belong together and differ, in order; None for a row that came or went."""
    for what, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        both = min(i_end - i, j_end - j)
        yield from ((i + n, j + n) for n in range(both))
        yield from ((n, None) for n in range(i + both, i_end))
        yield from ((None, n) for n in range(j + both, j_end))
