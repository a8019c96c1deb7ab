"""Photos and files that were harmed in the database are noticed when they are read, and the database is examined before
the next write.
"""

import uuid

import pytest
from sqlmodel import select

from data_model.core import database as ground
from data_model.core.problems import Say
from data_model.core.unavailable import Unavailable
from data_model.evidence import attachments
from data_model.evidence.content import examine
from data_model.evidence.tables import EvidenceBytes
from tests.conftest import PHO_VINH
from tests.evidence_samples import jpeg, pdf


@pytest.mark.parametrize(
    ("content", "column"),
    [
        (examine(jpeg(), "anh.jpg"), "content"),
        (examine(jpeg(), "anh.jpg"), "thumbnail"),
        (examine(pdf(), "bien-ban.pdf"), "content"),
    ],
    ids=["photo", "thumbnail", "file"],
)
def test_a_harmed_piece_is_said_and_not_shown(town, dialogue, content, column, monkeypatch):
    entry, which, officer = town.entry("DP-11", PHO_VINH, dialogue()), uuid.uuid4(), town.people.supervisor
    with town.writing() as session:
        attachments.attach(session, officer, which, entry, content)
    reads = attachments.open_thumbnail if column == "thumbnail" else attachments.open_content
    with town.reading() as session:
        assert reads(session, officer, which)
    with town.writing() as session:
        kept = session.exec(select(EvidenceBytes).where(EvidenceBytes.evidence_id == which)).one()
        whole = getattr(kept, column)
        setattr(kept, column, whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:])
    with pytest.raises(Unavailable) as caught, town.reading() as session:
        reads(session, officer, which)
    assert caught.value.say is Say.EVIDENCE_HARMED and caught.value.problems[0].figures == {"name": content.name}

    examined = []
    monkeypatch.setattr(ground.Database, "complaints", lambda database: examined.append(database) or [])
    with town.writing() as session:
        setattr(session.exec(select(EvidenceBytes).where(EvidenceBytes.evidence_id == which)).one(), column, whole)
    assert len(examined) == (town.dialect == "sqlite"), (
        "a harmed photo is a reason to look at the whole file before writing into it"
    )
    with town.reading() as session:
        assert reads(session, officer, which)
