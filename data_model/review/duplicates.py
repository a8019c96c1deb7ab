"""Records that may be the same thing entered twice: same plan, activity and unit, days at most 3 apart.

It is a hint for a reviewer, never a reason to refuse: two dialogues in one week may both have been held.
"""

from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, select

from data_model.core.access import Actor
from data_model.core.database import columns
from data_model.records.listing import RecordRow, rows, visible
from data_model.records.tables import FieldRecord
from data_model.records.writing import LIVING

NEAR = 3
"""Days."""
MOST = 50
"""So many like one record are looked at, the latest changed first."""
R = columns(FieldRecord)
_Other: Any = aliased(FieldRecord)


class days_later(FunctionElement[date]):
    """SQL: the date that is a number of days later; both databases find a range of dates so made in an index."""

    inherit_cache = True


@compiles(days_later, "sqlite")
def _on_sqlite(element: days_later, compiler: SQLCompiler, **kw: Any) -> str:
    return "date({}, {} || ' days')".format(*tuple(compiler.process(each, **kw) for each in element.clauses))


@compiles(days_later, "postgresql")
def _on_postgresql(element: days_later, compiler: SQLCompiler, **kw: Any) -> str:
    return "({} + CAST({} AS INTEGER))".format(*tuple(compiler.process(each, **kw) for each in element.clauses))


def similar(session: Session, actor: Actor, record: FieldRecord, limit: int = 5) -> list[RecordRow]:
    """Records like this one that the account may see, the nearest day first."""
    if record.happened_on is None:
        return []
    day, near = record.happened_on, timedelta(days=NEAR)
    where = and_(
        visible(actor),
        R.status.in_(LIVING),
        R.activity_id == record.activity_id,
        R.unit_id == record.unit_id,
        R.id != record.id,
        R.happened_on.between(day - near, day + near),
    )
    found = [(abs(row.happened_on - day), row) for row in rows(session, where, MOST) if row.happened_on is not None]
    return [row for _, row in sorted(found, key=itemgetter(0))[:limit]]


def has_similar() -> ColumnElement[bool]:
    """SQL on `FieldRecord`: whether another record is like it."""
    return (
        select(_Other.id)
        .where(
            # An activity belongs to one plan.
            _Other.activity_id == R.activity_id,
            _Other.unit_id == R.unit_id,
            _Other.status.in_(LIVING),
            _Other.id != R.id,
            _Other.happened_on.between(
                days_later(R.happened_on, literal(-NEAR, Integer)), days_later(R.happened_on, literal(NEAR, Integer))
            ),
        )
        .exists()
    )
