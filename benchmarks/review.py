"""What reviewing and reading the journal cost: the pages in a browser, and a long journal against a short one."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Locator
from sqlalchemy import insert

from benchmarks import browser as measure
from benchmarks.world import World
from dashboard.journal.workbook import journal_workbook
from data_model.accounts.account import actor_of
from data_model.accounts.tables import Account
from data_model.core.access import Actor, Role
from data_model.core.database import Database
from data_model.core.tables import JournalEntry
from data_model.journal.listing import JournalFilter, entries
from tests.browser.server import Server

SHORT, LONG = 200, 50_000
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
Figure = tuple[float, str, float | None, float | None]
"""Found, unit, floor, at most."""


def pages(opened: Browser, server: Server, world: World, hello: Locator) -> dict[str, Figure]:
    """The queue of the large plan and the journal, as a leader opens them, in turn with the bare page."""
    context = measure.tablet(opened)
    page = measure.sign_in(context, server.address, "lanhdao", world.password, "/duyet%3Fplan=duc_pho_2024")
    floor, *steps = measure.reruns(
        [hello, *(page.get_by_role("button", name=name) for name in ("Bản tiếp", "Bản trước"))]
    )
    again, key_floor = measure.whole_reruns([page, hello.page])
    page.goto(f"{server.address}/nhat-ky")
    measure.idle(page)
    journal, journal_floor = measure.whole_reruns([page, hello.page])
    context.close()
    return {
        "review: to the next record": (max(steps), "ms", floor, None),
        "review: the whole page again, by key": (again, "ms", key_floor, None),
        "journal: the whole page again, by key": (journal, "ms", journal_floor, None),
    }


def journals(folder: Path, median_ms: Callable[[Callable[[], object]], float]) -> dict[str, Figure]:
    """Pages of a journal of 50,000 entries against one of 200; the workbook of the long one, and the memory that it
    takes.
    """
    short, long = (
        _reading(Database(f"sqlite:///{folder / f'journal-{count}.db'}"), count, median_ms, folder)
        for count in (SHORT, LONG)
    )
    return {
        f"journal of {LONG:,} entries: {name}": (long[name], unit, short[name], None)
        for name, unit in (
            ("first page", "ms"),
            ("a page of one act", "ms"),
            ("workbook", "s"),
            ("memory that it added", "MB"),
        )
    }


def _reading(database: Database, count: int, median_ms: Callable, folder: Path) -> dict[str, float]:
    database.migrate()
    with database.writing() as session:
        account = Account(name="lanhdao", display_name="lanhdao", role=Role.LEADER.value)
        session.add(account)
        session.flush()
        leader: Actor = actor_of(session, account)
        session.execute(
            insert(JournalEntry.__table__),
            [
                {
                    "at": FIRST + timedelta(minutes=10 * n),
                    "account_id": leader.id,
                    "door": "page",
                    "act": "set_role" if n % 50 else "rename",
                    "subject": "account",
                    "subject_id": str(leader.id),
                    "before": {"role": "leader", "note": "x" * 300},
                    "after": {"role": "supervisor"},
                }
                for n in range(count)
            ],
        )
    asked, process = JournalFilter(date(2024, 1, 1), date(2026, 1, 1)), psutil.Process()
    with database.reading() as session:
        found = {
            "first page": median_ms(lambda: entries(session, leader, asked)),
            "a page of one act": median_ms(
                lambda: entries(
                    session, leader, JournalFilter(asked.first, asked.last, act="rename", subject="account")
                )
            ),
        }
        before, began = process.memory_info().rss, time.perf_counter()
        journal_workbook(session, leader, asked, folder / "journal.xlsx")
        found |= {
            "workbook": time.perf_counter() - began,
            "memory that it added": (process.memory_info().rss - before) / 1e6,
        }
    database.close()
    return found
