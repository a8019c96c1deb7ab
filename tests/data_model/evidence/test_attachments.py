"""Evidence of records on both databases: kept beside them, for those who may see them, never lost and never counted
twice.
"""

import io
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PIL import Image
from sqlalchemy import event
from sqlmodel import func, select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.evidence import attachments
from data_model.evidence.attachments import MOST_PER_RECORD
from data_model.evidence.content import Medium, examine
from data_model.evidence.tables import Evidence, EvidenceBytes
from data_model.records.listing import open_record, waiting_for_author
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.writing import discard, save_draft, send
from data_model.review import decisions
from data_model.units.boundaries import import_boundaries
from tests.conftest import ON_SQLITE, PHO_CUONG, PHO_VINH
from tests.evidence_samples import gps, jpeg, pdf

PHOTO = examine(jpeg(taken="2024:10:10 07:30:00", gps=gps(14.78, 108.97)), "anh.jpg")
FILE = examine(pdf(), "bien-ban.pdf")


@pytest.fixture
def entry(town, dialogue):
    """A dialogue in Phổ Vinh that is not in the database yet."""
    return town.entry("DP-11", PHO_VINH, dialogue())


def add(town, entry, content=PHOTO, actor=None, evidence_id=None) -> attachments.Piece:
    with town.writing() as session:
        return attachments.attach(session, actor or town.people.supervisor, evidence_id or uuid.uuid4(), entry, content)


def sent(town, entry) -> FieldRecord:
    with town.writing() as session:
        return send(session, town.people.supervisor, entry)


def listed(town, record_id, actor=None, **asked) -> list[attachments.Piece]:
    with town.reading() as session:
        return attachments.list_evidence(session, actor or town.people.supervisor, record_id, **asked)


def refusal(call) -> Say:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.problems[0].say


def rows(town, table) -> int:
    with town.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_photo_and_file_are_kept_beside_the_record(town, entry):
    photo, file = add(town, entry), add(town, entry, FILE)
    assert [p.id for p in listed(town, entry.id)] == [photo.id, file.id]
    assert (photo.medium, photo.taken_at, photo.latitude) == (
        Medium.PHOTO,
        datetime(2024, 10, 10, 0, 30, tzinfo=UTC),
        pytest.approx(14.78),
    )
    with town.reading() as session:
        kept, content = attachments.open_content(session, town.people.supervisor, photo.id)
        assert Image.open(io.BytesIO(content)).size == (kept.width, kept.height) == (640, 480)
        assert dict(Image.open(io.BytesIO(content)).getexif()) == {}
        assert Image.open(io.BytesIO(attachments.open_thumbnail(session, town.people.supervisor, photo.id))).size == (
            320,
            240,
        )
        assert attachments.open_content(session, town.people.supervisor, file.id)[1] == pdf()
        assert refusal(lambda: attachments.open_thumbnail(session, town.people.supervisor, file.id)) is Say.NOT_FOUND


def test_the_first_photo_begins_a_draft_that_the_form_goes_on_with(town, entry):
    add(town, entry)
    with town.reading() as session:
        draft = open_record(session, town.people.supervisor, entry.id)
        assert (draft.status, draft.version, draft.answers) == (RecordStatus.DRAFT, 0, {})
        assert [r.id for r in waiting_for_author(session, town.people.supervisor, entry.plan_id, 5)] == [entry.id]
    with town.writing() as session:
        assert save_draft(session, town.people.supervisor, entry).version == 1  # the form has seen none: version 0
    assert sent(town, replace(entry, seen_version=1)).status == RecordStatus.SENT


def test_a_record_is_sent_straight_from_its_first_photo(town, entry):
    add(town, entry)
    assert sent(town, entry).version == 1 and len(listed(town, entry.id)) == 1


def test_a_photo_that_comes_after_the_record_joins_it(town, entry):
    sent(town, entry)
    add(town, entry)
    with town.reading() as session:
        assert open_record(session, town.people.supervisor, entry.id).version == 1


def test_a_resend_is_never_a_duplicate(town, entry):
    first = add(town, entry)
    again = add(town, entry, FILE, evidence_id=first.id)
    assert again == first and (rows(town, Evidence), rows(town, EvidenceBytes)) == (1, 1)
    with town.reading() as session:
        assert attachments.expect(session, town.people.supervisor, first.id, entry) == first
        assert attachments.expect(session, town.people.supervisor, uuid.uuid4(), entry) is None


