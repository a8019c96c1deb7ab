"""The leader goes through the queue: verify, return, void, several at once; a change meanwhile is told; the journal
shows all.
"""

import uuid
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from data_model.records import tables, writing
from data_model.records.writing import Entry
from data_model.review import decisions
from tests.browser.conftest import Staffed, idle, sign_in, unfold
from tests.conftest import acting

PHO_VINH, PHO_MINH, PHO_CUONG = "21466", "21463", "21472"
ATTACK = "<script>document.title='hỏng'</script><img src=x onerror=\"document.title='hỏng'\">"


def send(staffed: Staffed, unit: str, day: str, place: str, **more) -> Entry:
    """A dialogue session, sent by the supervisor of these communes."""
    plan = staffed.plan()
    line = next(line for line in plan.lines if line.code == "DP-11")
    entry = Entry(
        id=uuid.uuid4(),
        plan_id=plan.id,
        activity_id=line.activity_id,
        unit_id=staffed.unit_id(unit),
        answers={"held_on": day, "place": place, "attendance": {"total": 55}, "raised": 3},
    )
    entry = replace(entry, **more)
    with staffed.database.writing() as session:
        writing.send(session, acting(session, "giamsat1"), entry)
    return entry


def decide(staffed: Staffed, entry: Entry, decision, *more) -> None:
    with staffed.database.writing() as session:
        decision(session, acting(session, "tonghop"), entry.id, *more)


def status(staffed: Staffed, entry: Entry) -> tuple[str, str | None]:
    with staffed.database.reading() as session:
        record = session.get(tables.FieldRecord, entry.id)
        return record.status, record.reason


@pytest.fixture(scope="module")
def queue(staffed) -> dict[str, Entry]:
    """What waits, oldest first: one sent again after a return, two alike, and two more."""
    back = send(staffed, PHO_VINH, "2024-03-10", "Nhà văn hóa cũ")
    decide(staffed, back, decisions.return_to_author, 1, "Sai địa điểm")
    again = send(staffed, PHO_VINH, "2024-03-10", "Trụ sở UBND", id=back.id, seen_version=2)
    return {
        "again": again,
        "twin": send(staffed, PHO_MINH, "2024-05-10", ATTACK),
        "other": send(staffed, PHO_MINH, "2024-05-12", "Hội trường"),
        "fourth": send(staffed, PHO_CUONG, "2024-06-10", "Tổ 4"),
        "fifth": send(staffed, PHO_CUONG, "2024-08-10", "Tổ 5"),
    }


def opened(page: Page):
    """The record beside the list."""
    return page.locator(".st-key-review-one")


def together(page: Page, count: int) -> None:
    """Tick what has no mark and verify it, through the question."""
    page.get_by_role("checkbox", name="Tất cả bản không có dấu lưu ý").check()
    page.get_by_role("button", name=f"Xác nhận {count} bản ghi").click()
    expect(page.get_by_role("alertdialog", name="Xác nhận cùng lúc")).to_contain_text(
        f"Xác nhận cùng lúc {count} bản ghi này?"
    )
    page.get_by_role("button", name=f"Đúng, xác nhận {count} bản ghi").click()


def look_and_press(button: Locator) -> None:
    """Press what acts only once it has been in view: in the middle of the page first, where no bar covers it and no
    scrolling takes it out of sight again.
    """
    button.evaluate("each => each.scrollIntoView({ block: 'center', behavior: 'instant' })")
    expect(button).to_be_enabled()
    button.click()


def test_back_leads_to_the_record_that_was_open_before(staffed: Staffed, visit, queue):
    page = visit()
    sign_in(page, staffed.server, "lanhdao", where=f"/duyet?plan=duc_pho_2024&record={queue['other'].id}")
    expect(opened(page).get_by_text("Hội trường").first).to_be_visible()
    opened(page).get_by_role("button", name="Bản tiếp").click()
    page.wait_for_url(f"**record={queue['fourth'].id}")
    expect(opened(page).get_by_text("Tổ 4").first).to_be_visible()
    idle(page)
    page.go_back(wait_until="commit")
    expect(opened(page).get_by_text("Hội trường").first).to_be_visible()


