"""Seals of snapshots: no way round the triggers, and seals that were made again are found by the journal."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from tests.conftest import ON_SQLITE, Town

from data_model.snapshots import freezing, reading
from data_model.core import canonical
from data_model.periods.periods import Period


@pytest.fixture
def frozen(town):
    with town.database.writing(one_moment=True) as session:
        return freezing.freeze(session, town.people.officer, town.plan().id, Period.Q3)


def _without_triggers(town: Town, act: str, **values) -> None:
    with town.writing() as session:
        for table in ("snapshot", "snapshot_body"):
            name = "snapshot_stays_sealed" if table == "snapshot" else "snapshot_body_stays"
            session.execute(text(f"DROP TRIGGER {name}" + (f" ON {table}" if town.dialect == "postgresql" else "")))
        for one in act.split(";"):
            session.execute(text(one), values)


def _wrong(town, head):
    with town.reading() as session:
        return reading.verify(session, town.people.leader, head.id).wrong


@ON_SQLITE
@pytest.mark.parametrize("table", ["snapshot", "snapshot_body"])
def test_a_row_cannot_be_replaced_either(town, frozen, table):
    with pytest.raises(DatabaseError, match="never altered"), town.writing() as session:
        session.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))
    assert _wrong(town, frozen) == ()


def test_figures_rewritten_together_with_their_seal_are_found(town, frozen):
    with town.reading() as session:
        told = reading.content_bytes(session, town.people.leader, frozen.id).replace(b'"DP-11"', b'"DP-12"')
    _without_triggers(
        town, "UPDATE snapshot_body SET content = :content; UPDATE snapshot SET content_hash = :seal".replace("; ", ";"),
        content=told, seal=canonical.sha256(told),
    )
    assert _wrong(town, frozen) == ("seal",)


@pytest.mark.parametrize("act", ["UPDATE snapshot SET plan_id = (SELECT id FROM plan WHERE code = 'ba_to_2024')", "UPDATE snapshot SET made_by = 1"])
def test_another_plan_or_author_is_found(town, frozen, act):
    _without_triggers(town, act)
    assert _wrong(town, frozen) == ("seal",)
