"""Evidence of records: photos and files, kept in the database beside them, and the one way to them.

A piece of evidence is known by the UUID that its form made, so a resend is never a duplicate. Who may see the record
may see its evidence; its author adds and takes away while the record is open to them. What was taken away is out of
sight, and stays: an inspector may ask for it. The bytes stand in a table of their own, so that no list ever reads them.
A record never waits for its photos: its sending names those that are still on the tablet, and exactly these may come
later, also when the record was verified meanwhile.
"""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from data_model.core import clock, journal
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.problems import Say, refuse
from data_model.core.unavailable import Unavailable
from data_model.evidence.content import Examined, Medium
from data_model.evidence.tables import Evidence, EvidenceBytes, ExpectedEvidence
from data_model.records.listing import visible
from data_model.records.tables import REPORTED, FieldRecord, RecordStatus
from data_model.records.writing import Entry, begin_draft, locked, may_add_to
from data_model.units.distances import Ground, ground_of
from data_model.units.tables import Unit

MOST_PER_RECORD = 60
LATEST_RECORDS = 40
"""Of so many records of a commune the latest photos are taken: the work stays the same however many there are."""


E = columns(Evidence)
EE, EB, R = columns(ExpectedEvidence), columns(EvidenceBytes), columns(FieldRecord)
MAY_FOLLOW = (*REPORTED, RecordStatus.RETURNED)
"""Statuses of a record that the photos named at its sending may still join."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What a list shows of evidence. `far`: taken far outside the unit of its record. `removed_at` None: in sight."""

    id: uuid.UUID
    record_id: uuid.UUID
    medium: Medium
    name: str
    media_type: str
    size: int
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    far: bool
    added_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Cover:
    """What a list of records shows of one: its first photo (None: only files), how many photos and files it has."""

    photo_id: uuid.UUID | None
    count: int


def expect(session: Session, actor: Actor, evidence_id: uuid.UUID, entry: Entry) -> Piece | None:
    """Before the bytes are read: the piece, when it came before; None when it may come. Raises Refused as `attach`
    will.

    Nothing is written here: a place where nothing may be written is refused by `attach`, at the latest.
    """
    actor.require(Act.WRITE_RECORD)
    known = _known(session, actor, evidence_id, entry)
    if known is not None:
        return known
    record = session.get(FieldRecord, entry.id)
    if record is not None:
        if not _was_named(session, actor, evidence_id, record):
            may_add_to(actor, record)
        _room_left(session, record)
    elif not actor.holds(entry.unit_id, clock.today()):
        raise refuse(Say.UNIT_OUTSIDE_YOURS, "unit")
    return None


def attach(session: Session, actor: Actor, evidence_id: uuid.UUID, entry: Entry, examined: Examined) -> Piece:
    """Keep a piece of evidence with the record of `entry`; a record that is not there yet begins as an empty draft.

    A resend gives the piece that is there. Raises Refused when the record is not the account's own or no longer open to
    it.
    """
    actor.require(Act.WRITE_RECORD)
    known = _known(session, actor, evidence_id, entry)
    if known is not None:
        return known
    record = locked(session, entry.id)
    if record is None or not _was_named(session, actor, evidence_id, record):
        record = begin_draft(session, actor, entry)
    _room_left(session, record)
    made = Evidence(
        id=evidence_id,
        record_id=record.id,
        medium=examined.medium,
        name=examined.name,
        media_type=examined.media_type,
        size=len(examined.content),
        digest=examined.digest,
        width=examined.width,
        height=examined.height,
        taken_at=examined.taken_at,
        latitude=examined.latitude,
        longitude=examined.longitude,
        added_by=actor.id,
        added_at=clock.now(),
    )
    made.kept_digest, made.thumbnail_digest = _digest(examined.content), _digest(examined.thumbnail)
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
            session.add(EvidenceBytes(evidence_id=evidence_id, thumbnail=examined.thumbnail, content=examined.content))
    except IntegrityError:  # the same piece, at the same moment, over another connection
        known = _known(session, actor, evidence_id, entry)
        if known is None:
            raise
        return known
    _came(session, evidence_id)
    after = {
        "evidence": str(evidence_id),
        "name": made.name,
        "bytes": made.size,
        "sha256": made.digest,
        "status": record.status,
    }
    journal.note(session, actor, "add_evidence", "record", record.id, after=after, channel=entry.channel)
    return _piece(made, _ground(session, record.unit_id))


def remove(session: Session, actor: Actor, evidence_id: uuid.UUID, channel: str = "page") -> None:
    """Take a piece out of sight; its row and bytes stay. Doing it twice is doing it once. Raises Refused as `attach`.

    A piece that was named at the sending and has not come is expected no longer.
    """
    actor.require(Act.WRITE_RECORD)
    found = session.get(Evidence, evidence_id)
    if found is None and no_longer_expected(session, actor, evidence_id):
        return
    record = locked(session, found.record_id) if found else None
    if found is None or record is None or record.author_id != actor.id:
        raise refuse(Say.NOT_FOUND)
    session.refresh(found)  # another tap may have been faster
    if found.removed_at is not None:
        return
    may_add_to(actor, record)
    found.removed_by, found.removed_at = actor.id, clock.now()
    session.add(found)
    before = {"evidence": str(evidence_id), "name": found.name, "sha256": found.digest, "status": record.status}
    journal.note(session, actor, "remove_evidence", "record", record.id, before=before, channel=channel)


