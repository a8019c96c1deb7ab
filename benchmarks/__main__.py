"""`make bench`: what the product costs, against bare floors measured in the same run, on this machine."""

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks import browser as measure
from benchmarks import evidence, outbox, review, tablet
from benchmarks.report import printing
from benchmarks.snapshots import freezing_costs
from benchmarks.world import World, build
from data_model.core.access import Role
from data_model.kinds.registry import all_kinds
from data_model.progress.figures import money, plan_progress
from tests.browser.find_browser import FLAGS, find_browser
from tests.browser.server import Server, running

DAY = "2024-11-15"
SESSIONS = 10
STOCK = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true", "STREAMLIT_RUNNER_MAGIC_ENABLED": "true"}
"""Streamlit's own settings where ours differ in what a rerun costs."""
BARE_AGGREGATE = """
SELECT activity_id, unit_id, round_id, status,
       CASE WHEN happened_on <= '2024-03-31' THEN 1 WHEN happened_on <= '2024-06-30' THEN 2
            WHEN happened_on <= '2024-09-30' THEN 3 WHEN happened_on <= '2024-12-31' THEN 4 ELSE 5 END AS quarter,
       COUNT(*), SUM(quantity), SUM(running), SUM(unmet > 0), SUM(amount)
FROM field_record WHERE plan_id = ? AND status IN ('sent', 'verified') AND happened_on <= '2024-11-15'
GROUP BY activity_id, unit_id, round_id, status, quarter
"""
PLAIN_AGGREGATE = """
SELECT activity_id, unit_id, status, COUNT(*), SUM(quantity), SUM(amount)
FROM field_record WHERE plan_id = ? AND status IN ('sent', 'verified') GROUP BY activity_id, unit_id, status
"""


@dataclass
class Row:
    """One line of the result: what, how much, its floor, and the most it may be."""

    work: str
    found: float
    unit: str
    floor: float | None = None
    most: float | None = None

    def line(self) -> str:
        floor = "" if self.floor is None else f"{self.floor:,.1f}"
        most = "" if self.most is None else f"{self.most:,.1f}"
        verdict = "" if self.most is None else ("ok" if self.found <= self.most else "ABOVE")
        return f"| {self.work:<62} | {self.found:>9,.1f} {self.unit:<4} | {floor:>9} | {most:>9} | {verdict:<5} |"


def median_ms(work: Callable[[], object], times: int = 25) -> float:
    """Median milliseconds of `work`, after three runs that warm it up."""
    taken = []
    for _ in range(times + 3):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[3:])


def figures(world: World) -> list[Row]:
    """All figures of the leader's page against one bare SQL aggregate over the same rows."""
    leader = world.actors[Role.LEADER]
    with world.database.reading() as session:
        raw = session.connection().connection.driver_connection
        bare = median_ms(lambda: raw.execute(BARE_AGGREGATE, (world.plan_id,)).fetchall())
        plain = median_ms(lambda: raw.execute(PLAIN_AGGREGATE, (world.plan_id,)).fetchall())
        ours = median_ms(lambda: (plan_progress(session, leader, world.plan_id), money(session, leader, world.plan_id)))
    return [
        Row("leader's figures, 10,000 records among 100 plans", ours, "ms", bare, 2 * bare),
        Row("  (the same beside an aggregate without quarters)", ours, "ms", plain),
    ]


@contextmanager
def bare_page(opened: Browser, folder: Path, script: str, **environment: str) -> Iterator[Locator]:
    """The button "Again" of a page of benchmarks/bare."""
    with running(folder / script, f"benchmarks/bare/{script}.py", **environment) as server:
        page = measure.tablet(opened).new_page()
        page.goto(server.address)
        measure.idle(page)
        yield page.get_by_role("button", name="Again")
        page.context.close()


def tablet_pages(opened: Browser, server: Server, world: World, hello: Locator) -> list[Row]:
    """Reruns of "my work" and of every kind's form, in turn with the bare page."""
    context = measure.tablet(opened)
    page = measure.sign_in(context, server.address, "giamsat", world.password, "/viec-cua-toi%3Fplan=duc_pho_2024")
    views = [page.get_by_role("radio", name=name) for name in ("Tất cả hoạt động", "Còn phải làm")]
    floor, (by_key, key_floor) = measure.reruns([hello])[0], measure.whole_reruns([page, hello.page])
    rows = [
        Row(
            "my work: another view (the browser answers alone)",
            max(measure.reruns(views, alone=True)),
            "ms",
            floor,
            floor,
        ),
        Row("my work: the whole page again, by key", by_key, "ms", key_floor, key_floor),
    ]
    for kind in all_kinds():
        page.goto(f"{server.address}/ghi?{world.form_of(kind)}")
        page.get_by_role("button", name="Lưu nháp").wait_for()
        measure.idle(page)
        found, floor = measure.answers([(page, partial(_keep, page, count())), (hello.page, hello.click)], times=9)
        rows.append(Row(f"form of {kind}: keep as draft, written to disk", found, "ms", floor, floor))
    context.close()
    return rows


def _keep(page: Page, numbers: Iterator[int]) -> None:
    """Type something else each time, so that every press is written."""
    page.get_by_role("textbox", name="Ghi chú").fill(f"lần {next(numbers)}")
    page.get_by_role("button", name="Lưu nháp").click()


VIEWS = {
    "Chỉ tiêu": "targets",
    "Biểu đồ": "chart",
    "Theo quý": "quarters",
    "Theo xã": "communes",
    "Điều kiện": "conditions",
    "Người tham dự": "participants",
}


