"""The template of a list of people, with the communes that can be given."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.accounts.people import TEMPLATE, people_template
from dashboard.server.database import database
from dashboard.server.downloads import EXCEL, file_answer
from dashboard.server.json_calls import answering
from data_model.core.access import Act, Actor
from data_model.planning.new_plan import units_to_give


@answering
async def _template(_request: Request, actor: Actor) -> Response:
    actor.require(Act.MANAGE_SUPERVISORS)
    return file_answer(await run_in_threadpool(_made), "mau-danh-sach-nguoi.xlsx", EXCEL)


def _made() -> bytes:
    with database().reading() as session:
        units = units_to_give(session)
    return people_template(units)


ROUTES = [Route(TEMPLATE, _template, methods=["GET"])]
