"""Signing in and out by name and password: plain pages of our own, before Streamlit."""

from collections.abc import Callable
from functools import partial
from html import escape
from typing import TypeVar
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from dashboard.i18n.words import _, refusal
from dashboard.server.addresses import ONE_TIME_LINK, ORGANISATION, SIGN_IN, SIGN_OUT, TABLET_PAGE
from dashboard.server.database import database
from dashboard.server.middleware import COOKIE
from dashboard.server.routing import OpenRoute
from dashboard.server.visitor import address_of, device_of, is_https
from dashboard.sign_in.plain_page import field, form, listen, notice, page, posted
from data_model.accounts import sign_ins
from data_model.core import settings
from data_model.core.problems import Refused, Say
from data_model.core.unavailable import Unavailable

T = TypeVar("T")
_strangers = CapacityLimiter(4)

LEFT = "so_giam_sat_left"
"""Cookie that tells `assets/outbox.js` of a signing out; it deletes it then."""
SAID_FOR = 30 * 24 * 3600


def _login_page(request: Request, name: str = "", said: str = "", status: int = 200) -> Response:
    listen(request)
    fields = field("name", _("Sign-in name"), value=name, complete="username") + field(
        "password", _("Password"), "password", complete="current-password"
    )
    hint = _("No account or forgotten password? Ask your data officer for a one-time link.")
    help_text = f'<p class="help">{escape(hint)}</p>'
    return page(
        request, _("Sign in"), notice(said) + form(fields, _("Sign in")) + _organisations_way() + help_text, status
    )


def _organisations_way() -> str:
    name = settings.single_sign_on()
    return (
        f'<p><a class="way" href="{ORGANISATION}">{escape(_("Sign in with {name}", name=name))}</a></p>' if name else ""
    )


async def show_login(request: Request) -> Response:
    return _login_page(request)


def safe_way_on(wanted: str) -> str:
    """Where to go after sign-in: a path of this app, whatever the address asked for."""
    # Browsers read past control characters and take a backslash for a slash: "/\t/elsewhere" would leave.
    odd = "\\" in wanted or any(ord(c) <= 32 or ord(c) == 127 for c in wanted)
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    own = (
        not parts.scheme
        and not parts.netloc
        and wanted.startswith("/")
        and not wanted.startswith(("//", "/log", f"{ONE_TIME_LINK}/"))
    )
    return wanted if own and not odd else "/"


async def do_login(request: Request) -> Response:
    listen(request)
    fields = await posted(request)
    if fields is None:
        return _login_page(request, said=_("The form had expired. Please try again."), status=403)
    name = fields.get("name", "")[:80]
    try:
        token = await apart(
            sign_ins.sign_in,
            database(),
            name,
            fields.get("password", ""),
            address_of(request),
            device_of(request),
            request.cookies.get(COOKIE),
        )
    except Unavailable as away:
        return _login_page(request, name, refusal(away), 503)
    except Refused as slowed:
        return _login_page(request, name, refusal(slowed), 429)
    if token is None:
        return _login_page(request, name, _(Say.SIGN_IN_FAILED), 401)
    return enter(request, token, safe_way_on(request.query_params.get("next", "/")))


async def apart(work: Callable[..., T], *given: object) -> T:
    """`work` in a thread of its own few: strangers who try passwords take none from those who are signed in."""
    return await to_thread.run_sync(partial(work, *given), limiter=_strangers)


def enter(request: Request, token: str, where: str) -> Response:
    """On to `where`, with the session of `token` in this browser."""
    response = RedirectResponse(where, 303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(sign_ins.SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )
    return response


async def show_logout(request: Request) -> Response:
    listen(request)
    stay = f'<p><a href="/">{escape(_("Stay signed in"))}</a></p>'
    return page(request, _("Sign out"), form("", _("Sign out")) + stay)


async def do_logout(request: Request) -> Response:
    if await posted(request) is None:
        return await show_logout(request)
    token = request.cookies.get(COOKIE)
    if token:
        await run_in_threadpool(_sign_out, token)
    response = RedirectResponse(SIGN_IN, 303)
    response.delete_cookie(COOKIE)
    # The tablet's own pages, which open without us, forget who was signed in; what waits there stays.
    response.set_cookie(LEFT, "1", max_age=SAID_FOR, samesite="lax", secure=is_https(request))
    # Photos that were looked at stay with the one who could see them, not with the tablet. Browsers heed it under
    # https.
    response.headers["clear-site-data"] = '"cache"'
    return response


def _sign_out(token: str) -> None:
    with database().writing() as session:
        sign_ins.sign_out(session, token)


async def manifest(request: Request) -> Response:
    return JSONResponse(
        {
            "name": "Sổ giám sát",
            "short_name": "Sổ giám sát",
            "lang": "vi",
            "start_url": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0b5d7a",
            "shortcuts": [{"name": "Việc của tôi", "url": TABLET_PAGE}],
            "icons": [{"src": "/assets/ui/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
        },
        media_type="application/manifest+json",
    )


ROUTES = [
    OpenRoute(SIGN_IN, show_login, methods=["GET"]),
    OpenRoute(SIGN_IN, do_login, methods=["POST"]),
    OpenRoute(SIGN_OUT, show_logout, methods=["GET"]),
    OpenRoute(SIGN_OUT, do_logout, methods=["POST"]),
    OpenRoute("/manifest.webmanifest", manifest, methods=["GET"]),
]
