"""How a plan's numbers read, in both languages, and that a target without a number is never judged."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from dashboard.i18n import words
from dashboard.progress import charts, headline, planned_words
from dashboard.progress.target_table import target_table
from data_model.core.label import Label
from data_model.counting.by_quarter import by_quarter
from data_model.counting.plan import count_plan
from data_model.counting.rules import TargetStatus
from data_model.plans.tables import Comparator, Component, Scope
from tests.data_model.small_plan import A, B, C, done, each, line, plan, value

DAY = plan().ends_on


@pytest.fixture(autouse=True)
def vietnamese():
    words.speak("vi")
    yield
    words.speak("vi")


def counted(*lines, tallies=(), measured=(), as_of=DAY):
    return count_plan(plan(*lines), tallies, measured, as_of)


def target(one, **more):
    return counted(one, **more).targets[0]


@pytest.mark.parametrize(
    ("one", "vi", "en"),
    [
        (line(need=5), "5 lần", "times: 5"),
        (line(need=25, comparator=Comparator.AT_LEAST), "từ 25 lần", "times: at least 25"),
        (line(need=4, comparator=Comparator.ABOUT), "dự kiến 4 lần", "times: about 4"),
        (each(), "mỗi xã 1 lần = 3 lần", "times: 1 in each commune, 3 in all"),
        (
            each(comparator=Comparator.AT_LEAST),
            "mỗi xã từ 1 lần = 3 lần",
            "times: at least 1 in each commune, 3 in all",
        ),
        (
            line(need=1, scope=Scope.NAMED_UNITS, unit_ids=(A, B)),
            "2 xã nêu tên, mỗi xã 1 lần = 2 lần",
            "times: 1 in each of 2 named communes, 2 in all",
        ),
        (each(rounds=(1, 2)), "2 đợt = 6 lượt xã", "2 rounds = 6 commune visits"),
        (line(need=0, comparator=Comparator.KEEP_ZERO), "giữ ở mức 0 (lần)", "keep at 0 (times)"),
        (line(need=Fraction(3, 5), comparator=Comparator.PERCENTAGE), "0,6 lần", "0.6 times"),
        (line(need=None), "không có chỉ tiêu số", "no number in the plan"),
    ],
)
def test_the_years_number_reads_as_the_plan_issued_it(one, vi, en):
    assert planned_words.planned(target(one)) == vi
    words.speak("en")
    assert planned_words.planned(target(one)) == en


def test_a_whole_of_rounds_says_rounds_and_visits():
    whole = each(need=3, activity_id=10, part_ids=(11, 12))
    parts = [
        each(need=2, activity_id=11, part_of=10, rounds=(1, 2)),
        each(need=1, activity_id=12, part_of=10, rounds=(3,)),
    ]
    assert planned_words.planned(counted(whole, *parts).targets[0]) == "3 đợt = 9 lượt xã"


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (line(need=5), "chưa phân kỳ"),
        (line(need=5, phases={2: 2, 3: 2, 4: 1}), "5"),
        (line(need=None), "–"),
        (line(need=100, comparator=Comparator.PERCENTAGE), "–"),
    ],
)
def test_planned_to_date_is_never_assumed(one, said):
    assert planned_words.planned_to_date(target(one)) == said


def test_verified_comes_with_reported_beside_it():
    one = target(line(need=5), tallies=[done(quantity=2), done(quantity=1, verified=False)])
    assert planned_words.done(one) == ("2", "3")


def test_a_measured_target_without_a_value_is_not_zero():
    one = line(need=100, comparator=Comparator.PERCENTAGE)
    assert planned_words.done(target(one)) == ("chưa có số liệu", None)
    assert planned_words.done(target(one, measured=[value(98.5)])) == ("98,5 lần", "98,5 lần")


def test_the_headline_leaves_parts_out_and_names_the_furthest_behind():
    whole = line(need=2, activity_id=10, part_ids=(11,), due=plan().starts_on)
    progress = counted(whole, line(need=2, activity_id=11, part_of=10), line(need=None, activity_id=12))
    said = headline.sentence(progress)
    assert "trong 1 chỉ tiêu có số" in said and "Cần chú ý trước: việc (trễ hạn, 0 %)" in said
    html = headline.headline_html(progress)
    assert "không có chỉ tiêu số: <strong>1</strong>" in html and "dựa trên 1 chỉ tiêu" in html


def test_the_furthest_behind_is_judged_as_its_status_is():
    """30 of 100 with 60 planned by now is nearer to its plan than 40 of 100 with 100 planned."""
    some, more = (
        line(need=100, activity_id=10 + at, phases={1: Fraction(planned)}) for at, planned in enumerate((60, 100))
    )
    progress = counted(some, more, tallies=[done(quantity=30, activity_id=10), done(quantity=40, activity_id=11)])
    slow = list(progress.targets)
    assert {one.status for one in slow} == {TargetStatus.VERY_SLOW}
    assert headline.furthest(slow).line.activity_id == 11


def test_a_plan_without_numbers_is_not_judged():
    progress = counted(line(need=None), tallies=[done(quantity=7)])
    assert "không đánh giá" in headline.sentence(progress)
    assert " %" not in headline.headline_html(progress)


def test_text_of_a_plan_cannot_act_in_the_headline():
    bad = replace(line(need=1, due=plan().starts_on), name=Label("<script>x</script>", "x"))
    html = headline.headline_html(counted(bad))
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_every_status_has_a_chip_with_shape_and_word():
    for status in TargetStatus:
        chip = headline.status_chip(status, "2")
        assert words.say(status.label) in chip and "<strong>2</strong>" in chip


UNPHASED, ON_TRACK, NO_NUMBER = (
    line(need=5),
    line(need=5, activity_id=11, phases={4: 5}),
    line(need=None, activity_id=12),
)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([NO_NUMBER], "Kế hoạch không nêu con số để đánh giá."),
        ([UNPHASED, NO_NUMBER], "Chưa đánh giá được nhanh hay chậm: 1 chỉ tiêu chưa phân kỳ hoặc chưa có số liệu."),
        ([ON_TRACK, NO_NUMBER], "Không có chỉ tiêu nào chậm, trễ hạn hoặc không đạt."),
        (
            [UNPHASED, ON_TRACK],
            "Không có chỉ tiêu nào chậm, trễ hạn hoặc không đạt. Chưa kể 1 chỉ tiêu chưa phân kỳ hoặc chưa có số liệu.",
        ),
    ],
)
def test_nothing_is_called_on_time_that_cannot_be_judged(lines, said):
    assert headline.nothing_behind(counted(*lines, as_of=date(2024, 8, 15))) == said


# --- what is missing, and what differs, is said --------------------------------------------


@pytest.mark.parametrize(
    "one", [line(need=100, comparator=Comparator.PERCENTAGE), each(need=100, comparator=Comparator.PERCENTAGE)]
)
def test_r17_a_value_says_in_how_many_communes_it_was_measured(one):
    assert planned_words.done(target(one, measured=[value(100, A)])) == ("chưa có số liệu (1 trong 3 xã đã đo)", None)
    whole = target(one, measured=[value(100, A), value(100, B), value(100, C)])
    assert "đã đo" not in planned_words.done(whole)[0]


def test_r17_a_commune_that_fails_keep_at_zero_says_that_others_are_not_measured():
    one = target(line(need=0, comparator=Comparator.KEEP_ZERO), measured=[value(2, A)])
    assert planned_words.done(one)[0] == "2 lần (1 trong 3 xã đã đo)"


def test_r18_a_whole_that_differs_from_its_parts_says_so():
    lines = (
        line(activity_id=20, need=5, part_ids=(21, 22)),
        *(line(activity_id=n, need=1, part_of=20) for n in (21, 22)),
    )
    assert planned_words.differs(plan(*lines), lines[0]) == "cả mục ghi 5, các phần cộng lại 2"
    html = target_table(
        replace(
            counted(*lines),
            plan=replace(
                plan(*lines), components=(Component(id=1, plan_id=1, code="A", position=1, name_vi="A", name_en="A"),)
            ),
        ),
        {},
    )
    assert html.count("cả mục ghi 5, các phần cộng lại 2") == 2 and "(*)" in html


def test_r19_a_whole_without_a_number_shows_what_its_parts_owe():
    lines = (
        line(activity_id=20, need=None, part_ids=(21, 22)),
        line(activity_id=21, need=2, part_of=20),
        line(activity_id=22, need=None, part_of=20),
    )
    assert planned_words.planned(counted(*lines).targets[0]) == "lần: 2, cộng các phần"


def test_r4_a_number_of_the_plan_shows_every_decimal():
    assert planned_words.planned(target(line(need="0.12345"))) == "0,12345 lần"


# --- quarters of the year from the 15th ----------------------------------------------------


def test_r26_a_quarter_that_is_not_the_calendars_says_its_days():
    for rule, said in (("calendar", "Quý I"), ("15_to_14", "Quý I (15/12/2023–14/03/2024)")):
        of = plan(line(), rule=rule)
        progress = count_plan(of, [], [], DAY)
        assert charts.quarter_name(by_quarter(progress, progress.targets[0])[0]) == said
