"""Every guarded function of data_model: each public one that takes the acting account, and the act that it asks for.

A new function belongs here, or test_access.py fails. In `GUARDED` it stands under "room.module.name" with one or more
pairs (act that its role needs, a call of it). A call gets (session, actor, w), `w` being the `World` of a record that
belongs to another person in another commune: the supervisor who walks through must neither read nor change it. `OPEN`
in place of an act: everybody who is signed in, on what is their own. In `IN_PASSING` stand acts that no function
asks for first. In `PARTS` stand functions that ask for none: a guarded one calls them with what it has checked.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlmodel import select

from data_model.accounts import administration, people_list, sign_ins, tablets
from data_model.accounts.tables import Account
from data_model.core import journal
from data_model.core.access import Act, Role, UnitGrant
from data_model.core.database import Database
from data_model.deadlines import due_soon, round_reports, tables, working_days
from data_model.evidence import attachments, tablet_files, uploads
from data_model.evidence.content import Examined, Medium
from data_model.follow_up import listing as follow_up_list
from data_model.follow_up import proof, steps
from data_model.journal import listing as journal_list
from data_model.journal import subjects
from data_model.overview import lagging, moved, waiting
from data_model.periods import lock
from data_model.periods.periods import Period
from data_model.planning import drafts, new_plan, next_year
from data_model.plans import phasing, rules
from data_model.plans.view import view_plan
from data_model.progress import figures, unmet
from data_model.records import listing, versions, writing
from data_model.records.tables import FieldRecord, FollowUpState, Recommendation
from data_model.records.writing import Entry
from data_model.review import batch, decisions, duplicates, marks, queue, second_look
from data_model.snapshots import (
    approval,
    comparison,
    freezing,
    late_list,
    proving,
    reading,
    report_settings,
    time_stamps,
)
from data_model.units import boundaries, office
from tests.conftest import PHO_CUONG
from tests.data_model.visits import visit_entry

OPEN = None
SECRET = "Điều chỉ xã này được biết"
NO_SNAPSHOT = 987_654
OCTOBER = journal_list.JournalFilter(date(2024, 10, 1), date(2024, 10, 31))


@dataclass(frozen=True)
class World:
    """What the calls are about: a plan, and in a commune not given to the supervisor a sent visit of somebody else."""

    plan_id: int
    record: FieldRecord
    recommendation: Recommendation
    evidence_id: uuid.UUID
    account_id: int
    database: Database

    def entry(self, record_id: uuid.UUID | None = None) -> Entry:
        """The visit handed in once more, or as a new record."""
        r = self.record
        return Entry(
            id=record_id or r.id,
            plan_id=r.plan_id,
            activity_id=r.activity_id,
            unit_id=r.unit_id,
            round_id=r.round_id,
            answers={"visited_on": "2024-10-01", "note": "x"},
            seen_version=1,
        )

    @property
    def photo(self) -> Examined:
        return Examined(Medium.PHOTO, "x.jpg", "image/jpeg", b"x", "0" * 64, b"x", 1, 1)


GUARDED = {
    "accounts.administration.set_language": [(OPEN, lambda s, a, w: administration.set_language(s, a, "vi"))],
    "accounts.administration.list_accounts": [
        (Act.MANAGE_SUPERVISORS, lambda s, a, w: administration.list_accounts(s, a))
    ],
    "accounts.administration.open_account": [
        (Act.MANAGE_SUPERVISORS, lambda s, a, w: administration.open_account(s, a, w.account_id))
    ],
    "accounts.people_list.add_people": [(Act.MANAGE_SUPERVISORS, lambda s, a, w: people_list.add_people(s, a, [], []))],
    "accounts.administration.add_account": [
        (Act.MANAGE_SUPERVISORS, lambda s, a, w: administration.add_account(s, a, "", "", Role.SUPERVISOR)),
        (Act.MANAGE_ACCOUNTS, lambda s, a, w: administration.add_account(s, a, "", "", Role.LEADER)),
    ],
    "accounts.administration.set_units": [
        (
            Act.MANAGE_SUPERVISORS,
            lambda s, a, w: administration.set_units(s, a, w.account_id, [UnitGrant(w.record.unit_id, None, None)]),
        )
    ],
    "accounts.administration.set_role": [
        (Act.MANAGE_ACCOUNTS, lambda s, a, w: administration.set_role(s, a, w.account_id, Role.LEADER))
    ],
    "accounts.administration.rename": [
        (Act.MANAGE_SUPERVISORS, lambda s, a, w: administration.rename(s, a, w.account_id, "X"))
    ],
    "accounts.administration.set_identity": [
        (Act.MANAGE_ACCOUNTS, lambda s, a, w: administration.set_identity(s, a, w.account_id, "x"))
    ],
    "accounts.administration.new_link": [
        (Act.MANAGE_SUPERVISORS, lambda s, a, w: administration.new_link(s, a, w.account_id))
    ],
    "accounts.administration.set_disabled": [
        (Act.MANAGE_SUPERVISORS, lambda s, a, w: administration.set_disabled(s, a, w.account_id, True))
    ],
    "snapshots.approval.take": [
        (Act.FREEZE, lambda s, a, w: approval.take(s, a, NO_SNAPSHOT, approval.Step.SUBMIT, 1)),
        (Act.APPROVE_SNAPSHOT, lambda s, a, w: approval.take(s, a, NO_SNAPSHOT, approval.Step.APPROVE, 1)),
        (Act.APPROVE_SNAPSHOT, lambda s, a, w: approval.take(s, a, NO_SNAPSHOT, approval.Step.ISSUE, 1)),
    ],
    "snapshots.approval.save_texts": [
        (Act.FREEZE, lambda s, a, w: approval.save_texts(s, a, NO_SNAPSHOT, reading.Texts(), 1))
    ],
    "units.office.set_office": [(Act.SET_OFFICE, lambda s, a, w: office.set_office(s, a, "00000"))],
    "planning.new_plan.sheets_of_office": [(Act.WRITE_PLAN, lambda s, a, w: new_plan.sheets_of_office(s, a, 2026))],
    "units.boundaries.import_boundaries": [
        (Act.IMPORT_BOUNDARIES, lambda s, a, w: boundaries.import_boundaries(s, a, b"", date(2024, 1, 1), "x"))
    ],
    "snapshots.comparison.compare": [
        (Act.READ_SNAPSHOTS, lambda s, a, w: comparison.compare(s, a, NO_SNAPSHOT, NO_SNAPSHOT))
    ],
    "deadlines.due_soon.due_soon": [
        (Act.READ_PROGRESS, lambda s, a, w: due_soon.due_soon(s, a, view_plan(s, w.plan_id)))
    ],
    "review.duplicates.similar": [(Act.READ_RECORDS, lambda s, a, w: duplicates.similar(s, a, w.record))],
    "evidence.attachments.expect": [
        (Act.WRITE_RECORD, lambda s, a, w: attachments.expect(s, a, uuid.uuid4(), w.entry()))
    ],
    "evidence.attachments.attach": [
        (Act.WRITE_RECORD, lambda s, a, w: attachments.attach(s, a, uuid.uuid4(), w.entry(), w.photo)),
        (Act.WRITE_RECORD, lambda s, a, w: attachments.attach(s, a, w.evidence_id, w.entry(), w.photo)),
    ],
    "evidence.attachments.remove": [(Act.WRITE_RECORD, lambda s, a, w: attachments.remove(s, a, w.evidence_id))],
    "evidence.attachments.list_evidence": [
        (Act.READ_RECORDS, lambda s, a, w: attachments.list_evidence(s, a, w.record.id)),
        (Act.READ_JOURNAL, lambda s, a, w: attachments.list_evidence(s, a, w.record.id, removed=True)),
    ],
    "evidence.attachments.require_sight": [
        (Act.READ_RECORDS, lambda s, a, w: attachments.require_sight(s, a, w.evidence_id))
    ],
    "evidence.attachments.open_content": [
        (Act.READ_RECORDS, lambda s, a, w: attachments.open_content(s, a, w.evidence_id))
    ],
    "evidence.attachments.open_thumbnail": [
        (Act.READ_RECORDS, lambda s, a, w: attachments.open_thumbnail(s, a, w.evidence_id))
    ],
    "evidence.attachments.covers": [(Act.READ_RECORDS, lambda s, a, w: attachments.covers(s, a, [w.record.id]))],
    "evidence.attachments.latest_photos": [
        (Act.READ_RECORDS, lambda s, a, w: attachments.latest_photos(s, a, w.plan_id, w.record.unit_id))
    ],
    "evidence.attachments.expected_from": [
        (Act.WRITE_RECORD, lambda s, a, w: attachments.expected_from(s, a, w.record, [uuid.uuid4()]))
    ],
    "evidence.attachments.no_longer_expected": [
        (Act.WRITE_RECORD, lambda s, a, w: attachments.no_longer_expected(s, a, w.evidence_id))
    ],
    "evidence.attachments.on_the_way": [
        (Act.READ_RECORDS, lambda s, a, w: attachments.on_the_way(s, a, [w.record.id]))
    ],
    "evidence.attachments.known_pieces": [
        (Act.WRITE_RECORD, lambda s, a, w: attachments.known_pieces(s, a, [w.evidence_id]))
    ],
    "follow_up.steps.waiting_for_visit": [
        (Act.READ_RECORDS, lambda s, a, w: steps.waiting_for_visit(s, a, w.plan_id, w.record.unit_id))
    ],
    "follow_up.steps.report": [
        (Act.REPORT_FOLLOW_UP, lambda s, a, w: steps.report(s, a, w.recommendation.id, 1, FollowUpState.DONE, "x"))
    ],
    "follow_up.steps.confirm": [(Act.CONFIRM_FOLLOW_UP, lambda s, a, w: steps.confirm(s, a, w.recommendation.id, 1))],
    "follow_up.steps.send_back": [
        (Act.CONFIRM_FOLLOW_UP, lambda s, a, w: steps.send_back(s, a, w.recommendation.id, 1, "x"))
    ],
    "follow_up.steps.reported_at_visit": [
        (Act.REPORT_FOLLOW_UP, lambda s, a, w: steps.reported_at_visit(s, a, w.record, []))
    ],
    "follow_up.listing.list_recommendations": [
        (Act.READ_RECORDS, lambda s, a, w: follow_up_list.list_recommendations(s, a, w.plan_id))
    ],
    "follow_up.listing.count_by_standing": [
        (Act.READ_RECORDS, lambda s, a, w: follow_up_list.count_by_standing(s, a, w.plan_id))
    ],
    "follow_up.listing.places_and_people": [
        (Act.READ_RECORDS, lambda s, a, w: follow_up_list.places_and_people(s, a, w.plan_id))
    ],
    "follow_up.listing.open_recommendation": [
        (Act.READ_RECORDS, lambda s, a, w: follow_up_list.open_recommendation(s, a, w.recommendation.id))
    ],
    "follow_up.proof.proofs_for": [(Act.REPORT_FOLLOW_UP, lambda s, a, w: proof.proofs_for(s, a, w.recommendation.id))],
    "snapshots.freezing.overview": [(Act.READ_SNAPSHOTS, lambda s, a, w: freezing.overview(s, a, w.plan_id))],
    "snapshots.freezing.preview": [(Act.FREEZE, lambda s, a, w: freezing.preview(s, a, w.plan_id, Period.Q3))],
    "snapshots.freezing.freeze": [(Act.FREEZE, lambda s, a, w: freezing.freeze(s, a, w.plan_id, Period.Q3))],
    "periods.lock.give_exception": [
        (Act.GIVE_EXCEPTION, lambda s, a, w: lock.give_exception(s, a, w.plan_id, w.account_id, date(2024, 12, 1), "x"))
    ],
    "periods.lock.end_exception": [(Act.GIVE_EXCEPTION, lambda s, a, w: lock.end_exception(s, a, NO_SNAPSHOT))],
    "periods.lock.exceptions": [(Act.READ_SNAPSHOTS, lambda s, a, w: lock.exceptions(s, a, w.plan_id))],
    "periods.lock.people_for_exceptions": [(Act.GIVE_EXCEPTION, lambda s, a, w: lock.people_for_exceptions(s, a))],
    "snapshots.late_list.late_waiting": [(Act.READ_RECORDS, lambda s, a, w: late_list.late_waiting(s, a, w.plan_id))],
    "core.journal.hash_at": [(Act.READ_JOURNAL, lambda s, a, w: journal.hash_at(s, a, 1))],
    "core.journal.history": [(Act.READ_JOURNAL, lambda s, a, w: journal.history(s, a, "plan", w.plan_id))],
    "journal.listing.entries": [(Act.READ_JOURNAL, lambda s, a, w: journal_list.entries(s, a, OCTOBER))],
    "journal.listing.open_entry": [(Act.READ_JOURNAL, lambda s, a, w: journal_list.open_entry(s, a, 1))],
    "journal.listing.all_entries": [(Act.READ_JOURNAL, lambda s, a, w: list(journal_list.all_entries(s, a, OCTOBER)))],
    "journal.listing.latest_day": [(Act.READ_JOURNAL, lambda s, a, w: journal_list.latest_day(s, a))],
    "journal.listing.people": [(Act.READ_JOURNAL, lambda s, a, w: journal_list.people(s, a))],
    "journal.subjects.lookups": [(Act.READ_JOURNAL, lambda s, a, w: subjects.lookups(s, a))],
    "review.marks.marks_of": [(Act.READ_RECORDS, lambda s, a, w: marks.marks_of(s, a, [w.record.id]))],
    "overview.lagging.lagging": [
        (Act.READ_PROGRESS, lambda s, a, w: lagging.lagging(s, a, figures.plan_progress(s, a, w.plan_id)))
    ],
    "overview.lagging.supervisors": [
        (Act.READ_PROGRESS, lambda s, a, w: lagging.supervisors(s, a, [w.record.unit_id]))
    ],
    "overview.moved.moved": [(Act.READ_PROGRESS, lambda s, a, w: moved.moved(s, a, view_plan(s, w.plan_id)))],
    "overview.waiting.waiting": [(Act.READ_PROGRESS, lambda s, a, w: waiting.waiting(s, a, view_plan(s, w.plan_id)))],
    "plans.phasing.set_phasing": [(Act.SET_PHASING, lambda s, a, w: phasing.set_phasing(s, a, w.plan_id, {}))],
    "plans.rules.rules_of": [(Act.READ_PROGRESS, lambda s, a, w: rules.rules_of(s, a, w.plan_id))],
    "plans.rules.set_rules": [
        (Act.SET_PLAN_RULES, lambda s, a, w: rules.set_rules(s, a, w.plan_id, rules.PlanRules(80, 60, "calendar")))
    ],
    "plans.rules.rules_history": [(Act.READ_JOURNAL, lambda s, a, w: rules.rules_history(s, a, w.plan_id))],
    "progress.figures.plan_progress": [(Act.READ_PROGRESS, lambda s, a, w: figures.plan_progress(s, a, w.plan_id))],
    "progress.figures.own_progress": [(Act.READ_RECORDS, lambda s, a, w: figures.own_progress(s, a, w.plan_id))],
    "progress.figures.money": [(Act.READ_PROGRESS, lambda s, a, w: figures.money(s, a, w.plan_id))],
    "progress.figures.attendance": [(Act.READ_PROGRESS, lambda s, a, w: figures.attendance(s, a, w.plan_id))],
    "planning.drafts.list_drafts": [(Act.READ_PLAN_DRAFTS, lambda s, a, w: drafts.list_drafts(s, a))],
    "planning.drafts.open_draft": [(Act.READ_PLAN_DRAFTS, lambda s, a, w: drafts.open_draft(s, a, NO_SNAPSHOT))],
    "planning.drafts.begin_draft": [(Act.WRITE_PLAN, lambda s, a, w: drafts.begin_draft(s, a, {}))],
    "planning.drafts.save_draft": [(Act.WRITE_PLAN, lambda s, a, w: drafts.save_draft(s, a, NO_SNAPSHOT, 1, {}))],
    "planning.drafts.undo_draft": [(Act.WRITE_PLAN, lambda s, a, w: drafts.undo_draft(s, a, NO_SNAPSHOT, 1))],
    "planning.drafts.submit_draft": [(Act.WRITE_PLAN, lambda s, a, w: drafts.submit_draft(s, a, NO_SNAPSHOT, 1))],
    "planning.drafts.take_back_draft": [(Act.WRITE_PLAN, lambda s, a, w: drafts.take_back_draft(s, a, NO_SNAPSHOT, 1))],
    "planning.drafts.discard_draft": [(Act.WRITE_PLAN, lambda s, a, w: drafts.discard_draft(s, a, NO_SNAPSHOT, 1))],
    "planning.drafts.issue": [(Act.ISSUE_PLAN, lambda s, a, w: drafts.issue(s, a, NO_SNAPSHOT, 1, "1", None))],
    "planning.drafts.close_plan": [(Act.ISSUE_PLAN, lambda s, a, w: drafts.close_plan(s, a, w.plan_id, "x"))],
    "planning.drafts.reopen_plan": [(Act.ISSUE_PLAN, lambda s, a, w: drafts.reopen_plan(s, a, w.plan_id, "x"))],
    "planning.drafts.take_over_example": [(Act.ISSUE_PLAN, lambda s, a, w: drafts.take_over_example(s, a, w.plan_id))],
    "planning.drafts.attach_document": [
        (Act.WRITE_PLAN, lambda s, a, w: drafts.attach_document(s, a, NO_SNAPSHOT, "x.pdf", b"x"))
    ],
    "planning.drafts.remove_document": [(Act.WRITE_PLAN, lambda s, a, w: drafts.remove_document(s, a, NO_SNAPSHOT))],
    "planning.drafts.documents": [(Act.READ_PLAN_DRAFTS, lambda s, a, w: drafts.documents(s, a, NO_SNAPSHOT))],
    "planning.drafts.open_document": [(Act.READ_PLAN_DRAFTS, lambda s, a, w: drafts.open_document(s, a, NO_SNAPSHOT))],
    "planning.drafts.draft_of": [(Act.READ_PLAN_DRAFTS, lambda s, a, w: drafts.draft_of(s, a, w.plan_id))],
    "planning.next_year.sheets_for_year": [
        (Act.WRITE_PLAN, lambda s, a, w: next_year.sheets_for_year(s, a, w.plan_id, 2025))
    ],
    "progress.figures.example_plans": [(Act.READ_RECORDS, lambda s, a, w: figures.example_plans(s, a))],
    "progress.figures.plans_of": [(OPEN, lambda s, a, w: figures.plans_of(s, a))],
    "progress.figures.data_version": [(Act.READ_RECORDS, lambda s, a, w: figures.data_version(s, a, w.plan_id))],
    "records.listing.list_records": [(Act.READ_RECORDS, lambda s, a, w: listing.list_records(s, a, w.plan_id))],
    "records.listing.left_over_records": [
        (Act.READ_RECORDS, lambda s, a, w: listing.left_over_records(s, a, view_plan(s, w.plan_id), 5)),
    ],
    "records.listing.waiting_for_author": [
        (Act.READ_RECORDS, lambda s, a, w: listing.waiting_for_author(s, a, w.plan_id, 5))
    ],
    "records.listing.own_records": [(Act.READ_RECORDS, lambda s, a, w: listing.own_records(s, a, w.plan_id, 5))],
    "records.listing.count_waiting": [(Act.READ_RECORDS, lambda s, a, w: listing.count_waiting(s, a, w.plan_id))],
    "records.listing.known_versions": [(Act.WRITE_RECORD, lambda s, a, w: listing.known_versions(s, a, [w.record.id]))],
    "records.listing.open_record": [(Act.READ_RECORDS, lambda s, a, w: listing.open_record(s, a, w.record.id))],
    "records.listing.open_records": [(Act.READ_RECORDS, lambda s, a, w: listing.open_records(s, a, [w.record.id]))],
    "records.listing.points": [(Act.READ_RECORDS, lambda s, a, w: listing.points(s, a, w.plan_id, 10))],
    "records.writing.save_draft": [
        (Act.WRITE_RECORD, lambda s, a, w: writing.save_draft(s, a, w.entry())),
        (Act.WRITE_RECORD, lambda s, a, w: writing.save_draft(s, a, w.entry(uuid.uuid4()))),
    ],
    "records.writing.begin_draft": [
        (Act.WRITE_RECORD, lambda s, a, w: writing.begin_draft(s, a, w.entry())),
        (Act.WRITE_RECORD, lambda s, a, w: writing.begin_draft(s, a, w.entry(uuid.uuid4()))),
    ],
    "records.writing.send": [
        (Act.WRITE_RECORD, lambda s, a, w: writing.send(s, a, w.entry())),
        (Act.WRITE_RECORD, lambda s, a, w: writing.send(s, a, w.entry(uuid.uuid4()))),
    ],
    "records.writing.discard": [(Act.WRITE_RECORD, lambda s, a, w: writing.discard(s, a, w.record.id))],
    "snapshots.report_settings.report_settings": [
        (Act.READ_SNAPSHOTS, lambda s, a, w: report_settings.report_settings(s, a, w.plan_id))
    ],
    "snapshots.report_settings.set_report_settings": [
        (
            Act.FREEZE,
            lambda s, a, w: report_settings.set_report_settings(s, a, w.plan_id, report_settings.ReportSettings()),
        )
    ],
    "review.decisions.verify": [(Act.REVIEW_RECORD, lambda s, a, w: decisions.verify(s, a, w.record.id, 1))],
    "review.decisions.return_to_author": [
        (Act.REVIEW_RECORD, lambda s, a, w: decisions.return_to_author(s, a, w.record.id, 1, "x"))
    ],
    "review.decisions.void": [(Act.REVIEW_RECORD, lambda s, a, w: decisions.void(s, a, w.record.id, 1, "x"))],
    "review.batch.verify_batch": [
        (Act.REVIEW_RECORD, lambda s, a, w: batch.verify_batch(s, a, w.plan_id, {w.record.id: 1}))
    ],
    "review.batch.undo_batch": [(Act.REVIEW_RECORD, lambda s, a, w: batch.undo_batch(s, a, uuid.UUID(int=7)))],
    "review.batch.latest_batch": [(Act.REVIEW_RECORD, lambda s, a, w: batch.latest_batch(s, a, w.plan_id))],
    "review.queue.queue": [(Act.REVIEW_RECORD, lambda s, a, w: queue.queue(s, a, w.plan_id))],
    "review.queue.own_waiting": [(Act.REVIEW_RECORD, lambda s, a, w: queue.own_waiting(s, a, w.plan_id))],
    "deadlines.round_reports.due": [
        (Act.READ_PROGRESS, lambda s, a, w: round_reports.due(s, a, view_plan(s, w.plan_id)))
    ],
    "deadlines.round_reports.mark_sent": [
        (Act.MARK_REPORT_SENT, lambda s, a, w: round_reports.mark_sent(s, a, w.plan_id, 0, None, ""))
    ],
    "deadlines.round_reports.set_end": [
        (Act.MARK_REPORT_SENT, lambda s, a, w: round_reports.set_end(s, a, w.plan_id, 0, None))
    ],
    "review.second_look.draw_second_look": [
        (
            Act.REVIEW_RECORD,
            lambda s, a, w: second_look.draw_second_look(s, a, w.plan_id, date(2024, 1, 1), date(2024, 12, 31), 5),
        )
    ],
    "review.second_look.look_again": [
        (Act.REVIEW_RECORD, lambda s, a, w: second_look.look_again(s, a, NO_SNAPSHOT, w.record.id, 1, True))
    ],
    "review.second_look.second_looks": [(Act.REVIEW_RECORD, lambda s, a, w: second_look.second_looks(s, a, w.plan_id))],
    "review.second_look.open_second_look": [
        (Act.REVIEW_RECORD, lambda s, a, w: second_look.open_second_look(s, a, NO_SNAPSHOT))
    ],
    "accounts.sign_ins.own_sign_ins": [(OPEN, lambda s, a, w: sign_ins.own_sign_ins(s, a, None))],
    "accounts.sign_ins.end_others": [(OPEN, lambda s, a, w: sign_ins.end_others(s, a, "x"))],
    "snapshots.reading.heads": [(Act.READ_SNAPSHOTS, lambda s, a, w: reading.heads(s, a, w.plan_id))],
    "snapshots.reading.head_of": [(Act.READ_SNAPSHOTS, lambda s, a, w: reading.head_of(s, a, NO_SNAPSHOT))],
    "snapshots.reading.open_snapshot": [(Act.READ_SNAPSHOTS, lambda s, a, w: reading.open_snapshot(s, a, NO_SNAPSHOT))],
    "snapshots.reading.content_bytes": [(Act.READ_SNAPSHOTS, lambda s, a, w: reading.content_bytes(s, a, NO_SNAPSHOT))],
    "snapshots.proving.verify": [(Act.READ_SNAPSHOTS, lambda s, a, w: proving.verify(s, a, NO_SNAPSHOT))],
    "snapshots.time_stamps.stamp_head": [(Act.APPROVE_SNAPSHOT, lambda s, a, w: time_stamps.stamp_head(w.database, a))],
    "snapshots.proving.require_intact": [
        (Act.READ_SNAPSHOTS, lambda s, a, w: proving.require_intact(s, a, NO_SNAPSHOT))
    ],
    "snapshots.proving.verify_everything": [(Act.READ_JOURNAL, lambda s, a, w: proving.verify_everything(s, a))],
    "snapshots.proving.verify_bytes": [
        (Act.READ_SNAPSHOTS, lambda s, a, w: proving.verify_bytes(s, a, NO_SNAPSHOT, b"x"))
    ],
    "evidence.tablet_files.author_for": [
        (Act.WRITE_RECORD, lambda s, a, w: tablet_files.author_for(s, a, a.id, a.name)),
        (Act.HAND_IN_TABLET_FILE, lambda s, a, w: tablet_files.author_for(s, a, w.account_id, "giamsat2")),
    ],
    "accounts.tablets.heard": [(OPEN, lambda s, a, w: tablets.heard(s, a, tablets.Report(uuid.uuid4(), "1", 0, None)))],
    "accounts.tablets.list_tablets": [(Act.MANAGE_SUPERVISORS, lambda s, a, w: tablets.list_tablets(s, a))],
    "progress.unmet.unmet_records": [(Act.READ_PROGRESS, lambda s, a, w: unmet.unmet_records(s, a, w.plan_id))],
    "evidence.uploads.received": [
        (Act.WRITE_RECORD, lambda s, a, w: uploads.received(s, a, w.evidence_id, 1, "0" * 64))
    ],
    "evidence.uploads.add_part": [
        (Act.WRITE_RECORD, lambda s, a, w: uploads.add_part(s, a, uuid.uuid4(), 2, "0" * 64, 1, b"x"))
    ],
    "evidence.uploads.whole": [(Act.WRITE_RECORD, lambda s, a, w: uploads.whole(s, a, w.evidence_id))],
    "evidence.uploads.forget": [(Act.WRITE_RECORD, lambda s, a, w: uploads.forget(s, a, w.evidence_id))],
    "records.versions.sent_before": [(OPEN, lambda s, a, w: versions.sent_before(s, a, w.record.id, 0, {}))],
    "records.versions.latest_content": [(Act.READ_RECORDS, lambda s, a, w: versions.latest_content(s, a, w.record.id))],
    "deadlines.working_days.holidays": [(Act.READ_PROGRESS, lambda s, a, w: working_days.holidays(s, a, 2024))],
    "deadlines.working_days.set_day": [
        (Act.KEEP_CALENDAR, lambda s, a, w: working_days.set_day(s, a, None, tables.DayKind.OFF, ""))
    ],
}
IN_PASSING = {Act.ACCEPT_LATE: "changes what happens to a record of an issued period, in records and review"}
PARTS = {
    "planning.writing.write_plan": "the end of every way to put a plan in force; the issue of a draft has asked before",
    "snapshots.steps.seal_step": "seals what a function of snapshots did",
    "snapshots.approval.steps_open": "which buttons to show for a head that was opened; `take` checks again",
    "follow_up.steps.acts_open": "which buttons to show for a row that was opened; each act checks again",
    "core.journal.note": "writes down what a function did",
    "records.handed_in.note_handed_in": "of a record that `records.writing` wrote just now",
    "records.handed_in.handed_in_by": "asked by `review` of a record that it opened",
    "periods.lock.late_for": "told by `records.send` of what it sends",
    "periods.lock.require_word": "asked by `records` and `review` of what they change",
    "records.listing.visible": "the condition that the lists are made with",
    "records.writing.may_add_to": "asked by `evidence` of a record that it opened",
    "review.decisions.decide": "writes what `decisions` and `batch` have checked",
    "review.decisions.may_decide": "asked by both before",
    "review.decisions.require_other_hand": "asked by both of a record that they hold",
    "records.recommendations.step": "written by `follow_up`, after its checks",
    "records.recommendations.take_over": "written by `records.send`",
    "accounts.sign_ins.change_password": (
        "one's own, with the old password; takes the database and is tested in test_sign_ins.py"
    ),
    "records.versions.past": "of a record that was opened",
    "records.versions.resent": "of a record that was opened",
    "records.versions.since": "of a record that was opened",
}


def foreign_world(session, town) -> World:
    """A visit of the second supervisor to a commune of theirs, with a recommendation and a photo."""
    entry = visit_entry(town, [{"what": SECRET, "responsible": SECRET, "fix_by": "2024-10-20"}], unit=PHO_CUONG)
    record = writing.send(session, town.people.second, entry)
    session.flush()
    recommendation = session.exec(select(Recommendation).where(Recommendation.record_id == record.id)).one()
    draft = Entry(
        id=record.id, plan_id=record.plan_id, activity_id=record.activity_id, unit_id=record.unit_id, answers={}
    )
    piece = attachments.attach(
        session,
        town.people.second,
        uuid.uuid4(),
        draft,
        Examined(Medium.PHOTO, "bi-mat.jpg", "image/jpeg", SECRET.encode(), "1" * 64, SECRET.encode(), 1, 1),
    )
    account = session.get(Account, town.people.second.id)
    return World(record.plan_id, record, recommendation, piece.id, account.id, town.database)
