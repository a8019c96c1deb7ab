"""What people type is shown as text on every page, in the map, in every file: nothing in it ever acts.

Pages are taken from page_list, so that a new page is walked by itself; text fields from the declarations of the kinds.
"""

import io
from collections.abc import Iterator

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from dashboard.follow_up.workbook import recommendations_workbook
from dashboard.journal.workbook import journal_workbook
from dashboard.pages import PAGES
from dashboard.records.workbook import records_workbook
from dashboard.snapshots import files
from data_model.core.access import ALLOWED
from data_model.journal.listing import JournalFilter, latest_day
from data_model.plans.tables import Plan
from data_model.plans.view import view_plan
from tests.browser.conftest import idle, sign_in, turn_to
from tests.browser.haunted import EVIL, NAMES, PASSWORD, SCRIPT, Haunted, haunted
from tests.browser.server import Server, running, start_forked
from tests.conftest import acting
from tests.dashboard.report_files import pdf_words, squeezed, word_text

pytestmark = pytest.mark.browser
PLAN = "plan=duc_pho_2024"
SHOW_IT = {
    "giamsat1": {"toi", "xem", "kien-nghi"},
    "lanhdao": {"tong-quan", "tien-do", "duyet", "anh-chup", "nhat-ky"},
    "tonghop": {"cai-dat"},
    "quantri": {"tai-khoan"},
}
"""Pages on which the words must be seen as they were typed, so that this test cannot pass by showing nothing."""


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[tuple[Server, Haunted]]:
    folder = tmp_path_factory.mktemp("haunted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SO_GIAM_SAT_TODAY", "2024-10-15")
        with haunted(folder) as found, running(folder, start=start_forked, SO_GIAM_SAT_TODAY="2024-10-15") as server:
            yield server, found


def closer(found: Haunted) -> dict[str, list[str]]:
    """Addresses that show one thing of a page: by page."""
    records, both = found.records, f"first={found.snapshots[0]}&second={found.snapshots[1]}"
    return {
        "xem": [
            f"record={r}"
            for r in (records["returned"], records["voided"], records["monitoring_visit"], records["vocational_class"])
        ],
        "ghi": [f"record={records['returned']}", f"{PLAN}&activity=DP-17a&unit={found.unit_id}"],
        "kien-nghi": [f"rec={found.recommendation}"],
        "ban-do": [f"{PLAN}&unit={found.unit_id}"],
        "tien-do": [f"{PLAN}&view={view}" for view in ("chart", "quarters", "communes", "conditions", "people")],
        "duyet": [f"{PLAN}&record={records['own']}"],
        "tai-khoan": [f"account={found.supervisor_id}"],
        "anh-chup": [f"snapshot={found.snapshots[0]}", f"snapshot={found.snapshots[1]}"],
        "so-sanh": [both],
        "chot-so-lieu": [f"{PLAN}&view=late"],
        "nhat-ky": ["first=2024-01-01"],
    }


def addresses(found: Haunted, name: str) -> list[str]:
    """Every page that no role before has, and those that must show it to this role: on the plan, and what can be opened
    on it.
    """

    def pages_of(each: str) -> list[str]:
        return [page.address for page in PAGES if page.act in ALLOWED[NAMES[each]]]

    walked = {page for before in list(NAMES)[: list(NAMES).index(name)] for page in pages_of(before)}
    nearer = closer(found)
    return [
        f"{page}?{query}"
        for page in pages_of(name)
        if page in SHOW_IT[name] or page not in walked
        for query in (PLAN, *nearer.get(page, ()))
    ]


def nothing_acted(page: Page, where: str) -> None:
    for frame in page.frames:
        assert frame.evaluate("window.__hit") is None, where
        assert frame.locator('img[src="x"], [onerror]').count() == 0, where


def touch(page: Page) -> None:
    """Open what is folded, and go over the map, so that its hints and popups are drawn."""
    if page.evaluate(
        "[...document.querySelectorAll('details:not([open]) > summary')].map(folded => folded.click()).length"
    ):
        idle(page)
    for frame in page.locator("iframe").all():
        box = frame.bounding_box()
        if not box:
            continue
        for across in (0.3, 0.5, 0.7):
            for down in (0.3, 0.5, 0.7):
                page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])


@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_is_text_on_every_page(house, visit, name):
    server, found = house
    page, shown = visit(viewport={"width": 1366, "height": 900}), []
    page.add_init_script("window.__hit = undefined")
    sign_in(page, server, name, PASSWORD, "/toi")
    for address in addresses(found, name):
        turn_to(page, address)
        expect(page.get_by_text("Có lỗi xảy ra")).to_have_count(0)
        touch(page)
        nothing_acted(page, address)
        if page.get_by_text(SCRIPT).count():
            shown.append(address.partition("?")[0])
    assert SHOW_IT[name] <= set(shown), shown


def test_a_tap_on_the_map_shows_hostile_names_as_text(house, visit):
    server, _found = house
    page = visit(viewport={"width": 1366, "height": 900})
    sign_in(page, server, "lanhdao", PASSWORD, f"/ban-do?{PLAN}")
    frame = page.frame_locator("iframe")
    expect(frame.locator("body")).to_contain_text("Phổ Vinh")
    frame.get_by_text("Phổ Vinh").first.click(force=True)
    idle(page)
    nothing_acted(page, "the map after a tap")


def _strings(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" and "window" in str(cell.value)] == [], (
        "a formula"
    )
    return [cell.value for cell in cells if isinstance(cell.value, str)]


def test_hostile_text_is_text_in_every_file(house, tmp_path):
    _server, found = house
    with found.database.reading() as session:
        leader = acting(session, "lanhdao")
        plan = view_plan(session, session.exec(select(Plan.id).where(Plan.code == "duc_pho_2024")).one())
        day = latest_day(session, leader)
        journal_workbook(session, leader, JournalFilter(day, day), tmp_path / "journal.xlsx")
        for content in (
            records_workbook(session, leader, plan, {}),
            recommendations_workbook(session, leader, plan, {}),
            (tmp_path / "journal.xlsx").read_bytes(),
        ):
            assert any(EVIL in text for text in _strings(content)), "the words are there, as they were typed"


def test_hostile_text_is_text_in_every_file_of_a_snapshot(house, monkeypatch):
    _server, found = house
    monkeypatch.setattr(files, "database", lambda: found.database)
    with found.database.reading() as session:
        officer = acting(session, "tonghop")
    made = {one.code: files.make_file(officer, found.snapshots[0], one, lambda step, of: None) for one in files.FORMATS}
    assert any(EVIL in text for text in _strings(made["excel"]))
    assert EVIL in word_text(made["word"])
    assert squeezed(SCRIPT) in pdf_words(made["pdf"])
    assert made["picture"].startswith(b"\x89PNG")
