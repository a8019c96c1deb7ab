"""The tablet's form: bad input, nothing lost, drafts on another device, one record for two presses."""

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from data_model.records.tables import FieldRecord
from tests.browser.conftest import Staffed, idle, sign_in, unfold

pytestmark = pytest.mark.browser
SCRIPT = "<script>document.title='bị chèn'</script><img src=x onerror=alert(1)>"


def open_dialogue(page: Page, staffed: Staffed, commune: str = "21466") -> None:
    page.goto(f"{staffed.address}/ghi?plan=duc_pho_2024&activity=DP-11&unit={staffed.unit_id(commune)}")
    expect(page.get_by_role("heading", name="Đối thoại chính sách tại xã, phường")).to_be_visible()
    idle(page)


def box(page: Page, label: str):
    return page.get_by_role("textbox", name=label, exact=True)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def records(staffed: Staffed) -> list[FieldRecord]:
    with staffed.database.reading() as session:
        return list(session.exec(select(FieldRecord).order_by(FieldRecord.created_at)))


def test_bad_input_is_told_beside_the_field_and_nothing_typed_is_lost(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_dialogue(page, staffed)
    long = "rất dài " * 1250
    typed = {
        "Địa điểm": SCRIPT,
        "Người chủ trì": "Chủ tịch UBND phường 🙂",
        "Tổng số người": "42",
        "Nữ": "50",
        "Người hộ nghèo": "12,5",
        "Người hộ cận nghèo": "-3",
        "Nội dung chính": long,
    }
    for label, text in typed.items():
        box(page, label).fill(text)
    press(page, "Gửi")
    expect(page.get_by_text("Chưa gửi được. Cần sửa 4 mục.")).to_be_visible()
    expect(page.get_by_text("Số thành phần không thể lớn hơn tổng số 42 người.")).to_be_visible()
    expect(page.get_by_text("Ghi một số nguyên, ví dụ 50 hoặc 1.234.")).to_be_visible()
    expect(page.get_by_text("Ít nhất là 0.")).to_be_visible()
    expect(page.get_by_text("Nhiều nhất 4.000 ký tự; đang có 9.999.")).to_be_visible()
    for label, text in typed.items():
        expect(box(page, label)).to_have_value(text)
    assert records(staffed) == []
    for label, text in {
        "Nữ": "30",
        "Người hộ nghèo": "20",
        "Người hộ cận nghèo": "",
        "Nội dung chính": "Vay vốn; bảo hiểm y tế",
    }.items():
        box(page, label).fill(text)
    press(page, "Gửi")
    expect(
        page.get_by_text("Đã gửi 01 buổi đối thoại tại phường Phổ Vinh. Bản ghi được tính nhưng chưa đạt điều kiện")
    ).to_be_visible()
    sent = records(staffed)
    assert [(r.status, r.people_total, r.people_near_poor, r.unmet) for r in sent] == [("sent", 42, None, 1)]
    page.goto(f"{staffed.address}/xem?record={sent[0].id}")
    expect(page.get_by_text(SCRIPT)).to_be_visible()
    expect(page).not_to_have_title("bị chèn")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("16/10/2024", "Ngày này chưa đến (hôm nay là 15/10/2024)."),
        ("15/10/2025", "Kế hoạch từ 01/01/2024 đến 31/12/2024."),
        ("31-12-23", "Kế hoạch từ 01/01/2024 đến 31/12/2024."),
        ("2099-13-99", "Ngày không đúng."),
        ("hôm qua", "Ngày không đúng."),
    ],
)
def test_absurd_days_are_told(staffed, visit, typed, says):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_dialogue(page, staffed)
    box(page, "Ngày tổ chức *").fill(typed)
    press(page, "Gửi")
    expect(page.get_by_text(says)).to_be_visible()


