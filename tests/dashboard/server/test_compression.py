"""Program files are packed once, and given whole, in part or not at all as each browser asks."""

import asyncio
from urllib.parse import unquote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.server import compression as module
from dashboard.server.compression import Packed

PROGRAM = b"const word = 'giam ngheo';\n" * 200
FOR_EVER = {"cache-control": "public, immutable, max-age=31536000"}


@pytest.fixture
def made() -> list[str]:
    """The paths that were read from the disk and packed, one entry each time."""
    return []


@pytest.fixture
def packed(made, tmp_path) -> Packed:
    (tmp_path / "js").mkdir()
    for name in ("known.js", "gone.js", "changing.js", "js/other.js"):
        (tmp_path / name).write_bytes(PROGRAM)

    def give(request: Request) -> Response:
        made.append(request.url.path)
        if request.url.path == "/gone.js":
            return Response(PROGRAM, 404, FOR_EVER)
        if "if-none-match" in request.headers:
            return Response(status_code=304)
        return Response(PROGRAM, 200, {"cache-control": "no-cache"} if request.url.path == "/changing.js" else FOR_EVER)

    return Packed(Starlette(routes=[Route("/{name:path}", give, methods=["GET", "HEAD"])]), tmp_path)


@pytest.fixture
def ask(packed):
    def asking(path: str, method: str = "GET", **headers: str) -> httpx.Response:
        async def as_it_stands(scope, receive, send) -> None:  # a client would tidy the path up
            await packed(scope | {"path": unquote(path.partition("?")[0])}, receive, send)

        async def once() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(as_it_stands), base_url="http://here") as client:
                return await client.request(method, "/", headers=headers)

        return asyncio.run(once())

    return asking


def test_what_never_changes_is_packed_once(ask, made):
    first, second = ask("/known.js"), ask("/known.js")
    assert made == ["/known.js"]
    assert first.content == second.content == PROGRAM
    assert first.headers == second.headers
    assert second.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["/changing.js", "/gone.js"])
def test_what_may_change_or_is_not_there_is_asked_for_each_time(ask, made, path):
    assert ask(path).status_code == ask(path).status_code
    assert made == [path, path]


def test_a_browser_that_asks_otherwise_gets_what_it_asked_for(ask):
    ask("/known.js")
    assert ask("/known.js", **{"if-none-match": '"x"'}).status_code == 304
    assert ask("/known.js", "HEAD").content == b""
    plain = ask("/known.js", **{"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.content == PROGRAM


def test_however_an_address_is_written_a_file_is_kept_once(ask, packed):
    plain = ask("/js/other.js")
    ways = [
        "//js/other.js",
        "/js//other.js",
        "/./js/./other.js",
        "/js/../js/other.js",
        "/js/%6fther.js",
        *(f"/js/other.js?{n}" for n in range(50)),
        *("/" * n + "js/other.js" for n in range(2, 100)),
        "/js/x/../other.js",
    ]
    for way in ways:
        assert ask(way).status_code in (200, 404), way
    assert len(packed.kept) == 1 and packed.bytes == len(packed.kept[next(iter(packed.kept))][1]["body"])
    assert ask("/js//other.js").content == plain.content == PROGRAM


@pytest.mark.parametrize("path", ["/nothing.js", "/../etc/passwd", "/js", "/%00", "/" + "x" * 5000, "/js/OTHER.js"])
def test_what_is_no_file_of_ours_is_never_kept(ask, packed, path):
    ask(path)
    assert packed.kept == {}


def test_there_is_a_bound_to_what_is_kept(ask, packed, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    first, second = ask("/known.js"), ask("/js/other.js")
    assert first.content == second.content == PROGRAM and packed.bytes <= 100