def expected_from(session: Session, actor: Actor, record: FieldRecord, evidence_ids: Iterable[uuid.UUID]) -> None:
    """At the sending of `record`: which pieces its author attached on the tablet and has yet to hand in.

    A record that was decided on meanwhile takes no new names: a sending that is repeated then changes nothing. Raises
    Refused (EVIDENCE_TOO_MANY), and for a record of somebody else.
    """
    actor.require(Act.WRITE_RECORD)
    if record.author_id != actor.id:
        raise refuse(Say.NOT_FOUND)
    if record.status != RecordStatus.SENT:
        return
    wanted = set(evidence_ids)
    if len(wanted) > MOST_PER_RECORD:
        raise refuse(Say.EVIDENCE_TOO_MANY, "evidence", most=MOST_PER_RECORD)
    waiting = {
        row.evidence_id: row
        for row in session.exec(select(ExpectedEvidence).where(ExpectedEvidence.record_id == record.id))
    }
    for evidence_id in waiting.keys() - wanted:
        session.delete(waiting[evidence_id])
    # Somebody else's number stays theirs: the piece will be refused when it comes.
    taken = set(session.exec(select(E.id).where(E.id.in_(wanted)))) | set(
        session.exec(select(EE.evidence_id).where(EE.evidence_id.in_(wanted)))
    )
    session.add_all(
        ExpectedEvidence(evidence_id=each, record_id=record.id, account_id=actor.id, named_at=clock.now())
        for each in wanted - taken
    )


def no_longer_expected(session: Session, actor: Actor, evidence_id: uuid.UUID) -> bool:
    """The author gave up a piece that had not come, or it was refused for good. Gives whether it was expected."""
    actor.require(Act.WRITE_RECORD)
    row = session.get(ExpectedEvidence, evidence_id)
    if row is None or row.account_id != actor.id:
        return False
    session.delete(row)
    return True


