"""The file of last resort: what is no such file is refused before it is read, and who hands in for whom."""

import io
import json
import uuid
import zipfile

import pytest
from sqlmodel import select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.evidence.tablet_files import TabletFile, author_for
from data_model.records import handed_in
from data_model.records.handed_in import note_handed_in
from data_model.records.writing import send
from data_model.review import decisions
from tests.conftest import PHO_VINH


def saved(told: object, photos: dict[str, bytes] | None = None, compression: int = zipfile.ZIP_STORED) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in (photos or {}).items():
            made.writestr(f"photos/{name}", content)
        made.writestr("tablet.json", told if isinstance(told, str) else json.dumps(told))
    return file


def record(**changed) -> dict:
    return {
        "record": str(uuid.uuid4()),
        "account": 2,
        "account_name": "giamsat1",
        "title": "Đối thoại",
        "payload": {"answers": {}},
    } | changed


def photo(**changed) -> dict:
    return {
        "id": str(uuid.uuid4()),
        "record": str(uuid.uuid4()),
        "account": 2,
        "account_name": "giamsat1",
        "name": "anh.jpg",
        "plan": 1,
        "activity": 1,
        "unit": 1,
    } | changed


def whole(**changed) -> dict:
    return {"format": 1, "records": [record()], "photos": []} | changed


def test_a_file_gives_its_records_and_the_bytes_of_its_photos():
    one = photo()
    found = TabletFile(saved(whole(photos=[one, photo()]), {one["id"]: b"bytes"}))
    assert (len(found.records), found.records[0].account_name, found.content(found.photos[0])) == (
        1,
        "giamsat1",
        b"bytes",
    )
    with pytest.raises(Refused) as refused:  # named, and not there
        found.content(found.photos[1])
    assert refused.value.problems[0].say is Say.EVIDENCE_DAMAGED


def test_an_empty_file_of_a_tablet_is_one():
    assert TabletFile(saved({"format": 1, "records": [], "photos": []})).records == []


@pytest.mark.parametrize(
    "file",
    [
        io.BytesIO(b""),
        io.BytesIO(b"no zip"),
        io.BytesIO(b"PK\x03\x04" + b"\0" * 100),
        saved("no json"),
        saved([]),
        saved({}),
        saved(whole(format=2)),
        saved(whole(records=3)),
        saved(whole(records=[record()] * 1_001)),
        saved(whole(photos=[photo()] * 3_001)),
        saved("[" * 100_000),
        saved(whole(), compression=zipfile.ZIP_DEFLATED),
    ],
    ids=range(12),
)
def test_what_is_no_file_of_a_tablet_is_refused(file):
    with pytest.raises(Refused) as refused:
        TabletFile(file)
    assert refused.value.problems[0].say is Say.TABLET_FILE_UNREADABLE


@pytest.mark.parametrize(
    ("odd", "named"),
    [
        ({"records": [record(record="x")]}, ["Đối thoại"]),
        ({"records": [record(account="2", title="")]}, None),
        ({"records": [record(payload=None)]}, ["Đối thoại"]),
        ({"records": [3]}, ["?"]),
        ({"photos": [photo(plan=True)]}, ["anh.jpg"]),
        ({"photos": [photo(unit=2**31)]}, ["anh.jpg"]),
        ({"photos": [{}]}, ["?"]),
    ],
    ids=range(7),
)
def test_a_row_that_cannot_be_read_is_named_and_keeps_no_other_back(odd, named):
    rows = {"records": [record(title="Tốt")], "photos": [photo(name="tot.jpg")]}
    found = TabletFile(saved({"format": 1} | {kind: rows[kind] + odd.get(kind, []) for kind in rows}))
    assert [one.title for one in found.records] == ["Tốt"] and [one.name for one in found.photos] == ["tot.jpg"]
    assert found.unread == (named or [odd["records"][0]["record"]])


def test_a_record_of_which_a_former_page_kept_only_a_mark_is_given_for_what_it_is():
    found = TabletFile(saved(whole(records=[record(payload={"outbox": True})])))
    assert [one.payload for one in found.records] == [{"outbox": True}] and found.unread == []


def test_a_damaged_photo_is_told_and_keeps_no_other_back():
    one = photo()
    file = saved(whole(photos=[one]), {one["id"]: b"0123456789"})
    raw = file.getvalue().replace(b"0123456789", b"0123456780")
    found = TabletFile(io.BytesIO(raw))
    with pytest.raises(Refused):
        found.content(found.photos[0])


def test_the_author_and_a_data_officer_hand_in_and_nobody_else(town):
    people = town.people
    with town.reading() as session:
        assert author_for(session, people.supervisor, people.supervisor.id, "giamsat1").id == people.supervisor.id
        assert author_for(session, people.officer, people.supervisor.id, "giamsat1") == people.supervisor
        for who in (people.second, people.leader, people.administrator):
            with pytest.raises(Refused):
                author_for(session, who, people.supervisor.id, "giamsat1")
        with pytest.raises(Refused):  # a number of another installation
            author_for(session, people.officer, people.supervisor.id, "giamsat9")
        with pytest.raises(Refused):  # who writes no records hands in none, not even as their own
            author_for(session, people.leader, people.leader.id, "lanhdao")


def test_the_journal_names_both_and_who_handed_in_does_not_verify(town, dialogue):
    people, entry = town.people, town.entry("DP-11", PHO_VINH, dialogue(), channel="file")
    for _twice in range(2):
        with town.writing() as session:
            kept = send(session, people.supervisor, entry)
            note_handed_in(session, people.officer, kept)
    with town.reading() as session:
        notes = session.exec(
            select(JournalEntry).where(JournalEntry.subject_id == str(kept.id)).order_by(JournalEntry.id)
        ).all()
        assert [(n.act, n.account_id, n.channel) for n in notes] == [
            ("send", people.supervisor.id, "file"),
            ("hand_in", people.officer.id, "file"),
        ]
        assert notes[1].after == {"account_id": people.supervisor.id}
        assert handed_in.handed_in_by(session, people.officer, kept.id) and not handed_in.handed_in_by(
            session, people.leader, kept.id
        )
    with pytest.raises(Refused) as refused, town.writing() as session:
        decisions.verify(session, people.officer, kept.id, kept.version)
    assert refused.value.problems[0].say is Say.OWN_HANDED_IN
    with town.writing() as session:
        assert decisions.verify(session, people.leader, kept.id, kept.version).reviewer_id == people.leader.id


def test_what_the_author_hands_in_needs_no_second_name(town, dialogue):
    with town.writing() as session:
        kept = send(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue()))
        note_handed_in(session, town.people.supervisor, kept)
    with town.reading() as session:
        assert not handed_in.handed_in_by(session, town.people.supervisor, kept.id)
