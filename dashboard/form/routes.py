"""The form's calls: keep a draft, send, throw away; whether a position lies far off; where a unit lies on the map."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.form.form_data import form_answers
from dashboard.i18n.words import _, moment, say
from dashboard.map.schematic import cells
from dashboard.records.answers import shown
from dashboard.server.database import database
from dashboard.server.json_calls import answering, asked_id, refusal_answer
from data_model.core.access import Actor
from data_model.core.problems import Refused, Say, refuse
from data_model.follow_up import steps
from data_model.forms.kind import Kind
from data_model.kinds.registry import all_kinds
from data_model.plans.view import PlanView, view_plan
from data_model.records.tables import OPEN_TO_AUTHOR, FieldRecord
from data_model.records.typed_answers import MOST_ANSWERS
from data_model.records.versions import Latest, latest_content
from data_model.records.writing import Entry, discard, save_draft, send, unmet_conditions
from data_model.units.boundaries import outlines
from data_model.units.distances import far_from_unit

PATH = "/luu-ban-ghi"
TYPED_FOLLOW_UP = "follow_up"
"""Under this name a draft keeps what was typed about earlier recommendations."""
NEWER = (Say.CHANGED_MEANWHILE, Say.NOT_OPEN_FOR_CHANGE, Say.ALREADY_SENT)


async def _told(request: Request) -> Mapping[str, Any]:
    """The call's JSON; what is larger than any form, or no form at all, is refused before it is read."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > 4 * MOST_ANSWERS:
            raise refuse(Say.TOO_LONG, most=MOST_ANSWERS, length=len(body))
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise refuse(Say.NOT_UNDERSTOOD) from None
    if not isinstance(told, Mapping) or not isinstance(told.get("answers"), Mapping):
        raise refuse(Say.NOT_UNDERSTOOD)
    return told


def _entry(record: str, told: Mapping[str, Any], answers: Mapping[str, Any]) -> Entry:
    position = told.get("position")
    whole = [told.get(name) for name in ("plan", "activity", "unit", "seen_version")]
    if any(not isinstance(one, int) or isinstance(one, bool) or not -1 < one < 2**31 for one in whole):
        raise refuse(Say.NOT_UNDERSTOOD)
    chosen = told.get("round")
    if chosen is not None and (not isinstance(chosen, int) or not -1 < chosen < 2**31):
        raise refuse(Say.NOT_UNDERSTOOD, "round")
    return Entry(
        id=_uuid(record), plan_id=whole[0], activity_id=whole[1], unit_id=whole[2], seen_version=whole[3], round_id=chosen, answers=answers,
        position=tuple(position) if isinstance(position, list) else None, door="outbox" if told.get("outbox") else "page",
    )


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise refuse(Say.NOT_FOUND) from None


@answering
async def _keep(request: Request, actor: Actor) -> Response:
    told = await _told(request)
    return await run_in_threadpool(_write, actor, request.path_params["record"], told)


def _write(actor: Actor, record: str, told: Mapping[str, Any]) -> Response:
    sends, answers = bool(told.get("sends")), dict(told["answers"])
    found = answers.pop(TYPED_FOLLOW_UP, None)
    try:
        with database().writing() as session:
            if sends:
                kept = send(session, actor, _entry(record, told, answers))
                if kept.form.visits_rounds and isinstance(found, list):
                    steps.reported_at_visit(session, actor, kept, [one for one in found if isinstance(one, Mapping)])
                words = _sent_words(view_plan(session, kept.plan_id), kept)
            else:
                draft = answers | ({TYPED_FOLLOW_UP: found} if found else {})
                kept, words = save_draft(session, actor, _entry(record, told, draft)), ""
            return JSONResponse({"version": kept.version, "status": kept.status, "words": words})
    except Refused as refused:
        answer = refusal_answer(refused)
        if not any(one.say in NEWER for one in refused.problems):
            return answer
        return JSONResponse(json.loads(answer.body) | {"newer": _newer(actor, record, answers)}, 422)


