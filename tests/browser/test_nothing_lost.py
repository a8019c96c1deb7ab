"""Nothing typed is lost: a reload, a closed tab, an ended sign-in, a killed server, two devices, hostile text."""

import pytest
from playwright.sync_api import expect
from sqlmodel import delete

from data_model.accounts.tables import SignIn
from tests.browser.conftest import PASSWORD, idle, press, sign_in
from tests.browser.the_form import (
    PHO_CUONG,
    PHO_MINH,
    PHO_VINH,
    VISIT,
    add_files,
    box,
    button,
    eventually,
    form_address,
    open_form,
    photo,
    photos_of,
    record_of,
    stored,
)
from tests.evidence_samples import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("anew")]
HOSTILE = "<script>document.title='bị chèn'</script>\"><img src=x onerror=\"document.title='bị chèn'\">"


def test_a_reload_in_mid_form_brings_everything_back_and_can_be_dropped(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_VINH, VISIT))
    box(page, "Trưởng đoàn").fill("Phó trưởng phòng")
    page.get_by_role("radio", name="Đột xuất").check(force=True)
    button(page, "+ Thêm phát hiện").click()
    box(page, "Nội dung *").nth(1).fill("Sổ theo dõi chưa đủ chữ ký")
    page.reload()
    expect(page.get_by_text("Đã khôi phục nội dung gõ lúc")).to_be_visible()
    expect(box(page, "Trưởng đoàn")).to_have_value("Phó trưởng phòng")
    expect(page.get_by_role("radio", name="Đột xuất")).to_be_checked()
    expect(box(page, "Nội dung *").nth(1)).to_have_value("Sổ theo dõi chưa đủ chữ ký")
    button(page, "Bỏ và ghi lại từ đầu").click()
    expect(box(page, "Trưởng đoàn")).to_have_value("")
    expect(page.get_by_text("Đã khôi phục nội dung gõ lúc")).to_have_count(0)
    page.reload()
    expect(box(page, "Trưởng đoàn")).to_have_value("")


def test_a_closed_tab_is_continued_by_its_own_account_only(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_VINH))
    box(page, "Người chủ trì").fill("Chủ tịch UBND phường")
    # The first photo begins the record on the server; the text is still only here.
    add_files(page, photo(1))
    record = record_of(page)
    eventually(page, lambda: photos_of(staffed, record), 1)
    context = page.context
    page.close()
    again = context.new_page()
    open_form(again, form_address(staffed, PHO_VINH))
    expect(box(again, "Người chủ trì")).to_have_value("Chủ tịch UBND phường")
    again.goto(f"{staffed.address}/logout")
    button(again, "Đăng xuất").click()
    again.wait_for_url("**/login")
    sign_in(again, staffed.server, "giamsat2")
    open_form(again, form_address(staffed, PHO_VINH))
    expect(box(again, "Người chủ trì")).to_have_value("")
    expect(again.get_by_text("Đã khôi phục")).to_have_count(0)


def test_a_sign_in_that_ends_in_mid_form_loses_nothing(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_VINH))
    box(page, "Tổng số người").fill("52")
    box(page, "Nội dung chính").fill("Vay vốn; bảo hiểm y tế")
    with staffed.database.writing() as session:
        session.exec(delete(SignIn))
    button(page, "Gửi").click()
    expect(page.get_by_text("Phiên đăng nhập đã hết.").first).to_be_visible()
    expect(box(page, "Nội dung chính")).to_have_value("Vay vốn; bảo hiểm y tế")
    assert stored(staffed, PHO_VINH) == []
    page.get_by_role("link", name="Đăng nhập lại").first.click()
    page.get_by_label("Tên đăng nhập").fill("giamsat1")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    button(page, "Đăng nhập").click()
    # It was pressed "send": it goes by itself, and once.
    expect(page.get_by_text("Đã gửi 01 buổi đối thoại tại phường Phổ Vinh.")).to_be_visible()
    assert [(r.status, r.people_total, r.answers["main_points"]) for r in stored(staffed, PHO_VINH)] == [
        ("sent", 52, "Vay vốn; bảo hiểm y tế")
    ]


