"""Where a plan lags and why: each commune with what it still owes, and what its records say about the reason.

The figures and the statuses are those of `counting`; nothing is counted here a second time. A reason only tells what
lies in the database beside a figure: what waits, what came back, what never came.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlmodel import Session

from data_model.accounts.tables import Account, AccountUnit
from data_model.core import clock
from data_model.core.access import Act, Actor, Role
from data_model.core.database import columns
from data_model.core.label import Label
from data_model.counting.rules import Cell, PlanProgress, TargetProgress, UnitProgress, due_in
from data_model.counting.urgency import BEHIND, urgency
from data_model.plans.view import Line
from data_model.records.tables import REPORTED, FieldRecord, RecordStatus
from data_model.units.tables import Unit

R, A, G = columns(FieldRecord), columns(Account), columns(AccountUnit)


class Why(StrEnum):
    """Why a number is not reached, as far as the records tell."""

    RETURNED = "returned"
    NOT_VERIFIED = "not_verified"
    RUNNING = "running"
    NOT_VISITED = "not_visited"
    NOT_MEASURED = "not_measured"
    BELOW = "below"
    NOTHING = "nothing"
    NO_MORE = "no_more"
    UNMET = "unmet"


@dataclass(frozen=True)
class Reason:
    """One reason. `count` records (rounds for `NOT_VISITED`) that it speaks of, `since` the day since when it is so,
    `rounds` those of a target with rounds that nobody reported from there.
    """

    why: Why
    count: int = 0
    since: date | None = None
    rounds: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Lack:
    """A target not reached: in one commune with its `cell` there, or in the whole area (`cell` None).

    `late` only where the target's own status asks for somebody to act; a target that is not due, not phased, on track
    or without a number never is. `short_in` is in how many communes it is not reached (0 for the whole area).
    """

    target: TargetProgress
    cell: Cell | None
    reasons: tuple[Reason, ...]
    short_in: int = 0

    @property
    def late(self) -> bool:
        return self.target.status in BEHIND


@dataclass(frozen=True)
class LaggingUnit:
    """A commune that owes something, what is late first; `last_sent` is the day of the last record that came from
    there.
    """

    unit: Unit
    progress: UnitProgress
    lacks: tuple[Lack, ...]
    last_sent: date | None

    @property
    def late(self) -> bool:
        return any(lack.late for lack in self.lacks)


@dataclass(frozen=True)
class Lagging:
    """Communes that owe something, those with something late first, in each group the lowest mean first; and the
    plan's targets that are behind, the most urgent first.
    """

    units: tuple[LaggingUnit, ...]
    targets: tuple[Lack, ...]

    @property
    def late_units(self) -> tuple[LaggingUnit, ...]:
        return tuple(unit for unit in self.units if unit.late)


class _Fact(NamedTuple):
    """Records of one activity, unit, round and status: how many, and their days."""

    activity_id: int
    unit_id: int
    round_id: int | None
    status: RecordStatus
    records: int
    running: int
    unmet: int
    first_sent: datetime | None
    last_sent: datetime | None
    first_reviewed: datetime | None
    last_happened: date | None


def lagging(session: Session, actor: Actor, progress: PlanProgress) -> Lagging:
    """Where the plan lags on the day of `progress`, with reasons. Raises Refused for roles that do not lead."""
    actor.require(Act.READ_PROGRESS)
    facts = _facts(session, progress)
    by_place: dict[tuple[int, int], list[_Fact]] = defaultdict(list)
    by_unit: dict[int, list[_Fact]] = defaultdict(list)
    by_activity: dict[int, list[_Fact]] = defaultdict(list)
    for fact in facts:
        by_place[fact.activity_id, fact.unit_id].append(fact)
        by_unit[fact.unit_id].append(fact)
        by_activity[fact.activity_id].append(fact)
    units = [
        LaggingUnit(
            unit,
            progress.units[unit.id],
            tuple(
                sorted(
                    (
                        Lack(t, t.cells[unit.id], _why(t, t.cells[unit.id], by_place[t.line.activity_id, unit.id]))
                        for t in progress.lacking(unit.id)
                    ),
                    key=lambda lack: urgency(lack.target) if lack.late else (len(BEHIND), 0),
                )
            ),
            _day(max((f.last_sent for f in by_unit[unit.id] if f.last_sent), default=None)),
        )
        for unit in progress.plan.units
        if unit.id in progress.units
    ]
    owing = [unit for unit in units if unit.lacks]
    owing.sort(key=lambda u: (not u.late, 2 if u.progress.mean is None else u.progress.mean, u.unit.name))
    behind = sorted((t for t in progress.targets if t.status in BEHIND and t.line.part_of_id is None), key=urgency)
    return Lagging(tuple(owing), tuple(_whole(progress, target, by_activity) for target in behind))


def supervisors(session: Session, actor: Actor, unit_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Display names of the supervisors who hold each of these communes today; communes that nobody holds are left
    out.
    """
    actor.require(Act.READ_PROGRESS)
    today = clock.today()
    found = session.execute(
        select(G.unit_id, A.display_name)
        .join(A, A.id == G.account_id)
        .where(
            G.unit_id.in_(list(unit_ids)),
            A.role == Role.SUPERVISOR,
            A.disabled_at.is_(None),
            (G.first.is_(None)) | (G.first <= today),
            (G.last.is_(None)) | (G.last >= today),
        )
        .order_by(A.display_name, A.id)
    )
    holding: dict[int, list[str]] = defaultdict(list)
    for unit_id, name in found:
        holding[unit_id].append(name)
    return {unit_id: tuple(dict.fromkeys(names)) for unit_id, names in holding.items()}


