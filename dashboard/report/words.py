"""The fixed words of a report, once for all formats. Vietnamese only: it is an official document of a Vietnamese
office.
"""

from datetime import date

from dashboard.i18n.words import day
from dashboard.report.parts import Heading
from data_model.periods.tables import SnapshotStatus

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
TO = "Kính gửi"
RECIPIENTS = "Nơi nhận"

JOURNAL_HEAD = "Đầu chuỗi nhật ký khi in"
COMMUNES = "xã"
NO_NUMBER_THERE = "không có chỉ tiêu số tại xã"
HAPPENED_THERE = "có việc đã ghi, không giao số"
RECORDS_THERE = "việc"
MEAN_OF_COMMUNE = "Bình quân chỉ tiêu của xã"
PLANNED_MARK = "kế hoạch luỹ kế đến kỳ"

TEXTS_SHEET = "Thuyết minh"
CHARTS_SHEET = "Biểu đồ"

TARGETS_SHEET = "Chỉ tiêu"
TARGETS_TITLE = "Kết quả thực hiện chỉ tiêu"
NO_TARGETS = "Kế hoạch chưa có chỉ tiêu nào."
TARGETS_NOTES = (
    (
        "Tình trạng tính trên số đã xác nhận; số báo cáo gồm cả bản ghi đã gửi, chưa xác nhận. Kế hoạch luỹ kế đến kỳ"
        " lấy từ phân kỳ do lãnh đạo nhập hoặc chấp nhận; “chưa phân kỳ” là chưa có. Dấu – là không có số, không phải"
        " bằng 0."
    ),
)
NOT_PHASED = "chưa phân kỳ"
NO_NUMBER = "không giao số"
NO_DATA = "chưa có số liệu"
NOT_COLLECTED = "không thu thập"
ORIGINS = {"plan": "kế hoạch", "entered": "lãnh đạo phân kỳ", "none": "–"}
VISITS = "lượt xã"
MATRIX_SHEET = "Xã x chỉ tiêu"
MATRIX_TITLE = "Kết quả theo xã và chỉ tiêu"
NO_MATRIX = "Kế hoạch không giao chỉ tiêu nào cho từng xã và chưa có việc nào được ghi tại xã."
MATRIX_NOTES = (
    (
        "a/b: đã làm (xác nhận) trên số phải làm tại xã. Số đứng một mình: việc đã ghi tại xã của chỉ tiêu chung, không"
        " tính bình quân. Dấu –: không giao và không có việc nào; dấu ?: chưa có số liệu đo."
    ),
)
RESTS_ON = "Số chỉ tiêu làm căn cứ"
MAP = "Bản đồ các xã theo bình quân tỷ lệ thực hiện chỉ tiêu"
ENDED = "Đơn vị đã sắp xếp, không còn ở ngày cuối kỳ"
ENDED_NOTE = (
    "Số liệu của các đơn vị này được giữ riêng, không cộng vào đơn vị mới; bản đồ vẽ theo đơn vị ở ngày cuối kỳ."
)
NO_MAP = "Chưa có ranh giới hay toạ độ của xã nào nên không vẽ được bản đồ."

