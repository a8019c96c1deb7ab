"""A draft of a plan counts nowhere, loses nothing that was typed, and comes into force by a leader's act alone."""

from datetime import date

import pytest
from sqlmodel import select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.planning import drafts
from data_model.planning.content import content_of
from data_model.planning.next_year import sheets_for_year
from data_model.planning.reading import read
from data_model.planning.tables import PlanDraft
from data_model.plans.tables import Plan
from data_model.progress import figures
from data_model.records import writing
from seed.load import load_everything
from tests.conftest import ON_SQLITE, PHO_MINH, PHO_VINH
from tests.data_model.planning.plan_drafts import (
    PDF_BYTES,
    begun,
    changed,
    closed,
    documented,
    example,
    small_plan,
    submitted,
)

ISSUED_ON = date(2024, 10, 1)


def _codes(town, who="leader"):
    with town.reading() as session:
        return {plan.code for plan in figures.plans_of(session, getattr(town.people, who))}


def _issue(town, draft_id, seen=2, number="15/KH-UBND", day=ISSUED_ON, sure=True):
    with town.writing() as session:
        return drafts.issue(session, town.people.leader, draft_id, seen, number, day, sure)


def refusal(act) -> list[tuple[str, Say]]:
    with pytest.raises(Refused) as refused:
        act()
    return [(p.where, p.say) for p in refused.value.problems]


def test_a_draft_counts_nowhere_and_is_seen_by_those_who_write_it(town):
    before = _codes(town)
    draft_id = begun(town)
    assert _codes(town) == before
    with town.reading() as session:
        assert [d.id for d in drafts.list_drafts(session, town.people.officer)] == [draft_id]
        assert drafts.list_drafts(session, town.people.leader) == []
        assert refusal(lambda: drafts.open_draft(session, town.people.leader, draft_id)) == [("", Say.NOT_FOUND)]
        assert refusal(lambda: drafts.list_drafts(session, town.people.supervisor)) == [("", Say.NOT_ALLOWED)]


def test_issued_it_is_a_plan_with_its_documents_number_day_and_phasing(town):
    plan_id = _issue(town, submitted(town), number="  15/KH-UBND ")
    assert "duc_pho_2024_b" in _codes(town) & _codes(town, "supervisor")
    plan = town.plan("duc_pho_2024_b")
    assert (plan.document["number"], plan.document["date"]) == ("15/KH-UBND", "2024-10-01")
    assert {u.code for u in plan.units} == {PHO_VINH, PHO_MINH}
    dialogues = town.line("B-01", "duc_pho_2024_b")
    assert (dialogues.total_need, dialogues.phases) == (2, {3: 1, 4: 1})
    assert plan.budgets[plan.components[0].id].amount == 250_000_000
    with town.reading() as session:
        assert drafts.list_drafts(session, town.people.officer) == []
        told = session.exec(select(JournalEntry).where(JournalEntry.act == "issue_plan")).one()
        assert (told.subject_id, told.account_id) == (str(plan_id), town.people.leader.id)
        assert told.after["number"] == "15/KH-UBND"
        assert drafts.draft_of(session, town.people.officer, plan_id)


def test_a_record_of_the_issued_plan_is_taken_and_counts(town, dialogue):
    _issue(town, submitted(town))
    with town.writing() as session:
        writing.send(session, town.people.supervisor, town.entry("B-01", PHO_VINH, dialogue(), plan="duc_pho_2024_b"))
    with town.reading() as session:
        progress = figures.plan_progress(session, town.people.leader, town.plan("duc_pho_2024_b").id)
    assert next(t for t in progress.targets if t.line.code == "B-01").done.reported == 1


@ON_SQLITE
def test_what_forbids_it_is_said_before_it_is_submitted(town):
    with town.writing() as session:
        sheets = small_plan()
        del sheets["activities"][0]["kind"]
        draft_id = drafts.begin_draft(session, town.people.officer, sheets).id
    with town.reading() as session:
        act = lambda: drafts.submit_draft(session, town.people.officer, draft_id, 1)  # noqa: E731
        assert refusal(act) == [("activities.0.kind", Say.KIND_MISSING)]


