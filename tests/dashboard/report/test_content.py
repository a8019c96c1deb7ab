"""A frozen quarter printed: every figure in Word, Excel and PDF is the snapshot's, what is missing is missing, nothing
typed acts.
"""

import dataclasses
from datetime import date
from fractions import Fraction
from functools import cached_property

import pytest

from dashboard.i18n import words as speech
from dashboard.report import content as reports
from dashboard.report import excel, other_tables, pdf, picture, word, words
from dashboard.report.files import file_name
from dashboard.report.summary import sentences
from dashboard.report.target_tables import target_table
from dashboard.snapshots import figure_tables
from data_model.core.label import Label
from data_model.counting.rules import Pair, TargetStatus
from data_model.forms.fields import People
from data_model.periods.periods import Period
from data_model.snapshots.content import SnapshotContent
from data_model.snapshots.report_settings import ReportSettings
from tests.dashboard import report_files as read
from tests.dashboard.report_content import quarter
from tests.old_contents import as_of_the_first_declaration

HASH = "a3b4c5d6e7f80912" * 4
DRAFT = reports.Standing("nháp", False, HASH)
ISSUED = reports.Standing("phát hành", True, HASH, approved="Lãnh đạo phòng, 15/10/2024")


@pytest.fixture(autouse=True)
def vietnamese():
    speech.speak("vi")


def made(content: SnapshotContent, standing=DRAFT) -> reports.PreparedReport:
    return reports.make(content, ReportSettings(), standing)


@pytest.fixture(scope="module")
def content() -> SnapshotContent:
    return quarter()


@pytest.fixture(scope="module")
def printed(content) -> reports.PreparedReport:
    return made(content)


@dataclasses.dataclass(frozen=True)
class Files:
    """The files of one print, each written and read back when a test first asks for it."""

    printed: reports.PreparedReport

    @cached_property
    def book(self):
        return read.workbook(excel.make(self.printed.report, self.printed.drawings))

    @cached_property
    def tables(self) -> list[list[list[str]]]:
        return read.word_tables(word.make(self.printed.report, self.printed.drawings))

    @cached_property
    def pdf_words(self) -> str:
        return read.pdf_words(pdf.make(self.printed.report, self.printed.drawings))


_FILES: dict[int, Files] = {}


def files_of(printed: reports.PreparedReport) -> Files:
    return _FILES.setdefault(id(printed), Files(printed))


def _excel_rows(printed: reports.PreparedReport, sheet: str) -> list[list]:
    return [list(row) for row in files_of(printed).book[sheet].iter_rows(min_row=excel.TITLES + 2, values_only=True)]


def _word_rows(printed: reports.PreparedReport, first_title: str, columns: int) -> list[list[str]]:
    found = [rows for rows in files_of(printed).tables if rows[0][0] == first_title and len(rows[0]) == columns]
    return [row for rows in found for row in rows[1:]]


def _share(value: Fraction | None) -> float | str:
    return "–" if value is None else pytest.approx(float(value), rel=1e-12)


def test_every_figure_of_every_target_is_the_snapshots(content, printed):
    """In Excel as numbers, in Word and PDF as they are written."""
    in_excel = {row[0]: row for row in _excel_rows(printed, words.TARGETS_SHEET) if row[1]}
    in_word = {row[0]: row for row in _word_rows(printed, "Mã", 14) if len(row) == 14}
    in_pdf = files_of(printed).pdf_words
    for target in content.targets:
        figures = [target.need, target.planned]
        figures += (
            [None, target.measured, target.measured_reported]
            if target.is_measured
            else [target.done_in_period.verified, target.done.verified, target.done.reported]
        )
        row, told = in_excel[target.code], in_word[target.code]
        for figure, cell, text in zip(figures, [*row[3:5], *row[6:9]], [*told[3:5], *told[6:9]], strict=True):
            assert isinstance(cell, str) if figure is None else cell == pytest.approx(float(figure), abs=1e-12)
            assert text == (cell if figure is None else speech.number(figure))
        assert row[9:11] == [_share(target.percent), _share(target.percent_of_planned)]
        assert told[9:11] == [speech.percent(target.percent), speech.percent(target.percent_of_planned)]
        assert speech.say(target.status.label) in row[11] and row[11] == told[11]
        assert row[12:14] == [target.cause, target.measure] == told[12:14]  # blank, where a person writes
        assert read.squeezed("".join(told[3:12])) in in_pdf


