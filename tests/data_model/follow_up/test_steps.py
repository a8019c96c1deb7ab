"""Following up: who moves what, from which version, and that a serious one is not closed without something to see."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.evidence.tables import Evidence
from data_model.follow_up import listing
from data_model.follow_up import proof as follow_up_proof
from data_model.follow_up import steps as follow_up
from data_model.follow_up.listing import Standing
from data_model.records import tables, writing
from data_model.records.tables import FollowUpState as State
from data_model.records.tables import FollowUpStep, Recommendation
from data_model.review import decisions
from tests.conftest import ON_SQLITE, PHO_CUONG
from tests.data_model.visits import FIX_LOA, one_of, send_visit, visit_entry

DONE, DROPPING, IN_PROGRESS, CLOSED, NO_LONGER = (
    State.DONE,
    State.DROPPING,
    State.IN_PROGRESS,
    State.CLOSED,
    State.NO_LONGER,
)


@pytest.fixture
def one(town) -> Recommendation:
    """A light recommendation of a visit to Phổ Vinh on 1 October, to be fixed by the 20th."""
    return one_of(town, send_visit(town))


@pytest.fixture
def serious(town) -> Recommendation:
    return one_of(town, send_visit(town, [FIX_LOA | {"weight": "serious"}]))


def give_photo(town, record_id: uuid.UUID, taken_at: datetime | None = None) -> None:
    """A photo in a record, without its bytes: what a follow-up asks is only whether there is one."""
    with town.writing() as session:
        session.add(
            Evidence(
                id=uuid.uuid4(),
                record_id=record_id,
                medium="photo",
                name="anh.jpg",
                media_type="image/jpeg",
                size=1,
                digest="x",
                taken_at=taken_at,
                added_by=town.people.supervisor.id,
                added_at=datetime.now(UTC),
            )
        )


def take_photos_away(town) -> None:
    with town.writing() as session:
        for piece in session.exec(select(Evidence)):
            piece.removed_at = datetime.now(UTC)


def report(town, one, to=DONE, word="Đã sửa", actor=None, version=None, proof=None):
    with town.writing() as session:
        return follow_up.report(
            session, actor or town.people.supervisor, one.id, version or one.version, to, word, proof
        )


def confirm(town, one, actor=None, version=None, word="", proof=None):
    with town.writing() as session:
        return follow_up.confirm(session, actor or town.people.leader, one.id, version or one.version, word, proof)


def send_back(town, one, actor=None, reason="Chưa thấy biên bản"):
    with town.writing() as session:
        return follow_up.send_back(session, actor or town.people.leader, one.id, one.version, reason)


def refused(act, *given, **more) -> dict:
    with pytest.raises(Refused) as caught:
        act(*given, **more)
    return {p.where: p.say for p in caught.value.problems}


def steps(town, one) -> list[FollowUpStep]:
    with town.reading() as session:
        return list(
            session.exec(select(FollowUpStep).where(FollowUpStep.recommendation_id == one.id).order_by(FollowUpStep.id))
        )


def test_reported_by_the_field_confirmed_by_the_leader_with_every_step_kept(town, one):
    told = report(town, one, IN_PROGRESS, "Đang mua loa")
    told = report(town, told, DONE, "Đã sửa xong")
    assert (told.state, told.reported_by) == (DONE, town.people.supervisor.id)
    closed = confirm(town, told, word="Đã nghe phát thử")
    assert closed.state == CLOSED
    assert [(s.from_state, s.to_state, s.word, s.account_id) for s in steps(town, one)] == [
        ("open", "in_progress", "Đang mua loa", town.people.supervisor.id),
        ("in_progress", "done", "Đã sửa xong", town.people.supervisor.id),
        ("done", "closed", "Đã nghe phát thử", town.people.leader.id),
    ]
    with town.reading() as session:
        noted = session.exec(
            select(JournalEntry).where(JournalEntry.subject_id == str(one.id)).order_by(JournalEntry.id)
        ).all()
    assert [e.act for e in noted] == ["recommend", "follow_up_report", "follow_up_report", "follow_up_confirm"]


@pytest.mark.parametrize("to", [DONE, DROPPING])
def test_nobody_confirms_or_sends_back_the_own_report(town, one, to):
    told = report(town, one, to, actor=town.people.officer)
    assert refused(confirm, town, told, actor=town.people.officer) == {"": Say.FOLLOW_UP_OWN_REPORT}
    assert refused(send_back, town, told, actor=town.people.officer) == {"": Say.FOLLOW_UP_OWN_REPORT}
    assert confirm(town, told).state == (CLOSED if to is DONE else NO_LONGER)


def test_sent_back_with_a_reason_it_is_under_way_again_and_anybody_may_report(town, one):
    told = report(town, one)
    assert refused(send_back, town, told, reason=" ") == {"word": Say.REQUIRED}
    back = send_back(town, told)
    assert (back.state, back.reported_by) == (IN_PROGRESS, None)
    assert report(town, back, DONE, "Gửi kèm biên bản").state == DONE


def test_one_takes_back_what_one_reported_and_not_what_others_did(town, one):
    told = report(town, one, actor=town.people.officer)
    assert refused(report, town, told, IN_PROGRESS) == {"": Say.FOLLOW_UP_STATE}
    assert report(town, told, IN_PROGRESS, "Nhầm xã", actor=town.people.officer).state == IN_PROGRESS


@ON_SQLITE
@pytest.mark.parametrize(("word", "say"), [("", Say.REQUIRED), (" \n", Say.REQUIRED), ("x" * 1001, Say.TOO_LONG)])
def test_a_report_needs_a_word(town, one, word, say):
    assert refused(report, town, one, DONE, word) == {"word": say}


@ON_SQLITE
@pytest.mark.parametrize("to", [State.OPEN, CLOSED, NO_LONGER])
def test_a_report_never_goes_around_the_confirmation(town, one, to):
    assert refused(report, town, one, to) == {"": Say.FOLLOW_UP_STATE}


def test_what_is_finished_stays(town, one):
    closed = confirm(town, report(town, one))
    for act in (report, confirm, send_back):
        assert refused(act, town, closed) == {"": Say.FOLLOW_UP_STATE}


def test_a_double_press_writes_one_step_and_an_older_version_is_told(town, one):
    told = report(town, one)
    assert report(town, one, version=one.version).version == told.version
    assert refused(report, town, one, DONE, "Chuyện khác", version=1) == {"": Say.FOLLOW_UP_CHANGED}
    closed = confirm(town, told)
    assert confirm(town, told, version=told.version).version == closed.version
    assert refused(confirm, town, told, actor=town.people.officer, version=told.version) == {"": Say.FOLLOW_UP_CHANGED}
    assert len(steps(town, one)) == 2


def test_of_two_who_decide_at_one_moment_one_is_told(town, one):
    told = report(town, one)

    def decide(act, actor):
        try:
            return act(town, told, actor=actor).state
        except Refused as caught:
            return caught.problems[0].say

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(decide, confirm, town.people.leader), pool.submit(decide, send_back, town.people.officer)]
        outcomes = {each.result() for each in both}
    assert Say.FOLLOW_UP_CHANGED in outcomes and len(outcomes) == 2
    assert len(steps(town, one)) == 2


def test_a_serious_one_is_reported_and_closed_only_with_a_later_record_that_has_a_photo(town, serious):
    later = send_visit(town, [], day="2024-10-12")
    assert refused(report, town, serious) == {"proof": Say.FOLLOW_UP_PROOF}
    assert refused(report, town, serious, proof=later.id) == {"proof": Say.FOLLOW_UP_PROOF}
    give_photo(town, serious.record_id)
    give_photo(town, later.id, datetime(2024, 9, 30, tzinfo=UTC))  # older than the recommendation of 1 October
    assert refused(report, town, serious, proof=later.id) == {"proof": Say.FOLLOW_UP_PROOF}
    give_photo(town, later.id, datetime(2024, 10, 12, 2, tzinfo=UTC))
    assert refused(report, town, serious, proof=serious.record_id) == {"proof": Say.FOLLOW_UP_PROOF}  # the fault itself
    told = report(town, serious, proof=later.id)
    take_photos_away(town)
    assert refused(confirm, town, told) == {"proof": Say.FOLLOW_UP_PROOF}
    give_photo(town, later.id)
    with town.reading() as session:
        (offered,) = follow_up_proof.proofs_for(session, town.people.leader, serious.id)
    assert (offered.record_id, offered.evidence) == (later.id, 1)
    assert confirm(town, told).state == CLOSED


def test_a_record_of_another_commune_or_an_earlier_day_proves_nothing(town, serious):
    earlier = send_visit(town, [], day="2024-09-20")
    elsewhere = send_visit(town, [], day="2024-10-12", unit=PHO_CUONG, actor=town.people.second)
    for record in (earlier, elsewhere):
        give_photo(town, record.id)
        assert refused(report, town, serious, proof=record.id) == {"proof": Say.FOLLOW_UP_PROOF}
    with town.reading() as session:
        assert follow_up_proof.proofs_for(session, town.people.supervisor, serious.id) == []


def test_a_serious_one_may_be_no_longer_applicable_without_a_photo_but_not_without_a_second_person(town, serious):
    told = report(town, serious, DROPPING, "Đã sáp nhập điểm loa")
    assert refused(confirm, town, told, actor=town.people.supervisor) == {"": Say.NOT_ALLOWED}
    assert confirm(town, told).state == NO_LONGER


def test_a_returned_visit_suspends_its_recommendations(town, one):
    with town.writing() as session:
        record = session.get(tables.FieldRecord, one.record_id)
        decisions.return_to_author(session, town.people.leader, record.id, record.version, "Thiếu ngày")
    assert refused(report, town, one) == {"": Say.FOLLOW_UP_SUSPENDED}
    with town.reading() as session:
        counts = listing.count_by_standing(session, town.people.leader, one.plan_id)
        rows, _total = listing.list_recommendations(session, town.people.leader, one.plan_id)
        assert follow_up.waiting_for_visit(session, town.people.supervisor, one.plan_id, one.unit_id) == []
        elsewhere = town.unit(PHO_CUONG).id
        assert listing.count_by_standing(session, town.people.leader, one.plan_id, one.unit_id) == counts
        assert listing.count_by_standing(session, town.people.leader, one.plan_id, elsewhere) == {}
    assert counts == {Standing.SUSPENDED: 1} and rows[0].standing is Standing.SUSPENDED
    assert follow_up.acts_open(town.people.leader, rows[0]) == frozenset()


def test_the_buttons_are_those_that_the_acts_allow(town, one):
    """In each state who may report (their own report included), confirm and send back."""
    people = {who: getattr(town.people, who) for who in ("supervisor", "leader", "officer", "administrator")}

    def open_to() -> dict[str, set]:
        with town.reading() as session:
            (row,), _total = listing.list_recommendations(session, town.people.leader, one.plan_id)
        return {who: set(acts) for who, actor in people.items() if (acts := follow_up.acts_open(actor, row))}

    reporting, deciding = {follow_up.StepAct.REPORT}, {follow_up.StepAct.CONFIRM, follow_up.StepAct.SEND_BACK}
    assert open_to() == dict.fromkeys(("supervisor", "leader", "officer"), reporting)
    told = report(town, one)
    assert open_to() == {"supervisor": reporting, "leader": deciding, "officer": deciding}
    back = send_back(town, told)
    assert open_to() == dict.fromkeys(("supervisor", "leader", "officer"), reporting)
    told = report(town, back, actor=town.people.leader)
    assert open_to() == {"leader": reporting, "officer": deciding}
    confirm(town, told, actor=town.people.officer)
    assert open_to() == {}


# --- As an attacker would --------------------------------------------------------------


def test_another_communes_supervisor_neither_sees_nor_moves(town, one):
    attacker = town.people.second
    with town.reading() as session:
        assert listing.list_recommendations(session, attacker, one.plan_id) == ([], 0)
        assert listing.count_by_standing(session, attacker, one.plan_id) == {}
        assert listing.places_and_people(session, attacker, one.plan_id) == ([], [])
        assert follow_up.waiting_for_visit(session, attacker, one.plan_id, one.unit_id) == []
        assert refused(listing.open_recommendation, session, attacker, one.id) == {"": Say.NOT_FOUND}
        assert refused(listing.open_recommendation, session, attacker, uuid.uuid4()) == {"": Say.NOT_FOUND}
    assert refused(report, town, one, actor=attacker) == {"": Say.NOT_FOUND}
    own = send_visit(town, [], day="2024-10-12", unit=PHO_CUONG, actor=attacker)
    for item in (str(one.id), "'; DROP TABLE recommendation; --", None, str(uuid.uuid4())):
        with town.writing() as session, pytest.raises(Refused) as caught:
            follow_up.reported_at_visit(session, attacker, own, [{"id": item, "state": "done", "note": "x"}])
        assert {p.say for p in caught.value.problems} == {Say.NOT_FOUND}
    assert steps(town, one) == []


@ON_SQLITE
def test_a_visit_that_another_sent_is_no_door(town, one):
    own = send_visit(town, [], day="2024-10-12")
    with town.writing() as session, pytest.raises(Refused):
        follow_up.reported_at_visit(
            session, town.people.officer, own, [{"id": str(one.id), "state": "done", "note": "x"}]
        )


@ON_SQLITE
def test_supervisor_and_administrator_confirm_nothing(town, one):
    told = report(town, one)
    for actor in (town.people.supervisor, town.people.second, town.people.administrator):
        assert refused(confirm, town, told, actor=actor) == {"": Say.NOT_ALLOWED}
    assert refused(report, town, told, actor=town.people.administrator) == {"": Say.NOT_ALLOWED}


# --- At the next visit -----------------------------------------------------------------


def at_visit(town, record, *items, actor=None):
    with town.writing() as session:
        follow_up.reported_at_visit(session, actor or town.people.supervisor, record, list(items))


def waiting(town, one, **more) -> list:
    with town.reading() as session:
        return follow_up.waiting_for_visit(session, town.people.supervisor, one.plan_id, one.unit_id, **more)


def test_the_next_visit_begins_with_the_open_ones_and_tells_of_them_once(town, one):
    later = send_visit(town, day="2024-10-12")
    row = next(r for r in waiting(town, one, record_id=later.id))
    assert (row.id, row.what, row.responsible, row.fix_by, row.state, row.serious, row.overdue) == (
        str(one.id),
        FIX_LOA["what"],
        "UBND xã",
        date(2024, 10, 20),
        State.OPEN,
        False,
        False,
    )
    assert len(waiting(town, one)) == 2 and len(waiting(town, one, record_id=later.id)) == 1
    item = {"id": row.id, "state": "done", "note": "Loa đã kêu"}
    at_visit(town, later, item)
    at_visit(town, later, item)
    told = steps(town, one)
    assert [(s.to_state, s.on_day, s.record_id, s.word) for s in told] == [
        ("done", date(2024, 10, 12), later.id, "Loa đã kêu")
    ]
    assert [r.state for r in waiting(town, one, record_id=later.id)] == [DONE]


def test_a_changed_visit_is_a_further_step_and_a_finished_one_only_keeps_the_note(town, one):
    later = send_visit(town, [], day="2024-10-12")
    at_visit(town, later, {"id": str(one.id), "state": "done", "note": "Xong"})
    at_visit(town, later, {"id": str(one.id), "state": "in_progress", "note": "Xem lại: chưa xong"})
    at_visit(town, later, {"id": str(one.id), "state": "done", "note": "Xong thật"})
    with town.reading() as session:
        confirm(town, session.get(Recommendation, one.id))
    at_visit(town, later, {"id": str(one.id), "state": "in_progress", "note": "Máy khác gửi muộn"})
    assert [(s.act, s.to_state) for s in steps(town, one)] == [
        ("report", "done"),
        ("report", "in_progress"),
        ("report", "done"),
        ("confirm", "closed"),
        ("remark", "closed"),
    ]


@ON_SQLITE
def test_nothing_told_is_no_step_and_a_change_needs_a_note(town, one):
    later = send_visit(town, [], day="2024-10-12")
    at_visit(town, later, {"id": str(one.id), "state": "open", "note": ""}, {"id": str(one.id)})
    assert steps(town, one) == []
    with pytest.raises(Refused) as caught:
        at_visit(
            town,
            later,
            {"id": str(one.id), "state": "done", "note": " "},
            {"id": str(one.id), "state": "closed", "note": "x"},
        )
    assert [(p.where, p.say) for p in caught.value.problems] == [
        (f"follow_up.{one.id}.note", Say.REQUIRED),
        (f"follow_up.{one.id}.state", Say.NOT_AN_OPTION),
    ]


def test_a_visit_with_photos_that_sees_it_done_again_becomes_the_proof(town, serious):
    first, second = send_visit(town, [], day="2024-10-08"), send_visit(town, [], day="2024-10-12")
    at_visit(town, first, {"id": str(serious.id), "state": "done", "note": "Xong"})
    told = waiting(town, serious)[0]
    assert refused(confirm, town, serious, version=told.version) == {"proof": Say.FOLLOW_UP_PROOF}
    give_photo(town, second.id)
    at_visit(town, second, {"id": str(serious.id), "state": "done", "note": "Đã xem và chụp"})
    assert confirm(town, serious, version=waiting(town, serious)[0].version).proof_id == second.id


# --- As of a day that has passed -------------------------------------------------------


def test_a_past_day_is_told_as_it_stood(town, one, monkeypatch):
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2024-10-25")
    told = report(town, one)
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2024-10-28")
    confirm(town, told)
    send_visit(town, [FIX_LOA | {"fix_by": "2024-10-28"}], day="2024-10-27")

    def counted(day):
        with town.reading() as session:
            s = follow_up.summary(session, one.plan_id, day)
            assert len(follow_up.list_as_of(session, one.plan_id, day)) == s.open + s.in_progress + s.done + s.closed
        return s.open, s.overdue, s.done, s.closed, s.visits.reported

    assert counted(date(2024, 9, 30)) == (0, 0, 0, 0, 0)
    assert counted(date(2024, 10, 20)) == (1, 0, 0, 0, 1)
    assert counted(date(2024, 10, 24)) == (1, 1, 0, 0, 1)
    assert counted(date(2024, 10, 25)) == (0, 0, 1, 0, 1)
    assert counted(date(2024, 10, 31)) == (1, 1, 0, 1, 2)


@ON_SQLITE
def test_findings_are_counted_by_severity_and_missing_ones_apart(town):
    entry = visit_entry(town, [], day="2024-10-01")
    found = [{"what": "a", "weight": "serious"}, {"what": "b", "weight": "minor"}, {"what": "c"}]
    with town.writing() as session:
        record = writing.send(
            session, town.people.supervisor, replace(entry, answers=entry.answers | {"findings": found})
        )
        findings = follow_up.summary(session, record.plan_id, date(2024, 10, 15)).findings
    assert findings == {"minor": 1, "moderate": 0, "serious": 1, None: 1}


@ON_SQLITE
def test_the_list_narrows_by_standing_commune_person_and_deadline(town, one):
    send_visit(
        town,
        [FIX_LOA | {"responsible": "Kế toán", "fix_by": "2024-10-05"}],
        day="2024-10-02",
        unit=PHO_CUONG,
        actor=town.people.second,
    )
    leader = town.people.leader

    def found(**query):
        with town.reading() as session:
            rows, total = listing.list_recommendations(session, leader, one.plan_id, **query)
            assert len(rows) == total
            return [r.responsible for r in rows]

    assert found() == ["Kế toán", "UBND xã"]
    assert found(standing=Standing.OVERDUE) == found(responsible="Kế toán") == ["Kế toán"]
    assert found(standing=Standing.OPEN) == found(due_within=5) == found(unit_id=one.unit_id) == ["UBND xã"]
    assert found(due_within=4) == found(standing=Standing.CLOSED) == []
