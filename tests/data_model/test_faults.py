"""Every write, with a fault at every statement of it: all of it is there afterwards, or nothing.

A new function that writes belongs into `WRITES`, one that only reads into `READS`, or a test fails.

Usually each statement meets one of the kinds of faults, and a few writes a kill. With SO_GIAM_SAT_FAULTS=all every
statement of every write meets each kind, and a kill as well.
"""

import os
import signal
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

import psycopg
import pytest
from sqlalchemy import event, select
from sqlmodel import Session, SQLModel

from data_model.accounts import administration, one_time_links, people_list, sign_ins, tablets
from data_model.core.access import Role, UnitGrant
from data_model.core.database import Database
from data_model.core.unavailable import Unavailable
from data_model.deadlines import round_reports, tables, working_days
from data_model.evidence import attachments, uploads
from data_model.evidence.content import Examined, Medium
from data_model.follow_up import steps
from data_model.periods import lock
from data_model.periods.periods import Period
from data_model.planning import drafts
from data_model.plans import phasing, rules
from data_model.records import writing as records
from data_model.records.tables import FollowUpState
from data_model.review import batch, decisions, second_look
from data_model.review.tables import SecondLookRecord
from data_model.snapshots import approval, freezing, reading, report_settings
from data_model.units import boundaries, office
from tests.conftest import CHOSEN, PHO_MINH, PHO_VINH, Town, signed_in
from tests.data_model.guarded_functions import GUARDED
from tests.data_model.planning.plan_drafts import (
    PDF_BYTES,
    begun,
    changed,
    closed,
    documented,
    example,
    submitted,
)
from tests.data_model.units.test_boundaries import collection
from tests.data_model.visits import one_of, send_visit, visit_entry

EVERY_KIND = os.environ.get("SO_GIAM_SAT_FAULTS") == "all"
Act = Callable[[Session], object]
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[108.9, 14.7], [109.0, 14.7], [109.0, 14.8], [108.9, 14.8], [108.9, 14.7]]],
}


def _dialogue(town: Town, **more) -> records.Entry:
    return town.entry(
        "DP-11", PHO_VINH, {"held_on": "2024-10-10", "place": "Nhà văn hóa", "attendance": {"total": 55}}, **more
    )


def _photo(n: bytes = b"x") -> Examined:
    return Examined(Medium.PHOTO, "x.jpg", "image/jpeg", n, "0" * 64, n, 1, 1)


def _with_photo(town: Town):
    entry, which = _dialogue(town), uuid.uuid4()
    with town.writing() as session:
        attachments.attach(session, town.people.supervisor, which, entry, _photo())
    return entry, which


def _sent(town: Town):
    with town.writing() as session:
        return records.send(session, town.people.supervisor, _dialogue(town))


def _two_without_a_mark(town: Town):
    with town.writing() as session:
        return [
            records.send(
                session,
                town.people.supervisor,
                town.entry(
                    "DP-11",
                    unit,
                    {"held_on": "2024-09-20", "place": "Nhà văn hóa", "attendance": {"total": 55}, "raised": 3},
                ),
            )
            for unit in (PHO_VINH, PHO_MINH)
        ]


def _batch(town: Town) -> uuid.UUID:
    both = _two_without_a_mark(town)
    with town.writing() as session:
        done = batch.verify_batch(session, town.people.officer, town.plan().id, {r.id: r.version for r in both})
    assert len(done.record_ids) == 2
    return done.batch_id


def _draw(session: Session, town: Town):
    return second_look.draw_second_look(
        session, town.people.leader, town.plan().id, date(2024, 1, 1), date(2024, 12, 31), 2
    )


def _drawn(town: Town):
    _batch(town)
    with town.writing() as session:
        look = _draw(session, town)
        return session.scalars(select(SecondLookRecord).where(SecondLookRecord.look_id == look.id)).first()


def _draft(town: Town):
    with town.writing() as session:
        return records.save_draft(session, town.people.supervisor, _dialogue(town))


