"""The newcomer's path on an empty installation: first administrator, a supervisor, one record of each kind, a
leader.
"""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from data_model.core.database import Database
from data_model.kinds.registry import all_kinds
from data_model.planning.drafts import take_over_example
from data_model.plans.tables import Plan
from tests.browser.conftest import PASSWORD, idle, press, tick_communes, unfold
from tests.browser.server import Server
from tests.conftest import acting

pytestmark = pytest.mark.browser
DUC_PHO, BAI_CHAY = "Kế hoạch giảm nghèo thị xã Đức Phổ 2024", "Kế hoạch giảm nghèo phường Bãi Cháy 2024"


def choose(page: Page, label: str, *options: str) -> None:
    """Choose in a select box by its label."""
    box = page.get_by_role("combobox", name=label)
    for option in options:
        box.click()
        box.fill(option)
        press(page.get_by_role("option", name=option).first, runs=True)
    if len(options) > 1:
        page.keyboard.press("Escape")


def type_day(page: Page, label: str, typed: str, nth: int = 0) -> None:
    page.get_by_role("textbox", name=label).nth(nth).fill(typed)


def add_account(page: Page, name: str, shown: str, role: str, communes: dict[str, str] | None = None) -> str:
    """As an administrator; gives the one-time link."""
    idle(page)
    if not page.get_by_label("Tên đăng nhập").is_visible():
        unfold(page, "Thêm tài khoản")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_role("textbox", name="Tên hiển thị").fill(shown)
    page.get_by_text(role, exact=True).first.click()
    for place, commune in (communes or {}).items():
        tick_communes(page, place, commune)
    page.get_by_role("button", name="Thêm và tạo đường dẫn").click()
    link = page.get_by_test_id("stCode").filter(has_text="/link/")
    expect(link).to_be_visible()
    address = link.inner_text().strip()
    page.get_by_role("button", name="Xong, ẩn đường dẫn").click()
    expect(link).to_have_count(0)
    idle(page)
    return address


