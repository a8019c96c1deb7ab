"""What a page may load and run: every page of every role, opened in a browser that reports each breach of its
policy.
"""

import pytest
from playwright.sync_api import expect

from dashboard.pages import PAGES
from dashboard.server import addresses
from data_model.core.access import ALLOWED, Role
from tests.browser.conftest import Staffed, idle, sign_in, turn_to
from tests.browser.waiting import until

pytestmark = pytest.mark.browser
WHO = {"giamsat1": Role.SUPERVISOR, "lanhdao": Role.LEADER, "tonghop": Role.DATA_OFFICER, "quantri": Role.ADMINISTRATOR}
NOTING = """addEventListener("securitypolicyviolation", (breach) => {
  (window.breaches ??= []).push(`${breach.effectiveDirective} ${breach.blockedURI} ` +
    `${breach.sourceFile}:${breach.lineNumber} ${breach.sample}`);
});"""


def _watched(page) -> list[str]:
    said: list[str] = []
    page.add_init_script(NOTING)
    page.on(
        "console",
        lambda message: said.append(message.text) if "content security policy" in message.text.lower() else None,
    )
    return said


def _breaches(page) -> list[str]:
    return [breach for frame in page.frames for breach in frame.evaluate("window.breaches ?? []")]


@pytest.mark.parametrize("name", WHO)
def test_no_page_breaks_its_policy(staffed: Staffed, visit, name):
    page = visit()
    said = _watched(page)
    page.goto(f"{staffed.address}/login")
    sign_in(page, staffed.server, name, where="/toi")
    where = f"plan=duc_pho_2024&activity=DP-11&unit={staffed.unit_id('21466')}"
    for one in PAGES:
        if one.act in ALLOWED[WHO[name]]:
            turn_to(page, f"{one.address}?{where}")
            if one.address == addresses.MAP:
                expect(page.frame_locator("iframe").locator("body")).to_contain_text("Phổ An")
            idle(page)
            assert _breaches(page) == [] and said == [], one.address


def test_the_policy_lets_no_script_in_that_stands_in_the_page(staffed: Staffed, visit):
    page = visit()
    said = _watched(page)
    sign_in(page, staffed.server, "lanhdao", where="/toi")
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.harmed = true"; document.body.append(script);
        const picture = document.createElement("div");
        picture.innerHTML = '<img src="x:" onerror="window.harmed = true">';
        document.body.append(picture);
        const form = document.createElement("form");
        form.action = "https://example.org/"; document.body.append(form); form.submit();
    }""")
    until(page, "(window.breaches ?? []).length > 1")
    assert page.evaluate("window.harmed ?? false") is False and said