def test_every_cell_of_the_matrix_is_the_snapshots(content, printed):
    """Done of due; without a number what happened; nothing is a dash and never 0."""
    in_excel = {row[0]: row for row in _excel_rows(printed, words.MATRIX_SHEET) if row[0]}
    in_word = {row[0]: row for row in _word_rows(printed, "Mã", 17)}
    shown = [target for target in content.targets if target.cells or target.due_in]
    assert len(shown) > 10
    for target in shown:
        for place, unit in enumerate(content.units, 2):
            number, text = _matrix_cell(target, target.cells.get(unit.code))
            assert (in_excel[target.code][place], in_word[target.code][place]) == (number, text), (
                target.code,
                unit.code,
            )


def _matrix_cell(target, cell) -> tuple[float | str, str]:
    if cell is None:
        return "–", "–"
    if target.is_measured:
        return ("?", "?") if cell.value is None else (pytest.approx(float(cell.value)), speech.number(cell.value))
    if cell.need:
        return cell.done.verified, f"{speech.number(cell.done.verified)}/{speech.number(cell.need)}"
    return (cell.happened, str(cell.happened)) if cell.happened else ("–", "–")


def test_people_not_asked_for_are_not_zero(content, printed):
    rows = _excel_rows(printed, "Người tham dự")
    for one, row in zip([*content.attendance, content.attendance_total], rows, strict=False):
        assert row[2:9] == [
            words.NOT_COLLECTED if one.parts[name] is None else one.parts[name] for name in People.fields
        ]
    told = _word_rows(printed, "Hoạt động", 10)
    assert [row[2:9] for row in told] == [
        [words.NOT_COLLECTED if one.parts[name] is None else speech.number(one.parts[name]) for name in People.fields]
        for one in [*content.attendance, content.attendance_total]
    ]
    assert any(0 in row[2:9] and words.NOT_COLLECTED in row[2:9] for row in rows)


def test_money_is_whole_dong_and_what_is_not_named_is_not_zero(content, printed):
    rows = _excel_rows(printed, "Kinh phí")
    in_word, in_pdf = _word_rows(printed, "Mã", 7), files_of(printed).pdf_words
    sources = _excel_rows(printed, "Nguồn vốn")
    assert [row[1:4] for row in sources[: len(content.paid_by_source)]] == [
        [one.paid_in_period.verified, one.paid.verified, one.paid.reported] for one in content.paid_by_source
    ]
    for one, row, told in zip(content.money, rows, in_word, strict=False):
        amounts = [one.budget, one.paid_in_period.verified, one.paid.verified, one.paid.reported]
        assert row[2:6] == [words.NO_AMOUNT if amount is None else amount for amount in amounts]
        assert told[2:6] == [
            words.NO_AMOUNT if amount is None else speech.money(amount).removesuffix(" đồng") for amount in amounts
        ]
        assert "".join(read.squeezed(cell) for cell in told[2:6]) in in_pdf
    assert read.squeezed(f"{words.FUNDS}: DA4: Ngân sách huyện theo Quyết định <30>.") in in_pdf


def test_the_records_annex_holds_every_record_counted(content, printed):
    rows = _excel_rows(printed, "Bản ghi được tính")
    assert [row[0] for row in rows] == [str(one.id) for one in content.records]
    for one, row in zip(content.records, rows, strict=True):
        assert row[2].date() == one.happened_on and (row[1], row[3], row[5]) == (one.version, one.unit, one.target)
        assert row[7:10] == [
            "–" if figure is None else pytest.approx(float(figure)) for figure in (one.quantity, one.value, one.amount)
        ]


def test_the_annex_of_what_is_left_out_names_each_record_and_why(content, printed):
    rows = _excel_rows(printed, "Bản ghi không tính")
    assert [(row[0], row[3], row[5], row[6], row[8]) for row in rows] == [
        (str(one.id), content.units[0].code, "X-CHI", "Giải ngân Dự án 4", speech.say(one.reason.label))
        for one in content.left_out
    ]
    assert rows[0][2] == "–" and rows[1][2].date() == date(2024, 8, 1)


def test_what_asks_for_somebody_to_act_names_its_record_in_excel(content, printed):
    """In the workbook the record can be looked up; on paper its long number would only take room."""
    for sheet, told in (("Điều kiện chưa đạt", content.unmet), ("Kiến nghị", content.follow_up.recommendations)):
        assert [row[-1] for row in _excel_rows(printed, sheet)][: len(told)] == [
            str(one.record_id) if one.record_id else "–" for one in told
        ]
    assert str(content.unmet[0].record_id) not in read.word_text(word.make(printed.report, printed.drawings))


