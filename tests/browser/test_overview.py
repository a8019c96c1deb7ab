"""The leader's first minute: the bare address opens the overview, and everything on it leads to its records or act."""

import uuid
from datetime import date

import pytest
from playwright.sync_api import expect

from data_model.plans import phasing
from data_model.records.writing import Entry, send
from tests.browser.conftest import Staffed, idle, sign_in, still
from tests.conftest import acting

pytestmark = pytest.mark.browser
PLAN = "plan=duc_pho_2024"


@pytest.fixture(scope="module")
def late(staffed: Staffed) -> None:
    """Dialogues phased for the second quarter, one of them sent and not verified."""
    plan = staffed.plan()
    line = next(line for line in plan.lines if line.code == "DP-11")
    with staffed.database.writing() as session:
        phasing.set_phasing(session, acting(session, "lanhdao"), plan.id, {line.target_id: {2: 15, 3: 0, 4: 0}})
        answers = {"held_on": date(2024, 10, 1), "place": "Nhà văn hóa", "attendance": {"total": 55}}
        unit = staffed.unit_id("21466")
        send(
            session, acting(session, "giamsat1"), Entry(uuid.uuid4(), plan.id, line.activity_id, unit, answers=answers)
        )


def test_the_bare_address_opens_the_overview_and_each_thing_leads_on(staffed: Staffed, late, visit):
    page = visit(viewport={"width": 1366, "height": 650})
    sign_in(page, staffed.server, "lanhdao", where="/")
    page.wait_for_url("**/tong-quan**")
    expect(page.get_by_role("heading", name="15 trong 15 địa bàn chậm")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Việc chờ tôi")).to_be_in_viewport()
    worst = page.get_by_role("article").first
    expect(worst).to_contain_text("0/1")
    expect(worst).to_contain_text("chưa có bản ghi nào")
    page.get_by_role("button", name="1 bản ghi chờ xác nhận (lâu nhất").click()
    page.wait_for_url("**/duyet**")
    page.go_back()
    page.wait_for_url("**/tong-quan**")
    idle(page)
    page.get_by_text("Thêm 11 địa bàn").click()
    still(page)
    page.get_by_role("button", name="1 bản ghi chờ xác nhận từ").click()
    page.wait_for_url("**/ban-ghi?**status=sent**")
    expect(page.get_by_text("phường Phổ Vinh").last).to_be_visible()


def test_a_plan_without_numbers_alarms_nobody(staffed: Staffed, visit):
    page = visit(viewport={"width": 390, "height": 844})
    sign_in(page, staffed.server, "lanhdao", where="/tong-quan?plan=long_khanh_2024")
    expect(page.get_by_text("Kế hoạch không giao chỉ tiêu số cho từng địa bàn")).to_be_visible()
    expect(page.get_by_role("button", name="không có chỉ tiêu số: 12")).to_be_visible()
    expect(page.get_by_text("chậm", exact=True)).to_have_count(0)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390


def test_on_a_phone_a_commune_opens_in_sight_and_one_finger_scrolls_past_the_map(staffed: Staffed, late, visit):
    page = visit(viewport={"width": 390, "height": 844})
    sign_in(page, staffed.server, "lanhdao", where=f"/tong-quan?{PLAN}")
    worst = page.get_by_role("article").first.get_by_role("button").first
    name = worst.inner_text().split(" %")[-1].strip()
    worst.click()
    page.wait_for_url("**/ban-do?**unit=**")
    idle(page)
    expect(page.get_by_role("heading", name=name)).to_be_in_viewport()
    frame = page.frame_locator("iframe").locator(".leaflet-container")
    expect(frame).to_have_css("touch-action", "pan-x pan-y")


def test_a_press_prints_the_page_once(staffed: Staffed, late, visit):
    page = visit()
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; }")
    sign_in(page, staffed.server, "lanhdao", where="/tong-quan")
    expect(page.locator("button[data-print]")).to_be_visible()
    page.locator("button[data-print]").click()
    assert page.evaluate("window.printed") == 1
