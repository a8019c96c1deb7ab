"""Visits that were sent before there was a follow-up bring their recommendations into it."""

from importlib import import_module

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import delete

from data_model.records.tables import Recommendation
from tests.data_model.visits import FIX_LOA, all_of, send_visit


def test_earlier_visits_recommendations_become_open_ones(town):
    sent, second = send_visit(town, [FIX_LOA, FIX_LOA | {"what": "Ghi sổ"}]), send_visit(town, [])
    with town.writing() as session:
        session.execute(delete(Recommendation))
    step = import_module("data_model.migrations.versions.0003_follow_up")
    with town.writing() as session, Operations.context(MigrationContext.configure(session.connection())):
        step._take_in(Recommendation.__table__)
    rows = all_of(town, sent)
    assert [(r.what, r.state, r.position, r.weight, r.unit_id, r.since) for r in rows] == [
        (FIX_LOA["what"], "open", 0, None, sent.unit_id, sent.happened_on),
        ("Ghi sổ", "open", 1, None, sent.unit_id, sent.happened_on),
    ]
    assert all_of(town, second) == []
