"""Whatever somebody writes into a page's address, the page says what to do or shows what it has, and never breaks."""

import re

import pytest
from playwright.sync_api import expect

from dashboard.pages import PAGES
from data_model.core.access import ALLOWED, Role
from tests.browser.conftest import Staffed, sign_in, turn_to

pytestmark = pytest.mark.browser
ODD = ("%C2%B2", "1" * 40, "-1", "%00", "'%20OR%201=1--", "%F0%9F%98%80", "2099-13-99")
NAMED = (
    "unit",
    "activity",
    "record",
    "rec",
    "account",
    "snapshot",
    "first",
    "second",
    "view",
    "colouring",
    "seen",
    "status",
    "due",
    "round",
)
WHO = {"giamsat1": Role.SUPERVISOR, "lanhdao": Role.LEADER, "quantri": Role.ADMINISTRATOR}


@pytest.mark.parametrize("name", WHO)
def test_an_odd_address_breaks_no_page(staffed: Staffed, visit, name):
    page, broken = visit(), []
    sign_in(page, staffed.server, name, where="/toi")
    earlier = [WHO[each] for each in list(WHO)[: list(WHO).index(name)]]
    pages = [
        page.address
        for page in PAGES
        if page.act in ALLOWED[WHO[name]] and not any(page.act in ALLOWED[role] for role in earlier)
    ]
    for place, address in enumerate(pages):
        odd = ODD[place % len(ODD)]
        turn_to(page, f"{address}?plan=duc_pho_2024&" + "&".join(f"{each}={odd}" for each in NAMED))
        expect(page.get_by_test_id("stMainBlockContainer")).to_have_text(re.compile(r"\S"))
        if page.get_by_text("Có lỗi xảy ra").or_(page.get_by_test_id("stException")).count():
            broken.append((address, odd))
    assert broken == []
