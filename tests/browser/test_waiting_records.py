"""A record written without a link waits on the tablet and is sent once: after the tab was closed, from an open page,
after a refusal.
"""

import uuid

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Staffed, idle, sign_in
from tests.browser.the_form import (
    PHO_MINH,
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

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("anew")]


def _written_without_a_link(page: Page, staffed: Staffed) -> uuid.UUID:
    """A whole record, written, photographed and pressed "send" while the connection was cut."""
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_MINH))
    page.context.set_offline(True)
    expect(page.get_by_text("Mất kết nối.")).to_be_visible()
    box(page, "Tổng số người").fill("55")
    box(page, "Địa điểm").fill("Nhà văn hoá tổ 2")
    add_files(page, photo(1), photo(2))
    expect(page.get_by_text("chờ có kết nối")).to_have_count(2)
    button(page, "Gửi").click()
    expect(page.get_by_text("Không có kết nối: bản ghi chờ trên máy này")).to_be_visible()
    expect(page.get_by_text("1 bản ghi chờ gửi trên máy này.")).to_be_visible()
    return record_of(page)


def test_a_record_sent_without_a_link_goes_once_after_the_tab_was_closed(staffed, visit):
    page = visit()
    record = _written_without_a_link(page, staffed)
    context: BrowserContext = page.context
    page.close()
    assert stored(staffed, PHO_MINH) == []
    context.set_offline(False)
    later, beside = context.new_page(), context.new_page()
    # Two tabs at one moment: only one of them may send.
    later.goto(f"{staffed.address}/")
    beside.goto(f"{staffed.address}/toi")
    eventually(
        later, lambda: [(r.id, r.status, r.people_total) for r in stored(staffed, PHO_MINH)], [(record, "sent", 55)]
    )
    eventually(later, lambda: photos_of(staffed, record), 2)
    later.reload()
    idle(later)
    assert len(stored(staffed, PHO_MINH)) == 1


def test_the_next_form_of_a_place_is_a_fresh_one_after_the_outbox_has_sent(staffed, visit):
    page = visit()
    record = _written_without_a_link(page, staffed)
    context: BrowserContext = page.context
    page.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto(f"{staffed.address}/")
    eventually(later, lambda: [(r.id, r.status) for r in stored(staffed, PHO_MINH)], [(record, "sent")])
    open_form(later, form_address(staffed, PHO_MINH))
    expect(box(later, "Địa điểm")).to_have_value("")


def test_an_open_page_sends_by_itself_when_the_link_is_back(staffed, visit):
    page = visit()
    record = _written_without_a_link(page, staffed)
    page.context.set_offline(False)
    expect(page.get_by_text("Đã gửi 01 buổi đối thoại tại phường Phổ Minh.")).to_be_visible(timeout=45_000)
    expect(page.get_by_text("Mất kết nối.")).to_have_count(0)
    assert [r.id for r in stored(staffed, PHO_MINH)] == [record]
    eventually(page, lambda: photos_of(staffed, record), 2)


FULL_STORE = """
    const refuse = () => { throw new DOMException('full', 'QuotaExceededError'); };
    const keep = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, value) {
      return key.startsWith('so-giam-sat/') ? refuse() : keep.call(this, key, value); };
    IDBObjectStore.prototype.put = refuse;
"""


def test_a_full_tablet_says_so_and_the_record_goes_from_the_open_page(staffed, visit):
    page = visit(service_workers="block")
    page.add_init_script(FULL_STORE)
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_MINH))
    before = len(stored(staffed, PHO_MINH))
    box(page, "Tổng số người").fill("57")
    expect(page.get_by_text("Máy này không còn chỗ để lưu nội dung đang gõ.")).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_text("Mất kết nối.")).to_be_visible()
    button(page, "Gửi").click()
    expect(page.get_by_text("máy này không còn chỗ để giữ bản ghi")).to_be_visible()
    expect(box(page, "Tổng số người")).to_have_value("57")
    page.context.set_offline(False)
    button(page, "Gửi").click()
    expect(page.get_by_text("Đã gửi 01 buổi đối thoại tại phường Phổ Minh.")).to_be_visible()
    assert [r.people_total for r in stored(staffed, PHO_MINH)[before:]] == [57]


def test_a_record_that_waited_and_is_refused_is_opened_and_corrected(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_MINH))
    before = len(stored(staffed, PHO_MINH))
    page.context.set_offline(True)
    expect(page.get_by_text("Mất kết nối.")).to_be_visible()
    box(page, "Tổng số người").fill("40")
    box(page, "Nữ").fill("50")
    button(page, "Gửi").click()
    expect(page.get_by_text("Không có kết nối: bản ghi chờ trên máy này")).to_be_visible()
    context = page.context
    page.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto(f"{staffed.address}/toi")
    expect(later.get_by_text("Chưa được nhận:")).to_be_visible()
    assert stored(staffed, PHO_MINH)[before:] == []
    later.get_by_role("link", name="Mở để sửa").click()
    expect(box(later, "Nữ")).to_have_value("50")
    box(later, "Nữ").fill("30")
    button(later, "Gửi").click()
    expect(later.get_by_text("Đã gửi 01 buổi đối thoại tại phường Phổ Minh.")).to_be_visible()
    expect(later.get_by_text("Chưa được nhận:")).to_have_count(0)
    assert [r.people_total for r in stored(staffed, PHO_MINH)[before:]] == [40]
