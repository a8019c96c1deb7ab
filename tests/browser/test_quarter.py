"""The leader's quarter: frozen by the officer, approved and issued by the leader, restated by a late entry, printed."""

import re
import uuid
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest
from docx import Document
from playwright.sync_api import Page, expect

from data_model.accounts import sign_ins
from data_model.core.access import Actor
from data_model.records.writing import Entry, send
from data_model.review import decisions
from tests.browser.conftest import PASSWORD, Staffed, idle, press, sign_in, turn_to, unfold
from tests.browser.looks import in_both_themes, shown, too_wide

pytestmark = pytest.mark.browser
DIALOGUES = "Đối thoại chính sách tại xã, phường"
QUARTER = "Chốt Quý III"


def _actor(staffed: Staffed, name: str) -> Actor:
    token = sign_ins.sign_in(staffed.database, name, PASSWORD, "test")
    with staffed.database.reading() as session:
        return sign_ins.who_is(session, token)


def hold_dialogue(staffed: Staffed, day: str, commune: str, verified: bool = True) -> uuid.UUID:
    """A dialogue of the first supervisor, through the one door; verified by the officer."""
    plan = staffed.plan()
    line = next(line for line in plan.lines if line.name.vi == DIALOGUES)
    entry = Entry(
        uuid.uuid4(),
        plan.id,
        line.activity_id,
        staffed.unit_id(commune),
        {"held_on": day, "place": "Nhà văn hóa", "attendance": {"total": 55}},
    )
    author, officer = _actor(staffed, "giamsat1"), _actor(staffed, "tonghop")
    with staffed.database.writing() as session:
        record = send(session, author, entry)
        if verified:
            decisions.verify(session, officer, record.id, record.version, "Đã xem hồ sơ")
    return entry.id


@pytest.fixture(scope="module")
def worked(staffed: Staffed) -> Iterator[Staffed]:
    """Two dialogues in the third quarter, one of them not verified yet."""
    hold_dialogue(staffed, "2024-08-10", "21466")
    hold_dialogue(staffed, "2024-09-12", "21463", verified=False)
    yield staffed


def open_page(page: Page, staffed: Staffed, address: str) -> None:
    page.goto(f"{staffed.address}/{address}")
    idle(page)


def step(page: Page, name: str, then: str) -> None:
    """Take a step of the snapshot and wait for its new status."""
    press(page.get_by_role("button", name=name, exact=True), hides=page.get_by_role("button", name=name, exact=True))
    expect(page.get_by_test_id("stHtml").get_by_text(then)).to_be_visible()


def view(page: Page, name: str) -> None:
    press(page.get_by_role("radio", name=name, exact=True), runs=True)


def dialogue_row(page: Page):
    return page.get_by_role("row").filter(has_text=DIALOGUES)


