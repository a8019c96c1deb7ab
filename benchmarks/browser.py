"""Measuring in a real browser: from a click to an idle page, and bytes over the wire."""

import statistics
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Locator, Page

# Notes when the server last spoke over the live connection and when that was painted. The page's own
# word for "running" is of no use here: a fast run begins and ends between two paintings.
LISTEN = """
(() => {
  const Plain = window.WebSocket;
  window.painted = 0;
  window.WebSocket = class extends Plain {
    constructor(...asked) {
      super(...asked);
      this.addEventListener("message", () => {
        window.heard = performance.now();
        setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = performance.now(); })));
      });
    }
  };
})()
"""

# Sets window.untilIdle: milliseconds from the next click to the painting after the server's last word; idle is 250 ms of silence.
WATCH = """
() => {
  window.untilIdle = new Promise((resolve, reject) => {
    let began = 0;
    document.addEventListener("pointerup", () => { began = performance.now(); }, { capture: true, once: true });
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


def tablet(browser: Browser) -> BrowserContext:
    """An empty browser at a tablet's size that notes what the server says."""
    context = browser.new_context(viewport={"width": 800, "height": 1280}, locale="vi-VN")
    context.add_init_script(LISTEN)
    return context


def idle(page: Page) -> None:
    """Wait until the page's first run has ended."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=30_000)
    page.wait_for_load_state("networkidle")


def reruns(page: Page, targets: Callable[[int], Locator], times: int = 15, warm: int = 3) -> float:
    """Median milliseconds of `times` reruns, each by a click on the element that `targets(n)` finds."""
    taken = []
    for n in range(times + warm):
        page.evaluate(WATCH)
        targets(n).click()
        taken.append(page.evaluate("window.untilIdle"))
    return statistics.median(taken[warm:])


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