def test_a_draft_is_continued_on_another_device_and_two_presses_make_one_record(staffed, visit):
    before = len(records(staffed))
    tablet = visit()
    sign_in(tablet, staffed.server, "giamsat1")
    open_dialogue(tablet, staffed, "21463")
    box(tablet, "Địa điểm").fill("Hội trường tổ 5")
    box(tablet, "Tổng số người").fill("nhiều lắm")
    press(tablet, "Lưu nháp")
    expect(tablet.get_by_text("Đã lưu nháp.")).to_be_visible()
    phone = visit(viewport={"width": 390, "height": 844})
    sign_in(phone, staffed.server, "giamsat1", where="/")
    phone.get_by_role("button", name="Ghi tiếp").click()
    expect(box(phone, "Địa điểm")).to_have_value("Hội trường tổ 5")
    expect(box(phone, "Tổng số người")).to_have_value("nhiều lắm")
    box(phone, "Tổng số người").fill("51")
    idle(phone)
    phone.get_by_role("button", name="Gửi", exact=True).dblclick()
    expect(phone.get_by_text("Đã gửi 01 buổi đối thoại tại phường Phổ Minh.")).to_be_visible()
    assert len(records(staffed)) == before + 1
    # The tablet still shows its older draft: it is told, and what it shows stays.
    box(tablet, "Địa điểm").fill("Hội trường tổ 6")
    box(tablet, "Tổng số người").fill("60")
    press(tablet, "Gửi")
    expect(tablet.get_by_text("đã thay đổi bản ghi này")).to_be_visible()
    expect(box(tablet, "Địa điểm")).to_have_value("Hội trường tổ 6")
    # Both versions are there; one field is taken from the newer one, the rest goes on as it is.
    expect(tablet.get_by_text("Hội trường tổ 5", exact=True)).to_be_visible()
    press(tablet, "Lấy bản mới hơn: Người tham dự")
    expect(box(tablet, "Tổng số người")).to_have_value("51")
    press(tablet, "Tiếp tục với bản của tôi")
    expect(tablet.get_by_text("đã thay đổi bản ghi này")).to_have_count(0)
    press(tablet, "Gửi")
    expect(tablet.get_by_text("Đã gửi 01 buổi đối thoại tại phường Phổ Minh.")).to_be_visible()
    last = records(staffed)[-1]
    assert (len(records(staffed)), last.answers["place"], last.people_total) == (before + 1, "Hội trường tổ 6", 51)


def test_a_reload_keeps_the_session_and_the_draft(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_dialogue(page, staffed, "21472")
    box(page, "Người chủ trì").fill("Phó chủ tịch UBND xã")
    press(page, "Lưu nháp")
    expect(page.get_by_text("Đã lưu nháp.")).to_be_visible()
    page.reload()
    idle(page)
    expect(box(page, "Người chủ trì")).to_have_value("Phó chủ tịch UBND xã")
    page.on("dialog", lambda dialog: dialog.accept())
    press(page, "Bỏ bản nháp")
    expect(page.get_by_text("Đã bỏ bản nháp.")).to_be_visible()


def test_a_returned_record_is_the_first_thing_seen_and_is_sent_again(staffed, visit):
    supervisor, leader = visit(), visit(viewport={"width": 1366, "height": 768}, has_touch=False)
    sign_in(supervisor, staffed.server, "giamsat1")
    open_dialogue(supervisor, staffed, "21472")
    box(supervisor, "Tổng số người").fill("55")
    press(supervisor, "Gửi")
    expect(supervisor.get_by_text("Đã gửi 01 buổi đối thoại tại xã Phổ Cường.")).to_be_visible()
    record = records(staffed)[-1]
    sign_in(leader, staffed.server, "lanhdao", where=f"/xem?record={record.id}")
    unfold(leader, "Trả lại hoặc huỷ, có lý do")
    press(leader, "Trả lại người nhập")
    expect(leader.get_by_text("Cần ghi lý do.")).to_be_visible()
    box(leader, "Lý do").fill("Thiếu biên bản **ký tên**")
    press(leader, "Trả lại người nhập")
    expect(leader.get_by_text("Lý do: Thiếu biên bản **ký tên**").first).to_be_visible()
    supervisor.reload()
    expect(supervisor.get_by_text("Trả lại: Thiếu biên bản **ký tên**")).to_be_visible()
    supervisor.get_by_role("button", name="Sửa lại").click()
    expect(box(supervisor, "Tổng số người")).to_have_value("55")
    box(supervisor, "Người chủ trì").fill("Chủ tịch UBND xã")
    press(supervisor, "Gửi")
    expect(supervisor.get_by_text("Đã gửi 01 buổi đối thoại tại xã Phổ Cường.")).to_be_visible()
    leader.reload()
    leader.get_by_label("Vì sao vẫn xác nhận").fill("Có biên bản giấy")
    leader.get_by_role("button", name="Xác nhận:").click()
    expect(leader.get_by_text("đã xác nhận").first).to_be_visible()
