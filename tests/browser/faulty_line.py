"""A line between a browser and the app that fails as it is told: cut before, during or after the server's work, or
answering itself.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

HTML = b"<html><body>Error, or please sign in to the WiFi</body></html>"
CUT_BEFORE, CUT_DURING, ANSWER_LOST = "cut before", "cut during", "answer lost"
ANSWERS = {
    "500": b"500 Error",
    "502": b"502 Bad Gateway",
    "408": b"408 Timeout",
    "413": b"413 Too Large",
    "429": b"429 Too Many\r\nretry-after: 0",
    "portal": b"200 OK",
}
FAULTS = (CUT_BEFORE, CUT_DURING, ANSWER_LOST, *ANSWERS)
WRITES = ("/luu-ban-ghi/", "/minh-chung/")


@dataclass
class Line:
    """Its address, and the faults that the next writing calls meet, first to last; `down` cuts every call."""

    address: str
    upstream: tuple[str, int]
    faults: list[str] = field(default_factory=list)
    down: bool = False
    met: Counter = field(default_factory=Counter)
    calls: set[asyncio.Task] = field(default_factory=set)
    """Those under way: the loop itself would forget them."""

    def fault_of(self, method: bytes, path: str) -> str | None:
        if self.down:
            return CUT_BEFORE
        if method in (b"POST", b"PUT") and path.startswith(WRITES) and self.faults:
            fault = self.faults.pop(0)
            self.met[fault] += 1
            return fault
        return None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.current_task()
        self.calls.add(call)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            method, path, _version = head.split(b"\r\n", 1)[0].split(b" ")
            length = next(
                (int(row[15:]) for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:")), 0
            )
            body = await reader.readexactly(length)
            fault = self.fault_of(method, path.decode())
            if fault in ANSWERS:
                writer.write(
                    b"HTTP/1.1 "
                    + ANSWERS[fault]
                    + b"\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(HTML)
                    + HTML
                )
                await writer.drain()
            elif fault != CUT_BEFORE:
                await self._pass_on(head, body if fault != CUT_DURING else body[: length // 2], writer, fault)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError, OSError):
            pass  # the browser or the app has gone; that is what this is for
        finally:
            self.calls.discard(call)
            writer.close()

    async def _pass_on(self, head: bytes, body: bytes, writer: asyncio.StreamWriter, fault: str | None) -> None:
        upstream, out = await asyncio.open_connection(*self.upstream)
        kept = [row for row in head[:-4].split(b"\r\n") if not row.lower().startswith(b"connection:")]
        out.write(b"\r\n".join([*kept, b"connection: close"]) + b"\r\n\r\n" + body)
        await out.drain()
        if fault != CUT_DURING:
            while chunk := await upstream.read(65536):
                if fault != ANSWER_LOST:
                    writer.write(chunk)
                    await writer.drain()
        out.close()


@contextmanager
def line_to(address: str, port: int) -> Iterator[Line]:
    """A line to the app at `address`, served at `port` from a thread of its own until the block ends."""
    target = urlsplit(address)
    line = Line(f"http://127.0.0.1:{port}", (target.hostname, target.port))
    loop = asyncio.new_event_loop()
    started = threading.Event()

    async def main(stop: asyncio.Event) -> None:
        async with await asyncio.start_server(line.serve, "127.0.0.1", port, limit=2**20):
            started.set()
            await stop.wait()
            open_calls = asyncio.all_tasks() - {asyncio.current_task()}
            for call in open_calls:
                call.cancel()
            await asyncio.gather(*open_calls, return_exceptions=True)

    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(main(stop),), daemon=True)
    thread.start()
    assert started.wait(10)
    yield line
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
