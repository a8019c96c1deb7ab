"""Evidence that is still arriving, part by part, so that a slow line makes progress and a cut loses one part at most.

What came is kept for its account alone until it is whole. It is bounded: the upload that rested longest gives way to a
new one, and what rested for a week is dropped; the tablet still has it and begins again.
"""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, select

from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.problems import Say, refuse
from data_model.evidence.content import MOST_BYTES
from data_model.evidence.tables import EvidencePart, EvidenceUpload

EP, EU = columns(EvidencePart), columns(EvidenceUpload)

MOST_PART = 1024 * 1024
MOST_OF_ACCOUNT = 4 * MOST_BYTES
"""Bytes, as announced, of all that an account has under way."""
RESTS = timedelta(days=7)


def received(session: Session, actor: Actor, evidence_id: uuid.UUID, size: int, digest: str) -> int:
    """How many bytes of this file came; 0 where it is new, or was announced as another file before."""
    found = _own(session, actor, evidence_id)
    return found.received if found and (found.size, found.digest) == (size, digest) else 0


def add_part(
    session: Session, actor: Actor, evidence_id: uuid.UUID, size: int, digest: str, start: int, content: bytes
) -> int:
    """Keep the bytes from `start` on; gives how many there are now. A part that does not go on where the last one ended
    changes nothing. Raises Refused for sizes that cannot be, and for what another account sends.
    """
    actor.require(Act.WRITE_RECORD)
    if not 0 < size <= MOST_BYTES or not 0 < len(content) <= MOST_PART or start < 0 or start + len(content) > size:
        raise refuse(Say.NOT_UNDERSTOOD, "evidence")
    upload = _own(session, actor, evidence_id, locked=True)
    if upload is not None and (upload.size, upload.digest) != (size, digest):
        forget(session, actor, evidence_id)
        upload = None
    if upload is None:
        if start:
            return 0
        _make_room(session, actor, size)
        upload = EvidenceUpload(
            evidence_id=evidence_id, account_id=actor.id, size=size, digest=digest, changed_at=clock.now()
        )
        session.add(upload)
        session.flush()
    if start != upload.received:
        return upload.received
    session.add(EvidencePart(evidence_id=evidence_id, start=start, content=content))
    upload.received += len(content)
    upload.changed_at = clock.now()
    return upload.received


def whole(session: Session, actor: Actor, evidence_id: uuid.UUID) -> bytes | None:
    """The bytes of an upload that is complete; None where parts are missing or the bytes are not those that were
    announced.
    """
    upload = _own(session, actor, evidence_id)
    if upload is None or upload.received != upload.size:
        return None
    parts = session.exec(select(EP.content).where(EP.evidence_id == evidence_id).order_by(EP.start))
    content = b"".join(parts)
    return content if len(content) == upload.size and hashlib.sha256(content).hexdigest() == upload.digest else None


def forget(session: Session, actor: Actor, evidence_id: uuid.UUID) -> None:
    """Drop what came of a file: it is kept as evidence now, or refused, or must come again."""
    found = _own(session, actor, evidence_id)
    if found is not None:
        _drop(session, [found.evidence_id])


def _own(session: Session, actor: Actor, evidence_id: uuid.UUID, locked: bool = False) -> EvidenceUpload | None:
    actor.require(Act.WRITE_RECORD)
    found = session.get(EvidenceUpload, evidence_id, with_for_update=locked or None, populate_existing=True)
    if found is not None and found.account_id != actor.id:
        raise refuse(Say.NOT_FOUND)
    return found


def _make_room(session: Session, actor: Actor, size: int) -> None:
    _drop(
        session,
        session.exec(select(EU.evidence_id).where(EU.changed_at < clock.now() - RESTS)).all(),
    )
    under_way = session.exec(
        select(EU.evidence_id, EU.size).where(EU.account_id == actor.id).order_by(EU.changed_at.desc(), EU.evidence_id)
    ).all()
    room, over = MOST_OF_ACCOUNT - size, []
    for evidence_id, taken in under_way:
        room -= taken
        if room < 0:
            over.append(evidence_id)
    _drop(session, over)


def _drop(session: Session, evidence_ids: Sequence[uuid.UUID]) -> None:
    if evidence_ids:
        session.execute(delete(EvidencePart).where(EP.evidence_id.in_(evidence_ids)))
        session.execute(delete(EvidenceUpload).where(EU.evidence_id.in_(evidence_ids)))
        session.expire_all()
