"""A recommendation's way through the pages: from the visit over the field's report to the leader's confirmation."""

import uuid

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from data_model.follow_up.steps import reported_at_visit, waiting_for_visit
from data_model.records.tables import Recommendation
from data_model.records.writing import Entry, send
from tests.browser.conftest import Staffed, idle, press, sign_in, unfold
from tests.conftest import acting

pytestmark = pytest.mark.browser
BOOK, MEETING = "Ghi đủ biến động vào sổ theo dõi", "Họp lại ở nơi thiếu chữ ký"


def visit_on(staffed: Staffed, session, actor, day: str, recommendations=()):
    """A visit of round one to Phổ Vinh, sent."""
    plan = staffed.plan()
    line = next(line for line in plan.lines if line.code == "DP-17a")
    return send(
        session,
        actor,
        Entry(
            id=uuid.uuid4(),
            plan_id=plan.id,
            activity_id=line.activity_id,
            unit_id=staffed.unit_id("21466"),
            round_id=line.round_ids[0],
            answers={"visited_on": day, "recommendations": list(recommendations)},
        ),
    )


@pytest.fixture(scope="module")
def recommended(staffed: Staffed) -> dict[str, uuid.UUID]:
    """A visit with a light, overdue recommendation and a serious one; the next visit reports the light one as done."""
    with staffed.database.writing() as session:
        supervisor = acting(session, "giamsat1")
        visit_on(
            staffed,
            session,
            supervisor,
            "2024-09-03",
            [
                {"what": BOOK, "responsible": "Công chức văn hóa", "fix_by": "2024-09-30", "weight": "minor"},
                {"what": MEETING, "responsible": "Ban quản lý", "fix_by": "2024-10-20", "weight": "serious"},
            ],
        )
        later = visit_on(staffed, session, supervisor, "2024-10-08")
        waiting = waiting_for_visit(session, supervisor, later.plan_id, later.unit_id, later.id)
        assert [row.what for row in waiting] == [BOOK, MEETING]
        reported_at_visit(session, supervisor, later, [{"id": waiting[0].id, "state": "done", "note": "Sổ đã ghi đủ"}])
        return {row.what: row.id for row in session.exec(select(Recommendation))}


def open_row(page: Page, text: str) -> None:
    page.locator("[class*=st-key-follow-row]").filter(has_text=text).get_by_role("button", name="Mở").click()
    expect(page.get_by_role("heading", name=text)).to_be_visible()
    idle(page)


def test_the_leader_is_greeted_and_confirms_what_a_visit_reported(staffed, recommended, visit):
    page = visit()
    sign_in(page, staffed.server, "lanhdao", where="/ban-do")
    page.get_by_role("link", name="1 kiến nghị chờ xác nhận hoàn thành").click()
    page.wait_for_url("**/kien-nghi**")
    open_row(page, BOOK)
    expect(page.get_by_text("Sổ đã ghi đủ")).to_be_visible()
    page.get_by_role("button", name="Chưa chấp nhận").click()
    expect(page.get_by_text("Cần điền mục này.")).to_be_visible()  # a word is needed
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_text("Xác nhận: đã xác nhận hoàn thành")).to_be_visible()
    expect(page.get_by_role("button", name="Xác nhận")).to_have_count(0)
    page.goto(f"{staffed.address}/ban-do")
    idle(page)
    expect(page.get_by_text("chờ xác nhận hoàn thành")).to_have_count(0)


def test_a_serious_one_is_not_reported_as_done_without_a_photo(staffed, recommended, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1", where="/kien-nghi")
    open_row(page, MEETING)
    page.get_by_role("radio", name="Đã thực hiện").click()
    expect(page.get_by_text("Hiện chưa có bản ghi nào như vậy")).to_be_visible()
    page.get_by_role("textbox", name="Ghi ngắn gọn").fill("Đã họp <b>xong</b>")
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.get_by_text("Kiến nghị nghiêm trọng chỉ kết thúc khi")).to_be_visible()
    press(page.get_by_role("radio", name="Đang thực hiện"), runs=True)
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.get_by_text("Báo cáo: đang thực hiện")).to_be_visible()
    expect(page.get_by_text("Đã họp <b>xong</b>")).to_be_visible()  # typed text shows as text


def test_the_next_visit_begins_with_what_is_open_and_says_what_a_serious_one_needs(staffed, recommended, visit):
    page = visit()
    sign_in(
        page,
        staffed.server,
        "giamsat1",
        where=f"/ghi?plan=duc_pho_2024&activity=DP-17a&unit={staffed.unit_id('21466')}",
    )
    serious = page.get_by_role("group", name=MEETING)
    expect(serious).to_contain_text("chỉ được đóng khi có ảnh hoặc tệp chứng minh")
    expect(page.get_by_text("chỉ được đóng khi")).to_have_count(1)  # the light one asks for no photo


def test_another_communes_supervisor_sees_nothing_by_list_or_address(staffed, recommended, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat2", where="/kien-nghi")
    expect(page.get_by_text("Chưa có kiến nghị nào.")).to_be_visible()
    page.goto(f"{staffed.address}/kien-nghi?rec={recommended[MEETING]}")
    expect(page.get_by_text("Không tìm thấy kiến nghị này")).to_be_visible()
    expect(page.get_by_text(MEETING)).to_have_count(0)


def test_an_officer_enters_a_day_off_and_the_leader_cannot(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "tonghop", where="/han-bao-cao")
    unfold(page, "Ngày nghỉ lễ và ngày làm bù")
    page.get_by_role("group", name="Ngày", exact=True).get_by_role("spinbutton").first.click()
    page.keyboard.type("24112024")
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Tên ngày").fill("Ngày lễ mới")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("24/11/2024 · nghỉ · Ngày lễ mới · nhập tại đây")).to_be_visible()
    other = visit()
    sign_in(other, staffed.server, "lanhdao", where="/han-bao-cao")
    unfold(other, "Ngày nghỉ lễ và ngày làm bù")
    expect(other.get_by_text("24/11/2024 · nghỉ")).to_be_visible()
    expect(other.get_by_role("textbox", name="Tên ngày")).to_have_count(0)


def test_the_next_visit_says_what_a_serious_one_needs(staffed, recommended, visit):
    page = visit()
    sign_in(
        page,
        staffed.server,
        "giamsat1",
        where=f"/ghi?plan=duc_pho_2024&activity=DP-17a&unit={staffed.unit_id('21466')}",
    )
    serious = page.locator("section.earlier .row").filter(has_text=MEETING)
    expect(serious).to_contain_text("Nghiêm trọng: chỉ được đóng khi có ảnh hoặc tệp chứng minh.")
    expect(page.get_by_text("Nghiêm trọng: chỉ được đóng")).to_have_count(1)


def test_a_communes_panel_leads_to_what_was_asked_of_it(staffed, recommended, visit):
    page = visit()
    sign_in(page, staffed.server, "lanhdao", where=f"/ban-do?plan=duc_pho_2024&unit={staffed.unit_id('21466')}")
    page.wait_for_load_state("networkidle")  # photos that come move the link while it is pressed
    page.get_by_role("link", name="Kiến nghị: ").click()
    page.wait_for_url(f"**/kien-nghi?plan=duc_pho_2024&unit={staffed.unit_id('21466')}")
    expect(page.locator("[class*=st-key-follow-row]").filter(has_text=MEETING)).to_be_visible()
