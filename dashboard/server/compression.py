"""Program files sent small, each packed once and not for every tablet that comes."""

from pathlib import Path

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASKS_FOR_LESS = ("range", "if-none-match", "if-modified-since")
MOST_BYTES = 48 * 1024 * 1024
"""More than all of Streamlit's files; a bound all the same."""
FileId = tuple[int, int]


class Packed:
    """ASGI middleware around files; those of `folder` that say they never change are kept as they were sent first.

    They are kept by the file that an address leads to: however an address is written, a file is kept once.
    """

    def __init__(self, app: ASGIApp, folder: Path):
        self.app = app
        self.folder = folder.resolve()
        self.packing = GZipMiddleware(app, minimum_size=1000, compresslevel=9)
        self.kept: dict[FileId, tuple[Message, Message]] = {}
        self.bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope)
        if any(name in asked for name in ASKS_FOR_LESS):
            await self.app(
                scope, receive, send
            )  # packing it anew for everybody who asks so would cost more than it saves
            return
        file = (
            self._file(scope["path"])
            if scope["method"] == "GET" and "gzip" in asked.get("accept-encoding", "")
            else None
        )
        if file is None:
            await self.packing(scope, receive, send)
        elif file in self.kept:
            for message in self.kept[file]:
                await send(message)
        else:
            await self._pack(file, scope, receive, send)

    async def _pack(self, file: FileId, scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[Message] = []

        async def noting(message: Message) -> None:
            messages.append(message)
            await send(message)

        await self.packing(scope, receive, noting)
        start, *parts = messages
        body = b"".join(part.get("body", b"") for part in parts)
        lasts = start["status"] == 200 and "immutable" in Headers(raw=start["headers"]).get("cache-control", "")
        if lasts and file not in self.kept and self.bytes + len(body) <= MOST_BYTES:
            self.kept[file] = start, {"type": "http.response.body", "body": body}
            self.bytes += len(body)

    def _file(self, path: str) -> FileId | None:
        """The file of the folder that the address `path` leads to."""
        try:
            there = (self.folder / path.lstrip("/")).resolve(strict=True)
            seen = there.stat()
        except (OSError, ValueError):  # no such file; a name that no file can have
            return None
        return (seen.st_dev, seen.st_ino) if there.is_file() and there.is_relative_to(self.folder) else None
