"""The sheets in which people write a plan: what each column asks, in both languages.

From this one declaration come the Excel workbook, its reading, the table on the page, and the place where a check says
what is wrong. A draft keeps the cells as they were typed; `reading.read` makes a plan's content of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from data_model.core.label import Label
from data_model.core.problems import Say, refuse
from data_model.core.text import nfc
from data_model.forms.fields import Choice, Day, Field, Form, LongText, Money, Number, Text, Whole
from data_model.forms.listed import Listed
from data_model.kinds.disbursement import SOURCES
from data_model.kinds.registry import all_kinds
from data_model.plans.quantities import written
from data_model.plans.rules import QuarterRule
from data_model.plans.tables import Comparator, Scope

Cells = dict[str, str]
"""One row as it was typed: column -> text. What is empty is left out."""
Sheets = dict[str, list[Cells]]
"""Everything typed of one plan: sheet -> its rows, in order."""

MOST_ROWS = 500
"""Rows of a sheet: three times the longest plan that was read."""
MOST_LETTERS = 4000
"""Letters of a cell."""


@dataclass(frozen=True)
class Quantity(Number):
    """A plan's number, exact: a decimal written the Vietnamese way, or a fraction such as 1/3."""

    def _read(self, raw: Any) -> Decimal:
        if isinstance(raw, str) and (found := re.fullmatch(r"(\d{1,12})/(\d{1,6})", raw, re.ASCII)) and int(found[2]):
            return Fraction(int(found[1]), int(found[2]))  # type: ignore[return-value]
        return super()._read(raw)

    def stored(self, value: Any) -> str | None:
        return None if value is None else written(Fraction(value)).replace(".", ",")


def _kinds() -> dict[str, Label]:
    return {code: kind.label for code, kind in all_kinds().items() if not kind.counts_money}


def measures() -> dict[str, Label]:
    """Everything that records of some kind count, by its code."""
    return {
        measure: label
        for kind in all_kinds().values()
        if not kind.counts_money
        for measure, label in kind.measures.items()
    }


def _proofs() -> dict[str, Label]:
    return {proof: label for kind in all_kinds().values() for proof, label in kind.proofs.items()}


COMPARATORS = {
    Comparator.EXACTLY.value: Label("đúng bằng", "exactly"),
    Comparator.AT_LEAST.value: Label("ít nhất", "at least"),
    Comparator.ABOUT.value: Label("dự kiến khoảng", "about"),
    Comparator.KEEP_ZERO.value: Label("giữ bằng 0", "keep at zero"),
    Comparator.PERCENTAGE.value: Label("tỷ lệ %", "percentage"),
}
SCOPES = {
    Scope.WHOLE.value: Label("toàn địa bàn", "whole area"),
    Scope.EACH_UNIT.value: Label("mỗi đơn vị", "each unit"),
    Scope.NAMED_UNITS.value: Label("các đơn vị nêu tên", "named units"),
}
QUARTER_RULES = {
    QuarterRule.CALENDAR.value: Label("theo quý dương lịch", "calendar quarters"),
    QuarterRule.FROM_15_TO_14.value: Label("từ ngày 15 đến ngày 14", "from the 15th to the 14th"),
}


def _english(of: str) -> Label:
    return Label(f"Bản tiếng Anh của “{of}”, có thể để trống", f"“{of}” in English; may stay empty")


