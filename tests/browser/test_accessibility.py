"""No serious accessibility fault on any page, in light and dark; every page fits a tablet, a phone and a laptop."""

import uuid
from datetime import date

import pytest
from sqlmodel import select

from data_model.records.tables import Recommendation
from data_model.records.writing import Entry, send
from tests.browser.conftest import Staffed, sign_in, turn_to
from tests.browser.looks import in_both_themes, shown, too_wide
from tests.conftest import acting

pytestmark = pytest.mark.browser
PAGES = {
    "giamsat1": ["viec-cua-toi", "ghi?plan=duc_pho_2024&activity=DP-17a&unit={unit}", "kien-nghi", "toi"],
    "lanhdao": [
        "tong-quan?plan=duc_pho_2024",
        "ban-do",
        "tien-do",
        "tien-do?view=chart",
        "tien-do?view=quarters",
        "tien-do?view=communes",
        "tien-do?view=conditions",
        "tien-do?view=people",
        "ban-ghi?plan=duc_pho_2024",
        "xem?record={record}",
        "phan-ky",
        "kien-nghi?plan=duc_pho_2024",
        "kien-nghi?rec={recommendation}",
        "han-bao-cao",
        "duyet?plan=duc_pho_2024",
        "nhat-ky",
    ],
    "quantri": ["tai-khoan", "ranh-gioi"],
}


@pytest.fixture(scope="module")
def record(staffed: Staffed) -> uuid.UUID:
    """One sent record, so that the pages have something to show."""
    plan, made = staffed.plan(), uuid.uuid4()
    line = next(line for line in plan.lines if line.code == "DP-11")
    with staffed.database.writing() as session:
        author = acting(session, "giamsat1")
        send(
            session,
            author,
            Entry(
                id=made,
                plan_id=plan.id,
                activity_id=line.activity_id,
                unit_id=staffed.unit_id("21466"),
                answers={"held_on": date(2024, 10, 1), "attendance": {"total": 42}},
                position=(14.8, 108.99, 10.0),
            ),
        )
    return made


@pytest.fixture(scope="module")
def recommendation(staffed: Staffed) -> uuid.UUID:
    """A recommendation of a visit, overdue and serious."""
    plan = staffed.plan()
    line = next(line for line in plan.lines if line.code == "DP-17a")
    with staffed.database.writing() as session:
        author = acting(session, "giamsat1")
        visit = send(
            session,
            author,
            Entry(
                id=uuid.uuid4(),
                plan_id=plan.id,
                activity_id=line.activity_id,
                unit_id=staffed.unit_id("21466"),
                round_id=line.round_ids[0],
                answers={
                    "visited_on": date(2024, 9, 3),
                    "recommendations": [
                        {
                            "what": "Họp lại ở nơi thiếu chữ ký",
                            "responsible": "UBND phường",
                            "fix_by": date(2024, 9, 30),
                            "weight": "serious",
                        }
                    ],
                },
            ),
        )
        return session.exec(select(Recommendation.id).where(Recommendation.record_id == visit.id)).one()


def test_the_sign_in_page_has_no_serious_fault(staffed, visit):
    page = visit()
    page.goto(f"{staffed.address}/login")
    assert in_both_themes(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_pages_have_no_serious_fault_and_fit_every_size(staffed, visit, record, recommendation, name):
    page, found = visit(), {}
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status == 404 else None)
    sign_in(page, staffed.server, name, where="/toi")
    for address in PAGES[name]:
        turn_to(page, address.format(unit=staffed.unit_id("21466"), record=record, recommendation=recommendation))
        shown(page)
        found[address] = in_both_themes(page) + too_wide(page)
    assert {address: said for address, said in found.items() if said} == {}
    assert missing == []
