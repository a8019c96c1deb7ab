"""The journal in words and as a workbook: readable, whole, and nothing in it acts."""

import uuid
from datetime import date, timedelta
from fractions import Fraction

import openpyxl
import pytest

from dashboard.i18n import words
from dashboard.journal import workbook
from dashboard.journal.words import sentence, what_changed
from dashboard.journal.workbook import journal_workbook
from data_model.core import clock
from data_model.journal import listing
from data_model.journal.listing import JournalFilter
from data_model.journal.subjects import lookups
from data_model.periods.periods import Period
from data_model.plans import phasing
from data_model.records import writing
from data_model.records.writing import Entry
from data_model.review import decisions
from data_model.snapshots import approval, freezing, reading
from tests.conftest import ON_SQLITE, PHO_CUONG, PHO_VINH

pytestmark = ON_SQLITE
ATTACK = '=HYPERLINK("http://x","<b onclick=1>bấm</b>")'


@pytest.fixture(autouse=True)
def vietnamese():
    words.speak("vi")


def _days(**more) -> JournalFilter:
    today = clock.now().astimezone(clock.VIETNAM).date()
    return JournalFilter(today - timedelta(days=1), today + timedelta(days=1), **more)


def _told(town, actor, **asked) -> list[tuple[str, list]]:
    with town.reading() as session:
        names = lookups(session, actor)
        return [(sentence(e.row), what_changed(e, names)) for e in listing.all_entries(session, actor, _days(**asked))]


@pytest.fixture
def sent(town):
    entry = Entry(
        id=uuid.uuid4(),
        plan_id=town.plan().id,
        activity_id=town.line("DP-11").activity_id,
        unit_id=town.unit(PHO_VINH).id,
        answers={"held_on": "2024-10-01", "place": ATTACK, "attendance": {"total": 50}},
    )
    with town.writing() as session:
        return writing.send(session, town.people.supervisor, entry)


def test_an_entry_reads_as_a_sentence_with_before_and_after(town, sent):
    with town.writing() as session:
        decisions.return_to_author(session, town.people.leader, sent.id, 1, "Thiếu danh sách")
    (returned, changed), (was_sent, _content) = _told(town, town.people.leader, subject="record")
    assert (
        returned == "Lãnh đạo phòng đã trả lại bản ghi Đối thoại chính sách tại xã, phường, phường Phổ Vinh, 01/10/2024"
    )
    assert changed == [("Trạng thái", "đã gửi", "trả lại"), ("Lý do", "", "Thiếu danh sách")]
    assert was_sent.startswith("Giám sát cụm Đông đã gửi bản ghi")


def test_answers_are_told_field_by_field(town, sent):
    rows = {what: after for what, _before, after in _told(town, town.people.leader, subject="record")[0][1]}
    assert (
        rows["Địa điểm"] == ATTACK
        and rows["Người tham dự · Tổng số người"] == "50"
        and rows["Xã, phường"] == "phường Phổ Vinh"
    )
    assert "answers" not in rows and set(rows) >= {"Trạng thái", "Ngày tổ chức"}


def test_what_stands_there_by_number_has_its_name(town):
    line = town.line("DP-11")
    with town.writing() as session:
        phasing.set_phasing(
            session,
            town.people.leader,
            town.plan().id,
            {line.target_id: {2: Fraction(5), 3: Fraction(5), 4: Fraction(5)}},
        )
    told = {what: after for what, _b, after in _told(town, town.people.leader, act="set_phasing")[0][1]}
    assert told["Phân kỳ"] == "Đối thoại chính sách tại xã, phường: quý 2: 5, quý 3: 5, quý 4: 5"
    made = next(rows for said, rows in _told(town, town.people.leader, act="create") if "cụm Nam" in said)
    assert ("Xã, phường", "", town.unit(PHO_CUONG).full_name) in made


def test_no_name_of_the_program_is_left_in_what_people_read(town, sent):
    with town.writing() as session:
        decisions.verify(session, town.people.leader, sent.id, 1, "Đã xem")
    left = {
        what
        for _said, rows in _told(town, town.people.leader)
        for what, _b, _a in rows
        if "_" in what or (what.islower() and what.isascii())
    }
    assert left == set()


def _written(town, tmp_path, asked=None):
    return _book(town, tmp_path, asked)["Nhật ký"]


def _book(town, tmp_path, asked=None):
    path = tmp_path / "nhat-ky.xlsx"
    with town.reading() as session:
        journal_workbook(session, town.people.leader, asked or _days(), path)
    return openpyxl.load_workbook(path)


def test_the_workbook_holds_every_entry_and_no_formula(town, sent, tmp_path):
    sheet = _written(town, tmp_path)
    with town.reading() as session:
        numbers = [row.id for row in listing.entries(session, town.people.leader, _days(), limit=1000)]
    assert list(dict.fromkeys(cell.value for cell in sheet["A"][1:])) == numbers
    found = next(cell for row in sheet.iter_rows() for cell in row if cell.value == ATTACK)
    assert found.data_type == "s" and found.hyperlink is None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet["B2"].is_date and sheet["B2"].value.date() >= date(2024, 1, 1)


def test_a_long_journal_is_cut_and_says_so(town, sent, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_LINES", 3)
    sheet = _written(town, tmp_path)
    assert sheet.max_row == 5 and "sau 3 dòng" in sheet.cell(5, 5).value


def test_the_file_holds_what_was_asked_for(town, sent, tmp_path):
    sheet = _written(town, tmp_path, _days(subject="record"))
    assert {cell.value for cell in sheet["A"][1:]} != set() and all("bản ghi" in cell.value for cell in sheet["E"][1:])


def test_what_was_typed_is_whole_on_the_page_and_in_the_file(town, tmp_path):
    long, run = " ".join(f"vướng mắc {n}" for n in range(700)), "<r>& chưa sửa</r>"
    causes = {f"DP-{n}": f"{n}: {long[:9_000].strip()}" for n in range(10)}
    with town.database.writing(one_moment=True) as session:
        head = freezing.freeze(session, town.people.officer, town.plan().id, Period.Q3)
    with town.writing() as session:
        texts = reading.Texts(difficulties=long, proposals=run, causes=causes, measures={})
        approval.save_texts(session, town.people.officer, head.id, texts, head.row_version)
    told = {what: after for what, _b, after in _told(town, town.people.leader, subject="snapshot")[0][1]}
    assert told["Khó khăn"] == long and all(said in told["Nguyên nhân"] for said in causes.values())
    book = _book(town, tmp_path, _days(subject="snapshot"))
    values = {cell.value for row in book["Nhật ký"].iter_rows() for cell in row}
    assert {long, run} <= values
    parts = list(book["Văn bản dài"].iter_rows(min_row=2, values_only=True))
    assert "".join(row[4] for row in parts) == told["Nguyên nhân"] and len(parts) > 1
