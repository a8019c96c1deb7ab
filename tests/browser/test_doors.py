"""Who gets in where: pages by address, records by id, HTTP routes, the live connection; sign-in and sign-out."""

import re
import urllib.error
import urllib.request
import uuid

import pytest
from playwright.sync_api import expect

from data_model.records import Entry, send
from data_model import accounts
from tests.browser.conftest import PASSWORD, Staffed, idle, sign_in

pytestmark = pytest.mark.browser


def answer(staffed: Staffed, path: str, cookie: str = "", data: bytes | None = None) -> tuple[int, str]:
    """Status and address after redirects of a bare HTTP request."""
    request = urllib.request.Request(staffed.address + path, data=data, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as found:
            return found.status, found.url
    except urllib.error.HTTPError as refused:
        return refused.code, refused.url


@pytest.mark.parametrize("path", ["/", "/viec-cua-toi", "/ban-do", "/xem?record=1", "/tai-khoan"])
def test_pages_lead_to_sign_in(staffed, path):
    status, address = answer(staffed, path)
    assert (status, "/login?next=" in address) == (200, True)


@pytest.mark.parametrize(("path", "expected"), [
    ("/media/any.png", 401), ("/component/streamlit_folium.st_folium/index.html", 401), ("/_stcore/upload_file/a/b", 401),
    ("/_stcore/stream", 401), ("/ban-do/_stcore/stream", 401), ("/_stcore/metrics", 404), ("/_stcore/agent/openapi.json", 404),
    ("/app/static/x", 404), ("/_stcore/script-health-check", 401),
])
def test_streamlits_own_doors_ask_too(staffed, path, expected):
    assert answer(staffed, path)[0] == expected


def test_a_made_up_cookie_opens_nothing(staffed):
    assert "/login" in answer(staffed, "/ban-do", cookie="so_giam_sat=made-up")[1]


def test_a_form_posted_from_elsewhere_is_refused(staffed):
    body = f"name=lanhdao&password={PASSWORD}&token=guess".encode()
    assert answer(staffed, "/login", data=body)[0] == 403


def test_the_way_on_after_sign_in_stays_in_the_app(staffed, visit):
    page = visit()
    page.goto(f"{staffed.address}/login?next=https://example.org/")
    page.get_by_label("Tên đăng nhập").fill("giamsat1")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(f"{staffed.address}/**")


def test_wrong_password_and_unknown_name_say_the_same_and_are_slowed_down(staffed, visit):
    page = visit()
    page.goto(f"{staffed.address}/login")
    for attempt in range(6):
        page.get_by_label("Tên đăng nhập").fill("khong-co-ai")
        page.get_by_label("Mật khẩu").fill("sai sai sai sai")
        page.get_by_role("button", name="Đăng nhập").click()
        said = page.get_by_role("alert")
        expect(said).to_have_text("Sai tên đăng nhập hoặc mật khẩu." if attempt < 5 else re.compile("Thử sai quá nhiều lần. Chờ \\d+ giây"))


def test_a_supervisor_cannot_read_or_write_elsewhere(staffed, visit):
    with staffed.database.writing() as session:
        second = accounts.who_is(session, accounts.sign_in(session, "giamsat2", PASSWORD, "test"))
        plan = staffed.plan()
        line = next(line for line in plan.lines if line.code == "DP-11")
        other = send(session, second, Entry(
            id=uuid.uuid4(), plan_id=plan.id, activity_id=line.activity_id, unit_id=staffed.unit_id("21442"),
            answers={"held_on": "2024-10-01", "attendance": {"total": 50}},
        )).id
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    page.goto(f"{staffed.address}/xem?record={other}")
    expect(page.get_by_text("Không tìm thấy bản ghi này, hoặc bạn không được xem.")).to_be_visible()
    page.goto(f"{staffed.address}/ghi?record={other}")
    expect(page.get_by_text("Trước hết hãy chọn hoạt động và xã")).to_be_visible()
    page.goto(f"{staffed.address}/ghi?plan=duc_pho_2024&activity=DP-11&unit={staffed.unit_id('21442')}")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_text("Địa bàn này không thuộc các xã được giao cho bạn")).to_be_visible()
    page.goto(f"{staffed.address}/ban-ghi?plan=duc_pho_2024")
    expect(page.get_by_text("Chưa có bản ghi nào ở đây.")).to_be_visible()


def test_sign_out_ends_the_session_for_good(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat2", where="/toi")
    cookie = next(c for c in page.context.cookies() if c["name"] == "so_giam_sat")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    page.goto(f"{staffed.address}/logout")
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/login")
    assert "/login" in answer(staffed, "/toi", cookie=f"so_giam_sat={cookie['value']}")[1]


def test_a_disabled_account_is_out_at_its_next_tap(staffed, visit):
    officer, admin = visit(), visit()
    sign_in(officer, staffed.server, "tonghop", where="/ban-ghi")
    sign_in(admin, staffed.server, "quantri", where="/tai-khoan")
    row = admin.locator(".st-key-account-5")
    row.get_by_role("button", name="Khoá").click()
    expect(row.get_by_text("đã khoá")).to_be_visible()
    officer.get_by_role("radio", name="Tất cả").click()
    expect(officer.get_by_text("Bạn đã đăng xuất.")).to_be_visible()
    row.get_by_role("button", name="Mở lại").click()
    expect(row.get_by_text("đã khoá")).to_have_count(0)


def test_the_interface_speaks_english_by_a_switch(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat2", where="/toi")
    page.get_by_role("radio", name="English").click()
    expect(page.get_by_text("My communes")).to_be_visible()
    page.get_by_role("link", name="My work").click()
    expect(page.get_by_role("heading", name="My work")).to_be_visible()
    page.goto(f"{staffed.address}/toi")
    idle(page)
    page.get_by_role("radio", name="Tiếng Việt").click()
    expect(page.get_by_text("Xã, phường được giao")).to_be_visible()
