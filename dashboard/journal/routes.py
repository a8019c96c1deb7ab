"""The journal as a file: written to disk row by row and sent from there, so that a long one takes no memory.

The file has no name on the disk and is gone with its last reader, however the sending ends.
"""

import tempfile
from collections.abc import Iterator
from datetime import date
from io import SEEK_END
from typing import IO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from dashboard.journal.workbook import journal_workbook
from dashboard.server.addresses import row_number
from dashboard.server.database import database
from dashboard.server.downloads import EXCEL
from dashboard.server.json_calls import answering
from data_model.core.access import Actor
from data_model.core.problems import Say, refuse
from data_model.journal.acts import ACTS, SUBJECTS
from data_model.journal.listing import JournalFilter

PATH = "/tai-nhat-ky"
PIECE = 256_000
"""Bytes that are read and sent at a time."""


@answering
async def _file(request: Request, actor: Actor) -> Response:
    asked = _asked(request)
    file = await run_in_threadpool(_written, actor, asked)
    return StreamingResponse(
        _pieces(file),
        media_type=EXCEL,
        headers={
            "cache-control": "no-store",
            "content-length": str(file.seek(0, SEEK_END)),
            "content-disposition": f'attachment; filename="nhat-ky-{asked.first:%Y%m%d}-{asked.last:%Y%m%d}.xlsx"',
        },
    )


def _asked(request: Request) -> JournalFilter:
    told = request.query_params
    try:
        first, last = (date.fromisoformat(told.get(name, "")) for name in ("first", "last"))
    except ValueError:
        raise refuse(Say.NOT_A_DATE) from None
    person = row_number(told.get("person"))
    if told.get("person") and person is None:
        raise refuse(Say.NOT_FOUND)
    subject, act = told.get("subject") or None, told.get("act") or None
    # Only what the journal's page offers is looked for: the rest need not reach the database.
    if subject not in (None, *SUBJECTS) or (act is not None and all(act != known for _subject, known in ACTS)):
        raise refuse(Say.NOT_FOUND)
    return JournalFilter(first, last, person, subject, act)


def _written(actor: Actor, asked: JournalFilter) -> IO[bytes]:
    file = tempfile.TemporaryFile(prefix="nhat-ky-", suffix=".xlsx")  # noqa: SIM115 - closed by whoever sends it
    try:
        with database().reading() as session:
            journal_workbook(session, actor, asked, file)
    except BaseException:
        file.close()
        raise
    return file


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


ROUTES = [Route(PATH, _file)]