def _reported(town: Town):
    one = one_of(town, send_visit(town))
    with town.writing() as session:
        return steps.report(session, town.people.supervisor, one.id, one.version, FollowUpState.DONE, "đã sửa")


def _frozen(town: Town):
    _sent(town)
    with town.database.writing(one_moment=True) as session:
        return freezing.freeze(session, town.people.officer, town.plan().id, Period.Q3)


def _begun_upload(town: Town) -> uuid.UUID:
    with town.writing() as session:
        uploads.add_part(session, town.people.supervisor, uuid.UUID(int=6), 2, "0" * 64, 0, b"x")
    return uuid.UUID(int=6)


def _expected(town: Town) -> uuid.UUID:
    record = _sent(town)
    with town.writing() as session:
        attachments.expected_from(session, town.people.supervisor, session.merge(record), [uuid.UUID(int=7)])
    return uuid.UUID(int=7)


def _exception(town: Town):
    with town.writing() as session:
        return lock.give_exception(
            session, town.people.leader, town.plan().id, town.people.supervisor.id, date(2024, 10, 20), "máy hỏng"
        )


def _ended_round(town: Town) -> None:
    with town.writing() as session:
        round_reports.set_end(
            session, town.people.officer, town.plan().id, town.line("DP-17a").round_ids[0], date(2024, 9, 20)
        )


def _given(prepare, act) -> Callable[[Town], Act]:
    """A write that stands on what `prepare` made."""

    def made(town: Town) -> Act:
        there = prepare(town)
        return lambda session: act(session, town, there)

    return made


def _plain(act) -> Callable[[Town], Act]:
    return _given(lambda town: None, lambda session, town, _none: act(session, town))


