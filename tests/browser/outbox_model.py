"""Random lives of a tablet: what was pressed "send" is at every moment on the server once, or on the tablet.

A tablet here is a browser with our plain page of what waits, or with the tablet's own page, which opens without a
server too; records are handed to its outbox as the form does it. Each step does something to it: a press, a fault of
the line, a closed tab, a reload, a closed or full store, another account, an ended sign-in, a wrong clock, a restored
backup, a server that is killed in the middle of its work and starts anew. After each step every record that the tablet
said it keeps is looked for; at the end line and server are well again and every record and photo must be on the server,
once, with the last content that was pressed.
"""

import random
import sqlite3
import uuid
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from sqlmodel import delete, func, select

from dashboard.server.middleware import COOKIE
from data_model.accounts import sign_ins
from data_model.accounts.tables import Account, SignIn
from data_model.evidence.tables import Evidence
from data_model.records.tables import FieldRecord
from tests.browser.conftest import Staffed
from tests.browser.faulty_line import FAULTS, Line
from tests.browser.the_form import PHO_MINH, PHO_VINH
from tests.browser.waiting import until
from tests.evidence_samples import jpeg

PLAIN_PAGE, OWN_PAGE = "/cho-gui", "/may-bang#/waiting"
COMMUNES = {"giamsat1": PHO_MINH, "tonghop": PHO_VINH}
PHOTO = list(jpeg(320, 240))
STRANGE_BROWSER = """
  const open = indexedDB.open.bind(indexedDB), put = IDBObjectStore.prototype.put, now = Date.now;
  window.opened = [];
  indexedDB.open = (...asked) => {
    const asking = open(...asked);
    asking.addEventListener('success', () => window.opened.push(asking.result));
    return asking;
  };
  IDBObjectStore.prototype.put = function (row) {
    if (window.full && (row.blob || row.payload || row.typed)) throw new DOMException('full', 'QuotaExceededError');
    return put.call(this, row);
  };
  Date.now = () => now() + Number(localStorage.getItem('off') ?? 0);
"""
PRESS = """async ([row, photos, bytes, waits]) => {
  const outbox = window.soGiamSatOutbox, me = await outbox.who();
  for (const id of photos) await outbox.keepPiece({
    id, record: row.record, account: row.account,
    plan: row.payload.plan, activity: row.payload.activity, unit: row.payload.unit,
    name: `${id}.jpg`,
    blob: new Blob([new Uint8Array(bytes), id]),
  });
  const kept = await Promise.all(photos.map(async (id) =>
    !outbox.looseOf(row.record).some((piece) => piece.id === id)));
  try {
    await outbox.queue(row);
  } catch {
    return { kept: false, photos: kept };
  }
  const sending = outbox.sendRecord(row.record);
  if (waits) await sending;
  return { kept: true, photos: kept };
}"""
KEPT_BY_THE_WORKER = "() => navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
# Everything on the tablet, whosever it is: waiting, or kept after it was proved.
ON_TABLET = """() => new Promise((done, failed) => {
  const asked = indexedDB.open('so-giam-sat');
  asked.onerror = () => failed(asked.error);
  asked.onsuccess = () => {
    const database = asked.result, reading = database.transaction(['records', 'sent']), found = {};
    for (const name of ['records', 'sent']) {
      reading.objectStore(name).getAllKeys().onsuccess = ({ target }) => { found[name] = target.result; };
    }
    reading.oncomplete = () => { database.close(); done(found); };
  };
})"""


@dataclass
class Pressed:
    """A record of which the tablet said that it keeps it, with the place that was pressed last."""

    account: str
    place: str
    photos: set[str] = field(default_factory=set)


