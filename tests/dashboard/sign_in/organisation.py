"""A small OpenID Connect provider on loopback, for tests: it signs whatever claims the test names next."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.browser.server import free_port


@dataclass
class Organisation:
    """The provider: `address` of it, and `claims` of whoever signs in there next. `refuses` lets nobody in."""

    address: str
    claims: dict = field(default_factory=dict)
    refuses: bool = False
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "test", "use": "sig"}))
    _asked: dict[str, dict] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self._about),
            Route("/keys", self._keys),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
        ]

    async def _about(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        answer = {"error": "access_denied"} if self.refuses else {"code": f"code{len(self._asked)}"}
        self._asked[answer.get("code", "")] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer | {'state': asked['state']})}", 302)

    async def _token(self, request: Request) -> Response:
        given = await request.form()
        asked, now = self._asked[given["code"]], int(time.time())
        claims = {
            "iss": self.address,
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        } | self.claims
        signed = jwt.encode({"alg": "RS256", "kid": "test"}, claims, self.key, algorithms=["RS256"])
        return JSONResponse({"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": signed})


@contextmanager
def organisation() -> Iterator[Organisation]:
    """The provider at work until the block ends."""
    port = free_port()
    made = Organisation(f"http://127.0.0.1:{port}")
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=made.routes()), host="127.0.0.1", port=port, log_level="warning")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)  # until the port is bound
    yield made
    server.should_exit = True
    thread.join(10)
