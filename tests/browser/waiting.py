"""Waiting for what a page's own script can tell. Playwright's `wait_for_function` evaluates text in the page, which its policy forbids."""

import time

from playwright.sync_api import Frame, Page


def until(where: Page | Frame, script: str, arg: object = None, seconds: float = 30) -> None:
    """Wait until `script` gives something true there. Raises AssertionError when it does not in time."""
    last = time.monotonic() + seconds
    while not where.evaluate(script, arg):
        assert time.monotonic() < last, f"still not: {script}"
        where.wait_for_timeout(50)  # polls; bounded above