def leader_pages(opened: Browser, server: Server, world: World, hello: Locator, bare_map: Locator) -> list[Row]:
    """Reruns of the progress page, and of the map when it is coloured by something else, each in turn with its bare
    page.
    """
    context = measure.tablet(opened)
    page = measure.sign_in(context, server.address, "lanhdao", world.password, "/tien-do%3Fplan=duc_pho_2024")
    first = measure.first_answers(
        page.get_by_role("radio", name="Biểu đồ"), f"{server.address}/tien-do?plan=duc_pho_2024"
    )
    floor, *views = measure.reruns([hello, *(page.get_by_role("radio", name=name) for name in VIEWS)])
    page.goto(f"{server.address}/ban-do?plan=duc_pho_2024")
    measure.idle(page)
    map_floor, *recoloured = measure.reruns(
        [bare_map, *(page.get_by_role("radio", name=name) for name in ("Chưa giám sát", "Tiến độ chung"))]
    )
    context.close()
    return [
        *(
            Row(f"progress page: to the {name}", found, "ms", floor, 1.5 * floor)
            for name, found in zip(VIEWS.values(), views, strict=True)
        ),
        Row("progress page: the chart of a visit that had not shown it yet", first, "ms"),
        Row("map recoloured", max(recoloured), "ms", map_floor, 2 * map_floor),
    ]


def memory(opened: Browser, server: Server, world: World) -> list[Row]:
    """Resident memory after each page was opened once, and what a further signed-in session adds."""
    process = psutil.Process(server.process.pid)
    once = process.memory_info().rss / 1e6
    contexts = []
    for _ in range(SESSIONS):
        context = measure.tablet(opened)
        measure.sign_in(context, server.address, "giamsat", world.password, "/viec-cua-toi%3Fplan=duc_pho_2024")
        contexts.append(context)
    more = (process.memory_info().rss / 1e6 - once) / SESSIONS
    for context in contexts:
        context.close()
    return [
        Row("memory of the process, each page opened once", once, "MB"),
        Row("memory of each further signed-in session", more, "MB", None, 2.0),
    ]


def visit_every_page(opened: Browser, server: Server, world: World) -> None:
    """Each page once, as those who have it."""
    for name, addresses in (
        ("quantri", ("tai-khoan", "ranh-gioi", "toi")),
        ("lanhdao", ("ban-do", "tien-do", "duyet", "ban-ghi", "phan-ky", "nhat-ky")),
    ):
        context = measure.tablet(opened)
        page = measure.sign_in(context, server.address, name, world.password)
        for address in addresses:
            page.goto(f"{server.address}/{address}?plan=duc_pho_2024")
            measure.idle(page)
        context.close()


def main() -> int:
    path = find_browser()
    if path is None:
        sys.stdout.write("no Chromium on this machine: run `make browser` first\n")
        return 1
    os.environ["SO_GIAM_SAT_TODAY"] = DAY
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        url = f"sqlite:///{folder / 'so_giam_sat.db'}"
        sys.stdout.write("making 100 plans…\n")
        world = build(url)
        rows = figures(world)
        rows += [Row(work, seconds, "s", None, 3) for work, seconds in freezing_costs(world).items()]
        rows += [
            Row(f"printing a quarter of 2,000 records: {work}", seconds, "s", None, 3)
            for work, seconds in printing(world).items()
        ]
        rows += [Row(work, *figure) for work, figure in evidence.lists(folder, median_ms).items()]
        rows += [Row(work, *figure) for work, figure in review.journals(folder, median_ms).items()]
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        with (
            bare_page(opened, folder, "hello", **STOCK) as hello,
            bare_page(opened, folder, "map", DATABASE_URL=url) as bare_map,
            running(folder, SO_GIAM_SAT_TODAY=DAY) as server,
        ):
            rows.append(Row("start, set-up done, to the first page", server.seconds_to_start, "s", None, 5))
            wire = measure.bytes_of_first_visit(opened, server.address, "giamsat", world.password)
            rows.append(Row("first visit over the wire, sign-in to my work", wire / 1e6, "MB", None, 3))
            rows += tablet_pages(opened, server, world, hello)
            rows += leader_pages(opened, server, world, hello, bare_map)
            rows += [Row(work, *figure) for work, figure in review.pages(opened, server, world, hello).items()]
            visit_every_page(opened, server, world)
            rows += memory(opened, server, world)
            rows += [Row(work, *figure) for work, figure in evidence.arriving(world, server).items()]
        (folder / "tablet").mkdir()
        with outbox.staffed_app(folder / "tablet") as staffed:
            rows += [Row(work, *figure) for work, figure in tablet.figures(staffed, opened).items()]
            rows += [Row(work, *figure) for work, figure in outbox.backlog(staffed, opened).items()]
            pressed, faults = outbox.lives(staffed, opened, folder / "tablet", outbox.LIVES)
            rows.append(
                Row(
                    f"records pressed in {outbox.LIVES:,} lives of a tablet with {faults:,} faults, lost or doubled of"
                    " them",
                    0,
                    "",
                    None,
                    0,
                )
            )
            rows.append(Row("  (so many were pressed)", pressed, ""))
        opened.close()
    head = f"| {'Work':<62} | {'found':>14} | {'floor':>9} | {'at most':>9} | {'':<5} |"
    sys.stdout.write(f"\n{machine()}\n\n{head}\n|{'-' * 64}|{'-' * 16}|{'-' * 11}|{'-' * 11}|{'-' * 7}|\n")
    sys.stdout.write("\n".join(row.line() for row in rows) + "\n")
    return 0


def machine() -> str:
    """What it ran on."""
    cores, ram = psutil.cpu_count(), psutil.virtual_memory().total / 2**30
    return f"{platform.system()} {platform.machine()}, {cores} cores, {ram:.0f} GiB, Python {platform.python_version()}"


if __name__ == "__main__":
    raise SystemExit(main())
