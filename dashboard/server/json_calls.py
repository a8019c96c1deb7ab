"""Calls that our own scripts make from a page (photos, the form, the outbox): who calls, and how a no is said.

A call is believed only when it comes from a page of this site and its sign-in still holds. Every answer is JSON of
ours, so that a tablet can tell it from what a portal, a proxy or an error page says in our place.
"""

import json
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.i18n.words import _, problem, speak
from dashboard.server.addresses import row_number
from dashboard.server.database import database
from dashboard.server.middleware import COOKIE
from dashboard.server.unavailable import unavailable_call
from dashboard.server.visitor import device_of
from data_model.accounts import sign_ins, tablets
from data_model.accounts.tablets import Report
from data_model.core.access import Actor
from data_model.core.problems import Refused, Say, refuse
from data_model.core.unavailable import Unavailable

Call = Callable[[Request, Actor], Awaitable[Response]]
READS = ("GET", "HEAD")
PROOF = "x-so-giam-sat"
"""Header that a page's own script sends with every writing call: another site cannot, without our consent."""
ACCOUNT = "x-account"
"""Header with the number of the account for which a page of ours speaks."""
TABLET = "x-tablet"
"""Header in which a tablet says of itself: its number, the version of its page, how many records wait, for how many
seconds.
"""
NOTED_EVERY = 60
"""Seconds in which the same report of a tablet is not written again."""
_noted: dict[tuple[uuid.UUID, int], tuple[float, tuple]] = {}
MOST_NOTED = 10_000


def answering(call: Call) -> Callable[[Request], Awaitable[Response]]:
    """A route around `call`: 401 without a sign-in, 403 from a foreign page, 422 with what is wrong, 503 while the
    database is away.
    """

    @wraps(call)
    async def route(request: Request) -> Response:
        actor = await run_in_threadpool(_caller, request.cookies.get(COOKIE))
        # Who wrote it sends it: a browser in which somebody else has signed in meanwhile keeps it for its author.
        if actor is None or request.headers.get(ACCOUNT, str(actor.id)) != str(actor.id):
            return JSONResponse(signed_out(), 401)
        speak(actor.language)
        await run_in_threadpool(note_tablet, request, actor)
        if request.method not in READS and not _from_our_page(request):
            return JSONResponse(
                {"problems": [{"where": "", "text": _("This call did not come from our own page.")}]}, 403
            )
        try:
            return await call(request, actor)
        except Refused as refused:
            return refusal_answer(refused)

    return route


def signed_out() -> dict:
    """What a tablet is told whose sign-in has ended: its records wait."""
    return {"signed_out": True, "problems": [{"where": "", "text": _("Sign in again; what you typed is kept.")}]}


def note_tablet(request: Request, actor: Actor) -> None:
    """Keep what the tablet says of itself; a call without it, or with something else there, is answered all the
    same.
    """
    report = _report(request)
    if report is None:
        return
    told, now, key = (report.page_version, report.waiting), time.monotonic(), (report.tablet_id, actor.id)
    last = _noted.get(key)
    if last is not None and last[1] == told and now - last[0] < NOTED_EVERY:
        return
    if len(_noted) >= MOST_NOTED:
        _noted.clear()
    _noted[key] = now, told
    with database().writing() as session:
        tablets.heard(session, actor, report)


def _report(request: Request) -> Report | None:
    try:
        number, version, waiting, seconds = request.headers.get(TABLET, "").split(" ")
        waits = timedelta(seconds=min(int(seconds), 10**9)) if seconds != "-" else None
        return Report(uuid.UUID(number), version, min(int(waiting), 10**6), waits, device_of(request))
    except (ValueError, OverflowError):
        return None


def refusal_answer(refused: Refused, status: int = 422) -> Response:
    """What is wrong, field by field, as every call of ours says it; 503 where it is the database that does not
    answer.
    """
    if isinstance(refused, Unavailable):
        return unavailable_call(refused)
    said = [{"where": p.where, "say": p.say.name, "text": problem(p)} for p in refused.problems]
    return quoting({"problems": said}, status)


def quoting(content: dict, status: int) -> Response:
    """`content` as JSON in ASCII: what was typed may be quoted in it, also what is no text and cannot be sent
    otherwise.
    """
    return Response(json.dumps(content), status, media_type="application/json")


def asked_id(request: Request, name: str) -> int:
    """The number of a row that the address gives under `name`; raises Refused (NOT_FOUND) for anything that numbers no
    row.
    """
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
