"""Waiting for what a page's own script can tell. Playwright's `wait_for_function` evaluates text in the page, which its
policy forbids.
"""

import time

from playwright.sync_api import Error, Frame, Page


def until(where: Page | Frame, script: str, arg: object = None, seconds: float = 30) -> None:
    """Wait until `script` gives something true there. Raises AssertionError when it does not in time."""
    last = time.monotonic() + seconds
    while not _now(where, script, arg):
        assert time.monotonic() < last, f"still not: {script}"
        where.wait_for_timeout(50)  # polls; bounded above


def _now(where: Page | Frame, script: str, arg: object) -> object:
    try:
        return where.evaluate(script, arg)
    except Error as left:  # the page was left for another one, which is asked next
        if "context was destroyed" in str(left):
            return False
        raise
