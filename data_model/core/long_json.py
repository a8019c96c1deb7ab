"""JSON read in pieces. Python's own reader takes a text in one breath, during which the process serves nobody: a second
for 20 MB. Here lists and objects are walked one by one, and only small flat ones are left to it.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

MOST_AT_ONCE = 64 * 1024
"""Characters that Python's reader is given in one piece."""
_BLANKS = frozenset(" \t\n\r")
_INK = re.compile(r"[^ \t\n\r]")
_INNER = re.compile(r"[\[{\"\]]")
"""What a flat list of numbers ends with, or what makes it none."""


Reader = Callable[[str, int], tuple[Any, int]]


def read_long_json(
    text: str, flat: Callable[[list[Any]], Sequence[Any]] = list, parse_constant: Callable[[str], Any] | None = None
) -> Any:
    """What `json.loads` makes of `text`; `parse_constant` is its own. Raises ValueError, and RecursionError for what
    lies too deep.

    `flat` makes what is kept of a list of plain values: `tuple` where there are a great many, since Python's collector
    of garbage walks every list each time, but no tuple of numbers.
    """
    reader = json.JSONDecoder(parse_constant=parse_constant).raw_decode

    def read(text: str, at: int) -> tuple[Any, int]:
        value, at = reader(text, at)
        return (flat(value) if isinstance(value, list) else value), at

    value, end = _value(text, _skip(text, 0), read)
    end = _skip(text, end)
    if end != len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return value


def _value(text: str, at: int, read: Reader) -> tuple[Any, int]:
    opens = text[at : at + 1]
    if opens == "{":
        return _object(text, at, read)
    if opens == "[":
        inner = _INNER.search(text, at + 1, at + MOST_AT_ONCE)
        if inner is None or inner[0] != "]":
            return _list(text, at, read)
    return read(text, at)


def _list(text: str, at: int, read: Reader) -> tuple[list[Any], int]:
    found: list[Any] = []
    at = _skip(text, at + 1)
    if text[at : at + 1] == "]":
        return found, at + 1
    while True:
        value, at = _value(text, at, read)
        found.append(value)
        at, more = _more(text, at, "]")
        if not more:
            return found, at


def _object(text: str, at: int, read: Reader) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    at = _skip(text, at + 1)
    if text[at : at + 1] == "}":
        return found, at + 1
    while True:
        if text[at : at + 1] != '"':
            raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
        name, at = read(text, at)
        at = _skip(text, at)
        if text[at : at + 1] != ":":
            raise json.JSONDecodeError("Expecting ':' delimiter", text, at)
        found[name], at = _value(text, _skip(text, at + 1), read)
        at, more = _more(text, at, "}")
        if not more:
            return found, at


def _more(text: str, at: int, closes: str) -> tuple[int, bool]:
    """Behind a value: where the next one begins, or where the end is."""
    at = _skip(text, at)
    if text[at : at + 1] == closes:
        return at + 1, False
    if text[at : at + 1] != ",":
        raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
    return _skip(text, at + 1), True


def _skip(text: str, at: int) -> int:
    """Past white space."""
    if text[at : at + 1] not in _BLANKS:
        return at
    found = _INK.search(text, at)
    return found.start() if found else len(text)