def on_the_way(session: Session, actor: Actor, record_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many pieces are still on a tablet, of those of these records that the account may see; records that wait for
    none are left out.
    """
    found = session.execute(
        select(EE.record_id, func.count())
        .join(FieldRecord, R.id == EE.record_id)
        .where(EE.record_id.in_(list(record_ids)), visible(actor))
        .group_by(EE.record_id)
    )
    return dict(found.all())


def known_pieces(session: Session, actor: Actor, evidence_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these pieces of the account's own are here."""
    actor.require(Act.WRITE_RECORD)
    return set(session.exec(select(E.id).where(E.id.in_(list(evidence_ids)), E.added_by == actor.id)))


def list_evidence(session: Session, actor: Actor, record_id: uuid.UUID, *, removed: bool = False) -> list[Piece]:
    """The evidence of a record, photos before files, in the order it came; nothing for a record that the account may
    not see.

    `removed`: what was taken away instead, for roles that read the journal.
    """
    if removed:
        actor.require(Act.READ_JOURNAL)
    which = E.removed_at.is_not(None) if removed else E.removed_at.is_(None)
    found = session.exec(
        select(Evidence, FieldRecord.unit_id)
        .join(FieldRecord, FieldRecord.id == E.record_id)
        .where(E.record_id == record_id, which, visible(actor))
        .order_by(E.medium.desc(), E.added_at, E.id)
    ).all()
    if not found:
        return []
    ground = _ground(session, found[0][1]) if any(piece.latitude is not None for piece, _unit in found) else None
    return [_piece(piece, ground) for piece, _unit in found]


def require_sight(session: Session, actor: Actor, evidence_id: uuid.UUID) -> None:
    """Raises Refused (NOT_FOUND) when there is no such piece or the account may not see it; reads no bytes."""
    _open(session, actor, evidence_id, EB.evidence_id)


def open_content(session: Session, actor: Actor, evidence_id: uuid.UUID) -> tuple[Evidence, bytes]:
    """One piece with the bytes that are kept. Raises Refused (NOT_FOUND) when there is none or the account may not see
    it.

    Raises Unavailable when the bytes are no longer those that were kept.
    """
    row, content = _open(session, actor, evidence_id, EB.content)
    return row, _unharmed(row, content, row.kept_digest)


def open_thumbnail(session: Session, actor: Actor, evidence_id: uuid.UUID) -> bytes:
    """The small picture of a photo. Raises Refused (NOT_FOUND) as `open_content`, and for a file."""
    row, thumbnail = _open(session, actor, evidence_id, EB.thumbnail)
    if thumbnail is None:
        raise refuse(Say.NOT_FOUND)
    return _unharmed(row, thumbnail, row.thumbnail_digest)


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def _unharmed(row: Evidence, content: bytes, kept: str | None) -> bytes:
    if kept is not None and _digest(content) != kept:
        raise Unavailable(Say.EVIDENCE_HARMED, name=row.name)
    return content


def covers(session: Session, actor: Actor, record_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Cover]:
    """First photo and number of pieces of the records of a list; records without any, or not to be seen, are left
    out.
    """
    wanted = list(record_ids)
    if not wanted:
        return {}
    place = (
        func.row_number().over(partition_by=E.record_id, order_by=(E.medium.desc(), E.added_at, E.id)).label("place")
    )
    count = func.count().over(partition_by=E.record_id).label("count")
    shown: list[Any] = [E.record_id, E.id, E.medium, place, count]
    pieces = (
        select(*shown)
        .join(FieldRecord, R.id == E.record_id)
        .where(E.record_id.in_(wanted), E.removed_at.is_(None), visible(actor))
        .subquery()
    )
    found = session.execute(select(pieces).where(pieces.c.place == 1))
    return {
        record_id: Cover(piece_id if medium == Medium.PHOTO else None, pieces_in_all)
        for record_id, piece_id, medium, _place, pieces_in_all in found
    }


def latest_photos(
    session: Session, actor: Actor, plan_id: int, unit_id: int, limit: int = 6
) -> list[tuple[Piece, int]]:
    """The newest photos of a commune's latest reported records, each with the activity of its record."""
    records = (
        select(R.id)
        .where(
            visible(actor),
            R.plan_id == plan_id,
            R.unit_id == unit_id,
            R.status.in_(REPORTED),
        )
        .order_by(R.changed_at.desc(), R.id)
        .limit(LATEST_RECORDS)
    )
    found = session.exec(
        select(Evidence, FieldRecord.activity_id)
        .join(FieldRecord, FieldRecord.id == E.record_id)
        .where(E.record_id.in_(records), E.removed_at.is_(None), E.medium == Medium.PHOTO)
        .order_by(E.added_at.desc(), E.id)
        .limit(limit)
    ).all()
    ground = _ground(session, unit_id) if any(piece.latitude is not None for piece, _activity in found) else None
    return [(_piece(piece, ground), activity_id) for piece, activity_id in found]


def _open(session: Session, actor: Actor, evidence_id: uuid.UUID, column: Any) -> tuple[Evidence, Any]:
    """Evidence that is in sight, and that column of its bytes; what was taken away only for those who read the
    journal.
    """
    found = session.exec(
        select(Evidence, column)
        .join(EvidenceBytes, EvidenceBytes.evidence_id == E.id)
        .join(FieldRecord, FieldRecord.id == E.record_id)
        .where(E.id == evidence_id, visible(actor))
    ).first()
    if found is None or (found[0].removed_at is not None and not actor.may(Act.READ_JOURNAL)):
        raise refuse(Say.NOT_FOUND)
    return found


def _known(session: Session, actor: Actor, evidence_id: uuid.UUID, entry: Entry) -> Piece | None:
    """The piece of that id when it is the account's own, of the same record; somebody else's is not found."""
    found = session.get(Evidence, evidence_id)
    if found is None:
        return None
    if found.added_by != actor.id or found.record_id != entry.id:
        raise refuse(Say.NOT_FOUND)
    return _piece(found, _ground(session, session.get_one(FieldRecord, found.record_id).unit_id))


def _was_named(session: Session, actor: Actor, evidence_id: uuid.UUID, record: FieldRecord) -> bool:
    row = session.get(ExpectedEvidence, evidence_id)
    return (
        row is not None
        and (row.record_id, row.account_id, record.author_id) == (record.id, actor.id, actor.id)
        and record.status in MAY_FOLLOW
    )


def _came(session: Session, evidence_id: uuid.UUID) -> None:
    session.execute(delete(ExpectedEvidence).where(EE.evidence_id == evidence_id))


def _room_left(session: Session, record: FieldRecord) -> None:
    there = session.execute(
        select(func.count()).select_from(Evidence).where(and_(E.record_id == record.id, E.removed_at.is_(None)))
    ).scalar_one()
    if there >= MOST_PER_RECORD:
        raise refuse(Say.EVIDENCE_TOO_MANY, "evidence", most=MOST_PER_RECORD)


def _ground(session: Session, unit_id: int) -> Ground:
    return ground_of(session, session.get_one(Unit, unit_id))


def _piece(row: Evidence, ground: Ground | None) -> Piece:
    far = False
    if ground is not None and row.latitude is not None and row.longitude is not None:
        far = ground.is_far(row.latitude, row.longitude)
    return Piece(
        row.id,
        row.record_id,
        Medium(row.medium),
        row.name,
        row.media_type,
        row.size,
        row.taken_at,
        row.latitude,
        row.longitude,
        far,
        row.added_at,
        row.removed_at,
    )
