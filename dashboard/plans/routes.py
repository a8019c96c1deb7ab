"""Files of plans: the workbook of a plan or a draft, the empty template, and the documents kept beside a draft."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.plans.plan_workbook import plan_workbook
from dashboard.server.database import database
from dashboard.server.downloads import EXCEL, file_answer
from dashboard.server.json_calls import answering, asked_id
from data_model.core.access import Act, Actor
from data_model.planning.content import content_of
from data_model.planning.drafts import check, open_document, open_draft
from data_model.planning.reading import written_as_sheets

WORKBOOK, DOCUMENT = "/tai-ke-hoach", "/van-ban-ke-hoach"


def workbook_address(plan_id: int | None = None, draft_id: int | None = None) -> str:
    """Where the workbook of a plan or of a draft is; of neither, the template."""
    if draft_id is not None:
        return f"{WORKBOOK}?draft={draft_id}"
    return WORKBOOK if plan_id is None else f"{WORKBOOK}?plan={plan_id}"


@answering
async def _workbook(request: Request, actor: Actor) -> Response:
    actor.require(Act.READ_PLAN_DRAFTS)
    return await run_in_threadpool(_made, request, actor)


def _made(request: Request, actor: Actor) -> Response:
    with database().reading() as session:
        if request.query_params.get("draft"):
            draft = open_draft(session, actor, asked_id(request, "draft"))
            found = check(session, draft)
            content = plan_workbook(draft.sheets, (*found.problems, *found.doubts))
            return file_answer(content, f"ban-nhap-ke-hoach-{draft.id}.xlsx", EXCEL)
        if request.query_params.get("plan"):
            plan = content_of(session, asked_id(request, "plan"))
            return file_answer(plan_workbook(written_as_sheets(session, plan)), f"ke-hoach-{plan.code}.xlsx", EXCEL)
    return file_answer(plan_workbook({}), "mau-ke-hoach.xlsx", EXCEL)


@answering
async def _document(request: Request, actor: Actor) -> Response:
    actor.require(Act.READ_PLAN_DRAFTS)
    return await run_in_threadpool(_kept, request, actor)


def _kept(request: Request, actor: Actor) -> Response:
    with database().reading() as session:
        head, content = open_document(session, actor, asked_id(request, "id"))
    return file_answer(content, head.name, head.media_type)


ROUTES = [Route(WORKBOOK, _workbook, methods=["GET"]), Route(DOCUMENT, _document, methods=["GET"])]
