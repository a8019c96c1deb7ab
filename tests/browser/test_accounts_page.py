"""Accounts and one's own sign-ins through the pages, as an administrator and a supervisor use them."""

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from data_model.accounts import administration, sign_ins
from data_model.accounts.tables import Account
from tests.browser.conftest import PASSWORD, idle, press, sign_in, tick_communes
from tests.conftest import acting

pytestmark = pytest.mark.browser
TALLEST_BAR = 44


def test_an_administrator_finds_somebody_and_gives_another_role(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "quantri", where="/tai-khoan")
    page.get_by_label("Tìm tên hoặc xã, phường").fill("cum bac")
    page.get_by_label("Tìm tên hoặc xã, phường").press("Enter")
    expect(page.get_by_text("1 đến 1 trong 1 tài khoản")).to_be_visible()
    idle(page)
    found = page.get_by_role("button", name="Mở", exact=True)
    assert found.bounding_box()["height"] >= TALLEST_BAR
    found.click()
    page.get_by_text("Lãnh đạo", exact=True).click()
    page.get_by_role("button", name="Đổi vai trò").click()
    expect(page.get_by_text("nay có vai trò Lãnh đạo")).to_be_visible()
    with staffed.database.writing() as session:
        account = session.exec(select(Account).where(Account.name == "giamsat2")).one()
        assert account.role == "leader"
        administration.set_role(session, acting(session, "quantri"), account.id, "supervisor")


def test_several_communes_are_given_at_once_with_their_days_and_the_supervisor_sees_these(staffed, visit):
    page, supervisor = visit(), visit()
    with staffed.database.reading() as session:
        account = session.exec(select(Account).where(Account.name == "giamsat2")).one().id
    sign_in(page, staffed.server, "quantri", where=f"/tai-khoan?account={account}")
    expect(
        page.get_by_text("phường Phổ An · không giới hạn ngày").or_(page.get_by_text("xã Phổ An · không giới hạn ngày"))
    ).to_be_visible()

    def give(first: str, last: str, *communes: str) -> None:
        idle(page)  # what was ticked last time is cleared with the end of its run
        page.get_by_text("Giao nhiều xã cùng lúc").click()
        tick_communes(page, "thị xã Đức Phổ", *communes)
        for label, day in (("Từ ngày", first), ("Đến ngày", last)):
            page.get_by_role("group", name=label).get_by_role("spinbutton").first.press_sequentially(
                day.replace("/", "")
            )
            page.keyboard.press("Escape")  # the calendar lies over the button
        press(page.get_by_role("button", name="Giao thêm các xã này"), runs=True)

    give("01/10/2024", "31/12/2024", "phường Phổ Quang", "phường Phổ Văn")
    for commune in ("Phổ Quang", "Phổ Văn"):
        expect(page.get_by_text(f"phường {commune} · từ 01/10/2024 đến 31/12/2024")).to_be_visible()
    give("01/11/2024", "30/11/2024", "xã Phổ Thuận")  # its days have not begun

    sign_in(supervisor, staffed.server, "giamsat2", where="/viec-cua-toi?plan=duc_pho_2024")
    columns = supervisor.get_by_role("table").first.get_by_role("columnheader")
    expect(columns).to_have_text(["Hoạt động", "Phổ An", "Phổ Văn", "Phổ Quang"])
    supervisor.goto(f"{staffed.address}/logout")
    with supervisor.expect_response("**/logout") as left:
        supervisor.get_by_role("button", name="Đăng xuất").click()
    assert (
        left.value.all_headers()["clear-site-data"] == '"cache"'
    )  # photos that were looked at do not stay on the tablet
    supervisor.wait_for_url("**/login")

    page.get_by_role("button", name="Sửa").last.click()
    page.get_by_role("button", name="Thôi giao xã này").click()
    expect(page.get_by_text("xã Phổ Thuận · ")).to_have_count(0)


def test_a_person_changes_the_own_password_and_the_lost_tablet_is_out(staffed, visit):
    lost, here = visit(), visit()
    sign_in(lost, staffed.server, "giamsat2", where="/toi")
    sign_in(here, staffed.server, "giamsat2", where="/toi", anew=True)
    expect(here.get_by_text("thiết bị này")).to_have_count(1)
    expect(here.get_by_role("listitem").filter(has_text="Chrome")).to_have_count(2)

    def change(old: str) -> None:
        here.get_by_label("Mật khẩu hiện tại").fill(old)
        here.get_by_label("Mật khẩu mới", exact=True).fill("mot-cau-khac-han")
        here.get_by_label("Nhập lại mật khẩu mới").fill("mot-cau-khac-han")
        here.get_by_role("button", name="Đổi mật khẩu").click()

    change("khong-phai-mat-khau")
    expect(here.get_by_text("Mật khẩu hiện tại không đúng.")).to_be_visible()
    change(PASSWORD)
    expect(here.get_by_text("Mật khẩu mới có hiệu lực từ bây giờ.")).to_be_visible()
    expect(here.get_by_role("listitem").filter(has_text="Chrome")).to_have_count(1)
    lost.get_by_role("button", name="Đổi mật khẩu").click()
    expect(lost.get_by_text("Bạn đã đăng xuất.")).to_be_visible()
    assert sign_ins.sign_in(staffed.database, "giamsat2", PASSWORD, "test") is None
    idle(here)


def test_a_data_officer_sets_the_rules_of_a_plan(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "tonghop", where="/cai-dat?plan=duc_pho_2024")
    slow = page.get_by_label("Chậm từ (% so với mức phải đạt đến nay)")
    slow.fill("95")
    page.get_by_role("button", name="Lưu cài đặt").click()
    expect(page.get_by_text("Mức “chậm” phải thấp hơn mức “đúng tiến độ” (90 %).")).to_be_visible()
    slow.fill("60")
    page.get_by_role("button", name="Lưu cài đặt").click()
    expect(page.get_by_text("90 / 70 %, theo quý dương lịch đổi thành 90 / 60 %")).to_be_visible()
    assert staffed.plan().slow_percent == 60
