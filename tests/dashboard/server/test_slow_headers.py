"""Connections that send a letter now and then are ended, before their first request and before a later one; whole
requests, slow bodies and slow answers are not.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from dashboard.server import slow_headers

SECONDS = 0.4


async def app(scope, receive, send) -> None:
    """Reads the body, waits as long as it says, answers."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await asyncio.sleep(float(body or 0))
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def port(monkeypatch) -> Iterator[int]:
    """A server as Streamlit starts it, with its connections watched."""
    for name in ("connection_made", "data_received", "connection_lost"):
        monkeypatch.setattr(H11Protocol, name, getattr(H11Protocol, name))  # given back afterwards
    if hasattr(H11Protocol, "clock"):
        monkeypatch.delattr(H11Protocol, "clock")
    monkeypatch.setattr(slow_headers, "HEADERS_SECONDS", SECONDS)
    slow_headers.end_slow_headers()
    slow_headers.end_slow_headers()
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, http="h11", timeout_keep_alive=30))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(20)
    if hasattr(H11Protocol, "clock"):
        monkeypatch.delattr(H11Protocol, "clock")


def _ended(link: socket.socket, letters: bytes, every: float) -> float | None:
    """After how many seconds the other side ended it, while `letters` were sent one by one; None where it did not."""
    began = time.monotonic()
    link.settimeout(every)
    for place in range(len(letters)):
        try:
            link.sendall(letters[place : place + 1])
            if not link.recv(4096):
                return time.monotonic() - began
        except TimeoutError:
            continue
        except ConnectionError:
            return time.monotonic() - began
    return None


def _answer(link: socket.socket) -> bytes:
    link.settimeout(20)
    came = b""
    while not came.endswith(b"\r\n\r\nok"):
        piece = link.recv(1000)
        assert piece, came
        came += piece
    return came


@pytest.mark.parametrize(
    "letters",
    [b"G" * 60, b"GET / HTTP/1.1\r\nhost: a\r\n" + b"x-a: b\r\n" * 20, b"\r\n" * 40],
    ids=["a method", "headers", "empty lines"],
)
def test_headers_that_trickle_in_are_waited_for_only_so_long(port, letters):
    with socket.create_connection(("127.0.0.1", port)) as link:
        assert _ended(link, letters, 0.05) is not None


def test_a_connection_that_says_nothing_is_ended(port):
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.settimeout(SECONDS + 10)
        assert link.recv(1) == b""


def test_whole_requests_slow_bodies_and_slow_answers_are_not(port):
    with socket.create_connection(("127.0.0.1", port)) as link:
        for body, pause in ((b"", 0), (b"0", 0), (b"0.8", 0), (b"0", 0.8)):
            link.sendall(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: %d\r\n\r\n" % len(body))
            time.sleep(pause)  # the body comes later than headers may
            link.sendall(body)
            assert _answer(link).startswith(b"HTTP/1.1 200")
        assert _ended(link, b"GET / HTTP/1.1\r\nx: " + b"y" * 60, 0.05) is not None, "a later request that trickles in"
