"""Who this browser is signed in as, and the words of the bar that `outbox.js` shows on every page."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.i18n.words import _, speak
from dashboard.server.database import database
from dashboard.server.middleware import COOKIE
from dashboard.server.routing import OpenRoute
from data_model.accounts import sign_ins

PATH = "/assets-ai/toi"


async def _who(request: Request) -> Response:
    def look():
        with database().reading() as session:
            return sign_ins.who_is(session, request.cookies.get(COOKIE))

    actor = await run_in_threadpool(look)
    speak(actor.language if actor else request.cookies.get("so_giam_sat_language", "vi"))
    return JSONResponse({"account": actor.id if actor else None, "texts": {
        "lost": _("The connection is lost. What you typed stays on this tablet; trying again…"),
        "ended": _("Your sign-in has ended. What you typed is kept on this tablet."), "signIn": _("Sign in again"),
        "waiting": _("{count} records wait on this tablet to be sent.", count="{count}"), "went": _("Sent {count} records that had waited.", count="{count}"),
        "refused": _("Not accepted yet: {name}. Everything you typed is still there.", name="{name}"), "open": _("Open and correct"),
    }}, headers={"cache-control": "no-store"})


ROUTES = [OpenRoute(PATH, _who, methods=["GET"])]
