"""A record never waits for its photos: its sending names them, and exactly these may follow, whatever was decided
meanwhile.
"""

import uuid
from dataclasses import replace

import pytest

from data_model.core.problems import Refused, Say
from data_model.evidence import attachments
from data_model.evidence.attachments import MOST_PER_RECORD
from data_model.evidence.content import examine
from data_model.records.listing import known_versions
from data_model.records.tables import RecordStatus
from data_model.records.versions import sent_before
from data_model.records.writing import send
from data_model.review import decisions
from tests.conftest import PHO_VINH
from tests.evidence_samples import jpeg

PHOTO = examine(jpeg(), "anh.jpg")


@pytest.fixture
def entry(town, dialogue):
    return town.entry("DP-11", PHO_VINH, dialogue())


def sent_with(town, entry, *named: uuid.UUID, actor=None):
    with town.writing() as session:
        record = send(session, actor or town.people.supervisor, entry)
        attachments.expected_from(session, actor or town.people.supervisor, record, named)
        return record


def verified(town, record):
    with town.writing() as session:
        return decisions.verify(session, town.people.leader, record.id, record.version)


def add(town, entry, evidence_id, actor=None):
    with town.reading() as session:
        attachments.expect(session, actor or town.people.supervisor, evidence_id, entry)
    with town.writing() as session:
        return attachments.attach(session, actor or town.people.supervisor, evidence_id, entry, PHOTO)


def still_out(town, entry, actor=None) -> int:
    with town.reading() as session:
        return attachments.on_the_way(session, actor or town.people.leader, [entry.id]).get(entry.id, 0)


def test_the_record_says_how_many_are_on_the_way_until_they_have_come(town, entry):
    first, second = uuid.uuid4(), uuid.uuid4()
    sent_with(town, entry, first, second)
    assert (still_out(town, entry), still_out(town, entry, town.people.second)) == (2, 0)
    add(town, entry, first)
    assert still_out(town, entry) == 1
    with town.writing() as session:
        attachments.remove(session, town.people.supervisor, second)  # taken back on the tablet
    assert still_out(town, entry) == 0


def test_a_record_without_photos_waits_for_none(town, entry):
    sent_with(town, entry)
    assert still_out(town, entry) == 0


def test_only_what_was_named_may_follow_a_verified_record(town, entry):
    named = uuid.uuid4()
    verified(town, sent_with(town, entry, named))
    with pytest.raises(Refused) as refused:
        add(town, entry, uuid.uuid4())
    assert refused.value.problems[0].say is Say.NOT_OPEN_FOR_CHANGE
    for other in (town.people.second, town.people.officer):
        with pytest.raises(Refused):
            add(town, entry, named, actor=other)
    assert add(town, entry, named).id == named
    assert add(town, entry, named).id == named and still_out(town, entry) == 0


def test_a_sending_that_is_repeated_after_the_decision_names_nothing_new(town, entry):
    named, smuggled = uuid.uuid4(), uuid.uuid4()
    record = verified(town, sent_with(town, entry, named))
    again = sent_with(town, entry, named, smuggled)
    assert (again.version, again.status) == (record.version, RecordStatus.VERIFIED) and still_out(town, entry) == 1
    with pytest.raises(Refused):
        add(town, entry, smuggled)


def test_a_voided_record_takes_none(town, entry):
    named = uuid.uuid4()
    record = sent_with(town, entry, named)
    with town.writing() as session:
        decisions.void(session, town.people.leader, record.id, record.version, "Nhập nhầm")
    with pytest.raises(Refused):
        add(town, entry, named)


def test_the_next_sending_says_anew_what_is_on_the_way(town, entry):
    first, second = uuid.uuid4(), uuid.uuid4()
    record = sent_with(town, entry, first)
    sent_with(town, replace(entry, answers=entry.answers | {"note": "x"}, seen_version=record.version), second)
    assert still_out(town, entry) == 1
    with town.writing() as session:
        assert not attachments.no_longer_expected(session, town.people.supervisor, first)
        assert not attachments.no_longer_expected(session, town.people.second, second)


def test_more_than_a_record_keeps_cannot_be_named_nor_anothers_number_taken(town, entry, dialogue):
    with pytest.raises(Refused):
        sent_with(town, entry, *(uuid.uuid4() for _ in range(MOST_PER_RECORD + 1)))
    taken = uuid.uuid4()
    other = town.entry("DP-11", PHO_VINH, dialogue())
    sent_with(town, other, taken, actor=town.people.officer)
    sent_with(town, entry, taken)
    assert (still_out(town, other), still_out(town, entry)) == (1, 0)


def test_a_sending_whose_answer_was_lost_is_known_again_after_any_decision(town, entry):
    record = sent_with(town, entry)
    with town.writing() as session:
        decisions.return_to_author(session, town.people.leader, record.id, record.version, "Thiếu ảnh")
    with town.reading() as session:
        now = sent_before(session, town.people.supervisor, record.id, 0, record.answers)
        assert (now.version, now.status) == (record.version + 1, RecordStatus.RETURNED)
        # What the person had before them already was not lost; another text never came; another person is told nothing.
        assert sent_before(session, town.people.supervisor, record.id, record.version, record.answers) is None
        assert sent_before(session, town.people.supervisor, record.id, 0, record.answers | {"note": "x"}) is None
        assert sent_before(session, town.people.officer, record.id, 0, record.answers) is None


def test_a_tablet_is_told_which_of_its_records_and_photos_are_here(town, entry):
    piece, missing = uuid.uuid4(), uuid.uuid4()
    record = sent_with(town, entry, piece)
    add(town, entry, piece)
    with town.reading() as session:
        assert known_versions(session, town.people.supervisor, [entry.id, missing]) == {
            entry.id: (record.version, RecordStatus.SENT)
        }
        assert attachments.known_pieces(session, town.people.supervisor, [piece, missing]) == {piece}
        assert (
            known_versions(session, town.people.officer, [entry.id]) == {}
            and attachments.known_pieces(session, town.people.officer, [piece]) == set()
        )
