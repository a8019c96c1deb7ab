"""Calls that our own scripts make from a page (photos, the form, the outbox): who calls, and how a no is said.

A call is believed only when it comes from a page of this site and its sign-in still holds.
"""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.i18n.words import _, problem, speak
from dashboard.server.addresses import row_number
from dashboard.server.database import database
from dashboard.server.middleware import COOKIE
from data_model.accounts import sign_ins
from data_model.core.access import Actor
from data_model.core.problems import Refused, Say, refuse

Call = Callable[[Request, Actor], Awaitable[Response]]
READS = ("GET", "HEAD")
PROOF = "x-so-giam-sat"
"""Header that a page's own script sends with every writing call: another site cannot, without our consent."""


def answering(call: Call) -> Callable[[Request], Awaitable[Response]]:
    """A route around `call`: 401 without a sign-in, 403 from a foreign page, 422 with what is wrong."""
    @wraps(call)
    async def route(request: Request) -> Response:
        actor = await run_in_threadpool(_caller, request.cookies.get(COOKIE))
        if actor is None:
            return JSONResponse({"problems": [{"where": "", "text": _("Sign in again; what you typed is kept.")}]}, 401)
        speak(actor.language)
        if request.method not in READS and not _from_our_page(request):
            return JSONResponse({"problems": [{"where": "", "text": _("This call did not come from our own page.")}]}, 403)
        try:
            return await call(request, actor)
        except Refused as refused:
            return refusal_answer(refused)
    return route


def refusal_answer(refused: Refused, status: int = 422) -> Response:
    """What is wrong, field by field, as every call of ours says it."""
    return JSONResponse({"problems": [{"where": p.where, "say": p.say.name, "text": problem(p)} for p in refused.problems]}, status)


def asked_id(request: Request, name: str) -> int:
    """The number of a row that the address gives under `name`; raises Refused (NOT_FOUND) for anything that numbers no row."""
    found = row_number(request.query_params.get(name))
    if found is None:
        raise refuse(Say.NOT_FOUND, name)
    return found


def _caller(token: str | None) -> Actor | None:
    with database().reading() as session:
        return sign_ins.who_is(session, token)


def _from_our_page(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site", "same-origin")
    return site in ("same-origin", "none") and request.headers.get(PROOF) == "1"