def set_password(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
    page.get_by_label("Nhập lại mật khẩu mới").fill(PASSWORD)
    page.get_by_role("button", name="Lưu và đăng nhập").click()
    idle(page)


def open_form(page: Page, activity: str, commune: str) -> None:
    """From "my work", all activities, tap the cell."""
    page.get_by_role("radio", name="Tất cả hoạt động").check()
    page.get_by_role("button", name=f"{activity}, {commune}").click()
    page.wait_for_url("**/ghi**")
    expect(page.get_by_role("heading", name=activity)).to_be_visible()
    idle(page)


def press_send(page: Page, said: str) -> None:
    page.get_by_role("button", name="Gửi", exact=True).click()
    page.wait_for_url("**/viec-cua-toi**")
    expect(page.get_by_text(said)).to_be_visible()


def fill(page: Page, **texts: str) -> None:
    for label, text in texts.items():
        page.get_by_role("textbox", name=label.replace("_", " ")).first.fill(text)


def dialogue(page: Page) -> None:
    page.get_by_role("textbox", name="Tổng số người").fill("52")
    page.get_by_role("textbox", name="Nữ").fill("30")


def visit(page: Page) -> None:
    page.get_by_role("radio", name="Đạt", exact=True).first.click()
    page.get_by_role("textbox", name="Nội dung").first.fill("Chưa niêm yết danh sách tại nhà văn hóa")
    page.get_by_role("textbox", name="Việc phải làm").fill("Niêm yết danh sách hộ nghèo")
    page.get_by_role("textbox", name="Người, đơn vị chịu trách nhiệm").fill("UBND phường")
    type_day(page, "Hạn hoàn thành", "30/11/2024")


def pano(page: Page) -> None:
    page.get_by_role("textbox", name="Vị trí đặt").fill("Ngã ba chợ")
    page.get_by_role("textbox", name="Số mặt").fill("2")


def vocational(page: Page) -> None:
    page.get_by_role("textbox", name="Nghề đào tạo").fill("Chăn nuôi thú y")
    type_day(page, "Ngày bế giảng", "15/10/2024")
    page.get_by_role("textbox", name="Nhập học").fill("35")


def staff(page: Page) -> None:
    page.get_by_role("textbox", name="Chuyên đề").fill("Nghiệp vụ giảm nghèo")
    type_day(page, "Ngày bế giảng", "15/10/2024")


def radio(page: Page) -> None:
    page.get_by_role("textbox", name="Tên chuyên mục").fill("Gương thoát nghèo")
    page.get_by_role("textbox", name="Thời lượng (phút)").fill("12")
    type_day(page, "Ngày phát", "10/10/2024")
    page.get_by_role("button", name="Thêm lần phát sóng").click()
    expect(page.get_by_role("textbox", name="Ngày phát")).to_have_count(2)
    type_day(page, "Ngày phát", "12/10/2024", nth=1)


def event(page: Page) -> None:
    page.get_by_label("Loại sự kiện").select_option(label="Chuyến học tập kinh nghiệm")


def payment(page: Page) -> None:
    page.get_by_role("textbox", name="Số tiền (đồng)").fill("125.000.000")
    page.get_by_label("Nguồn vốn").select_option(label="Ngân sách trung ương")


def other(page: Page) -> None:
    page.get_by_role("textbox", name="Nội dung đã làm").fill("Rà soát tại các tổ dân phố")


def indicator(page: Page) -> None:
    page.get_by_role("textbox", name="Số đạt được (tử số)").fill("0")


STEPS = {
    "dialogue_session": (
        DUC_PHO,
        "Đối thoại chính sách tại xã, phường",
        dialogue,
        "Đã gửi 01 buổi đối thoại tại phường Phổ Vinh.",
    ),
    "monitoring_visit": (
        DUC_PHO,
        "Giám sát chính sách, chương trình giảm nghèo năm 2024",
        visit,
        "Đã gửi 01 lượt giám sát",
    ),
    "pano": (DUC_PHO, "Pano quảng bá giáo dục nghề nghiệp", pano, "Đã gửi 01 pano"),
    "vocational_class": (
        DUC_PHO,
        "Lớp dạy nghề cho lao động nghèo, thu nhập thấp",
        vocational,
        "Đã gửi 01 lớp dạy nghề",
    ),
    "staff_class": (
        DUC_PHO,
        "Lớp 01: hội đoàn thể trong ban quản lý cấp xã, cán bộ thôn",
        staff,
        "Đã gửi 01 lớp tập huấn",
    ),
    "radio_segment": (DUC_PHO, "Chuyên mục phát thanh về giảm nghèo", radio, "Đã gửi 01 chuyên mục"),
    "public_event": (DUC_PHO, "Chuyến học tập kinh nghiệm ngoài tỉnh", event, "Đã gửi 01 sự kiện"),
    "disbursement": (
        DUC_PHO,
        "Giải ngân Tiểu dự án 1: Phát triển giáo dục nghề nghiệp vùng nghèo, vùng khó khăn",
        payment,
        "Đã gửi 01 giải ngân",
    ),
    "other": (DUC_PHO, "Rà soát nghèo, cận nghèo hằng năm", other, "Đã gửi 01 hoạt động khác"),
    "indicator_value": (BAI_CHAY, "Giữ không còn hộ nghèo, hộ cận nghèo", indicator, "Đã gửi 01 giá trị chỉ tiêu"),
}


@pytest.fixture(scope="module")
def links() -> dict[str, str]:
    return {}


def test_the_first_administrator_is_made_by_the_printed_link_only(server: Server, visit, links):
    page = visit()
    page.goto(f"{server.address}/")
    expect(page).to_have_url(re.compile("/login"))
    page.goto(server.first_link)
    page.get_by_label("Tên đăng nhập").fill("quantri")
    page.get_by_label("Tên hiển thị").fill("Quản trị hệ thống")
    page.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
    page.get_by_label("Nhập lại mật khẩu mới").fill(PASSWORD)
    page.get_by_role("button", name="Lưu và đăng nhập").click()
    idle(page)
    expect(page.get_by_role("heading", name="Tài khoản")).to_be_visible()
    links["supervisor"] = add_account(
        page,
        "giamsat",
        "Cán bộ giám sát Phổ Vinh",
        "Cán bộ giám sát",
        {"thị xã Đức Phổ": "phường Phổ Vinh", "phường Bãi Cháy": "phường Bãi Cháy"},
    )
    links["leader"] = add_account(page, "lanhdao", "Lãnh đạo phòng", "Lãnh đạo")
    second = visit()
    second.goto(server.first_link)
    expect(second.get_by_text("Đường dẫn này đã dùng hoặc đã hết hạn")).to_be_visible()


def test_the_five_plans_are_examples_until_the_office_takes_them_over(server: Server):
    database = Database(f"sqlite:///{server.log.parent / 'so_giam_sat.db'}")
    with database.writing() as session:
        plans = session.exec(select(Plan)).all()
        assert len(plans) == 5 and all(plan.example for plan in plans)
        for plan in plans:
            take_over_example(session, acting(session, "lanhdao"), plan.id)
    database.close()


def test_a_supervisor_logs_one_record_of_each_kind(server: Server, visit, links):
    assert set(STEPS) == set(all_kinds())
    page = visit()
    set_password(page, links["supervisor"])
    expect(page.get_by_role("heading", name="Việc của tôi")).to_be_visible()
    for plan, activity, answer, said in STEPS.values():
        box = page.get_by_role("combobox", name="Kế hoạch")
        idle(page)
        if box.input_value() != plan:
            box.click()
            press(page.get_by_role("option", name=plan), runs=True)
        commune = "phường Bãi Cháy" if plan == BAI_CHAY else "phường Phổ Vinh"
        open_form(page, activity, commune)
        answer(page)
        press_send(page, said)
    page.get_by_role("link", name="Bản ghi").first.click()
    page.wait_for_url("**/ban-ghi**")


def progress_row(page: Page, server: Server):
    """The dialogues' row of the progress page."""
    page.goto(f"{server.address}/tien-do?plan=duc_pho_2024")
    return page.get_by_role("row").filter(has_text="Đối thoại chính sách tại xã, phường")


def on_the_map(page: Page, server: Server):
    """What the map itself shows."""
    page.goto(f"{server.address}/ban-do?plan=duc_pho_2024")
    return page.frame_locator("iframe").locator("body")


def test_the_leader_verifies_and_sees_it_move(server: Server, visit, links):
    page = visit()
    set_password(page, links["leader"])
    row = progress_row(page, server)
    expect(row).to_contain_text("0 buổi")
    expect(row).to_contain_text("báo cáo 1")
    expect(row).to_contain_text("chưa phân kỳ")
    expect(on_the_map(page, server)).to_contain_text("Phổ Vinh")
    expect(on_the_map(page, server)).not_to_contain_text("62 %")
    page.goto(f"{server.address}/duyet?plan=duc_pho_2024")
    idle(page)
    rows = page.get_by_role("list", name="Bản ghi đang chờ").get_by_role("listitem")
    expect(rows).to_have_count(9)
    for left in range(9, 0, -1):
        expect(rows).to_have_count(left)
        idle(page)
        why = page.get_by_label("Vì sao vẫn xác nhận")
        if why.count():
            why.fill("Đã gọi cho xã")
        press(page.get_by_role("button", name="Xác nhận:"), runs=True)
    expect(rows).to_have_count(0)
    row = progress_row(page, server)
    expect(row).to_contain_text("1 buổi")
    expect(row).to_contain_text("6 %")
    # One dialogue of one, one pano of one, one visit of two and none of one: parts stand in the mean instead of their
    # whole.
    expect(on_the_map(page, server)).to_contain_text("62 %")
    choose(page, "Xã, phường", "phường Phổ Vinh")
    expect(page.get_by_text("1/2 đợt đã xác nhận")).to_be_visible()
    expect(page.get_by_text("0/1 đợt đã xác nhận")).to_be_visible()
    page.goto(f"{server.address}/tien-do?plan=bai_chay_2024")
    kept = page.get_by_role("row").filter(has_text="Giữ không còn hộ nghèo, hộ cận nghèo")
    expect(kept).to_contain_text("chưa có số liệu")
