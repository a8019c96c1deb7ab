"""What freezing costs: a quarter of one plan, among 100 plans; it grows with that plan's records only."""

import time

from sqlmodel import select

from benchmarks.world import RECORDS, RECORDS_ELSEWHERE, World
from data_model.core.access import Role
from data_model.periods.periods import Period
from data_model.plans.tables import Plan
from data_model.snapshots import freezing, reading


def freezing_costs(world: World) -> dict[str, float]:
    """Seconds to freeze and to open a quarter of the large plan, and of one with few records beside it."""
    officer = world.actors[Role.DATA_OFFICER]
    taken = {}
    with world.database.reading() as session:
        small = session.exec(select(Plan.id).where(Plan.code == "copy_0")).one()
    for name, plan_id in ((f"{RECORDS:,} records", world.plan_id), (f"{RECORDS_ELSEWHERE} records", small)):
        with world.database.writing(one_moment=True) as session:
            began = time.perf_counter()
            head = freezing.freeze(session, officer, plan_id, Period.Q3)
            taken[f"freezing a quarter, plan of {name}"] = time.perf_counter() - began
        with world.database.reading() as session:
            began = time.perf_counter()
            reading.open_snapshot(session, officer, head.id)
            taken[f"opening it, plan of {name}"] = time.perf_counter() - began
    return taken