class PlanRow(Form):
    """The plan itself: one row."""

    code = Text(
        "Mã kế hoạch",
        "Code of the plan",
        required=True,
        most=60,
        help=Label(
            "Mã ngắn do cơ quan đặt, không trùng với kế hoạch khác, ví dụ ba_to_2026",
            "A short code of your own, unlike any other plan's, for example ba_to_2026",
        ),
    )
    name_vi = Text("Tên kế hoạch", "Name of the plan", required=True)
    name_en = Text("Tên tiếng Anh", "Name in English", help=_english("Tên kế hoạch"))
    owner = Text(
        "Mã đơn vị chủ trì",
        "Code of the owner unit",
        required=True,
        most=20,
        help=Label(
            "Mã của tỉnh, huyện (trước 7/2025), xã hoặc phường có kế hoạch này",
            "The code of the province, district (before July 2025), commune or ward whose plan it is",
        ),
    )
    issuer = Text("Cơ quan ban hành", "Issuing office")
    year = Whole("Năm", "Year", required=True, least=2000, most=2100)
    starts_on = Day("Từ ngày", "From day", required=True, planned=True)
    ends_on = Day("Đến ngày", "Until day", required=True, planned=True)
    document_number = Text("Số văn bản", "Number of the document", most=80)
    document_date = Day("Ngày văn bản", "Day of the document", planned=True)
    document_note_vi = LongText("Ghi chú về văn bản", "Note on the document")
    document_note_en = LongText("Ghi chú về văn bản (tiếng Anh)", "Note on the document (English)")
    source = Text("Nguồn", "Source", help=Label("Tệp hoặc nơi lưu văn bản", "File or place where the document is kept"))
    quarter_rule = Listed("Cách tính quý", "Quarters end", options=QUARTER_RULES)
    on_track_percent = Whole("Đúng tiến độ từ (%)", "On track from (%)", least=1, most=100)
    slow_percent = Whole("Chậm từ (%)", "Slow from (%)", least=1, most=100)


class UnitRow(Form):
    """A unit in which the plan is carried out."""

    code = Text(
        "Mã đơn vị",
        "Code of the unit",
        required=True,
        most=20,
        help=Label("Mã đơn vị hành chính, giữ nguyên số 0 ở đầu", "The administrative code, zeros in front included"),
    )
    name = Text("Tên", "Name", help=Label("Chỉ để dễ đọc", "Only for reading"))
    valid_from = Day(
        "Có từ ngày",
        "Exists since",
        planned=True,
        help=Label(
            "Chỉ ghi khi mã này được dùng lại trong năm của kế hoạch",
            "Only where the code was used anew within the year",
        ),
    )


class ComponentRow(Form):
    """A project or sub-project with its budget."""

    code = Text("Mã", "Code", required=True, most=20)
    parent = Text(
        "Thuộc",
        "Belongs to",
        most=20,
        help=Label("Mã của dự án ở dòng phía trên", "Code of the project in a row above"),
    )
    name_vi = Text("Tên dự án, tiểu dự án", "Name", required=True)
    budget_code = Text(
        "Mã kinh phí",
        "Code of the budget",
        most=20,
        help=Label(
            "Để trống nếu kế hoạch không nêu kinh phí; nếu có số tiền mà để trống, mã là KP- và mã dự án",
            "Empty where the plan names no budget; with an amount and no code it is KP- and the project's code",
        ),
    )
    amount = Money(
        "Tổng kinh phí (đồng)",
        "Budget (đồng)",
        help=Label(
            "Số nguyên đồng, không ghi nghìn đồng hay triệu đồng", "In whole đồng, not in thousands or millions"
        ),
    )
    note_vi = LongText("Ghi chú", "Note")
    section = Text("Mục", "Section", most=60)
    not_carried_out_vi = LongText("Lý do không thực hiện", "Why it is not carried out")
    source_of_funds_vi = LongText("Nguồn vốn (theo văn bản)", "Sources of funds, as written")
    as_read = Text("Số ghi trong văn bản", "As printed", most=500)
    line = Whole("Dòng", "Line", most=100_000)
    budget_section = Text("Mục kinh phí", "Section of the budget", most=60)
    slip_vi = LongText("Sai sót trong văn bản", "Slip in the document")
    name_en = Text("Tên tiếng Anh", "Name in English", help=_english("Tên dự án"))
    note_en = LongText("Ghi chú (tiếng Anh)", "Note (English)")
    not_carried_out_en = LongText("Lý do không thực hiện (tiếng Anh)", "Why it is not carried out (English)")
    source_of_funds_en = LongText("Nguồn vốn theo văn bản (tiếng Anh)", "Sources of funds, as written (English)")
    slip_en = LongText("Sai sót trong văn bản (tiếng Anh)", "Slip in the document (English)")


for _code, _label in SOURCES.items():
    _source = Money(f"Trong đó: {_label.vi} (đồng)", f"Of this: {_label.en} (đồng)")
    object.__setattr__(_source, "name", f"source_{_code}")
    ComponentRow.fields[f"source_{_code}"] = _source
"""Budgets by source: a column for each source that a payment can name."""