def _whole(progress: PlanProgress, target: TargetProgress, facts: dict[int, list[_Fact]]) -> Lack:
    """A target of the plan that is behind; where communes owe it, they tell why, each its own reason."""
    short: dict[bool, set[int]] = {True: set(), False: set()}
    for unit in progress.plan.units:
        for owed in due_in(unit.id, [target, *_parts(progress, target)]):
            if owed.cells[unit.id].is_short:
                short[owed.status in BEHIND].add(unit.id)
    # A part whose time has not come explains nothing while another one is behind.
    in_units = short[True] or short[False]
    leaves = _leaves(progress, target)
    known = [fact for leaf in leaves for fact in facts.get(leaf.line.activity_id, [])]
    reasons = () if in_units else _why(target, None, known)
    return Lack(target, None, reasons, len(in_units))


def _parts(progress: PlanProgress, target: TargetProgress) -> list[TargetProgress]:
    """Everything below a whole."""
    below = [progress.by_activity[part] for part in target.line.part_ids]
    return [one for part in below for one in (part, *_parts(progress, part))]


def _leaves(progress: PlanProgress, target: TargetProgress) -> list[TargetProgress]:
    return [one for one in (target, *_parts(progress, target)) if not one.line.part_ids]


def _facts(session: Session, progress: PlanProgress) -> list[_Fact]:
    """What was sent from everywhere until the day, whether it counts yet or came back."""
    rows = session.execute(
        select(
            R.activity_id,
            R.unit_id,
            R.round_id,
            R.status,
            func.count(),
            func.sum(case((R.running, 1), else_=0)),
            func.sum(case((R.unmet > 0, 1), else_=0)),
            func.min(R.sent_at),
            func.max(R.sent_at),
            func.min(R.reviewed_at),
            func.max(R.happened_on),
        )
        .where(
            R.plan_id == progress.plan.id,
            R.status.in_((*REPORTED, RecordStatus.RETURNED)),
            R.happened_on <= progress.as_of,
        )
        .group_by(R.activity_id, R.unit_id, R.round_id, R.status)
    )
    return [
        _Fact(activity, unit, round_id, RecordStatus(status), int(count), int(running), int(unmet), *days)
        for activity, unit, round_id, status, count, running, unmet, *days in rows
    ]


def _why(target: TargetProgress, cell: Cell | None, facts: Sequence[_Fact]) -> tuple[Reason, ...]:
    """What the records of a target tell, in one commune or in the whole area."""
    line = target.line
    returned = [f for f in facts if f.status is RecordStatus.RETURNED]
    sent = [f for f in facts if f.status is RecordStatus.SENT]
    reported = [f for f in facts if f.status in REPORTED]
    found = []
    if returned:
        found.append(Reason(Why.RETURNED, _sum(returned), _day(_first(f.first_reviewed for f in returned))))
    if sent:
        found.append(Reason(Why.NOT_VERIFIED, _sum(sent), _day(_first(f.first_sent for f in sent))))
    if running := sum(f.running for f in reported):
        found.append(Reason(Why.RUNNING, running))
    if cell is not None and line.rounds:
        if rounds := _not_visited(line, reported):
            found.append(Reason(Why.NOT_VISITED, len(rounds), rounds=rounds))
    elif line.is_measured:
        value = cell.value if cell else target.measured
        if value is None or value == (None, None):
            found.append(Reason(Why.NOT_MEASURED))
        elif value[0] is not None:
            found.append(Reason(Why.BELOW, since=_latest(reported)))
    elif not returned and not reported:
        found.append(Reason(Why.NOTHING))
    elif not returned and not sent and not running:
        found.append(Reason(Why.NO_MORE, since=_latest(reported)))
    if unmet := sum(f.unmet for f in reported):
        found.append(Reason(Why.UNMET, unmet))
    return tuple(found)


def _not_visited(line: Line, reported: Sequence[_Fact]) -> tuple[Label, ...]:
    """The rounds from which no visit that counts was reported (R12)."""
    seen = {f.round_id for f in reported if f.records > f.running}
    return tuple(name for round_id, name in line.rounds if round_id not in seen)


def _latest(facts: Sequence[_Fact]) -> date | None:
    """The day of the latest thing that happened."""
    return max((fact.last_happened for fact in facts if fact.last_happened is not None), default=None)


def _sum(facts: Sequence[_Fact]) -> int:
    return sum(fact.records for fact in facts)


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _day(moment: datetime | None) -> date | None:
    """The day of a moment in Vietnam."""
    return None if moment is None else moment.astimezone(clock.VIETNAM).date()