def test_a_form_begun_before_shows_its_photos_when_it_is_opened_anew(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_VINH))
    box(page, "Người chủ trì").fill("Chủ tịch UBND phường")
    add_files(page, photo(1))
    record = record_of(page)
    eventually(page, lambda: photos_of(staffed, record), 1)
    context = page.context
    page.close()
    again = context.new_page()
    open_form(again, form_address(staffed, PHO_VINH))
    expect(box(again, "Người chủ trì")).to_have_value("Chủ tịch UBND phường")
    expect(again.get_by_role("img", name="anh-1.jpg")).to_be_visible()


def test_thirty_photos_at_once_all_arrive_once(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_CUONG))
    box(page, "Tổng số người").fill("60")
    add_files(
        page,
        *(photo(number) for number in range(30)),
        {"name": "../../gia-dinh.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"},
    )
    expect(page.get_by_role("listitem")).to_have_count(31)
    record = record_of(page)
    # Pressed while they are still on their way.
    button(page, "Gửi").click()
    expect(page.get_by_text("Đã gửi 01 buổi đối thoại tại xã Phổ Cường.")).to_be_visible()
    eventually(page, lambda: photos_of(staffed, record), 30, 30)
    open_form(page, f"{staffed.address}/ghi?record={record}")
    expect(page.get_by_role("link").filter(has=page.get_by_role("img"))).to_have_count(30)


def test_two_devices_see_both_versions_and_lose_nothing(staffed, visit):
    tablet, phone = visit(), visit(viewport={"width": 390, "height": 844})
    sign_in(tablet, staffed.server, "giamsat1")
    open_form(tablet, form_address(staffed, PHO_VINH))
    box(tablet, "Địa điểm").fill("Hội trường tổ 1")
    box(tablet, "Tổng số người").fill("50")
    button(tablet, "Lưu nháp").click()
    expect(tablet.get_by_text("Đã lưu nháp.")).to_be_visible()
    sign_in(phone, staffed.server, "giamsat1")
    open_form(phone, f"{staffed.address}/ghi?record={record_of(tablet)}")
    box(phone, "Địa điểm").fill("Nhà văn hoá tổ 9")
    box(phone, "Người chủ trì").fill("Bí thư chi bộ")
    button(phone, "Lưu nháp").click()
    expect(phone.get_by_text("Đã lưu nháp.")).to_be_visible()

    box(tablet, "Địa điểm").fill("Hội trường tổ 3")
    button(tablet, "Gửi").click()
    told = tablet.get_by_role("alert")
    expect(told.get_by_text("đã thay đổi bản ghi này")).to_be_visible()
    for words in ("Hội trường tổ 3", "Nhà văn hoá tổ 9", "Bí thư chi bộ"):
        expect(told.get_by_text(words, exact=True)).to_be_visible()
    expect(box(tablet, "Địa điểm")).to_have_value("Hội trường tổ 3")
    button(tablet, "Lấy bản mới hơn: Người chủ trì").click()
    expect(box(tablet, "Người chủ trì")).to_have_value("Bí thư chi bộ")
    press(button(tablet, "Tiếp tục với bản của tôi"), hides=told.get_by_text("đã thay đổi bản ghi này"))
    button(tablet, "Gửi").click()
    expect(tablet.get_by_text("Đã gửi 01 buổi đối thoại tại phường Phổ Vinh.")).to_be_visible()
    sent = stored(staffed, PHO_VINH)
    assert [(r.answers["place"], r.answers["chair"]) for r in sent] == [("Hội trường tổ 3", "Bí thư chi bộ")]


