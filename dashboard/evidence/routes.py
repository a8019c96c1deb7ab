"""Evidence over HTTP: the form and the tablet's outbox hand it in piece by piece; pages fetch pictures and files.

Every byte is asked of data_model with the account behind the request: whose evidence it is not, finds nothing.

A file comes whole in one PUT, or in parts that a cut line resumes. Each part is a PUT of its own with
`Content-Range: bytes first-last/size` and the whole file's SHA-256 in `x-sha256`; `bytes */size` without a body asks
how far the server is. The answer to both is `{id, offset}`, the number of bytes that are here (409 where the part did
not go on from there), and once all are, the piece itself as for a whole file.
"""

import asyncio
import hashlib
import re
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import wraps
from tempfile import SpooledTemporaryFile
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.server.addresses import EVIDENCE_CALLS
from dashboard.server.database import database
from dashboard.server.json_calls import answering, asked_id, refusal_answer
from dashboard.server.limits import MOST_OF_AN_UPLOAD
from dashboard.server.routing import LargeRoute
from data_model.core.access import Actor
from data_model.core.problems import Refused, Say, refuse
from data_model.core.unavailable import Unavailable
from data_model.evidence import attachments, uploads
from data_model.evidence.attachments import Piece
from data_model.evidence.content import JPEG, MOST_BYTES, Medium, examine, too_large
from data_model.records.writing import Entry

IN_MEMORY = 512 * 1024
"""What is larger waits in a temporary file until it is its turn: many uploads at once take no memory."""
AT_ONCE = 2
"""So many photos are decoded at one moment. Thirty at once wait for each other, not the other pages for them."""
_work = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="evidence")
# Kept by the browser, but shown from there only after it was asked whether this sign-in may still see it.
KEPT_BY_BROWSER = {"cache-control": "private, no-cache", "vary": "cookie"}
CLOSED_IN = {
    "content-security-policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox",
    "x-content-type-options": "nosniff",
}


def thumbnail_address(evidence_id: uuid.UUID) -> str:
    """Where a photo's small picture is."""
    return f"{EVIDENCE_CALLS}/{evidence_id}/nho"


def full_address(evidence_id: uuid.UUID) -> str:
    """Where the kept photo or file is."""
    return f"{EVIDENCE_CALLS}/{evidence_id}"


def piece_json(piece: Piece) -> dict:
    """A piece as our scripts get it."""
    return {
        "id": str(piece.id),
        "kind": piece.medium.value,
        "name": piece.name,
        "bytes": piece.size,
        "thumbnail": thumbnail_address(piece.id) if piece.medium is Medium.PHOTO else None,
        "full": full_address(piece.id),
        "taken_at": piece.taken_at.isoformat() if piece.taken_at else None,
        "far": piece.far,
    }


def _finding(call: Callable[[Request, Actor], Awaitable[Response]]) -> Callable[[Request, Actor], Awaitable[Response]]:
    """404 for what is not there or not for this account: the two are not told apart."""

    @wraps(call)
    async def found(request: Request, actor: Actor) -> Response:
        try:
            return await call(request, actor)
        except Refused as refused:
            if all(p.say is Say.NOT_FOUND for p in refused.problems):
                return refusal_answer(refused, 404)
            raise

    return found


@answering
async def _put(request: Request, actor: Actor) -> Response:
    evidence_id, entry = _evidence_id(request), _entry(request)
    name = unquote(request.headers.get("x-file-name", ""), errors="replace")
    part = _asked_part(request)
    declared = request.headers.get("content-length", "")
    most = MOST_BYTES if part is None else uploads.MOST_PART
    if (part.size if part else 0) > MOST_BYTES or (
        declared.isascii() and declared.isdigit() and int(declared) > MOST_BYTES
    ):
        return refusal_answer(too_large(name), 413)
    known = await run_in_threadpool(_expect, actor, evidence_id, entry)
    if known is not None:
        return JSONResponse(piece_json(known))
    with SpooledTemporaryFile(IN_MEMORY) as body:
        try:
            async for chunk in request.stream():
                if body.tell() + len(chunk) > most:
                    return refusal_answer(too_large(name), 413)
                body.write(chunk)
        except ClientDisconnect:  # the tablet sends it again when it is back
            return Response(status_code=400)
        if part is None or (part.start == 0 and body.tell() == part.size):
            return await _keep_whole(actor, evidence_id, entry, body, name, part)
        return await _take_part(actor, evidence_id, entry, body, name, part)


