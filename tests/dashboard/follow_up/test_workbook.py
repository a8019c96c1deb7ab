"""The list of recommendations as Excel: what the account may see, text as text."""

from datetime import datetime
from io import BytesIO

from openpyxl import load_workbook

from dashboard.follow_up.workbook import recommendations_workbook
from data_model.follow_up.listing import Standing
from tests.conftest import ON_SQLITE
from tests.data_model.visits import FIX_LOA, send_visit

pytestmark = ON_SQLITE


def sheet_of(town, actor, **query):
    with town.reading() as session:
        return load_workbook(BytesIO(recommendations_workbook(session, actor, town.plan(), query))).active


def test_rows_carry_standing_deadline_and_text_that_does_not_act(town):
    send_visit(town, [FIX_LOA | {"what": '=HYPERLINK("x")<b>', "fix_by": "2024-10-02", "weight": "serious"}, FIX_LOA])
    head, first, second = sheet_of(town, town.people.leader).iter_rows()
    assert [c.value for c in head][:5] == [
        "Xã, phường",
        "Việc phải làm",
        "Người, đơn vị chịu trách nhiệm",
        "Hạn hoàn thành",
        "Trạng thái",
    ]
    assert (first[1].value, first[1].data_type, first[3].value) == ('=HYPERLINK("x")<b>', "s", datetime(2024, 10, 2))
    assert [c.value for c in first][4:7] == ["quá hạn", "chưa thực hiện", "Nghiêm trọng"]
    assert second[4].value == "chưa thực hiện"
    assert sheet_of(town, town.people.leader, standing=Standing.OVERDUE).max_row == 2


def test_another_communes_supervisor_takes_nothing_away(town):
    send_visit(town)
    assert sheet_of(town, town.people.second).max_row == 1
