"""A slow line between a browser and the app, of which every byte is counted: what a browser's own throttling does not
reach, a service worker's calls among it, passes here too.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.browser.server import free_port

AT_ONCE = 2_000
"""Bytes that pass in one go: a few packets."""


@dataclass
class SlowLine:
    """Its address, bytes a second each way (None: as fast as it goes), seconds of delay each way, and what passed."""

    address: str
    upstream: tuple[str, int]
    rate: float | None = None
    delay: float = 0.0
    down: int = 0
    up: int = 0
    _free_at: dict[str, float] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            back, out = await asyncio.open_connection(*self.upstream)
        except OSError:
            writer.close()
            return
        try:
            await asyncio.gather(self._pass("up", reader, out), self._pass("down", back, writer))
        except (ConnectionError, OSError, asyncio.CancelledError):
            pass  # one side has gone, or the line ends: so does the other
        finally:
            out.close()
            writer.close()

    async def _pass(self, way: str, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        arriving: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=64)

        async def arrive() -> None:
            while True:
                at, chunk = await arriving.get()
                await asyncio.sleep(max(0.0, at - loop.time()))
                if not chunk:
                    if target.can_write_eof():
                        target.write_eof()
                    return
                target.write(chunk)
                await target.drain()

        delivering = asyncio.create_task(arrive())
        while chunk := await source.read(AT_ONCE):
            setattr(self, way, getattr(self, way) + len(chunk))
            at = loop.time()
            if self.rate:  # one line for all connections: each chunk waits for those before it
                at = self._free_at[way] = max(at, self._free_at.get(way, 0.0)) + len(chunk) / self.rate
                await asyncio.sleep(max(0.0, at - loop.time()))
            await arriving.put((at + self.delay, chunk))
        await arriving.put((loop.time() + self.delay, b""))
        await delivering


@contextmanager
def slow_line(address: str, rate: float | None = None, delay: float = 0.0) -> Iterator[SlowLine]:
    """A line to the app at `address`, served from a thread of its own until the block ends."""
    target, port = urlsplit(address), free_port()
    line = SlowLine(f"http://127.0.0.1:{port}", (str(target.hostname), int(target.port or 80)), rate, delay)
    loop, started, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def main() -> None:
        async with await asyncio.start_server(line.serve, "127.0.0.1", port):
            started.set()
            await stop.wait()
            open_calls = asyncio.all_tasks() - {asyncio.current_task()}
            for call in open_calls:
                call.cancel()
            await asyncio.gather(*open_calls, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()
    if not started.wait(10):
        raise RuntimeError("the slow line did not begin")
    try:
        yield line
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
