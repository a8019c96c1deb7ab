"""The finished files of a snapshot, for the account that had them made, as long as it may read that snapshot."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.server.database import database
from dashboard.server.downloads import file_answer
from dashboard.server.json_calls import answering, asked_id
from dashboard.snapshots.files import FILES_PATH, FORMATS, wanted_of
from dashboard.ui.long_work import long_work
from data_model.core.access import Actor
from data_model.core.problems import Say, refuse
from data_model.snapshots.proving import require_intact
from data_model.snapshots.reading import open_snapshot


@answering
async def _file(request: Request, actor: Actor) -> Response:
    return await run_in_threadpool(_found, request, actor)


def _found(request: Request, actor: Actor) -> Response:
    one = next((each for each in FORMATS if each.code == request.query_params.get("format")), None)
    if one is None:
        raise refuse(Say.NOT_FOUND, "format")
    with database().reading() as session:
        opened = open_snapshot(session, actor, asked_id(request, "snapshot"))
        wanted = wanted_of(session, actor, opened.head)
        require_intact(session, actor, opened.head.id)
    work = long_work.find(wanted.key(actor, one))
    if work is None or work.made is None:
        raise refuse(Say.FILE_NOT_MADE)
    return file_answer(work.made, wanted.file_name(one), one.mime)


ROUTES = [Route(FILES_PATH, _file, methods=["GET"])]