class Life:
    """One tablet from its first to its last step."""

    def __init__(self, staffed: Staffed, line: Line, browser: Browser, folder: Path, seed: int):
        self.staffed, self.line, self.random, self.seed = staffed, line, random.Random(seed), seed
        self.context = browser.new_context(viewport={"width": 800, "height": 1280})
        self.context.add_init_script(STRANGE_BROWSER)
        self.page: Page | None = None
        self.pressed: dict[str, Pressed] = {}
        self.steps: list[str] = []
        self.kept_by_the_worker = False
        self.account, self.backup = "giamsat1", folder / "yesterday.db"
        self.where = OWN_PAGE if seed % 2 else PLAIN_PAGE
        self.plan = staffed.plan()
        self.activity = next(line for line in self.plan.lines if line.code == "DP-11").activity_id
        with staffed.database.reading() as session:
            self.numbers = {
                name: session.exec(select(Account.id).where(Account.name == name)).one() for name in COMMUNES
            }
        self.sign_in()
        self.open()

    # --- what can happen
    def open(self) -> None:
        self.page = self.context.new_page()
        if not self.kept_by_the_worker:
            self.server_back()
        self.page.goto(f"{self.line.address}{self.where}")
        until(self.page, "() => Boolean(window.soGiamSatOutbox)")
        if self.where == OWN_PAGE:
            until(self.page, KEPT_BY_THE_WORKER)
            self.kept_by_the_worker = True

    def sign_in(self) -> None:
        with self.staffed.database.writing() as session:
            token = sign_ins.begin(session, session.get(Account, self.numbers[self.account]))
        self.context.add_cookies([{"name": COOKIE, "value": token, "url": self.line.address}])

    def press(self) -> None:
        mine = [record for record, one in self.pressed.items() if one.account == self.account]
        record = (
            self.random.choice(mine)
            if mine and self.random.random() < 0.3
            else str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        )
        # A record that was sent is opened anew with the version that it has: these lives change only what still waits.
        if record in self.pressed and record not in self.waiting():
            return
        place, photos = f"Nơi {self.random.randrange(10**6)}", []
        if record not in self.pressed:
            photos = [
                str(uuid.UUID(int=self.random.getrandbits(128), version=4))
                for _ in range(self.random.choice((0, 0, 1, 2)))
            ]
        unit = self.staffed.unit_id(COMMUNES[self.account])
        payload = {
            "plan": self.plan.id,
            "activity": self.activity,
            "unit": unit,
            "seen_version": 0,
            "sends": True,
            "round": None,
            "position": None,
            "outbox": True,
            "answers": {"held_on": "10/10/2024", "place": place, "attendance": {"total": "55"}},
            "evidence": photos,
        }
        row = {
            "record": record,
            "account": self.numbers[self.account],
            "activity_name": "Đối thoại",
            "unit_name": "x",
            "day": "10/10/2024",
            "address": "/ghi",
            "typed": place,
            "payload": payload,
        }
        said = self.page.evaluate(PRESS, [row, photos, PHOTO, self.random.random() < 0.6])
        if said["kept"]:
            one = self.pressed.setdefault(record, Pressed(self.account, place))
            one.place = place
            one.photos |= {photo for photo, kept in zip(photos, said["photos"], strict=True) if kept}

    def faults(self) -> None:
        self.line.faults += self.random.choices(FAULTS, k=self.random.randint(1, 4))

    def line_down(self) -> None:
        self.line.down = True

    def line_up(self) -> None:
        self.line.down = False
        self.page.evaluate("() => dispatchEvent(new Event('online'))")

    def try_now(self) -> None:
        self.page.evaluate("() => { window.soGiamSatOutbox.flush('by hand'); }")

    def reload(self) -> None:
        self.close()
        self.open_here()

    def close(self) -> None:
        self.page.close(run_before_unload=False)
        self.page = None

    def open_here(self) -> None:
        down = self.line.down
        self.line.down = down and self.kept_by_the_worker  # the plain page comes from the server
        self.open()
        self.line.down = down

    def second_tab(self) -> None:
        other = self.page
        self.open_here()
        other.close()

    def store_closed(self) -> None:
        self.page.evaluate("() => window.opened.forEach((one) => one.close())")

    def store_full(self) -> None:
        self.page.evaluate("() => { window.full = true; }")

    def store_has_room(self) -> None:
        self.page.evaluate("() => { window.full = false; }")

    def other_account(self) -> None:
        self.account = next(name for name in COMMUNES if name != self.account)
        self.context.clear_cookies()
        self.sign_in()
        self.reload()

    def sign_in_ends(self) -> None:
        with self.staffed.database.writing() as session:
            session.exec(delete(SignIn).where(SignIn.account_id == self.numbers[self.account]))
        self.try_now()

    def sign_in_again(self) -> None:
        self.sign_in()
        self.page.evaluate("() => dispatchEvent(new Event('online'))")

    def clock_wrong(self) -> None:
        self.page.evaluate("(off) => localStorage.setItem('off', off)", self.random.choice((-1, 1)) * 366 * 86400000)

    def backup_taken(self) -> None:
        self._copy(self.staffed.database.engine.url.database, self.backup)

    def backup_restored(self) -> None:
        if not self.backup.exists():
            return
        self._copy(self.backup, self.staffed.database.engine.url.database)
        self.sign_in()
        self.reload()

    def _copy(self, source: object, target: object) -> None:
        with closing(sqlite3.connect(source, timeout=30)) as one, closing(sqlite3.connect(target, timeout=30)) as other:
            one.backup(other)

    def server_killed(self) -> None:
        """In the middle of what it is being sent, or just before or after it."""
        if self.staffed.server.process.poll() is None:
            self.try_now()
            self.page.wait_for_timeout(self.random.randrange(80))  # how far it comes is left to chance
            self.staffed.server.kill()

    def server_back(self) -> None:
        if self.staffed.server.process.poll() is not None:
            self.staffed.server.start()

    # --- what must hold
    def waiting(self) -> set[str]:
        return set(self.page.evaluate(ON_TABLET)["records"])

    def on_server(self) -> dict[str, tuple[str, str]]:
        with self.staffed.database.reading() as session:
            found = session.exec(
                select(FieldRecord).where(FieldRecord.id.in_([uuid.UUID(record) for record in self.pressed]))
            )
            return {str(record.id): (record.status, record.answers.get("place")) for record in found}

    def look(self) -> None:
        """Every record that the tablet said it keeps is somewhere."""
        tablet = self.page.evaluate(ON_TABLET)
        server = {record for record, (status, _place) in self.on_server().items() if status != "draft"}
        lost = self.pressed.keys() - set(tablet["records"]) - set(tablet["sent"]) - server
        assert not lost, self.told(f"lost: {lost}")

    def end(self) -> None:
        """The line is well, each account signs in once more: all of it arrives by itself."""
        self.line.faults.clear()
        self.line.down = False
        self.server_back()
        for _each in COMMUNES:
            self.other_account()
            # At least once: also what the server lacks after a restored backup has then been asked for.
            self.page.evaluate("() => window.soGiamSatOutbox.flush('by hand')")
            expect(self.page.get_by_text("mọi thứ đã được gửi"), self.told("something waits for ever")).to_be_visible(
                timeout=60_000
            )
        assert self.on_server() == {record: ("sent", one.place) for record, one in self.pressed.items()}, self.told(
            "not what was pressed last"
        )
        wanted = Counter({photo: 1 for one in self.pressed.values() for photo in one.photos})
        with self.staffed.database.reading() as session:
            rows = session.execute(
                select(Evidence.id, func.count())
                .where(Evidence.record_id.in_([uuid.UUID(record) for record in self.pressed]))
                .group_by(Evidence.id)
            ).all()
        found = Counter({str(photo): count for photo, count in rows})
        assert all(found[photo] == 1 for photo in wanted), self.told("a photo is lost")

    def told(self, what: str) -> str:
        return f"life {self.seed}: {what}; steps: {', '.join(self.steps)}"


HAPPENS = {
    Life.press: 8,
    Life.faults: 4,
    Life.line_down: 1,
    Life.line_up: 2,
    Life.try_now: 2,
    Life.reload: 2,
    Life.second_tab: 1,
    Life.store_closed: 1,
    Life.store_full: 1,
    Life.store_has_room: 1,
    Life.other_account: 1,
    Life.sign_in_ends: 1,
    Life.sign_in_again: 1,
    Life.clock_wrong: 1,
    Life.backup_taken: 1,
    Life.backup_restored: 1,
    Life.server_killed: 1,
    Life.server_back: 2,
}


def live(staffed: Staffed, line: Line, browser: Browser, folder: Path, seed: int, length: int = 12) -> int:
    """One life of `length` steps; gives how many records were pressed. Raises AssertionError with its steps."""
    line.faults.clear()
    line.down = False
    (folder / "yesterday.db").unlink(missing_ok=True)
    life = Life(staffed, line, browser, folder, seed)
    try:
        for step in life.random.choices(list(HAPPENS), weights=HAPPENS.values(), k=length):
            life.steps.append(step.__name__)
            step(life)
            life.look()
        life.end()
        return len(life.pressed)
    finally:
        life.context.close()
        life.server_back()