def test_an_overdue_recommendation_says_so_once(content):
    first = content.follow_up.recommendations[0]
    for state, shown in (("quá hạn", "quá hạn"), ("đang thực hiện", "đang thực hiện, quá hạn")):
        follow_up = dataclasses.replace(
            content.follow_up, recommendations=(dataclasses.replace(first, state=Label(state, "")),)
        )
        assert _word_rows(made(dataclasses.replace(content, follow_up=follow_up)), "Đơn vị", 5)[0][4] == shown


# --- the same figures, row by row and in their order, in every format -------------------------------------------------


def _told(value, missing="–", write=speech.number) -> str:
    return missing if value is None else write(value).removesuffix(" đồng")


def _target_names(content) -> dict[str, str]:
    return {target.code: target.name.vi for target in content.targets}


def _matrix_rows(content) -> list[list[str]]:
    rows = [
        [t.code, t.name.vi, *(_matrix_cell(t, t.cells.get(u.key))[1] for u in content.units)]
        for t in content.targets
        if t.cells or t.due_in
    ]
    return [
        *rows,
        ["", words.MEAN_OF_COMMUNE, *(speech.percent(u.mean) for u in content.units)],
        ["", words.RESTS_ON, *(speech.number(u.rests_on) for u in content.units)],
    ]


def _people_rows(content) -> list[list[str]]:
    names = _target_names(content)
    return [
        [
            f"{one.target}. {names[one.target]}" if one.target else words.IN_ALL,
            _told(one.in_period.get("total"), words.NOT_COLLECTED),
            *(_told(one.parts[part], words.NOT_COLLECTED) for part in People.fields),
            f"{one.with_figures}/{one.records}",
        ]
        for one in [*content.attendance, content.attendance_total]
    ]


def _money_rows(content) -> list[list[str]]:
    return [
        [
            row.code,
            row.name.vi,
            *(
                _told(amount, words.NO_AMOUNT, speech.money)
                for amount in (row.budget, row.paid_in_period.verified, row.paid.verified, row.paid.reported)
            ),
            speech.percent(Fraction(row.paid.verified, row.budget)) if row.budget else "–",
        ]
        for row in content.money
    ]


def _source_rows(content) -> list[list[str]]:
    return [
        [
            one.name.vi,
            *(
                _told(amount, write=speech.money)
                for amount in (one.paid_in_period.verified, one.paid.verified, one.paid.reported)
            ),
        ]
        for one in content.paid_by_source
    ]


def _trend_rows(content) -> list[list[str]]:
    return [
        [
            words.quarter_end(point.quarter),
            *(("–", speech.percent(point.mean)) if point.is_forecast else (speech.percent(point.mean), "–")),
            "–" if point.is_forecast else _told(point.paid, write=speech.money),
        ]
        for point in content.trend
    ]


def _unmet_rows(content) -> list[list[str]]:
    names = _target_names(content)
    return [
        [
            one.unit,
            f"{one.target}. {names[one.target]}",
            speech.day(one.happened_on),
            one.condition.vi,
            _told(one.figure, words.NOT_COLLECTED),
            "xác nhận" if one.verified else "báo cáo",
        ]
        for one in content.unmet
    ]


def _round_rows(content) -> list[list[str]]:
    return [
        [one.target, one.name.vi, str(one.need), str(one.visited.verified), str(one.visited.reported)]
        for one in content.rounds
    ]


def _quality_rows(content) -> list[list[str]]:
    return [[note.say.vi, str(note.count)] for note in content.quality]


TABLES = {
    words.MATRIX_TITLE: (words.MATRIX_SHEET, _matrix_rows),
    words.ATTENDANCE_TITLE: ("Người tham dự", _people_rows),
    words.MONEY_TITLE: ("Kinh phí", _money_rows),
    words.SOURCES_TITLE: ("Nguồn vốn", _source_rows),
    words.TREND_TITLE: ("Luỹ kế theo quý", _trend_rows),
    words.UNMET_TITLE: ("Điều kiện chưa đạt", _unmet_rows),
    words.ROUNDS_TITLE: ("Đợt giám sát", _round_rows),
    words.QUALITY_TITLE: ("Chất lượng số liệu", _quality_rows),
}


