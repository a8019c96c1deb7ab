"""What stands around every request: who is it, may it pass, and how is it sent.

Nothing but the sign-in pages and the interface's own program files is given to
somebody who is not signed in; that holds for pages, the live connection, media and uploads.
"""

import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from dashboard.i18n.words import _, speak
from dashboard.server import limits
from dashboard.server.addresses import HEALTH, ORGANISATION_DONE, SIGN_IN
from dashboard.server.compression import Packed
from dashboard.server.database import database
from dashboard.server.headers import NOTHING, PAGE_HEADERS, POLICY, app_policy, component_policy, digests_of_scripts
from dashboard.server.live_connection import OwnSessions, asked_again, same_origin
from dashboard.server.page_scripts import outbox_script, script
from dashboard.server.routing import LargeRoute, Open, first_segment, route_of
from dashboard.server.unavailable import unavailable_call
from data_model.accounts import sign_ins
from data_model.core import settings
from data_model.core.access import Actor
from data_model.core.unavailable import RETRY_AFTER_SECONDS, Unavailable, reason

COOKIE = "so_giam_sat"
"""Holds the token of the sign-in."""
LANGUAGE_COOKIE = "so_giam_sat_language"
# Of Streamlit's own addresses: what everybody may have, and what is no page of it.
STREAMLIT_OPEN = frozenset({HEALTH, "/favicon.png"})
STREAMLIT_FILES = "/static/"
STREAMLIT_INNER = ("/media/", "/component/", STREAMLIT_FILES)
# Streamlit's way to an organisation's sign-in: open to everybody where the setting is on, shut where it is not.
SINGLE_SIGN_ON = ("/auth/", "/oauth2callback")
# Streamlit's own addresses that nobody here uses stay shut, signed in or not.
SHUT = ("/_stcore/metrics", "/_stcore/agent", "/app/static", "/_stcore/upload_file", "/media/")
# Streamlit leaves room for a menu of two lines above each page. `page-top`: a title with choices beside it, below it on
# a phone.
PAGE_STYLE = """<style>
.st-key-page { margin-top: -3.5rem; }
@media (max-width: 640px) {
  .st-key-page { margin-top: -1.5rem; }
  .st-key-page .st-key-page-top { display: grid; grid-template-columns: 100%; gap: 0.5rem; }
  .st-key-page .st-key-page-top > * { width: 100%; }
}
</style>"""


