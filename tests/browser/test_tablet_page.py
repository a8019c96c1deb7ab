"""The tablet's own page opens and works without any network, after one visit with one; each record arrives once."""

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import delete

from data_model.accounts.tables import SignIn
from tests.browser.conftest import PASSWORD, Staffed, sign_in
from tests.browser.looks import faults
from tests.browser.the_form import PHO_MINH, PHO_VINH, add_files, box, button, eventually, photo, photos_of, stored
from tests.browser.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("anew")]
KEPT = (
    "() => new Promise((done) => { const look = async () => (await caches.keys()).length &&"
    " navigator.serviceWorker.controller && done(true) || setTimeout(look, 50); look(); })"
)
STATE = """() => new Promise((done) => { const look = () => {
  const asked = indexedDB.open("so-giam-sat-tablet", 1);
  asked.onupgradeneeded = () => { asked.transaction.abort(); };
  asked.onerror = () => setTimeout(look, 100);
  asked.onsuccess = () => { const all = asked.result.transaction("states").objectStore("states").getAllKeys();
    all.onsuccess = () => { asked.result.close(); all.result.length ? done(all.result) : setTimeout(look, 100); }; };
}; look(); })"""


def prepared(page: Page, staffed: Staffed, name: str = "giamsat1") -> None:
    """One visit with a link, of the app's usual page: nothing else is asked of the person."""
    sign_in(page, staffed.server, name, where="/viec-cua-toi")
    until(page, KEPT)
    page.evaluate(STATE)


def row(page: Page, commune: str):
    return page.get_by_role("button", name=commune)


def write_dialogue(page: Page, people: str) -> None:
    page.get_by_role("button", name="đối thoại").filter(has_text="Phổ Minh").first.click()
    box(page, "Tổng số người").fill(people)
    box(page, "Địa điểm").fill("Nhà văn hoá tổ 2")


