"""Evidence that arrives in parts: it goes on where it was cut, is bounded for each account, and is whole or nothing."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from sqlmodel import func, select

from data_model.core import clock
from data_model.core.problems import Refused, Say
from data_model.evidence import uploads
from data_model.evidence.tables import EvidencePart, EvidenceUpload
from data_model.evidence.uploads import MOST_OF_ACCOUNT, MOST_PART, RESTS

CONTENT = bytes(range(256)) * 10
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def add(
    town, evidence_id, start: int, content: bytes, size: int = len(CONTENT), digest: str = DIGEST, actor=None
) -> int:
    with town.writing() as session:
        return uploads.add_part(session, actor or town.people.supervisor, evidence_id, size, digest, start, content)


def here(town, evidence_id, size: int = len(CONTENT), digest: str = DIGEST) -> tuple[int, bytes | None]:
    with town.reading() as session:
        return uploads.received(session, town.people.supervisor, evidence_id, size, digest), uploads.whole(
            session, town.people.supervisor, evidence_id
        )


def rows(town, table) -> int:
    with town.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_parts_add_up_and_are_whole_at_the_end(town):
    one = uuid.uuid4()
    assert here(town, one) == (0, None)
    assert add(town, one, 0, CONTENT[:1000]) == 1000
    assert here(town, one) == (1000, None)
    assert add(town, one, 1000, CONTENT[1000:]) == len(CONTENT)
    assert here(town, one) == (len(CONTENT), CONTENT)
    with town.writing() as session:
        uploads.forget(session, town.people.supervisor, one)
    assert (rows(town, EvidenceUpload), rows(town, EvidencePart)) == (0, 0)


def test_a_part_twice_or_out_of_turn_changes_nothing(town):
    one = uuid.uuid4()
    assert add(town, one, 500, CONTENT[500:600]) == 0 and rows(town, EvidenceUpload) == 0
    assert add(town, one, 0, CONTENT[:500]) == 500
    assert add(town, one, 0, CONTENT[:500]) == 500
    assert add(town, one, 700, CONTENT[700:]) == 500
    assert add(town, one, 500, CONTENT[500:]) == len(CONTENT) and here(town, one)[1] == CONTENT


def test_other_bytes_than_announced_are_never_whole(town):
    one = uuid.uuid4()
    add(town, one, 0, b"x" * len(CONTENT))
    assert here(town, one) == (len(CONTENT), None)
    # Announced as another file, it begins anew.
    other = hashlib.sha256(b"y" * 10).hexdigest()
    assert here(town, one, 10, other)[0] == 0
    assert add(town, one, 0, b"y" * 10, 10, other) == 10 and here(town, one, 10, other)[1] == b"y" * 10


@pytest.mark.parametrize(
    ("start", "content", "size"),
    [
        (0, b"", 10),
        (0, b"x" * 11, 10),
        (5, b"x" * 6, 10),
        (-1, b"x", 10),
        (0, b"x", 0),
        (0, b"x", 25_000_001),
        (0, b"x" * (MOST_PART + 1), MOST_PART + 1),
    ],
)
def test_what_is_no_part_of_the_file_is_refused(town, start, content, size):
    with pytest.raises(Refused):
        add(town, uuid.uuid4(), start, content, size)


def test_an_upload_is_its_accounts_own(town):
    one = uuid.uuid4()
    add(town, one, 0, CONTENT[:10])
    for question in (uploads.whole, uploads.forget):
        with pytest.raises(Refused) as refused, town.writing() as session:
            question(session, town.people.second, one)
        assert refused.value.problems[0].say is Say.NOT_FOUND
    with pytest.raises(Refused):
        add(town, one, 10, CONTENT[10:], actor=town.people.second)
    assert here(town, one)[0] == 10


def test_an_account_has_room_for_so_much_and_the_one_that_rested_longest_gives_way(town):
    size = MOST_OF_ACCOUNT // 4
    kept = [uuid.uuid4() for _ in range(5)]
    for each in kept:
        add(town, each, 0, b"x", size)
    foreign = uuid.uuid4()
    add(town, foreign, 0, b"x", size, actor=town.people.second)
    assert [here(town, each, size)[0] for each in kept] == [0, 1, 1, 1, 1]
    assert rows(town, EvidenceUpload) == 5


def test_what_rested_for_a_week_is_dropped(town):
    old, new = uuid.uuid4(), uuid.uuid4()
    with clock.standing_at(clock.now() - RESTS - timedelta(hours=1)):
        add(town, old, 0, CONTENT[:10])
    add(town, new, 0, CONTENT[:10])
    assert (here(town, old)[0], here(town, new)[0], rows(town, EvidencePart)) == (0, 10, 1)