@ON_SQLITE
def test_doubts_are_read_before_it_is_issued(town):
    with town.writing() as session:
        sheets = small_plan()
        sheets["components"][0]["amount"] = "250.000"
        draft_id = drafts.begin_draft(session, town.people.officer, sheets).id
        drafts.submit_draft(session, town.people.officer, draft_id, 1)
    assert refusal(lambda: _issue(town, draft_id, sure=False)) == [("components.0.amount", Say.AMOUNT_LOOKS_SHORTENED)]
    assert _issue(town, draft_id, sure=True)


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"number": " "}, [("number", Say.REQUIRED)]),
        ({"day": None}, [("day", Say.REQUIRED)]),
        ({"day": date(2024, 10, 16)}, [("day", Say.DATE_IN_FUTURE)]),
        ({"seen": 1}, [("", Say.DRAFT_CHANGED)]),
    ],
)
def test_an_issue_asks_for_number_and_day_and_for_what_was_seen(town, given, expected):
    draft_id = submitted(town)
    assert refusal(lambda: _issue(town, draft_id, **given)) == expected
    assert "duc_pho_2024_b" not in _codes(town)


@ON_SQLITE
def test_a_draft_is_not_issued_over_another_plan_nor_twice_nor_by_who_wrote_it(town):
    with town.writing() as session:
        draft_id = drafts.begin_draft(session, town.people.officer, small_plan("duc_pho_2024")).id
        drafts.submit_draft(session, town.people.officer, draft_id, 1)
    assert refusal(lambda: _issue(town, draft_id)) == [("plan.0.code", Say.PLAN_CODE_TAKEN)]
    good = submitted(town)
    with town.reading() as session:
        act = lambda: drafts.issue(session, town.people.officer, good, 2, "1", ISSUED_ON)  # noqa: E731
        assert refusal(act) == [("", Say.NOT_ALLOWED)]
    _issue(town, good)
    assert refusal(lambda: _issue(town, good, seen=3)) == [("", Say.DRAFT_STATE)]


def test_every_change_can_be_undone_one_by_one_to_the_first(town):
    draft_id = begun(town)
    states = [small_plan()]
    with town.writing() as session:
        for number in (1, 2, 3):
            sheets = small_plan()
            sheets["activities"][0]["quantity"] = str(number + 1)
            assert drafts.save_draft(session, town.people.officer, draft_id, number, sheets) == number + 1
            states.append(sheets)
    for expected in reversed(states[:-1]):
        with town.writing() as session:
            seen = drafts.open_draft(session, town.people.officer, draft_id).version
            drafts.undo_draft(session, town.people.officer, draft_id, seen)
        with town.reading() as session:
            draft = session.get(PlanDraft, draft_id)
            assert draft.sheets["activities"] == expected["activities"]
    with town.writing() as session:
        act = lambda: drafts.undo_draft(session, town.people.officer, draft_id, draft.version)  # noqa: E731
        assert not drafts.can_be_undone(session, draft) and refusal(act) == [("", Say.NOTHING_TO_UNDO)]


@ON_SQLITE
def test_two_who_write_at_once_do_not_overwrite_each_other(town):
    draft_id = changed(town)
    with town.writing() as session:
        act = lambda: drafts.save_draft(session, town.people.administrator, draft_id, 1, {})  # noqa: E731
        assert refusal(act) == [("", Say.DRAFT_CHANGED)]
        undone = drafts.undo_draft(session, town.people.officer, draft_id, 2)
        assert undone == 3, "a version that was seen before would let an old page save over it"


@ON_SQLITE
def test_taken_back_it_is_changed_again_and_a_leader_sees_it_no_more(town):
    draft_id = submitted(town)
    with town.writing() as session:
        act = lambda: drafts.save_draft(session, town.people.officer, draft_id, 2, {})  # noqa: E731
        assert refusal(act) == [("", Say.DRAFT_STATE)]
        drafts.take_back_draft(session, town.people.officer, draft_id, 2)
        assert drafts.list_drafts(session, town.people.leader) == []
        assert drafts.save_draft(session, town.people.officer, draft_id, 3, {}) == 4
        drafts.discard_draft(session, town.people.officer, draft_id, 4)
        assert drafts.list_drafts(session, town.people.officer) == []


def test_the_document_itself_is_kept_beside_it_and_stays_with_the_plan(town):
    document_id = documented(town)
    with town.writing() as session:
        (head,) = drafts.documents(session, town.people.officer, draft_id := session.exec(select(PlanDraft.id)).one())
        assert (head.name, head.media_type) == ("kế hoạch.pdf", "application/pdf")
        act = lambda: drafts.open_document(session, town.people.leader, document_id)  # noqa: E731
        assert refusal(act) == [("", Say.NOT_FOUND)]
        drafts.submit_draft(session, town.people.officer, draft_id, 1)
    _issue(town, draft_id)
    with town.writing() as session:
        assert drafts.open_document(session, town.people.leader, document_id)[1] == PDF_BYTES
        act = lambda: drafts.remove_document(session, town.people.officer, document_id)  # noqa: E731
        assert refusal(act) == [("", Say.DRAFT_STATE)]


