"""The live connection of a page: every tap that comes over it is asked for its sign-in again.

Streamlit runs a tap's callback before the page's script, with what the page knew at its last run, and a fragment
without the script. A session that ended meanwhile (disabled, signed out elsewhere, run out) must not act so once more:
its tap is turned into a plain reload of the page, which says that the person is signed out.
"""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive
from streamlit.proto.BackMsg_pb2 import BackMsg

# What the browser sends by itself and what changes nothing.
_HARMLESS = ("app_heartbeat", "stop_script")


def asked_again(receive: Receive, signed_in: Callable[[], bool]) -> Receive:
    """`receive` of a websocket whose messages act only as long as `signed_in` says so."""
    async def receiving() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive" or await run_in_threadpool(signed_in):
                return message
            harmless = _without_the_tap(message.get("bytes") or b"")
            if harmless is not None:
                return message | {"bytes": harmless, "text": None}
    return receiving


def _without_the_tap(data: bytes) -> bytes | None:
    """The message as a plain reload of its page; None for one that is dropped."""
    message = BackMsg.FromString(data)
    kind = message.WhichOneof("type")
    if kind == "rerun_script":
        message.rerun_script.ClearField("widget_states")
        message.rerun_script.ClearField("fragment_id")
        return message.SerializeToString()
    return data if kind in _HARMLESS else None
