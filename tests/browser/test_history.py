"""Back and Forward: every step of a person is one step there, and the page shows what its address says."""

import re

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import Staffed, idle, sign_in

pytestmark = pytest.mark.browser


class SlowLine:
    """Between the page and its server: lets pass what the page says, and holds back on demand what it is told."""

    def __init__(self, page: Page):
        self.page, self.held, self.holding = page, [], False
        page.route_web_socket(re.compile("/_stcore/stream"), self._join)

    def _join(self, browser: WebSocketRoute) -> None:
        self.browser, server = browser, browser.connect_to_server()
        server.on_message(lambda told: self.held.append(told) if self.holding else browser.send(told))

    def hold(self) -> None:
        self.holding = True

    def wait_for_ends(self, count: int) -> None:
        """Until the server has said that this many runs have ended since it is held."""
        for _turn in range(500):
            if sum(ForwardMsg.FromString(told).WhichOneof("type") == "script_finished" for told in self.held) >= count:
                return
            self.page.wait_for_timeout(20)
        raise AssertionError("the server ended no run")

    def release(self) -> None:
        while self.held:  # what comes in the meantime queues behind it
            self.browser.send(self.held.pop(0))
        self.holding = False


def shows(page: Page, address: str, choice: str) -> None:
    """The address, and the choice that it stands for, once the page has been drawn."""
    page.wait_for_url(f"**/{address}")
    expect(page.get_by_role("radio", name=choice, exact=True)).to_be_checked()
    idle(page)
    page.wait_for_load_state("networkidle")


def choose(page: Page, choice: str, address: str) -> None:
    page.get_by_role("radio", name=choice, exact=True).click()
    shows(page, address, choice)


def back(page: Page, address: str, choice: str) -> None:
    page.go_back(wait_until="commit")
    shows(page, address, choice)