def _newer(actor: Actor, record: str, mine: Mapping[str, Any]) -> dict[str, Any]:
    """The version that is there now, beside what the person has: field by field where they differ."""
    with database().reading() as session:
        now = latest_content(session, actor, _uuid(record))
        kind = all_kinds()[session.get(FieldRecord, _uuid(record)).kind]
    return {
        "version": now.version, "open": now.status in OPEN_TO_AUTHOR, "status": say(now.status.label), "by": now.changed_by,
        "at": moment(now.changed_at), "fields": _differing(kind, mine, now),
    }


def _differing(kind: type[Kind], mine: Mapping[str, Any], now: Latest) -> list[dict[str, Any]]:
    theirs = form_answers(kind, now.answers)
    rows = []
    for name, each in kind.fields.items():
        told = [_readable(each, answers.get(name)) for answers in (mine, now.answers)]
        if told[0] != told[1]:
            rows.append({"name": name, "label": say(each.label), "mine": told[0], "theirs": told[1], "value": theirs.get(name)})
    return rows


def _readable(each, raw: Any) -> str:
    try:
        return shown(each, each.clean(raw))
    except Refused:
        return "" if raw in (None, "", [], {}) else str(raw)


def _sent_words(plan: PlanView, record: FieldRecord) -> str:
    kind, line = say(all_kinds()[record.kind].label), plan.line_by_activity[record.activity_id]
    said = _("Sent: 01 {kind} in {unit}.", kind=kind[0].lower() + kind[1:], unit=plan.unit_by_id[record.unit_id].full_name)
    filled = record.form
    if filled.running:
        return said + " " + _("It will count when it has ended.")
    lacking = [say(condition.text) for condition, _figure in unmet_conditions(line, filled)]
    return said + (" " + _("It counts, but does not meet: {conditions}.", conditions="; ".join(lacking)) if lacking else "")


@answering
async def _throw_away(request: Request, actor: Actor) -> Response:
    def act() -> None:
        with database().writing() as session:
            discard(session, actor, _uuid(request.path_params["record"]))

    await run_in_threadpool(act)
    return JSONResponse({"words": _("The draft was thrown away.")})


def _place(session: Session, actor: Actor, request: Request):
    """The plan and unit of the address, of those that the account may write in."""
    plan = view_plan(session, asked_id(request, "plan"))
    unit = plan.unit_by_id.get(asked_id(request, "unit"))
    if unit is None:
        raise refuse(Say.NOT_FOUND)
    return plan, unit


@answering
async def _far(request: Request, actor: Actor) -> Response:
    def look() -> bool:
        try:
            spot = [float(request.query_params.get(name, "")) for name in ("lat", "lon")]
        except ValueError:
            raise refuse(Say.POSITION_INCOMPLETE) from None
        if not (-90 <= spot[0] <= 90 and -180 <= spot[1] <= 180):
            raise refuse(Say.POSITION_INCOMPLETE)
        with database().reading() as session:
            return far_from_unit(session, _place(session, actor, request)[1], *spot)

    return JSONResponse({"far": await run_in_threadpool(look)})


@answering
async def _ground(request: Request, actor: Actor) -> Response:
    def look() -> dict[str, Any]:
        with database().reading() as session:
            plan, unit = _place(session, actor, request)
            drawn = outlines(session, [unit.id]).get(unit.id)
        known = [u for u in plan.units if u.latitude is not None]
        return {"geometry": drawn or cells(known).get(unit.id), "around": [[u.latitude, u.longitude] for u in known]}

    return JSONResponse(await run_in_threadpool(look))


ROUTES = [
    Route(PATH + "/xa", _far, methods=["GET"]),
    Route(PATH + "/vung", _ground, methods=["GET"]),
    Route(PATH + "/{record}", _keep, methods=["POST"]),
    Route(PATH + "/{record}", _throw_away, methods=["DELETE"]),
]
