"""A connection whose request never becomes whole is ended.

uvicorn bounds the headers of a request in size (64 KB) and not in time, and Streamlit, which starts it, hands on no
setting of its own: whoever opens connections and sends a letter now and then would hold them all. So its connections
are given a clock here. Bodies have theirs in `limits`.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_SECONDS = 20.0
"""So long the headers of a request may take, from its first letter, or from the beginning of the connection."""


class Clock:
    """The clock of one connection: it runs while a request's headers are awaited."""

    def __init__(self, connection: H11Protocol):
        self.connection = connection
        self.running: asyncio.TimerHandle | None = None

    def start(self) -> None:
        if self.running is None:
            self.running = self.connection.loop.call_later(HEADERS_SECONDS, self._end)

    def stop(self) -> None:
        if self.running is not None:
            self.running.cancel()
            self.running = None

    def _end(self) -> None:
        self.running = None
        if not self.connection.transport.is_closing():
            self.connection.transport.close()


def end_slow_headers() -> None:
    """From now on each new connection has its clock. Done once a process; done again, it changes nothing."""
    if hasattr(H11Protocol, "clock"):
        return
    made, received, lost = H11Protocol.connection_made, H11Protocol.data_received, H11Protocol.connection_lost

    def connection_made(self: Any, transport: Any) -> None:
        made(self, transport)
        self.clock = Clock(self)
        self.clock.start()

    def data_received(self: Any, data: bytes) -> None:
        received(self, data)
        if self.conn.their_state is h11.IDLE:
            self.clock.start()
        else:
            self.clock.stop()

    def connection_lost(self: Any, error: Exception | None) -> None:
        self.clock.stop()
        lost(self, error)

    H11Protocol.clock = None
    H11Protocol.connection_made = connection_made
    H11Protocol.data_received = data_received
    H11Protocol.connection_lost = connection_lost
