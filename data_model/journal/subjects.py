"""What the entries of the journal are about, by name: a page of entries costs one query for each kind of subject in
it.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, select

from data_model.accounts.tables import Account
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.label import Label
from data_model.periods.periods import Period
from data_model.periods.tables import LockException, Snapshot
from data_model.planning.tables import PlanDraft
from data_model.plans.tables import Activity, MonitoringRound, Plan, Target
from data_model.records.tables import FieldRecord, Recommendation
from data_model.review.tables import ReviewBatchRecord, SecondLook
from data_model.units.tables import Office, Unit

Subject = tuple[str, str]
"""Subject and its id, as the journal has them."""
R = columns(FieldRecord)
T, A, U, N, RBR, L, MR, P, AC, S, LE = (
    columns(Target),
    columns(Activity),
    columns(Unit),
    columns(Recommendation),
    columns(ReviewBatchRecord),
    columns(SecondLook),
    columns(MonitoringRound),
    columns(Plan),
    columns(Account),
    columns(Snapshot),
    columns(LockException),
)


@dataclass(frozen=True, slots=True)
class Named:
    """A thing's name, and where it has them its unit ("phường Phổ Vinh") and day."""

    name: Label
    place: str | None = None
    day: date | None = None


@dataclass(frozen=True)
class Lookups:
    """Names of what stands by its number in before and after: units, accounts, plans, targets (by their activity)."""

    units: dict[int, str]
    accounts: dict[int, str]
    plans: dict[int, Label]
    targets: dict[int, Label]


def lookups(session: Session, actor: Actor) -> Lookups:
    """All of them, for reading entries. Raises Refused for roles that read no journal."""
    actor.require(Act.READ_JOURNAL)
    targets = session.execute(select(T.id, A.name_vi, A.name_en).join(Activity, A.id == T.activity_id))
    return Lookups(
        {unit_id: f"{kind} {name}" for unit_id, kind, name in session.execute(select(Unit.id, Unit.kind, Unit.name))},
        dict(session.execute(select(Account.id, Account.display_name)).all()),
        {plan_id: Label(vi, en) for plan_id, vi, en in session.execute(select(Plan.id, Plan.name_vi, Plan.name_en))},
        {target_id: Label(vi, en) for target_id, vi, en in targets},
    )


def name_subjects(session: Session, subjects: Iterable[Subject]) -> dict[Subject, Named]:
    """Names of things; what is not found is left out."""
    by_kind: dict[str, set[str]] = {}
    for subject, subject_id in subjects:
        by_kind.setdefault(subject, set()).add(subject_id)
    return {
        (subject, subject_id): named
        for subject, ids in by_kind.items()
        if subject in _NAMING
        for subject_id, named in _NAMING[subject](session, ids).items()
    }


def _records(session: Session, ids: set[str]) -> dict[str, Named]:
    shown: list[Any] = [R.id, A.name_vi, A.name_en, U.kind, U.name, R.happened_on]
    found = session.execute(
        select(*shown)
        .join(Activity, A.id == R.activity_id)
        .join(Unit, U.id == R.unit_id)
        .where(R.id.in_([uuid.UUID(i) for i in ids]))
    )
    return {str(key): Named(Label(vi, en), f"{kind} {place}", day) for key, vi, en, kind, place, day in found}


def _recommendations(session: Session, ids: set[str]) -> dict[str, Named]:
    found = session.execute(
        select(N.id, N.what, U.kind, U.name).join(Unit, U.id == N.unit_id).where(N.id.in_([uuid.UUID(i) for i in ids]))
    )
    return {str(key): Named(_quoted(what), f"{kind} {place}") for key, what, kind, place in found}


def _batches(session: Session, ids: set[str]) -> dict[str, Named]:
    counted = select(RBR.batch_id, func.count()).where(RBR.batch_id.in_([uuid.UUID(i) for i in ids]))
    return {
        str(key): Named(Label(f"loạt bản ghi gồm {count} bản", f"batch of records, {count} in all"))
        for key, count in session.execute(counted.group_by(RBR.batch_id))
    }


def _second_looks(session: Session, ids: set[str]) -> dict[str, Named]:
    found = session.execute(select(L.id, L.out_of, L.seed).where(L.id.in_(map(int, ids))))
    return {
        str(key): Named(
            Label(
                f"mẫu xem lại số {key} (từ {out_of} bản ghi, số rút {seed})",
                f"sample for a second look no. {key} (of {out_of} records, seed {seed})",
            )
        )
        for key, out_of, seed in found
    }


def _rounds(session: Session, ids: set[str]) -> dict[str, Named]:
    found = session.execute(select(MR.id, MR.name_vi, MR.name_en).where(MR.id.in_(map(int, ids))))
    return {str(key): Named(Label(vi, en)) for key, vi, en in found}


def _plans(session: Session, ids: set[str]) -> dict[str, Named]:
    return {str(plan.id): Named(plan.name) for plan in session.exec(select(Plan).where(P.id.in_(map(int, ids))))}


def _plan_drafts(session: Session, ids: set[str]) -> dict[str, Named]:
    """By what the draft calls its plan so far, else by its number."""
    found = session.exec(select(PlanDraft).where(columns(PlanDraft).id.in_(map(int, ids))))
    named: dict[int, str | None] = {draft.id: (draft.sheets.get("plan") or [{}])[0].get("name_vi") for draft in found}
    return {str(key): Named(Label(name or f"số {key}", name or f"no. {key}")) for key, name in named.items()}


def _offices(session: Session, ids: set[str]) -> dict[str, Named]:
    """By the unit that it is now."""
    found = session.exec(select(Unit).join(Office, columns(Office).unit_id == columns(Unit).id)).first()
    name = found.full_name if found else "?"
    return {key: Named(Label(name, name)) for key in ids}


def _accounts(session: Session, ids: set[str]) -> dict[str, Named]:
    found = session.execute(select(AC.id, AC.display_name).where(AC.id.in_(map(int, ids))))
    return {str(key): Named(Label(name, name)) for key, name in found}


def _snapshots(session: Session, ids: set[str]) -> dict[str, Named]:
    found = session.execute(select(S.id, S.period, S.version).where(S.id.in_(map(int, ids))))
    return {
        str(key): Named(
            Label(f"{Period(period).label.vi}, bản {version}", f"{Period(period).label.en}, version {version}")
        )
        for key, period, version in found
    }


def _exceptions(session: Session, ids: set[str]) -> dict[str, Named]:
    found = session.execute(
        select(LE.id, AC.display_name, LE.ends_on).join(Account, AC.id == LE.account_id).where(LE.id.in_(map(int, ids)))
    )
    return {str(key): Named(Label(name, name), day=ends_on) for key, name, ends_on in found}


def _days(_session: Session, ids: set[str]) -> dict[str, Named]:
    return {day: Named(Label("", ""), day=date.fromisoformat(day)) for day in ids}


def _quoted(words: str) -> Label:
    short = words if len(words) <= 80 else words[:79].rstrip() + "…"
    return Label(f"“{short}”", f"“{short}”")


_NAMING: dict[str, Callable[[Session, set[str]], dict[str, Named]]] = {
    "record": _records,
    "review_batch": _batches,
    "second_look": _second_looks,
    "recommendation": _recommendations,
    "round": _rounds,
    "snapshot": _snapshots,
    "lock_exception": _exceptions,
    "plan": _plans,
    "plan_draft": _plan_drafts,
    "office": _offices,
    "account": _accounts,
    "boundaries": _days,
    "holiday": _days,
}
