"""The live connection of a page: every tap that comes over it is asked for its sign-in again.

Streamlit runs a tap's callback before the page's script, with what the page knew at its last run, and a fragment
without the script. A session that ended meanwhile (disabled, signed out elsewhere, run out) must not act so once more:
its tap is turned into a plain reload of the page, which says that the person is signed out.

A browser that was cut off names its session to go on with it. It gets only one that its own sign-in began: whoever
learned another's session id begins anew.
"""

from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlsplit

from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.server.limits import AtOnce
from dashboard.server.visitor import is_https
from data_model.accounts.sign_ins import digest
from data_model.core.unavailable import Unavailable

MOST_PER_ACCOUNT = 60
"""Pages of one account that are open at a time, on all its devices: each takes memory."""
MOST_REMEMBERED = 10_000
"""Sessions whose owner is remembered; Streamlit itself keeps far fewer that were cut off."""
_NAMES_SESSION = b"sec-websocket-protocol"
_PORTS = {"http": 80, "https": 443}

# What the browser sends by itself and what changes nothing.
_HARMLESS = ("app_heartbeat", "stop_script")


def same_origin(connection: HTTPConnection) -> bool:
    """Whether the page that asks is of this very scheme, host and port. What is no browser names no origin; its cookie
    decides.

    Behind a proxy that does not pass on the scheme, a page by https is believed too.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    try:
        asks, here = urlsplit(origin), urlsplit(f"//{connection.headers.get('host', '')}")
        if asks.scheme not in _PORTS or (asks.scheme == "http" and is_https(connection)):
            return False
        plain = f"{asks.scheme}://{asks.netloc}" == origin and "@" not in asks.netloc + here.netloc
        standard = _PORTS[asks.scheme]
        return (
            plain
            and bool(here.hostname)
            and not here.path
            and (asks.hostname, asks.port or standard) == (here.hostname, here.port or standard)
        )
    except ValueError:
        return False


class OwnSessions(AtOnce):
    """Which sign-in began which of Streamlit's sessions, and how many connections each account has."""

    def __init__(self) -> None:
        super().__init__(MOST_PER_ACCOUNT)
        self._owner: OrderedDict[str, str] = OrderedDict()

    def own(self, scope: Scope, token: str) -> Scope:
        """The scope of a connection, without the session that it names where another sign-in began that one."""
        kept = []
        for name, value in scope["headers"]:
            if name.lower() == _NAMES_SESSION:
                told = [part.strip() for part in value.decode("latin-1").split(",")]
                if len(told) > 2 and self._owner.get(told[2]) != digest(token):
                    value = ", ".join(told[:2]).encode("latin-1")
            kept.append((name, value))
        return scope | {"headers": kept}

    def noting(self, send: Send, token: str) -> Send:
        """`send` of a connection; from its first run on the session is its sign-in's."""
        known = False

        async def sending(message: Message) -> None:
            nonlocal known
            if not known and message["type"] == "websocket.send" and message.get("bytes"):
                told = ForwardMsg.FromString(message["bytes"])
                if told.WhichOneof("type") == "new_session":
                    known = True
                    self._note(told.new_session.initialize.session_id, digest(token))
            await send(message)

        return sending

    def _note(self, session: str, owner: str) -> None:
        self._owner[session] = owner
        self._owner.move_to_end(session)
        while len(self._owner) > MOST_REMEMBERED:
            self._owner.popitem(last=False)


def asked_again(receive: Receive, signed_in: Callable[[], bool]) -> Receive:
    """`receive` of a websocket whose messages act only as long as `signed_in` says so."""

    async def receiving() -> Message:
        while True:
            message = await receive()
            try:
                if message["type"] != "websocket.receive" or await run_in_threadpool(signed_in):
                    return message
            except Unavailable:  # nobody can say who this is: the page runs, and says so
                pass
            harmless = _without_the_tap(message.get("bytes") or b"")
            if harmless is not None:
                return message | {"bytes": harmless, "text": None}

    return receiving


def _without_the_tap(data: bytes) -> bytes | None:
    """The message as a plain reload of its page; None for one that is dropped."""
    try:
        message = BackMsg.FromString(data)
    except DecodeError:
        return None
    kind = message.WhichOneof("type")
    if kind == "rerun_script":
        message.rerun_script.ClearField("widget_states")
        message.rerun_script.ClearField("fragment_id")
        return message.SerializeToString()
    return data if kind in _HARMLESS else None