def test_what_the_other_device_took_from_the_conflict_is_kept_through_a_reload(staffed, visit):
    tablet, phone = visit(), visit(viewport={"width": 390, "height": 844})
    sign_in(tablet, staffed.server, "giamsat1")
    open_form(tablet, form_address(staffed, PHO_VINH))
    box(tablet, "Địa điểm").fill("Hội trường tổ 1")
    button(tablet, "Lưu nháp").click()
    expect(tablet.get_by_text("Đã lưu nháp.")).to_be_visible()
    sign_in(phone, staffed.server, "giamsat1")
    open_form(phone, f"{staffed.address}/ghi?record={record_of(tablet)}")
    box(phone, "Người chủ trì").fill("Bí thư chi bộ")
    button(phone, "Lưu nháp").click()
    expect(phone.get_by_text("Đã lưu nháp.")).to_be_visible()
    box(tablet, "Địa điểm").fill("Hội trường tổ 3")
    button(tablet, "Lưu nháp").click()
    button(tablet, "Lấy bản mới hơn: Người chủ trì").click()
    expect(box(tablet, "Người chủ trì")).to_have_value("Bí thư chi bộ")
    tablet.reload()
    expect(box(tablet, "Địa điểm")).to_have_value("Hội trường tổ 3")
    expect(box(tablet, "Người chủ trì")).to_have_value("Bí thư chi bộ")


def test_hostile_text_in_every_field_shows_as_text(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_VINH, VISIT))
    for each in page.get_by_role("textbox").all():
        if each.get_attribute("inputmode") is None:
            each.fill(HOSTILE)
    add_files(page, {"name": HOSTILE.replace("/", "_") + ".jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    record = record_of(page)
    eventually(page, lambda: photos_of(staffed, record), 1)
    page.reload()
    expect(box(page, "Trưởng đoàn")).to_have_value(HOSTILE)
    for fix_by in page.get_by_role("textbox", name="Hạn hoàn thành").all():
        fix_by.fill("20/10/2024")
    page.get_by_role("radio", name="Đợt").first.check(force=True)
    button(page, "Gửi").click()
    expect(page.get_by_text("Đã gửi 01 lượt giám sát")).to_be_visible()
    page.goto(f"{staffed.address}/xem?record={record}")
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    for where in (f"/ghi?record={record}", "/ban-ghi?plan=duc_pho_2024", "/kien-nghi?plan=duc_pho_2024", "/"):
        page.goto(staffed.address + where)
        idle(page)
        expect(page).not_to_have_title("bị chèn")
        assert page.locator("img[src='x']").count() == 0
    leader = visit(viewport={"width": 1366, "height": 768}, has_touch=False)
    sign_in(leader, staffed.server, "lanhdao", where=f"/xem?record={record}")
    expect(leader.get_by_text(HOSTILE).first).to_be_visible()
    expect(leader).not_to_have_title("bị chèn")


def test_the_server_dies_in_mid_form_and_comes_back(staffed, visit, mortal):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_MINH))
    box(page, "Tổng số người").fill("58")
    mortal.kill()
    expect(page.get_by_text("Mất kết nối.")).to_be_visible(timeout=45_000)
    box(page, "Nội dung chính").fill("Gõ khi máy chủ đã tắt")
    add_files(page, photo(1))
    button(page, "Gửi").click()
    expect(page.get_by_text("Không có kết nối: bản ghi chờ trên máy này")).to_be_visible()
    expect(page.get_by_text("Connect", exact=False)).to_have_count(0)
    record = record_of(page)
    mortal.start()
    eventually(
        page,
        lambda: [
            (r.id, r.people_total, r.answers.get("main_points"))
            for r in stored(staffed, PHO_MINH)
            if r.status == "sent"
        ],
        [(record, 58, "Gõ khi máy chủ đã tắt")],
        40,
    )
    eventually(page, lambda: photos_of(staffed, record), 1)
    expect(page.get_by_text("Mất kết nối.")).to_have_count(0)
