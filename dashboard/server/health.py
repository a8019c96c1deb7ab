"""Whether the app can work, for whoever watches over it: the process, the database, and whether it takes what is
written.

/healthz says that the database can be read, /readyz that it can be written too. Both answer 503 and name the reason
otherwise. Streamlit's own /_stcore/health speaks of the process alone.
"""

import time
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.server.database import database
from dashboard.server.routing import OpenRoute
from data_model.core.problems import Say
from data_model.core.unavailable import RETRY_AFTER_SECONDS, Unavailable

HEALTH, READY = "/healthz", "/readyz"
KEPT_SECONDS = 2.0
"""However often strangers ask, the database is asked so rarely."""


@dataclass
class _Looked:
    at: float = float("-inf")
    why: Say | None = Say.DATABASE_BUSY


_looked: dict[str, _Looked] = {}


async def _answer(request: Request) -> Response:
    path = request.url.path
    looked = _looked.setdefault(path, _Looked())
    if time.monotonic() - looked.at > KEPT_SECONDS:
        looked.at = time.monotonic()
        looked.why = await run_in_threadpool(_why_not, path == READY)
    if looked.why is None:
        return JSONResponse({"status": "ok", "database": "ok"}, headers={"cache-control": "no-store"})
    told = {"status": "unavailable", "database": looked.why.name.removeprefix("DATABASE_").lower()}
    return JSONResponse(told, 503, {"cache-control": "no-store", "retry-after": str(RETRY_AFTER_SECONDS)})


def _why_not(writes: bool) -> Say | None:
    try:
        database().probe(writes)
    except Unavailable as away:
        return away.say
    return None


ROUTES = [OpenRoute(HEALTH, _answer, methods=["GET"]), OpenRoute(READY, _answer, methods=["GET"])]
