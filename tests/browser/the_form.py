"""Ways around the form in a browser, and what the database has of it."""

import time
import uuid
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from sqlmodel import func, select

from data_model.evidence.tables import Evidence
from data_model.records.tables import FieldRecord, RecordStatus
from tests.browser.conftest import Staffed, idle
from tests.evidence_samples import jpeg

PHO_VINH, PHO_MINH, PHO_CUONG = "21466", "21463", "21472"
DIALOGUE, VISIT = "DP-11", "DP-17a"


def form_address(staffed: Staffed, commune: str, activity: str = DIALOGUE) -> str:
    return f"{staffed.address}/ghi?plan=duc_pho_2024&activity={activity}&unit={staffed.unit_id(commune)}"


def open_form(page: Page, address: str) -> None:
    page.goto(address)
    expect(button(page, "Gửi")).to_be_visible()
    idle(page)


def box(page: Page | Locator, label: str) -> Locator:
    return page.get_by_role("textbox", name=label, exact=True)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def add_files(page: Page, *files: dict) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def photo(number: int) -> dict:
    """A small photo that differs from every other one."""
    return {"name": f"anh-{number}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(320 + number, 240)}


def record_of(page: Page) -> uuid.UUID:
    return uuid.UUID(page.url.split("record=")[1][:36])


def stored(staffed: Staffed, commune: str) -> list[FieldRecord]:
    """The records of a commune, those thrown away left out."""
    with staffed.database.reading() as session:
        return list(
            session.exec(
                select(FieldRecord).where(
                    FieldRecord.unit_id == staffed.unit_id(commune),
                    FieldRecord.status != RecordStatus.VOID,
                )
            )
        )


def photos_of(staffed: Staffed, record: uuid.UUID) -> int:
    with staffed.database.reading() as session:
        return session.exec(
            select(func.count()).where(Evidence.record_id == record, Evidence.removed_at.is_(None))
        ).one()


def eventually(page: Page, ask: Callable[[], object], wanted: object, seconds: float = 30) -> None:
    """Ask until the answer is `wanted`. Waits in the browser: its requests pass through this very thread."""
    end = time.monotonic() + seconds
    while (answer := ask()) != wanted and time.monotonic() < end:
        page.wait_for_timeout(50)  # polls the database; bounded above
    assert answer == wanted
