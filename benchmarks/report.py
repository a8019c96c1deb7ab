"""What printing a quarter costs: drawing once, then each kind of file. Freezing is not in it."""

import time
from dataclasses import replace

from benchmarks.world import World
from dashboard.report import content as reports
from dashboard.report import excel, pdf, picture, word
from data_model.core.access import Role
from data_model.periods.periods import Period
from data_model.snapshots.freezing import preview
from data_model.snapshots.report_settings import ReportSettings

RECORDS = 2_000
FORMATS = {"Word": word, "Excel": excel, "PDF": pdf, "one-page picture": picture}


def printing(world: World) -> dict[str, float]:
    """Seconds by piece of work, for the third quarter of the large plan with `RECORDS` records in its annex."""
    with world.database.reading() as session:
        content = preview(session, world.actors[Role.LEADER], world.plan_id, Period.Q3).content
    content = replace(content, records=content.records[:RECORDS])
    standing = reports.Standing("nháp", False, "0" * 64)
    made = reports.make(content, ReportSettings(), standing)  # once before, so that fonts are found
    found = {}
    began = time.perf_counter()
    made = reports.make(content, ReportSettings(), standing)
    found["drawing map and charts"] = time.perf_counter() - began
    for name, written in FORMATS.items():
        began = time.perf_counter()
        written.make(made.report, made.drawings)
        found[name] = time.perf_counter() - began
    return found