def test_a_resend_of_what_was_taken_away_does_not_bring_it_back(town, entry):
    first = add(town, entry)
    with town.writing() as session:
        attachments.remove(session, town.people.supervisor, first.id)
    assert add(town, entry, evidence_id=first.id).id == first.id and listed(town, entry.id) == []


def test_what_is_taken_away_is_out_of_sight_and_stays(town, entry):
    piece = add(town, entry)
    sent(town, entry)
    for _twice in range(2):
        with town.writing() as session:
            attachments.remove(session, town.people.supervisor, piece.id)
    assert listed(town, entry.id) == listed(town, entry.id, town.people.leader) == [] and rows(town, EvidenceBytes) == 1
    with town.reading() as session:
        assert attachments.covers(session, town.people.leader, [entry.id]) == {}
        assert refusal(lambda: attachments.open_content(session, town.people.supervisor, piece.id)) is Say.NOT_FOUND
        assert attachments.open_content(session, town.people.leader, piece.id)[1]  # an inspector may ask
    assert [p.id for p in listed(town, entry.id, town.people.leader, removed=True)] == [piece.id]
    assert refusal(lambda: listed(town, entry.id, removed=True)) is Say.NOT_ALLOWED


def test_every_change_is_in_the_journal(town, entry):
    piece = add(town, entry)
    sent(town, entry)
    late = add(town, entry, FILE)
    with town.writing() as session:
        attachments.remove(session, town.people.supervisor, piece.id)
    with town.reading() as session:
        notes = session.exec(
            select(JournalEntry).where(JournalEntry.subject_id == str(entry.id)).order_by(JournalEntry.id)
        ).all()
    assert [n.act for n in notes] == ["begin_draft", "add_evidence", "send", "add_evidence", "remove_evidence"]
    assert {n.account_id for n in notes} == {town.people.supervisor.id}
    assert notes[3].after | {"bytes": 0} == {
        "evidence": str(late.id),
        "name": "bien-ban.pdf",
        "bytes": 0,
        "sha256": FILE.digest,
        "status": "sent",
    }
    assert notes[4].before["evidence"] == str(piece.id)


def test_others_see_it_when_the_record_was_sent(town, entry):
    piece = add(town, entry)
    for other in (town.people.second, town.people.leader):
        assert listed(town, entry.id, other) == []
    sent(town, entry)
    assert [p.id for p in listed(town, entry.id, town.people.leader)] == [piece.id]
    assert listed(town, entry.id, town.people.second) == []
    with town.reading() as session:
        for question in (attachments.open_content, attachments.open_thumbnail):
            assert refusal(lambda: question(session, town.people.second, piece.id)) is Say.NOT_FOUND
            assert question(session, town.people.leader, piece.id)
        assert attachments.covers(session, town.people.second, [entry.id]) == {}
        assert attachments.latest_photos(session, town.people.second, entry.plan_id, entry.unit_id) == []


def test_nobody_adds_to_or_takes_from_anothers_record(town, entry):
    piece = add(town, entry)
    sent(town, entry)
    for other in (town.people.second, town.people.officer):
        assert refusal(lambda: add(town, entry, actor=other)) is Say.NOT_FOUND
        assert refusal(lambda: add(town, entry, actor=other, evidence_id=piece.id)) is Say.NOT_FOUND
        with town.writing() as session:
            assert refusal(lambda: attachments.remove(session, other, piece.id)) is Say.NOT_FOUND
            assert refusal(lambda: attachments.expect(session, other, piece.id, entry)) is Say.NOT_FOUND
    for reader in (town.people.leader, town.people.administrator):
        assert refusal(lambda: add(town, entry, actor=reader)) is Say.NOT_ALLOWED
        with town.writing() as session:
            assert refusal(lambda: attachments.remove(session, reader, piece.id)) is Say.NOT_ALLOWED
    assert [p.id for p in listed(town, entry.id)] == [piece.id]


def test_a_piece_stays_with_its_record(town, entry):
    piece = add(town, entry)
    elsewhere = replace(entry, id=uuid.uuid4())
    assert refusal(lambda: add(town, elsewhere, evidence_id=piece.id)) is Say.NOT_FOUND
    assert rows(town, FieldRecord) == 1


