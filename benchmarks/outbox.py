"""The tablet's outbox: a thousand random lives of a tablet, and 500 waiting records with 1,000 photos that go when the
link is back.

`python -m benchmarks.outbox [how many lives] [first]` runs the lives alone; a life that loses or doubles something ends
it, with its steps.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Browser, BrowserContext, sync_playwright
from sqlmodel import func, select

from dashboard.server.addresses import HEALTH, WAITING_PAGE
from dashboard.server.middleware import COOKIE
from data_model.accounts import sign_ins
from data_model.accounts.tables import Account
from data_model.core.database import Database
from data_model.evidence.tables import Evidence
from data_model.records.tables import FieldRecord, RecordStatus
from tests.browser.conftest import Staffed, _employ
from tests.browser.faulty_line import line_to
from tests.browser.find_browser import FLAGS, find_browser
from tests.browser.outbox_model import live
from tests.browser.server import free_port, running, start_forked
from tests.browser.the_form import PHO_MINH
from tests.browser.waiting import until
from tests.evidence_samples import jpeg

DAY = "2024-10-15"
LIVES = 1_000
RECORDS, PHOTOS_EACH = 500, 2
Figures = dict[str, tuple]
"""By piece of work: what was found, its unit, and where there are any its floor and the most it may be."""
FILL = """async ([count, each, account, payload, photo]) => {
  const outbox = window.soGiamSatOutbox;
  await outbox.who();
  const made = { records: [], photos: [] };
  for (let n = 0; n < count; n += 1) {
    const record = outbox.uuid();
    const photos = Array.from({ length: each }, () => outbox.uuid());
    await Promise.all(photos.map((id) => outbox.keepPiece({
      id, record, account, plan: payload.plan, activity: payload.activity, unit: payload.unit,
      name: `${id}.jpg`, blob: new Blob([new Uint8Array(photo), id]),
    })));
    await outbox.queue({ record, account, activity_name: 'Đối thoại', unit_name: 'phường Phổ Minh',
      day: '10/10/2024', address: '/ghi', typed: '',
      payload: { ...payload, evidence: photos, answers: { ...payload.answers, place: `Nơi ${n}` } } });
    made.records.push(record);
    made.photos.push(...photos);
  }
  return made;
}"""
EMPTY_CALLS = """async ([count, address]) => {
  let left = count;
  const one = async () => { while (left-- > 0) await (await fetch(address, { cache: 'no-store' })).text(); };
  await Promise.all([one(), one()]);
}"""


@contextmanager
def staffed_app(folder: Path) -> Iterator[Staffed]:
    """The app with its people, on the sample day."""
    os.environ["SO_GIAM_SAT_TODAY"] = DAY
    _employ(Database(f"sqlite:///{folder / 'template.db'}"))
    data = folder / "data"
    data.mkdir()
    shutil.move(folder / "template.db", data / "so_giam_sat.db")
    database = Database(f"sqlite:///{data / 'so_giam_sat.db'}")
    with running(data, start=start_forked, SO_GIAM_SAT_TODAY=DAY) as server:
        yield Staffed(server, database)
    database.close()


def lives(staffed: Staffed, opened: Browser, folder: Path, count: int, first: int = 0) -> tuple[int, int]:
    """`count` lives; gives how many records were pressed and how many faults were met. Raises AssertionError when one
    loses something.
    """
    pressed = 0
    with line_to(staffed.address, free_port()) as line:
        for seed in range(first, first + count):
            pressed += live(staffed, line, opened, folder, seed)
            if (seed - first) % 20 == 19:
                sys.stdout.write(f"{seed + 1 - first} lives, {pressed} records, {sum(line.met.values())} faults\n")
                sys.stdout.flush()
        return pressed, sum(line.met.values())


def signed_in(staffed: Staffed, opened: Browser, address: str) -> BrowserContext:
    """A tablet's browser in which the first supervisor is signed in at `address`."""
    context = opened.new_context(viewport={"width": 800, "height": 1280})
    with staffed.database.writing() as session:
        account = session.exec(select(Account).where(Account.name == "giamsat1")).one()
        token = sign_ins.begin(session, account)
    context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    return context