@pytest.mark.parametrize("title", TABLES)
def test_every_table_has_the_snapshots_rows_in_every_format(content, printed, title):
    """In Word letter by letter, in Excel as numbers, in the PDF row after row behind the table's title."""
    sheet, rows_of = TABLES[title]
    rows = rows_of(content)
    assert rows
    files = files_of(printed)
    assert rows in [table[1:] for table in files.tables]
    cells = list(files.book[sheet].iter_rows(min_row=excel.TITLES + 2, max_row=excel.TITLES + 1 + len(rows)))
    for row, there in zip(rows, cells, strict=True):
        for told, cell in zip(row, there, strict=False):
            assert _as_shown(cell, told), (title, told, cell.value)
    found = files.pdf_words
    at = found.rindex(read.squeezed(title))
    for row in rows:
        line = read.squeezed("".join(row))
        assert line in found[at:], (title, row)
        at = found.index(line, at) + len(line)


def _as_shown(cell, told: str) -> bool:
    """Whether an Excel cell holds what Word writes: a number as a number, a share exact, a word as it is."""
    if cell.value is None:
        return told in ("", "–")
    if cell.is_date:
        return speech.day(cell.value.date()) == told
    if isinstance(cell.value, str):
        return cell.value == told
    if cell.number_format.endswith("0 %"):
        return speech.percent(Fraction(cell.value).limit_denominator(10_000)) == told
    return speech.number(Fraction(cell.value).limit_denominator(10_000)) == told.partition("/")[0]


def test_a_measured_target_shows_its_reported_value_and_an_older_content_says_nothing_of_it(content):
    first = content.targets[0]
    measured = dataclasses.replace(first, is_measured=True, measured=Fraction(0), measured_reported=Fraction(3))
    told = dataclasses.replace(content, targets=(measured,))
    assert target_table(told).rows[-1].cells[7].text == "0" and target_table(told).rows[-1].cells[8].text == "3"
    older = dataclasses.replace(
        told,
        identity=dataclasses.replace(told.identity, schema=2),
        targets=(dataclasses.replace(measured, measured_reported=None),),
    )
    assert target_table(older).rows[-1].cells[8].text == "–"
    nobody = dataclasses.replace(told, targets=(dataclasses.replace(measured, measured=None, measured_reported=None),))
    assert [cell.text for cell in target_table(nobody).rows[-1].cells[7:9]] == ["chưa có số liệu"] * 2


@pytest.mark.parametrize(
    ("communes", "drawn", "outlined", "told"),
    [
        (15, 15, 15, ""),
        (15, 15, 0, "Ô vẽ theo toạ độ điểm: chưa có ranh giới được nhập."),
        (15, 15, 7, "8 xã chưa có ranh giới được nhập: ô vẽ theo toạ độ điểm."),
        (15, 5, 5, "Không vẽ được 10 xã chưa có toạ độ."),
    ],
)
def test_the_map_says_what_it_is_not(communes, drawn, outlined, told):
    assert words.map_note(communes, drawn, outlined) == told


def test_identity_says_what_was_frozen(printed):
    told = dict(_word_rows(printed, "Mục", 2))
    assert told["Mã kiểm chứng SHA-256"].replace(" ", "") == HASH and told["Trạng thái"] == "nháp"
    assert "thay thế bản 1" in told["Bản số"] and told["Thời điểm chốt"] == "10/10/2024 16:00"
    assert "60 đã xác nhận" in told["Bản ghi được tính"] and "3 nháp" in told["Bản ghi không tính"]


def test_results_come_first_and_how_they_were_frozen_last(content, printed):
    """Nobody who opens the report meets a table of codes: that is an annex, numbered like the others."""
    body = [section.title for section in printed.report.body]
    assert body[0] == "I. TÓM TẮT KẾT QUẢ" and body[1] == "II. KẾT QUẢ THỰC HIỆN CHỈ TIÊU"
    assert [table.name for section in printed.report.body for table in section.tables][1] == words.SHORT_SHEET
    assert not any(
        HASH[:12] in str(cell.text)
        for t in printed.report.body
        for table in t.tables
        for row in table.rows
        for cell in row.cells
    )
    last = printed.report.annexes[-1]
    assert last.tables[0].name == words.IDENTITY_SHEET
    told = printed.with_journal_head(7, "ab" * 32).report.annexes[-1].tables[0].rows[-1]
    assert told.cells[0].text == words.JOURNAL_HEAD
    in_word = read.word_text(word.make(printed.report, {}))
    assert in_word.index("TÓM TẮT") < in_word.index("Nơi nhận") < in_word.index(words.IDENTITY_TITLE.upper())


