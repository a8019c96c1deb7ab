"""Freezing a period: what is still missing, the preview, and the freeze itself in one consistent moment."""

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from data_model.core import canonical, clock, journal
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.problems import Say, refuse
from data_model.core.reason import given_reason
from data_model.periods.issued import last_issued
from data_model.periods.periods import Period, Span, span
from data_model.periods.tables import STANDING, Snapshot, SnapshotBody, SnapshotStatus
from data_model.plans.view import PlanView, view_plan
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.snapshots.content import SnapshotContent
from data_model.snapshots.gathering import Making, gather, unit_keys
from data_model.snapshots.reading import Head, content_of, head_of, heads
from data_model.snapshots.steps import seal_step

R = columns(FieldRecord)
S = columns(Snapshot)


@dataclass(frozen=True)
class Missing:
    """What a freeze would leave open. Targets by code, communes by unit id; `late` of `sent` wait for a leader's
    word.
    """

    sent: int
    late: int
    returned: int
    drafts: int
    unphased: tuple[str, ...]
    unmet: int
    unvisited: tuple[int, ...]


@dataclass(frozen=True)
class Preview:
    """What a freeze would hold. `hindered` says why it cannot be frozen now, None when it can."""

    content: SnapshotContent
    missing: Missing
    hindered: Say | None
    needs_reason: bool


@dataclass(frozen=True)
class PeriodRow:
    """A period of a plan with its versions, the latest first."""

    period: Period
    days: Span
    ended: bool
    heads: tuple[Head, ...]
    late: int


def overview(session: Session, actor: Actor, plan_id: int) -> list[PeriodRow]:
    """Every period of the plan, quarters first."""
    known = heads(session, actor, plan_id)
    plan = view_plan(session, plan_id)
    rows = []
    for period in Period:
        days = span(plan, period)
        rows.append(
            PeriodRow(
                period,
                days,
                _ended(days),
                tuple(h for h in known if h.period is period),
                _count(session, plan_id, days, RecordStatus.SENT, late=True),
            )
        )
    return rows


def preview(session: Session, actor: Actor, plan_id: int, period: Period) -> Preview:
    """The figures that a freeze would keep, and what is missing in them. Writes nothing."""
    actor.require(Act.FREEZE)
    plan = view_plan(session, plan_id)
    making = _making(session, actor, plan, period, "")
    content = gather(session, making, _content_before(session, making))
    needs_reason = making.replaces is not None
    return Preview(content, _missing(session, plan, making.days, content), _hindrance(session, making), needs_reason)


def freeze(session: Session, actor: Actor, plan_id: int, period: Period, reason: str = "") -> Head:
    """Freeze the period as a draft snapshot, in a session of `Database.writing(one_moment=True)`.

    A version after an issued one needs a reason. Raises Refused when the period has not ended or a version is under
    way.
    """
    actor.require(Act.FREEZE)
    _in_one_moment(session)
    plan = view_plan(session, plan_id)
    making = _making(session, actor, plan, period, given_reason(reason, missing=None))
    hindrance = _hindrance(session, making)
    if hindrance is not None:
        raise refuse(hindrance, last=making.days.last)
    if making.replaces is not None:
        given_reason(making.reason)
    body = gather(session, making, _content_before(session, making)).canonical()
    before = _issued(session, plan_id, period)
    row = Snapshot(
        plan_id=plan_id,
        period=period,
        starts_on=making.days.first,
        ends_on=making.days.last,
        version=making.version,
        replaces_id=before.id if before else None,
        content_hash=canonical.sha256(body),
        cut_off=making.at,
        made_by=actor.id,
        made_at=making.at,
        status=SnapshotStatus.DRAFT,
        reason=making.reason,  # The number is one document's own.
        texts={name: kept for name, kept in before.texts.items() if name != "number"} if before else {},
    )
    try:
        session.add(row)
        session.flush()
    except IntegrityError:
        raise refuse(Say.SNAPSHOT_UNDER_WAY) from None
    session.add(SnapshotBody(snapshot_id=row.id, content=body))
    session.flush()
    seal = seal_step(session, actor, row, "freeze")
    journal.note(
        session,
        actor,
        "freeze",
        "snapshot",
        row.id,
        None,
        {
            "plan_id": plan_id,
            "period": period.value,
            "version": row.version,
            "content_hash": row.content_hash,
            "reason": making.reason,
            "seal": seal,
        },
    )
    return head_of(session, actor, row.id)