def test_a_leader_goes_through_the_queue(staffed: Staffed, visit, queue):
    page = visit()
    sign_in(page, staffed.server, "lanhdao", where="/duyet?plan=duc_pho_2024")
    rows = page.get_by_role("list", name="Bản ghi đang chờ").get_by_role("listitem")
    expect(rows).to_have_count(5)
    # Sent again: what changed since it was returned, old and new, and why it was.
    expect(rows.nth(0)).to_contain_text("gửi lại")
    expect(opened(page)).to_contain_text("Sai địa điểm")
    expect(opened(page).get_by_role("row").filter(has_text="Địa điểm")).to_contain_text("Nhà văn hóa cũ")
    expect(opened(page).get_by_role("row").filter(has_text="Địa điểm")).to_contain_text("Trụ sở UBND")
    look_and_press(
        opened(page).get_by_role(
            "button", name="Xác nhận: Đối thoại chính sách tại xã, phường, phường Phổ Vinh, 10/03/2024"
        )
    )
    # On to the next one, which may be a duplicate, and whose text stands there as it was typed.
    expect(rows).to_have_count(4)
    idle(page)
    expect(opened(page)).to_contain_text("Có thể là một việc được nhập hai lần")
    expect(opened(page)).to_contain_text(ATTACK)
    expect(rows.filter(has_text="có thể trùng")).to_have_count(2)
    unfold(page, "Trả lại hoặc huỷ, có lý do")
    opened(page).get_by_role("button", name="Huỷ hẳn").click()
    expect(opened(page)).to_contain_text("Cần ghi lý do.")
    opened(page).get_by_label("Lý do").fill("Nhập hai lần")
    opened(page).get_by_role("button", name="Huỷ hẳn").click()
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="có thể trùng")).to_have_count(0)
    idle(page)  # the next record has taken the place of the one just voided
    unfold(page, "Trả lại hoặc huỷ, có lý do")
    opened(page).get_by_label("Lý do").fill("Thiếu danh sách")
    opened(page).get_by_role("button", name="Trả lại người nhập").click()
    expect(rows).to_have_count(2)
    # The author sends one of the two again while they are on the screen: it is named, the other is verified.
    fifth = queue["fifth"]
    send(staffed, PHO_CUONG, "2024-08-10", "Tổ 5, nhà ông trưởng tổ", id=fifth.id, seen_version=1)
    together(page, 2)
    expect(page.get_by_text("Đã xác nhận 1 bản ghi.")).to_be_visible()
    expect(page.get_by_text("Giữ nguyên 1 bản ghi.")).to_be_visible()
    expect(rows).to_have_count(1)
    assert {name: status(staffed, entry) for name, entry in queue.items()} == {
        "again": ("verified", None),
        "twin": ("void", "Nhập hai lần"),
        "other": ("returned", "Thiếu danh sách"),
        "fourth": ("verified", None),
        "fifth": ("sent", None),
    }
    assert page.title() != "hỏng"


def test_the_second_of_two_is_told_and_sees_both_versions(staffed: Staffed, visit, queue):
    page = visit(viewport={"width": 1280, "height": 800})
    one = send(staffed, PHO_VINH, "2024-09-20", "Nhà văn hóa tổ 1")
    sign_in(page, staffed.server, "lanhdao", where=f"/duyet?plan=duc_pho_2024&record={one.id}")
    expect(opened(page)).to_contain_text("Nhà văn hóa tổ 1")
    send(staffed, PHO_VINH, "2024-09-20", "Nhà văn hóa tổ 2", id=one.id, seen_version=1)
    idle(page)
    look_and_press(opened(page).get_by_role("button", name="Xác nhận"))
    expect(opened(page)).to_contain_text("Bạn đã xem bản 1; nay đã có bản 2.")
    place = opened(page).get_by_role("row").filter(has_text="Địa điểm").first
    expect(place).to_contain_text("Nhà văn hóa tổ 1")
    expect(place).to_contain_text("Nhà văn hóa tổ 2")
    assert status(staffed, one)[0] == "sent"
    page.goto(f"{staffed.address}/xem?record={one.id}&seen=1")
    expect(page.get_by_text("Bạn đã xem bản 1; nay đã có bản 2.")).to_be_visible()


def test_the_journal_shows_all_and_goes_into_a_workbook(staffed: Staffed, visit, queue, tmp_path):
    page = visit()
    sign_in(page, staffed.server, "lanhdao", where="/nhat-ky")
    entries = page.get_by_role("list", name="Các mục nhật ký").get_by_role("button")
    voided = entries.filter(has_text="Lãnh đạo phòng đã huỷ bản ghi Đối thoại chính sách tại xã, phường")
    voided.click()
    expect(page.get_by_text("Sau: Nhập hai lần")).to_be_visible()
    expect(voided).to_have_attribute("aria-expanded", "true")
    # The link opens a page of its own, which the download takes the place of.
    answer = page.request.get(
        f"{staffed.address}{page.get_by_role('link', name='Tải nhật ký này (Excel)').get_attribute('href')}"
    )
    path = tmp_path / "nhat-ky.xlsx"
    path.write_bytes(answer.body())
    told = [cell.value for cell in openpyxl.load_workbook(path)["Nhật ký"]["E"]]
    assert any(text.startswith("Lãnh đạo phòng đã huỷ bản ghi") for text in told)
    # A supervisor has neither the page nor the file, and no review.
    other = visit()
    sign_in(other, staffed.server, "giamsat1")
    refused = other.request.get(f"{staffed.address}/tai-nhat-ky?first={date.today()}&last={date.today()}")
    assert refused.status in (403, 422) and "nhật ký" not in refused.text().lower()
    for address in ("nhat-ky", "duyet"):
        other.goto(f"{staffed.address}/{address}")
        idle(other)
        expect(other.get_by_role("list", name="Các mục nhật ký")).to_have_count(0)
        expect(other.locator(".st-key-review-sides")).to_have_count(0)


def test_the_record_page_tells_its_history(staffed: Staffed, visit, queue):
    page = visit(viewport={"width": 390, "height": 844})
    sign_in(page, staffed.server, "giamsat1", where=f"/xem?record={queue['other'].id}")
    expect(page.get_by_text("Lý do: Thiếu danh sách").first).to_be_visible()
    expect(page.get_by_role("button", name="Sửa bản ghi này")).to_be_visible()
    expect(page.get_by_text("trả lại · bản 2")).to_be_visible()