def backlog(staffed: Staffed, opened: Browser) -> Figures:
    """Seconds until the page of what waits shows 500 records, and until all of them and 1,000 photos are on the server,
    once: proved by their numbers, on the server and on the tablet.

    The floors are the same page with nothing on it, and as many calls that ask for nothing.
    """
    plan = staffed.plan()
    activity = next(line for line in plan.lines if line.code == "DP-11").activity_id
    context = signed_in(staffed, opened, staffed.address)
    page = context.new_page()
    for address in ("**/luu-ban-ghi/**", "**/minh-chung/**"):
        page.route(address, lambda route: route.abort("connectionreset"))
    page.goto(f"{staffed.address}{WAITING_PAGE}")
    nothing = page.get_by_text("mọi thứ đã được gửi")
    nothing.wait_for()
    began = time.perf_counter()
    page.reload()
    nothing.wait_for()
    empty = time.perf_counter() - began
    began = time.perf_counter()
    page.evaluate(EMPTY_CALLS, [RECORDS * (1 + PHOTOS_EACH), f"{staffed.address}{HEALTH}"])
    bare = time.perf_counter() - began
    account = page.evaluate("() => window.soGiamSatOutbox.who().then((me) => me.account)")
    payload = {
        "plan": plan.id,
        "activity": activity,
        "unit": staffed.unit_id(PHO_MINH),
        "seen_version": 0,
        "sends": True,
        "round": None,
        "position": None,
        "outbox": True,
        "answers": {"held_on": "10/10/2024", "attendance": {"total": "55"}},
    }
    made = page.evaluate(FILL, [RECORDS, PHOTOS_EACH, account, payload, list(jpeg(320, 240))])
    wanted = set(made["records"]), set(made["photos"])
    began = time.perf_counter()
    page.reload()
    until(page, f"() => document.querySelectorAll('.waiting li').length >= {RECORDS}")
    shown = time.perf_counter() - began
    page.unroute_all()
    began = time.perf_counter()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    while (lacking := _lacking(staffed, *wanted)) != (0, 0):
        assert time.perf_counter() - began < 900, f"still lacking: {lacking}"
        page.wait_for_timeout(500)  # polls the database; bounded above
    sent = time.perf_counter() - began
    nothing.wait_for()
    assert page.evaluate("() => window.soGiamSatOutbox.waiting()") == [], "the tablet still has some"
    context.close()
    return {
        "500 records and 1,000 photos wait: the page shows them": (shown, "s", empty, 2),
        "  and all of them are sent, once, by their numbers": (sent, "s", bare),
    }


def _lacking(staffed: Staffed, records: set[str], photos: set[str]) -> tuple[int, int]:
    """How many of these the server does not have; a number is there once or not at all. Raises AssertionError for a
    record or photo of these people that nobody pressed.
    """
    with staffed.database.reading() as session:
        sent = set(map(str, session.exec(select(FieldRecord.id).where(FieldRecord.status == RecordStatus.SENT))))
        pieces = set(map(str, session.exec(select(Evidence.id).where(Evidence.removed_at.is_(None)))))
        versions = session.exec(
            select(func.max(FieldRecord.version)).where(FieldRecord.id.in_(map(UUID, records)))
        ).one()
    assert versions in (None, 1), "a record was sent twice"
    return len(records - sent), len(photos - pieces)


def main(count: int = LIVES, first: int = 0) -> None:
    """The lives alone, counted on the screen."""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        opened = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        with staffed_app(folder) as staffed:
            for work, figure in backlog(staffed, opened).items():
                sys.stdout.write(f"{work}: {figure[0]:.1f} s\n")
            began = time.perf_counter()
            pressed, faults = lives(staffed, opened, folder, count, first)
            sys.stdout.write(
                f"{count} lives of a tablet, {pressed} records, {faults} faults: 0 lost, 0 doubled,"
                f" {time.perf_counter() - began:.0f} s\n"
            )
        opened.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
