"""Records as an Excel workbook, of those that the account behind the request may read."""

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.records.workbook import records_workbook
from dashboard.server.database import database
from dashboard.server.downloads import EXCEL, file_answer
from dashboard.server.json_calls import answering, asked_id
from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.core.problems import Say, refuse
from data_model.plans.view import PlanView, view_plan
from data_model.records.tables import RecordStatus

PATH = "/tai-ban-ghi"
Narrowed = tuple[str, str | None, int | None]
"""Status ("all", or one), code of a line, unit: what a list of records was narrowed to."""


def workbook_address(plan: PlanView, narrowed: Narrowed) -> str:
    """Where the workbook of a narrowed list is."""
    asked = zip(("plan", "status", "activity", "unit"), (plan.id, *narrowed), strict=True)
    return f"{PATH}?{urlencode({name: value for name, value in asked if value is not None})}"


def query_of(plan: PlanView, narrowed: Narrowed) -> dict:
    """The arguments of list_records for a narrowed list. Raises Refused (NOT_FOUND) for what this plan does not
    have.
    """
    status, code, unit_id = narrowed
    query: dict = {"unit_id": unit_id}
    if status != "all":
        if status not in set(RecordStatus):
            raise refuse(Say.NOT_FOUND, "status")
        query["statuses"] = [RecordStatus(status)]
    if code:
        # A withdrawn line may stand under the same code; a whole has records of its own beside its parts'.
        lines = [line for line in plan.all_lines if line.code == code]
        if not lines:
            raise refuse(Say.NOT_FOUND, "activity")
        query["activity_ids"] = [each for line in lines for each in (line.activity_id, *line.part_ids)]
    return query


@answering
async def _workbook(request: Request, actor: Actor) -> Response:
    actor.require(Act.READ_RECORDS)
    return await run_in_threadpool(_made, request, actor)


def _made(request: Request, actor: Actor) -> Response:
    asked = request.query_params
    with database().reading() as session:
        plan = view_plan(session, asked_id(request, "plan"))
        narrowed = (
            asked.get("status", "all"),
            asked.get("activity"),
            asked_id(request, "unit") if asked.get("unit") else None,
        )
        content = records_workbook(session, actor, plan, query_of(plan, narrowed))
    return file_answer(content, f"ban-ghi-{plan.code}-{clock.today():%Y%m%d}.xlsx", EXCEL)


ROUTES = [Route(PATH, _workbook, methods=["GET"])]
