"""A real Chromium at a tablet's size, cut off from the internet, and the app it opens."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocket, expect, sync_playwright
from sqlmodel import select
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data_model.accounts import administration, one_time_links
from data_model.accounts.passwords import new_password
from data_model.core.access import Role
from data_model.core.database import Database
from data_model.plans.tables import Plan
from data_model.plans.view import view_plan
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.units.units import unit_by_code
from seed.load import load_everything
from tests.browser.find_browser import FLAGS, find_browser
from tests.browser.server import Server, running, start_forked
from tests.browser.waiting import until
from tests.conftest import acting

TABLET = {"width": 800, "height": 1280}
RESULTS = Path(__file__).parents[2] / "test-results"
FAILED = pytest.StashKey[bool]()
PASSWORD = "mot-cau-dai-de-nho"
CHOSEN = new_password(PASSWORD, PASSWORD)
HERE = ("127.0.0.1", "localhost", None)
# In the browser itself: intercepting every request instead would switch its cache off, which visitors have.
NO_INTERNET = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
NO_PAGE = "/assets-ai/toi"
# Done once the server has begun to draw that page. A short run begins and ends between two paintings, so its state says
# nothing.
TURN = """(address) => new Promise((done, failed) => {
  const began = ({ data }) => {
    if (data?.type !== "SET_CURRENT_PAGE_NAME") return;
    removeEventListener("message", began);
    requestAnimationFrame(() => requestAnimationFrame(done));
  };
  addEventListener("message", began);
  setTimeout(() => failed(new Error(`no run for ${address}`)), 30000);
  history.pushState({}, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
})"""
LINES: "WeakKeyDictionary[Page, WebSocket]" = WeakKeyDictionary()
"""The live connection of each page."""
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.nodeid.replace("\\", "/"):
            item.add_marker("browser")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all of them, closed before another kind of test: while Playwright is open, nothing else may use asyncio
    in this thread.
    """
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium on this machine: the browser tests are skipped")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=[*FLAGS, NO_INTERNET])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """An empty installation; its day is 15 October 2024."""
    with running(tmp_path_factory.mktemp("app"), SO_GIAM_SAT_TODAY="2024-10-15") as started:
        yield started


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    item.stash.setdefault(FAILED, False)
    item.stash[FAILED] |= report.failed
    return report


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """A page in a browser of its own. Whatever it asks of the internet, and every error in its console, fails the
    test.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opening(**options) -> Page:
        context = browser.new_context(**({"viewport": TABLET, "has_touch": True, "locale": "vi-VN"} | options))
        contexts.append(context)

        def asked(request) -> None:
            if urlsplit(request.url).hostname not in HERE:
                wrong.append(f"asked the internet: {request.url}")

        context.on("page", lambda page: page.on("websocket", lambda line: LINES.__setitem__(page, line)))
        context.on(
            "requestfailed", asked
        )  # what goes to the internet fails; hearing of every request would cost a tenth of the time
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
        return page

    yield opening
    if request.node.stash.get(FAILED, False):
        RESULTS.mkdir(exist_ok=True)
        for number, context in enumerate(contexts):
            context.pages[0].screenshot(path=RESULTS / f"{request.node.name}-{number}.png", full_page=True)
    for context in contexts:
        context.close()
    assert wrong == []


def idle(page: Page) -> None:
    """Wait until the page's run has ended and it shows what it has."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0)


def press(
    what: Locator,
    *,
    shows: Locator | None = None,
    hides: Locator | None = None,
    loads: bool = False,
    runs: bool = False,
) -> None:
    """Press, and wait for what proves the answer: something that shows or hides, a page that loads, a run of the page's
    script.

    What was so before it was pressed proves nothing, and fails here.
    """
    assert shows or hides or loads or runs, "say what proves the answer"
    page = what.page
    if shows:
        expect(shows).to_have_count(0)
    if hides:
        expect(hides.first).to_be_visible()
    with page.expect_navigation() if loads else _a_run(page) if runs else nullcontext():
        what.click()
    if shows:
        expect(shows.first).to_be_visible()
    if hides:
        expect(hides).to_have_count(0)


@contextmanager
def _a_run(page: Page) -> Iterator[None]:
    """What happens inside begins a run of the script; afterwards a run has ended since, and is shown.

    The page's own state does not say so: a short run begins and ends between two paintings.
    """
    idle(page)
    ended: list[bool] = []

    def told(message: str | bytes) -> None:
        if isinstance(message, bytes) and ForwardMsg.FromString(message).WhichOneof("type") == "script_finished":
            ended.append(True)

    line = LINES[page]
    line.on("framereceived", told)
    yield
    for _turn in range(750):
        if ended:
            break
        page.wait_for_timeout(20)  # its messages come in only while this thread waits; bounded above
    line.remove_listener("framereceived", told)
    assert ended, "no run ended after it was pressed"
    idle(page)


def turn_to(page: Page, address: str) -> None:
    """To another page as Back and Forward lead there: without loading the interface anew, which takes most of a visit's
    time.
    """
    page.evaluate(TURN, f"/{address}")
    idle(page)


def still(page: Page) -> None:
    """Wait until nothing moves or changes its colour any more, but for what never ends."""
    until(
        page,
        "document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getTiming().iterations ==="
        " Infinity)",
    )


def unfold(page: Page, words: str) -> None:
    """Open what is folded under `words`, and wait until it stands still: a tap on what moves misses."""
    idle(page)
    named = page.get_by_text(words)
    expect(named).to_have_count(1)  # in the middle of a run the old one may stand beside the new
    folded = page.locator("details").filter(has=named)
    named.click()
    expect(folded.last).to_have_attribute("open", "")
    still(page)


SIGNED_IN: dict[tuple[str, str], list] = {}
"""Cookies of who signed in before: (address, name) -> what the browser kept."""


def sign_in(
    page: Page, server: Server, name: str, password: str = PASSWORD, where: str | None = None, *, anew: bool = False
) -> None:
    """Be signed in, and on the page `where`; on none yet where the test goes its own way.

    Through the sign-in page, as a person does, the first time, with `anew`, and when the session has ended; else the
    browser has it from before.
    """
    kept = SIGNED_IN.get((server.address, name))
    if kept and not anew:
        page.context.add_cookies(kept)
        if page.request.get(f"{server.address}/toi", max_redirects=0).ok:
            if where:
                page.goto(server.address + where)
                idle(page)
            return
    _through_the_page(page, server, name, password, where)
    SIGNED_IN[server.address, name] = page.context.cookies()


def _through_the_page(page: Page, server: Server, name: str, password: str, where: str | None) -> None:
    page.goto(f"{server.address}/login?next={quote(where or NO_PAGE, safe='')}")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(password)
    press(page.get_by_role("button", name="Đăng nhập"), loads=True)
    page.wait_for_url(f"**{where or NO_PAGE}**")  # a page may put more into its address
    if where:
        idle(page)


def tick_communes(page: Page, place: str, *communes: str) -> None:
    """Under a finger: the place, then its communes."""
    page.get_by_label("Huyện, thị xã, thành phố").select_option(place)
    for commune in communes:
        page.get_by_role("checkbox", name=commune, exact=True).check()


@dataclass(frozen=True)
class Staffed:
    """An installation with people in it, and short ways into it."""

    server: Server
    database: Database

    @property
    def address(self) -> str:
        return self.server.address

    def plan(self):
        with self.database.reading() as session:
            return view_plan(session, session.exec(select(Plan.id).where(Plan.code == "duc_pho_2024")).one())

    def unit_id(self, code: str) -> int:
        return next(unit.id for unit in self.plan().units if unit.code == code)


@pytest.fixture(scope="session")
def staffed_file(tmp_path_factory) -> Path:
    """A database with the plans, an administrator, a leader, a data officer and two supervisors, to be copied."""
    path = tmp_path_factory.mktemp("template") / "so_giam_sat.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SO_GIAM_SAT_TODAY", "2024-10-15")
        _employ(Database(f"sqlite:///{path}"))
    return path


def _employ(database: Database) -> None:
    database.migrate()
    with database.writing() as session:
        load_everything(session)
        link = one_time_links.first_link(session)
        one_time_links.use_link(session, link, CHOSEN, "quantri", "Quản trị hệ thống")
    with database.writing() as session:
        admin = acting(session, "quantri")
        for name, shown, role, codes in (
            ("giamsat1", "Cán bộ giám sát cụm Đông", Role.SUPERVISOR, ("21466", "21463", "21472")),
            ("giamsat2", "Cán bộ giám sát cụm Bắc", Role.SUPERVISOR, ("21442",)),
            ("lanhdao", "Lãnh đạo phòng", Role.LEADER, ()),
            ("tonghop", "Cán bộ tổng hợp", Role.DATA_OFFICER, ()),
        ):
            units = [unit_by_code(session, code, date(2024, 6, 1)).id for code in codes]
            _account, token = administration.add_account(session, admin, name, shown, role, units)
            one_time_links.use_link(session, token, CHOSEN)
    database.close()


@pytest.fixture(scope="module")
def staffed(tmp_path_factory, staffed_file: Path) -> Iterator[Staffed]:
    """The app on 15 October 2024 with the people of `staffed_file`."""
    folder = tmp_path_factory.mktemp("staffed")
    shutil.copy(staffed_file, folder)
    database = Database(f"sqlite:///{folder / staffed_file.name}")
    with running(folder, start=start_forked, SO_GIAM_SAT_TODAY="2024-10-15") as started:
        yield Staffed(started, database)
    database.close()


@pytest.fixture
def anew(staffed: Staffed) -> None:
    """The test begins with communes in which nothing was written."""
    with staffed.database.writing() as session:
        for record in session.exec(select(FieldRecord)):
            record.status, record.answers = RecordStatus.VOID, {}


@pytest.fixture
def mortal(staffed: Staffed) -> Iterator[Server]:
    """This module's server, to be killed and started anew; it runs again when the test is over."""
    yield staffed.server
    if staffed.server.process.poll() is not None:
        staffed.server.start()