IDENTITY_SHEET = "Thông tin chung"
QUARTER_RULES = {"calendar": "quý theo lịch", "15_to_14": "từ ngày 15 đến ngày 14"}
AFTER_TITLE = "Việc đã làm sau ngày cuối năm báo cáo ({last})"
NOTHING_AFTER = "Chưa ghi nhận việc nào sau ngày {last}."
AFTER_NOTE = (
    "Những việc này thuộc năm kế hoạch nhưng không thuộc quý nào của năm báo cáo (từ 15/12 năm trước đến 14/12); không"
    " cộng vào số của kỳ."
)
NO_AMOUNT = "không nêu"
HEADLINE_TITLE = "Số chỉ tiêu theo tình trạng"
IN_ALL = "Tổng số lượt người"
ATTENDANCE_TITLE = "Người tham dự"
NO_ATTENDANCE = "Chưa có bản ghi nào ghi số người tham dự."
ATTENDANCE_NOTE = (
    "Tính theo lượt người, luỹ kế từ đầu năm. “Không thu thập” là không bản ghi nào có số liệu, khác với 0."
)
NOBODY_COUNTED = "Không bản ghi nào của các hoạt động sau ghi số người tham dự"
MONEY_TITLE = "Dự toán và giải ngân (đồng)"
NO_MONEY = "Kế hoạch không có dự án, tiểu dự án nào có kinh phí."
MONEY_NOTE = "Dòng dự án gồm giải ngân của các tiểu dự án. “Không nêu”: kế hoạch không nêu số tiền, không phải bằng 0."
SOURCES_TITLE = "Giải ngân theo nguồn vốn (đồng)"
NO_SOURCES = "Chưa có khoản giải ngân nào nêu nguồn vốn."
LEFT_OUT = {"late": "đến muộn, chờ lãnh đạo quyết định", "running": "đang diễn ra", "after": "sau kỳ số liệu"}
ROUNDS_TITLE = "Các đợt giám sát"
NO_ROUNDS = "Kế hoạch không chia đợt giám sát."
FOLLOW_UP_TITLE = "Phát hiện và kiến nghị"
OVERDUE = "quá hạn"
NO_FINDINGS = "Chưa có phát hiện, kiến nghị nào."
RECOMMENDATIONS_TITLE = "Danh sách kiến nghị"
NO_RECOMMENDATIONS = "Chưa có kiến nghị nào."
UNMET_TITLE = "Bản ghi được tính nhưng chưa đạt điều kiện kèm theo"
NO_UNMET = "Không có bản ghi nào chưa đạt điều kiện."
CHANGES_TITLE = "Thay đổi so với bản phát hành gần nhất"
NO_CHANGES = "Không có thay đổi, hoặc chưa có bản phát hành nào trước bản này."
QUALITY_TITLE = "Lưu ý về chất lượng số liệu"
NO_QUALITY = "Không có điều gì cần lưu ý."
TREND_TITLE = "Luỹ kế đến hết từng quý"
NO_TREND = "Chưa hết quý nào."
FUNDS = "Nguồn kinh phí theo kế hoạch"
SOURCES_NOTE = (
    "Kế hoạch không chia dự toán theo nguồn vốn; bảng này nêu số đã giải ngân, theo nguồn ghi ở từng khoản chi."
)
LEFT_OUT_TITLE = "Các bản ghi không tính, hoặc chỉ tính vào số báo cáo"
NOTHING_LEFT_OUT = "Không có bản ghi nào bị để lại, hoặc bản chốt này lập trước khi danh sách này có."
RECORDS_TITLE = "Các bản ghi được tính"
NO_RECORDS = "Kỳ này không có bản ghi nào."

CHAPTERS = (
    "Tóm tắt kết quả",
    "Kết quả thực hiện chỉ tiêu",
    "Kết quả theo địa bàn",
    "Kinh phí thực hiện",
    "Giám sát, phát hiện và kiến nghị",
    "Khó khăn, vướng mắc và đề xuất",
    "Nhiệm vụ kỳ tới",
)
"""Results first; how they were frozen stands behind the signature."""
SHORT_SHEET = "Chỉ tiêu tóm tắt"
SHORT_TITLE = "Chỉ tiêu có số của kế hoạch"
NO_SHORT = "Kế hoạch không giao chỉ tiêu số; việc đã làm nêu tại Phụ lục I."
IDENTITY_TITLE = "Thông tin về số liệu đã chốt"
CHANGES_AND_QUALITY = "Thay đổi và chất lượng số liệu"
SEE_TARGETS = "Kết quả từng hoạt động, nguyên nhân và biện pháp nêu tại Phụ lục I."
SEE_MATRIX = "Kết quả của từng xã theo từng chỉ tiêu nêu tại Phụ lục II."
SEE_UNMET = "Các bản ghi được tính nhưng chưa đạt điều kiện kèm theo nêu tại Phụ lục III."
SEE_RECOMMENDATIONS = "Danh sách kiến nghị nêu tại Phụ lục IV."
BARS = "Tỷ lệ thực hiện so với kế hoạch năm"
MEAN_LINES = "Bình quân tỷ lệ thực hiện, luỹ kế đến hết từng quý"
PAID_LINES = "Giải ngân luỹ kế đến hết từng quý"
BLANK = "…" * 40
"""Room to write by hand what nobody has told."""
NOT_ISSUED = "BẢN NHÁP/CHƯA PHÁT HÀNH"
MARKS = {
    status.label.vi: mark
    for status, mark in (
        (SnapshotStatus.SUBMITTED, "ĐANG TRÌNH DUYỆT/CHƯA PHÁT HÀNH"),
        (SnapshotStatus.APPROVED, "ĐÃ DUYỆT/CHƯA PHÁT HÀNH"),
        (SnapshotStatus.SUPERSEDED, "ĐÃ CÓ BẢN THAY THẾ"),
        (SnapshotStatus.DISCARDED, "BẢN BỎ, KHÔNG DÙNG"),
    )
}
"""On every page of what is not, or no longer, the issued version, by its status."""
SAMPLE = "DỮ LIỆU MẪU"
FOR_REPORTS = "Số liệu nội bộ, phục vụ lập báo cáo"
FOOT = (
    "Tài liệu này là số liệu quản lý nội bộ, phục vụ lập báo cáo giám sát theo Thông tư 10/2022/TT-BLĐTBXH; không phải"
    " và không thay thế mẫu báo cáo do pháp luật quy định."
)
FIRST_TARGETS = "Chỉ tiêu cần chú ý trước"

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