@ON_SQLITE
@pytest.mark.parametrize(
    ("content", "say"),
    [(b"", Say.EVIDENCE_NOT_ACCEPTED), (b"MZ\0", Say.EVIDENCE_NOT_ACCEPTED), (b"%PDF-1.4 cut", Say.EVIDENCE_DAMAGED)],
)
def test_what_is_no_document_is_refused(town, content, say):
    draft_id = begun(town)
    with town.writing() as session:
        act = lambda: drafts.attach_document(session, town.people.officer, draft_id, "x.pdf", content)  # noqa: E731
        assert refusal(act) == [("evidence", say)]


def test_a_closed_plan_takes_no_record_until_it_is_opened_again(town, dialogue):
    closed(town)
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    with town.writing() as session:
        act = lambda: writing.send(session, town.people.supervisor, entry)  # noqa: E731
        assert refusal(act) == [("activity", Say.PLAN_IS_CLOSED)]
        assert refusal(lambda: drafts.reopen_plan(session, town.people.leader, town.plan().id, " ")) == [
            ("reason", Say.REASON_MISSING)
        ]
    with town.reading() as session:
        heads = figures.plans_of(session, town.people.leader)
        assert heads[-1].code == "duc_pho_2024" and heads[-1].closed and not heads[0].closed
    with town.writing() as session:
        drafts.reopen_plan(session, town.people.leader, town.plan().id, "còn bản ghi nộp muộn")
    with town.writing() as session:
        assert writing.send(session, town.people.supervisor, entry).status == "sent"


def test_examples_are_out_of_figures_and_of_supervisors_way(town, dialogue):
    example(town, "duc_pho_2024")
    assert "duc_pho_2024" not in _codes(town) and _codes(town, "supervisor") == set()
    with town.writing() as session:
        act = lambda: writing.send(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue()))  # noqa: E731
        assert refusal(act) == [("activity", Say.PLAN_IS_EXAMPLE)]
        assert figures.example_plans(session, town.people.leader) == [], "hidden: the office has plans of its own"
        drafts.take_over_example(session, town.people.leader, town.plan().id)
    assert "duc_pho_2024" in _codes(town, "supervisor")


def test_at_a_first_start_the_five_plans_are_examples_and_stay_so(database, today):
    with database.writing() as session:
        assert len(load_everything(session, examples=True)) == 5
        assert load_everything(session, examples=True) == []
        assert [plan.example for plan in session.exec(select(Plan))] == [True] * 5


def test_a_new_office_is_offered_the_five_as_examples(town):
    for code in ("ba_to_2024", "bai_chay_2024", "duc_pho_2024", "hong_ngu_2022", "long_khanh_2024"):
        example(town, code)
    with town.reading() as session:
        assert figures.plans_of(session, town.people.leader) == []
        assert len(figures.example_plans(session, town.people.leader)) == 5
        assert figures.example_plans(session, town.people.supervisor) == []


def test_from_last_years_plan_days_move_and_numbers_stay_as_proposals(town):
    with town.reading() as session:
        before = content_of(session, town.plan().id)
        got = read(session, sheets_for_year(session, town.people.officer, town.plan().id, 2025))
    assert got.problems == () and got.content is not None
    after = got.content
    assert (after.code, after.name.vi) == ("duc_pho_2025", "Kế hoạch giảm nghèo thị xã Đức Phổ 2025")
    assert (after.starts_on, after.ends_on, after.document, after.slips) == (
        date(2025, 1, 1),
        date(2025, 12, 31),
        {},
        (),
    )
    assert [(a.code, a.quantity, a.named_units) for a in after.activities] == [
        (a.code, a.quantity, a.named_units) for a in before.activities
    ]
    fair = next(a for a in after.activities if a.code == "DP-01")
    assert (fair.window_from, fair.due) == (date(2025, 4, 1), date(2025, 12, 31))
    assert sum(c.budget.amount for c in after.components if c.budget) == sum(
        c.budget.amount for c in before.components if c.budget
    )


def test_for_a_year_after_the_merger_units_are_those_that_took_them_up(town):
    with town.reading() as session:
        sheets = sheets_for_year(session, town.people.officer, town.plan().id, 2026)
        got = read(session, sheets)
    assert len(sheets["units"]) == 5 and all(row["name"] for row in sheets["units"])
    assert {p.where for p in got.problems} == {"plan.0.owner"}, "the district is no more: whose plan it is must be said"


@ON_SQLITE
def test_an_empty_plan_stays_a_draft(town):
    with town.writing() as session:
        draft = drafts.begin_draft(session, town.people.officer, {})
        act = lambda: drafts.submit_draft(session, town.people.officer, draft.id, 1)  # noqa: E731
        assert refusal(act) == [("plan.0.code", Say.REQUIRED)]
