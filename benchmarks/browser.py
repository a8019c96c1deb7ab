"""Measuring in a real browser: from a click to an idle page, and bytes over the wire."""

import statistics
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Locator, Page

# Resolves with the milliseconds from the click until the run that it started has ended and is painted.
CLICK_TO_IDLE = """
(target) => new Promise((resolve, reject) => {
  const app = document.querySelector('[data-testid="stApp"]');
  let ran = false, began = 0;
  const patience = setTimeout(() => { watch.disconnect(); reject(new Error("no rerun ended within 10 s")); }, 10000);
  const watch = new MutationObserver(() => {
    const state = app.dataset.testScriptState;
    if (state !== "notRunning") { ran = true; return; }
    if (!ran) return;
    watch.disconnect();
    clearTimeout(patience);
    requestAnimationFrame(() => resolve(performance.now() - began));
  });
  watch.observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
  began = performance.now();
  target.click();
})
"""


def idle(page: Page) -> None:
    """Wait until the page's first run has ended."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=30_000)
    page.wait_for_load_state("networkidle")


def reruns(targets: Callable[[int], Locator], times: int = 15, warm: int = 3) -> float:
    """Median milliseconds of `times` reruns, each by a click on the element that `targets(n)` finds."""
    taken = [targets(n).evaluate(CLICK_TO_IDLE) for n in range(times + warm)]
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