WRITES: dict[str, Callable[[Town], Act]] = {
    "accounts.administration.set_language": _plain(
        lambda s, t: administration.set_language(s, t.people.supervisor, "en")
    ),
    "accounts.administration.add_account": _plain(
        lambda s, t: administration.add_account(
            s,
            t.people.administrator,
            "moi.toanh",
            "Người mới",
            Role.SUPERVISOR,
            [t.unit(PHO_VINH).id, t.unit(PHO_MINH).id],
        )
    ),
    "accounts.administration.set_units": _plain(
        lambda s, t: administration.set_units(
            s, t.people.administrator, t.people.supervisor.id, [UnitGrant(t.unit(PHO_MINH).id, None, None)]
        )
    ),
    "accounts.administration.set_role": _plain(
        lambda s, t: administration.set_role(s, t.people.administrator, t.people.second.id, Role.LEADER)
    ),
    "accounts.administration.rename": _plain(
        lambda s, t: administration.rename(s, t.people.administrator, t.people.second.id, "Tên khác")
    ),
    "accounts.administration.set_identity": _plain(
        lambda s, t: administration.set_identity(s, t.people.administrator, t.people.second.id, "a@b.vn")
    ),
    "accounts.administration.new_link": _plain(
        lambda s, t: administration.new_link(s, t.people.administrator, t.people.second.id)
    ),
    "accounts.administration.set_disabled": _plain(
        lambda s, t: administration.set_disabled(s, t.people.administrator, t.people.second.id, True)
    ),
    "snapshots.approval.take": _given(
        _frozen, lambda s, t, head: approval.take(s, t.people.officer, head.id, approval.Step.SUBMIT, head.row_version)
    ),
    "snapshots.approval.save_texts": _given(
        _frozen,
        lambda s, t, head: approval.save_texts(
            s, t.people.officer, head.id, reading.Texts(difficulties="mưa lũ", causes={}, measures={}), head.row_version
        ),
    ),
    "units.boundaries.import_boundaries": _plain(
        lambda s, t: boundaries.import_boundaries(
            s,
            t.people.officer,
            collection({"type": "Feature", "properties": {"code": PHO_VINH}, "geometry": SQUARE}),
            date(2024, 6, 1),
            "Sở",
            sure=True,
        )
    ),
    "evidence.attachments.attach": _given(
        _dialogue, lambda s, t, entry: attachments.attach(s, t.people.supervisor, uuid.uuid4(), entry, _photo())
    ),
    "evidence.attachments.remove": _given(
        _with_photo, lambda s, t, there: attachments.remove(s, t.people.supervisor, there[1])
    ),
    "follow_up.steps.report": _given(
        lambda t: one_of(t, send_visit(t)),
        lambda s, t, one: steps.report(s, t.people.supervisor, one.id, one.version, FollowUpState.DONE, "đã sửa"),
    ),
    "follow_up.steps.confirm": _given(
        _reported, lambda s, t, one: steps.confirm(s, t.people.leader, one.id, one.version)
    ),
    "follow_up.steps.send_back": _given(
        _reported, lambda s, t, one: steps.send_back(s, t.people.leader, one.id, one.version, "chưa xong")
    ),
    "follow_up.steps.reported_at_visit": _given(
        lambda t: (one_of(t, send_visit(t)), send_visit(t, [], day="2024-10-12")),
        lambda s, t, there: steps.reported_at_visit(
            s, t.people.supervisor, there[1], [{"id": str(there[0].id), "state": "done", "note": "đã sửa"}]
        ),
    ),
    "snapshots.freezing.freeze": _given(
        _sent, lambda s, t, _r: freezing.freeze(s, t.people.officer, t.plan().id, Period.Q3)
    ),
    "periods.lock.give_exception": _plain(
        lambda s, t: lock.give_exception(
            s, t.people.leader, t.plan().id, t.people.supervisor.id, date(2024, 10, 20), "máy hỏng"
        )
    ),
    "periods.lock.end_exception": _given(_exception, lambda s, t, one: lock.end_exception(s, t.people.leader, one.id)),
    "plans.phasing.set_phasing": _plain(
        lambda s, t: phasing.set_phasing(
            s, t.people.leader, t.plan().id, {t.line("DP-11").target_id: {3: Fraction(15)}}
        )
    ),
    "plans.rules.set_rules": _plain(
        lambda s, t: rules.set_rules(s, t.people.officer, t.plan().id, rules.PlanRules(80, 60, "calendar"))
    ),
    "records.writing.save_draft": _given(
        _draft,
        lambda s, t, kept: records.save_draft(
            s,
            t.people.supervisor,
            replace(_dialogue(t, id=kept.id, seen_version=kept.version), answers={"place": "Chỗ khác"}),
        ),
    ),
    "records.writing.begin_draft": _given(
        _dialogue, lambda s, t, entry: records.begin_draft(s, t.people.supervisor, entry)
    ),
    "records.writing.send": _given(
        lambda t: visit_entry(t, [{"what": "Sửa loa", "responsible": "UBND xã", "fix_by": "2024-10-20"}]),
        lambda s, t, entry: records.send(s, t.people.supervisor, entry),
    ),
    "records.writing.discard": _given(_draft, lambda s, t, kept: records.discard(s, t.people.supervisor, kept.id)),
    "snapshots.report_settings.set_report_settings": _plain(
        lambda s, t: report_settings.set_report_settings(
            s, t.people.officer, t.plan().id, report_settings.ReportSettings(place="Đức Phổ")
        )
    ),
    "review.decisions.verify": _given(
        _sent, lambda s, t, r: decisions.verify(s, t.people.officer, r.id, r.version, "đã hỏi lại")
    ),
    "review.batch.verify_batch": _given(
        _two_without_a_mark,
        lambda s, t, both: batch.verify_batch(s, t.people.officer, t.plan().id, {r.id: r.version for r in both}),
    ),
    "review.batch.undo_batch": _given(_batch, lambda s, t, batch_id: batch.undo_batch(s, t.people.officer, batch_id)),
    "review.second_look.draw_second_look": _given(_batch, lambda s, t, _batch_id: _draw(s, t)),
    "review.second_look.look_again": _given(
        _drawn,
        lambda s, t, one: second_look.look_again(
            s, t.people.leader, one.look_id, one.record_id, one.version, False, "thiếu ảnh"
        ),
    ),
    "review.decisions.return_to_author": _given(
        _sent, lambda s, t, r: decisions.return_to_author(s, t.people.officer, r.id, r.version, "thiếu ảnh")
    ),
    "review.decisions.void": _given(
        lambda t: send_visit(t), lambda s, t, r: decisions.void(s, t.people.officer, r.id, r.version, "nhập hai lần")
    ),
    "deadlines.round_reports.mark_sent": _given(
        _ended_round,
        lambda s, t, _none: round_reports.mark_sent(
            s, t.people.officer, t.plan().id, t.line("DP-17a").round_ids[0], date(2024, 10, 10), "12/BC"
        ),
    ),
    "deadlines.round_reports.set_end": _plain(
        lambda s, t: round_reports.set_end(
            s, t.people.officer, t.plan().id, t.line("DP-17a").round_ids[0], date(2024, 5, 10)
        )
    ),
    "accounts.sign_ins.end_others": _plain(lambda s, t: sign_ins.end_others(s, t.people.supervisor, "another")),
    "deadlines.working_days.set_day": _plain(
        lambda s, t: working_days.set_day(s, t.people.officer, date(2024, 10, 21), tables.DayKind.OFF, "nghỉ bù")
    ),
    "accounts.tablets.heard": _plain(
        lambda s, t: tablets.heard(s, t.people.supervisor, tablets.Report(uuid.UUID(int=5), "1", 2, None))
    ),
    "evidence.uploads.add_part": _plain(
        lambda s, t: uploads.add_part(s, t.people.supervisor, uuid.UUID(int=6), 2, "0" * 64, 0, b"x")
    ),
    "evidence.uploads.forget": _given(
        _begun_upload, lambda s, t, evidence_id: uploads.forget(s, t.people.supervisor, evidence_id)
    ),
    "evidence.attachments.expected_from": _given(
        _sent,
        lambda s, t, record: attachments.expected_from(s, t.people.supervisor, s.merge(record), [uuid.UUID(int=7)]),
    ),
    "evidence.attachments.no_longer_expected": _given(
        _expected, lambda s, t, evidence_id: attachments.no_longer_expected(s, t.people.supervisor, evidence_id)
    ),
    "planning.drafts.begin_draft": _plain(
        lambda s, t: drafts.begin_draft(s, t.people.officer, {"plan": [{"code": "x"}]})
    ),
    "planning.drafts.save_draft": _given(
        begun, lambda s, t, draft: drafts.save_draft(s, t.people.officer, draft, 1, {"plan": [{"code": "y"}]})
    ),
    "planning.drafts.undo_draft": _given(
        lambda t: changed(t), lambda s, t, draft: drafts.undo_draft(s, t.people.officer, draft, 2)
    ),
    "planning.drafts.submit_draft": _given(
        begun, lambda s, t, draft: drafts.submit_draft(s, t.people.officer, draft, 1)
    ),
    "planning.drafts.take_back_draft": _given(
        submitted, lambda s, t, draft: drafts.take_back_draft(s, t.people.officer, draft, 2)
    ),
    "planning.drafts.discard_draft": _given(
        begun, lambda s, t, draft: drafts.discard_draft(s, t.people.officer, draft, 1)
    ),
    "planning.drafts.issue": _given(
        submitted, lambda s, t, draft: drafts.issue(s, t.people.leader, draft, 2, "15/KH-UBND", date(2024, 10, 1), True)
    ),
    "planning.drafts.close_plan": _plain(lambda s, t: drafts.close_plan(s, t.people.leader, t.plan().id, "hết năm")),
    "planning.drafts.reopen_plan": _given(
        closed, lambda s, t, _none: drafts.reopen_plan(s, t.people.leader, t.plan().id, "còn bản ghi")
    ),
    "planning.drafts.take_over_example": _given(
        example, lambda s, t, plan_id: drafts.take_over_example(s, t.people.leader, plan_id)
    ),
    "planning.drafts.attach_document": _given(
        begun, lambda s, t, draft: drafts.attach_document(s, t.people.officer, draft, "kế hoạch.pdf", PDF_BYTES)
    ),
    "planning.drafts.remove_document": _given(
        documented, lambda s, t, document: drafts.remove_document(s, t.people.officer, document)
    ),
    "accounts.people_list.add_people": _plain(
        lambda s, t: people_list.add_people(
            s,
            t.people.administrator,
            [
                {"name": "lanhdao2", "display_name": "Phó phòng", "role": "leader"},
                {"name": "giamsat9", "display_name": "Giám sát 9", "role": "supervisor", "communes": "Phổ Vinh"},
            ],
            t.plan().units,
        )
    ),
    "units.office.set_office": _plain(
        lambda s, t: office.set_office(s, t.people.administrator, "51", ["21439", "21451"])
    ),
    # Guarded by no account, and writes all the same.
    "accounts.one_time_links.use_link": _given(
        lambda t: _linked(t), lambda s, t, link: one_time_links.use_link(s, link, CHOSEN)
    ),
    "accounts.sign_ins.begin": _plain(lambda s, t: signed_in(s, "giamsat1")),
}
READS = {
    "planning.drafts.list_drafts",
    "planning.drafts.open_draft",
    "planning.drafts.documents",
    "planning.drafts.open_document",
    "planning.drafts.draft_of",
    "planning.next_year.sheets_for_year",
    "planning.new_plan.sheets_of_office",
    "progress.figures.example_plans",
    "overview.lagging.lagging",
    "overview.lagging.supervisors",
    "overview.moved.moved",
    "overview.waiting.waiting",
    "core.journal.hash_at",
    "snapshots.proving.require_intact",
    "snapshots.proving.verify",
    "snapshots.proving.verify_bytes",
    "snapshots.proving.verify_everything",
    "snapshots.time_stamps.stamp_head",
    "accounts.tablets.list_tablets",
    "evidence.attachments.known_pieces",
    "evidence.attachments.on_the_way",
    "evidence.tablet_files.author_for",
    "evidence.uploads.received",
    "evidence.uploads.whole",
    "records.listing.known_versions",
    "records.listing.own_records",
    "records.versions.sent_before",
    "accounts.administration.list_accounts",
    "accounts.administration.open_account",
    "accounts.sign_ins.own_sign_ins",
    "core.journal.history",
    "deadlines.due_soon.due_soon",
    "deadlines.round_reports.due",
    "deadlines.working_days.holidays",
    "evidence.attachments.covers",
    "evidence.attachments.expect",
    "evidence.attachments.latest_photos",
    "evidence.attachments.list_evidence",
    "evidence.attachments.open_content",
    "evidence.attachments.open_thumbnail",
    "evidence.attachments.require_sight",
    "follow_up.listing.count_by_standing",
    "follow_up.listing.list_recommendations",
    "follow_up.listing.open_recommendation",
    "follow_up.listing.places_and_people",
    "follow_up.proof.proofs_for",
    "follow_up.steps.waiting_for_visit",
    "journal.listing.all_entries",
    "journal.listing.entries",
    "journal.listing.latest_day",
    "journal.listing.open_entry",
    "journal.listing.people",
    "journal.subjects.lookups",
    "periods.lock.exceptions",
    "periods.lock.people_for_exceptions",
    "plans.rules.rules_history",
    "plans.rules.rules_of",
    "progress.figures.attendance",
    "progress.figures.data_version",
    "progress.figures.money",
    "progress.figures.own_progress",
    "progress.figures.plan_progress",
    "progress.figures.plans_of",
    "progress.unmet.unmet_records",
    "review.duplicates.similar",
    "review.marks.marks_of",
    "records.listing.count_waiting",
    "records.listing.left_over_records",
    "records.listing.list_records",
    "records.listing.open_record",
    "records.listing.open_records",
    "records.listing.points",
    "records.listing.waiting_for_author",
    "review.queue.own_waiting",
    "review.queue.queue",
    "review.batch.latest_batch",
    "review.second_look.open_second_look",
    "review.second_look.second_looks",
    "records.versions.latest_content",
    "snapshots.comparison.compare",
    "snapshots.freezing.overview",
    "snapshots.freezing.preview",
    "snapshots.late_list.late_waiting",
    "snapshots.reading.content_bytes",
    "snapshots.reading.head_of",
    "snapshots.reading.heads",
    "snapshots.reading.open_snapshot",
    "snapshots.report_settings.report_settings",
}


