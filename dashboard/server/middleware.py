"""The front door of every request: who is it, may it pass, and how is it sent.

Nothing but the sign-in pages and the interface's own program files is given to
somebody who is not signed in; that holds for pages, the live connection, media and uploads.
"""

import zlib
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from dashboard.server.compression import Packed
from dashboard.server.database import database
from dashboard.server.live_connection import asked_again
from dashboard.server.routing import Open, first_segment, route_of
from data_model.accounts import sign_ins
from data_model.core import settings

COOKIE = "so_giam_sat"
# Of Streamlit's own addresses: what everybody may have, and what is no page of it.
STREAMLIT_OPEN = frozenset({"/_stcore/health", "/favicon.png"})
STREAMLIT_FILES = "/static/"
STREAMLIT_INNER = ("/media/", "/component/", STREAMLIT_FILES)
# Streamlit's way to an organisation's sign-in: open to everybody where the setting is on, shut where it is not.
SINGLE_SIGN_ON = ("/auth/", "/oauth2callback")
# Streamlit's own doors that nobody here uses stay shut, signed in or not.
SHUT = ("/_stcore/metrics", "/_stcore/agent", "/app/static")
# Streamlit's script would otherwise try its live connection below the page's own path first, with two errors in the console.
ROOT = "<script>window.__streamlit = { BACKEND_BASE_URL: location.origin };</script>"
# Streamlit leaves room for a menu of two lines above each page. `page-top`: a title with choices beside it, below it on a phone.
PAGE_STYLE = """<style>
.st-key-page { margin-top: -3.5rem; }
@media (max-width: 640px) {
  .st-key-page { margin-top: -1.5rem; }
  .st-key-page .st-key-page-top { display: grid; grid-template-columns: 100%; gap: 0.5rem; }
  .st-key-page .st-key-page-top > * { width: 100%; }
}
</style>"""
PAGE_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
}


class Door:
    """ASGI middleware around the whole app. `routes` are those of our own, which say themselves whom they answer."""

    def __init__(self, app: ASGIApp, routes: list[BaseRoute]):
        self.app, self.routes = app, routes
        # Below a route of ours nothing is a page, matched or not.
        self.own = {first_segment(route.path) for route in routes}
        self.packed = Packed(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = await self._refusal(scope)
        if refusal is not None:
            if scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 4401})
            else:
                await refusal(scope, receive, send)
            return
        path = scope["path"]
        if scope["type"] == "websocket":
            token = HTTPConnection(scope).cookies.get(COOKIE)
            await self.app(scope, asked_again(receive, partial(_signed_in, token)), send)
        elif path == "/_stcore/host-config":
            await _host_config(scope, receive, send)
        elif self._is_page(scope):
            await HTMLResponse(_index(), headers=PAGE_HEADERS | {"cache-control": "no-cache"})(scope, receive, send)
        elif path.startswith(("/static/", "/assets/")):
            await self.packed(scope, receive, send)
        else:
            await self.app(scope, receive, _with_headers(send))

    async def _refusal(self, scope: Scope) -> Response | None:
        path = scope["path"]
        joined = path.startswith(SINGLE_SIGN_ON)
        if path.startswith(SHUT) or joined and not settings.single_sign_on():
            return PlainTextResponse("Not found", 404)
        if path in STREAMLIT_OPEN or path.startswith(STREAMLIT_FILES) or joined or isinstance(route_of(self.routes, scope), Open):
            return None
        cookies = HTTPConnection(scope).cookies
        if await run_in_threadpool(_signed_in, cookies.get(COOKIE)):
            return None
        if scope["type"] == "http" and self._is_page(scope):
            if settings.single_sign_on() and USER_COOKIE_NAME in cookies:
                return RedirectResponse("/login/to-chuc/xong", 303)
            wanted = path + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
            return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
        return JSONResponse({"signed_out": True}, 401)

    def _is_page(self, scope: Scope) -> bool:
        path = scope["path"]
        # The live connection stands at the root; below a page's path it is no page either.
        if scope["method"] not in ("GET", "HEAD") or "/_stcore/" in path or "." in path.rsplit("/", 1)[-1]:
            return False
        return not path.startswith((*STREAMLIT_INNER, *SINGLE_SIGN_ON)) and first_segment(path) not in self.own


def _signed_in(token: str | None) -> bool:
    if not token:
        return False
    with database().reading() as session:
        return sign_ins.who_is(session, token) is not None


@cache
def page_version() -> str:
    """The version of the page's own scripts, by their content: a tablet says with each call which one it runs."""
    scripts = sorted(Path(__file__).parents[1].rglob("*.js"))
    return f"{zlib.crc32(b''.join(path.read_bytes() for path in scripts)):08x}"


@cache
def _index() -> str:
    """Streamlit's page, in Vietnamese and installable on a tablet's home screen."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    page = page.replace('<html lang="en">', '<html lang="vi">', 1).replace("<title>Streamlit</title>", "<title>Sổ giám sát</title>", 1)
    # Pages may be asked for below another path (/ghi): Streamlit's relative addresses need the root.
    page = page.replace("<head>", '<head><base href="/" /><link rel="manifest" href="/manifest.webmanifest" />' + ROOT, 1)
    scripts = "".join(f'<script src="/assets/{name}.js?v={page_version()}" defer></script>' for name in ("ui/history", "form/outbox"))
    scripts += '<script type="module" src="/assets/tablet/prepare.js"></script>'
    page = page.replace("</head>", f"{PAGE_STYLE}{scripts}</head>", 1)
    return page.replace("./favicon.png", "/assets/ui/icon.svg")


async def _host_config(scope: Scope, receive: Receive, send: Send) -> None:
    """As Streamlit answers, but without its English dialog over the page when the connection is lost."""
    await JSONResponse({
        "allowedOrigins": [], "useExternalAuthToken": False, "enableCustomParentMessages": False,
        "enforceDownloadInNewTab": False, "metricsUrl": "", "blockErrorDialogs": True, "resourceCrossOriginMode": None,
    }, headers={"cache-control": "no-cache"})(scope, receive, send)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            known = {name for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(
                (n.encode(), v.encode()) for n, v in PAGE_HEADERS.items() if n.encode() not in known
            )]
        await send(message)
    return sending
