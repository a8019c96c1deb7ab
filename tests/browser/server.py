"""A running app of its own data folder, for tests and benchmarks that drive it from outside."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass
class Server:
    """A started app: its address, its process, the log it writes, seconds from start to the first answer."""

    address: str
    process: subprocess.Popen
    log: Path
    seconds_to_start: float

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


def answers(address: str) -> bool:
    """Whether the app answers there now."""
    try:
        with urllib.request.urlopen(f"{address}/login", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextmanager
def running(data: Path, script: str = "dashboard/app.py", **environment: str):
    """The app serving `data`, until the block ends."""
    port = free_port()
    log = data / "server.log"
    data.mkdir(parents=True, exist_ok=True)
    known = {k: v for k, v in os.environ.items() if not k.startswith("SO_GIAM_SAT") and k != "DATABASE_URL"}
    with log.open("w") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), "--server.address", "127.0.0.1"],
            cwd=PROJECT, stdout=output, stderr=subprocess.STDOUT,
            env=known | {"SO_GIAM_SAT_DATA": str(data), "PYTHONUNBUFFERED": "1"} | environment,
        )
        started = None
        try:
            address = f"http://127.0.0.1:{port}"
            while not answers(address):
                if process.poll() is not None or time.perf_counter() - began > 60:
                    raise RuntimeError(f"the app did not start:\n{log.read_text()}")
                time.sleep(0.05)  # polls until the port answers; bounded above
            started = Server(address, process, log, time.perf_counter() - began)
            yield started
        finally:
            # A test may have killed it and started another at the same address.
            process = started.process if started else process
            process.terminate()
            process.wait(20)
