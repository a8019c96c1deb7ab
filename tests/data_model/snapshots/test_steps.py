"""Frozen periods: the figures are those of the day, they never move, and every way round that is closed."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from data_model.core import canonical
from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.counting.rules import Pair, TargetStatus
from data_model.periods import lock
from data_model.periods.periods import Period
from data_model.periods.tables import SnapshotStatus
from data_model.plans import phasing
from data_model.progress.figures import plan_progress
from data_model.records import writing
from data_model.records.tables import FieldRecord
from data_model.review import decisions
from data_model.snapshots import approval, comparison, freezing, late_list, proving, reading
from data_model.snapshots.approval import Step
from data_model.snapshots.content import SnapshotContent
from data_model.snapshots.reading import Texts
from tests.conftest import ON_SQLITE, PHO_CUONG, PHO_MINH, PHO_VINH
from tests.data_model.visits import send_visit, visit_entry

PLAN = "duc_pho_2024"


@pytest.fixture
def dialogues(town, dialogue):
    """Two dialogues of quarter III, the first verified, and one of October."""
    made = [
        _send(town, dialogue(held_on="2024-08-20")),
        _send(town, dialogue(held_on="2024-09-30"), unit=PHO_MINH),
        _send(town, dialogue(), unit=PHO_MINH),
    ]
    with town.writing() as session:
        decisions.verify(session, town.people.leader, made[0].id, made[0].version, "Đã xem")
    return made


def _send(town, answers, unit=PHO_VINH, actor=None, **more):
    with town.writing() as session:
        return writing.send(session, actor or town.people.supervisor, town.entry("DP-11", unit, answers, **more))


def _freeze(town, period=Period.Q3, actor=None, reason="", plan=PLAN):
    with town.database.writing(one_moment=True) as session:
        return freezing.freeze(session, actor or town.people.officer, town.plan(plan).id, period, reason)


def _take(town, head, step, actor=None, reason=""):
    with town.writing() as session:
        return approval.take(session, actor or town.people.leader, head.id, step, head.row_version, reason)


def _issue(town, head):
    head = _take(town, head, Step.SUBMIT, town.people.officer)
    return _take(town, _take(town, head, Step.APPROVE), Step.ISSUE)


def _open(town, head):
    with town.reading() as session:
        return reading.open_snapshot(session, town.people.leader, head.id)


def _bytes(town, head):
    with town.reading() as session:
        return reading.content_bytes(session, town.people.leader, head.id)


def _says(caught):
    return {p.where: p.say for p in caught.value.problems}


def _target(content, code="DP-11"):
    return next(t for t in content.targets if t.code == code)


def test_the_figures_are_those_of_the_last_day(town, dialogues):
    content = _open(town, _freeze(town)).content
    with town.reading() as session:
        shown = plan_progress(session, town.people.leader, town.plan().id, date(2024, 9, 30))
    assert content.headline == shown.headline and content.mean == shown.mean
    for frozen, live in zip(content.targets, shown.targets, strict=True):
        assert (frozen.code, frozen.done, frozen.percent, frozen.status, frozen.need) == (
            live.line.code,
            live.done,
            live.percent,
            live.status,
            live.need,
        )
    assert _target(content).done == _target(content).done_in_period == Pair(1, 2)
    assert {(r.id, r.version, r.status) for r in content.records} == {
        (dialogues[0].id, 2, "verified"),
        (dialogues[1].id, 1, "sent"),
    }
    assert content.identity.records_in == {"verified": 1, "sent": 1}


def test_the_period_is_its_own_and_the_year_adds_up(town, dialogue):
    for day in ("2024-02-10", "2024-05-10", "2024-08-10"):
        _send(town, dialogue(held_on=day, attendance={"total": 50, "women": 20}))
    with town.reading() as session:
        parts = [
            _target(freezing.preview(session, town.people.leader, town.plan().id, p).content, "DP-11").done_in_period
            for p in (Period.Q1, Period.Q2, Period.Q3)
        ]
        half = freezing.preview(session, town.people.leader, town.plan().id, Period.H1).content
    # One dialogue is due in each commune: the second and third in the same one are a surplus.
    assert parts == [Pair(0, 1), Pair(0, 0), Pair(0, 0)]
    assert half.attendance_total.in_period["total"] == 100 and half.attendance_total.parts["women"] == 40
    assert half.attendance_total.parts["poor"] is None


def _missing(town, period=Period.Q3, plan=PLAN):
    with town.reading() as session:
        return freezing.preview(session, town.people.officer, town.plan(plan).id, period).missing


def test_what_a_freeze_would_leave_open_is_counted(town, dialogues, dialogue):
    back = _send(town, dialogue(held_on="2024-09-02"))
    with town.writing() as session:
        decisions.return_to_author(session, town.people.leader, back.id, back.version, "Thiếu danh sách")
        writing.save_draft(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue()))
    _send(town, dialogue(held_on="2024-09-04", attendance={"total": 40}))
    missing = _missing(town)
    assert (missing.sent, missing.late, missing.returned, missing.drafts, missing.unmet) == (2, 0, 1, 1, 1)
    assert {"DP-11", "DP-03"} <= set(missing.unphased) and "DP-14a" not in missing.unphased
    line, leader = town.line("DP-11"), town.people.leader
    with town.writing() as session:
        phasing.set_phasing(session, leader, town.plan().id, {line.target_id: {3: Fraction(15)}})
    assert set(missing.unphased) - set(_missing(town).unphased) == {"DP-11"}
    _issue(town, _freeze(town))
    _send(town, dialogue(held_on="2024-09-10"))
    assert (_missing(town).sent, _missing(town).late) == (3, 1)


def test_communes_that_no_visit_reached_by_the_periods_end_are_named(town, dialogue):
    """One has a visit; the others a visit that was returned, one of the next quarter, only a dialogue, a draft, or
    nothing.
    """

    def unvisited(period=Period.Q3):
        return {unit.code for unit in town.plan().units if unit.id in _missing(town, period).unvisited}

    everywhere = {unit.code for unit in town.plan().units}
    assert len(everywhere) == 15
    send_visit(town, [], day="2024-09-30")
    back = send_visit(town, [], day="2024-09-06", unit=PHO_MINH)
    send_visit(town, [], day="2024-10-01", unit=PHO_CUONG, actor=town.people.second)
    _send(town, dialogue(held_on="2024-09-12"), unit=PHO_MINH)
    assert unvisited() == everywhere - {PHO_VINH, PHO_MINH} and unvisited(Period.Q2) == everywhere
    with town.writing() as session:
        decisions.return_to_author(session, town.people.leader, back.id, back.version, "Sai ngày")
        writing.save_draft(session, town.people.second, visit_entry(town, [], day="2024-09-07", unit=PHO_CUONG))
    with town.writing() as session:
        visit = session.exec(
            select(FieldRecord)
            .where(FieldRecord.kind == "monitoring_visit", FieldRecord.status == "sent")
            .order_by(FieldRecord.happened_on)
        ).first()
        decisions.verify(session, town.people.leader, visit.id, visit.version, "Đã hỏi lại xã")
    assert unvisited() == everywhere - {PHO_VINH}


def test_a_plan_without_rounds_has_no_commune_to_visit(town):
    assert _missing(town, plan="bai_chay_2024").unvisited == ()


def test_issued_figures_never_move_and_the_next_version_says_what_did(town, dialogues, dialogue):
    issued = _issue(town, _freeze(town))
    kept = _bytes(town, issued)
    late = _send(town, dialogue(held_on="2024-09-01"), unit=PHO_CUONG, actor=town.people.second)
    with town.writing() as session:
        decisions.verify(session, town.people.leader, late.id, late.version, "Đã xem")
        decisions.void(session, town.people.leader, dialogues[0].id, 2, "Nhập nhầm")
    assert _bytes(town, issued) == kept
    second = _issue(town, _freeze(town, reason="Bản ghi đến muộn"))
    with town.reading() as session:
        told = comparison.compare(session, town.people.leader, second.id, issued.id)
        former = reading.head_of(session, town.people.leader, issued.id)
    assert (former.status, second.status, second.version, second.replaces_id) == (
        SnapshotStatus.SUPERSEDED,
        SnapshotStatus.ISSUED,
        2,
        issued.id,
    )
    moved = next(t for t in told.targets if t.code == "DP-11")
    assert (moved.before, moved.after, moved.restated) == (Pair(1, 2), Pair(1, 2), Pair(0, 0))
    assert {(c.record_id, c.what) for c in told.records} == {
        (late.id, comparison.ADDED),
        (dialogues[0].id, comparison.REMOVED),
    }
    assert _open(town, second).content.changes == told.records
    assert _bytes(town, issued) == kept


def test_the_way_of_a_snapshot_is_walked_by_the_right_roles(town, dialogues):
    leader, officer = town.people.leader, town.people.officer
    head = _freeze(town)
    for actor in (town.people.supervisor, town.people.administrator):
        with pytest.raises(Refused) as caught:
            _freeze(town, Period.Q2, actor)
        assert _says(caught) == {"": Say.NOT_ALLOWED}
    for step in (Step.APPROVE, Step.ISSUE):
        with pytest.raises(Refused) as caught:
            _take(town, head, step)
        assert _says(caught) == {"": Say.SNAPSHOT_STATE}
    head = _take(town, head, Step.SUBMIT, officer)
    assert approval.steps_open(officer, head) == () and set(approval.steps_open(leader, head)) == {
        Step.APPROVE,
        Step.SEND_BACK,
    }
    with pytest.raises(Refused) as caught:
        _take(town, head, Step.SEND_BACK)
    assert _says(caught) == {"reason": Say.REASON_MISSING}
    head = _take(town, head, Step.SEND_BACK, reason="Thiếu nguyên nhân")
    assert (head.status, head.returned_reason, head.texts_hash) == (SnapshotStatus.DRAFT, "Thiếu nguyên nhân", None)
    assert {step for step in Step if approval.needs_reason(step)} == {Step.SEND_BACK}
    head = _take(town, _take(town, head, Step.SUBMIT, officer), Step.APPROVE)
    assert (head.approved_by, head.approved_at is None) == (leader.display_name, False)
    head = _take(town, head, Step.SEND_BACK, reason="Sai số hiệu")
    assert (head.approved_by, head.approved_at, head.returned_reason) == (None, None, "Sai số hiệu")
    issued = _issue(town, head)
    assert approval.steps_open(leader, issued) == ()
    with town.reading() as session:
        acts = session.exec(
            select(JournalEntry.act).where(JournalEntry.subject == "snapshot").order_by(JournalEntry.id)
        ).all()
    assert acts == [
        "freeze",
        "snapshot_submit",
        "snapshot_send_back",
        "snapshot_submit",
        "snapshot_approve",
        "snapshot_send_back",
        "snapshot_submit",
        "snapshot_approve",
        "snapshot_issue",
    ]


@ON_SQLITE
def test_nobody_approves_what_they_froze_and_a_second_press_changes_nothing(town):
    head = _take(town, _freeze(town, actor=town.people.leader), Step.SUBMIT)
    assert Step.APPROVE not in approval.steps_open(town.people.leader, head)
    with pytest.raises(Refused) as caught:
        _take(town, head, Step.APPROVE)
    assert _says(caught) == {"": Say.OWN_SNAPSHOT}
    with town.writing() as session:
        again = approval.take(session, town.people.leader, head.id, Step.SUBMIT, head.row_version - 1)
    assert again.row_version == head.row_version
    with pytest.raises(Refused) as caught:
        _take(town, replace(head, row_version=head.row_version - 1), Step.SEND_BACK, reason="Xem lại")
    assert _says(caught) == {"": Say.SNAPSHOT_CHANGED}


@ON_SQLITE
def test_a_period_is_frozen_after_its_end_one_version_at_a_time(town):
    with pytest.raises(Refused) as caught:
        _freeze(town, Period.Q4)
    assert _says(caught) == {"": Say.PERIOD_RUNNING}
    head = _freeze(town)
    with pytest.raises(Refused) as caught:
        _freeze(town)
    assert _says(caught) == {"": Say.SNAPSHOT_UNDER_WAY}
    _take(town, head, Step.DISCARD, town.people.officer)
    _issue(town, _freeze(town))
    with pytest.raises(Refused) as caught:
        _freeze(town)
    assert _says(caught) == {"reason": Say.REASON_MISSING}
    assert _freeze(town, reason="Sửa số liệu").version == 3


def test_a_period_has_ended_on_the_day_after_its_last(town, monkeypatch):
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2024-09-30")
    with pytest.raises(Refused) as caught:
        _freeze(town)
    assert _says(caught) == {"": Say.PERIOD_RUNNING}
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2024-10-01")
    assert _freeze(town).version == 1


def test_every_period_is_listed_with_its_own_versions_and_late_entries(town, dialogues, dialogue):
    issued = _issue(town, _freeze(town))
    again = _freeze(town, reason="Sửa số liệu")
    _send(town, dialogue(held_on="2024-09-10"))
    with town.reading() as session:
        rows = {row.period: row for row in freezing.overview(session, town.people.leader, town.plan().id)}
    assert list(rows) == list(Period)
    assert {period: [head.id for head in row.heads] for period, row in rows.items() if row.heads} == {
        Period.Q3: [again.id, issued.id]
    }
    assert {period for period, row in rows.items() if row.ended} == {Period.Q1, Period.Q2, Period.Q3, Period.H1}
    assert {period for period, row in rows.items() if row.late} == {
        p for p, row in rows.items() if row.days.first <= date(2024, 9, 10) <= row.days.last
    }


def test_the_database_refuses_to_alter_or_delete(town, dialogues):
    head = _freeze(town)
    for act in (
        f"UPDATE snapshot SET content_hash = 'x' WHERE id = {head.id}",
        f"DELETE FROM snapshot_body WHERE snapshot_id = {head.id}",
        f"DELETE FROM snapshot WHERE id = {head.id}",
        "UPDATE snapshot_body SET content = content",
    ):
        with pytest.raises(DatabaseError, match="never altered"), town.writing() as session:
            session.execute(text(act))


@ON_SQLITE
def test_a_file_from_outside_is_compared_with_the_seal(town, dialogues):
    head = _freeze(town)
    told = _bytes(town, head)
    with town.reading() as session:
        assert proving.verify_bytes(session, town.people.leader, head.id, told).intact
        assert not proving.verify_bytes(
            session, town.people.leader, head.id, told.replace(b"DP-11", b"DP-12", 1)
        ).intact
    assert SnapshotContent.read(told).canonical() == told
    for broken in (b"", b"{}", b"[1]", told[:-1]):
        with pytest.raises(ValueError):
            SnapshotContent.read(broken)


def test_a_late_entry_is_marked_and_waits_for_a_leader(town, dialogues, dialogue):
    issued = _issue(town, _freeze(town))
    late = _send(town, dialogue(held_on="2024-09-02"), unit=PHO_CUONG, actor=town.people.second)
    assert late.late_for == issued.id
    with town.reading() as session:
        assert [row.id for row in late_list.late_waiting(session, town.people.leader, town.plan().id)] == [late.id]
    for act in (
        lambda s: decisions.verify(s, town.people.officer, late.id, 1, "Đã xem"),
        lambda s: decisions.void(s, town.people.officer, dialogues[0].id, 2, "Nhầm"),
    ):
        with pytest.raises(Refused) as caught, town.writing() as session:
            act(session)
        assert _says(caught) == {"": Say.LATE_NEEDS_LEADER}
    with town.writing() as session:
        assert decisions.verify(session, town.people.leader, late.id, 1, "Đã xem").status == "verified"
    with town.reading() as session:
        assert late_list.late_waiting(session, town.people.leader, town.plan().id) == []
    assert _send(town, dialogue(held_on="2024-10-05")).late_for is None


@ON_SQLITE
def test_moving_a_counted_record_out_of_an_issued_period_is_late_too(town, dialogues, dialogue):
    _issue(town, _freeze(town))
    with town.writing() as session:
        moved = writing.send(
            session,
            town.people.supervisor,
            replace(town.entry("DP-11", PHO_MINH, dialogue(held_on="2024-10-02")), id=dialogues[1].id, seen_version=1),
        )
    assert moved.late_for is not None


def test_an_exception_opens_the_lock_for_one_person_until_a_day(town, dialogues, dialogue, monkeypatch):
    _issue(town, _freeze(town))
    leader, second = town.people.leader, town.people.second
    with pytest.raises(Refused), town.writing() as session:
        lock.give_exception(session, town.people.officer, town.plan().id, second.id, date(2024, 10, 20), "Bổ sung")
    for day, reason, where in (
        (date(2024, 10, 14), "Bổ sung", "ends_on"),
        (date(2026, 1, 1), "Bổ sung", "ends_on"),
        (date(2024, 10, 20), " ", "reason"),
    ):
        with pytest.raises(Refused) as caught, town.writing() as session:
            lock.give_exception(session, leader, town.plan().id, second.id, day, reason)
        assert set(_says(caught)) == {where}
    with town.writing() as session:
        given = lock.give_exception(session, leader, town.plan().id, second.id, date(2024, 10, 20), "Bổ sung hồ sơ")
    assert _send(town, dialogue(held_on="2024-09-03"), unit=PHO_CUONG, actor=second).late_for is None
    assert _send(town, dialogue(held_on="2024-09-03")).late_for is not None
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2024-10-21")
    assert _send(town, dialogue(held_on="2024-09-04"), unit=PHO_CUONG, actor=second).late_for is not None
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2024-10-16")
    with town.writing() as session:
        lock.end_exception(session, leader, given.id)
    assert _send(town, dialogue(held_on="2024-09-05"), unit=PHO_CUONG, actor=second).late_for is not None
    with town.reading() as session:
        assert [row.holds for row in lock.exceptions(session, leader, town.plan().id)] == [False]


@ON_SQLITE
def test_what_is_typed_is_kept_while_draft_and_sealed_on_submission(town):
    head = _freeze(town)
    texts = Texts("Mưa lũ <b>", "Đề nghị", "", {"DP-11": "Chậm kinh phí"}, {"DP-11": "Bố trí lại"})
    with town.writing() as session:
        head = approval.save_texts(session, town.people.officer, head.id, texts, head.row_version)
    with pytest.raises(Refused) as caught, town.writing() as session:
        approval.save_texts(session, town.people.leader, head.id, Texts("Khác"), 1)
    assert _says(caught) == {"": Say.SNAPSHOT_CHANGED}
    with pytest.raises(Refused) as caught, town.writing() as session:
        approval.save_texts(
            session, town.people.officer, head.id, Texts(causes={"DP-11": "x" * 10_001}), head.row_version
        )
    assert _says(caught) == {"causes.DP-11": Say.TOO_LONG}
    opened = _open(town, _issue(town, head))
    assert opened.content.texts.difficulties == "Mưa lũ <b>" and _target(opened.content).cause == "Chậm kinh phí"
    with pytest.raises(Refused) as caught, town.writing() as session:
        approval.save_texts(session, town.people.officer, head.id, Texts("Sau"), opened.head.row_version)
    assert _says(caught) == {"": Say.SNAPSHOT_STATE}
    again = _freeze(town, reason="Sửa")
    assert _open(town, again).texts == texts


@ON_SQLITE
def test_the_documents_number_and_last_day_are_typed_before_submission_and_sealed(town):
    head = _freeze(town)
    with pytest.raises(Refused) as caught, town.writing() as session:
        approval.save_texts(session, town.people.officer, head.id, Texts(number="x" * 61), head.row_version)
    assert _says(caught) == {"number": Say.TOO_LONG}
    with town.writing() as session:
        head = approval.save_texts(
            session,
            town.people.officer,
            head.id,
            Texts(number=" 128/BC-UBND ", send_by=date(2024, 10, 20)),
            head.row_version,
        )
    opened = _open(town, _issue(town, head))
    assert (opened.content.texts.number, opened.content.texts.send_by) == ("128/BC-UBND", date(2024, 10, 20))
    assert reading.seal_of(opened.texts) != reading.seal_of(replace(opened.texts, number="129/BC-UBND"))
    # Another version is another document; the day stays.
    assert _open(town, _freeze(town, reason="Sửa")).texts == Texts(send_by=date(2024, 10, 20))


def test_texts_without_number_and_day_keep_the_seal_they_had():
    """As texts were sealed before those two could be typed."""
    told = canonical.to_bytes(
        {"difficulties": "Mưa", "proposals": "", "next_tasks": "", "causes": {"DP-11": "a"}, "measures": {}}
    )
    assert reading.seal_of(Texts("Mưa", causes={"DP-11": "a"})) == canonical.sha256(told)


def test_a_plan_without_numbers_and_a_quarter_without_records(town):
    content = _open(town, _freeze(town, plan="long_khanh_2024")).content
    assert (
        content.mean is None
        and content.records == ()
        and content.headline[TargetStatus.NO_NUMBER] == sum(content.headline.values())
    )
    assert {t.percent for t in content.targets} == {None}
    assert all(n is None for n in content.attendance_total.parts.values())


def test_a_freeze_sees_one_moment_while_records_come_in(town, dialogue):
    def send(number: int) -> None:
        _send(
            town,
            dialogue(held_on="2024-09-10", place=f"Nhà văn hóa {number}"),
            unit=PHO_CUONG,
            actor=town.people.second,
        )

    with ThreadPoolExecutor(5) as pool:
        sending = [pool.submit(send, number) for number in range(12)]
        frozen = pool.submit(_freeze, town)
        head = frozen.result()
        [one.result() for one in sending]
    content = _open(town, head).content
    assert sum(content.identity.records_in.values()) == len(content.records) == _target(content).happened
    assert content.attendance_total.parts["total"] == (55 * len(content.records) or None)


@ON_SQLITE
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    acts=some.lists(
        some.tuples(some.sampled_from(["send", "verify", "return", "void"]), some.integers(0, 5), some.integers(0, 3)),
        max_size=14,
    )
)
def test_whatever_comes_later_the_issued_one_stays_and_the_difference_is_told(town, dialogue, acts):
    head = _issue(town, _freeze(town, reason="Kỳ trước"))
    kept, before = _bytes(town, head), _open(town, head).content
    for act, number, month in acts:
        _act(town, dialogue, act, number, f"2024-{(2, 5, 8, 10)[month]:02d}-10")
    assert _bytes(town, head) == kept
    again = _freeze(town, reason="Bản sau")
    after = _open(town, again).content
    for moved in comparison.moved(before, after):
        if moved.restated is not None:
            assert moved.after == moved.before + moved.restated
    told = {change.record_id for change in comparison.record_changes(before, after)}
    assert told == {r.id for r in {*before.records} ^ {*after.records} if _differs(r.id, before, after)}
    _take(town, again, Step.DISCARD, town.people.officer)


def _differs(record_id, before, after):
    def counted(content):
        return [(r.happened_on, r.unit, r.quantity, r.status) for r in content.records if r.id == record_id]

    return counted(before) != counted(after)


def _act(town, dialogue, act, number, day):
    with town.reading() as session:
        known = session.exec(
            select(FieldRecord).where(FieldRecord.author_id == town.people.second.id).order_by(FieldRecord.created_at)
        ).all()
    if act == "send" or not known:
        _send(town, dialogue(held_on=day), unit=PHO_CUONG, actor=town.people.second, id=uuid.uuid4())
        return
    record = known[number % len(known)]
    decide = {"verify": decisions.verify, "return": decisions.return_to_author, "void": decisions.void}[act]
    try:
        with town.writing() as session:
            decide(session, town.people.leader, record.id, record.version, "Xem lại")
    except Refused:
        pass
