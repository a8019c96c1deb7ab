"""Every record kind: what it counts, on which day, what it proves, and what it refuses."""

from datetime import date
from fractions import Fraction

import pytest

from data_model.core.problems import Refused, Say
from data_model.forms.fields import Attendance, LongText, Text
from data_model.kinds.registry import all_kinds

CASES = {
    # kind: answers, measure, counts, day, running
    "monitoring_visit": ({"visited_on": "2024-05-02"}, "visits", 1, date(2024, 5, 2), False),
    "dialogue_session": ({"held_on": "2024-05-02"}, "sessions", 1, date(2024, 5, 2), False),
    "vocational_class": (
        {"started_on": "2024-05-02", "ended_on": "2024-06-30", "trade": "May"},
        "classes",
        1,
        date(2024, 6, 30),
        False,
    ),
    "staff_class": (
        {"started_on": "2024-05-02", "ended_on": "2024-05-03", "topic": "Rà soát"},
        "days",
        2,
        date(2024, 5, 3),
        False,
    ),
    "pano": ({"installed_on": "2024-05-02", "place": "Chợ"}, "panos", 1, date(2024, 5, 2), False),
    "radio_segment": (
        {"title": "Số 1", "broadcasts": [{"aired_on": "2024-05-09"}, {"aired_on": "2024-05-02"}]},
        "segments",
        1,
        date(2024, 5, 2),
        False,
    ),
    "public_event": (
        {"type": "career_fair", "starts_on": "2024-05-30", "ends_on": "2024-06-01"},
        "days",
        3,
        date(2024, 6, 1),
        False,
    ),
    "indicator_value": (
        {"as_of": "2024-06-30", "numerator": 3, "denominator": 4},
        "rate",
        None,
        date(2024, 6, 30),
        False,
    ),
    "disbursement": (
        {"paid_on": "2024-05-02", "paid": "1.000.000", "source": "central"},
        "amount",
        None,
        date(2024, 5, 2),
        False,
    ),
    "other": (
        {"done_on": "2024-05-02", "what": "Phát tài liệu", "quantity_done": 300},
        "amount_done",
        300,
        date(2024, 5, 2),
        False,
    ),
}


def refused(kind, answers):
    with pytest.raises(Refused) as caught:
        all_kinds()[kind].read(answers)
    return {p.where: p.say for p in caught.value.problems}


def test_every_kind_has_its_case_here():
    assert set(CASES) == set(all_kinds())


@pytest.mark.parametrize("kind", CASES)
def test_what_it_counts_and_on_which_day(kind):
    answers, measure, counts, day, running = CASES[kind]
    filled = all_kinds()[kind].read(answers)
    assert measure in filled.measures
    assert (filled.count(measure), filled.happened_on, filled.running) == (counts, day, running)


def test_a_report_sent_is_one_whatever_amount_stands_beside():
    other = all_kinds()["other"]
    assert other.report_measures <= set(other.measures)
    assert other.read(CASES["other"][0]).count("reports") == 1


@pytest.mark.parametrize("kind", CASES)
def test_what_was_stored_reads_back_the_same(kind):
    filled = all_kinds()[kind].read(CASES[kind][0])
    assert all_kinds()[kind].read(filled.stored()).stored() == filled.stored()


@pytest.mark.parametrize("kind", CASES)
def test_an_empty_form_names_the_day_that_is_missing(kind):
    problems = refused(kind, {})
    assert Say.REQUIRED in problems.values() and set(problems) <= set(all_kinds()[kind].fields)


@pytest.mark.parametrize("kind", CASES)
def test_every_text_takes_markup_and_emoji_and_refuses_10000_letters(kind):
    texts = [n for n, f in all_kinds()[kind].fields.items() if isinstance(f, Text)]
    harmless = CASES[kind][0] | dict.fromkeys(texts, "<script>alert('x')</script> 🌾")
    assert all(all_kinds()[kind].read(harmless).answers[n] == "<script>alert('x')</script> 🌾" for n in texts)
    assert refused(kind, CASES[kind][0] | dict.fromkeys(texts, "ơ" * 10_000)) == dict.fromkeys(texts, Say.TOO_LONG)


@pytest.mark.parametrize("kind", CASES)
def test_it_is_named_in_both_languages_and_ends_with_a_note(kind):
    declared = all_kinds()[kind]
    assert declared.label.vi and declared.label.en and declared.icon and declared.measures
    assert all(f.label.vi and f.label.en for f in declared.fields.values())
    assert list(declared.fields)[-1] == "note" and isinstance(declared.fields["note"], LongText)


