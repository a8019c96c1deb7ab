"""A draft on its page: what is typed, pasted and taken back is kept at once, and a leader issues it there."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.plans.draft_cells import as_chosen, columns_shown, options_of, pasted, with_edits
from dashboard.server import database as store
from data_model.planning import drafts
from data_model.planning.sheets import SHEETS
from data_model.planning.tables import PlanDraft
from data_model.progress import figures
from tests.conftest import ON_SQLITE, Town
from tests.data_model.planning.plan_drafts import begun, closed, example, small_plan, submitted

ACTIVITIES = SHEETS["activities"]


@pytest.fixture
def office(town: Town, monkeypatch):
    """Đức Phổ, whose database the pages read."""
    store.database.cache_clear()
    monkeypatch.setattr(store, "Database", lambda: town.database)
    yield town
    store.database.cache_clear()


def draft_page(actor, draft_id):
    """The page of one draft, as a script that knows nothing of this file."""
    from dashboard.plans.draft import draw_one

    draw_one(actor, draft_id)


def opened(actor, draft_id: int, sheet: str = "plan") -> AppTest:
    page = AppTest.from_function(draft_page, args=(actor, draft_id), default_timeout=60)
    page.session_state[f"draft-{draft_id}/sheet"] = sheet
    return page.run()


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def kept(town: Town, draft_id: int) -> PlanDraft:
    with town.reading() as session:
        return session.get(PlanDraft, draft_id)


def said(page: AppTest) -> str:
    return " ".join(each.value for part in (page.error, page.warning, page.success, page.markdown) for each in part)


@ON_SQLITE
def test_a_field_is_kept_at_once_and_is_there_after_a_reload(office: Town):
    draft_id = begun(office)
    page = opened(office.people.officer, draft_id)
    next(f for f in page.text_input if f.label == "Tên kế hoạch *").set_value("Kế hoạch mới").run()
    assert kept(office, draft_id).sheets["plan"][0]["name_vi"] == "Kế hoạch mới"
    again = opened(office.people.officer, draft_id)
    assert next(f for f in again.text_input if f.label == "Tên kế hoạch *").value == "Kế hoạch mới"
    press(again, "Hoàn tác")
    assert kept(office, draft_id).sheets == small_plan() | {"conditions": [], "rounds": [], "reports": [], "slips": []}


@ON_SQLITE
def test_rows_pasted_from_excel_are_added_and_what_is_wrong_is_said_at_its_row(office: Town):
    draft_id = begun(office)
    page = opened(office.people.officer, draft_id, "activities")
    page.text_area[0].set_value("Mã\tHoạt động\tMàu\nB-03\tHội thi\tđỏ\n\nB-04\tPano\tx").run()
    press(page, "Thêm các dòng này")
    rows = kept(office, draft_id).sheets["activities"]
    assert [row["code"] for row in rows] == ["B-01", "B-02", "B-03", "B-04"] and rows[2]["name_vi"] == "Hội thi"
    words = said(page)
    assert "Màu" in words and "dòng 3, Thuộc dự án" in words and "phải sửa trước khi ban hành" in words
    press(page, "Hoàn tác")
    assert len(kept(office, draft_id).sheets["activities"]) == 2


@ON_SQLITE
def test_what_is_typed_into_a_new_row_field_by_field_stays_one_row(office: Town):
    draft_id = begun(office)
    page = AppTest.from_function(draft_page, args=(office.people.officer, draft_id), default_timeout=60)
    page.session_state[f"draft-{draft_id}/sheet"] = "activities"
    page.session_state["draft/view"] = "row"
    page.session_state[f"draft-{draft_id}/row-activities"] = 2
    page.run()
    for label, text in (("Mã *", "B-03"), ("Thuộc dự án *", "DA6"), ("Hoạt động *", "Hội thi")):
        next(f for f in page.text_input if f.label == label).set_value(text).run()
    assert kept(office, draft_id).sheets["activities"][2:] == [
        {"code": "B-03", "component": "DA6", "name_vi": "Hội thi"}
    ]


@ON_SQLITE
def test_what_somebody_else_changed_meanwhile_is_not_overwritten(office: Town):
    draft_id = begun(office)
    page = opened(office.people.officer, draft_id)
    with office.writing() as session:
        drafts.save_draft(session, office.people.administrator, draft_id, 1, small_plan("cua_nguoi_khac"))
    next(f for f in page.text_input if f.label == "Tên kế hoạch *").set_value("của tôi").run()
    assert "Có người vừa sửa bản nháp này" in said(page)
    assert kept(office, draft_id).sheets["plan"][0]["code"] == "cua_nguoi_khac"


@ON_SQLITE
def test_a_leader_issues_it_with_number_and_day(office: Town):
    draft_id = submitted(office)
    page = opened(office.people.leader, draft_id)
    assert [b.label for b in page.button if "Trình" in b.label or "Bỏ" in b.label] == []
    press(page, "Ban hành kế hoạch")
    assert said(page).count("Cần điền mục này") == 2
    next(f for f in page.text_input if f.label == "Số, ký hiệu văn bản").set_value("15/KH-UBND").run()
    page.date_input[0].set_value(date(2024, 10, 1)).run()
    press(page, "Ban hành kế hoạch")
    assert office.plan("duc_pho_2024_b").document["number"] == "15/KH-UBND"


@ON_SQLITE
def test_an_officer_submits_and_is_told_who_goes_on(office: Town):
    draft_id = begun(office)
    page = opened(office.people.officer, draft_id)
    press(page, "Trình lãnh đạo")
    assert kept(office, draft_id).status == "submitted"
    assert any("lãnh đạo mở trang này" in each.value for each in page.info)


@ON_SQLITE
def test_of_a_draft_that_is_not_there_only_that_is_said(office: Town):
    page = opened(office.people.leader, begun(office))
    assert len(page.error) == 1 and not page.text_input


def plan_choice(actor):
    """A page that asks for a plan."""
    import streamlit as st

    from dashboard.ui.frame import choose_plan

    st.write(choose_plan(actor).code)


def _chosen(actor, **state) -> AppTest:
    page = AppTest.from_function(plan_choice, args=(actor,), default_timeout=60)
    for name, value in state.items():
        page.session_state[name] = value
    return page.run()


@ON_SQLITE
def test_without_a_plan_each_role_reads_the_next_step_and_who_takes_it(office: Town):
    for code in ("ba_to_2024", "bai_chay_2024", "duc_pho_2024", "hong_ngu_2022", "long_khanh_2024"):
        example(office, code)
    told = {role: _chosen(getattr(office.people, role)).info[0].value for role in ("officer", "leader", "supervisor")}
    assert "lập kế hoạch năm nay" in told["officer"]
    assert "cán bộ tổng hợp lập" in told["leader"] and "ban hành" in told["leader"]
    assert "Bạn đã được giao xã" in told["supervisor"]
    page = _chosen(office.people.leader, examples=True)
    assert "Kế hoạch mẫu" in page.warning[0].value and page.markdown[0].value.endswith("_2024")
    assert _chosen(office.people.supervisor, examples=True).info


@ON_SQLITE
def test_a_plan_says_that_it_has_ended_and_that_it_is_closed(office: Town, monkeypatch):
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2025-01-05")
    assert any("đã kết thúc ngày 31/12/2024" in each.value for each in _chosen(office.people.leader).caption)
    closed(office)
    with office.reading() as session:
        head = next(p for p in figures.plans_of(session, office.people.leader) if p.code == "duc_pho_2024")
    assert head.closed
    page = _chosen(office.people.leader, plan_code="duc_pho_2024")
    assert any("đã đóng" in each.value for each in page.caption)


def test_edits_of_a_grid_change_add_and_delete_rows():
    columns = columns_shown(ACTIVITIES, False)
    rows = [{"code": "A", "note_vi": "giữ"}, {"code": "B"}, {"code": "C"}]
    edits = {
        "edited_rows": {0: {"code": "A1", "lead": "x"}, "2": {"code": None}},
        "added_rows": [{"code": "D"}, {}],
        "deleted_rows": [1],
    }
    assert with_edits(rows, edits, columns) == [
        {"code": "A1", "note_vi": "giữ", "lead": "x"},
        {},
        {"code": "D"},
        {},
    ]
    assert with_edits(
        with_edits(rows, {"edited_rows": {0: {"code": "Z"}}}, columns), {"edited_rows": {0: {"code": "Z"}}}, columns
    )[0] == {
        "code": "Z",
        "note_vi": "giữ",
    }


def test_a_paste_without_a_head_follows_the_tables_columns():
    columns = columns_shown(SHEETS["components"], False)
    rows, strange = pasted(SHEETS["components"], 'DA6\t\t"Dự án 6:\ntruyền thông"\t250.000.000\r\n', columns)
    assert rows == [{"code": "DA6", "name_vi": "Dự án 6:\ntruyền thông", "amount": "250.000.000"}] and strange == []
    assert pasted(SHEETS["components"], "  \n\t\n", columns) == ([], [])


def test_a_word_that_is_no_choice_is_offered_and_so_not_lost():
    kind = ACTIVITIES.columns["kind"]
    rows = [{"kind": "pano"}, {"kind": "khiêu vũ"}]
    options = options_of(kind, rows)
    assert options[-1] == "khiêu vũ" and as_chosen(kind, "pano") in options and len(set(options)) == len(options)
