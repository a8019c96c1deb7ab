"""The table of targets: neutral without a number, money apart from quantities, sources beside figures, nothing that
acts.
"""

from dataclasses import replace
from fractions import Fraction

import pytest

from dashboard.i18n import words
from dashboard.progress.target_table import source_lines, target_table
from dashboard.ui import figure_table
from data_model.core.label import Label
from data_model.counting.plan import count_plan
from data_model.counting.rules import Pair
from data_model.plans.tables import Budget, Component
from data_model.progress.component_money import money_tree
from data_model.progress.figures import ComponentMoney
from tests.data_model.small_plan import done, line, plan

SLIP = {
    "section": "II.2.1.b",
    "as_read": "từ 25 chuyên mục",
    "slip": {"vi": "có thể là <lỗi> in", "en": "may be a slip"},
}


@pytest.fixture(autouse=True)
def vietnamese():
    words.speak("vi")


def component(number, code, parent=None, reason=None):
    return Component(
        id=number,
        plan_id=1,
        parent_id=parent,
        code=code,
        position=number,
        name_vi=f"Dự án {code}",
        name_en=code,
        not_carried_out=reason,
    )


def made(*lines, components, budgets=None, rows=(), tallies=()):
    of = replace(plan(*lines), components=tuple(components), budgets=budgets or {})
    return target_table(count_plan(of, tallies, (), of.ends_on), money_tree(of, rows))


def budget(component_id, amount):
    return Budget(component_id=component_id, code="x", amount=amount, source_note={})


def money_row(component_id, amount, verified=0, reported=0):
    return ComponentMoney(component_id, amount, Pair(Fraction(verified), Fraction(reported)))


def test_no_number_has_no_percent_and_no_bar():
    html = made(line(need=None), components=[component(1, "A")], tallies=[done(quantity=3)])
    assert "không có chỉ tiêu số" in html and "<strong>" not in html
    assert " %" not in html and 'class="bar"' not in html
    assert "#9b1c31" not in html, "never red"


def test_what_has_records_opens_them_and_what_has_none_does_not():
    html = made(line(need=5), line(need=5, activity_id=11), components=[component(1, "A")], tallies=[done(quantity=2)])
    assert html.count("<button") == 1 and "X-10" in html


def test_parts_stand_under_their_whole():
    html = made(
        line(need=2, activity_id=10, part_ids=(12,)),
        line(need=9, activity_id=11),
        line(need=2, activity_id=12, part_of=10),
        components=[component(1, "A")],
    )
    assert html.index('class="part"') < html.index("9 lần")


def test_a_sum_of_parts_is_said_and_paid_once():
    components = [component(1, "A"), component(2, "A.1", 1), component(3, "A.2", 1)]
    rows = [money_row(1, 100), money_row(2, 60, 30, 40), money_row(3, 40)]
    html = made(
        line(need=1), components=components, budgets={1: budget(1, 100), 2: budget(2, 60), 3: budget(3, 40)}, rows=rows
    )
    first = html[: html.index("Dự án A.1")]
    assert "Kinh phí 100 đồng" in first and "các phần cộng lại 100 đồng" in first
    assert "đã giải ngân 30 đồng (báo cáo 40 đồng) · 30 %" in first


def test_no_amount_in_the_plan_is_said():
    html = made(components=[component(1, "A")], budgets={1: budget(1, None)}, rows=[money_row(1, None, 5, 5)])
    assert "kế hoạch không nêu số tiền" in html and " %" not in html


def test_a_component_that_is_not_carried_out_gives_the_plans_reason():
    html = made(
        components=[component(1, "A", reason={"vi": "Không phải huyện nghèo", "en": "No"})], rows=[money_row(1, None)]
    )
    assert "Không thực hiện. Không phải huyện nghèo" in html


def test_the_source_stands_beside_the_figure_with_its_slip():
    one = replace(line(), source_note=SLIP)
    assert source_lines(one)[0] == ("X-10 · II.2.1.b: từ 25 chuyên mục", False)
    assert source_lines(one)[1] == ("sai sót: có thể là <lỗi> in", True)
    html = made(one, components=[component(1, "A")])
    assert "(*)" in html and "&lt;lỗi&gt;" in html and "<lỗi>" not in html


def test_names_cannot_act():
    bad = replace(line(need=5), name=Label('"><img src=x onerror=1>', "x"))
    html = made(bad, components=[component(1, "A")], tallies=[done()])
    assert "<img" not in html and 'onerror=1">' not in html


def test_a_button_carries_what_it_opens():
    html = figure_table.button({"activity": 'a"b'}, "x", "y")
    assert 'data-open="{&quot;activity&quot;: &quot;a\\&quot;b&quot;}"' in html
