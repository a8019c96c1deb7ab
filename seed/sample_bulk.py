"""Many random records at once, for benchmarks only."""

import random
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from data_model.core import clock
from data_model.core.access import Actor, Role
from data_model.core.database import table_of
from data_model.core.problems import Refused
from data_model.forms.fields import (
    Attendance,
    Checklist,
    Choice,
    Clock,
    Day,
    Field,
    Money,
    Number,
    People,
    Rows,
    Text,
    Whole,
)
from data_model.forms.kind import Kind
from data_model.kinds.registry import all_kinds
from data_model.plans.view import Line, PlanView, view_plan
from data_model.progress.figures import default_day
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.writing import unmet_conditions

POOL = 60
"""Different sets of answers per kind: enough variety, and filling stays fast."""
BATCH = 2000
STATUSES = {
    RecordStatus.VERIFIED: 74,
    RecordStatus.SENT: 20,
    RecordStatus.DRAFT: 2,
    RecordStatus.RETURNED: 3,
    RecordStatus.VOID: 1,
}


def fill(session: Session, actor_by_role: Mapping[Role, Actor], plan_id: int, how_many: int, seed: int) -> int:
    """Insert `how_many` valid random records into a plan, up to the day it is looked at; gives their number.

    For benchmarks only: it goes round that door. Rows are inserted directly, without access checks,
    without journal entries and without regard to who was given which unit. The supervisor of
    `actor_by_role` is their author, its data officer (or leader) their reviewer. The same seed gives the
    same records; filling one plan twice takes two seeds.
    """
    plan = view_plan(session, plan_id)
    # The plan belongs to the seed: the ids of records of two plans must differ.
    rng = random.Random(f"{plan.code} {seed}")
    rows = _rows(plan, actor_by_role, how_many, rng)
    for begin in range(0, how_many, BATCH):
        session.execute(insert(table_of(FieldRecord)), [next(rows) for _ in range(min(BATCH, how_many - begin))])
    return how_many


def _rows(plan: PlanView, people: Mapping[Role, Actor], how_many: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    lines = [line for line in plan.lines if line.kind]
    last = min(default_day(plan), plan.ends_on)
    kinds = sorted({line.kind for line in lines if line.kind})
    pools = {kind: [_filled(all_kinds()[kind], plan.starts_on, last, rng) for _ in range(POOL)] for kind in kinds}
    author = people[Role.SUPERVISOR]
    reviewer = people.get(Role.DATA_OFFICER) or people[Role.LEADER]
    for _ in range(how_many):
        line = rng.choice(lines)
        filled = rng.choice(pools[line.proved_by[0]])
        status = rng.choices(list(STATUSES), list(STATUSES.values()))[0]
        yield _row(plan, line, filled, rng) | _review(status, author, reviewer)


def _row(plan: PlanView, line: Line, filled: Kind, rng: random.Random) -> dict[str, Any]:
    happened, (_kind, measure) = filled.happened_on, line.proved_by
    assert happened is not None  # `_filled` throws again until there is a day
    unit = rng.choice([u for u in plan.units if plan.owes(line, u.id) and u.exists_on(happened)])
    assert unit.spot is not None  # as every unit of the seed has
    latitude, longitude = unit.spot
    over, under = filled.value(measure) or (None, None)
    people = filled.people.answers if filled.people else {}
    return {
        "id": uuid.UUID(int=rng.getrandbits(128), version=4),
        "plan_id": plan.id,
        "activity_id": line.activity_id,
        "unit_id": unit.id,
        "round_id": rng.choice(line.round_ids) if line.rounds else None,
        "kind": line.kind,
        "kind_version": filled.version,
        "happened_on": happened,
        "running": filled.running,
        "quantity": None if filled.running else filled.count(measure),
        "value_over": over,
        "value_under": under,
        "amount": filled.amount,
        "unmet": 0 if filled.running else len(unmet_conditions(line, filled)),
        "answers": filled.stored(),
        "latitude": latitude + rng.uniform(-0.01, 0.01),
        "longitude": longitude + rng.uniform(-0.01, 0.01),
        "accuracy_m": float(rng.randint(4, 30)),
    } | {f"people_{part}": people.get(part) for part in People.fields}


def _review(status: RecordStatus, author: Actor, reviewer: Actor) -> dict[str, Any]:
    now = clock.now()
    sent, reviewed = status != RecordStatus.DRAFT, status not in (RecordStatus.DRAFT, RecordStatus.SENT)
    return {
        "status": status.value,
        "version": 2 if reviewed else 1,
        "author_id": author.id,
        "created_at": now,
        "changed_at": now,
        "sent_at": now if sent else None,
        "reviewer_id": reviewer.id if reviewed else None,
        "reviewed_at": now if reviewed else None,
        "reason": "-" if status in (RecordStatus.RETURNED, RecordStatus.VOID) else None,
    }


def _filled(kind: type[Kind], first: date, last: date, rng: random.Random) -> Kind:
    """A form of `kind` that passes its own checks, whatever fields it declares."""
    for _ in range(200):
        raw = {name: _answer(each, first, last, rng) for name, each in kind.fields.items()}
        try:
            filled = kind.read(raw)
        except Refused:  # random days and figures may contradict one another: throw again
            continue
        if filled.happened_on:
            return filled
    raise ValueError(f"no random answers fit the kind {kind.code}")


def _answer(field: Field[Any], first: date, last: date, rng: random.Random) -> Any:
    """A random answer to one field, read by the field itself like any other."""
    if not field.required and rng.random() < 0.2:
        return None
    match field:
        case Rows():
            return [
                {n: _answer(f, first, last, rng) for n, f in field.of.fields.items()} for _ in range(rng.randint(0, 3))
            ]
        case Attendance():
            total = rng.randint(20, 90)
            return {"total": total, "women": total // 2, "poor": total // 4, "near_poor": total // 4}
        case Checklist():
            return {item: rng.choice(list(field.marks)) for item in field.items}
        case Choice():
            return rng.choice(list(field.options))
        case Day():
            return first + timedelta(days=rng.randint(0, (last - first).days))
        case Clock():
            return f"{rng.randint(7, 16):02}:30"
        case Money():
            return rng.randint(1_000, 300_000) * 1_000
        case Whole():
            return rng.randint(field.least, min(field.most, field.least + 20))
        case Number():
            return min(field.most, field.least + Decimal(rng.randint(0, 1000)) / 10)
        case Text():
            return rng.choice(("Nội dung ghi để đo tốc độ", "Nhà văn hóa trung tâm", "Có biên bản kèm theo"))[
                : field.most
            ]
    return None