@pytest.mark.parametrize("address", ["/", "/viec-cua-toi", "/may-bang", "/ban-do"])
def test_any_address_of_the_app_opens_my_work_without_a_network(staffed, visit, address):
    page = visit()
    prepared(page, staffed)
    page.context.set_offline(True)
    page.goto(f"{staffed.address}{address}")
    expect(page.get_by_role("heading", name="Việc của tôi")).to_be_visible()
    expect(page.get_by_text("Không có mạng")).to_be_visible()
    expect(page.get_by_text("Số liệu lúc")).to_be_visible()
    expect(page.get_by_text("Cán bộ giám sát cụm Đông")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Việc của tôi")).to_be_visible()


def test_the_first_visit_of_the_tablets_page_itself_keeps_the_ground_of_every_commune(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1", where=None)
    page.goto(f"{staffed.address}/may-bang")
    expect(page.locator("footer")).to_contain_text("Số liệu lúc")
    until(page, KEPT)
    expect(page.get_by_text("Đã có phiên bản mới")).to_have_count(0)  # the first one is newer than none
    until(page, "async () => (await (await caches.open('so-giam-sat-grounds')).keys()).length === 3")
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="đối thoại").filter(has_text="Phổ Minh").first.click()
    button(page, "Chọn trên bản đồ").click()
    expect(page.locator(".ground").get_by_text("Phổ Vinh", exact=True)).to_be_visible()


@pytest.mark.parametrize("photos", [0, 2])
def test_a_record_written_without_a_network_arrives_once(staffed, visit, photos):
    page = visit()
    prepared(page, staffed)
    page.context.set_offline(True)
    page.goto(f"{staffed.address}/")
    write_dialogue(page, "55")
    if photos:
        add_files(page, *(photo(n) for n in range(photos)))
        expect(page.get_by_text("chờ có kết nối")).to_have_count(photos)
    button(page, "Gửi").click()
    expect(page.get_by_text("bản ghi chờ trên máy này")).to_be_visible()
    page.reload()
    to_the_list = page.get_by_role("link", name="Xem danh sách")
    expect(to_the_list).to_be_visible()
    page.get_by_role("link", name="Chờ gửi", exact=True).click()
    expect(page.get_by_text("Phổ Minh")).to_be_visible()
    expect(to_the_list).to_have_count(0)  # one is there
    assert stored(staffed, PHO_MINH) == []
    page.context.set_offline(False)
    eventually(page, lambda: [(r.status, r.people_total) for r in stored(staffed, PHO_MINH)], [("sent", 55)])
    eventually(page, lambda: photos_of(staffed, stored(staffed, PHO_MINH)[0].id), photos)
    page.goto(f"{staffed.address}/may-bang#/sent")
    expect(page.locator("ul.records").get_by_text("đã gửi")).to_be_visible()


def test_with_a_link_the_page_sends_at_once_and_shows_the_new_figure(staffed, visit):
    page = visit()
    prepared(page, staffed)
    page.goto(f"{staffed.address}/may-bang")
    write_dialogue(page, "60")
    button(page, "Gửi").click()
    expect(page.get_by_role("heading", name="Việc của tôi")).to_be_visible()
    eventually(page, lambda: [r.people_total for r in stored(staffed, PHO_MINH)], [60])
    page.get_by_role("link", name="Đã gửi").click()
    page.locator("li.sent").get_by_role("link", name="Xem").click()
    expect(page.get_by_text("Nhà văn hoá tổ 2")).to_be_visible()


def test_a_sign_in_that_ended_is_asked_for_before_sending_and_never_before_writing(staffed, visit):
    page = visit()
    prepared(page, staffed)
    with staffed.database.writing() as session:
        session.execute(delete(SignIn))
    page.goto(f"{staffed.address}/may-bang")
    write_dialogue(page, "70")
    button(page, "Gửi").click()
    page.get_by_role("link", name="Đăng nhập lại").first.click()
    page.get_by_label("Tên đăng nhập").fill("giamsat1")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    eventually(page, lambda: [r.people_total for r in stored(staffed, PHO_MINH)], [70])


def test_somebody_else_sees_nothing_of_the_first_and_what_waits_stays_theirs(staffed, visit):
    page = visit()
    prepared(page, staffed)
    page.context.set_offline(True)
    page.goto(f"{staffed.address}/")
    write_dialogue(page, "81")
    button(page, "Gửi").click()
    expect(page.get_by_text("bản ghi chờ trên máy này")).to_be_visible()
    page.context.set_offline(False)
    page.context.route("**/luu-ban-ghi/*", lambda route: route.abort())
    page.context.clear_cookies()
    sign_in(page, staffed.server, "giamsat2", where="/viec-cua-toi")
    page.goto(f"{staffed.address}/may-bang")
    expect(page.get_by_text("Cán bộ giám sát cụm Bắc")).to_be_visible()
    expect(page.get_by_text("của Cán bộ giám sát cụm Đông")).to_be_visible()
    expect(page.get_by_text("Phổ Minh")).to_have_count(0)
    page.goto(f"{staffed.address}/may-bang#/waiting")
    expect(page.get_by_text("Phổ Minh")).to_have_count(0)
    page.context.unroute("**/luu-ban-ghi/*")
    page.reload()
    expect(page.get_by_text("của Cán bộ giám sát cụm Đông")).to_be_visible()
    assert stored(staffed, PHO_MINH) == []


def test_every_form_of_every_activity_opens_without_a_network(staffed, visit):
    page = visit()
    prepared(page, staffed)
    page.context.set_offline(True)
    page.goto(f"{staffed.address}/")
    lines = page.evaluate(
        """() => new Promise((done) => { indexedDB.open("so-giam-sat-tablet", 1).onsuccess = ({ target }) => {
      target.result.transaction("states").objectStore("states").getAll().onsuccess = (found) =>
        done(found.target.result[0].plans.flatMap((plan) =>
          Object.keys(plan.lines).map((line) => [plan.code, line, plan.units[0].id]))); }; })"""
    )
    assert len({line for _plan, line, _unit in lines}) > 15
    for plan, line, unit in lines:
        page.goto(f"{staffed.address}/may-bang#/form?plan={plan}&activity={line}&unit={unit}")
        expect(button(page, "Gửi")).to_be_visible()


def test_a_draft_goes_on_where_it_was_left(staffed, visit):
    page = visit()
    prepared(page, staffed)
    page.context.set_offline(True)
    page.goto(f"{staffed.address}/")
    write_dialogue(page, "33")
    until(
        page,
        "() => window.soGiamSatOutbox.drafts().then((all) => all.some((one) =>"
        " JSON.stringify(one.typed).includes('33')))",
    )
    page.goto(f"{staffed.address}/may-bang")
    page.get_by_role("link", name="Ghi tiếp").first.click()
    expect(box(page, "Tổng số người")).to_have_value("33")


def test_a_newer_version_waits_until_nothing_is_being_written(staffed, visit):
    page = visit()
    prepared(page, staffed)
    page.goto(f"{staffed.address}/may-bang")
    expect(page.locator("footer").get_by_text("Phiên bản ")).not_to_have_text("Phiên bản –")
    expect(page.get_by_text("Đã có phiên bản mới")).to_have_count(0)
    write_dialogue(page, "44")
    # Another script in the same place is what another version of the program looks like to a browser.
    page.evaluate("() => navigator.serviceWorker.register('/may-bang.js?newer', { scope: '/' }).then(() => {})")
    expect(page.locator("footer")).to_contain_text("Đã có phiên bản mới")
    expect(box(page, "Tổng số người")).to_have_value("44")
    assert not page.evaluate("() => navigator.serviceWorker.controller.scriptURL").endswith("newer")
    button(page, "Gửi").click()
    eventually(page, lambda: [r.people_total for r in stored(staffed, PHO_MINH)], [44])
    until(page, "() => navigator.serviceWorker.controller.scriptURL.endsWith('newer')")


def test_a_leader_without_a_network_is_told_and_sees_nobodys_work(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "lanhdao", where="/toi")
    until(page, KEPT)
    page.context.set_offline(True)
    page.goto(f"{staffed.address}/tien-do")
    expect(page.get_by_text("Máy này chưa lưu công việc nào")).to_be_visible()


def test_no_view_has_a_serious_accessibility_fault(staffed, visit):
    page = visit()
    prepared(page, staffed)
    page.goto(f"{staffed.address}/may-bang")
    write_dialogue(page, "60")
    button(page, "Gửi").click()
    expect(page.get_by_role("heading", name="Việc của tôi")).to_be_visible()
    page.context.set_offline(True)
    write_dialogue(page, "61")
    button(page, "Gửi").click()
    expect(page.get_by_text("bản ghi chờ trên máy này")).to_be_visible()
    unit = staffed.unit_id(PHO_VINH)
    record = stored(staffed, PHO_MINH)[0].id
    found = {}
    for view in (
        "work",
        "waiting",
        "sent",
        f"read?record={record}",
        f"form?plan=duc_pho_2024&activity=DP-17a&unit={unit}",
    ):
        page.goto(f"{staffed.address}/may-bang#/{view}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found[view] = faults(page)
    assert {view: said for view, said in found.items() if said} == {}


def test_a_new_record_is_of_the_servers_day_though_the_tablets_clock_is_weeks_off(staffed, visit):
    page = visit()
    page.context.add_init_script("const now = Date.now; Date.now = () => now() + 20 * 86400000;")
    prepared(page, staffed)
    page.context.set_offline(True)
    page.goto(f"{staffed.address}/")
    page.get_by_role("button", name="đối thoại").filter(has_text="Phổ Minh").first.click()
    expect(box(page, "Ngày tổ chức *")).to_have_value("15/10/2024")


@pytest.mark.parametrize(
    "size", [{"width": 800, "height": 1280}, {"width": 390, "height": 844}, {"width": 1366, "height": 650}]
)
def test_nothing_is_pushed_sideways(staffed, visit, size):
    page = visit(viewport=size)
    prepared(page, staffed)
    for where in (
        "/may-bang",
        "/may-bang#/sent",
        "/may-bang#/waiting",
        f"/may-bang#/form?plan=duc_pho_2024&activity=DP-11&unit={staffed.unit_id(PHO_VINH)}",
    ):
        page.goto(f"{staffed.address}{where}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
