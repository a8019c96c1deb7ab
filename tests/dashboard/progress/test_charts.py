"""The charts draw what was counted: no number is never a percent, missing is never zero, 120 % is 120 %, text cannot
act.
"""

from dataclasses import replace
from datetime import date

import pytest

from dashboard.i18n import words
from dashboard.progress import charts
from dashboard.ui.status_look import LOOKS
from data_model.core.label import Label
from data_model.counting.by_quarter import by_quarter
from data_model.counting.plan import count_plan
from data_model.counting.rules import TargetStatus
from data_model.plans.tables import Comparator, Scope
from tests.data_model.small_plan import A, B, C, done, each, line, plan, value

DAY = date(2024, 8, 15)
BAD = Label('<a href="javascript:x">Phổ & Vinh</a>', "x")


@pytest.fixture(autouse=True)
def vietnamese():
    words.speak("vi")


def counted(*lines, tallies=(), measured=(), as_of=DAY):
    return count_plan(plan(*lines), tallies, measured, as_of)


def trace(figure, name):
    return next(one for one in figure.data if one.name == name)


def layer(figure, name):
    """How far the bars of one layer reach, one for each target."""
    bars = list(trace(figure, "bars").x)
    size = len(bars) // 2
    return {"reported": bars[:size], "verified": bars[size:]}[name]


def marks(figure):
    """Where the lines at 100 % stand, then the planned-to-date marks."""
    there = list(trace(figure, "marks").x)
    return there[: len(there) * 2 // 3]


def texts(figure):
    """Everything that Plotly would read as HTML."""
    for one in figure.data:
        for part in (one.text, one.customdata):
            yield from (part if part is not None and not isinstance(part, str) else ())
    yield from (str(t) for t in figure.layout.xaxis.ticktext or ())
    yield from (str(t) for t in figure.layout.yaxis.ticktext or ())


def test_more_than_planned_is_shown_as_it_is():
    figure = charts.bullets(counted(line(need=5), tallies=[done(quantity=6)]).targets)
    assert layer(figure, "verified") == [120]
    assert any("120 %" in text for text in texts(figure))
    assert figure.layout.xaxis.range[1] > 120


def test_a_bullet_carries_colour_pattern_shape_and_the_planned_mark():
    late = line(need=10, phases={2: 10})
    target = counted(late, tallies=[done(quantity=8)]).targets[0]
    assert target.status is TargetStatus.SLOW
    figure = charts.bullets([target])
    look, bars = LOOKS[TargetStatus.SLOW], trace(figure, "bars")
    assert (bars.marker.color[1], bars.marker.pattern.shape[1]) == (look.colour, look.pattern)
    assert marks(figure) == [100, 100]
    assert any(look.shape in text for text in texts(figure))


def test_what_has_no_value_gets_no_bar_and_no_percent():
    zero, share = (
        line(need=0, comparator=Comparator.KEEP_ZERO),
        line(need=100, activity_id=11, comparator=Comparator.PERCENTAGE),
    )
    figure = charts.bullets(counted(zero, share).targets)
    assert layer(figure, "reported") == layer(figure, "verified") == [None, None]
    assert not any("0 %</b>" in text for text in texts(figure))
    # Also a row without a bar tells a finger what it is.
    words_of_rows = list(trace(figure, "marks").customdata)[-2:]
    assert all("<b>" in told for told in words_of_rows)


def test_not_phased_has_no_planned_mark():
    figure = charts.bullets(counted(line(need=5)).targets)
    assert marks(figure) == [100, None]


def test_text_of_data_cannot_act_in_a_chart():
    bad = replace(each(), name=BAD)
    progress = counted(bad)
    for figure in (charts.bullets(progress.targets), charts.heat(progress, progress.targets)):
        assert any("&lt;a" in text for text in texts(figure))
        assert not any("<a" in text for text in texts(figure))


def test_a_finger_that_scrolls_is_not_caught():
    progress = counted(each(), tallies=[done()])
    ends = by_quarter(progress, progress.targets[0])
    for figure in (
        charts.bullets(progress.targets),
        charts.heat(progress, progress.targets),
        charts.quarters(ends, progress.targets[0].need),
    ):
        assert figure.layout.dragmode is False
        assert figure.layout.xaxis.fixedrange and figure.layout.yaxis.fixedrange
        assert figure.layout.separators == ",."


def test_quarters_that_have_not_begun_are_not_drawn():
    progress = counted(
        line(need=4, phases={2: 2, 3: 1, 4: 1}), tallies=[done(quantity=1), done(quantity=1, quarter=3, verified=False)]
    )
    ends = by_quarter(progress, progress.targets[0])
    figure = charts.quarters(ends, progress.targets[0].need)
    assert list(trace(figure, "Đã xác nhận").y) == [0, 1, 1, None]
    assert list(trace(figure, "Đã báo cáo").y) == [0, 1, 2, None]
    assert list(trace(figure, "Kế hoạch").y) == [0, 2, 3, 4]


def test_without_a_phasing_there_is_no_plan_line():
    progress = counted(line(need=4))
    ends = by_quarter(progress, progress.targets[0])
    assert trace(charts.quarters(ends, None), "Kế hoạch").visible is False


def heat_of(*lines, **more):
    progress = counted(*lines, **more)
    figure = charts.heat(progress, progress.targets)
    units = [u.id for u in charts.heat_units(progress, progress.targets)]
    written = {
        (units[y], x): text for x, y, text in zip(figure.data[1].x, figure.data[1].y, figure.data[1].text, strict=True)
    }
    filled = {(units[y], x): z for y, row in enumerate(figure.data[0].z) for x, z in enumerate(row)}
    return written, filled


def test_a_cell_shows_shape_and_figure_and_the_mean_on_what_it_rests():
    written, _filled = heat_of(each(), tallies=[done(A)])
    assert (written[A, 0], written[B, 0]) == ("● 1/1", "○ 0/1")
    assert written[A, 1] == "● 100 %<br>(1)"


def test_what_is_not_due_in_a_commune_is_blank_and_not_zero():
    named = line(need=1, activity_id=11, scope=Scope.NAMED_UNITS, unit_ids=(A,))
    written, filled = heat_of(each(), named)
    assert (written[B, 1], filled[B, 1]) == ("", None)
    assert written[A, 1] == "○ 0/1"


def test_what_was_not_measured_in_a_commune_is_a_question_and_not_zero():
    share = each(need=100, comparator=Comparator.PERCENTAGE)
    written, _filled = heat_of(share, measured=[value(0, A)])
    assert written[C, 0] == "?" and written[A, 0] == "○ 0 %"


def test_communes_that_lack_most_come_first():
    progress = counted(each(), tallies=[done(A), done(C)])
    assert [u.id for u in charts.heat_units(progress, progress.targets)] == [B, A, C]
