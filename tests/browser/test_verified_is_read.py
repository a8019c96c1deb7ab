"""Verified means read: a second tap verifies nothing, marked records are opened one by one, an act on several is taken
back.
"""

import time
import uuid
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from data_model.records import writing
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.writing import Entry
from tests.browser.conftest import Staffed, idle, sign_in, unfold
from tests.browser.looks import faults
from tests.browser.test_review import opened, together
from tests.conftest import acting

PHO_VINH, PHO_MINH = "21466", "21463"
pytestmark = pytest.mark.browser


def send(staffed: Staffed, line: str, unit: str, answers: dict, **more) -> uuid.UUID:
    plan = staffed.plan()
    found = next(each for each in plan.lines if each.code == line)
    entry = Entry(
        id=uuid.uuid4(),
        plan_id=plan.id,
        activity_id=found.activity_id,
        unit_id=staffed.unit_id(unit),
        answers=answers,
        round_id=found.round_ids[0] if found.rounds else None,
    )
    with staffed.database.writing() as session:
        writing.send(session, acting(session, "giamsat1"), replace(entry, **more))
    return entry.id


def dialogue(staffed: Staffed, day: str, total: int = 55) -> uuid.UUID:
    return send(
        staffed,
        "DP-11",
        PHO_VINH,
        {"held_on": day, "place": "Nhà văn hóa", "attendance": {"total": total}, "raised": 3},
    )


def verified(staffed: Staffed) -> set[uuid.UUID]:
    with staffed.database.reading() as session:
        return set(session.exec(select(FieldRecord.id).where(FieldRecord.status == RecordStatus.VERIFIED)))


def review(visit, staffed: Staffed, **options) -> Page:
    page = visit(**options)
    sign_in(page, staffed.server, "lanhdao", where="/duyet?plan=duc_pho_2024")
    return page


SIZES = {
    "tablet": {"width": 800, "height": 1280},
    "phone": {"width": 390, "height": 844},
    "laptop": {"width": 1366, "height": 650},
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("apart", [0, 350, 700, 1200])
def test_two_taps_on_the_same_spot_verify_one_record(staffed: Staffed, visit, anew, size, apart):
    # So many wait that the list stays as high as it is, and the next record's button comes where the first one's was.
    first, *_others = [dialogue(staffed, f"2024-0{month}-{day}") for month in range(1, 10) for day in (10, 20)]
    page = review(visit, staffed, viewport=SIZES[size])
    button = opened(page).get_by_role("button", name="Xác nhận:")
    expect(button).to_be_attached()
    button.scroll_into_view_if_needed()
    expect(button).to_be_enabled()
    box = button.bounding_box()
    spot = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(*spot)
    page.wait_for_timeout(apart)
    page.mouse.click(*spot)
    expect(page.get_by_role("list", name="Bản ghi đang chờ").get_by_role("listitem")).to_have_count(17)
    idle(page)
    expect(button).to_be_enabled()  # the second tap would have arrived by now
    assert verified(staffed) == {first}


def test_a_button_is_ready_only_after_it_has_been_in_view_for_a_moment(staffed: Staffed, visit, anew):
    dialogue(staffed, "2024-03-10")
    page = review(visit, staffed, viewport={"width": 390, "height": 420})
    button = opened(page).get_by_role("button", name="Xác nhận:")
    expect(button).to_be_attached()
    # Below the fold of this small screen: however long it waits, nobody has seen it.
    assert button.bounding_box()["y"] > 420
    page.wait_for_timeout(2500)
    expect(button).to_be_disabled()
    button.scroll_into_view_if_needed()
    began = time.monotonic()
    expect(button).to_be_enabled()
    assert time.monotonic() - began > 1.2


def test_an_empty_visit_shows_what_it_lacks_and_asks_for_a_word(staffed: Staffed, visit, anew):
    empty = send(staffed, "DP-17a", PHO_VINH, {"visited_on": "2024-10-01"})
    page = review(visit, staffed)
    row = page.get_by_role("list", name="Bản ghi đang chờ").get_by_role("listitem")
    expect(row).to_contain_text("thiếu đoàn giám sát, kết quả, ảnh hoặc tệp")
    expect(row.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="Tất cả bản không có dấu lưu ý")).to_be_disabled()
    expect(opened(page)).to_contain_text("thiếu đoàn giám sát, kết quả, ảnh hoặc tệp")
    button = opened(page).get_by_role("button", name="Xác nhận:")
    button.click()
    expect(opened(page).get_by_role("alert")).to_have_text("Bản ghi có dấu lưu ý. Hãy ghi vì sao vẫn xác nhận.")
    button.click()
    assert verified(staffed) == set()
    opened(page).get_by_label("Vì sao vẫn xác nhận").fill("Đã gọi cho xã")
    button.click()
    expect(row).to_have_count(0)
    assert verified(staffed) == {empty}
    page.goto(f"{staffed.address}/xem?record={empty}")
    idle(page)
    expect(page.get_by_text("thiếu đoàn giám sát").first).to_be_visible()
    unfold(page, "Lịch sử")
    expect(page.get_by_text("Lý do: Đã gọi cho xã")).to_be_visible()


