"""Where a record is: from the tablet, refused by its user, far from the commune, or tapped on the map."""

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from data_model.records.tables import FieldRecord
from tests.browser.conftest import Staffed, idle, sign_in

pytestmark = pytest.mark.browser
PHO_VINH = "21466"
IN_PHO_VINH, IN_HA_NOI = (
    {"latitude": 14.799, "longitude": 108.997, "accuracy": 12},
    {"latitude": 21.03, "longitude": 105.85, "accuracy": 30},
)


def dialogue(page: Page, staffed: Staffed) -> None:
    """A dialogue's form of Phổ Vinh, with what must be filled in."""
    sign_in(page, staffed.server, "giamsat1")
    page.goto(f"{staffed.address}/ghi?plan=duc_pho_2024&activity=DP-11&unit={staffed.unit_id(PHO_VINH)}")
    idle(page)
    page.get_by_role("textbox", name="Tổng số người", exact=True).fill("55")


def send(page: Page) -> None:
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_text("Đã gửi 01 buổi đối thoại tại phường Phổ Vinh.")).to_be_visible()


def kept(staffed: Staffed) -> tuple[float | None, float | None, float | None]:
    """Latitude, longitude and accuracy of the record that came last."""
    with staffed.database.reading() as session:
        record = session.exec(select(FieldRecord).order_by(FieldRecord.created_at.desc())).first()
        return record.latitude, record.longitude, record.accuracy_m


def test_the_tablets_own_position_comes_with_its_accuracy(staffed, visit):
    page = visit(geolocation=IN_PHO_VINH, permissions=["geolocation"])
    dialogue(page, staffed)
    with page.expect_response("**/luu-ban-ghi/xa?**") as asked:
        page.get_by_role("button", name="Lấy vị trí hiện tại").click()
    assert asked.value.json() == {"far": False}
    expect(page.get_by_text("Đã lấy vị trí, sai số khoảng 12 m.")).to_be_visible()
    expect(page.get_by_text("nằm xa phường Phổ Vinh")).to_be_hidden()
    send(page)
    assert kept(staffed) == (14.799, 108.997, 12)


def test_a_refused_position_is_told_and_stops_nobody(staffed, visit):
    page = visit()
    dialogue(page, staffed)
    page.get_by_role("button", name="Lấy vị trí hiện tại").click()
    expect(
        page.get_by_text("Máy không cho biết vị trí. Hãy cho phép trong trình duyệt, hoặc cứ ghi tiếp.")
    ).to_be_visible()
    send(page)
    assert kept(staffed) == (None, None, None)


def test_a_position_far_away_is_warned_of_and_can_be_explained(staffed, visit):
    page = visit(geolocation=IN_HA_NOI, permissions=["geolocation"])
    dialogue(page, staffed)
    page.get_by_role("button", name="Lấy vị trí hiện tại").click()
    expect(
        page.get_by_text("Vị trí này nằm xa phường Phổ Vinh. Nếu đúng, hãy ghi lý do vào ô Ghi chú.")
    ).to_be_visible()
    page.get_by_role("textbox", name="Ghi chú", exact=True).fill("Họp trực tuyến từ Hà Nội")
    send(page)
    assert kept(staffed) == (21.03, 105.85, 30)


def test_a_place_is_tapped_on_the_map(staffed, visit):
    page = visit()
    dialogue(page, staffed)
    page.get_by_role("button", name="Chọn trên bản đồ").click()
    ground = page.locator(".position .ground")
    expect(ground.locator("path").first).to_be_visible()
    ground.tap()
    expect(page.get_by_text("Đã chọn vị trí trên bản đồ.")).to_be_visible()
    send(page)
    latitude, longitude, accuracy = kept(staffed)
    assert 14.6 < latitude < 15 and 108.8 < longitude < 109.1 and accuracy is None
