"""Rows as the database holds them, value by value, whatever stands there: what seals are made and checked over.

The models read values that the program wrote, and fail at anything else. Here every value comes out in one plain form
that JSON has, the same from both databases, or as `DAMAGED` where it is none that its column can hold.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    RowMapping,
    Table,
    literal_column,
)
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

DAMAGED: Final = "\N{REPLACEMENT CHARACTER} damaged"
"""Stands for a value that cannot be read."""
DEEPEST = 50
"""How deep the JSON of a column may nest; the program writes far less, and Python fails at a thousand."""


def plain_row(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that are about to be written, as `read_row` will find them; columns without a value are None."""
    return {column.name: _plain(_kind(column), values.get(column.name)) for column in table.columns}


def raw_columns(table: Table, dialect: str, names: Iterable[str] | None = None) -> list[ColumnElement[Any]]:
    """What to select of `table` for `read_row`: the columns `names`, or all."""
    return [
        _raw(table, column, dialect)
        for column in (table.columns if names is None else [table.c[name] for name in names])
    ]


def read_row(table: Table, raw: RowMapping) -> dict[str, Any]:
    """A row that was selected by `raw_columns`; `DAMAGED` stands for what cannot be read."""
    found = {}
    for column in table.columns:
        if label_of(column) in raw:
            found[column.name] = _readable(_kind(column), raw[label_of(column)])
    return found


def label_of(column: Column[Any]) -> str:
    """Under which name a column stands in the selected rows, so that two tables can be read together."""
    return f"{column.table.name}__{column.name}"


def damaged(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the columns that cannot be read."""
    return tuple(name for name, value in row.items() if value == DAMAGED)


def chained(former: str, content: Mapping[str, Any]) -> str:
    """The hash (SHA-256, hexadecimal) of `content` over the hash before it, "" for the first.

    What has no value is left out, so that a column that comes later leaves the older hashes as they are.
    """
    told = {name: value for name, value in content.items() if value is not None}
    return hashlib.sha256(f"{former}\n{json.dumps(told, sort_keys=True, separators=(',', ':'))}".encode()).hexdigest()


def _kind(column: Column[Any]) -> TypeEngine[Any]:
    kind: TypeEngine[Any] = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return kind


def _plain(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    if isinstance(kind, Date):
        return value.isoformat()
    if isinstance(kind, JSON):
        return json.loads(json.dumps(value))
    return value if isinstance(kind, LargeBinary | Integer) else str(value)


def _raw(table: Table, column: Column[Any], dialect: str) -> ColumnElement[Any]:
    name, kind = f'"{table.name}"."{column.name}"', _kind(column)
    if dialect == "sqlite":
        # A column there holds values of any type, and text of any bytes, which the driver would not hand out.
        # A fraction, which no column has, stands for what is of no use.
        told = (
            f"CASE typeof({name}) WHEN 'blob' THEN {name} WHEN 'null' THEN NULL ELSE 0.5 END"
            if isinstance(kind, LargeBinary)
            else f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) WHEN 'blob' THEN 0.5 ELSE {name} END"
        )
    elif isinstance(kind, DateTime | Date):
        # What lies outside Python's years, infinity too, comes as a text that is no day: the driver would fail at it.
        moment, form = (
            (f"{name} AT TIME ZONE 'UTC'", 'YYYY-MM-DD"T"HH24:MI:SS.US')
            if isinstance(kind, DateTime)
            else (name, "YYYY-MM-DD")
        )
        told = (
            f"CASE WHEN {name} BETWEEN '0001-01-02' AND '9999-12-30' THEN to_char({moment}, '{form}') "
            f"WHEN {name} IS NOT NULL THEN '?' END"
        )
    elif isinstance(kind, JSON):
        told = f"CAST({name} AS text)"
    else:
        told = name
    return literal_column(told, NullType()).label(label_of(column))


def _readable(kind: TypeEngine[Any], raw: Any) -> Any:
    """The plain form of what the database gave, `DAMAGED` where there is none."""
    if raw is None:
        return None
    if isinstance(kind, LargeBinary):
        return bytes(raw) if isinstance(raw, bytes | memoryview) else DAMAGED
    if isinstance(kind, Integer):
        return raw if isinstance(raw, int) else DAMAGED
    try:
        told = raw.decode() if isinstance(raw, bytes) else raw
        return _told(kind, told) if isinstance(told, str) else DAMAGED
    except (ValueError, RecursionError):
        return DAMAGED


def _told(kind: TypeEngine[Any], told: str) -> Any:
    if isinstance(kind, JSON):
        value = json.loads(told)
        if told.count("{") + told.count("[") > DEEPEST and _nests_too_deep(value):
            raise ValueError("nested too deep")
        return value
    if isinstance(kind, DateTime):
        return _strict(datetime.fromisoformat(told), told)
    if isinstance(kind, Date):
        return _strict(date.fromisoformat(told), told)
    return told


def _strict(moment: date, told: str) -> str:
    """The moment in the one form that the program writes; the models might read others otherwise."""
    plain = moment.isoformat(timespec="microseconds") if isinstance(moment, datetime) else moment.isoformat()
    if told.replace(" ", "T") != plain:
        raise ValueError("not as the program writes it")
    return plain


def _nests_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return bool(level)
