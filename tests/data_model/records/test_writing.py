"""The one door for writing: what it keeps, what it refuses, and that a resend is never a duplicate."""

import unicodedata
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from data_model.core import clock
from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.progress import figures
from data_model.records import writing
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.review import decisions
from tests.conftest import ON_SQLITE, PHO_AN, PHO_CUONG, PHO_MINH, PHO_VINH
from tests.data_model.visits import FIX_LOA, figures_versions, visit_entry


def send(town, entry, actor=None):
    with town.writing() as session:
        return writing.send(session, actor or town.people.supervisor, entry)


def draft(town, entry, actor=None):
    with town.writing() as session:
        return writing.save_draft(session, actor or town.people.supervisor, entry)


def stored(town) -> list[FieldRecord]:
    with town.reading() as session:
        return list(session.exec(select(FieldRecord)))


def journal_of(town, record_id) -> list[str]:
    with town.reading() as session:
        return [
            e.act
            for e in session.exec(
                select(JournalEntry).where(JournalEntry.subject_id == str(record_id)).order_by(JournalEntry.id)
            )
        ]


def refused(act, town, entry, actor=None) -> dict[str, Say]:
    before = [(r.id, r.version, r.answers) for r in stored(town)]
    with pytest.raises(Refused) as caught:
        act(town, entry, actor)
    assert [(r.id, r.version, r.answers) for r in stored(town)] == before, "a refused act left something"
    return {p.where: p.say for p in caught.value.problems}


def done_of(town, code):
    with town.reading() as session:
        counted = figures.plan_progress(session, town.people.leader, town.plan().id)
    return counted.by_activity[town.line(code).activity_id].done


# --- sending -------------------------------------------------------------------------------


def test_sending_moves_the_version_of_its_own_plans_figures_alone_and_a_draft_moves_none(town, dialogue):
    before = figures_versions(town)
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    draft(town, entry)
    assert figures_versions(town) == before
    send(town, replace(entry, seen_version=1))
    assert figures_versions(town) == before | {"duc_pho_2024": before["duc_pho_2024"] + 1}


@ON_SQLITE
@pytest.mark.parametrize("act", [send, draft])
def test_the_same_position_once_more_is_no_change_and_another_one_is(town, dialogue, act):
    entry = town.entry("DP-11", PHO_VINH, dialogue(), position=(14.8, 108.99, 10.0))
    assert [act(town, entry).version for _twice in range(2)] == [1, 1]
    moved = act(town, replace(entry, position=(14.81, 108.99, 10.0), seen_version=1))
    assert (moved.version, moved.latitude, moved.longitude, moved.accuracy_m) == (2, 14.81, 108.99, 10.0)


def test_a_draft_says_when_it_was_last_changed(town, dialogue):
    entry, moments = (
        town.entry("DP-11", PHO_VINH, dialogue()),
        [datetime(2024, 10, 15, hour, tzinfo=UTC) for hour in (1, 2, 3)],
    )
    for place, moment in enumerate(moments[:2]):
        with clock.standing_at(moment):
            draft(town, replace(entry, answers=dialogue(), seen_version=place))
    with clock.standing_at(moments[2]):  # the same once more
        draft(town, replace(entry, answers=stored(town)[0].answers, seen_version=2))
    assert [(r.created_at, r.changed_at) for r in stored(town)] == [(moments[0], moments[1])]


def test_a_sent_record_moves_the_reported_figure_and_the_verified_one_waits(town, dialogue):
    sent = send(town, town.entry("DP-11", PHO_VINH, dialogue()))
    assert (done_of(town, "DP-11").reported, done_of(town, "DP-11").verified) == (1, 0)
    with town.writing() as session:
        decisions.verify(session, town.people.leader, sent.id, sent.version)
    assert done_of(town, "DP-11").verified == 1
    assert journal_of(town, sent.id) == ["send", "verified"]


def test_what_every_kind_shares_stands_in_columns(town):
    answers = {"held_on": "10/10/2024", "attendance": {"total": "55", "women": "30", "poor": "0"}}
    sent = send(town, town.entry("DP-11", PHO_VINH, answers, position=(14.799, 108.997, 8.5)))
    kept = stored(town)[0]
    assert (kept.kind, kept.status, kept.version, kept.happened_on) == (
        "dialogue_session",
        "sent",
        1,
        date(2024, 10, 10),
    )
    assert (kept.people_total, kept.people_women, kept.people_poor, kept.people_disabled) == (55, 30, 0, None)
    assert (kept.latitude, kept.longitude, kept.accuracy_m, kept.unmet) == (14.799, 108.997, 8.5, 0)
    assert kept.author_id == town.people.supervisor.id and kept.sent_at == sent.sent_at


