"""R4: quantities are kept as they are written, in databases of before too, on both database systems."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import MetaData, text
from sqlmodel import select

from data_model import migrations
from data_model.core.database import Database
from data_model.plans.quantities import exact, written
from data_model.plans.tables import Phase, Target

OLD = {1: 0.6, 2: 25.0, 3: 0.12345, 4: 1e-07, 5: 1 / 3, 6: 123456789.25, 7: None, 8: 0.1 + 0.2}
NEW = {1: "0.6", 2: "25", 3: "0.12345", 4: "0.0000001", 5: "1/3", 6: "123456789.25", 7: None, 8: "3/10"}
STEP = import_module("data_model.migrations.versions.0010_exact_quantities")


@given(some.fractions())
def test_what_is_written_is_read_back(quantity):
    assert Fraction(written(quantity)) == quantity


@given(some.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**6), max_value=10**6))
def test_a_decimal_is_written_as_a_decimal(quantity):
    assert Decimal(written(Fraction(quantity))) == quantity and "/" not in written(Fraction(quantity))


@pytest.mark.parametrize(
    ("given_as", "exactly"),
    [(0.1, Fraction(1, 10)), ("0.12345", Fraction(12345, 100_000)), (5, 5), (Decimal("2.50"), Fraction(5, 2))],
)
def test_a_quantity_is_the_decimal_that_was_typed(given_as, exactly):
    assert exact(given_as) == exactly


def _before(made: Database) -> None:
    """Bring a new database to the step before, with the numbers of that time in it."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with made.engine.execution_options(writes=True).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, STEP.down_revision)
    known = MetaData()
    known.reflect(made.engine)
    with made.engine.execution_options(writes=True).begin() as connection:

        def add(table: str, **row) -> None:
            connection.execute(known.tables[table].insert().values(**row))

        day = date(2024, 1, 1)
        add("unit", id=1, code="x", name="X", kind="xã", place="x")
        add("account", id=1, name="x", display_name="X", role="leader", language="vi")
        add(
            "plan",
            id=1,
            code="x",
            name_vi="x",
            name_en="x",
            owner_id=1,
            document={},
            slips=[],
            year=2024,
            starts_on=day,
            ends_on=day,
            quarter_rule="calendar",
            on_track_percent=90,
            slow_percent=70,
            revision=1,
            records_version=0,
        )
        add("component", id=1, plan_id=1, code="x", position=0, name_vi="x", name_en="x")
        for number, quantity in OLD.items():
            add(
                "activity",
                id=number,
                plan_id=1,
                component_id=1,
                code=f"X-{number}",
                position=number,
                name_vi="x",
                name_en="x",
                coordinating=[],
                source_note={},
            )
            add("target", id=number, activity_id=number, quantity=quantity, scope="named_units", conditions=[])
            add("target_unit", target_id=number, unit_id=1)
            if quantity is not None:
                add(
                    "phase",
                    target_id=number,
                    quarter=1,
                    quantity=quantity,
                    accepted_by=1,
                    accepted_at=datetime.now(UTC),
                )


def test_an_old_database_keeps_every_number_as_it_was_written(workshop):
    made = Database(workshop.store.url("before_exact"))
    workshop.store.create("before_exact")
    try:
        _before(made)
        made.migrate()
        with made.reading() as session:
            assert dict(session.execute(text("SELECT id, quantity FROM target")).all()) == NEW
            assert {t.id: t.quantity for t in session.exec(select(Target))} == {
                n: None if q is None else Fraction(q) for n, q in NEW.items()
            }
            assert {p.target_id: p.quantity for p in session.exec(select(Phase))} == {
                n: Fraction(q) for n, q in NEW.items() if q is not None
            }
            assert session.execute(text("SELECT count(*) FROM target_unit")).scalar_one() == len(OLD)
            assert set(session.execute(text("SELECT withdrawn_in FROM activity")).scalars()) == {None}
    finally:
        workshop.throw_away(made)
