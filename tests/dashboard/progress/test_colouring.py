"""Colouring rules: every colour with shape and words, neutral without a number."""

from dataclasses import replace
from fractions import Fraction

import pytest

from dashboard.i18n import words
from dashboard.progress import colouring
from dashboard.ui.status_look import HAPPENED, LOOKS, NEUTRAL, STEPS
from data_model.counting.plan import count_plan
from data_model.counting.rules import Measured, PlanProgress, Tally, TargetStatus
from tests.conftest import ON_SQLITE, PHO_AN, PHO_MINH, PHO_VINH, TODAY
from tests.data_model.small_plan import value as measured_value

pytestmark = ON_SQLITE


@pytest.fixture(autouse=True)
def vietnamese():
    """The first language."""
    words.speak("vi")


def tally(
    town,
    line: str,
    unit: str,
    verified: int = 0,
    sent: int = 0,
    round_id: int | None = None,
    plan: str = "duc_pho_2024",
) -> list[Tally]:
    """Records of one line in one unit."""
    activity, place = town.line(line, plan).activity_id, town.unit(unit, plan).id
    return [
        Tally(activity, place, round_id, known, n, 0, 0, (0, 0, n, n, n))
        for known, n in ((True, verified), (False, sent))
        if n
    ]


def progress(
    town, *tallies: list[Tally], plan: str = "duc_pho_2024", measured: list[Measured] | None = None
) -> PlanProgress:
    return count_plan(town.plan(plan), [t for some in tallies for t in some], measured or [], TODAY)


def test_a_commune_without_a_numbered_target_is_neutral(town):
    """Never red, never 0 %: the plan gives it no number."""
    shades = colouring.by_mean(progress(town, plan="long_khanh_2024"))
    assert {s.colour for s in shades.values()} == {NEUTRAL}
    assert all(s.neutral and "%" not in " ".join((s.figure, s.words, *s.lines)) for s in shades.values())


def test_the_mean_says_on_how_many_targets_it_rests(town):
    """Colour, shape and words of the same step; reported beside verified where it differs."""
    unit = town.unit(PHO_AN)
    shade = colouring.by_mean(progress(town, tally(town, "DP-11", PHO_AN, verified=1)))[unit.id]
    # Its one dialogue and the two parts of the monitoring rounds.
    assert shade.figure == "◔ 33 %"
    assert shade.lines == ("◔ 33 %, dựa trên 3 chỉ tiêu",)
    assert shade.colour == STEPS[1][1]
    shade = colouring.by_mean(progress(town, tally(town, "DP-11", PHO_AN, sent=1)))[unit.id]
    assert shade.figure == "○ 0 %"
    assert shade.lines[1] == "33 % nếu tính cả số chờ xác nhận"


def test_one_target_is_neutral_where_it_is_not_due(town):
    """Panos are due in three communes; the others owe none."""
    counted = progress(town, tally(town, "DP-05", PHO_VINH, verified=1), tally(town, "DP-05", PHO_MINH, sent=1))
    shades = colouring.by_target(counted, counted.by_activity[town.line("DP-05").activity_id])
    done, waiting, elsewhere = (shades[town.unit(code).id] for code in (PHO_VINH, PHO_MINH, PHO_AN))
    assert (done.figure, done.words, done.colour) == ("● 1/1", "100 %", STEPS[-1][1])
    assert waiting.lines == ("○ 0/1 pano đã xác nhận · 1 đã báo cáo",)
    assert elsewhere.neutral and elsewhere.words == "không giao cho nơi này"


def test_what_happened_for_the_whole_area_is_shown_in_a_neutral_colour(town):
    """5 classes in the whole area: a class in one commune makes no commune good or bad."""
    counted = progress(town, tally(town, "DP-03", PHO_VINH, verified=1))
    shades = colouring.by_target(counted, counted.by_activity[town.line("DP-03").activity_id])
    assert shades[town.unit(PHO_VINH).id].colour == HAPPENED.colour
    assert shades[town.unit(PHO_AN).id].colour == NEUTRAL
    assert not any("%" in line for s in shades.values() for line in s.lines)


def test_a_measured_target_without_a_value_has_no_data(town):
    """Not collected is not zero: Hồng Ngự's percentages wait for their first value."""
    plan = town.plan("hong_ngu_2022")
    line = next(one for one in plan.lines if one.is_measured and one.unit_ids and one.need)
    first, second = line.unit_ids[:2]
    value = measured_value(line.need, first, plan.starts_on, activity_id=line.activity_id)
    counted = progress(town, plan="hong_ngu_2022", measured=[value])
    shades = colouring.by_target(counted, counted.by_activity[line.activity_id])
    assert shades[first].colour == STEPS[-1][1]
    assert shades[second].colour == LOOKS[TargetStatus.NO_DATA].colour