def test_a_dialogue_of_40_counts_and_fails_its_condition(town, dialogue):
    send(town, town.entry("DP-11", PHO_VINH, dialogue(attendance={"total": 40})))
    send(town, town.entry("DP-11", PHO_MINH, dialogue(attendance={})))
    assert done_of(town, "DP-11").reported == 2
    assert sorted(r.unmet for r in stored(town)) == [1, 1], "not collected proves nothing"


def test_a_running_class_is_shown_and_does_not_count_until_it_ended(town):
    entry = town.entry("DP-03", PHO_VINH, {"started_on": "2024-10-01", "trade": "May"})
    sent = send(town, entry)
    assert done_of(town, "DP-03").reported == 0
    send(
        town,
        replace(
            entry,
            answers={"started_on": "2024-10-01", "ended_on": "2024-10-14", "trade": "May"},
            seen_version=sent.version,
        ),
    )
    assert done_of(town, "DP-03").reported == 1 and len(stored(town)) == 1


def test_decomposed_letters_are_stored_composed(town, dialogue):
    send(town, town.entry("DP-11", PHO_VINH, dialogue(place=unicodedata.normalize("NFD", "Nhà văn hóa Phổ Vinh"))))
    assert stored(town)[0].answers["place"] == "Nhà văn hóa Phổ Vinh"


def test_markup_and_emoji_come_back_as_typed(town, dialogue):
    send(town, town.entry("DP-11", PHO_VINH, dialogue(place="<script>alert(1)</script> 👩‍🌾")))
    assert stored(town)[0].form.place == "<script>alert(1)</script> 👩‍🌾"


# --- resending -----------------------------------------------------------------------------


