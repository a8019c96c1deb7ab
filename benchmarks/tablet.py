"""The tablet's own page: how soon it opens without a network, how soon a form stands there, what its first preparation
costs on a bad line, and how many bytes a day takes.

`python -m benchmarks.tablet` measures these alone.
"""

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.outbox import Figures, signed_in, staffed_app
from benchmarks.slow_line import slow_line
from dashboard.server.addresses import MY_WORK, SIGN_IN, TABLET_PAGE
from tests.browser.conftest import PASSWORD, Staffed
from tests.browser.find_browser import FLAGS, find_browser
from tests.browser.the_form import PHO_MINH, stored
from tests.browser.waiting import until

NARROW, FAR = 400_000 / 8, 0.150
"""400 kbit/s each way; 300 ms there and back."""
DAY_OF_RECORDS = 20
SIZE = {"width": 800, "height": 1280}
# The worker is at work, keeps its files, and the state of the account and the ground of its communes are kept too.
PREPARED = """async (grounds) => {
  if (!navigator.serviceWorker?.controller) return false;
  const names = await caches.keys(), files = names.find((name) => !name.endsWith('grounds'));
  if (!files || !names.some((name) => name.endsWith('grounds'))) return false;
  if ((await (await caches.open(files)).keys()).length < 15) return false;
  return (await (await caches.open('so-giam-sat-grounds')).keys()).length >= grounds;
}"""
BARE = {
    "/": ("text/html", "<!doctype html><title>x</title><body></body><script src=/bare.js></script>"),
    "/bare.js": (
        "text/javascript",
        "navigator.serviceWorker.register('/worker.js');"
        "const head = document.createElement('h1'); head.textContent = 'bare'; document.body.append(head);"
        "const go = document.createElement('button'); go.textContent = 'form'; document.body.append(go);"
        "go.onclick = () => { const box = document.createElement('div'); for (let n = 0; n < 25; n += 1) {"
        " const label = document.createElement('label'); label.textContent = n;"
        " box.append(label, document.createElement('input')); }"
        " const end = document.createElement('button'); end.textContent = 'end'; box.append(end);"
        " document.body.replaceChildren(box); };",
    ),
    "/worker.js": (
        "text/javascript",
        "const kept = () => caches.open('x').then((cache) => cache.addAll(['/', '/bare.js']));"
        "self.addEventListener('install', (e) => e.waitUntil(kept()));"
        "self.addEventListener('activate', (e) => e.waitUntil(self.clients.claim()));"
        "self.addEventListener('fetch', (e) => e.respondWith(caches.match(e.request)));",
    ),
}
"""A page that does nothing but open from a worker, and draw 25 boxes at a press."""


# Milliseconds from a tap on an element to the painting after which what is asked for stands there, in a shadow or not.
TO_A_FORM = """(tapped, [host, inner]) => new Promise((done) => {
  const began = performance.now();
  const look = () => {
    const box = document.querySelector(host), found = (box?.shadowRoot ?? box)?.querySelector(inner);
    if (!found?.getBoundingClientRect().height) requestAnimationFrame(look);
    else requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  };
  tapped.click();
  look();
})"""


class _Bare(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, body = BARE.get(self.path, ("text/plain", ""))
        self.send_response(200)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_told: object) -> None:
        """Says nothing."""


