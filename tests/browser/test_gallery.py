"""A record's photos and files as a leader looks through them, and on the map's commune panel."""

import re
import uuid
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from data_model.evidence import attachments
from data_model.evidence.content import examine
from data_model.records.writing import Entry, send
from tests.browser.conftest import Staffed, idle, sign_in
from tests.conftest import acting
from tests.evidence_samples import gps, jpeg, pdf

pytestmark = pytest.mark.browser
NASTY = '"><img src=x onerror=alert(1)>.pdf'


@dataclass(frozen=True)
class Kept:
    record_id: uuid.UUID
    unit_id: int
    photos: list[uuid.UUID]


@pytest.fixture(scope="module")
def kept(staffed) -> Kept:
    """A dialogue with three photos, one turned and one from far away, and a file of a nasty name."""
    plan, unit_id = staffed.plan(), staffed.unit_id("21466")
    line = next(line for line in plan.lines if line.code == "DP-11")
    entry = Entry(
        uuid.uuid4(), plan.id, line.activity_id, unit_id, {"held_on": "2024-10-01", "attendance": {"total": 55}}
    )
    photos = [
        jpeg(1200, 900, taken="2024:10:01 08:00:00", gps=gps(14.78, 108.97)),
        jpeg(1200, 900, orientation=6),
        jpeg(1200, 900, taken="2024:10:01 08:02:00", gps=gps(21.03, 105.85)),
    ]
    with staffed.database.writing() as session:
        supervisor = acting(session, "giamsat1")
        send(session, supervisor, entry)
        ids = [attachments.attach(session, supervisor, uuid.uuid4(), entry, examine(raw, "x.jpg")).id for raw in photos]
        attachments.attach(session, supervisor, uuid.uuid4(), entry, examine(pdf(), NASTY))
    return Kept(entry.id, unit_id, ids)


def asked_for(page: Page) -> list[str]:
    """What the page asks of the evidence routes, from now on."""
    paths: list[str] = []
    page.on(
        "request",
        lambda request: (
            paths.append(request.url.partition("/minh-chung/")[2]) if "/minh-chung/" in request.url else None
        ),
    )
    return paths


def test_small_pictures_first_and_the_whole_one_on_a_tap(staffed: Staffed, visit, kept: Kept):
    page = visit()
    sign_in(page, staffed.server, "lanhdao")
    paths = asked_for(page)
    page.goto(f"{staffed.address}/xem?record={kept.record_id}")
    photos = page.locator("button.photo")
    expect(photos).to_have_count(3)
    expect(photos.first).to_contain_text("chụp 01/10/2024 08:00")
    expect(page.locator("button.photo .far")).to_have_text("▲ chụp xa địa bàn")
    expect(page.get_by_role("link", name=NASTY)).to_have_attribute("href", re.compile("^/minh-chung/[0-9a-f-]{36}$"))
    for place, width in enumerate((320, 240, 320)):
        expect(photos.nth(place).locator("img")).to_have_js_property("naturalWidth", width)
    assert sorted(paths) == sorted(f"{photo}/nho" for photo in kept.photos)

    photos.nth(1).tap()
    whole = page.locator("dialog[open] img")
    expect(whole).to_have_attribute("src", f"/minh-chung/{kept.photos[1]}")
    expect(page.locator("dialog .said")).to_have_text("2 / 3")
    assert whole.evaluate("picture => [picture.naturalWidth, picture.naturalHeight]") == [
        900,
        1200,
    ]  # it was held on its side
    page.get_by_role("button", name="Ảnh sau").tap()
    expect(page.locator("dialog .caption")).to_contain_text("chụp xa địa bàn")
    assert min(page.get_by_role("button", name="Đóng ảnh").bounding_box()[side] for side in ("width", "height")) >= 44
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_the_communes_panel_leads_from_a_photo_to_its_record(staffed: Staffed, visit, kept: Kept):
    page = visit()
    sign_in(page, staffed.server, "lanhdao", where=f"/ban-do?plan=duc_pho_2024&unit={kept.unit_id}")
    page.locator("button.photo").first.tap()
    page.get_by_role("button", name="Mở bản ghi").tap()
    page.wait_for_url(re.compile(f"/xem\\?record={kept.record_id}"))
    idle(page)
    expect(page.locator("button.photo")).to_have_count(3)


def test_a_small_picture_stands_beside_the_record_in_both_lists(staffed: Staffed, visit, kept: Kept):
    page = visit()
    sign_in(page, staffed.server, "lanhdao")
    paths = asked_for(page)
    for address in ("/duyet?plan=duc_pho_2024", "/ban-ghi?plan=duc_pho_2024"):
        page.goto(staffed.address + address)
        pictures = page.locator('img[src^="/minh-chung/"][src$="/nho"]').locator("visible=true")
        beside = pictures.and_(page.locator("img.picture")) if "duyet" in address else pictures
        expect(beside).to_have_count(1)
        expect(beside).to_have_js_property("naturalWidth", 320)
    assert {path.rpartition("/")[2] for path in paths} == {"nho"}
