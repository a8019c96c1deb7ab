"""No serious accessibility fault on any page, in light and dark; every page fits a tablet, a phone and a laptop."""

import uuid
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, TimeoutError as PlaywrightTimeout, expect
from sqlmodel import select

from data_model.recommendations import Recommendation
from data_model.records import Entry, send
from tests.browser.conftest import Staffed, idle, sign_in
from tests.conftest import acting

pytestmark = pytest.mark.browser
PAGES = {
    "giamsat1": ["viec-cua-toi", "ghi?plan=duc_pho_2024&activity=DP-17a&unit={unit}", "kien-nghi", "toi"],
    "lanhdao": ["ban-do", "tien-do", "tien-do?view=chart", "tien-do?view=quarters", "tien-do?view=communes",
                "tien-do?view=conditions", "tien-do?view=people", "ban-ghi?plan=duc_pho_2024", "xem?record={record}", "phan-ky",
                "kien-nghi?plan=duc_pho_2024", "kien-nghi?rec={recommendation}", "han-bao-cao", "duyet?plan=duc_pho_2024", "nhat-ky"],
    "quantri": ["tai-khoan", "ranh-gioi"],
}
DARK_IS = """([shown, dark]) => {
    const [red, green, blue] = getComputedStyle(shown).backgroundColor.match(/\\d+/g).map(Number);
    return (red + green + blue < 3 * 128) === dark;
}"""
SIZES = {"tablet": (800, 1280), "phone": (390, 844), "laptop": (1366, 768)}


@pytest.fixture(scope="module")
def record(staffed: Staffed) -> uuid.UUID:
    """One sent record, so that the pages have something to show."""
    plan, made = staffed.plan(), uuid.uuid4()
    line = next(line for line in plan.lines if line.code == "DP-11")
    with staffed.database.writing() as session:
        author = acting(session, "giamsat1")
        send(session, author, Entry(
            id=made, plan_id=plan.id, activity_id=line.activity_id, unit_id=staffed.unit_id("21466"),
            answers={"held_on": date(2024, 10, 1), "attendance": {"total": 42}}, position=(14.8, 108.99, 10.0),
        ))
    return made


@pytest.fixture(scope="module")
def recommendation(staffed: Staffed) -> uuid.UUID:
    """A recommendation of a visit, overdue and serious."""
    plan = staffed.plan()
    line = next(line for line in plan.lines if line.code == "DP-17a")
    with staffed.database.writing() as session:
        author = acting(session, "giamsat1")
        visit = send(session, author, Entry(
            id=uuid.uuid4(), plan_id=plan.id, activity_id=line.activity_id, unit_id=staffed.unit_id("21466"), round_id=line.round_ids[0],
            answers={"visited_on": date(2024, 9, 3), "recommendations": [
                {"what": "Họp lại ở nơi thiếu chữ ký", "responsible": "UBND phường", "fix_by": date(2024, 9, 30), "weight": "serious"}]},
        ))
        return session.exec(select(Recommendation.id).where(Recommendation.record_id == visit.id)).one()


def faults(page: Page, **options: object) -> list[str]:
    """Serious and critical findings of axe, one line each."""
    found = Axe().run(page, options={"resultTypes": ["violations"]} | options).response["violations"]
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found if each["impact"] in ("serious", "critical") for node in each["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """The sizes at which the page has to be pushed sideways to be read."""
    found = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        try:  # what is inside follows a changed width a moment later
            page.wait_for_function("(most) => document.querySelector('[data-testid=\"stMain\"]').scrollWidth <= most", arg=width, timeout=5000)
        except PlaywrightTimeout:
            found.append(f"wider than a {size}")
    page.set_viewport_size({"width": 800, "height": 1280})
    return found


def shown(page: Page) -> None:
    idle(page)
    expect(page.get_by_test_id("stHeading").or_(page.get_by_role("heading")).first).to_be_visible()
    for frame in page.frames:  # the map is one of its own
        frame.wait_for_load_state("load")
        frame.wait_for_function("[...document.images].every((image) => image.complete || image.loading === 'lazy') && document.fonts.status === 'loaded'")


def in_both_themes(page: Page) -> list[str]:
    """Faults in light and, after the tablet has turned dark at dusk, in dark."""
    found = []
    for scheme, only in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):  # a theme changes nothing but colours
        page.emulate_media(color_scheme=scheme)
        background = page.locator('[data-testid="stApp"]').or_(page.locator("body")).last
        page.wait_for_function(DARK_IS, arg=[background.element_handle(), scheme == "dark"])
        found += [f"{scheme}: {fault}" for fault in faults(page, **only)]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_pages_have_no_serious_fault_and_fit_every_size(staffed, visit, record, recommendation, name):
    page = visit()
    page.goto(f"{staffed.address}/login")
    found = {"login": in_both_themes(page)}
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status == 404 else None)
    sign_in(page, staffed.server, name)
    for address in PAGES[name]:
        page.goto(f"{staffed.address}/{address.format(unit=staffed.unit_id('21466'), record=record, recommendation=recommendation)}")
        shown(page)
        found[address] = in_both_themes(page) + too_wide(page)
    assert {address: said for address, said in found.items() if said} == {}
    assert missing == []
