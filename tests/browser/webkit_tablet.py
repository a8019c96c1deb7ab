"""The tablet's page in WebKit: it opens without a network, keeps a record and its photos, and delivers them once.

Run by `make webkit`, not by `make test` (see `webkit.py`).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.browser.conftest import PASSWORD, Staffed
from tests.browser.faulty_line import ANSWER_LOST, CUT_DURING, Line, line_to
from tests.browser.server import free_port
from tests.browser.the_form import PHO_MINH, photos_of, stored
from tests.browser.webkit import WebKit, driver, eventually
from tests.evidence_samples import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("anew")]
WAITS = "bản ghi chờ trên máy này"
PREPARED = """
  if (!navigator.serviceWorker.controller) return false;
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
  return document.body.innerText.includes('Số liệu lúc') && Math.max(0, ...kept) > 15;
"""
SIGN_IN = """document.querySelector('#name').value = given[0]; document.querySelector('#password').value = given[1];
  document.querySelector('button[type=submit]').click();"""
FORM = "document.querySelector('.form')?.shadowRoot"
SAYS = f"return document.body.innerText.includes(given[0]) || Boolean({FORM}?.textContent.includes(given[0]))"
TO_THE_FORM = """const one = [...document.querySelector('.grid').shadowRoot.querySelectorAll('button')]
  .find((button) => /đối thoại.*Phổ Minh|Phổ Minh.*đối thoại/i.test(button.getAttribute('aria-label') ?? ''));
  one?.click(); return Boolean(one);"""
FILL = f"""const label = [...{FORM}.querySelectorAll('label')].find((one) => one.textContent === given[0]);
  const box = label && {FORM}.getElementById(label.htmlFor); if (!box) return false;
  box.value = given[1]; box.dispatchEvent(new Event('input', {{ bubbles: true }})); return true;"""
FILES = f"return {FORM}.querySelector('input[type=file]');"
SEND = f"[...{FORM}.querySelectorAll('button')].find((one) => one.textContent === 'Gửi').click();"
WAITING = "return (await window.soGiamSatOutbox.waiting()).map((one) => [one.record, one.pieces.length])"


@pytest.fixture(scope="module")
def webdriver() -> Iterator[str]:
    with driver() as address:
        yield address


@pytest.fixture
def line(staffed: Staffed) -> Iterator[Line]:
    with line_to(staffed.address, free_port()) as between:
        yield between


@pytest.fixture
def webkit(webdriver: str, line: Line) -> Iterator[WebKit]:
    """Signed in, with the tablet's page prepared."""
    window = WebKit(webdriver)
    window.open(f"{line.address}/login?next=/may-bang")
    window.run(SIGN_IN, "giamsat1", PASSWORD)
    window.until(PREPARED, seconds=60)
    yield window
    window.close()


@pytest.fixture
def camera(tmp_path: Path) -> list[Path]:
    """Photos on the tablet."""
    taken = [tmp_path / f"anh-{number}.jpg" for number in range(2)]
    for number, photo in enumerate(taken):
        photo.write_bytes(jpeg(320 + number, 240))
    return taken


def written(window: WebKit, people: str, camera: Sequence[Path] = (), photos: int = 0) -> None:
    window.until(TO_THE_FORM)
    window.until(FILL, "Tổng số người", people)
    window.run(FILL, "Địa điểm", "Nhà văn hoá tổ 2")
    if photos:
        window.choose_files(FILES, *camera[:photos])
    window.until(f"return {FORM}.querySelectorAll('.pieces > li').length === given[0]", photos)


def online(window: WebKit, line: Line) -> None:
    line.down = False
    window.run("dispatchEvent(new Event('online'))")


@pytest.mark.parametrize("photos", [0, 2])
def test_a_record_is_written_without_a_network_outlives_a_reload_and_arrives_once(
    staffed, webkit, line, camera, photos
):
    line.down = True
    webkit.open(f"{line.address}/")  # the app's own address, by the worker
    webkit.until(SAYS, "Việc của tôi")
    written(webkit, "55", camera, photos)
    webkit.run(SEND)
    webkit.until(SAYS, WAITS)
    webkit.open(f"{line.address}/may-bang?again#/waiting")
    webkit.until(SAYS, "phường Phổ Minh")
    [[record, kept]] = webkit.run(WAITING)
    assert kept == photos and stored(staffed, PHO_MINH) == []
    online(webkit, line)
    eventually(lambda: [r.people_total for r in stored(staffed, PHO_MINH)] == [55], "the record arrives", 60)
    [found] = stored(staffed, PHO_MINH)
    assert str(found.id) == record
    eventually(lambda: photos_of(staffed, found.id) == photos, "its photos arrive")
    webkit.until(SAYS, "mọi thứ đã được gửi")


def test_answers_that_are_lost_and_lines_that_are_cut_double_nothing(staffed, webkit, line, camera):
    written(webkit, "57", camera, 2)
    line.faults += [ANSWER_LOST, CUT_DURING, "500", "portal", ANSWER_LOST, "429"]
    webkit.run(SEND)
    eventually(lambda: [r.people_total for r in stored(staffed, PHO_MINH)] == [57], "the record arrives", 60)
    [found] = stored(staffed, PHO_MINH)
    eventually(lambda: photos_of(staffed, found.id) == 2, "its photos arrive", 90)
    assert found.version == 1
    eventually(lambda: webkit.run(WAITING) == [], "nothing waits", 60)


def test_a_draft_and_what_waits_are_there_in_another_window_of_the_same_browser(staffed, webkit, line):
    line.down = True
    written(webkit, "58")
    webkit.until(
        "return (await window.soGiamSatOutbox.drafts()).some((one) => JSON.stringify(one.typed).includes('58'))"
    )
    webkit.open("about:blank")
    webkit.open(f"{line.address}/may-bang")
    webkit.until(
        "const way = [...document.querySelectorAll('a')].find((one) => one.textContent === 'Ghi tiếp');"
        " way?.click(); return Boolean(way);"
    )
    webkit.until(f"return [...({FORM}?.querySelectorAll('input') ?? [])].some((one) => one.value === '58')")
    webkit.run(SEND)
    webkit.until(SAYS, WAITS)
    online(webkit, line)
    eventually(lambda: [r.people_total for r in stored(staffed, PHO_MINH)] == [58], "the record arrives", 60)
