"""One sequence of bytes for a content: JSON with sorted keys, UTF-8 in NFC, fractions as "a/b", days and moments in ISO
form.
"""

import hashlib
import json
import types
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from data_model.core.label import Label

Kind = TypeVar("Kind")


def to_bytes(content: Any) -> bytes:
    """`content` (dataclasses, tuples, dictionaries, plain values) as canonical bytes. Raises TypeError for anything
    else.
    """
    return json.dumps(
        _plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def from_bytes(kind: type[Kind], data: bytes) -> Kind:
    """What `to_bytes` made of a `kind`, also of an earlier form of it: a field that came later has its default.

    Raises ValueError where the bytes are not that.
    """
    try:
        content: Kind = _read(kind, json.loads(data))
    except (TypeError, KeyError, AttributeError, ZeroDivisionError) as wrong:
        raise ValueError(f"not a {kind.__name__}: {wrong}") from wrong
    return content


def sha256(data: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or (isinstance(value, bool | int | float) and not isinstance(value, StrEnum)):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str(value))
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, Label):
        return {"vi": _plain(value.vi), "en": _plain(value.en)}
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(_plain(k)): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    raise TypeError(f"nothing canonical for {type(value).__name__}")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _read_union(args, value)
    if origin is tuple:
        if args[-1] is Ellipsis:
            return tuple(_read(args[0], one) for one in value)
        return tuple(_read(one, part) for one, part in zip(args, value, strict=True))
    if origin is dict:
        return {_read(args[0], name): _read(args[1], part) for name, part in value.items()}
    if kind is Label:
        return Label(value["vi"], value["en"])
    if is_dataclass(kind):
        return _read_dataclass(kind, value)
    return _read_plain(kind, value)


def _read_dataclass(kind: Any, told: Any) -> Any:
    if not isinstance(told, dict):
        raise TypeError(f"{kind.__name__} expected")
    hints = _hints(kind)
    return kind(**{f.name: _read(hints[f.name], told[f.name]) for f in fields(kind) if f.name in told or _is_needed(f)})


def _is_needed(known: Field[Any]) -> bool:
    return known.default is MISSING and known.default_factory is MISSING


def _read_union(args: tuple[Any, ...], value: Any) -> Any:
    if value is None:
        return None
    if Fraction in args:
        return Fraction(value) if isinstance(value, str) or int not in args else value
    return _read(next(one for one in args if one is not type(None)), value)


def _read_plain(kind: Any, value: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind in (Fraction, uuid.UUID) or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return kind(value)
    if kind is Any or isinstance(value, kind) or (kind is float and isinstance(value, int)):
        return value
    raise TypeError(f"{kind.__name__} expected")
