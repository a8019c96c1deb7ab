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

from dashboard.form.form_data import TYPED_FOLLOW_UP, form_answers
from dashboard.form.ground import ground
from dashboard.i18n.words import _, moment, say
from dashboard.records.answers import shown
from dashboard.server.addresses import FAR, GROUND, KNOWN, RECORD_CALLS
from dashboard.server.database import database
from dashboard.server.json_calls import answering, asked_id, quoting, refusal_answer
from data_model.core.access import Actor
from data_model.core.problems import Refused, Say, refuse
from data_model.core.unavailable import Unavailable
from data_model.evidence import attachments
from data_model.follow_up import steps
from data_model.forms.kind import Kind
from data_model.kinds.registry import all_kinds
from data_model.plans.view import PlanView, view_plan
from data_model.records import handed_in
from data_model.records.listing import known_versions
from data_model.records.tables import OPEN_TO_AUTHOR, FieldRecord
from data_model.records.typed_answers import MOST_ANSWERS
from data_model.records.versions import Latest, latest_content, sent_before
from data_model.records.writing import Entry, discard, save_draft, send, unmet_conditions
from data_model.units.distances import far_from_unit
from data_model.units.tables import Unit

MOST_ASKED = 300
"""So many records, and as many photos, a tablet may ask about in one call."""
NEWER = (Say.CHANGED_MEANWHILE, Say.NOT_OPEN_FOR_CHANGE, Say.ALREADY_SENT)


async def _body(request: Request) -> Mapping[str, Any]:
    """The call's JSON; what is larger than any form is refused before it is read."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > 2 * MOST_ANSWERS:
            raise refuse(Say.TOO_LONG, most=MOST_ANSWERS, length=len(body))
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise refuse(Say.NOT_UNDERSTOOD) from None
    if not isinstance(payload, Mapping):
        raise refuse(Say.NOT_UNDERSTOOD)
    return payload


async def _payload(request: Request) -> Mapping[str, Any]:
    payload = await _body(request)
    if not isinstance(payload.get("answers"), Mapping):
        raise refuse(Say.NOT_UNDERSTOOD)
    return payload


def _entry(record: str, payload: Mapping[str, Any], answers: Mapping[str, Any], channel: str) -> Entry:
    position = payload.get("position")
    whole = [payload.get(name) for name in ("plan", "activity", "unit", "seen_version")]
    if any(not isinstance(one, int) or isinstance(one, bool) or not -1 < one < 2**31 for one in whole):
        raise refuse(Say.NOT_UNDERSTOOD)
    chosen = payload.get("round")
    if chosen is not None and (not isinstance(chosen, int) or not -1 < chosen < 2**31):
        raise refuse(Say.NOT_UNDERSTOOD, "round")
    return Entry(
        id=_uuid(record),
        plan_id=whole[0],
        activity_id=whole[1],
        unit_id=whole[2],
        seen_version=whole[3],
        round_id=chosen,
        answers=answers,
        position=tuple(position) if isinstance(position, list) else None,
        channel=channel,
    )


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise refuse(Say.NOT_FOUND) from None


@answering
async def _keep(request: Request, actor: Actor) -> Response:
    payload = await _payload(request)
    return await run_in_threadpool(_write, actor, request.path_params["record"], payload)


def _write(actor: Actor, record: str, payload: Mapping[str, Any]) -> Response:
    try:
        return JSONResponse(
            write_payload(actor, record, payload, channel="outbox" if payload.get("outbox") else "page")
        )
    except Unavailable:
        raise  # no refusal of this record: the tablet tries again
    except Refused as refused:
        found = refused_words(refused, payload)
        if any(one.say in NEWER for one in refused.problems):
            found["newer"] = _newer(actor, record, payload["answers"])
        return quoting(found, 422)


def write_payload(
    author: Actor, record: str, payload: Mapping[str, Any], channel: str, handing_in: Actor | None = None
) -> dict[str, Any]:
    """Send or keep, for `author`, what a form handed in; gives the record's number, version and status: the proof that
    it is here.

    `handing_in` is the account that does so in the author's place. Raises Refused.
    """
    sends, answers = bool(payload.get("sends")), dict(payload["answers"])
    found = answers.pop(TYPED_FOLLOW_UP, None)
    try:
        with database().writing() as session:
            if sends:
                kept = send(session, author, _entry(record, payload, answers, channel))
                if kept.form.visits_rounds and isinstance(found, list):
                    steps.reported_at_visit(session, author, kept, [one for one in found if isinstance(one, Mapping)])
                attachments.expected_from(session, author, kept, _named(payload))
                if handing_in is not None:
                    handed_in.note_handed_in(session, handing_in, kept)
                words = _sent_words(view_plan(session, kept.plan_id), kept)
            else:
                draft = answers | ({TYPED_FOLLOW_UP: found} if found else {})
                kept, words = save_draft(session, author, _entry(record, payload, draft, channel)), ""
            return {"record": str(kept.id), "version": kept.version, "status": kept.status, "words": words}
    except Refused as refused:
        before = (
            _sent_before(author, record, payload, answers)
            if sends and any(one.say in NEWER for one in refused.problems)
            else None
        )
        if before is None:
            raise
        return {"record": str(_uuid(record)), "version": before.version, "status": before.status, "words": ""}


def _sent_before(author: Actor, record: str, payload: Mapping[str, Any], answers: Mapping[str, Any]) -> Latest | None:
    """The record where this very sending arrived before and only its answer was lost."""
    with database().reading() as session:
        kept = session.get(FieldRecord, _uuid(record))
        if kept is None:
            return None
        try:
            stored = all_kinds()[kept.kind].read(answers).stored()
        except Refused:
            return None
        return sent_before(session, author, kept.id, payload["seen_version"], stored)


def _named(payload: Mapping[str, Any]) -> list[uuid.UUID]:
    """The photos and files that are still on the tablet, as the form names them."""
    named = payload.get("evidence", [])
    if not isinstance(named, list) or len(named) > attachments.MOST_PER_RECORD:
        raise refuse(Say.EVIDENCE_TOO_MANY, "evidence", most=attachments.MOST_PER_RECORD)
    try:
        return [uuid.UUID(one) for one in named]
    except (ValueError, TypeError, AttributeError):
        raise refuse(Say.NOT_UNDERSTOOD, "evidence") from None


def refused_words(refused: Refused, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A refusal as a call says it, each problem with the label of its field: a tablet shows it where there is no
    form.
    """
    found = json.loads(refusal_answer(refused).body)
    labels = _labels(payload)
    for one in found["problems"]:
        one["field"] = labels.get(one["where"].partition(".")[0], "")
    return found