def test_the_officer_sees_what_is_missing_freezes_and_submits(worked, visit):
    page = visit()
    sign_in(page, worked.server, "tonghop", where="/chot-so-lieu?plan=duc_pho_2024")
    expect(page.get_by_text("chốt được sau ngày 31/12/2024").first).to_be_visible()
    page.get_by_role("button", name="Xem trước và chốt: Quý III").click()
    expect(page.get_by_text("1 bản ghi đã gửi nhưng chưa xác nhận")).to_be_visible()
    page.get_by_role("button", name=QUARTER).click()
    expect(page.get_by_role("heading", name="Quý III năm 2024, bản 1")).to_be_visible()
    view(page, "Chỉ tiêu")
    expect(dialogue_row(page)).to_contain_text("báo cáo 2")
    view(page, "Thuyết minh")
    page.get_by_role("textbox", name="Khó khăn, vướng mắc và nguyên nhân").fill("Mưa lũ tháng 9")
    page.reload()  # at once: the page itself was never told of it
    expect(page.get_by_role("textbox", name="Khó khăn, vướng mắc và nguyên nhân")).to_have_value("Mưa lũ tháng 9")
    page.get_by_role("textbox", name="Số, ký hiệu văn bản").fill("128/BC-UBND")
    view(page, "Chỉ tiêu")
    view(page, "Thuyết minh")
    expect(page.get_by_role("textbox", name="Khó khăn, vướng mắc và nguyên nhân")).to_have_value("Mưa lũ tháng 9")
    expect(page.get_by_role("button", name="Trình duyệt", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Lưu thuyết minh").click()
    expect(page.get_by_role("button", name="Trình duyệt", exact=True)).to_be_enabled()
    page.reload()
    expect(page.get_by_role("textbox", name="Số, ký hiệu văn bản")).to_have_value("128/BC-UBND")
    expect(page.get_by_role("button", name="Lưu thuyết minh")).to_be_disabled()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('so-giam-sat/texts/'))") == []
    step(page, "Trình duyệt", "trình duyệt")
    # Nobody approves what they froze, and an officer does not approve at all.
    expect(page.get_by_role("button", name="Duyệt", exact=True)).to_have_count(0)


def test_the_leader_approves_issues_and_has_the_seal_checked(worked, visit):
    page = visit()
    sign_in(page, worked.server, "lanhdao", where="/chot-so-lieu?plan=duc_pho_2024")
    page.get_by_role("button", name="Quý III, bản 1").click()
    expect(page.get_by_role("heading", name="Quý III năm 2024, bản 1")).to_be_visible()
    step(page, "Duyệt", "đã duyệt")
    press(page.get_by_role("button", name="Phát hành", exact=True), shows=page.get_by_text("sẽ bị khoá hẳn"))
    expect(page.get_by_text("01/07/2024 đến 30/09/2024, bản 1")).to_be_visible()
    step(page, "Đồng ý: phát hành", "phát hành")
    unfold(page, "Thông tin nhận dạng và kiểm chứng")
    page.get_by_role("button", name="Kiểm chứng").click()
    expect(page.get_by_text("Bản chốt đúng nguyên như khi chốt")).to_be_visible()


def test_a_late_entry_waits_for_the_leader_and_changes_the_next_version_only(worked, visit):
    late = hold_dialogue(worked, "2024-09-20", "21472", verified=False)
    page = visit()
    sign_in(page, worked.server, "lanhdao")
    open_page(page, worked, "chot-so-lieu?plan=duc_pho_2024&view=late")
    # One that was sent before the issue is no late entry; this one is.
    expect(page.get_by_role("button", name="Chấp nhận")).to_have_count(1)
    expect(page.get_by_text("Phổ Cường").first).to_be_visible()
    page.get_by_label("Vì sao vẫn xác nhận").fill("Biên bản đến sau ngày chốt")
    page.get_by_role("button", name="Chấp nhận").click()
    expect(page.get_by_text("Không có bản ghi bổ sung nào đang chờ.")).to_be_visible()
    open_page(page, worked, "chot-so-lieu?plan=duc_pho_2024")
    page.get_by_role("button", name="Xem trước bản mới: Quý III").click()
    page.get_by_role("textbox", name="Lý do lập bản mới").fill("Bổ sung buổi đối thoại ngày 20/9")
    page.get_by_role("button", name=QUARTER).click()
    expect(page.get_by_role("heading", name="Quý III năm 2024, bản 2")).to_be_visible()
    page.get_by_role("link", name="So sánh").click()
    expect(page.get_by_role("heading", name="So sánh hai bản chốt")).to_be_visible()
    expect(page.get_by_role("button", name=f"Các bản ghi làm thay đổi {DIALOGUES}")).to_contain_text("+1")
    expect(page.get_by_role("row").filter(has_text=str(late)[:8])).to_contain_text("ghi nhận sau khi chốt")
    open_page(page, worked, "anh-chup?snapshot=1&view=targets")
    expect(dialogue_row(page)).to_contain_text("báo cáo 2")


def test_the_files_hold_the_pages_figures_and_wait_for_who_left(worked, visit, tmp_path):
    page = visit()
    sign_in(page, worked.server, "lanhdao")
    open_page(page, worked, "anh-chup?snapshot=2&view=files")
    make = page.get_by_role("button", name="Tạo tệp")
    expect(make).to_have_count(4)
    for left in (3, 2):
        make.first.click()
        expect(make).to_have_count(left)
    view(page, "Chỉ tiêu")  # away while they are made
    shown = _cumulative(dialogue_row(page).inner_text())
    view(page, "In, tải về")
    take = page.get_by_role("link", name="Tải về")
    expect(take).to_have_count(2, timeout=60_000)
    files, other = [], visit()
    sign_in(other, worked.server, "giamsat1")
    for place in range(2):
        # The link opens a page of its own, which the download takes the place of.
        address = worked.address + take.nth(place).get_attribute("href")
        assert other.request.get(address).status == 422, "a supervisor has the address, and not the file"
        answer = page.request.get(address)
        files.append(tmp_path / re.search(r'filename="([^"]+)"', answer.headers["content-disposition"]).group(1))
        files[-1].write_bytes(answer.body())
    word, excel = files
    assert (word.suffix, excel.suffix) == (".docx", ".xlsx")
    assert zipfile.ZipFile(word).testzip() is None
    assert zipfile.ZipFile(excel).testzip() is None
    lines = [[cell.text for cell in row.cells] for table in Document(word).tables for row in table.rows]
    assert any(DIALOGUES in line and {"15", shown, "3"} <= set(line) for line in lines)
    sheet = next(s for s in openpyxl.load_workbook(excel) if s.title == "Chỉ tiêu")
    row = next(r for r in sheet.iter_rows(values_only=True) if DIALOGUES in r)
    assert (15, int(shown), 3) == (row[3], row[7], row[8])


def _cumulative(row: str) -> str:
    """The verified cumulative figure that a row of the page shows: 2 of 3 reported."""
    return re.search(r"(\d+)\s+báo cáo 3", row).group(1)


PAGES = (
    "chot-so-lieu?plan=duc_pho_2024",
    "anh-chup?snapshot=2&view=communes",
    "anh-chup?snapshot=2&view=texts",
    "so-sanh?plan=duc_pho_2024",
)


def test_the_quarters_pages_have_no_serious_fault_and_fit_every_size(worked, visit):
    page = visit()
    sign_in(page, worked.server, "lanhdao", where="/toi")
    found = {}
    for address in PAGES:
        turn_to(page, address)
        shown(page)
        found[address] = in_both_themes(page) + too_wide(page)
    assert {address: said for address, said in found.items() if said} == {}
