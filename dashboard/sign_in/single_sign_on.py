"""Signing in through an organisation's own provider: Streamlit's OpenID Connect flow, joined to our sign-in.

Streamlit speaks with the provider (/auth/login, /oauth2callback, the [auth] section of its secrets) and leaves a
signed cookie that says who came. Here that cookie is exchanged, once and within minutes, for a session of our own,
and taken away: from then on nothing differs from a sign-in by password, so it can be revoked and runs out.
"""

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from streamlit.auth_util import (
    encode_provider_token,
    get_cookie_with_chunks,
    get_origin_from_redirect_uri,
    validate_auth_credentials,
)
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME

from dashboard.i18n.words import _, refusal
from dashboard.server.addresses import ORGANISATION, ORGANISATION_DONE, SIGN_IN
from dashboard.server.database import database
from dashboard.server.middleware import COOKIE
from dashboard.server.routing import OpenRoute
from dashboard.server.visitor import address_of, device_of, is_https
from dashboard.sign_in.plain_page import listen, notice, page, way_back
from dashboard.sign_in.routes import enter, safe_way_on
from data_model.accounts import single_sign_on
from data_model.core import settings
from data_model.core.problems import Refused, Say, refuse
from data_model.core.unavailable import Unavailable

PROVIDER = "default"
WAY_ON = "so_giam_sat_way_on"
MINUTES = single_sign_on.PROOF_LASTS.total_seconds() / 60


def check() -> None:
    """At the start: raises Streamlit's own explanation when the setting is on and [auth] is not complete."""
    if settings.single_sign_on():
        validate_auth_credentials(PROVIDER)


async def leave(request: Request) -> Response:
    """To the provider, remembering where the person wanted to go."""
    if not settings.single_sign_on():
        return RedirectResponse(SIGN_IN, 303)
    response = RedirectResponse(f"/auth/login?provider={encode_provider_token(PROVIDER)}", 303)
    response.set_cookie(
        WAY_ON,
        safe_way_on(request.query_params.get("next", "/")),
        httponly=True,
        samesite="lax",
        secure=is_https(request),
        max_age=int(MINUTES * 60),
    )
    return response


async def come_back(request: Request) -> Response:
    """Exchange what Streamlit left of the provider's answer for a session of ours."""
    listen(request)
    try:
        claims, proof = _identity(request)
        token = await run_in_threadpool(
            _enter, claims, proof, address_of(request), device_of(request), request.cookies.get(COOKIE)
        )
    except Unavailable:  # what the provider said is kept for another try
        raise
    except Refused as refused:
        response = page(request, _("Sign in"), notice(refusal(refused)) + way_back(), 403)
    else:
        response = enter(request, token, safe_way_on(request.cookies.get(WAY_ON, "/")))
    for name in (*_left_by_streamlit(request), WAY_ON):
        response.delete_cookie(name)
    return response


def _enter(claims: dict, proof: str, address: str, device: str, instead_of: str | None) -> str:
    with database().writing() as session:
        return single_sign_on.enter(session, claims, proof, address, device, instead_of)


def _identity(request: Request) -> tuple[dict, str]:
    """The claims that Streamlit signed, and the signed text itself. Raises Refused without a fresh one of this site."""
    if not settings.single_sign_on():
        raise refuse(Say.IDENTITY_SPENT)
    secret = get_cookie_secret()

    def part(name: str) -> bytes | None:
        return decode_signed_value(secret, name, request.cookies.get(name, ""), max_age_days=MINUTES / (24 * 60))

    found = get_cookie_with_chunks(part, USER_COOKIE_NAME)
    claims = json.loads(found) if found else {}
    if not claims.get("is_logged_in") or claims.get("origin") != get_origin_from_redirect_uri():
        raise refuse(Say.IDENTITY_SPENT)
    return claims, found.decode()


def _left_by_streamlit(request: Request) -> list[str]:
    return [name for name in request.cookies if name.startswith((USER_COOKIE_NAME, TOKENS_COOKIE_NAME))]


ROUTES = [
    OpenRoute(ORGANISATION, leave, methods=["GET"]),
    OpenRoute(ORGANISATION_DONE, come_back, methods=["GET"]),
]