@dataclass(frozen=True)
class Part:
    """What a part's headers say: where it begins (None: it only asks), the size and SHA-256 of the whole file."""

    start: int | None
    size: int
    digest: str


def _asked_part(request: Request) -> Part | None:
    header = request.headers.get("content-range")
    if header is None:
        return None
    found = re.fullmatch(r"bytes (?:(\d{1,9})-(\d{1,9})|\*)/(\d{1,9})", header, re.ASCII)
    digest = request.headers.get("x-sha256", "")
    if found is None or not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise refuse(Say.NOT_UNDERSTOOD, "evidence")
    return Part(int(found[1]) if found[1] else None, int(found[3]), digest)


async def _take_part(
    actor: Actor, evidence_id: uuid.UUID, entry: Entry, body: SpooledTemporaryFile, name: str, part: Part
) -> Response:
    """Keep a part; with the last one, or where all were here already, the piece."""
    body.seek(0)
    offset = await run_in_threadpool(_add, actor, evidence_id, part, body.read())
    if offset < part.size:
        went_on = part.start is None or offset > part.start
        return JSONResponse({"id": str(evidence_id), "offset": offset}, 200 if went_on else 409)
    whole = await run_in_threadpool(_whole, actor, evidence_id)
    if whole is None:  # not the bytes that were announced: all of them once more
        return JSONResponse({"id": str(evidence_id), "offset": 0}, 409)
    with SpooledTemporaryFile(IN_MEMORY) as gathered:
        gathered.write(whole)
        return await _keep_whole(actor, evidence_id, entry, gathered, name, None)


async def _keep_whole(
    actor: Actor, evidence_id: uuid.UUID, entry: Entry, body: SpooledTemporaryFile, name: str, part: Part | None
) -> Response:
    kept = await asyncio.get_running_loop().run_in_executor(_work, _keep, actor, evidence_id, entry, body, name, part)
    if kept is None:
        return JSONResponse({"id": str(evidence_id), "offset": 0}, 409)
    return JSONResponse(piece_json(kept))


def _add(actor: Actor, evidence_id: uuid.UUID, part: Part, content: bytes) -> int:
    if part.start is None:
        with database().reading() as session:
            return uploads.received(session, actor, evidence_id, part.size, part.digest)
    with database().writing() as session:
        return uploads.add_part(session, actor, evidence_id, part.size, part.digest, part.start, content)


def _whole(actor: Actor, evidence_id: uuid.UUID) -> bytes | None:
    with database().reading() as session:
        found = uploads.whole(session, actor, evidence_id)
    if found is None:
        with database().writing() as session:
            uploads.forget(session, actor, evidence_id)
    return found


def _expect(actor: Actor, evidence_id: uuid.UUID, entry: Entry) -> Piece | None:
    with database().reading() as session:
        return attachments.expect(session, actor, evidence_id, entry)


def _keep(
    actor: Actor, evidence_id: uuid.UUID, entry: Entry, body: SpooledTemporaryFile, name: str, part: Part | None
) -> Piece | None:
    body.seek(0)
    raw = body.read()
    if part is not None and hashlib.sha256(raw).hexdigest() != part.digest:
        return None
    try:
        # Decoding takes long and the database waits for nobody: first the one, then the other.
        examined = examine(raw, name)
        with database().writing() as session:
            kept = attachments.attach(session, actor, evidence_id, entry, examined)
            uploads.forget(session, actor, evidence_id)
            return kept
    except Unavailable:
        raise  # what came stays, and is gone on with
    except Refused:
        with database().writing() as session:
            uploads.forget(session, actor, evidence_id)
            attachments.no_longer_expected(session, actor, evidence_id)
        raise


