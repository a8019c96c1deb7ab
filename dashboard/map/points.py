"""The points of the map, asked for by the map itself: another colour does not send hundreds of them again."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.i18n.words import day, language, say
from dashboard.map.marks import marks
from dashboard.server.database import database
from dashboard.server.json_calls import answering, asked_id
from data_model.core.access import Actor
from data_model.plans.view import PlanView, view_plan
from data_model.records.listing import RecordRow, list_records, points
from data_model.records.tables import RecordStatus

MOST_POINTS = 300
LATEST = 8
PATH = "/diem-ban-do"


@dataclass(frozen=True)
class Spot:
    """A record on the map, shape and colour by its kind, under its activity's name and further facts.

    A hollow one is not verified yet; `number` is its place in the list beside the map.
    """

    record_id: str
    unit_id: int
    latitude: float
    longitude: float
    mark: tuple[str, str]
    activity: str
    facts: tuple[str, ...]
    hollow: bool
    faded: bool
    size: int
    number: int | None


def address(plan: PlanView, unit_id: int | None, version: int) -> str:
    """Where the map finds its points, with the commune `unit_id` chosen; another address whenever they may differ."""
    return (
        f"{PATH}?{urlencode({'plan': plan.id, 'unit': unit_id or '', 'v': f'{plan.revision}.{version}.{language()}'})}"
    )


def spots_json(spots: list[Spot]) -> dict:
    """The points as the browser takes them apart: lists are half as long as objects with names."""
    forms, activities = list(dict.fromkeys(s.mark for s in spots)), list(dict.fromkeys(s.activity for s in spots))
    return {
        "kinds": forms,
        "activities": activities,
        "rows": [
            (
                s.record_id,
                s.unit_id,
                round(s.latitude, 5),
                round(s.longitude, 5),
                forms.index(s.mark),
                activities.index(s.activity),
                s.facts,
                int(s.hollow),
                int(s.faded),
                s.size,
                s.number,
            )
            for s in spots
        ],
    }


def spots(plan: PlanView, rows: list[RecordRow], unit_id: int | None, numbered: list[RecordRow]) -> list[Spot]:
    """The points of records; those listed beside the map carry their number, other communes' fade."""
    forms = marks(plan)
    number_of = {row.id: place for place, row in enumerate(numbered, 1)}
    return [_spot(plan, row, forms[row.kind], unit_id, number_of.get(row.id)) for row in rows if row.kind in forms]


def _spot(plan: PlanView, row: RecordRow, form: tuple[str, str, str], chosen: int | None, number: int | None) -> Spot:
    line, unit = plan.line_by_activity[row.activity_id], plan.unit_by_id[row.unit_id]
    return Spot(
        str(row.id),
        row.unit_id,
        row.latitude,
        row.longitude,
        mark=form[::2],
        activity=say(line.name),
        facts=(unit.full_name, f"{day(row.happened_on)} · {say(RecordStatus(row.status).label)}"),
        hollow=row.status != RecordStatus.VERIFIED,
        faded=chosen is not None and row.unit_id != chosen,
        size=22 if number else 16 if row.unit_id == chosen else 12,
        number=number,
    )


@answering
async def _answer(request: Request, actor: Actor) -> Response:
    unit = asked_id(request, "unit") if request.query_params.get("unit") else None
    body = await run_in_threadpool(_read, actor, asked_id(request, "plan"), unit)
    # The address names the version of what it gives.
    return Response(
        body, media_type="application/json", headers={"cache-control": "private, max-age=3600", "vary": "cookie"}
    )


def _read(actor: Actor, plan_id: int, unit_id: int | None) -> str:
    with database().reading() as session:
        plan = view_plan(session, plan_id)
        rows, _in_all = points(session, actor, plan_id, MOST_POINTS)
        numbered = list_records(session, actor, plan_id, unit_id=unit_id, limit=LATEST)[0] if unit_id else []
    return json.dumps(spots_json(spots(plan, rows, unit_id, numbered)), ensure_ascii=False, separators=(",", ":"))


ROUTES = [Route(PATH, _answer, middleware=[Middleware(GZipMiddleware, minimum_size=1000)])]
