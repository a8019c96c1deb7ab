"""The form under a finger: photo and place come first, Send stays in reach, what number keys can type is enough."""

import pytest
from playwright.sync_api import Page, expect

from data_model.units.boundaries import import_boundaries
from tests.browser.conftest import Staffed, sign_in
from tests.browser.looks import SIZES
from tests.browser.the_form import DIALOGUE, PHO_VINH, VISIT, box, button, form_address, open_form
from tests.conftest import acting

pytestmark = pytest.mark.browser
ON_TOP = (
    "(one) => { const { top, bottom, left, width } = one.getBoundingClientRect(); "
    "let hit = document.elementFromPoint(left + width / 2, (top + bottom) / 2); "
    "while (hit?.shadowRoot) hit = hit.shadowRoot.elementFromPoint(left + width / 2, (top + bottom) / 2); "
    "return top >= 0 && bottom <= innerHeight && (hit === one || one.contains(hit)); }"
)
OLD_TABLET = """
delete HTMLInputElement.prototype.showPicker;
Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("shut", "SecurityError"); } });
"""


def scroll(page: Page, share: float) -> None:
    """To that share of the page's way, and until it stands there."""
    page.evaluate(
        """async (share) => {
        const main = document.querySelector('[data-testid="stMain"]');
        main.scrollTo(0, share * (main.scrollHeight - main.clientHeight));
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }""",
        share,
    )


@pytest.mark.parametrize("activity", [DIALOGUE, VISIT])
@pytest.mark.parametrize("size", SIZES)
def test_photo_and_place_are_on_the_first_screen_and_send_is_always_in_reach(staffed, visit, size, activity):
    width, height = SIZES[size]
    page = visit(viewport={"width": width, "height": height})
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_VINH, activity))
    for name in ("Chụp ảnh hoặc chọn tệp", "Lấy vị trí hiện tại", "Chọn trên bản đồ"):
        assert page.locator("button", has_text=name).evaluate(ON_TOP), f"{name} is not on the first screen"
    for share in (0, 0.3, 0.7, 1):
        scroll(page, share)
        for name in ("Gửi", "Lưu nháp"):
            assert button(page, name).evaluate(ON_TOP), f"{name} is out of reach at {share}"


def test_what_is_wrong_is_seen_between_head_and_foot(staffed, visit):
    page = visit(viewport={"width": 390, "height": 844})
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_VINH))
    box(page, "Tổng số người").fill("25 30")
    scroll(page, 1)
    button(page, "Gửi").click()
    said = page.get_by_text("Trong số này có dấu cách.")
    expect(said).to_be_visible()
    expect(box(page, "Tổng số người")).to_be_focused()
    assert said.evaluate(ON_TOP) and box(page, "Tổng số người").evaluate(ON_TOP)
    assert page.get_by_text("Chưa gửi được. Cần sửa 1 mục.").evaluate(ON_TOP) and button(page, "Gửi").evaluate(ON_TOP)


def test_digits_alone_write_a_time_and_a_day(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_VINH))
    start, end, held = box(page, "Bắt đầu"), box(page, "Kết thúc"), box(page, "Ngày tổ chức *")
    for one in (start, end, held):
        assert one.get_attribute("inputmode") == "decimal"
    start.press_sequentially("0830")
    expect(start).to_have_value("08:30")
    start.press("Backspace")
    expect(start).to_have_value("08:3")
    for typed in ("8h30", "8g30", "8 giờ 30", "8 giờ 30 phút", "8.30", "8,30", "0830", "830"):
        start.fill("")
        start.press_sequentially(typed)
        start.blur()
        expect(start).to_have_value("08:30")
    end.press_sequentially("10.")
    expect(end).to_have_value("10:")
    end.press_sequentially("05")
    held.fill("")
    held.press_sequentially("01102024")
    expect(held).to_have_value("01/10/2024")
    held.fill("1.10.24")
    held.blur()
    expect(held).to_have_value("01/10/2024")
    box(page, "Tổng số người").fill("1 234")
    button(page, "Gửi").click()
    expect(page.get_by_text("Đã gửi 01 buổi đối thoại tại phường Phổ Vinh.")).to_be_visible()


def test_what_cannot_be_read_stays_as_it_was_typed(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_VINH))
    for typed in ("8:5", "25:00", "8", "sáng"):
        box(page, "Bắt đầu").fill(typed)
        box(page, "Bắt đầu").blur()
        expect(box(page, "Bắt đầu")).to_have_value(typed)
    button(page, "Gửi").click()
    expect(page.get_by_text("Giờ không đúng. Ghi giờ và phút, ví dụ 08:30, 8h30 hoặc 0830.")).to_be_visible()


