"""Measuring in a real browser: from a click to an idle page, and bytes over the wire."""

import statistics
from collections.abc import Callable, Sequence
from functools import partial

from playwright.sync_api import Browser, BrowserContext, Locator, Page

# Notes when the server last spoke, over the live connection or to a call of the form, and when that was painted. The
# page's own word for "running" is of no use here: a fast run begins and ends between two paintings.
LISTEN = """
(() => {
  const Plain = window.WebSocket, plain = window.fetch;
  window.painted = 0;
  const note = () => {
    window.heard = performance.now();
    setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = performance.now(); })));
  };
  window.fetch = async (...asked) => {
    const answer = await plain(...asked);
    if (String(asked[0]).includes("/luu-ban-ghi/")) note();
    return answer;
  };
  window.WebSocket = class extends Plain {
    constructor(...asked) {
      super(...asked);
      this.addEventListener("message", note);
    }
  };
})()
"""

# Sets window.untilIdle: milliseconds from the next click or key to the painting after the server's last word, or, where
# the browser answers alone, to the painting after it; idle is 250 ms of silence.
WATCH = """
(alone) => {
  window.untilIdle = new Promise((resolve, reject) => {
    let began = 0;
    const begin = () => {
      if (began) return;
      began = performance.now();
      if (alone) setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => {
        window.heard = began + 0.001;
        window.painted = performance.now();
      })));
    };
    for (const act of ["pointerup", "keydown"]) document.addEventListener(act, begin, { capture: true, once: true });
    const opened = performance.now();
    const look = setInterval(() => {
      const now = performance.now();
      if (began && window.heard > began && window.painted > window.heard && now - window.painted > 250) {
        clearInterval(look);
        resolve(window.painted - began);
      } else if (now - opened > 10000) {
        clearInterval(look);
        reject(new Error("the server did not answer the click within 10 s"));
      }
    }, 20);
  });
}
"""


Act = tuple[Page, Callable[[], object]]
"""What is done to a page."""


def tablet(browser: Browser) -> BrowserContext:
    """An empty browser at a tablet's size that notes what the server says."""
    context = browser.new_context(viewport={"width": 800, "height": 1280}, locale="vi-VN")
    context.add_init_script(LISTEN)
    return context


def idle(page: Page) -> None:
    """Wait until the page's first run has ended."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=30_000)
    page.wait_for_load_state("networkidle")


def answers(acts: Sequence[Act], times: int = 15, warm: int = 3, alone: bool = False) -> list[float]:
    """Median milliseconds from each of `acts`, done in turn, to an idle page; `alone` where the browser answers by
    itself.

    What is to be compared is done in turn, so that a slower minute of the machine meets both.
    """
    taken: list[list[float]] = [[] for _ in acts]
    for _n in range(times + warm):
        for (page, act), found in zip(acts, taken, strict=True):
            page.bring_to_front()
            page.evaluate(WATCH, alone)
            act()
            found.append(page.evaluate("window.untilIdle"))
    return [statistics.median(found[warm:]) for found in taken]


def reruns(targets: Sequence[Locator], times: int = 15, alone: bool = False) -> list[float]:
    """`answers` to clicks on each of `targets` in turn."""
    return answers([(target.page, target.click) for target in targets], times, alone=alone)


def first_answers(target: Locator, address: str, times: int = 7) -> float:
    """Median milliseconds of a click on `target`, each time on a page that was just opened at `address`."""
    taken = []
    for _n in range(times):
        target.page.goto(address)
        idle(target.page)
        taken += answers([(target.page, target.click)], times=1, warm=0)
    return statistics.median(taken)


def whole_reruns(pages: Sequence[Page], times: int = 15) -> list[float]:
    """`answers` of each page to Streamlit's own key for running it again."""
    for page in pages:
        page.locator("body").evaluate("() => document.activeElement.blur()")
    return answers([(page, partial(page.keyboard.press, "r")) for page in pages], times)


def sign_in(context: BrowserContext, address: str, name: str, password: str, where: str = "/") -> Page:
    """A signed-in page, idle."""
    page = context.new_page()
    page.goto(f"{address}/login?next={where}")
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("button[type=submit]")
    idle(page)
    return page


def bytes_of_first_visit(browser: Browser, address: str, name: str, password: str) -> int:
    """Bytes that come over the wire from an empty browser's sign-in to "my work"."""
    context = browser.new_context(viewport={"width": 800, "height": 1280})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    received = []
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    wire.on("Network.webSocketFrameReceived", lambda event: received.append(len(event["response"]["payloadData"])))
    page.goto(f"{address}/login")
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.get_by_role("heading", name="Việc của tôi").wait_for(timeout=30_000)
    idle(page)
    context.close()
    return int(sum(received))
