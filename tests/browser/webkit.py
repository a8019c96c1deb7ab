"""WebKit, the engine of an iPad's browser, driven over its own WebDriver: Debian's webkit2gtk-driver and xvfb.

`make webkit` brings both and runs `webkit_tablet.py`; `make test` does not, for not every machine can have them. There
is no network to switch off here: a line of ours (`faulty_line`) that is cut stands for it. The window is a private one:
its store keeps no files, only their bytes.
"""

import base64
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from typing import Any

import httpx

from tests.browser.server import free_port

PACKAGES = ("webkit2gtk-driver", "xvfb")
BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"
SETTINGS = {
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # a container's root may make no sandbox
    "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
    "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
    "LIBGL_ALWAYS_SOFTWARE": "1",
}
CALL = """const done = arguments[arguments.length - 1];
(async (...given) => { %s })(...[...arguments].slice(0, -1))
  .then((found) => done({ found: found ?? null }), (fault) => done({ fault: String(fault) }));"""


class WebKit:
    """One window of a browser that keeps nothing from before."""

    def __init__(self, driver: str):
        self._calls = httpx.Client(base_url=driver, timeout=60)
        options = {"binary": glob(BROWSERS)[0], "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self._session = f"/session/{self._told('POST', '/session', wanted)['sessionId']}"

    def _told(self, method: str, path: str, body: dict | None = None) -> Any:
        answer = self._calls.request(method, path, json=body)
        told = answer.json()["value"]
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {told}")
        return told

    def open(self, address: str) -> None:
        self._told("POST", f"{self._session}/url", {"url": address})

    def run(self, script: str, *given: object) -> Any:
        """What an async script in the page returns; `given` are its arguments. Raises RuntimeError for its fault."""
        body = {"script": CALL % script, "args": list(given)}
        told = self._told("POST", f"{self._session}/execute/async", body)
        if "fault" in told:
            raise RuntimeError(told["fault"])
        return told["found"]

    def choose_files(self, script: str, *files: Path) -> None:
        """As a person does, in the input of files that `script` returns."""
        found = self._told("POST", f"{self._session}/execute/sync", {"script": script, "args": []})
        [number] = found.values()
        paths = {"text": "\n".join(map(str, files))}
        self._told("POST", f"{self._session}/element/{number}/value", paths)

    def until(self, script: str, *given: object, seconds: float = 30) -> Any:
        """Wait until `script` gives something true; gives it. Raises AssertionError when it does not in time."""
        return eventually(lambda: self._now(script, *given), script, seconds)

    def _now(self, script: str, *given: object) -> Any:
        try:
            return self.run(script, *given)
        except RuntimeError:  # the page was left for another one, which is asked next
            return None

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._told("GET", f"{self._session}/screenshot")))

    def close(self) -> None:
        self._told("DELETE", self._session)
        self._calls.close()


def eventually(ask: Callable[[], Any], what: str, seconds: float = 30) -> Any:
    """The first true answer. Raises AssertionError when there is none in time."""
    last = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < last, f"still not: {what}"
        time.sleep(0.1)  # polls; bounded above
    return found


@contextmanager
def driver() -> Iterator[str]:
    """Address of a running WebKitWebDriver. Raises RuntimeError, with what is missing, where there is none."""
    program = shutil.which("WebKitWebDriver")
    if not program or not glob(BROWSERS) or not os.environ.get("DISPLAY"):
        raise RuntimeError(f"WebKit needs {' and '.join(PACKAGES)} of Debian, and a display: run `make webkit`")
    port = free_port()
    process = subprocess.Popen([program, f"--port={port}"], env=os.environ | SETTINGS, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: _answers(address), "WebKitWebDriver answers")
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/status").is_success
    except httpx.HTTPError:
        return False
