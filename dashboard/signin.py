"""Sign-in, sign-out and the one-time link: plain pages of our own, before Streamlit."""

import secrets
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard.door import COOKIE, PAGE_HEADERS
from dashboard.store import database
from dashboard.words import LANGUAGES, _, problem, refusal, speak
from data_model import accounts
from data_model.problems import Refused, Say

ASSETS = Path(__file__).parent / "assets"
FORM_COOKIE = "so_giam_sat_form"
PAGE = Template((ASSETS / "plain.html").read_text(encoding="utf-8"))
HEADERS = PAGE_HEADERS | {
    "content-security-policy": "default-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "cache-control": "no-store",
}


def _listen(request: Request) -> str:
    """Use the language that the address or the cookie asks for."""
    asked = request.query_params.get("lang") or request.cookies.get("so_giam_sat_language") or "vi"
    speak(asked)
    return "en" if asked == "en" else "vi"


def _page(request: Request, title: str, body: str, status: int = 200) -> Response:
    """A plain page. Its form carries a token that only this browser's cookie matches."""
    language = _listen(request)
    token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    switch = " · ".join(
        f"<strong>{name}</strong>" if code == language else f'<a href="?lang={code}" lang="{code}">{name}</a>'
        for code, name in LANGUAGES.items()
    )
    page = PAGE.substitute(
        language=language, title=escape(title), body=body.replace("@@token", token), switch=switch,
        subtitle=escape(_("The book of record of field supervision")),
    )
    response = HTMLResponse(page, status, headers=HEADERS)
    secure = _is_https(request)
    response.set_cookie(FORM_COOKIE, token, httponly=True, samesite="strict", secure=secure)
    response.set_cookie("so_giam_sat_language", language, samesite="lax", secure=secure, max_age=31_536_000)
    return response


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"


async def _posted(request: Request) -> dict[str, str] | None:
    """The posted fields, or None when the form was not ours."""
    fields = {k: v for k, v in (await request.form()).items() if isinstance(v, str)}
    cookie = request.cookies.get(FORM_COOKIE, "")
    same_site = request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    return fields if same_site and cookie and secrets.compare_digest(cookie, fields.get("token", "")) else None


def _field(name: str, label: str, kind: str = "text", value: str = "", wrong: str = "", complete: str = "off") -> str:
    says = f'<p class="wrong" id="{name}-wrong">{escape(wrong)}</p>' if wrong else ""
    described = f' aria-invalid="true" aria-describedby="{name}-wrong"' if wrong else ""
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" value="{escape(value)}" autocomplete="{complete}"'
        f' autocapitalize="none" spellcheck="false" required{described}>{says}'
    )


def _form(fields: str, button: str, hidden: str = "") -> str:
    return (
        f'<form method="post"><input type="hidden" name="token" value="@@token">{hidden}{fields}'
        f'<button type="submit">{escape(button)}</button></form>'
    )


def _notice(text: str) -> str:
    return f'<p class="notice" role="alert">{escape(text)}</p>' if text else ""


def _login_page(request: Request, name: str = "", notice: str = "", status: int = 200) -> Response:
    _listen(request)
    fields = _field("name", _("Sign-in name"), value=name, complete="username") + _field(
        "password", _("Password"), "password", complete="current-password"
    )
    help_text = f'<p class="help">{escape(_("No account or forgotten password? Ask your data officer for a one-time link."))}</p>'
    return _page(request, _("Sign in"), _notice(notice) + _form(fields, _("Sign in")) + help_text, status)


async def show_login(request: Request) -> Response:
    return _login_page(request)


def _safe_next(request: Request) -> str:
    """Where to go after sign-in: a path of this app, whatever the address asked for."""
    wanted = request.query_params.get("next", "/")
    parts = urlsplit(wanted)
    own = not parts.scheme and not parts.netloc and wanted.startswith("/") and not wanted.startswith(("//", "/\\", "/log"))
    return wanted if own else "/"


async def do_login(request: Request) -> Response:
    _listen(request)
    fields = await _posted(request)
    if fields is None:
        return _login_page(request, notice=_("The form had expired. Please try again."), status=403)
    name = fields.get("name", "")[:80]
    address = request.client.host if request.client else ""
    try:
        token = await run_in_threadpool(_sign_in, name, fields.get("password", ""), address)
    except Refused as slowed:
        return _login_page(request, name, refusal(slowed), 429)
    if token is None:
        return _login_page(request, name, _(Say.SIGN_IN_FAILED), 401)
    return _enter(request, token, _safe_next(request))


