"""Recommendations as an Excel workbook, of those that the account behind the request may read."""

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.follow_up.workbook import recommendations_workbook
from dashboard.server.database import database
from dashboard.server.downloads import EXCEL, file_answer
from dashboard.server.json_calls import answering, asked_id
from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.core.problems import Say, refuse
from data_model.follow_up.listing import Standing
from data_model.plans.view import PlanView, view_plan

PATH = "/tai-kien-nghi"


def workbook_address(plan: PlanView, query: dict) -> str:
    """Where the workbook of a narrowed list is; `query` are the arguments of list_recommendations."""
    asked = {
        "plan": plan.id,
        "standing": query["standing"],
        "unit": query["unit_id"],
        "who": query["responsible"],
        "due": query["due_within"],
    }
    return f"{PATH}?{urlencode({name: value for name, value in asked.items() if value is not None})}"


@answering
async def _workbook(request: Request, actor: Actor) -> Response:
    actor.require(Act.READ_RECORDS)
    return await run_in_threadpool(_made, request, actor)


def _made(request: Request, actor: Actor) -> Response:
    asked = request.query_params
    standing = asked.get("standing")
    if standing and standing not in set(Standing):
        raise refuse(Say.NOT_FOUND, "standing")
    numbers = {name: asked_id(request, name) if asked.get(name) else None for name in ("unit", "due")}
    query = {
        "standing": Standing(standing) if standing else None,
        "unit_id": numbers["unit"],
        "responsible": asked.get("who"),
        "due_within": numbers["due"],
    }
    with database().reading() as session:
        plan = view_plan(session, asked_id(request, "plan"))
        content = recommendations_workbook(session, actor, plan, query)
    return file_answer(content, f"kien-nghi-{plan.code}-{clock.today():%Y%m%d}.xlsx", EXCEL)


ROUTES = [Route(PATH, _workbook, methods=["GET"])]
