"""Tablets: which one last spoke to the server under which account, with which page, and what still waits on it."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, select

from data_model.accounts.tables import Account, Tablet
from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.core.database import columns, one_at_a_time

T, A = columns(Tablet), columns(Account)

MOST_OF_ACCOUNT = 20
MOST_WAITING = 1_000_000
OLDEST = timedelta(days=3650)
MOST_LISTED = 500


@dataclass(frozen=True)
class Report:
    """What a tablet says of itself. `waits` is how long the oldest record has been waiting, None where none waits.

    A length of time and no moment: a tablet's clock may be wrong.
    """

    tablet_id: uuid.UUID
    page_version: str
    waiting: int
    waits: timedelta | None
    device: str = ""


@dataclass(frozen=True)
class TabletRow:
    """A line of the list of tablets."""

    tablet_id: uuid.UUID
    account_id: int
    who: str
    device: str
    page_version: str
    waiting: int
    waiting_since: datetime | None
    heard_at: datetime


def heard(session: Session, actor: Actor, report: Report) -> None:
    """Note what a tablet of this account said; of too many tablets the one that was silent longest is forgotten."""
    one_at_a_time(session, f"tablet {report.tablet_id}")
    found = session.get(Tablet, (report.tablet_id, actor.id))
    if found is None:
        known = session.exec(select(T.id).where(T.account_id == actor.id).order_by(T.heard_at.desc(), T.id)).all()
        for tablet_id in known[MOST_OF_ACCOUNT - 1 :]:
            session.execute(delete(Tablet).where(T.id == tablet_id, T.account_id == actor.id))
        found = Tablet(
            id=report.tablet_id, account_id=actor.id, device="", page_version="", waiting=0, heard_at=clock.now()
        )
    now = clock.now()
    found.device, found.page_version, found.heard_at = report.device[:120], report.page_version[:20], now
    found.waiting = max(0, min(report.waiting, MOST_WAITING))
    found.waiting_since = now - min(report.waits, OLDEST) if found.waiting and report.waits is not None else None
    session.add(found)


def list_tablets(session: Session, actor: Actor) -> list[TabletRow]:
    """The tablets, those first on which something has waited longest, then by when they last spoke."""
    actor.require(Act.MANAGE_SUPERVISORS)
    found = session.exec(
        select(Tablet, A.display_name)
        .join(Account, A.id == T.account_id)
        .order_by((T.waiting > 0).desc(), T.waiting_since, T.heard_at.desc())
        .limit(MOST_LISTED)
    )
    return [
        TabletRow(t.id, t.account_id, who, t.device, t.page_version, t.waiting, t.waiting_since, t.heard_at)
        for t, who in found
    ]