def in_menu(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    idle(page)


def test_back_leads_through_the_views_and_pages_that_were_chosen(staffed: Staffed, visit):
    page, progress, on_map = visit(), "tien-do?plan=duc_pho_2024", "ban-do?plan=duc_pho_2024"
    sign_in(page, staffed.server, "lanhdao", where=f"/{on_map}")
    in_menu(page, "Tiến độ")
    choose(page, "Biểu đồ", f"{progress}&view=chart")
    choose(page, "Theo xã", f"{progress}&view=communes")
    in_menu(page, "Bản đồ")
    choose(page, "Chưa giám sát", f"{on_map}&colouring=visits")
    page.get_by_role("combobox", name="Xã, phường").fill("phường Phổ Vinh")
    page.get_by_role("option", name="phường Phổ Vinh").click()
    chosen = page.get_by_role("heading", name="Phường Phổ Vinh")
    expect(chosen).to_be_visible()
    shows(page, f"{on_map}&colouring=visits&unit={staffed.unit_id('21466')}", "Chưa giám sát")
    back(page, f"{on_map}&colouring=visits", "Chưa giám sát")
    expect(chosen).to_have_count(0)
    back(page, f"{on_map}&colouring=mean", "Tiến độ chung")
    back(page, f"{progress}&view=communes", "Theo xã")
    back(page, f"{progress}&view=chart", "Biểu đồ")
    back(page, progress, "Chỉ tiêu")
    expect(page.get_by_role("row").filter(has_text="Đối thoại chính sách tại xã, phường")).to_be_visible()
    choose(page, "Biểu đồ", f"{progress}&view=chart")
    back(page, progress, "Chỉ tiêu")
    back(page, f"{on_map}&colouring=mean", "Tiến độ chung")
    page.go_forward(wait_until="commit")
    shows(page, progress, "Chỉ tiêu")


def test_the_map_keeps_its_target_while_it_shows_something_else(staffed: Staffed, visit):
    page, on_map = visit(), "ban-do?plan=duc_pho_2024"
    sign_in(page, staffed.server, "lanhdao", where=f"/{on_map}&colouring=target&activity=DP-05")
    shows(page, f"{on_map}&colouring=target&activity=DP-05", "Một chỉ tiêu")
    choose(page, "Tiến độ chung", f"{on_map}&colouring=mean")
    choose(page, "Chưa giám sát", f"{on_map}&colouring=visits")
    choose(page, "Một chỉ tiêu", f"{on_map}&colouring=target&activity=DP-05")


def box(page: Page, label: str):
    return page.get_by_role("combobox", name=label)


def take(page: Page, label: str, option: str, address: str) -> None:
    """Choose in a box, and wait until the address says so and the page has been drawn."""
    box(page, label).fill(option)
    page.get_by_role("option", name=option).click()
    page.wait_for_url(f"**/{address}")
    idle(page)
    page.wait_for_load_state("networkidle")


def test_every_plan_that_is_chosen_is_shown_and_back_leads_through_them(staffed: Staffed, visit):
    page, progress = visit(), "tien-do?plan={}&view=people"
    sign_in(page, staffed.server, "lanhdao", where="/" + progress.format("duc_pho_2024"))
    for name, code in (
        ("huyện Ba Tơ", "ba_to_2024"),
        ("phường Bãi Cháy", "bai_chay_2024"),
        ("thị xã Đức Phổ", "duc_pho_2024"),
    ):
        take(page, "Kế hoạch", f"Kế hoạch giảm nghèo {name} 2024", f"tien-do?plan={code}&view=people")
        expect(box(page, "Kế hoạch")).to_have_value(f"Kế hoạch giảm nghèo {name} 2024")
    for code in ("bai_chay_2024", "ba_to_2024", "duc_pho_2024"):
        back(page, progress.format(code), "Người tham dự")


def test_what_narrows_a_list_stands_in_its_address(staffed: Staffed, visit):
    page, records = visit(), "ban-ghi?plan=duc_pho_2024&status="
    sign_in(page, staffed.server, "lanhdao", where="/ban-ghi?plan=duc_pho_2024")
    choose(page, "Đã xác nhận", f"{records}verified")
    vinh = staffed.unit_id("21466")
    take(page, "Xã, phường", "phường Phổ Vinh", f"{records}verified&unit={vinh}")
    page.reload()
    shows(page, f"{records}verified&unit={vinh}", "Đã xác nhận")
    expect(box(page, "Xã, phường")).to_have_value("phường Phổ Vinh")
    in_menu(page, "Kiến nghị")
    back(page, f"{records}verified&unit={vinh}", "Đã xác nhận")
    expect(box(page, "Xã, phường")).to_have_value("phường Phổ Vinh")
    back(page, f"{records}verified", "Đã xác nhận")
    expect(box(page, "Xã, phường")).to_have_value("")


def test_a_view_of_one_page_is_not_taken_along_to_another(staffed: Staffed, visit):
    page, frozen = visit(), "chot-so-lieu?plan=duc_pho_2024"
    sign_in(page, staffed.server, "lanhdao", where=f"/{frozen}")
    choose(page, "Bổ sung sau chốt", f"{frozen}&view=late")
    in_menu(page, "Tiến độ")
    page.get_by_role("button", name="Kỳ báo cáo").click()
    page.get_by_role("menuitem", name="Chốt số liệu", exact=True).click()
    shows(page, frozen, "Các kỳ")


def quickly(page: Page, line: SlowLine, *taps) -> None:
    """One tap after the other, each where the page was told of none of them yet; then it is told of all."""
    line.hold()
    for number, tap in enumerate(taps, 1):
        tap()
        line.wait_for_ends(number)
    line.release()


def on(page: Page, choice: str):
    return lambda: page.get_by_role("radio", name=choice, exact=True).click()


def of_plan(page: Page, name: str):
    def tap() -> None:
        box(page, "Kế hoạch").fill(name)
        page.get_by_role("option", name=name).click()

    return tap


def test_of_quick_taps_on_a_slow_line_the_last_one_counts_and_no_later_one_is_lost(staffed: Staffed, visit):
    page, progress = visit(), "tien-do?plan=duc_pho_2024"
    line = SlowLine(page)
    sign_in(page, staffed.server, "lanhdao", where=f"/{progress}")
    shows(page, progress, "Chỉ tiêu")
    quickly(page, line, on(page, "Biểu đồ"), on(page, "Theo quý"))
    shows(page, f"{progress}&view=quarters", "Theo quý")
    back(page, progress, "Chỉ tiêu")
    choose(page, "Theo quý", f"{progress}&view=quarters")
    quickly(page, line, on(page, "Biểu đồ"), on(page, "Theo quý"))  # back to what its address still says
    shows(page, f"{progress}&view=quarters", "Theo quý")
    quickly(
        page,
        line,
        on(page, "Biểu đồ"),
        on(page, "Người tham dự"),
        on(page, "Theo quý"),
        on(page, "Biểu đồ"),
        on(page, "Theo quý"),
    )
    shows(page, f"{progress}&view=quarters", "Theo quý")
    expect(page.get_by_role("rowheader", name="Quý III (30/09/2024)")).to_be_visible()


def test_quick_choices_in_several_boxes_all_count(staffed: Staffed, visit):
    page, ba_to = visit(), "ban-ghi?plan=ba_to_2024&status="
    line = SlowLine(page)
    sign_in(page, staffed.server, "lanhdao", where="/ban-ghi?plan=duc_pho_2024&status=all")
    shows(page, "ban-ghi?plan=duc_pho_2024&status=all", "Tất cả")
    quickly(page, line, of_plan(page, "phường Bãi Cháy"), of_plan(page, "huyện Ba Tơ"), on(page, "Đã xác nhận"))
    shows(page, f"{ba_to}verified", "Đã xác nhận")
    expect(box(page, "Kế hoạch")).to_have_value("Kế hoạch giảm nghèo huyện Ba Tơ 2024")
    choose(page, "Tất cả", f"{ba_to}all")
    expect(box(page, "Kế hoạch")).to_have_value("Kế hoạch giảm nghèo huyện Ba Tơ 2024")


def test_a_late_tap_on_what_has_gone_meanwhile_breaks_no_page(staffed: Staffed, visit):
    page, on_map = visit(), "ban-do?plan=bai_chay_2024&colouring=mean"
    line = SlowLine(page)
    sign_in(page, staffed.server, "lanhdao", where="/ban-do?plan=duc_pho_2024")
    shows(page, "ban-do?plan=duc_pho_2024&colouring=mean", "Tiến độ chung")
    quickly(page, line, of_plan(page, "phường Bãi Cháy"), on(page, "Một chỉ tiêu"))
    shows(page, on_map, "Tiến độ chung")
    expect(box(page, "Kế hoạch")).to_have_value("Kế hoạch giảm nghèo phường Bãi Cháy 2024")
    expect(page.get_by_text("Có lỗi xảy ra")).to_have_count(0)