def test_a_resend_gives_the_record_that_is_there(town, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    first, again = send(town, entry), send(town, entry)
    assert (first.id, first.version) == (again.id, again.version) and len(stored(town)) == 1
    assert journal_of(town, first.id) == ["send"]


def test_a_resend_after_verification_changes_nothing(town, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    sent = send(town, entry)
    with town.writing() as session:
        decisions.verify(session, town.people.leader, sent.id, sent.version)
    assert send(town, entry).status == RecordStatus.VERIFIED


def test_the_same_uuid_with_other_content_is_no_resend(town, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    send(town, entry)
    assert refused(send, town, replace(entry, answers=dialogue(place="khác"))) == {"": Say.CHANGED_MEANWHILE}


def test_somebody_elses_uuid_opens_nothing(town, dialogue):
    entry = town.entry("DP-11", PHO_CUONG, dialogue())
    send(town, entry, town.people.second)
    mine = replace(entry, unit_id=town.unit(PHO_VINH).id)
    assert refused(send, town, mine) == {"": Say.NOT_FOUND}
    assert refused(draft, town, mine) == {"": Say.NOT_FOUND}


@pytest.mark.parametrize("act", [send, draft])
def test_eight_sends_at_one_moment_give_one_record(town, dialogue, act):
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: act(town, entry), range(8)))
    assert {r.id for r in results} == {entry.id} and len(stored(town)) == 1
    assert len(journal_of(town, entry.id)) == 1


def test_of_two_changes_at_one_moment_one_is_told(town, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    sent = send(town, entry)

    def change(number):
        try:
            send(town, replace(entry, answers=dialogue(place=f"nơi {number}"), seen_version=sent.version))
            return "changed"
        except Refused as caught:
            return caught.problems[0].say

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(change, range(4)))
    assert outcomes == sorted(["changed", *[Say.CHANGED_MEANWHILE] * 3])
    assert stored(town)[0].version == 2


# --- drafts --------------------------------------------------------------------------------

GARBAGE = {
    "held_on": "2099-13-99",
    "attendance": {"total": "năm mươi", "women": "-3"},
    "place": "  <b>" + "x" * 9000,
    "nowhere": [1, None, {"a": 0.5}],
}


def test_a_draft_keeps_exactly_what_was_typed(town):
    draft(town, town.entry("DP-11", PHO_VINH, GARBAGE))
    kept = stored(town)[0]
    assert kept.answers == GARBAGE and kept.status == RecordStatus.DRAFT
    assert kept.form.held_on is None and done_of(town, "DP-11").reported == 0


def test_a_draft_is_continued_and_sent_under_its_own_number(town, dialogue):
    entry = town.entry("DP-11", PHO_VINH, {"place": "mới"})
    first = draft(town, entry)
    second = draft(town, replace(entry, answers={"place": "mới hơn"}, seen_version=first.version))
    sent = send(town, replace(entry, answers=dialogue(), seen_version=second.version))
    assert (len(stored(town)), sent.status, sent.version) == (1, RecordStatus.SENT, 3)
    assert journal_of(town, entry.id) == ["save_draft", "save_draft", "send"]


def test_a_draft_that_fails_to_be_sent_stays_as_it_was(town):
    entry = town.entry("DP-11", PHO_VINH, GARBAGE)
    kept = draft(town, entry)
    problems = refused(send, town, replace(entry, seen_version=kept.version))
    assert {"held_on", "attendance.total", "attendance.women", "place"} <= set(problems)


def test_a_position_taken_later_is_kept_with_the_draft(town):
    entry = town.entry("DP-11", PHO_VINH, {"place": "x"})
    first = draft(town, entry)
    draft(town, replace(entry, position=(14.8, 109.0, None), seen_version=first.version))
    assert stored(town)[0].latitude == 14.8


def test_a_draft_opened_on_two_devices_tells_the_second(town):
    entry = town.entry("DP-11", PHO_VINH, {"place": "a"})
    first = draft(town, entry)
    draft(town, replace(entry, answers={"place": "máy tính bảng"}, seen_version=first.version))
    assert refused(draft, town, replace(entry, answers={"place": "điện thoại"}, seen_version=first.version)) == {
        "": Say.CHANGED_MEANWHILE
    }


def test_a_draft_for_a_ward_that_has_been_merged_meanwhile_is_kept(town, monkeypatch):
    """Xuân Trung ended on 31/10/2024; what happened there before can still be written down."""
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2024-11-20")
    entry = town.entry("LK-08", "26071", {"what": "Họp dân"}, plan="long_khanh_2024")
    kept = draft(town, entry, town.people.officer)
    assert refused(
        send,
        town,
        replace(entry, answers={"what": "x", "done_on": "2024-11-05"}, seen_version=kept.version),
        town.people.officer,
    ) == {"unit": Say.UNIT_NOT_VALID}
    sent = send(
        town,
        replace(entry, answers={"what": "x", "done_on": "2024-10-31"}, seen_version=kept.version),
        town.people.officer,
    )
    assert sent.status == RecordStatus.SENT


@pytest.mark.parametrize(
    "answers", [{"note": "x" * 300_000}, ["held_on"], "text", None], ids=["300 KB", "list", "text", "none"]
)
@ON_SQLITE
def test_what_is_no_form_is_refused_by_both_doors(town, answers):
    for act in (send, draft):
        assert set(refused(act, town, town.entry("DP-11", PHO_VINH, answers)).values()) <= {
            Say.TOO_LONG,
            Say.NOT_UNDERSTOOD,
        }


def test_nan_and_endless_nesting_break_nothing(town):
    deep: list = []
    for _ in range(5000):
        deep = [deep]
    assert refused(draft, town, town.entry("DP-11", PHO_VINH, {"note": deep})) == {"": Say.NOT_UNDERSTOOD}
    draft(town, town.entry("DP-11", PHO_VINH, {"raised": float("nan"), "place": "\ud800 \x00"}))
    assert stored(town)[0].answers["raised"] == "nan"


def test_a_draft_can_be_thrown_away_by_its_author_alone(town, dialogue):
    kept = draft(town, town.entry("DP-11", PHO_VINH, {}))
    with pytest.raises(Refused), town.writing() as session:
        writing.discard(session, town.people.second, kept.id)
    with town.writing() as session:
        writing.discard(session, town.people.supervisor, kept.id)
    assert stored(town)[0].status == RecordStatus.VOID and journal_of(town, kept.id) == ["save_draft", "discard"]
    sent = send(town, town.entry("DP-11", PHO_VINH, dialogue()))
    with pytest.raises(Refused), town.writing() as session:
        writing.discard(session, town.people.supervisor, sent.id)


def test_a_sent_record_does_not_become_a_draft_again(town, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    sent = send(town, entry)
    assert refused(draft, town, replace(entry, answers={}, seen_version=sent.version)) == {"": Say.ALREADY_SENT}


# --- returned ------------------------------------------------------------------------------


def test_a_returned_record_counts_again_when_it_is_sent_again(town, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    sent = send(town, entry)
    with town.writing() as session:
        back = decisions.return_to_author(session, town.people.leader, sent.id, sent.version, "Thiếu số người")
    assert done_of(town, "DP-11").reported == 0 and back.reason == "Thiếu số người"
    kept = draft(town, replace(entry, answers={"place": "đang sửa"}, seen_version=back.version))
    assert kept.status == RecordStatus.RETURNED and kept.form.place == "đang sửa"
    again = send(town, replace(entry, answers=dialogue(), seen_version=kept.version))
    assert (again.status, again.reason, done_of(town, "DP-11").reported) == (RecordStatus.SENT, None, 1)


def test_a_late_resend_does_not_undo_the_return(town, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    sent = send(town, entry)
    with town.writing() as session:
        decisions.return_to_author(session, town.people.leader, sent.id, sent.version, "Thiếu ảnh")
    with pytest.raises(Refused) as caught:
        send(town, entry)
    assert caught.value.problems[0].say == Say.CHANGED_MEANWHILE
    assert caught.value.problems[0].figures == {"name": "Lãnh đạo phòng"}, "the leader changed it last, not its author"


@pytest.mark.parametrize("act", ["verify", "void"])
def test_a_record_that_is_closed_is_open_to_nobody(town, dialogue, act):
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    sent = send(town, entry)
    with town.writing() as session:
        more = () if act == "verify" else ("nhầm",)
        closed = getattr(decisions, act)(session, town.people.leader, sent.id, sent.version, *more)
    assert refused(send, town, replace(entry, answers=dialogue(), seen_version=closed.version)) == {
        "": Say.NOT_OPEN_FOR_CHANGE
    }


# --- where it belongs ----------------------------------------------------------------------


def test_an_activity_of_another_plan_is_refused(town, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    wrong = replace(entry, activity_id=town.line("BT-03", "ba_to_2024").activity_id)
    for act in (send, draft):
        assert refused(act, town, wrong) == {"activity": Say.ACTIVITY_OF_OTHER_PLAN}


def test_a_record_does_not_move_to_another_activity(town, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    sent = send(town, entry)
    moved = replace(
        entry,
        activity_id=town.line("DP-06").activity_id,
        answers={"done_on": "2024-10-10", "what": "x"},
        seen_version=sent.version,
    )
    assert refused(send, town, moved) == {"activity": Say.ACTIVITY_OF_OTHER_PLAN}


def test_a_line_that_only_adds_its_parts_is_not_recorded(town):
    assert refused(send, town, town.entry("DP-14", PHO_VINH, {})) == {"activity": Say.ACTIVITY_NOT_RECORDED}


def test_a_unit_outside_ones_own_is_refused(town, dialogue):
    for act in (send, draft):
        assert refused(act, town, town.entry("DP-11", PHO_AN, dialogue())) == {"unit": Say.UNIT_OUTSIDE_YOURS}


def test_a_unit_outside_the_plan_is_refused(town, dialogue):
    elsewhere = town.unit("21487", "ba_to_2024").id
    entry = replace(town.entry("DP-11", PHO_VINH, dialogue()), unit_id=elsewhere)
    assert refused(send, town, entry, town.people.officer) == {"unit": Say.UNIT_OUTSIDE_PLAN}
    assert refused(send, town, replace(entry, unit_id=987_654), town.people.officer) == {"unit": Say.UNIT_OUTSIDE_PLAN}


def test_a_named_target_is_recorded_only_where_it_is_named(town):
    answers = {"installed_on": "2024-10-01", "place": "Chợ"}
    assert refused(send, town, town.entry("DP-05", PHO_AN, answers), town.people.officer) == {
        "unit": Say.UNIT_OUTSIDE_PLAN
    }
    assert send(town, town.entry("DP-05", PHO_VINH, answers)).status == RecordStatus.SENT


def test_the_whole_town_holds_what_has_no_commune(town, dialogue):
    owner = town.plan().owner.id
    trip = replace(town.entry("DP-15", PHO_VINH, {"type": "study_trip", "starts_on": "2024-10-01"}), unit_id=owner)
    assert send(town, trip, town.people.officer).unit_id == owner
    assert refused(
        send, town, replace(town.entry("DP-11", PHO_VINH, dialogue()), unit_id=owner), town.people.officer
    ) == {"unit": Say.UNIT_OUTSIDE_PLAN}


def test_a_visit_belongs_to_a_round_of_its_own_activity(town):
    other = town.line("DP-17b").round_ids[0]
    visit = town.entry("DP-17a", PHO_VINH, {"visited_on": "2024-10-10"})
    assert refused(send, town, visit) == {"round": Say.ROUND_MISSING}
    assert refused(send, town, replace(visit, round_id=other)) == {"round": Say.ROUND_OF_OTHER_ACTIVITY}
    assert (
        send(town, replace(visit, round_id=town.line("DP-17a").round_ids[1])).round_id
        == town.line("DP-17a").round_ids[1]
    )


@pytest.mark.parametrize("who", ["leader", "administrator"])
def test_who_does_not_write_records_is_refused(town, dialogue, who):
    for act in (send, draft):
        assert refused(act, town, town.entry("DP-11", PHO_VINH, dialogue()), getattr(town.people, who)) == {
            "": Say.NOT_ALLOWED
        }


@pytest.mark.parametrize(
    "position",
    [
        (None, 108.9, None),
        (91, 108.9, None),
        (14.8, 181, None),
        (float("nan"), 108.9, None),
        ("14,8", "108", None),
        (14.8, 108.9, -5.0),
    ],
)
@ON_SQLITE
def test_a_position_is_a_place_on_earth(town, dialogue, position):
    assert refused(send, town, town.entry("DP-11", PHO_VINH, dialogue(), position=position)) == {
        "position": Say.POSITION_INCOMPLETE
    }


# --- bad answers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "say"),
    [
        ("2099-13-99", Say.NOT_A_DATE),
        ("2099-12-31", Say.DATE_OUTSIDE_PLAN),
        ("2025-01-01", Say.DATE_OUTSIDE_PLAN),
        ("2023-12-31", Say.DATE_OUTSIDE_PLAN),
        ("2024-10-16", Say.DATE_IN_FUTURE),
        ("", Say.REQUIRED),
    ],
)
@ON_SQLITE
def test_absurd_days_are_told_beside_their_field(town, dialogue, day, say):
    assert refused(send, town, town.entry("DP-11", PHO_VINH, dialogue(held_on=day))) == {"held_on": say}


@pytest.mark.parametrize("day", ["2024-01-01", "2024-10-15"])
@ON_SQLITE
def test_the_plans_first_day_and_today_are_good_days(town, dialogue, day):
    assert send(town, town.entry("DP-11", PHO_VINH, dialogue(held_on=day))).happened_on == date.fromisoformat(day)


@ON_SQLITE
def test_days_in_rows_are_checked_and_deadlines_may_lie_ahead(town):
    visit = {
        "visited_on": "2024-10-10",
        "recommendations": [{"what": "Sửa", "responsible": "UBND", "fix_by": "2025-03-01"}],
    }
    assert send(town, town.entry("DP-21", PHO_VINH, visit)).status == RecordStatus.SENT
    aired = {"title": "Số 1", "broadcasts": [{"aired_on": "2024-10-01"}, {"aired_on": "2024-10-20"}]}
    assert refused(send, town, town.entry("DP-10", PHO_VINH, aired)) == {"broadcasts.1.aired_on": Say.DATE_IN_FUTURE}


@pytest.mark.parametrize(
    ("attendance", "where", "say"),
    [
        ({"total": "-5"}, "attendance.total", Say.TOO_SMALL),
        ({"total": "12,5"}, "attendance.total", Say.NOT_WHOLE),
        ({"total": 12.5}, "attendance.total", Say.NOT_WHOLE),
        ({"total": 10, "women": 11}, "attendance.women", Say.PART_ABOVE_TOTAL),
        ({"total": 10, "poor": 6, "near_poor": 6}, "attendance.poor", Say.PARTS_ABOVE_TOTAL),
    ],
)
@ON_SQLITE
def test_people_who_cannot_be_are_told_beside_their_field(town, dialogue, attendance, where, say):
    assert refused(send, town, town.entry("DP-11", PHO_VINH, dialogue(attendance=attendance))) == {where: say}


@ON_SQLITE
def test_ten_thousand_letters_are_told_and_a_draft_keeps_them(town, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue(main_points="ơ" * 10_000))
    assert refused(send, town, entry) == {"main_points": Say.TOO_LONG}
    assert draft(town, entry).answers["main_points"] == "ơ" * 10_000


@ON_SQLITE
def test_all_problems_are_told_at_once_wherever_they_are(town):
    entry = replace(town.entry("DP-11", PHO_AN, {"held_on": "2030-01-01", "raised": "x"}), round_id=1)
    assert refused(send, town, entry) == {
        "held_on": Say.DATE_OUTSIDE_PLAN,
        "raised": Say.NOT_WHOLE,
        "unit": Say.UNIT_OUTSIDE_YOURS,
        "round": Say.ROUND_OF_OTHER_ACTIVITY,
    }


@ON_SQLITE
def test_a_rate_without_its_whole_is_not_taken_as_measured(town):
    entry = replace(
        town.entry("HN-02", "29956", {"as_of": "2022-06-30", "numerator": 90}, plan="hong_ngu_2022"),
        unit_id=town.plan("hong_ngu_2022").owner.id,
    )
    assert refused(send, town, entry, town.people.officer) == {"denominator": Say.REQUIRED}
    sent = send(town, replace(entry, answers=entry.answers | {"denominator": 100}), town.people.officer)
    assert (sent.value_over, sent.value_under) == (9000, 100)


def test_ids_are_the_forms_own(town, dialogue):
    entry = town.entry("DP-11", PHO_VINH, dialogue(), id=uuid.UUID(int=7))
    assert send(town, entry).id == stored(town)[0].id == uuid.UUID(int=7)


# --- days ahead ----------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize(
    ("day", "say"),
    [
        ("15/12/0024", Say.DEADLINE_BEFORE),
        ("01/01/2020", Say.DEADLINE_BEFORE),
        ("30/09/2024", Say.DEADLINE_BEFORE),
        ("31/12/2204", Say.DEADLINE_TOO_FAR),
        ("31/12/9999", Say.DEADLINE_TOO_FAR),
        ("01/01/2030", Say.DEADLINE_TOO_FAR),
    ],
)
def test_a_deadline_lies_after_what_it_follows_and_within_five_years(town, day, say):
    rows = [
        FIX_LOA,
        {},
        FIX_LOA | {"fix_by": day},
    ]  # an empty row keeps its number: the fault is said where it was typed
    assert refused(send, town, visit_entry(town, rows)) == {"recommendations.2.fix_by": say}
    answers = {"held_on": "2024-10-01", "attendance": {"total": 50}, "answer_by": day}
    assert refused(send, town, town.entry("DP-11", PHO_VINH, answers)) == {"answer_by": say}


@ON_SQLITE
@pytest.mark.parametrize("day", ["01/10/2024", "31/12/24", "31/12/2029"])
def test_a_deadline_of_the_same_day_or_of_next_years_is_kept(town, day):
    assert (
        send(town, visit_entry(town, [FIX_LOA | {"fix_by": day}]))
        .form.recommendations[0]
        .fix_by.strftime("%d/%m/%Y")
        .endswith(day[-2:])
    )


@ON_SQLITE
def test_a_bad_day_in_a_list_is_said_in_its_own_row(town):
    answers = {
        "number": "1",
        "title": "x",
        "broadcasts": [{"aired_on": ""}, {"aired_on": "01/10/2024"}, {"aired_on": "01/12/2024"}],
    }
    assert refused(send, town, town.entry("DP-10", PHO_VINH, answers))["broadcasts.2.aired_on"] is Say.DATE_IN_FUTURE


def test_half_a_letter_in_a_draft_stops_nothing(town):
    draft(town, town.entry("DP-11", PHO_VINH, {"place": "thôn\ud800 1\x00", "\udc00x": {"y\ud800": "\udfff"}}))
    (kept,) = stored(town)
    assert kept.answers == {"place": "thôn 1", "x": {"y": ""}}
