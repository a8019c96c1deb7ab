"""Recommendations, findings and visits of a plan as they stood on a day, for quarterly snapshots.

The days of the steps decide, so that a day that has passed can be asked for. As with every other figure, a
record counts by its own day and its present status.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, select

from data_model.core.database import columns
from data_model.core.severity import Severity
from data_model.counting.rules import Pair
from data_model.follow_up.listing import COLUMNS, FollowUpRow, row_on
from data_model.kinds.registry import all_kinds
from data_model.records.tables import REPORTED, FieldRecord, FollowUpState, FollowUpStep, Recommendation, RecordStatus

R, N, S = columns(FieldRecord), columns(Recommendation), columns(FollowUpStep)


@dataclass(frozen=True)
class Summary:
    """Counts on a day, of records that count (sent and verified).

    `open` to `no_longer` are where the recommendations stand and add up to all of them; `overdue` is the part of
    `open` and `in_progress` whose deadline has passed; `dropping` waits to be confirmed as no longer applicable.
    `findings` are counted by severity, under None those without one; `visits` verified and reported.
    """

    as_of: date
    open: int
    in_progress: int
    done: int
    dropping: int
    closed: int
    no_longer: int
    overdue: int
    findings: dict[Severity | None, int]
    visits: Pair


def list_as_of(session: Session, plan_id: int, as_of: date) -> list[FollowUpRow]:
    """Every recommendation made by that day, by deadline, with the state it had. The caller has checked access.

    Its words and deadline are the present ones: a correction of a record is no step back in time.
    """
    newest = (
        select(func.max(S.id))
        .join(N, N.id == S.recommendation_id)
        .where(N.plan_id == plan_id, S.on_day <= as_of)
        .group_by(S.recommendation_id)
    )
    state = dict(session.execute(select(S.recommendation_id, S.to_state).where(S.id.in_(newest))).all())
    found = session.execute(
        select(*COLUMNS)
        .join(R, R.id == N.record_id)
        .where(N.plan_id == plan_id, N.since <= as_of, R.status.in_(REPORTED))
        .order_by(N.fix_by, N.since, N.record_id, N.position)
    )
    return [row_on(as_of, row, state.get(row.id, FollowUpState.OPEN)) for row in found]


def summary(session: Session, plan_id: int, as_of: date) -> Summary:
    """Counts of a plan on a day. The caller has checked access."""
    rows = list_as_of(session, plan_id, as_of)
    stand = Counter(row.state for row in rows)
    return Summary(
        as_of=as_of,
        overdue=sum(row.overdue for row in rows),
        findings=_findings(session, plan_id, as_of),
        visits=_visits(session, plan_id, as_of),
        **{state.value: stand[state] for state in FollowUpState},
    )


def _findings(session: Session, plan_id: int, as_of: date) -> dict[Severity | None, int]:
    recommending = [code for code, kind in all_kinds().items() if kind.recommends]
    records = session.exec(
        select(R).where(R.plan_id == plan_id, R.status.in_(REPORTED), R.happened_on <= as_of, R.kind.in_(recommending))
    )
    found = Counter(severity for record in records for severity in record.form.severities)
    return {severity: found[severity] for severity in (*Severity, None)}


def _visits(session: Session, plan_id: int, as_of: date) -> Pair:
    visiting = [code for code, kind in all_kinds().items() if kind.visits_rounds]
    counted = dict(
        session.execute(
            select(R.status, func.count())
            .where(R.plan_id == plan_id, R.status.in_(REPORTED), R.happened_on <= as_of, R.kind.in_(visiting))
            .group_by(R.status)
        ).all()
    )
    verified = counted.get(RecordStatus.VERIFIED, 0)
    return Pair(verified, verified + counted.get(RecordStatus.SENT, 0))
