"""Adding a record kind is adding one file: it is then in the form, the table and the export."""

import textwrap
import uuid
from io import BytesIO

import openpyxl
import pytest

from dashboard.form.form_data import form_fields, form_needs
from dashboard.i18n import words
from dashboard.records.workbook import records_workbook
from data_model import kinds
from data_model.kinds import registry
from data_model.plans import view
from data_model.records.listing import list_records
from data_model.records.writing import Entry, send
from data_model.review.marks import marks_of
from seed.load import FOLDER, load_plan
from tests.conftest import ON_SQLITE, PHO_VINH

pytestmark = ON_SQLITE
KIND = '''
from data_model.forms.fields import Day, Whole
from data_model.forms.kind import PHOTO, Kind, MapMark
from data_model.core.label import Label


class TreePlanting(Kind):
    """Trees planted by a village."""

    code = "tree_planting"
    label = Label("Buổi trồng cây", "Tree planting")
    icon = "park"
    map_mark = MapMark("triangle", 1)
    measures = {"trees": Label("cây", "trees")}
    needs = (PHOTO,)

    planted_on = Day("Ngày trồng", "Planted on", required=True)
    trees = Whole("Số cây", "Trees", required=True)

    @property
    def happened_on(self):
        return self.planted_on

    def count(self, measure):
        return self.trees
'''
ACTIVITY = """
[[activity]]
id = "DP-99"
component = "DA4.1"
name = { vi = "Trồng cây", en = "Planting trees" }
kind = "tree_planting"
measure = "trees"
quantity = 100
comparator = "at_least"
unit_of_measure = { vi = "cây", en = "tree" }
scope = "whole"
"""


@pytest.fixture
def tree_planting(tmp_path, monkeypatch):
    """The one new file, found beside the others."""
    (tmp_path / "tree_planting.py").write_text(textwrap.dedent(KIND))
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(tmp_path)])
    monkeypatch.setattr(registry, "_found", {})
    yield registry.all_kinds()["tree_planting"]
    registry._found.clear()


def test_one_file_brings_a_kind_everywhere(town, tree_planting, tmp_path):
    drawn = form_fields(tree_planting)
    assert [(field["label"], field["type"], field["required"]) for field in drawn[:2]] == [
        ("Ngày trồng", "day", True),
        ("Số cây", "whole", True),
    ]

    path = tmp_path / "duc_pho_2024.toml"
    path.write_text((FOLDER / "plans" / "duc_pho_2024.toml").read_text(encoding="utf-8") + ACTIVITY, encoding="utf-8")
    with town.writing() as session:
        assert load_plan(session, path) == "duc_pho_2024"
    entry = town.entry("DP-99", PHO_VINH, {"planted_on": "2024-10-01", "trees": "1.250"})
    with town.writing() as session:
        assert send(session, town.people.supervisor, entry).quantity == 1250

    words.speak("vi")
    with town.reading() as session:
        plan = view.view_plan(session, town.plan().id)
        rows, total = list_records(session, town.people.leader, plan.id, kind="tree_planting")
        book = openpyxl.load_workbook(BytesIO(records_workbook(session, town.people.leader, plan, {})))
        marks = marks_of(session, town.people.leader, [entry.id])[entry.id]
    assert (total, rows[0].quantity) == (1, 1250)
    assert form_needs(tree_planting) == [{"label": "ảnh hoặc tệp", "fields": (), "evidence": True}]
    assert [label.vi for label in marks.lacking] == ["ảnh hoặc tệp"]
    sheet = book["Buổi trồng cây"]
    titles = [cell.value for cell in sheet[1]]
    assert (sheet.cell(2, titles.index("Số cây") + 1).value, sheet.cell(2, titles.index("Xã, phường") + 1).value) == (
        1250,
        "phường Phổ Vinh",
    )


def test_what_people_typed_is_text_in_the_workbook_and_never_a_formula(town):
    typed = '=HYPERLINK("http://x","<b>bấm</b>")'
    entry = Entry(
        id=uuid.uuid4(),
        plan_id=town.plan().id,
        activity_id=town.line("DP-11").activity_id,
        unit_id=town.unit(PHO_VINH).id,
        answers={"held_on": "2024-10-01", "place": typed, "attendance": {"total": 50}},
    )
    with town.writing() as session:
        send(session, town.people.supervisor, entry)
    with town.reading() as session:
        book = openpyxl.load_workbook(BytesIO(records_workbook(session, town.people.leader, town.plan(), {})))
    cells = [cell for row in book["Buổi đối thoại"].iter_rows(min_row=2) for cell in row]
    found = next(cell for cell in cells if cell.value == typed)
    assert found.data_type == "s" and found.hyperlink is None
    assert next(cell for cell in cells if cell.value == 50).data_type == "n"