def _linked(town: Town) -> str:
    with town.writing() as session:
        return administration.new_link(session, town.people.administrator, town.people.second.id)


def test_every_door_is_known_to_write_or_to_read():
    writing = {name for name in WRITES if name in GUARDED}
    assert writing | READS == set(GUARDED) and not writing & READS


def _everything(database: Database) -> dict[str, list]:
    """All rows of all tables."""
    with database.reading() as session:
        return {t.name: sorted(map(repr, session.execute(select(t)).all())) for t in SQLModel.metadata.sorted_tables}


def _locked() -> Exception:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


def _full() -> Exception:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


FAULTS = {
    "sqlite": (_locked, _full, lambda: ZeroDivisionError("a fault of the program"), lambda: MemoryError()),
    "postgresql": (
        lambda: psycopg.errors.LockNotAvailable("x"),
        lambda: psycopg.errors.DiskFull("x"),
        lambda: ZeroDivisionError("a fault of the program"),
        lambda: psycopg.OperationalError("server closed the connection unexpectedly"),
    ),
}


class _Fault:
    """Raises at the `at`-th statement of a writing transaction, the commit counted as its last."""

    def __init__(self, at: int, make: Callable[[], Exception]):
        self.at, self.make, self.seen, self.struck = at, make, 0, False

    def statement(self, connection, *_given) -> None:
        if not connection.get_execution_options().get("writes"):
            return
        self.seen += 1
        if self.seen == self.at:
            self.struck = True
            raise self.make()