def _sign_in(name: str, password: str, address: str) -> str | None:
    with database().writing() as session:
        return accounts.sign_in(session, name, password, address)


def _enter(request: Request, token: str, where: str) -> Response:
    response = RedirectResponse(where, 303)
    response.set_cookie(
        COOKIE, token, max_age=int(accounts.SESSION_LASTS.total_seconds()), httponly=True, samesite="lax",
        secure=_is_https(request),
    )
    return response


async def show_logout(request: Request) -> Response:
    _listen(request)
    return _page(request, _("Sign out"), _form("", _("Sign out")))


async def do_logout(request: Request) -> Response:
    if await _posted(request) is None:
        return await show_logout(request)
    token = request.cookies.get(COOKIE)
    if token:
        await run_in_threadpool(_sign_out, token)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE)
    return response


def _sign_out(token: str) -> None:
    with database().writing() as session:
        accounts.sign_out(session, token)


def _link_page(request: Request, refused: Refused | None = None, typed: dict[str, str] | None = None) -> Response:
    """The page behind a one-time link: the first administrator names the account, others only set a password."""
    _listen(request)
    token, typed = request.path_params["token"], typed or {}
    wrong = {p.where: problem(p) for p in refused.problems} if refused else {}
    try:
        with database().reading() as session:
            _link, account = accounts.open_link(session, token)
            known = account.name if account else None
    except Refused as spent:
        back = f'<p><a href="/login">{escape(_("To the sign-in page"))}</a></p>'
        return _page(request, _("One-time link"), _notice(refusal(spent)) + back, 410)
    fields = "" if known else (
        _field("name", _("Sign-in name (letters without marks)"), value=typed.get("name", ""), wrong=wrong.get("name", ""), complete="username")
        + _field("display_name", _("Name shown to others"), value=typed.get("display_name", ""), wrong=wrong.get("display_name", ""))
    )
    fields += _field("password", _("New password"), "password", wrong=wrong.get("password", ""), complete="new-password")
    fields += _field("repeated", _("New password again"), "password", wrong=wrong.get("repeated", ""), complete="new-password")
    lead = _("Set the password of the account {name}.", name=known) if known else _(
        "Make the first administrator. This link works once; afterwards accounts are made inside the app.")
    body = f"<p>{escape(lead)}</p>" + _form(fields, _("Save and sign in"))
    return _page(request, _("One-time link"), body, 422 if refused else 200)


async def show_link(request: Request) -> Response:
    return await run_in_threadpool(_link_page, request)


async def do_link(request: Request) -> Response:
    _listen(request)
    fields = await _posted(request)
    if fields is None:
        return await run_in_threadpool(_link_page, request)
    address = request.client.host if request.client else ""
    try:
        token = await run_in_threadpool(_use_link, request.path_params["token"], fields, address)
    except Refused as refused:
        return await run_in_threadpool(_link_page, request, refused, fields)
    return _enter(request, token, "/")


def _use_link(token: str, fields: dict[str, str], address: str) -> str:
    password = fields.get("password", "")
    with database().writing() as session:
        account = accounts.use_link(session, token, password, fields.get("repeated", ""), fields.get("name", ""),
                                    fields.get("display_name", ""))
        session.flush()
        return accounts.sign_in(session, account.name, password, address)


async def manifest(request: Request) -> Response:
    return JSONResponse({
        "name": "Sổ giám sát", "short_name": "Sổ giám sát", "lang": "vi", "start_url": "/", "display": "standalone",
        "background_color": "#ffffff", "theme_color": "#0b5d7a",
        "icons": [{"src": "/assets/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }, media_type="application/manifest+json")


ROUTES = [
    Route("/login", show_login, methods=["GET"]),
    Route("/login", do_login, methods=["POST"]),
    Route("/logout", show_logout, methods=["GET"]),
    Route("/logout", do_logout, methods=["POST"]),
    Route("/link/{token}", show_link, methods=["GET"]),
    Route("/link/{token}", do_link, methods=["POST"]),
    Route("/manifest.webmanifest", manifest, methods=["GET"]),
    Mount("/assets", StaticFiles(directory=ASSETS), name="assets"),
]
