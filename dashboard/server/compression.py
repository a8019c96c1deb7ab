"""Program files sent small, each packed once and not for every tablet that comes."""

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASKS_FOR_LESS = ("range", "if-none-match", "if-modified-since")


class Packed:
    """ASGI middleware around files; those that say they never change are kept as they were sent first."""

    def __init__(self, app: ASGIApp):
        self.packing = GZipMiddleware(app, minimum_size=1000, compresslevel=9)
        self.kept: dict[str, tuple[Message, Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked, path = Headers(scope=scope), scope["path"]
        whole = scope["method"] == "GET" and "gzip" in asked.get("accept-encoding", "") and not any(name in asked for name in ASKS_FOR_LESS)
        if not whole:
            await self.packing(scope, receive, send)
            return
        if path not in self.kept:
            messages: list[Message] = []

            async def noting(message: Message) -> None:
                messages.append(message)
                await send(message)

            await self.packing(scope, receive, noting)
            start, *parts = messages
            if start["status"] == 200 and "immutable" in Headers(raw=start["headers"]).get("cache-control", ""):
                self.kept[path] = start, {"type": "http.response.body", "body": b"".join(part.get("body", b"") for part in parts)}
            return
        for message in self.kept[path]:
            await send(message)