FULL = {
    "monitoring_visit": {"team": "Tổ trưởng", "findings": [{"what": "Loa hỏng"}]},
    "dialogue_session": {"attendance": {"total": 0}, "main_points": "Vay vốn"},
    "vocational_class": {"enrolled": 20},
    "staff_class": {"attendance": {"total": 30}},
    "pano": {},
    "radio_segment": {"minutes": 12},
    "public_event": {"attendance": {"total": 300}},
    "indicator_value": {"source": "Báo cáo 12"},
    "disbursement": {"voucher": "UNC 3"},
    "other": {"results": "Đã phát"},
}


@pytest.mark.parametrize("kind", CASES)
def test_it_declares_what_makes_it_worth_verifying(kind):
    declared = all_kinds()[kind]
    assert declared.needs and all(
        need.label.vi and need.label.en and (need.fields or need.evidence) for need in declared.needs
    )
    assert {name for need in declared.needs for name in need.fields} <= set(declared.fields)
    full = declared.read(CASES[kind][0] | FULL[kind]).stored()
    assert declared.unmet_needs(full, has_evidence=True) == ()
    bare = declared.read(
        CASES[kind][0] | dict.fromkeys({name for need in declared.needs for name in need.fields})
    ).stored()
    assert declared.unmet_needs(bare, has_evidence=False) == declared.needs


@pytest.mark.parametrize("team", ["", " ", "-", "...", "—", "\u200b"])
def test_what_says_nothing_fills_no_need(team):
    visit = all_kinds()["monitoring_visit"]
    filled = visit.read({"visited_on": "2024-05-02", "team": team, "checklist": {}, "findings": [{"what": " "}]})
    assert [need.label.vi for need in visit.unmet_needs(filled.stored(), False)] == [
        "đoàn giám sát",
        "kết quả",
        "ảnh hoặc tệp",
    ]
    assert [need.label.vi for need in visit.unmet_needs(filled.stored(), True)] == ["đoàn giám sát", "kết quả"]


def test_a_class_counts_when_it_has_ended():
    for kind, subject in (("vocational_class", "trade"), ("staff_class", "topic")):
        going_on = all_kinds()[kind].read({"started_on": "2024-05-02", subject: "May"})
        assert going_on.running and going_on.happened_on == date(2024, 5, 2)
        assert refused(kind, {"started_on": "2024-05-02", "ended_on": "2024-05-01", subject: "May"}) == {
            "ended_on": Say.DATE_BEFORE_START
        }


@pytest.mark.parametrize(
    ("part", "whole"), [("completed", "enrolled"), ("certified", "completed"), ("employed", "enrolled")]
)
def test_trainees_become_fewer_not_more(part, whole):
    answers = CASES["vocational_class"][0] | {whole: 20}
    assert refused("vocational_class", answers | {part: 21}) == {part: Say.ABOVE_WHOLE}
    assert all_kinds()["vocational_class"].read(answers | {part: 20}).answers[part] == 20


def test_a_segment_counts_from_its_first_broadcast():
    segment = all_kinds()["radio_segment"]
    scripted = segment.read({"title": "Số 1", "written_on": "2024-05-02", "minutes": 12})
    assert scripted.running and scripted.happened_on == date(2024, 5, 2) and scripted.prove("broadcasts") == 0
    aired = segment.read({"title": "Số 1", "written_on": "2024-05-02", "broadcasts": [{"aired_on": "2024-05-20"}]})
    assert not aired.running and aired.happened_on == date(2024, 5, 20) and aired.prove("broadcasts") == 1


def test_a_segment_without_any_day_belongs_to_no_period():
    assert refused("radio_segment", {"title": "Số 1"}) == {"written_on": Say.REQUIRED}


@pytest.mark.parametrize(
    ("kind", "answers", "proof", "figure"),
    [
        ("dialogue_session", {"attendance": {"total": 50}}, "participants", 50),
        ("dialogue_session", {}, "participants", None),
        ("radio_segment", {"minutes": 12}, "minutes", 12),
        ("radio_segment", {}, "minutes", None),
        ("radio_segment", {}, "broadcasts", 2),
        ("pano", {"sides": 2}, "sides", 2),
        ("pano", {}, "sides", None),
        ("public_event", {}, "days", 3),
    ],
)
def test_what_a_condition_can_check(kind, answers, proof, figure):
    assert proof in all_kinds()[kind].proofs
    assert all_kinds()[kind].read(CASES[kind][0] | answers).prove(proof) == figure


