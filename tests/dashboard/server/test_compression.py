"""Program files are packed once, and given whole, in part or not at all as each browser asks."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.server.compression import Packed

PROGRAM = b"const word = 'giam ngheo';\n" * 200
FOR_EVER = {"cache-control": "public, immutable, max-age=31536000"}


@pytest.fixture
def made() -> list[str]:
    """The paths that were read from the disk and packed, one entry each time."""
    return []


@pytest.fixture
def ask(made):
    def give(request: Request) -> Response:
        made.append(request.url.path)
        if request.url.path == "/gone.js":
            return Response(PROGRAM, 404, FOR_EVER)
        if "if-none-match" in request.headers:
            return Response(status_code=304)
        return Response(PROGRAM, 200, FOR_EVER if request.url.path == "/known.js" else {"cache-control": "no-cache"})

    app = Packed(Starlette(routes=[Route("/{name}", give, methods=["GET", "HEAD"])]))

    def asking(path: str, method: str = "GET", **headers: str) -> httpx.Response:
        async def once() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
                return await client.request(method, path, headers=headers)
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