class ActivityRow(Form):
    """An activity with its target."""

    number = Whole(
        "STT",
        "No.",
        most=10_000,
        help=Label(
            "Thứ tự trong kế hoạch; để trống thì theo thứ tự dòng", "Its place in the plan; empty: as the rows stand"
        ),
    )
    code = Text("Mã", "Code", required=True, most=20)
    component = Text(
        "Thuộc dự án",
        "Project",
        required=True,
        most=20,
        help=Label("Mã ở trang dự án", "A code of the sheet of projects"),
    )
    name_vi = Text("Hoạt động", "Activity", required=True)
    part_of = Text(
        "Là phần của",
        "Part of",
        most=20,
        help=Label("Mã của hoạt động chung ở dòng phía trên", "Code of the whole, in a row above"),
    )
    kind = Listed(
        "Loại bản ghi",
        "Record kind",
        options=_kinds(),
        help=Label(
            "Bản ghi nào chứng minh hoạt động này; để trống khi chỉ các phần của nó được ghi",
            "Which records prove it; empty where only its parts are recorded",
        ),
    )
    measure = Listed(
        "Đếm theo",
        "Counted in",
        options=measures(),
        help=Label("Phải là cách đếm của loại bản ghi", "One of those that the record kind counts"),
    )
    unit_vi = Text("Đơn vị tính", "Unit of measure", most=60)
    comparator = Listed("So sánh", "Comparison", options=COMPARATORS)
    quantity = Quantity(
        "Số lượng",
        "Quantity",
        help=Label(
            "Để trống khi kế hoạch không giao số; không ghi 0 thay cho trống",
            "Empty where the plan gives no number; never 0 instead",
        ),
    )
    scope = Listed(
        "Phạm vi",
        "Where",
        options=SCOPES,
        required=True,
        help=Label(
            "Số lượng tính cho toàn địa bàn, cho mỗi đơn vị, hay cho từng đơn vị nêu tên",
            "Whether the number is for the whole area, for each unit, or for each named unit",
        ),
    )
    named_units = LongText(
        "Các đơn vị nêu tên",
        "Named units",
        help=Label("Mã hoặc tên, cách nhau bằng dấu chấm phẩy", "Codes or names, with semicolons between them"),
    )
    window_from = Day("Làm từ ngày", "From day", planned=True)
    window_to = Day("Đến ngày", "Until day", planned=True)
    due = Day("Hạn", "Due", planned=True)
    lead = Text("Cơ quan chủ trì", "Lead agency", most=500)
    coordinating = LongText(
        "Cơ quan phối hợp",
        "Coordinating agencies",
        help=Label("Cách nhau bằng dấu chấm phẩy", "With semicolons between them"),
    )
    requirement_vi = LongText("Yêu cầu", "Requirement")
    window_vi = Text("Thời gian ghi trong văn bản", "Time, as written", most=500)
    as_read = Text("Số ghi trong văn bản", "Number, as written", most=500)
    section = Text("Mục", "Section", most=60)
    line = Whole("Dòng", "Line", most=100_000)
    note_vi = LongText("Ghi chú", "Note")
    slip_vi = LongText("Sai sót trong văn bản", "Slip in the document")
    name_en = Text("Hoạt động (tiếng Anh)", "Activity (English)", help=_english("Hoạt động"))
    unit_en = Text("Đơn vị tính (tiếng Anh)", "Unit of measure (English)", most=60)
    requirement_en = LongText("Yêu cầu (tiếng Anh)", "Requirement (English)")
    window_en = Text("Thời gian (tiếng Anh)", "Time (English)", most=500)
    note_en = LongText("Ghi chú (tiếng Anh)", "Note (English)")
    slip_en = LongText("Sai sót (tiếng Anh)", "Slip (English)")


class ConditionRow(Form):
    """A bound that every record of an activity is checked against."""

    activity = Text("Mã hoạt động", "Code of the activity", required=True, most=20)
    proof = Listed("Điều kiện về", "Condition on", options=_proofs(), required=True)
    at_least = Whole("Ít nhất", "At least")
    at_most = Whole("Nhiều nhất", "At most")
    text_vi = Text(
        "Ghi thành lời", "In words", help=Label("Ví dụ: mỗi buổi 50 người", "For example: 50 people at each session")
    )
    text_en = Text("Ghi thành lời (tiếng Anh)", "In words (English)")


