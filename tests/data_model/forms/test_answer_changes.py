"""What changed between two sets of answers: put into the first, it gives the second; and it reads as a person would say
it.
"""

import copy
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_model.core.label import Label
from data_model.forms.answer_changes import Change, changes, normal
from data_model.forms.fields import Attendance, Checklist, Choice, Day, Form, Number, People, Rows, Text, Whole
from data_model.kinds.registry import all_kinds

KINDS = list(all_kinds().values())
LABELS = {"a": Label("Một", "One"), "b": Label("Hai", "Two")}


class Row(Form):
    what = Text("Việc", "Task")
    due = Day("Hạn", "Due", planned=True)


class Small(Form):
    place = Text("Nơi", "Place")
    days = Whole("Số ngày", "Days")
    share = Number("Tỷ lệ", "Share")
    way = Choice("Cách", "Way", options=LABELS)
    attendance = Attendance()
    checks = Checklist("Kiểm tra", "Checks", items=LABELS)
    tasks = Rows("Việc phải làm", "Tasks", of=Row)


def applied(form: type[Form], before: dict, found: list[Change]) -> dict:
    """The answers `before` with the changes made to them."""
    answers = copy.deepcopy(normal(form, before))
    for name in {change.path[0] for change in found}:
        answers[name] = _put(answers.get(name), [(c.path[1:], c) for c in found if c.path[0] == name])
    return {name: value for name, value in answers.items() if value not in (None, "", [], {})}


def _put(value: Any, found: list[tuple[tuple, Change]]) -> Any:
    for place, change in found:
        if not place:
            return change.after
    if all(isinstance(place[0], str) for place, _ in found):
        parts = dict(value or {})
        for (part,), change in found:
            parts.pop(part, None) if change.after is None else parts.update({part: change.after})
        return parts
    out = {place[0] for place, change in found if len(place) == 1 and change.after is None}
    rows = [row for n, row in enumerate(value or []) if n not in out]
    for place, change in sorted(
        ((p, c) for p, c in found if len(p) == 1 and c.before is None), key=lambda each: each[0]
    ):
        rows.insert(place[0], change.after)
    for (row, inner), change in ((p, c) for p, c in found if len(p) == 2):
        rows[row].pop(inner, None) if change.after is None else rows[row].update({inner: change.after})
    return rows


words = st.text(max_size=12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=3,
)
days = st.dates().map(str)


def typed(field) -> st.SearchStrategy:
    """What a form may hand in for a field: what it asks for, and now and then anything else."""
    match field:
        case Rows():
            fitting = st.lists(
                st.fixed_dictionaries({}, optional={n: typed(f) for n, f in field.of.fields.items()}), max_size=5
            )
        case Attendance():
            fitting = st.dictionaries(
                st.sampled_from(list(People.fields)), st.integers(0, 30) | st.just("1.234"), max_size=4
            )
        case Checklist():
            fitting = st.dictionaries(
                st.sampled_from(list(field.items)), st.sampled_from(list(field.marks)), max_size=4
            )
        case Choice():
            fitting = st.sampled_from(list(field.options))
        case Day():
            fitting = days
        case Whole() | Number():
            fitting = st.integers(0, 50) | st.sampled_from(["1.234", "12,5"])
        case _:
            fitting = words
    return st.none() | fitting | fitting | fitting | json_values


@cache
def answers_of(form: type[Form]) -> st.SearchStrategy:
    """Answers to a few of the form's fields, and now and then to one that it no longer has."""
    known = {name: typed(field) for name, field in form.fields.items()} | {"dropped": json_values}
    return st.lists(st.sampled_from(list(known)), max_size=4, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: known[name] for name in names})
    )


forms = st.sampled_from([Small, Small, *KINDS])
pairs = forms.flatmap(lambda form: st.tuples(st.just(form), answers_of(form), answers_of(form)))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pairs)
def test_the_changes_put_into_the_first_give_the_second(made):
    form, before, after = made
    assert applied(form, before, changes(form, before, after)) == normal(form, after)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pairs)
def test_nothing_changed_is_nothing_told_whichever_way_it_is_written(made):
    form, answers, _other = made
    assert changes(form, answers, answers) == changes(form, answers, normal(form, answers)) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pairs)
def test_the_way_back_tells_as_much(made):
    form, before, after = made
    there, back = changes(form, before, after), changes(form, after, before)
    assert bool(there) == bool(back)
    assert all(change.before != change.after for change in there)


tables = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "what": st.sampled_from(["Niêm yết", "Họp", " Họp ", "Báo cáo"]),
            "due": st.sampled_from(["2024-11-30", "30/11/2024", "sớm"]),
        },
    ),
    max_size=6,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables, tables)
def test_rows_that_came_went_or_changed_give_the_second_list(before, after):
    before, after = {"tasks": before}, {"tasks": after}
    found = changes(Small, before, after)
    assert applied(Small, before, found) == normal(Small, after)
    assert bool(found) == (normal(Small, before) != normal(Small, after))


def told(before: dict, after: dict) -> list[tuple]:
    return [
        (" / ".join(label.vi for label in c.labels), c.row, c.before, c.after) for c in changes(Small, before, after)
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"place": "Nhà văn hóa"}, {"place": "Trụ sở"}, [("Nơi", None, "Nhà văn hóa", "Trụ sở")]),
        ({}, {"days": "2"}, [("Số ngày", None, None, 2)]),
        ({"days": "1.234"}, {"days": 1234}, []),
        (
            {"attendance": {"total": 50}},
            {"attendance": {"total": 55, "women": 0}},
            [("Người tham dự / Tổng số người", None, 50, 55), ("Người tham dự / Nữ", None, None, 0)],
        ),
        ({"checks": {"a": "met"}}, {"checks": {"a": "not_met"}}, [("Kiểm tra / Một", None, "met", "not_met")]),
        (
            {"tasks": [{"what": "Niêm yết", "due": "2024-11-30"}]},
            {"tasks": [{"what": "Niêm yết", "due": "2024-12-15"}]},
            [("Việc phải làm / Hạn", 1, "2024-11-30", "2024-12-15")],
        ),
        (
            {"tasks": [{"what": "a"}, {"what": "b"}]},
            {"tasks": [{"what": "b"}]},
            [("Việc phải làm", 1, {"what": "a"}, None)],
        ),
        (
            {"tasks": [{"what": "b"}]},
            {"tasks": [{"what": "a"}, {"what": "b"}]},
            [("Việc phải làm", 1, None, {"what": "a"})],
        ),
        ({"tasks": [{"what": " "}]}, {}, []),
        ({"gone": "1"}, {"gone": "2"}, [("gone", None, "1", "2")]),
    ],
    ids=[
        "one text",
        "from nothing",
        "typed and stored",
        "zero is not nothing",
        "a checklist",
        "in a row",
        "a row less",
        "a row more",
        "an empty row",
        "a field of an older form",
    ],
)
def test_what_is_told(before, after, expected):
    assert told(before, after) == expected
