"""Back and Forward: every step of a person is one step there, and the page shows what its address says."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Staffed, idle, sign_in

pytestmark = pytest.mark.browser


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
