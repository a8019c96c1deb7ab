"""JSON read in pieces is what Python reads in one: the same values, the same refusals."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_model.core import long_json
from data_model.core.long_json import read_long_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)
TEXTS = [
    "",
    " ",
    "{",
    "}",
    "[",
    "[,]",
    "[1,]",
    "[1 2]",
    "[[1],]",
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    "{1:2}",
    '{"a" 1}',
    "[1]x",
    "[1][2]",
    "nul",
    "NaN",
    "[1,NaN]",
    "[[NaN]]",
    "+1",
    "01",
    "1.",
    '"a',
    '["a',
    "[[1, 2], [3",
    "[[]",
    "'a'",
    "\ufeff[1]",
    "[1\u00a0]",
    '{"a": [1}',
    "[" * 5,
    '[{"a":1}, {"b": [1, [2], "]"]}] ',
    '{"a": 1, "a": 2}',
    ' { "a" : [ ] , "b" : { } } ',
    "[" + "1" * 5_000 + "]",
    "1e400",
    '"\\ud800"',
]


@settings(deadline=None)
@given(VALUES, st.sampled_from([None, 1]))
def test_what_is_json_is_read_as_python_reads_it(value, indent):
    text = json.dumps(value, indent=indent)
    assert read_long_json(text) == json.loads(text)


@pytest.mark.parametrize("at_once", [4, 1_000])
@pytest.mark.parametrize("text", TEXTS)
def test_what_is_none_is_refused_as_python_refuses_it(text, at_once, monkeypatch):
    monkeypatch.setattr(long_json, "MOST_AT_ONCE", at_once)
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(ValueError):
            read_long_json(text)
    else:
        found = read_long_json(text)
        assert found == expected or (found != found and expected != expected) or str(found) == str(expected)


def test_what_lies_too_deep_is_refused():
    with pytest.raises(RecursionError):
        read_long_json("[" * 100_000)


def test_flat_lists_and_constants_are_what_the_caller_makes_of_them():
    def none(name: str):
        raise ValueError(name)

    assert read_long_json('{"a": [[1, 2], [3.5, 4]], "b": []}', tuple) == {"a": [(1, 2), (3.5, 4)], "b": ()}
    with pytest.raises(ValueError):
        read_long_json("[[1, Infinity]]", tuple, none)