def _labels(payload: Mapping[str, Any]) -> dict[str, str]:
    with database().reading() as session:
        plan_id = payload.get("plan")
        plan = view_plan(session, plan_id) if isinstance(plan_id, int) and 0 <= plan_id < 2**31 else None
    line = plan.line_by_activity.get(payload.get("activity")) if plan else None
    kind = all_kinds().get(line.kind) if line and line.kind else None
    return {name: say(each.label) for name, each in kind.fields.items()} if kind else {}


@answering
async def _known(request: Request, actor: Actor) -> Response:
    """Which records and photos that a tablet has proof of are here: after a restored backup some are not."""
    payload = await _body(request)
    records, pieces = (_numbers(payload.get(name, [])) for name in ("records", "pieces"))

    def look() -> dict[str, Any]:
        with database().reading() as session:
            found = known_versions(session, actor, records)
            return {
                "records": {
                    str(one): {"version": version, "status": status} for one, (version, status) in found.items()
                },
                "pieces": [str(one) for one in attachments.known_pieces(session, actor, pieces)],
            }

    return JSONResponse(await run_in_threadpool(look))


def _numbers(values: Any) -> list[uuid.UUID]:
    if not isinstance(values, list) or len(values) > MOST_ASKED:
        raise refuse(Say.NOT_UNDERSTOOD)
    try:
        return [uuid.UUID(one) for one in values]
    except (ValueError, TypeError, AttributeError):
        raise refuse(Say.NOT_UNDERSTOOD) from None


def _newer(actor: Actor, record: str, mine: Mapping[str, Any]) -> dict[str, Any]:
    """The version that is there now, beside what the person has: field by field where they differ."""
    with database().reading() as session:
        now = latest_content(session, actor, _uuid(record))
        kind = all_kinds()[session.get(FieldRecord, _uuid(record)).kind]
    return {
        "version": now.version,
        "open": now.status in OPEN_TO_AUTHOR,
        "status": say(now.status.label),
        "by": now.changed_by,
        "at": moment(now.changed_at),
        "fields": _differing(kind, mine, now),
    }


def _differing(kind: type[Kind], mine: Mapping[str, Any], now: Latest) -> list[dict[str, Any]]:
    theirs = form_answers(kind, now.answers)
    rows = []
    for name, each in kind.fields.items():
        my_words, their_words = (_readable(each, answers.get(name)) for answers in (mine, now.answers))
        if my_words != their_words:
            rows.append(
                {
                    "name": name,
                    "label": say(each.label),
                    "mine": my_words,
                    "theirs": their_words,
                    "value": theirs.get(name),
                }
            )
    return rows


def _readable(each, raw: Any) -> str:
    try:
        return shown(each, each.clean(raw))
    except Refused:
        return "" if raw in (None, "", [], {}) else str(raw)


def _sent_words(plan: PlanView, record: FieldRecord) -> str:
    kind, line = say(all_kinds()[record.kind].label), plan.line_by_activity[record.activity_id]
    said = _(
        "Sent: 01 {kind} in {unit}.", kind=kind[0].lower() + kind[1:], unit=plan.unit_by_id[record.unit_id].full_name
    )
    filled = record.form
    if filled.running:
        return said + " " + _("It will count when it has ended.")
    lacking = [say(condition.text) for condition, _figure in unmet_conditions(line, filled)]
    return said + (
        " " + _("It counts, but does not meet: {conditions}.", conditions="; ".join(lacking)) if lacking else ""
    )


@answering
async def _throw_away(request: Request, actor: Actor) -> Response:
    def act() -> None:
        with database().writing() as session:
            discard(session, actor, _uuid(request.path_params["record"]))

    await run_in_threadpool(act)
    return JSONResponse({"words": _("The draft was thrown away.")})


def _plan_and_unit(session: Session, request: Request) -> tuple[PlanView, Unit]:
    """The plan and the unit that the address names."""
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
            return far_from_unit(session, _plan_and_unit(session, request)[1], *spot)

    return JSONResponse({"far": await run_in_threadpool(look)})


@answering
async def _ground(request: Request, actor: Actor) -> Response:
    def look() -> dict[str, Any]:
        with database().reading() as session:
            return ground(session, *_plan_and_unit(session, request))

    return JSONResponse(await run_in_threadpool(look))


ROUTES = [
    Route(FAR, _far, methods=["GET"]),
    Route(GROUND, _ground, methods=["GET"]),
    Route(KNOWN, _known, methods=["POST"]),
    Route(RECORD_CALLS + "/{record}", _keep, methods=["POST"]),
    Route(RECORD_CALLS + "/{record}", _throw_away, methods=["DELETE"]),
]
