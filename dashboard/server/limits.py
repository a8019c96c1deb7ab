"""What a visitor sends is bounded in size and in time before anybody reads it: no post is endless, and none fills the
memory.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

MOST_OF_A_STRANGER = 16 * 1024
"""Bytes of a sign-in form; a real one has a few hundred."""
MOST_OF_A_CALL = 1024 * 1024
"""Bytes of a call by somebody who is signed in; each call bounds its own more tightly."""
MOST_OF_AN_UPLOAD = 100 * 1024 * 1024
"""Bytes of a photo or file; less is taken (LargeRoute), and what is too large is said with its name."""
SILENCE_SECONDS = 20.0
"""So long nothing may come before a post is ended."""
FREE_SECONDS = 20.0
LEAST_BYTES_PER_SECOND = 1000
"""After the free seconds a post that came more slowly than this is ended. A bad mobile line carries twenty times as
much.
"""
UPLOADS_AT_ONCE = 6
"""So many photos and files of one account are received at a time; the next wait unread."""
UPLOAD_WAITS_SECONDS = 60.0


class NotTaken(Exception):
    """A body is not read on: HTTP `status` says why."""

    def __init__(self, status: int):
        super().__init__(status)
        self.status = status


def bounded(scope: Scope, receive: Receive, most: int) -> Receive:
    """`receive` of a request whose body has at most `most` bytes and comes in time. Raises NotTaken, at once where the
    size is declared.
    """
    declared = Headers(scope=scope).get("content-length", "0")
    if not (declared.isascii() and declared.isdigit()) or len(declared) > 12 or int(declared) > most:
        raise NotTaken(413)
    came, began, ended = 0, time.monotonic(), False

    async def receiving() -> Message:
        nonlocal came, ended
        if ended:  # what comes now is the visitor's leaving, for which one may wait long
            return await receive()
        left = FREE_SECONDS + came / LEAST_BYTES_PER_SECOND - (time.monotonic() - began)
        try:
            message = await asyncio.wait_for(receive(), max(0.0, min(SILENCE_SECONDS, left)))
        except TimeoutError:
            raise NotTaken(408) from None
        if message["type"] == "http.request":
            came += len(message.get("body", b""))
            ended = not message.get("more_body", False)
            if came > most:
                raise NotTaken(413)
        return message

    return receiving


def closing_what_is_unread(scope: Scope, receive: Receive, send: Send) -> tuple[Receive, Send]:
    """The two with a connection that ends after an answer that did not wait for the whole body."""
    headers = Headers(scope=scope)
    ended = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers

    async def receiving() -> Message:
        nonlocal ended
        message = await receive()
        ended |= message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and not ended:
            message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
        await send(message)

    return receiving, sending


class InTurn:
    """Lets each account do a few things at a time; the next wait. It remembers only the accounts that do something."""

    def __init__(self, most: int):
        self.most = most
        self.lanes: dict[int, tuple[asyncio.Semaphore, Counter]] = {}

    @asynccontextmanager
    async def turn(self, account_id: int) -> AsyncIterator[None]:
        """One of the account's turns. Raises NotTaken when none comes in time."""
        lane, inside = self.lanes.setdefault(account_id, (asyncio.Semaphore(self.most), Counter()))
        inside["all"] += 1
        try:
            try:
                await asyncio.wait_for(lane.acquire(), UPLOAD_WAITS_SECONDS)
            except TimeoutError:
                raise NotTaken(503) from None
            try:
                yield
            finally:
                lane.release()
        finally:
            inside["all"] -= 1
            if not inside["all"]:
                self.lanes.pop(account_id, None)


class AtOnce:
    """How much of something each account has under way; it remembers only those that have any."""

    def __init__(self, most: int):
        self.most = most
        self.under_way: Counter[int] = Counter()

    @contextmanager
    def one_more(self, account_id: int) -> Iterator[bool]:
        """Counts one more until the block ends; False when there are as many as may be."""
        if self.under_way[account_id] >= self.most:
            yield False
            return
        self.under_way[account_id] += 1
        try:
            yield True
        finally:
            self.under_way[account_id] -= 1
            if not self.under_way[account_id]:
                del self.under_way[account_id]
