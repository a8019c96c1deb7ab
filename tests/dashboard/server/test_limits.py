"""Whatever a visitor fills is bounded: bodies in size and time, connections and uploads of an account, sessions
remembered.
"""

import asyncio
import time

import pytest
from starlette.requests import HTTPConnection
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.server import limits, live_connection
from dashboard.server.limits import AtOnce, InTurn, NotTaken, bounded
from dashboard.server.live_connection import OwnSessions, same_origin


def _scope(**headers: str) -> dict:
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": "POST", "path": "/", "headers": told, "scheme": "http", "query_string": b""}


def _read(scope: dict, parts: list[tuple[float, bytes, bool]], most: int = 1000) -> bytes | int:
    """The body that came, or the status for which it was not taken; each part comes after so many seconds."""

    async def reading():
        waiting = iter(parts)

        async def receive():
            after, body, more = next(waiting, (3600.0, b"", True))
            await asyncio.sleep(after)
            return {"type": "http.request", "body": body, "more_body": more}

        try:
            taking, whole = bounded(scope, receive, most), b""
            while True:
                message = await taking()
                whole += message["body"]
                if not message["more_body"]:
                    return whole
        except NotTaken as no:
            return no.status

    return asyncio.run(reading())


@pytest.mark.parametrize(
    ("scope", "parts", "outcome"),
    [
        (_scope(content_length="5"), [(0, b"name=", False)], b"name="),
        (_scope(), [(0, b"", False)], b""),
        (_scope(content_length="1001"), [], 413),
        (_scope(content_length="9" * 40), [], 413),
        (_scope(content_length="-1"), [], 413),
        (_scope(content_length="١"), [], 413),
        (_scope(transfer_encoding="chunked"), [(0, b"x" * 600, True)] * 2, 413),
        (_scope(content_length="1000"), [(0, b"x" * 1000, False)], b"x" * 1000),
    ],
)
def test_a_body_is_taken_up_to_its_bound(scope, parts, outcome):
    assert _read(scope, parts) == outcome


def test_a_body_that_comes_too_slowly_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(limits, "SILENCE_SECONDS", 0.2)
    monkeypatch.setattr(limits, "FREE_SECONDS", 0.5)
    for parts in ([], [(0, b"x", True)], [(0.05, b"x", True)] * 1000):
        began = time.monotonic()
        assert _read(_scope(content_length="900"), parts) == 408
        assert time.monotonic() - began < 1
    steady = [(0.05, b"x" * 100, True)] * 20 + [(0, b"", False)]
    assert _read(_scope(content_length="2000"), steady, 5000) == b"x" * 2000, "a slow line that goes on is waited for"


def test_an_account_has_so_many_connections_and_no_more():
    count = AtOnce(3)
    held = [count.one_more(1) for _ in range(3)]
    assert all(each.__enter__() for each in held)
    with count.one_more(1) as room, count.one_more(2) as others:
        assert (room, others) == (False, True)
    for each in held:
        each.__exit__(None, None, None)
    assert dict(count.under_way) == {}


def test_uploads_of_an_account_come_one_after_the_other_and_leave_nothing(monkeypatch):
    most = []

    async def all_of_them() -> InTurn:
        uploads, inside = InTurn(2), 0

        async def one(account: int) -> None:
            nonlocal inside
            async with uploads.turn(account):
                inside += account == 1
                most.append(inside)
                await asyncio.sleep(0.001)
                inside -= account == 1

        await asyncio.gather(*(one(1) for _ in range(40)), *(one(2) for _ in range(2)))
        async with uploads.turn(1), uploads.turn(1):
            monkeypatch.setattr(limits, "UPLOAD_WAITS_SECONDS", 0.05)
            with pytest.raises(NotTaken):
                async with uploads.turn(1):
                    pass
        return uploads

    assert asyncio.run(all_of_them()).lanes == {} and max(most) == 2


def _first_run(sessions: OwnSessions, token: str, session: str) -> None:
    told = ForwardMsg()
    told.new_session.initialize.session_id = session

    async def send(_message) -> None:
        """Nobody listens."""

    asyncio.run(sessions.noting(send, token)({"type": "websocket.send", "bytes": told.SerializeToString()}))


def _named(sessions: OwnSessions, token: str, header: str) -> str:
    scope = sessions.own({"headers": [(b"sec-websocket-protocol", header.encode())]}, token)
    return scope["headers"][0][1].decode()


def test_a_session_is_its_sign_ins_alone():
    sessions = OwnSessions()
    _first_run(sessions, "hers", "s1")
    assert _named(sessions, "hers", "streamlit, x, s1") == "streamlit, x, s1"
    for token, header in (
        ("his", "streamlit, x, s1"),
        ("his", "streamlit,x,s1,more"),
        ("hers", "streamlit, x, s2"),
        ("his", "streamlit, ,s1"),
    ):
        assert "s1" not in _named(sessions, token, header) and "s2" not in _named(sessions, token, header), header
    assert _named(sessions, "his", "streamlit") == "streamlit"


def test_so_many_sessions_are_remembered_and_no_more(monkeypatch):
    monkeypatch.setattr(live_connection, "MOST_REMEMBERED", 50)
    sessions = OwnSessions()
    for number in range(200):
        _first_run(sessions, "hers", f"s{number}")
    assert len(sessions._owner) == 50
    assert _named(sessions, "hers", "streamlit, x, s199").endswith("s199") and not _named(
        sessions, "hers", "streamlit, x, s0"
    ).endswith("s0")


@pytest.mark.parametrize(
    ("scheme", "host", "origin", "same"),
    [
        ("http", "so.vn:8501", "http://so.vn:8501", True),
        ("https", "so.vn", "https://so.vn", True),
        ("https", "so.vn", "https://so.vn:443", True),
        ("http", "so.vn", "https://so.vn", True),
        ("http", "[::1]:8501", "http://[::1]:8501", True),
        ("http", "SO.vn", "http://so.vn", True),
        ("https", "so.vn", "http://so.vn", False),
        ("http", "so.vn", "http://so.vn:8501", False),
        ("http", "so.vn:8501", "http://so.vn", False),
        ("http", "so.vn:8501", "http://so.vn:8501.evil.example", False),
        ("http", "so.vn:8501", "http://so.vn:8502", False),
        ("http", "so.vn", "http://so.vn.evil.example", False),
        ("http", "so.vn", "http://evilso.vn", False),
        ("http", "so.vn", "http://so.vn@evil.example", False),
        ("http", "so.vn", "null", False),
        ("http", "so.vn", "", False),
        ("http", "", "http://", False),
        ("http", "so.vn", "http://so.vn/", False),
        ("http", "so.vn", "http://so.vn\t", False),
        ("http", "evil.example@so.vn", "http://so.vn", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(scheme, host, origin, same):
    scope = {
        "type": "websocket",
        "scheme": "ws" if scheme == "http" else "wss",
        "path": "/",
        "query_string": b"",
        "headers": [(b"host", host.encode()), (b"origin", origin.encode())],
    }
    assert same_origin(HTTPConnection(scope)) is same