def _evidence_id(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.path_params["evidence"])
    except ValueError:
        raise refuse(Say.NOT_FOUND) from None


def _entry(request: Request) -> Entry:
    """The record that the address names, with no answers yet."""
    try:
        record_id = uuid.UUID(request.query_params.get("record", ""))
    except ValueError:
        raise refuse(Say.NOT_FOUND, "record") from None
    return Entry(record_id, asked_id(request, "plan"), asked_id(request, "activity"), asked_id(request, "unit"), {})


@answering
@_finding
async def _delete(request: Request, actor: Actor) -> Response:
    await run_in_threadpool(_remove, actor, _evidence_id(request))
    return JSONResponse({"id": request.path_params["evidence"]})


def _remove(actor: Actor, evidence_id: uuid.UUID) -> None:
    with database().writing() as session:
        attachments.remove(session, actor, evidence_id)


@answering
async def _list(request: Request, actor: Actor) -> Response:
    try:
        record_id = uuid.UUID(request.query_params.get("record", ""))
    except ValueError:
        return JSONResponse([])
    return JSONResponse(await run_in_threadpool(_listed, actor, record_id), headers={"cache-control": "no-store"})


def _listed(actor: Actor, record_id: uuid.UUID) -> list[dict]:
    with database().reading() as session:
        return [piece_json(piece) for piece in attachments.list_evidence(session, actor, record_id)]


def _unless_kept(
    call: Callable[[Request, Actor], Awaitable[Response]],
) -> Callable[[Request, Actor], Awaitable[Response]]:
    """304 for what the browser keeps already, where the account may still see it. A piece never changes, so its id is
    its tag.
    """

    @wraps(call)
    async def answered(request: Request, actor: Actor) -> Response:
        evidence_id = _evidence_id(request)
        tag = f'"{evidence_id}"'
        if tag in request.headers.get("if-none-match", ""):
            await run_in_threadpool(_read, attachments.require_sight, actor, evidence_id)
            return Response(status_code=304, headers=KEPT_BY_BROWSER | {"etag": tag})
        answer = await call(request, actor)
        answer.headers["etag"] = tag
        return answer

    return answered


@answering
@_finding
@_unless_kept
async def _full(request: Request, actor: Actor) -> Response:
    row, content = await run_in_threadpool(_read, attachments.open_content, actor, _evidence_id(request))
    shown_as = "inline" if row.medium == Medium.PHOTO else "attachment"
    plain_name = "".join(c if (c.isascii() and c.isalnum()) or c in "._-" else "_" for c in row.name)
    called = f"{shown_as}; filename=\"{plain_name}\"; filename*=UTF-8''{quote(row.name, safe='')}"
    kept = KEPT_BY_BROWSER if row.medium == Medium.PHOTO else {"cache-control": "no-store"}
    return Response(content, media_type=row.media_type, headers=CLOSED_IN | kept | {"content-disposition": called})


@answering
@_finding
@_unless_kept
async def _thumbnail(request: Request, actor: Actor) -> Response:
    content = await run_in_threadpool(_read, attachments.open_thumbnail, actor, _evidence_id(request))
    return Response(content, media_type=JPEG, headers=CLOSED_IN | KEPT_BY_BROWSER)


def _read(question, actor: Actor, evidence_id: uuid.UUID):
    with database().reading() as session:
        return question(session, actor, evidence_id)


ROUTES = [
    Route(EVIDENCE_CALLS, _list, methods=["GET"]),
    Route(EVIDENCE_CALLS + "/{evidence}", _full, methods=["GET"]),
    LargeRoute(EVIDENCE_CALLS + "/{evidence}", _put, methods=["PUT"], most=MOST_OF_AN_UPLOAD),
    Route(EVIDENCE_CALLS + "/{evidence}", _delete, methods=["DELETE"]),
    Route(EVIDENCE_CALLS + "/{evidence}/nho", _thumbnail, methods=["GET"]),
]