def test_an_older_tablet_without_pickers_and_without_a_page_storage_can_be_written_on(staffed, visit):
    page = visit()
    page.add_init_script(OLD_TABLET)
    sign_in(page, staffed.server, "giamsat1", where="/viec-cua-toi")
    page.get_by_role("radio", name="Tất cả hoạt động").check()
    expect(page.get_by_text("Chung cho toàn địa bàn")).to_be_visible()
    open_form(page, form_address(staffed, PHO_VINH))
    button(page, "Mở lịch: Ngày tổ chức").click()
    expect(box(page, "Ngày tổ chức *")).to_be_focused()
    button(page, "Mở đồng hồ chọn giờ: Bắt đầu").click()
    expect(box(page, "Bắt đầu")).to_be_focused()
    page.keyboard.type("0715")
    expect(box(page, "Bắt đầu")).to_have_value("07:15")


def lay_outline(staffed: Staffed, code: str) -> None:
    """A square outline around a commune's point, imported as a data officer does."""
    unit = next(u for u in staffed.plan().units if u.code == code)
    west, south, east, north = unit.longitude - 0.01, unit.latitude - 0.01, unit.longitude + 0.01, unit.latitude + 0.01
    ring = f"[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]"
    shape = f'{{"type":"Polygon","coordinates":[{ring}]}}'
    content = f'{{"type":"FeatureCollection","features":[{{"type":"Feature","id":"{code}","geometry":{shape}}}]}}'
    with staffed.database.writing() as session:
        import_boundaries(session, acting(session, "tonghop"), content.encode(), unit.valid_to, "thử", sure=True)


def test_the_map_names_the_neighbours_and_says_when_it_is_schematic(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, "21472"))
    button(page, "Chọn trên bản đồ").click()
    ground = page.locator(".position .ground")
    expect(ground.get_by_text("Phổ Hòa", exact=True)).to_be_visible()
    expect(page.get_by_text("Bản đồ sơ đồ, không phải ranh giới hành chính")).to_be_visible()
    button(page, "Ẩn bản đồ").click()
    expect(ground).to_be_hidden()
    lay_outline(staffed, "21472")
    page.reload()
    button(page, "Chọn trên bản đồ").click()
    expect(ground.get_by_text("Phổ Hòa", exact=True)).to_be_visible()
    expect(page.get_by_text("Bản đồ sơ đồ, không phải ranh giới hành chính")).to_be_hidden()
    ground.tap()
    expect(page.get_by_text("Đã chọn vị trí trên bản đồ.")).to_be_visible()


def test_tiles_are_laid_under_the_outlines_where_the_settings_name_some(staffed, visit):
    page = visit(
        service_workers="block"
    )  # the tablet's worker would ask in the page's place, past the answer that stands in here

    def with_tiles(route) -> None:
        told = route.fetch().json()
        route.fulfill(
            json=told
            | {
                "tiles": f"{staffed.address}/assets/ui/icon.svg?z={{z}}&x={{x}}&y={{y}}",
                "thanks": "<b>ban-do.example</b>",
            }
        )

    page.route("**/luu-ban-ghi/vung?**", with_tiles)
    sign_in(page, staffed.server, "giamsat1")
    open_form(page, form_address(staffed, PHO_VINH))
    button(page, "Chọn trên bản đồ").click()
    ground = page.locator(".position .ground")
    expect(ground.locator("img.leaflet-tile-loaded").first).to_be_visible()
    expect(ground.get_by_text("<b>ban-do.example</b>")).to_be_visible()
    expect(ground.get_by_text("Phổ Minh", exact=True)).to_be_visible()


def test_a_whole_areas_target_says_what_is_left_of_it_for_everybody(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat2")
    open_form(page, form_address(staffed, "21442", "DP-10"))
    box(page, "Tên chuyên mục *").fill("Giảm nghèo")
    page.get_by_role("textbox", name="Ngày phát *", exact=True).fill("01/10/2024")
    button(page, "Gửi").click()
    expect(page.get_by_text("Đã gửi 01 chuyên mục phát thanh")).to_be_visible()
    other = visit()
    sign_in(other, staffed.server, "giamsat1", where="/viec-cua-toi")
    expect(other.get_by_role("rowheader", name="Chuyên mục phát thanh về giảm nghèo")).to_contain_text(
        "Cả địa bàn: 1/25"
    )
    expect(other.get_by_role("radio", name="Còn phải làm")).to_be_checked()


def test_all_activities_keep_their_head_in_sight_and_no_column_is_cut(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat1", where="/viec-cua-toi")
    page.get_by_role("radio", name="Tất cả hoạt động").check()
    scroll(page, 0.45)
    heads = page.get_by_role("columnheader", name="Phổ Vinh", exact=True)
    assert any(heads.nth(at).evaluate(ON_TOP) for at in range(heads.count()))
    many = visit()
    sign_in(many, staffed.server, "tonghop", where="/viec-cua-toi")
    many.get_by_role("radio", name="Tất cả hoạt động").check()
    for width, height in SIZES.values():
        many.set_viewport_size({"width": width, "height": height})
        many.wait_for_function(
            "(most) => document.querySelector('[data-testid=\"stMain\"]').scrollWidth <= most", arg=width
        )
        cut = many.locator(".group .cell:visible").evaluate_all(
            "(cells) => cells.filter((cell) => cell.getBoundingClientRect().right > innerWidth).length"
        )
        assert cut == 0
