"""What the tablet's pages know: the account's plans, communes, work, forms and own records, in one answer.

It is built of the same pieces as the pages with a link: the grid of "my work", the forms of the record kinds. What the
account may see is decided by the questions of the domain that are asked here.
"""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from dashboard.evidence import routes as evidence
from dashboard.form.form_data import (
    earlier_form,
    form_fields,
    form_needs,
    form_texts,
    line_form,
    main_day,
    record_form,
    states,
)
from dashboard.i18n.words import _, day, language, moment, say
from dashboard.my_work.work import grid, own_units, waiting_cards
from dashboard.progress.figures import own_figures
from dashboard.records.answers import answered
from data_model.core import clock
from data_model.core.access import Actor
from data_model.evidence.attachments import list_evidence
from data_model.follow_up.steps import waiting_for_visit
from data_model.kinds.registry import all_kinds
from data_model.plans.view import PlanView, view_plan
from data_model.progress.figures import plans_of
from data_model.records.listing import count_waiting, own_records, waiting_for_author
from data_model.records.tables import OPEN_TO_AUTHOR, FieldRecord, RecordStatus

MOST_RECORDS, MOST_OPEN, MOST_PLANS = 200, 60, 4
STAYS = timedelta(days=45)
"""So long after its end a plan is still worked on: what came back is corrected, late records are entered."""


def tablet_state(session: Session, actor: Actor) -> dict[str, Any]:
    """Everything that a tablet shows and fills in without a link, in the language in use."""
    plans = [view_plan(session, head.id) for head in plans_of(session, actor)]
    today = clock.today()
    running = [plan for plan in plans if plan.starts_on <= today <= plan.ends_on + STAYS] or plans[:1]
    kinds: set[str] = set()
    told = [_plan(session, actor, plan, kinds) for plan in running[:MOST_PLANS]]
    return {
        "account": actor.id,
        "name": actor.display_name,
        "language": language(),
        "at": moment(clock.now()),
        "today": today.isoformat(),
        "plans": [plan for plan in told if plan["units"]],
        "kinds": {code: _kind(code) for code in sorted(kinds)},
        "states": states(),
        "texts": form_texts(),
    }


def _kind(code: str) -> dict[str, Any]:
    kind = all_kinds()[code]
    return {"fields": form_fields(kind), "needs": form_needs(kind), "day": main_day(kind), "visits": kind.visits_rounds}


def _plan(session: Session, actor: Actor, plan: PlanView, kinds: set[str]) -> dict[str, Any]:
    units = own_units(actor, plan)
    lines = [line for line in plan.lines if line.kind and any(plan.owes(line, unit.id) for unit in units)]
    kinds |= {line.kind for line in lines if line.kind}
    records = own_records(session, actor, plan.id, MOST_RECORDS)
    latest = waiting_for_author(session, actor, plan.id, MOST_OPEN)
    visited = _visited(records)
    return {
        "id": plan.id,
        "code": plan.code,
        "name": say(plan.name),
        "starts": plan.starts_on.isoformat(),
        "ends": plan.ends_on.isoformat(),
        "units": [{"id": unit.id, "name": unit.full_name} for unit in units],
        "grid": (
            {"waiting": waiting_cards(plan, latest)}
            | grid(own_figures(actor, plan), units, count_waiting(session, actor, plan.id))
        )
        if units
        else None,
        "lines": {line.code: line_form(plan, line) | {"kind": line.kind} for line in lines},
        "visited": visited,
        "earlier": {
            str(unit.id): [earlier_form(one) for one in waiting_for_visit(session, actor, plan.id, unit.id)]
            for unit in units
        }
        if any(all_kinds()[line.kind or ""].visits_rounds for line in lines)
        else {},
        "records": [_record(session, actor, plan, record) for record in records],
    }


def _visited(records: list[FieldRecord]) -> dict[str, list[int]]:
    """By "activity/unit": the rounds that own records tell of already, so that a new one begins with the next."""
    found: dict[str, list[int]] = {}
    for record in records:
        if record.round_id is not None and record.status != RecordStatus.VOID:
            found.setdefault(f"{record.activity_id}/{record.unit_id}", []).append(record.round_id)
    return found


def _record(session: Session, actor: Actor, plan: PlanView, record: FieldRecord) -> dict[str, Any]:
    """An own record to read, and, while it is open to its author, to go on with."""
    line = plan.line_by_activity.get(record.activity_id)
    is_open = line is not None and record.status in OPEN_TO_AUTHOR
    told: dict[str, Any] = {
        "record": str(record.id),
        "activity_code": line.code if line else "",
        "activity_name": say(line.name) if line else _("No longer in the plan"),
        "unit": record.unit_id,
        "unit_name": plan.unit_by_id[record.unit_id].full_name if record.unit_id in plan.unit_by_id else "",
        "status": record.status,
        "status_words": say(RecordStatus(record.status).label),
        "day": day(record.happened_on) if record.happened_on else "",
        "at": moment(record.changed_at),
        "answers_read": answered(record.form),
        "open": is_open,
        "reason": _("Returned: {reason}", reason=record.reason) if record.reason else "",
    }
    if is_open and record.status != RecordStatus.SENT:
        told["form"] = record_form(record) | {
            "pieces": [evidence.piece_json(piece) for piece in list_evidence(session, actor, record.id)]
        }
    return told