@contextmanager
def _faulty(database: Database, fault: _Fault):
    listeners = (
        ("before_cursor_execute", lambda c, *given: fault.statement(c)),
        ("commit", lambda c: fault.statement(c)),
    )
    for name, listener in listeners:
        event.listen(database.engine, name, listener)
    try:
        yield
    finally:
        for name, listener in listeners:
            event.remove(database.engine, name, listener)


@pytest.mark.parametrize("name", WRITES)
def test_a_fault_at_any_statement_leaves_all_or_nothing(town, name):
    act = WRITES[name](town)
    before = _everything(town.database)
    kinds = FAULTS[town.dialect]
    for at, number in product(range(1, 400), range(len(kinds) if EVERY_KIND else 1)):
        make = kinds[number if EVERY_KIND else (at + len(name)) % len(kinds)]
        fault = _Fault(at, make)
        with _faulty(town.database, fault):
            try:
                with town.database.writing(one_moment=True) as session:
                    act(session)
            except (Unavailable, ZeroDivisionError, MemoryError):
                assert fault.struck
        if not fault.struck:
            break
        assert _everything(town.database) == before, (at, make())
    assert at > 3, "the faults struck nothing"
    assert _everything(town.database) != before, "in the end the write went through"


@pytest.mark.parametrize(
    "name",
    WRITES
    if EVERY_KIND
    else [
        "records.writing.send",
        "evidence.attachments.attach",
        "snapshots.freezing.freeze",
        "accounts.administration.set_units",
        "review.batch.verify_batch",
    ],
)
def test_a_process_killed_at_any_statement_leaves_all_or_nothing(town, name):
    act = WRITES[name](town)
    before = _everything(town.database)
    town.database.engine.dispose()
    for at in range(1, 400):
        child = os.fork()
        if child == 0:
            _die_at(town, act, at)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0, "the write itself failed"
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert _everything(town.database) == before, at
        town.database.engine.dispose()
    assert at > 3
    assert _everything(town.database) != before


def _die_at(town: Town, act: Act, at: int) -> None:
    """In a process of its own: never returns."""
    try:
        own = Database(town.database.engine.url.render_as_string(hide_password=False))
        fault = _Fault(at, lambda: os.kill(os.getpid(), signal.SIGKILL))
        with _faulty(own, fault), own.writing(one_moment=True) as session:
            act(session)
        os._exit(0)
    except BaseException:  # whatever it is, this process must not go on with the tests
        os._exit(1)
