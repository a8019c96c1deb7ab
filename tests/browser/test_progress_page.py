"""The progress page's views: one is seen at a time, and what was opened is as it was left."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Staffed, press, sign_in

pytestmark = pytest.mark.browser


def turn_to(page: Page, view: str) -> None:
    press(page.get_by_role("radio", name=view, exact=True), runs=True)
    page.wait_for_load_state("networkidle")


def charts(page: Page, *, seen: bool):
    return page.get_by_test_id("stPlotlyChart").filter(visible=seen)


def take(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).fill(option)
    press(page.get_by_role("option", name=option, exact=True), runs=True)
    page.wait_for_load_state("networkidle")


def test_one_view_is_seen_at_a_time_and_a_chart_is_as_it_was_left(staffed: Staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "lanhdao", where="/tien-do?plan=duc_pho_2024")
    turn_to(page, "Biểu đồ")
    bullets = page.get_by_role("figure", name="Tỷ lệ thực hiện từng chỉ tiêu có số")
    expect(bullets).to_be_visible()
    drawn = bullets.locator(".main-svg").first.element_handle()
    turn_to(page, "Theo quý")
    expect(charts(page, seen=True)).to_have_count(1)
    take(page, "Chỉ tiêu", "Đối thoại chính sách tại xã, phường")
    turn_to(page, "Chỉ tiêu")
    expect(page.get_by_role("row").filter(has_text="Đối thoại chính sách tại xã, phường")).to_be_visible()
    expect(charts(page, seen=True)).to_have_count(0)
    expect(page.get_by_role("combobox", name="Chỉ tiêu")).to_have_count(0)  # nothing to meet by key or by ear
    turn_to(page, "Theo quý")
    expect(page.get_by_role("combobox", name="Chỉ tiêu")).to_have_value("Đối thoại chính sách tại xã, phường")
    expect(charts(page, seen=True)).to_have_count(1)
    turn_to(page, "Biểu đồ")
    expect(charts(page, seen=True)).to_have_count(1)
    assert drawn.evaluate("svg => svg.isConnected"), "the chart was drawn anew"
    room = page.get_by_test_id("stMain").evaluate(
        "main => main.scrollHeight - document.querySelector('.st-key-views').getBoundingClientRect().bottom -"
        " main.scrollTop"
    )
    assert room < 300, "a view that is not seen takes room"


def test_a_chart_of_another_plan_or_day_does_not_stay(staffed: Staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "lanhdao", where="/tien-do?plan=duc_pho_2024")
    turn_to(page, "Biểu đồ")
    turn_to(page, "Theo xã")
    expect(charts(page, seen=False)).to_have_count(1)
    take(page, "Kế hoạch", "Kế hoạch giảm nghèo huyện Ba Tơ 2024")
    expect(charts(page, seen=False)).to_have_count(0)
    turn_to(page, "Biểu đồ")
    expect(page.get_by_role("figure", name="Tỷ lệ thực hiện từng chỉ tiêu có số")).to_contain_text(
        "Pano tuyên truyền hai mặt"
    )