def test_several_are_verified_after_one_question_and_taken_back_as_one(staffed: Staffed, visit, anew):
    good = {dialogue(staffed, day) for day in ("2024-03-10", "2024-04-10", "2024-05-10")}
    few, twins = dialogue(staffed, "2024-06-10", 12), [dialogue(staffed, "2024-07-10"), dialogue(staffed, "2024-07-11")]
    far = send(
        staffed,
        "DP-11",
        PHO_MINH,
        {"held_on": "2024-08-10", "attendance": {"total": 60}, "raised": 1},
        position=(21.0, 105.8, 5.0),
    )
    page = review(visit, staffed)
    rows = page.get_by_role("list", name="Bản ghi đang chờ").get_by_role("listitem")
    expect(rows).to_have_count(7)
    page.get_by_role("checkbox", name="Tất cả bản không có dấu lưu ý").check()
    page.get_by_role("button", name="Xác nhận 3 bản ghi").click()
    question = page.get_by_role("alertdialog", name="Xác nhận cùng lúc")
    expect(question).to_contain_text("Để lại 4 bản ghi có dấu lưu ý")
    for mark in ("có thể trùng: 2", "điều kiện chưa đạt: 1", "ở xa xã, phường: 1"):
        expect(question).to_contain_text(mark)
    assert faults(page) == []
    question.get_by_role("button", name="Thôi").click()
    assert verified(staffed) == set()
    together(page, 3)
    expect(rows).to_have_count(4)
    expect(page.get_by_text("Đã xác nhận 3 bản ghi.")).to_be_visible()
    assert verified(staffed) == good and not good & {few, far, *twins}
    page.get_by_role("button", name="Hoàn tác tất cả").click()
    expect(rows).to_have_count(7)
    expect(page.get_by_text("Đã đưa 3 bản ghi về chờ duyệt.")).to_be_visible()
    expect(page.get_by_role("button", name="Hoàn tác tất cả")).to_have_count(0)
    assert verified(staffed) == set()


def test_a_sample_is_drawn_and_looked_at_again_by_another(staffed: Staffed, visit, anew):
    for day in ("2024-03-10", "2024-04-10", "2024-05-10"):
        dialogue(staffed, day)
    leader = review(visit, staffed)
    together(leader, 3)
    expect(leader.get_by_text("Đã xác nhận 3 bản ghi.")).to_be_visible()
    leader.goto(f"{staffed.address}/duyet?plan=duc_pho_2024&view=again")
    idle(leader)
    expect(leader.get_by_text("Chưa rút mẫu nào.")).to_be_visible()
    leader.get_by_label("Số lượng").fill("2")
    leader.get_by_role("button", name="Rút", exact=True).click()
    expect(leader.get_by_text("2 trong 3 bản ghi đã xác nhận")).to_be_visible()
    expect(leader.get_by_text("người khác sẽ xem lại")).to_be_visible()
    officer = visit()
    sign_in(officer, staffed.server, "tonghop", where="/duyet?plan=duc_pho_2024&view=again")
    opened(officer).get_by_role("button", name="Đồng ý với việc xác nhận:").click()
    expect(officer.get_by_text("Đã xem lại 1 trong 2. Đồng ý 1, không đồng ý 0.")).to_be_visible()
    unfold(officer, "Không đồng ý, có lý do")
    opened(officer).get_by_role("button", name="Không đồng ý").click()
    expect(officer.get_by_text("Cần ghi lý do.")).to_be_visible()
    opened(officer).get_by_label("Lý do").fill("Ảnh của buổi khác")
    opened(officer).get_by_role("button", name="Không đồng ý").click()
    expect(officer.get_by_text("Đã xem lại 2 trong 2. Đồng ý 1, không đồng ý 1.")).to_be_visible()
    assert faults(officer) == []


def test_the_form_says_gently_what_is_missing_and_sends_all_the_same(staffed: Staffed, visit, anew):
    page = visit()
    unit = staffed.unit_id(PHO_VINH)
    sign_in(page, staffed.server, "giamsat1", where=f"/ghi?plan=duc_pho_2024&activity=DP-17a&unit={unit}")
    said = page.get_by_text("Còn thiếu:")
    expect(said).to_have_text(
        "Còn thiếu: đoàn giám sát, kết quả, ảnh hoặc tệp. Vẫn gửi được; người duyệt sẽ thấy là thiếu."
    )
    page.get_by_label("Trưởng đoàn").fill("Trưởng đoàn giám sát")
    expect(said).to_contain_text("Còn thiếu: kết quả, ảnh hoặc tệp.")
    page.get_by_label("Trưởng đoàn").fill("--")
    expect(said).to_contain_text("Còn thiếu: đoàn giám sát, kết quả")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_text("Đã gửi 01 lượt giám sát")).to_be_visible()