def test_no_draft_begins_where_none_may_be_written(town, entry):
    outside = replace(entry, unit_id=town.unit(PHO_CUONG).id)
    assert refusal(lambda: add(town, outside)) is Say.UNIT_OUTSIDE_YOURS
    assert refusal(lambda: add(town, replace(entry, activity_id=999_999))) is Say.ACTIVITY_OF_OTHER_PLAN
    assert refusal(lambda: add(town, replace(entry, plan_id=999_999))) is Say.NOT_FOUND
    with town.reading() as session:
        assert (
            refusal(lambda: attachments.expect(session, town.people.supervisor, uuid.uuid4(), outside))
            is Say.UNIT_OUTSIDE_YOURS
        )
    assert (rows(town, FieldRecord), rows(town, Evidence), rows(town, EvidenceBytes)) == (0, 0, 0)


def test_a_decided_record_keeps_its_evidence(town, entry):
    piece = add(town, entry)
    record = sent(town, entry)
    with town.writing() as session:
        version = decisions.return_to_author(
            session, town.people.leader, record.id, record.version, "Thiếu ảnh"
        ).version
    add(town, entry)  # returned: open again
    record = sent(town, replace(entry, seen_version=version))
    with town.writing() as session:
        decisions.verify(session, town.people.leader, record.id, record.version)
    assert refusal(lambda: add(town, entry)) is Say.NOT_OPEN_FOR_CHANGE
    with town.writing() as session:
        assert refusal(lambda: attachments.remove(session, town.people.supervisor, piece.id)) is Say.NOT_OPEN_FOR_CHANGE
    assert len(listed(town, entry.id)) == 2


@ON_SQLITE
def test_a_thrown_away_draft_takes_no_more(town, entry):
    add(town, entry)
    with town.writing() as session:
        discard(session, town.people.supervisor, entry.id)
    assert refusal(lambda: add(town, entry)) is Say.NOT_OPEN_FOR_CHANGE


@ON_SQLITE
def test_a_record_has_room_for_sixty(town, entry):
    pieces = [add(town, entry) for _ in range(MOST_PER_RECORD)]
    assert refusal(lambda: add(town, entry)) is Say.EVIDENCE_TOO_MANY
    with town.writing() as session:
        attachments.remove(session, town.people.supervisor, pieces[0].id)
    assert add(town, entry)


def test_a_photo_from_elsewhere_is_marked_and_kept(town, entry):
    near, far = examine(jpeg(gps=gps(14.78, 108.97)), "x"), examine(jpeg(gps=gps(21.03, 105.85)), "x")
    assert [add(town, entry, each).far for each in (near, far, FILE)] == [False, True, False]
    here = [[108.9, 14.7], [109.0, 14.7], [109.0, 14.8], [108.9, 14.8], [108.9, 14.7]]
    shape = {
        "type": "Feature",
        "properties": {"code": PHO_VINH},
        "geometry": {"type": "Polygon", "coordinates": [here]},
    }
    with town.writing() as session:
        import_boundaries(
            session,
            town.people.officer,
            str({"type": "FeatureCollection", "features": [shape]}).replace("'", '"').encode(),
            date(2024, 10, 1),
            "thử",
            sure=True,
        )
    assert [p.far for p in listed(town, entry.id)] == [False, True, False]


def test_a_list_reads_no_bytes(town, entry):
    for content in (FILE, PHOTO, PHOTO):
        add(town, entry, content)
    sent(town, entry)
    statements: list[str] = []
    event.listen(town.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with town.reading() as session:
        covers = attachments.covers(session, town.people.leader, [entry.id, uuid.uuid4()])
        latest = attachments.latest_photos(session, town.people.leader, entry.plan_id, entry.unit_id)
        pieces = attachments.list_evidence(session, town.people.leader, entry.id)
    assert (len(pieces), len(latest), covers[entry.id].count) == (3, 2, 3)
    assert covers[entry.id].photo_id == pieces[0].id
    assert statements and not any("evidence_bytes" in statement for statement in statements)


@ON_SQLITE
def test_a_cover_of_files_alone_has_no_picture(town, entry):
    add(town, entry, FILE)
    with town.reading() as session:
        assert attachments.covers(session, town.people.supervisor, [entry.id]) == {entry.id: attachments.Cover(None, 1)}
