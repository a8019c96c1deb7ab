"""The journal as a file: written to disk row by row and sent from there, so that a long one takes no memory."""

import tempfile
from datetime import date
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from dashboard.server.json_calls import answering
from dashboard.journal.workbook import journal_workbook
from dashboard.server.addresses import row_number
from dashboard.server.database import database
from dashboard.server.downloads import EXCEL
from data_model.core.access import Actor
from data_model.journal.listing import Asked
from data_model.core.problems import Say, refuse

PATH = "/tai-nhat-ky"


@answering
async def _file(request: Request, actor: Actor) -> Response:
    asked = _asked(request)
    path = await run_in_threadpool(_write, actor, asked)
    return FileResponse(
        path, media_type=EXCEL, filename=f"nhat-ky-{asked.first:%Y%m%d}-{asked.last:%Y%m%d}.xlsx",
        headers={"cache-control": "no-store"}, background=BackgroundTask(path.unlink),
    )


def _asked(request: Request) -> Asked:
    told = request.query_params
    try:
        first, last = (date.fromisoformat(told.get(name, "")) for name in ("first", "last"))
    except ValueError:
        raise refuse(Say.NOT_A_DATE) from None
    person = row_number(told.get("person"))
    if told.get("person") and person is None:
        raise refuse(Say.NOT_FOUND)
    return Asked(first, last, person, told.get("subject") or None, told.get("act") or None)


def _write(actor: Actor, asked: Asked) -> Path:
    with tempfile.NamedTemporaryFile(prefix="nhat-ky-", suffix=".xlsx", delete=False) as made:
        path = Path(made.name)
    try:
        with database().reading() as session:
            journal_workbook(session, actor, asked, path)
    except BaseException:
        path.unlink()
        raise
    return path


ROUTES = [Route(PATH, _file)]
