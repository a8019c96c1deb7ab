"""A running app of its own data folder, for tests and benchmarks that drive it from outside."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass
class Server:
    """An app of one address: its process, the log it writes, seconds from its last start to its first answer."""

    address: str
    log: Path
    begin: "Callable[[], subprocess.Popen | Forked]"
    process: "subprocess.Popen | Forked" = field(init=False)
    seconds_to_start: float = field(init=False)

    def start(self) -> None:
        """Start it, for the first time or after `kill`, with the data that are there. Raises RuntimeError where it does
        not answer.
        """
        began = time.perf_counter()
        self.process = self.begin()
        while not _answers(self.address):
            if self.process.poll() is not None or time.perf_counter() - began > 180:
                raise RuntimeError(f"the app did not start:\n{self.log.read_text()}")
            time.sleep(0.05)  # polls until the port answers; bounded above
        self.seconds_to_start = time.perf_counter() - began

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait(10)

    @property
    def first_link(self) -> str:
        """Address of the first administrator's one-time link, as the log printed it."""
        path = re.search(r"/link/\S+", self.log.read_text())
        assert path, "the start printed no link for the first administrator"
        return self.address + path.group()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(address: str) -> bool:
    """Whether the app there shows its sign-in page."""
    try:
        with urllib.request.urlopen(f"{address}/login", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


Start = Callable[[list[str], dict[str, str], Path], "subprocess.Popen | Forked"]


def start_anew(command: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen:
    """`streamlit run`, as `make run` starts the app."""
    with log.open("a") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "streamlit", *command],
            cwd=PROJECT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )


class Forked:
    """An app that `forking` forked, with the few calls of Popen that tests make."""

    def __init__(self, pid: int):
        self.pid = pid

    def _send(self, number: int) -> bool:
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return False
        return True

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def poll(self) -> int | None:
        """None while it runs."""
        return None if self._send(0) else 0

    def wait(self, timeout: float) -> int:
        end = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("the app", timeout)
            time.sleep(0.02)  # polls until it is gone; bounded above
        return 0


@cache
def _forking() -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.forking"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def start_forked(command: list[str], environment: dict[str, str], log: Path) -> Forked:
    """The same app, forked from a process that has imported everything already, which is most of a start's time."""
    forking = _forking()
    forking.stdin.write(json.dumps([command, environment, str(log)]) + "\n")
    forking.stdin.flush()
    pid = forking.stdout.readline()
    if not pid:
        raise RuntimeError("tests.browser.forking could not import the app; its own trace stands above")
    return Forked(int(pid))


@contextmanager
def running(
    data: Path, script: str = "dashboard/app.py", start: Start = start_anew, **environment: str
) -> Iterator[Server]:
    """The app serving `data`, until the block ends."""
    port = free_port()
    log = data / "server.log"
    data.mkdir(parents=True, exist_ok=True)
    command = ["run", script, "--server.port", str(port), "--server.address", "127.0.0.1"]
    known = {k: v for k, v in os.environ.items() if not k.startswith("SO_GIAM_SAT") and k != "DATABASE_URL"}
    settings = known | {"SO_GIAM_SAT_DATA": str(data), "PYTHONUNBUFFERED": "1"} | environment
    server = Server(f"http://127.0.0.1:{port}", log, lambda: start(command, settings, log))
    try:
        server.start()
        yield server
    finally:
        server.process.terminate()
        server.process.wait(20)