def test_the_short_table_has_every_numbered_target_with_its_status(content, printed):
    rows = [row for row in _word_rows(printed, "Chỉ tiêu", 7) if len(row) == 7]
    numbered = [target for target in content.targets if target.need is not None]
    assert [row[2] for row in rows] == [speech.number(target.need) for target in numbered]
    assert all(speech.say(one.status.label) in row[6] for one, row in zip(numbered, rows, strict=True))


def test_what_nobody_told_is_a_blank_to_fill(content):
    texts = dataclasses.replace(content.texts, difficulties="", proposals="", next_tasks="", send_by=None)
    told = read.word_text(word.make(made(dataclasses.replace(content, texts=texts), ISSUED).report, {}))
    assert told.count(words.BLANK) >= 4 and "Không có nội dung" not in told


def test_a_draft_carries_its_mark_and_an_issued_version_does_not(content, printed):
    assert "BẢN NHÁP" in printed.report.marks[0] and made(content, ISSUED).report.marks == ()
    assert made(content, dataclasses.replace(ISSUED, status="thay thế")).report.marks == ("ĐÃ CÓ BẢN THAY THẾ",)
    sample = dataclasses.replace(content, identity=dataclasses.replace(content.identity, is_sample=True))
    assert made(sample, ISSUED).report.marks == (words.SAMPLE,)


@pytest.mark.parametrize(
    ("typed", "printed"), [("5", "Số: 05/BC-UBND"), ("128/BC-LĐTBXH", "Số: 128/BC-LĐTBXH"), ("", "Số: …/BC-UBND")]
)
def test_the_documents_number_and_last_day_stand_in_every_heading(content, typed, printed):
    texts = dataclasses.replace(content.texts, number=typed, send_by=date(2024, 10, 5))
    report = made(dataclasses.replace(content, texts=texts), ISSUED).report
    for told in (
        read.word_text(word.make(report, {})),
        read.pdf_words(pdf.make(report, {})),
        " ".join(str(cell.value) for row in read.workbook(excel.make(report, {}))[words.TEXTS_SHEET] for cell in row),
    ):
        assert read.squeezed(printed) in read.squeezed(told) and read.squeezed(
            "gửi trước ngày 05/10/2024"
        ) in read.squeezed(told)


def test_it_says_that_it_serves_reports_and_is_no_statutory_form(printed):
    text = read.word_text(word.make(printed.report, printed.drawings))
    assert "phục vụ lập báo cáo" in text and "không phải và không thay thế mẫu báo cáo" in text and "Mẫu số" not in text


@pytest.mark.parametrize(
    "case",
    [
        {"numbers": False},
        {"records": 0},
        {"numbers": False, "records": 0, "targets": 3},
        {"units": 1, "targets": 1},
        {"targets": 0, "records": 0},
        {"units": 45, "targets": 40},
        {"typed": "Rất dài, nhiều lý do. " * 400},
        {"names": ("Phổ & <Vinh>", "=1+1", '"\\#strong[x]', "Phổ Vinh")},
        {"typed": "=SUM(A1)\n@x +1 -1 #strong[đậm] <b>&amp; 😀"},
    ],
)
def test_every_format_is_written_whatever_is_missing_or_typed(case):
    """A plan without a number, a quarter without a record, one commune or 45, endless texts, names that look like
    markup.
    """
    printed = made(quarter(**case))
    assert read.word_tables(word.make(printed.report, printed.drawings)) == [
        read.expected_rows(one) for one in printed.report.tables
    ]
    found = read.pdf_words(pdf.make(printed.report, printed.drawings))
    assert all(
        read.squeezed(cell.text) in found
        for _t, _r, cell in read.cells_of(dataclasses.replace(printed.report, only_excel=()))
        if len(cell.text) < 300
    )
    book = read.workbook(excel.make(printed.report, printed.drawings))
    assert not any(cell.data_type == "f" for sheet in book for row in sheet for cell in row)
    assert picture.make(printed.report, printed.drawings).startswith(b"\x89PNG")