class RoundRow(Form):
    """A monitoring round of an activity."""

    activity = Text("Mã hoạt động", "Code of the activity", required=True, most=20)
    number = Whole("Đợt số", "Round number", required=True, least=1, most=50)
    name_vi = Text("Tên đợt", "Name of the round", required=True)
    name_en = Text("Tên đợt (tiếng Anh)", "Name of the round (English)")


class PhasingRow(Form):
    """The quarters' shares of one target."""

    activity = Text("Mã hoạt động", "Code of the activity", required=True, most=20)
    q1 = Quantity("Quý I", "Quarter I")
    q2 = Quantity("Quý II", "Quarter II")
    q3 = Quantity("Quý III", "Quarter III")
    q4 = Quantity("Quý IV", "Quarter IV")


class ReportRow(Form):
    """A report that the plan asks for, by a day: an activity that counts reports sent."""

    number = Whole("STT", "No.", most=10_000)
    code = Text("Mã", "Code", required=True, most=20)
    component = Text("Thuộc dự án", "Project", required=True, most=20)
    name_vi = Text("Báo cáo", "Report", required=True)
    due = Day("Hạn gửi", "To be sent by", planned=True)
    quantity = Whole("Số báo cáo", "Number of reports", least=1, most=1000)
    scope = Listed("Ai gửi", "Who sends it", options=SCOPES, required=True)
    lead = Text("Cơ quan gửi", "Sender", most=500)
    requirement_vi = LongText("Yêu cầu", "Requirement")
    window_vi = Text("Thời gian ghi trong văn bản", "Time, as written", most=500)
    as_read = Text("Số ghi trong văn bản", "Number, as written", most=500)
    section = Text("Mục", "Section", most=60)
    line = Whole("Dòng", "Line", most=100_000)
    note_vi = LongText("Ghi chú", "Note")
    slip_vi = LongText("Sai sót trong văn bản", "Slip in the document")
    name_en = Text("Báo cáo (tiếng Anh)", "Report (English)")
    requirement_en = LongText("Yêu cầu (tiếng Anh)", "Requirement (English)")
    window_en = Text("Thời gian (tiếng Anh)", "Time (English)", most=500)
    note_en = LongText("Ghi chú (tiếng Anh)", "Note (English)")
    slip_en = LongText("Sai sót (tiếng Anh)", "Slip (English)")