def annex(number: int) -> str:
    """ "Phụ lục I"."""
    return f"Phụ lục {ROMAN[number - 1]}"


def attached_to(heading: Heading) -> str:
    """The line under an annex's title (Nghị định 30/2020, Annex I)."""
    return (
        f"(Kèm theo {heading.kind.capitalize()} {_lowered(heading.number)};"
        f" {_lowered(heading.place_and_date.rpartition(', ')[2])})"
    )


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def map_note(communes: int, drawn: int, outlined: int) -> str:
    """What the map is not: of so many communes, `drawn` are on it, `outlined` of them by a boundary."""
    said = []
    if not outlined:
        said.append("Ô vẽ theo toạ độ điểm: chưa có ranh giới được nhập.")
    elif outlined < drawn:
        said.append(f"{drawn - outlined} {COMMUNES} chưa có ranh giới được nhập: ô vẽ theo toạ độ điểm.")
    if drawn < communes:
        said.append(f"Không vẽ được {communes - drawn} {COMMUNES} chưa có toạ độ.")
    return " ".join(said)


def quarter_end(quarter: int) -> str:
    """Under a chart: "hết quý I"."""
    return f"hết quý {ROMAN[quarter - 1]}" if quarter <= 4 else "sau quý IV"


def dated(place: str, on: date | None) -> str:
    """ "Đức Phổ, ngày 05 tháng 01 năm 2025": a leading zero for days under 10 and for months 1 and 2 (Nghị định
    30/2020).
    """
    if on is None:
        said = "ngày … tháng … năm …"
    else:
        month = f"{on.month:02d}" if on.month < 3 else str(on.month)
        said = f"ngày {on.day:02d} tháng {month} năm {on.year}"
    return f"{place}, {said}" if place else said.capitalize()


def period(name: str, year: int, days: tuple[date, date] | None = None) -> str:
    """ "quý III năm 2024", "6 tháng đầu năm 2024", "năm 2024"; with its days where they are not the calendar's."""
    said = {
        "q1": "quý I",
        "q2": "quý II",
        "q3": "quý III",
        "q4": "quý IV",
        "h1": "6 tháng đầu",
        "h2": "6 tháng cuối",
    }.get(name, "")
    named = f"{said} năm {year}".strip()
    return named if days is None else f"{named} (từ {day(days[0])} đến {day(days[1])})"


def abstract(plan: str, period_said: str, send_by: date | None = None) -> str:
    """What the document is about and until when it is to be sent; it never claims to be the statutory form."""
    until = f", gửi trước ngày {day(send_by)}" if send_by else ""
    return f"Số liệu tiến độ {period_said}\n{plan}\n(phục vụ lập báo cáo{until})"


def numbered(number: str, symbol: str) -> str:
    """ "Số: 05/BC-UBND": a leading zero under 10, room to write where there is no number yet; a symbol that was typed
    stays.
    """
    if "/" in number:
        return f"Số: {number}"
    told = f"{int(number):02d}" if number.isdigit() else number or "…"
    return f"Số: {told}/{symbol}" if symbol else f"Số: {told}"


def parts_add_up(amount: str) -> str:
    """A component without a budget of its own whose parts have one."""
    return f"{NO_AMOUNT}; các phần cộng lại {amount}"