def test_a_snapshot_of_the_first_declaration_is_printed_too(content):
    """Without what later ones keep: nothing is made up for it, every figure is still there."""
    printed = made(SnapshotContent.read(as_of_the_first_declaration(content.canonical())), ISSUED)
    assert files_of(printed).tables == [read.expected_rows(one) for one in printed.report.tables]
    assert all(read.squeezed("".join(row)) in files_of(printed).pdf_words for row in _money_rows(content))
    assert _excel_rows(printed, "Bản ghi không tính")[0][0] == words.NOTHING_LEFT_OUT
    assert len(_excel_rows(printed, "Bản ghi được tính")) == len(content.records)
    assert picture.make(printed.report, printed.drawings).startswith(b"\x89PNG")


def test_a_plan_without_a_number_is_never_judged():
    printed = made(quarter(numbers=False))
    assert "không đánh giá" in sentences(quarter(numbers=False))[0]
    assert not [name for name in printed.drawings if name.startswith("bars")]
    rows = [row for row in _word_rows(printed, "Mã", 14) if len(row) == 14]
    assert {(row[3], row[4], row[9], row[10]) for row in rows} == {(words.NO_NUMBER, "–", "–", "–")}


def test_the_report_is_vietnamese_in_an_english_interface(content):
    speech.speak("en")
    report = made(content).report
    assert speech.language() == "en"
    assert "(en)" not in read.word_text(word.make(report, {})) and "(en)" not in read.pdf_words(pdf.make(report, {}))


def test_the_same_snapshot_gives_the_same_files(content, printed):
    again = made(content)
    assert all(
        format.make(printed.report, printed.drawings) == format.make(again.report, again.drawings)
        for format in (word, excel, pdf, picture)
    )


def test_long_work_tells_its_steps(printed):
    told = []
    word.make(printed.report, printed.drawings, lambda step, of: told.append((step, of)))
    assert told == [(step, len(printed.report.sections)) for step in range(1, len(printed.report.sections) + 1)]


def test_a_file_is_named_without_marks():
    assert file_name("duc_pho_2024", Period.Q3, 2, "docx") == "so-giam-sat_duc_pho_2024_quy-3_ban-2.docx"
    assert file_name("Đức Phổ/2024", Period.YEAR, 1, "pdf") == "so-giam-sat_duc-pho-2024_ca-nam_ban-1.pdf"


def test_the_bars_name_their_status_in_words(printed):
    """For a black-and-white copy."""
    assert {"bars1", "map", "mean", "paid"} <= printed.drawings.keys()
    used = {status for status in TargetStatus if status is not TargetStatus.NO_NUMBER}
    assert all(
        speech.say(status.label)
        in printed.drawings["bars1"].svg + printed.drawings.get("bars2", printed.drawings["bars1"]).svg
        for status in used
    )


def _from_the_15th(content: SnapshotContent) -> SnapshotContent:
    """The year of a plan whose quarters end on the 14th, with something done in its last days."""
    known = dataclasses.replace(
        content.identity,
        period=Period.YEAR.value,
        quarter_rule="15_to_14",
        starts_on=date(2023, 12, 15),
        ends_on=date(2024, 12, 14),
    )
    first, *others = content.targets
    targets = (
        dataclasses.replace(first, done_after=Pair(2, 3)),
        *(dataclasses.replace(t, done_after=Pair(0, 0)) for t in others),
    )
    return dataclasses.replace(content, identity=known, targets=targets)


def test_r26_a_year_from_the_15th_says_its_days_and_what_was_done_after_them(content):
    year = _from_the_15th(content)
    (table,) = other_tables.after_last_day(year)
    assert [[cell.text for cell in row.cells][-2:] for row in table.rows] == [["2", "3"]]
    assert table.title == "Việc đã làm sau ngày cuối năm báo cáo (14/12/2024)"
    assert words.period(year.identity.period, 2024, year.identity.own_days) == "năm 2024 (từ 15/12/2023 đến 14/12/2024)"
    assert other_tables.after_last_day(content) == ()
    html = figure_tables.after_last_day(year)
    assert "14/12/2024" in html and ">2<" in html and figure_tables.after_last_day(content) == ""


def test_r17_a_report_says_in_how_many_communes_a_value_was_measured(content):
    first = dataclasses.replace(content.targets[0], is_measured=True, measured=None, measured_in=12, measured_of=15)
    known = dataclasses.replace(first, measured=Fraction(2))
    for target, place, said in (
        (first, 7, "chưa có số liệu (12 trong 15 xã đã đo)"),
        (known, 1, f"{first.name.vi} (12 trong 15 xã đã đo)"),
    ):
        row = next(r for r in target_table(dataclasses.replace(content, targets=(target,))).rows if not r.heading)
        assert row.cells[place].text == said