class SlipRow(Form):
    """A slip of the document that belongs to no figure, or what is left out of the plan, with the reason."""

    what = Listed(
        "Là",
        "It is",
        required=True,
        options={
            "slip": Label("chỗ sai sót", "a slip"),
            "left_out": Label("nội dung để ngoài", "left out"),
        },
    )
    code = Text("Mã", "Code", most=20)
    section = Text("Mục", "Section", most=60)
    line = Whole("Dòng", "Line", most=100_000)
    as_read = Text("Ghi trong văn bản", "As written", most=1000)
    name_vi = Text("Tên", "Name")
    text_vi = LongText("Giải thích", "Explanation", required=True)
    name_en = Text("Tên (tiếng Anh)", "Name (English)")
    text_en = LongText("Giải thích (tiếng Anh)", "Explanation (English)")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its code, its name, what a row is, and an example row (column -> text in Vietnamese)."""

    code: str
    name: Label
    row: type[Form]
    example: Mapping[str, str] = field(default_factory=dict)
    ONE: ClassVar[str] = "plan"

    @property
    def columns(self) -> dict[str, Field[Any]]:
        return self.row.fields


SHEETS: dict[str, Sheet] = {
    each.code: each
    for each in (
        Sheet(
            "plan",
            Label("Kế hoạch", "Plan"),
            PlanRow,
            {
                "code": "xa_a_2026",
                "name_vi": "Kế hoạch giảm nghèo xã A năm 2026",
                "owner": "00000",
                "issuer": "UBND xã A",
                "year": "2026",
                "starts_on": "01/01/2026",
                "ends_on": "31/12/2026",
                "document_number": "15/KH-UBND",
                "document_date": "20/01/2026",
                "quarter_rule": "theo quý dương lịch",
            },
        ),
        Sheet("units", Label("Đơn vị", "Units"), UnitRow, {"code": "00000", "name": "xã A"}),
        Sheet(
            "components",
            Label("Dự án, kinh phí", "Projects and budgets"),
            ComponentRow,
            {
                "code": "DA4",
                "name_vi": "Dự án 4: giáo dục nghề nghiệp, việc làm",
                "budget_code": "KP-DA4",
                "amount": "1.250.000.000",
                "source_central": "1.000.000.000",
                "source_province": "250.000.000",
                "section": "II.1",
            },
        ),
        Sheet(
            "activities",
            Label("Hoạt động, chỉ tiêu", "Activities and targets"),
            ActivityRow,
            {
                "number": "1",
                "code": "A-01",
                "component": "DA4",
                "name_vi": "Đối thoại với hộ nghèo",
                "kind": all_kinds()["dialogue_session"].label.vi,
                "measure": "buổi",
                "unit_vi": "buổi",
                "comparator": "đúng bằng",
                "quantity": "1",
                "scope": "mỗi đơn vị",
                "window_from": "01/04/2026",
                "window_to": "30/11/2026",
                "due": "30/11/2026",
                "lead": "Phòng Văn hóa - Xã hội",
            },
        ),
        Sheet(
            "conditions",
            Label("Điều kiện", "Conditions"),
            ConditionRow,
            {
                "activity": "A-01",
                "proof": "số người tham dự",
                "at_least": "50",
                "text_vi": "mỗi buổi ít nhất 50 người",
            },
        ),
        Sheet(
            "rounds",
            Label("Đợt giám sát", "Monitoring rounds"),
            RoundRow,
            {
                "activity": "A-02",
                "number": "1",
                "name_vi": "Đợt 1: sáu tháng đầu năm",
            },
        ),
        Sheet("phasing", Label("Phân kỳ", "Phasing"), PhasingRow, {"activity": "A-01", "q2": "1", "q4": "1"}),
        Sheet(
            "reports",
            Label("Hạn báo cáo", "Report deadlines"),
            ReportRow,
            {
                "code": "BC-01",
                "component": "BC",
                "name_vi": "Báo cáo sáu tháng",
                "due": "09/06/2026",
                "quantity": "1",
                "scope": "mỗi đơn vị",
            },
        ),
        Sheet(
            "slips",
            Label("Chỗ sai sót", "Slips"),
            SlipRow,
            {
                "what": "chỗ sai sót",
                "section": "II",
                "text_vi": "Văn bản không cộng các khoản kinh phí",
            },
        ),
    )
}


def shown(column: Field[Any], value: Any) -> str:
    """A read value as people write it in a cell: days 31/12/2026, numbers 1.234,5, choices by their Vietnamese name."""
    if value is None or value == "":
        return ""
    if isinstance(column, Day):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(column, Choice):
        return column.options[value].vi
    if isinstance(column, Whole):
        return f"{value:,}".replace(",", ".") if isinstance(column, Money) else str(value)
    stored = column.stored(value)
    return str(stored)


def tidied(sheets: Mapping[str, Any]) -> Sheets:
    """What a way in hands in, as it is kept: known sheets and columns, texts in NFC, empty cells left out.

    Rows that are empty stay while others come after them, so that a row keeps its number. Raises Refused for what is
    no sheet at all, or larger than any plan.
    """
    kept: Sheets = {}
    for code, sheet in SHEETS.items():
        rows = sheets.get(code, [])
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise refuse(Say.NOT_UNDERSTOOD, code)
        if len(rows) > MOST_ROWS:
            raise refuse(Say.TOO_MANY_ROWS, code, most=MOST_ROWS)
        kept[code] = [_row(sheet, row) for row in rows]
        while kept[code] and not kept[code][-1]:
            kept[code].pop()
    return kept


def _row(sheet: Sheet, row: Mapping[str, Any]) -> Cells:
    cells = {name: nfc(str(row[name])) for name in sheet.columns if row.get(name) is not None}
    for name, text in cells.items():
        if len(text) > MOST_LETTERS:
            raise refuse(Say.TOO_LONG, f"{sheet.code}.{name}", most=MOST_LETTERS, length=len(text))
    return {name: text for name, text in cells.items() if text}
