"""What our own scripts hear while the database does not answer: in the visitor's words, with the time after which to
ask again.
"""

from starlette.responses import JSONResponse, Response

from dashboard.i18n.words import problem
from data_model.core.unavailable import RETRY_AFTER_SECONDS, Unavailable


def unavailable_call(away: Unavailable) -> Response:
    """503 for our own scripts: they keep what they have and try again."""
    said = [{"where": p.where, "say": p.say.name, "text": problem(p)} for p in away.problems]
    return JSONResponse({"problems": said}, 503, {"retry-after": str(RETRY_AFTER_SECONDS), "cache-control": "no-store"})
