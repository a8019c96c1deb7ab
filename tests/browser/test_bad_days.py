"""The database is locked or gone while people work: pages say so in their language, nobody who reads waits, and all
goes on by itself.
"""

import sqlite3
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Staffed, idle, sign_in

pytestmark = pytest.mark.browser


def _file(staffed: Staffed) -> Path:
    return Path(staffed.database.engine.url.database)


def test_a_locked_database_keeps_no_reader_and_loses_no_tap_without_a_word(staffed: Staffed, visit):
    page, other = visit(), visit()
    sign_in(page, staffed.server, "giamsat2", where="/toi")
    sign_in(other, staffed.server, "lanhdao", where="/toi")
    lock = sqlite3.connect(_file(staffed), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    page.get_by_role("radio", name="English").click()
    began = time.monotonic()
    other.goto(f"{staffed.address}/ban-ghi?plan=duc_pho_2024")
    expect(other.get_by_role("heading", name="Bản ghi")).to_be_visible()
    assert time.monotonic() - began < 5
    expect(page.get_by_text("Cơ sở dữ liệu đang bận nên chưa ghi gì cả.")).to_be_visible()
    lock.close()
    page.get_by_role("button", name="Thử lại").click()
    idle(page)
    page.get_by_role("radio", name="English").click()
    expect(page.get_by_text("My communes")).to_be_visible()
    page.get_by_role("radio", name="Tiếng Việt").click()
    expect(page.get_by_text("Xã, phường được giao")).to_be_visible()


def test_a_database_that_went_away_is_said_and_its_return_noticed_without_a_tap(staffed: Staffed, visit):
    page, open_before = visit(), visit()
    for each in (page, open_before):
        sign_in(each, staffed.server, "giamsat2", where="/toi")
    path = _file(staffed)
    hidden = path.rename(path.with_suffix(".hidden"))
    try:
        answer = page.goto(f"{staffed.address}/viec-cua-toi")
        assert (answer.status, answer.headers["retry-after"]) == (503, "10")
        expect(page.get_by_role("heading", name="Hiện chưa mở được sổ giám sát")).to_be_visible()
        expect(page.get_by_text("Hiện không kết nối được cơ sở dữ liệu")).to_be_visible()
        open_before.get_by_role("link", name="Việc của tôi").click()
        expect(open_before.get_by_text("Hiện không kết nối được cơ sở dữ liệu")).to_be_visible()
        assert (
            page.request.get(f"{staffed.address}/healthz").status
            == page.request.get(f"{staffed.address}/readyz").status
            == 503
        )
        assert page.request.get(f"{staffed.address}/_stcore/health").status == 200
    finally:
        hidden.rename(path)
    expect(page.get_by_role("heading", name="Việc của tôi")).to_be_visible(timeout=45_000)
    open_before.get_by_role("button", name="Thử lại").click()
    expect(open_before.get_by_role("heading", name="Việc của tôi")).to_be_visible()