def test_an_event_of_one_day_needs_no_last_day():
    fair = all_kinds()["public_event"].read({"type": "job_fair", "starts_on": "2024-05-30"})
    assert (fair.count("events"), fair.count("days"), fair.happened_on) == (1, 1, date(2024, 5, 30))
    assert refused("public_event", {"type": "job_fair", "starts_on": "2024-05-30", "ends_on": "2024-05-29"}) == {
        "ends_on": Say.DATE_BEFORE_START
    }


def test_indicator_values_are_exact():
    kind = all_kinds()["indicator_value"]
    third = kind.read({"as_of": "2024-06-30", "numerator": 1, "denominator": 3})
    assert Fraction(*third.value("rate")) == Fraction(100, 3) and third.value("number") == (1, 1)
    fallen = kind.read(
        {"as_of": "2024-12-31", "numerator": 25, "denominator": 1000, "start_numerator": 31, "start_denominator": 1000}
    )
    assert Fraction(*fallen.value("reduction")) == Fraction(6, 10)
    assert Fraction(*kind.read({"as_of": "2024-06-30", "numerator": 0, "denominator": 9}).value("rate")) == 0


def test_the_largest_indicator_still_fits_the_database():
    most = {
        "as_of": "2024-06-30",
        "numerator": 0,
        "denominator": 10**8,
        "start_numerator": 10**8,
        "start_denominator": 10**8,
    }
    assert all(abs(part) < 2**63 for part in all_kinds()["indicator_value"].read(most).value("reduction"))


@pytest.mark.parametrize(
    ("measure", "lacking"),
    [
        ("number", []),
        ("rate", ["denominator"]),
        ("reduction", ["denominator", "start_numerator", "start_denominator"]),
    ],
)
def test_a_measure_says_which_figures_it_lacks(measure, lacking):
    filled = all_kinds()["indicator_value"].read({"as_of": "2024-06-30", "numerator": 1})
    assert list(filled.lacking(measure)) == lacking
    assert (filled.value(measure) is None) is bool(lacking)
    if not lacking:
        assert sum(Fraction(a.over, a.under or 1) for a in filled.addends(measure, filled.stored())) == Fraction(
            *filled.value(measure)
        )


def test_a_part_of_an_indicator_is_not_above_its_whole():
    assert refused("indicator_value", {"as_of": "2024-06-30", "numerator": 5, "denominator": 4}) == {
        "numerator": Say.ABOVE_WHOLE
    }
    assert refused("indicator_value", {"as_of": "2024-06-30", "numerator": 5, "denominator": 0}) == {
        "denominator": Say.TOO_SMALL
    }


def test_money_is_an_amount_and_no_quantity():
    paid = all_kinds()["disbursement"].read(CASES["disbursement"][0])
    assert (paid.amount, paid.count("amount"), paid.counts_money) == (1_000_000, None, True)
    assert refused("disbursement", CASES["disbursement"][0] | {"paid": 0}) == {"paid": Say.TOO_SMALL}


def test_answered_questions_are_not_more_than_were_raised():
    answers = {"held_on": "2024-05-02", "raised": 5}
    assert refused("dialogue_session", answers | {"answered": 6}) == {"answered": Say.ABOVE_WHOLE}
    assert all_kinds()["dialogue_session"].read(answers | {"answered": 5, "referred": 5}).answered == 5


@pytest.mark.parametrize("kind", ["dialogue_session", "monitoring_visit"])
def test_the_end_is_not_before_the_start(kind):
    assert refused(kind, CASES[kind][0] | {"starts_at": "09:00", "ends_at": "08:00"}) == {
        "ends_at": Say.DATE_BEFORE_START
    }


def test_a_recommendation_needs_a_person_and_a_day():
    visit = {"visited_on": "2024-05-02", "recommendations": [{"what": "Bổ sung hồ sơ"}]}
    assert refused("monitoring_visit", visit) == {
        "recommendations.0.responsible": Say.REQUIRED,
        "recommendations.0.fix_by": Say.REQUIRED,
    }


def test_parts_above_the_total_are_refused_in_every_kind_that_asks_for_people():
    asking = [
        k for k, declared in all_kinds().items() if any(isinstance(f, Attendance) for f in declared.fields.values())
    ]
    assert len(asking) >= 5
    for kind in asking:
        assert refused(kind, CASES[kind][0] | {"attendance": {"total": 10, "women": 11}}) == {
            "attendance.women": Say.PART_ABOVE_TOTAL
        }