@contextmanager
def bare_page(opened: Browser) -> Iterator[Page]:
    """The bare page, kept by its worker, without a network."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Bare)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = opened.new_context(viewport=SIZE)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    until(page, "() => Boolean(navigator.serviceWorker.controller)")
    context.set_offline(True)
    yield page
    context.close()
    server.shutdown()


def without_a_network(staffed: Staffed, opened: Browser) -> Figures:
    """Seconds to "my work" and milliseconds to a form, both in flight mode, each in turn with the bare page."""
    context, page = _prepared(staffed, opened, staffed.address)
    context.set_offline(True)
    work: list[list[float]] = [[], []]
    form: list[list[float]] = [[], []]
    with bare_page(opened) as bare:
        for _time in range(7):
            work[0].append(_seconds(lambda: page.goto(f"{staffed.address}/"), page, ".grid", "button"))
            work[1].append(_seconds(lambda: bare.goto(bare.url), bare, "h1", ""))
            cell = page.get_by_role("button", name="đối thoại").filter(has_text="Phổ Minh").first
            form[0].append(cell.evaluate(TO_A_FORM, [".form", ".foot .main"]))
            form[1].append(bare.get_by_role("button").evaluate(TO_A_FORM, ["div", "input"]))
    context.close()
    (opening, bare_opening), (tap, bare_tap) = (map(statistics.median, taken) for taken in (work, form))
    return {
        "tablet in flight mode: from its address to “Việc của tôi”": (opening, "s", bare_opening, 1),
        "tablet in flight mode: from a tap to the form": (tap, "ms", bare_tap, 300),
    }


def _seconds(act: Callable[[], object], page: Page, host: str, inner: str) -> float:
    """From before `act` until `inner` (or `host` itself) is drawn in the shadow of `host`."""
    began = time.perf_counter()
    act()
    page.locator(f"{host} {inner}".strip()).first.wait_for()
    return time.perf_counter() - began


def _prepared(staffed: Staffed, opened: Browser, address: str) -> tuple[BrowserContext, Page]:
    context = signed_in(staffed, opened, address)
    page = context.new_page()
    page.goto(f"{address}{TABLET_PAGE}")
    _until_prepared(page)
    return context, page


def _until_prepared(page: Page) -> None:
    until(page, PREPARED, 3, seconds=180)


def first_preparation(staffed: Staffed, opened: Browser) -> Figures:
    """Seconds from the sign-in page to a tablet that needs no network any more, over a narrow and distant line.

    The floor is the time that the same bytes take on that line when nothing waits for anything.
    """
    found: Figures = {}
    for name, where, most in (("the tablet's page", TABLET_PAGE, 30), ("the whole app", f"/{MY_WORK}", None)):
        with slow_line(staffed.address, NARROW, FAR) as line:
            context = opened.new_context(viewport=SIZE)
            page = context.new_page()
            began = time.perf_counter()
            page.goto(f"{line.address}{SIGN_IN}?next={where}")
            page.fill("#name", "giamsat1")
            page.fill("#password", PASSWORD)
            page.click("button[type=submit]", no_wait_after=True)
            page.wait_for_url(f"**{where}**", wait_until="commit", timeout=120_000)
            _until_prepared(page)
            seconds, floor = time.perf_counter() - began, line.down / NARROW
            context.close()
        found[f"first preparation, 400 kbit/s and 300 ms, by {name}"] = (seconds, "s", floor, most)
        found[f"  its bytes, by {name}"] = (line.down / 1e3, "kB")
    return found


def a_day(staffed: Staffed, opened: Browser) -> Figures:
    """Kilobytes both ways of a prepared tablet's day: the page is opened, 20 records are written and sent one by one.

    The floor is what the records themselves say.
    """
    before = len(stored(staffed, PHO_MINH))
    with slow_line(staffed.address) as line:
        context, page = _prepared(staffed, opened, line.address)
        page.goto("about:blank")
        said: list[int] = []
        page.on("request", lambda asked: said.append(len(asked.post_data or "")) if asked.method == "POST" else None)
        passed = line.down + line.up
        page.goto(f"{line.address}{TABLET_PAGE}")
        for number in range(DAY_OF_RECORDS):
            page.get_by_role("button", name="đối thoại").filter(has_text="Phổ Minh").first.click()
            page.get_by_role("textbox", name="Tổng số người", exact=True).fill(str(50 + number))
            page.get_by_role("textbox", name="Địa điểm", exact=True).fill(f"Nhà văn hoá tổ {number}")
            page.get_by_role("button", name="Gửi", exact=True).click()
            page.get_by_role("heading", name="Việc của tôi").wait_for()
            page.wait_for_load_state("networkidle")
        last = time.monotonic() + 60
        while len(stored(staffed, PHO_MINH)) < before + DAY_OF_RECORDS:
            if time.monotonic() > last:
                raise TimeoutError("not all arrived")
            page.wait_for_timeout(100)  # polls the database; bounded above
        passed = line.down + line.up - passed
        context.close()
    return {
        f"a day of {DAY_OF_RECORDS} records on the tablet's page, both ways": (passed / 1e3, "kB", sum(said) / 1e3, 300)
    }


def figures(staffed: Staffed, opened: Browser) -> Figures:
    """All of it."""
    return without_a_network(staffed, opened) | first_preparation(staffed, opened) | a_day(staffed, opened)


def main() -> None:
    """These figures alone, on the screen."""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        with staffed_app(Path(temporary)) as staffed:
            for work, figure in figures(staffed, opened).items():
                sys.stdout.write(f"{work}: {figure}\n")
                sys.stdout.flush()
        opened.close()


if __name__ == "__main__":
    main()
