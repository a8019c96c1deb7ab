"""The plain pages before Streamlit: how they look, and the proof that a posted form was one of ours."""

import secrets
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dashboard.i18n.words import LANGUAGES, _, speak
from dashboard.server.addresses import SIGN_IN
from dashboard.server.headers import PAGE_HEADERS, PLAIN, POLICY
from dashboard.server.middleware import LANGUAGE_COOKIE
from dashboard.server.page_scripts import outbox_script
from dashboard.server.visitor import is_https
from data_model.core.unavailable import RETRY_AFTER_SECONDS

FORM_COOKIE = "so_giam_sat_form"
PAGE = Template(Path(__file__).with_name("plain.html").read_text(encoding="utf-8"))
HEADERS = PAGE_HEADERS | {
    POLICY: PLAIN,
    "cache-control": "no-store",
}


def listen(request: Request) -> str:
    """Use the language that the address or the cookie asks for."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE) or "vi"
    speak(asked)
    return "en" if asked == "en" else "vi"


def page(request: Request, title: str, body: str, status: int = 200) -> Response:
    """A plain page. Its form carries a token that only this browser's cookie matches."""
    language = listen(request)
    token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    switch = " · ".join(
        f"<strong>{name}</strong>"
        if code == language
        else f'<a href="{escape("?" + urlencode({**request.query_params, "lang": code}))}" lang="{code}">{name}</a>'
        for code, name in LANGUAGES.items()
    )
    written = PAGE.substitute(
        language=language,
        outbox=outbox_script(),
        title=escape(title),
        body=body.replace("@@token", escape(token)),
        switch=switch,
        subtitle=escape(_("The book of record of field supervision")),
    )
    again = {"retry-after": str(RETRY_AFTER_SECONDS)} if status == 503 else {}
    response = HTMLResponse(written, status, headers=HEADERS | again)
    secure = is_https(request)
    response.set_cookie(FORM_COOKIE, token, httponly=True, samesite="strict", secure=secure)
    response.set_cookie(LANGUAGE_COOKIE, language, samesite="lax", secure=secure, max_age=31_536_000)
    return response


async def posted(request: Request) -> dict[str, str] | None:
    """The posted fields, or None when the form was not ours."""
    fields = {k: v for k, v in (await request.form(max_files=0, max_fields=20)).items() if isinstance(v, str)}
    cookie = request.cookies.get(FORM_COOKIE, "")
    same_site = request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    ours = secrets.compare_digest(cookie.encode(), fields.get("token", "").encode())
    return fields if same_site and cookie and ours else None


def field(name: str, label: str, kind: str = "text", value: str = "", wrong: str = "", complete: str = "off") -> str:
    """One labelled input, with what is wrong with it below."""
    says = f'<p class="wrong" id="{name}-wrong">{escape(wrong)}</p>' if wrong else ""
    described = f' aria-invalid="true" aria-describedby="{name}-wrong"' if wrong else ""
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" value="{escape(value)}" autocomplete="{complete}"'
        f' autocapitalize="none" spellcheck="false" required{described}>{says}'
    )


def form(fields: str, button: str) -> str:
    """A form of ours around `fields`."""
    return (
        f'<form method="post"><input type="hidden" name="token" value="@@token">{fields}'
        f'<button type="submit">{escape(button)}</button></form>'
    )


def notice(text: str) -> str:
    """What went wrong, read out at once; nothing for no text."""
    return f'<p class="notice" role="alert">{escape(text)}</p>' if text else ""


def way_back() -> str:
    """A link to the sign-in page."""
    return f'<p><a href="{SIGN_IN}">{escape(_("To the sign-in page"))}</a></p>'
