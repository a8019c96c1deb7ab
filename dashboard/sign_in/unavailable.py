"""The page that a person gets while the database does not answer."""

from html import escape

from starlette.requests import Request
from starlette.responses import Response

from dashboard.i18n.words import _, refusal
from dashboard.sign_in.plain_page import listen, notice, page
from data_model.core.unavailable import RETRY_AFTER_SECONDS, Unavailable


def unavailable_page(request: Request, away: Unavailable) -> Response:
    """503 for a person: a page that asks again by itself and shows what was wanted as soon as it can."""
    listen(request)
    body = (
        notice(refusal(away))
        + f"<p>{escape(_('This page tries again by itself every {seconds} seconds.', seconds=RETRY_AFTER_SECONDS))}</p>"
    )
    answer = page(request, _("The book of record cannot be opened just now"), body, 503)
    if request.method in ("GET", "HEAD"):
        # Browsers do this without a script; a posted form is not sent again by itself.
        answer.headers["refresh"] = str(RETRY_AFTER_SECONDS)
    return answer