class AccessMiddleware:
    """ASGI middleware around the whole app.

    `routes` are those of our own, which say themselves whom they answer; `away_page` is what a person sees while the
    database is away.
    """

    def __init__(self, app: ASGIApp, routes: list[BaseRoute], away_page: Callable[[Request, Unavailable], Response]):
        self.app, self.routes = app, routes
        # Below a route of ours nothing is a page, matched or not.
        self.own = {first_segment(route.path) for route in routes}
        self.away_page = away_page
        self.packed = Packed(app, Path(streamlit.__file__).parent / "static")
        self.sessions = OwnSessions()
        self.uploads = limits.InTurn(limits.UPLOADS_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._live(scope, receive, send)
        elif scope["type"] == "http":
            await self._answered(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request, with an answer in our words also where the database is away or the body is not taken."""
        receive, sending = limits.closing_what_is_unread(scope, receive, send)
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await sending(message)

        try:
            await self._request(scope, receive, noting)
        except limits.NotTaken as no:
            if begun:
                raise
            await _not_taken(no.status)(scope, receive, noting)
        except (Unavailable, OSError) as why:
            say = why.say if isinstance(why, Unavailable) else reason(why)
            if begun or say is None:
                raise
            away = why if isinstance(why, Unavailable) else Unavailable(say)
            await self._away(scope, away)(scope, receive, noting)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, route = scope["path"], route_of(self.routes, scope)
        actor = None
        if path.startswith(SHUT) or not self._is_open(path, route):
            refusal, actor = await self._refusal(scope)
            if refusal is not None:
                await refusal(scope, receive, send)
                return
        most = limits.MOST_OF_A_STRANGER if actor is None else limits.MOST_OF_A_CALL
        async with AsyncExitStack() as turn:
            if actor is not None and isinstance(route, LargeRoute):
                most = route.most
                await turn.enter_async_context(self.uploads.turn(actor.id))
            receive = limits.bounded(scope, receive, most)
            if path == "/_stcore/host-config":
                await _host_config(scope, receive, send)
            elif self._is_page(scope):
                page, scripts = _index()
                headers = PAGE_HEADERS | {"cache-control": "no-cache", POLICY: app_policy(scope, scripts)}
                await HTMLResponse(page, headers=headers)(scope, receive, send)
            elif path.startswith(("/static/", "/assets/")):
                await self.packed(scope, receive, _with_headers(scope, send))
            else:
                await self.app(scope, receive, _with_headers(scope, send))

    async def _refusal(self, scope: Scope) -> tuple[Response | None, Actor | None]:
        """Why a request for what is not open to all goes no further, or who asks."""
        path = scope["path"]
        if path.startswith(SHUT) or path.startswith(SINGLE_SIGN_ON):
            return PlainTextResponse("Not found", 404), None
        cookies = HTTPConnection(scope).cookies
        actor = await run_in_threadpool(_who, cookies.get(COOKIE))
        if actor is not None:
            return None, actor
        if self._is_page(scope):
            if settings.single_sign_on() and USER_COOKIE_NAME in cookies:
                return RedirectResponse(ORGANISATION_DONE, 303), None
            wanted = path + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
            return RedirectResponse(f"{SIGN_IN}?next={quote(wanted, safe='')}", 303), None
        return JSONResponse({"signed_out": True}, 401), None

    def _is_open(self, path: str, route: BaseRoute | None) -> bool:
        if path.startswith(SINGLE_SIGN_ON):
            return bool(settings.single_sign_on())
        return path in STREAMLIT_OPEN or path.startswith(STREAMLIT_FILES) or isinstance(route, Open)

    def _is_page(self, scope: Scope) -> bool:
        path = scope["path"]
        # The live connection stands at the root; below a page's path it is no page either.
        if scope["method"] not in ("GET", "HEAD") or "/_stcore/" in path or "." in path.rsplit("/", 1)[-1]:
            return False
        return not path.startswith((*STREAMLIT_INNER, *SINGLE_SIGN_ON)) and first_segment(path) not in self.own

    def _away(self, scope: Scope, away: Unavailable) -> Response:
        """A page for a person, our JSON for a script."""
        logging.getLogger("so_giam_sat").warning("%s %r: %s", scope["method"], scope["path"], away.say.name)
        request = Request(scope)
        posts_a_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        if self._is_page(scope) or posts_a_form or "text/html" in request.headers.get("accept", ""):
            return self.away_page(request, away)
        speak(request.cookies.get(LANGUAGE_COOKIE, "vi"))
        return unavailable_call(away)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The live connection of a page: of this site's own pages, for who is signed in, to a session of their own."""
        connection = HTTPConnection(scope)
        token = connection.cookies.get(COOKIE)
        try:
            actor = await run_in_threadpool(_who, token) if same_origin(connection) else None
        except Unavailable:  # the browser asks again by itself
            actor = None
        if actor is None:
            await _hang_up(receive, send, 4401)
            return
        with self.sessions.one_more(actor.id) as room:
            if not room:
                await _hang_up(receive, send, 4429)
                return
            scope = self.sessions.own(scope, token)
            await self.app(scope, asked_again(receive, partial(_signed_in, token)), self.sessions.noting(send, token))


async def _hang_up(receive: Receive, send: Send, code: int) -> None:
    await receive()
    await send({"type": "websocket.close", "code": code})


def _who(token: str | None) -> Actor | None:
    if not token:
        return None
    with database().reading() as session:
        return sign_ins.who_is(session, token)


def _signed_in(token: str | None) -> bool:
    return _who(token) is not None


def _not_taken(status: int) -> Response:
    said = {
        408: _("The connection was too slow. Send it again."),
        413: _("This is larger than what is accepted here."),
        503: _("Much is being sent for you already. The rest follows when it has arrived."),
    }[status]
    return JSONResponse(
        {"problems": [{"where": "", "text": said}]},
        status,
        {"connection": "close", "retry-after": str(RETRY_AFTER_SECONDS)},
    )


@cache
def _index() -> tuple[str, list[str]]:
    """Streamlit's page, in Vietnamese and installable on a tablet's home screen; and its own scripts, as a policy names
    them.
    """
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    page = page.replace('<html lang="en">', '<html lang="vi">', 1).replace(
        "<title>Streamlit</title>", "<title>Sổ giám sát</title>", 1
    )
    # Pages may be asked for below another path (/ghi): Streamlit's relative addresses need the root.
    page = page.replace(
        "<head>",
        '<head><base href="/" /><link rel="manifest" href="/manifest.webmanifest" />'
        '<script src="/assets/ui/root.js"></script>',
        1,
    )
    scripts = script("ui/history") + outbox_script() + '<script type="module" src="/assets/tablet/prepare.js"></script>'
    page = page.replace("</head>", f"{PAGE_STYLE}{scripts}</head>", 1)
    return page.replace("./favicon.png", "/assets/ui/icon.svg"), digests_of_scripts(page)


async def _host_config(scope: Scope, receive: Receive, send: Send) -> None:
    """As Streamlit answers, but without its English dialog over the page when the connection is lost."""
    await JSONResponse(
        {
            "allowedOrigins": [],
            "useExternalAuthToken": False,
            "enableCustomParentMessages": False,
            "enforceDownloadInNewTab": False,
            "metricsUrl": "",
            "blockErrorDialogs": True,
            "resourceCrossOriginMode": None,
        },
        headers={"cache-control": "no-cache"},
    )(scope, receive, send)


def _with_headers(scope: Scope, send: Send) -> Send:
    """`send` with the headers of every answer, where it has not set them itself."""
    policy = component_policy() if scope["path"].startswith("/component/") else NOTHING

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in PAGE_HEADERS.items():
                headers.setdefault(name, value)
            # A script that works beside the page would take the policy of its own file for its own.
            if "javascript" not in Headers(raw=message["headers"]).get("content-type", ""):
                headers.setdefault(POLICY, policy)
        await send(message)

    return sending