def _in_one_moment(session: Session) -> None:
    """PostgreSQL shows every statement a newer moment unless it is asked not to; a freeze must see one."""
    if session.get_bind().dialect.name == "postgresql":
        level = session.execute(text("SHOW transaction_isolation")).scalar_one()
        if level not in ("repeatable read", "serializable"):
            raise RuntimeError("freeze needs a session of Database.writing(one_moment=True)")


def _making(session: Session, actor: Actor, plan: PlanView, period: Period, reason: str) -> Making:
    latest = session.execute(
        select(func.max(Snapshot.version)).where(Snapshot.plan_id == plan.id, Snapshot.period == period)
    ).scalar_one()
    before = _issued(session, plan.id, period)
    replaced = before.version if before else None
    return Making(actor, plan, period, span(plan, period), (latest or 0) + 1, replaced, reason, clock.now())


def _issued(session: Session, plan_id: int, period: Period) -> Snapshot | None:
    return session.exec(
        select(Snapshot).where(
            Snapshot.plan_id == plan_id, Snapshot.period == period, Snapshot.status == SnapshotStatus.ISSUED
        )
    ).first()


def _ended(days: Span) -> bool:
    return clock.today() > days.last


def _hindrance(session: Session, making: Making) -> Say | None:
    if not _ended(making.days):
        return Say.PERIOD_RUNNING
    under_way = session.exec(
        select(S.id).where(
            S.plan_id == making.plan.id,
            S.period == making.period,
            S.status.in_([s for s in STANDING if s is not SnapshotStatus.ISSUED]),
        )
    ).first()
    return None if under_way is None else Say.SNAPSHOT_UNDER_WAY


def _content_before(session: Session, making: Making) -> SnapshotContent | None:
    """What the changes are told from: the version that is replaced; for a first one, the latest period that stands
    issued.
    """
    row = _issued(session, making.plan.id, making.period) or last_issued(session, making.plan.id, making.days.last)
    return content_of(session, row) if row is not None else None


def _missing(session: Session, plan: PlanView, days: Span, content: SnapshotContent) -> Missing:
    return Missing(
        sent=_count(session, plan.id, days, RecordStatus.SENT),
        late=_count(session, plan.id, days, RecordStatus.SENT, late=True),
        returned=_count(session, plan.id, days, RecordStatus.RETURNED),
        drafts=_count(session, plan.id, days, RecordStatus.DRAFT),
        unphased=tuple(
            t.code
            for t in content.targets
            if t.need is not None and t.planned is None and not t.is_measured and t.part_of is None
        ),
        unmet=len(content.unmet),
        unvisited=_unvisited(plan, days, content),
    )


def _count(session: Session, plan_id: int, days: Span, status: RecordStatus, late: bool = False) -> int:
    where = [R.plan_id == plan_id, R.status == status]
    if status is not RecordStatus.DRAFT:  # a draft may have no day yet
        where += [R.happened_on >= days.first, R.happened_on <= days.last]
    if late:
        where.append(R.late_for.is_not(None))
    found: int = session.execute(select(func.count()).select_from(R).where(*where)).scalar_one()
    return found


def _unvisited(plan: PlanView, days: Span, content: SnapshotContent) -> tuple[int, ...]:
    """Communes that a round of the plan must visit and from which no visit is reported (R12)."""
    with_rounds = {one.target for one in content.rounds}
    visited: dict[str, int | Fraction] = {}
    for target in content.targets:
        if target.code in with_rounds:
            for key in target.due_in:
                visited[key] = visited.get(key, 0) + target.cells[key].done.reported
    keys = unit_keys(plan, days.last)
    return tuple(unit.id for unit in plan.units if visited.get(keys.get(unit.id, "")) == 0)
