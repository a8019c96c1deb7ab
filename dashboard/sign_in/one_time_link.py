"""The page behind a one-time link: set a password, and for the first of all make the administrator."""

from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.i18n.words import _, problem, refusal
from dashboard.server.addresses import ONE_TIME_LINK
from dashboard.server.database import database
from dashboard.server.middleware import COOKIE
from dashboard.server.routing import OpenRoute
from dashboard.server.visitor import address_of, device_of
from dashboard.sign_in.plain_page import field, form, listen, notice, page, posted, way_back
from dashboard.sign_in.routes import apart, enter
from data_model.accounts import one_time_links, sign_ins
from data_model.accounts.passwords import new_password
from data_model.core.problems import Refused
from data_model.core.unavailable import Unavailable


def _link_page(request: Request, refused: Refused | None = None, typed: dict[str, str] | None = None) -> Response:
    """The first administrator names the account, others only set a password."""
    listen(request)
    token, typed = request.path_params["token"], typed or {}
    wrong = {p.where: problem(p) for p in refused.problems} if refused else {}
    try:
        with database().reading() as session:
            _link, account = one_time_links.open_link(session, token)
            known = account.name if account else None
    except Unavailable:
        raise
    except Refused as spent:
        return page(request, _("One-time link"), notice(refusal(spent)) + way_back(), 410)
    fields = (
        ""
        if known
        else (
            field(
                "name",
                _("Sign-in name (letters without marks)"),
                value=typed.get("name", ""),
                wrong=wrong.get("name", ""),
                complete="username",
            )
            + field(
                "display_name",
                _("Name shown to others"),
                value=typed.get("display_name", ""),
                wrong=wrong.get("display_name", ""),
            )
        )
    )
    fields += field("password", _("New password"), "password", wrong=wrong.get("password", ""), complete="new-password")
    fields += field(
        "repeated", _("New password again"), "password", wrong=wrong.get("repeated", ""), complete="new-password"
    )
    lead = (
        _("Set the password of the account {name}.", name=known)
        if known
        else _("Make the first administrator. This link works once; afterwards accounts are made inside the app.")
    )
    body = notice(wrong.get("", "")) + f"<p>{escape(lead)}</p>" + form(fields, _("Save and sign in"))
    return page(request, _("One-time link"), body, 503 if isinstance(refused, Unavailable) else 422 if refused else 200)


async def show_link(request: Request) -> Response:
    return await run_in_threadpool(_link_page, request)


async def do_link(request: Request) -> Response:
    listen(request)
    fields = await posted(request)
    if fields is None:
        return await run_in_threadpool(_link_page, request)
    try:
        token = await apart(_use_link, request, fields)
    except Refused as refused:
        return await run_in_threadpool(_link_page, request, refused, fields)
    return enter(request, token, "/")


def _use_link(request: Request, fields: dict[str, str]) -> str:
    chosen = new_password(fields.get("password", ""), fields.get("repeated", ""))
    with database().writing() as session:
        account = one_time_links.use_link(
            session, request.path_params["token"], chosen, fields.get("name", ""), fields.get("display_name", "")
        )
        return sign_ins.begin(session, account, address_of(request), device_of(request), request.cookies.get(COOKIE))


ROUTES = [
    OpenRoute(ONE_TIME_LINK + "/{token}", show_link, methods=["GET"]),
    OpenRoute(ONE_TIME_LINK + "/{token}", do_link, methods=["POST"]),
]