def test_visits_mark_who_was_not_visited(town):
    """None, some, all reported, all verified; a second visit in one round makes up for no other round."""
    rounds = town.line("DP-17a").round_ids + town.line("DP-17b").round_ids

    def words_after(*tallies: list[Tally]) -> tuple[str, str]:
        shade = colouring.by_visits(progress(town, *tallies))[town.unit(PHO_AN).id]
        return shade.words, shade.figure

    def every(**how: int) -> list[list[Tally]]:
        return [
            tally(town, "DP-17b" if r in town.line("DP-17b").round_ids else "DP-17a", PHO_AN, round_id=r, **how)
            for r in rounds
        ]

    assert words_after() == ("chưa giám sát lần nào", "✖ 0/3")
    assert words_after(tally(town, "DP-17a", PHO_AN, sent=1, round_id=rounds[0])) == (
        "còn thiếu lượt giám sát",
        "◑ 0/3",
    )
    assert words_after(tally(town, "DP-17a", PHO_AN, verified=3, round_id=rounds[0])) == (
        "còn thiếu lượt giám sát",
        "◑ 1/3",
    )
    assert words_after(*every(sent=1)) == ("đủ lượt, còn chờ xác nhận", "◕ 0/3")
    assert words_after(*every(verified=1)) == ("đủ lượt, đã xác nhận", "● 3/3")


def test_rounds_whose_time_has_not_come_are_left_out(town):
    """With all of its phasing in the last quarter, the year-end round is not due in October and marks nobody."""
    plan = town.plan()
    later = tuple(replace(one, phases={4: Fraction(15)}) if one.code == "DP-17b" else one for one in plan.lines)
    counted = count_plan(replace(plan, lines=later), [], [], TODAY)
    assert [t.line.code for t in colouring.rounds_due(counted)] == ["DP-17a"]
    assert colouring.by_visits(counted)[town.unit(PHO_AN).id].figure == "✖ 0/2"


def test_the_legend_counts_every_commune_once(town):
    """Its classes are those on the map."""
    shades = colouring.by_mean(progress(town, tally(town, "DP-11", PHO_AN, verified=1)))
    entries = colouring.legend(shades)
    assert sum(count for _shade, count in entries) == len(shades) == 15
    assert [shade.words for shade, _count in entries] == ["0 %", "1–33 %"]


@pytest.mark.parametrize(("value", "status"), [(Fraction(0), TargetStatus.DONE), (Fraction(2), TargetStatus.NOT_MET)])
def test_keep_at_zero_is_met_at_zero(town, value, status):
    """Bãi Cháy keeps two values at zero."""
    plan = town.plan("bai_chay_2024")
    line = next(one for one in plan.lines if one.is_measured and one.need == 0)
    unit = plan.units[0].id
    counted = progress(
        town, plan="bai_chay_2024", measured=[measured_value(value, unit, plan.starts_on, activity_id=line.activity_id)]
    )
    shades = colouring.by_target(counted, counted.by_activity[line.activity_id])
    assert shades[unit].colour == LOOKS[status].colour


def test_what_need_not_have_begun_is_missing_nowhere(town):
    """The last round of monitoring begins in the fourth quarter: by then no commune lacks it."""
    counted = progress(town)
    target = counted.by_activity[town.line("DP-17b").activity_id]
    early = replace(target, status=TargetStatus.NOT_DUE)
    (shade,) = set(colouring.by_target(counted, early).values())
    assert (shade.colour, shade.hatch, shade.figure) == (LOOKS[TargetStatus.NOT_DUE].colour, ".", "○ 0/1")


def test_greys_differ_by_their_pattern(town):
    """Not due here, nothing recorded, no data and not begun are told apart without a colour."""
    counted = progress(town)
    not_here = colouring.by_target(counted, counted.by_activity[town.line("DP-05").activity_id])
    nothing = colouring.by_target(counted, counted.by_activity[town.line("DP-10").activity_id])
    unit = town.unit(PHO_AN).id
    assert (not_here[unit].hatch, nothing[unit].hatch) == ("", "-")
    measured = progress(town, plan="hong_ngu_2022")
    no_data = colouring.by_target(measured, measured.by_activity[town.line("HN-25", "hong_ngu_2022").activity_id])
    assert {shade.hatch for shade in no_data.values()} == {"/"}
