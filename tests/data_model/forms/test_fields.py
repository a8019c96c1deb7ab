"""Reading what people type: Vietnamese numbers, days, times, letters, attendance; nothing is guessed."""

import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from data_model.core.label import Label
from data_model.core.problems import Refused, Say
from data_model.core.text import folded, nfc
from data_model.forms.fields import (
    Attendance,
    Checklist,
    Choice,
    Clock,
    Day,
    Form,
    LongText,
    Money,
    Number,
    Rows,
    Text,
    Whole,
)


def refusal(field, raw):
    with pytest.raises(Refused) as refused:
        field.clean(raw)
    return [(p.where, p.say) for p in refused.value.problems]


def says(field, raw):
    ((where, say),) = refusal(field, raw)
    assert where == ""
    return say


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("50", 50),
        (" 50 ", 50),
        ("1.234", 1234),
        ("1.234.567", 1_234_567),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        (50, 50),
        (50.0, 50),
        (Decimal("50"), 50),
        ("0", 0),
        ("007", 7),
        ("+5", 5),
        ("1\u202f234", 1234),
        ("1\u2009234\u2009567", 1_234_567),
        ("\ufeff50\u200b", 50),
        ("5 000 000", 5_000_000),
    ],
)
def test_whole_numbers_as_vietnamese_officers_write_them(raw, number):
    assert Whole("Số", "No.", most=10**7).clean(raw) == number


@pytest.mark.parametrize(
    "raw",
    [
        "12,5",
        "12.5",
        "1.23",
        "1.2345",
        "0.123",
        "1,234",
        "5 người",
        "năm",
        "٥",
        "1e3",
        "--5",
        1.5,
        1.234,
        Decimal("1.234"),
        float("nan"),
        float("inf"),
        "0x10",
        "½",
    ],
)
def test_what_is_no_whole_number_is_not_guessed(raw):
    assert says(Whole("Số", "No."), raw) is Say.NOT_WHOLE


@pytest.mark.parametrize(
    "raw", ["25 30", "10 5", "1 2345", "1234 567", "1  234", "1.234 567", "1 234.567", "25\u00a030", "0 123", "10 50 5"]
)
def test_a_space_inside_a_number_is_asked_about_and_never_read_over(raw):
    for field in (Whole("Số", "No.", most=10**7), Money("Tiền", "Money"), Number("Số", "No.")):
        assert says(field, raw) is Say.SPACE_IN_NUMBER


@pytest.mark.parametrize("raw", [True, [5], {"n": 5}, b"5", date(2024, 1, 1)])
def test_a_value_of_another_sort_is_not_understood(raw):
    assert says(Whole("Số", "No."), raw) is Say.NOT_UNDERSTOOD
    assert says(Text("Tên", "Name"), raw) is Say.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("raw", "say"),
    [("-1", Say.TOO_SMALL), ("101", Say.TOO_LARGE), ("9" * 5000, Say.TOO_LARGE), ("-" + "9" * 50, Say.TOO_SMALL)],
)
def test_bounds_of_whole_numbers(raw, say):
    assert says(Whole("Số", "No.", most=100), raw) is say


def test_money_is_whole_dong():
    assert Money("Tiền", "Money").clean("4.305.385.000") == 4_305_385_000
    assert Money("Tiền", "Money").clean("12.500.000 đ") == Money("Tiền", "Money").clean("12 500 000 đồng") == 12_500_000
    for wrong in ("1.000,50", "12,500,000", "12,5 triệu", "12 triệu", "$5", "đ"):
        assert says(Money("Tiền", "Money"), wrong) is Say.NOT_MONEY


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("12,5", "12.5"),
        ("1.234,5", "1234.5"),
        ("1.234", "1234"),
        ("0,6", "0.6"),
        (12.5, "12.5"),
        (7, "7"),
        ("0,125", "0.125"),
    ],
)
def test_decimals_have_a_comma_and_are_exact(raw, number):
    assert Number("Số", "No.").clean(raw) == Decimal(number)


@pytest.mark.parametrize("raw", ["12.5", "1.234.5", "1,2,3", "abc", "0.123", float("nan"), [1]])
def test_decimals_are_not_guessed_either(raw):
    assert says(Number("Số", "No."), raw) is Say.NOT_A_NUMBER


@pytest.mark.parametrize("number", ["1234.5", "1E+3", "0.000001", "10"])
def test_a_stored_decimal_reads_back_the_same(number):
    field = Number("Số", "No.")
    assert field.clean(field.stored(Decimal(number))) == Decimal(number)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("31/12/2024", date(2024, 12, 31)),
        ("1/2/2024", date(2024, 2, 1)),
        ("2024-02-29", date(2024, 2, 29)),
        ("05-06-2024", date(2024, 6, 5)),
        (date(2024, 5, 1), date(2024, 5, 1)),
        (datetime(2024, 5, 1, 23, 30), date(2024, 5, 1)),
        (datetime(2024, 5, 1, 18, 0, tzinfo=UTC), date(2024, 5, 2)),
        ("31/12/24", date(2024, 12, 31)),
        ("1.2.24", date(2024, 2, 1)),
        ("31.12.2024", date(2024, 12, 31)),
        ("31,12,2024", date(2024, 12, 31)),
        ("31 12 2024", date(2024, 12, 31)),
        ("31122024", date(2024, 12, 31)),
        ("311224", date(2024, 12, 31)),
        ("31/12\u200b/2024", date(2024, 12, 31)),
        ("15/12/0024", date(24, 12, 15)),
    ],
)
def test_days_are_days_in_vietnam(raw, day):
    assert Day("Ngày", "Day").clean(raw) == day


@pytest.mark.parametrize(
    "raw",
    [
        "2099-13-99",
        "30/02/2024",
        "29/02/2023",
        "hôm qua",
        "12/31/2024",
        "2024",
        "0000-01-01",
        45657,
        "31/12-2024",
        "1/1/" + "9" * 5000,
        "31/12",
        "3112",
        "1122024",
        "٣١/12/2024",
    ],
)
def test_what_is_no_day_is_refused(raw):
    assert says(Day("Ngày", "Day"), raw) is Say.NOT_A_DATE


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("08:30", time(8, 30)),
        ("8:30", time(8, 30)),
        ("23:59:58", time(23, 59)),
        (time(7, 5, 9), time(7, 5)),
        ("8h30", time(8, 30)),
        ("8g30", time(8, 30)),
        ("8 giờ 30", time(8, 30)),
        ("8 giờ 30 phút", time(8, 30)),
        ("8 GIỜ 30", time(8, 30)),
        ("8.30", time(8, 30)),
        ("8,30", time(8, 30)),
        ("0830", time(8, 30)),
        ("830", time(8, 30)),
        ("8h", time(8)),
        ("8 giờ", time(8)),
        ("8H30'", time(8, 30)),
        ("14 h 05", time(14, 5)),
        ("8 giờ rưỡi", time(8, 30)),
        ("8h\u00a030", time(8, 30)),
        ("\u200b08:30", time(8, 30)),
        ("0h", time(0)),
        ("1730", time(17, 30)),
        (unicodedata.normalize("NFD", "8 giờ 30 phút"), time(8, 30)),
    ],
)
def test_times_of_day_to_the_minute(raw, at):
    assert Clock("Giờ", "At").clean(raw) == at


@pytest.mark.parametrize(
    "raw",
    [
        "25:00",
        "08:60",
        "08:300",
        "8",
        "08:30 sáng",
        "8:5",
        "8h5",
        "8.5",
        "24h",
        "2460",
        "8h60",
        "8-30",
        "8 30",
        "h30",
        "12345",
        "٨:٣٠",
        "8h30h",
    ],
)
def test_what_is_no_time_is_refused(raw):
    assert says(Clock("Giờ", "At"), raw) is Say.NOT_A_TIME


@pytest.mark.parametrize(
    "field", [Text("Tên", "Name"), Whole("Số", "No."), Day("Ngày", "Day"), Clock("Giờ", "At"), Number("Số", "No.")]
)
@pytest.mark.parametrize("empty", [None, "", "  ", "\t\n"])
def test_empty_is_not_collected_and_not_zero(field, empty):
    assert field.clean(empty) is None
    required = type(field)("Tên", "Name", required=True)
    assert says(required, empty) is Say.REQUIRED


def test_decomposed_letters_are_stored_composed():
    typed = unicodedata.normalize("NFD", "Phổ Vinh, Đức Phổ")
    assert Text("Tên", "Name").clean(typed) == "Phổ Vinh, Đức Phổ" != typed


def test_text_keeps_what_is_harmless_and_drops_what_cannot_be_stored():
    assert Text("Tên", "Name").clean("<script>alert(1)</script> 👩‍🌾") == "<script>alert(1)</script> 👩‍🌾"
    assert Text("Tên", "Name").clean("a\x00b\x07c\ud800") == "abc"
    assert Text("Tên", "Name").clean("hai\ndòng  và\ttab") == "hai dòng và tab"
    assert LongText("Ý", "Text").clean("hai\r\ndòng") == "hai\ndòng"


def test_a_text_of_controls_alone_is_empty():
    assert Text("Tên", "Name").clean("\x00\x07") is None
    assert says(Text("Tên", "Name", required=True), "\x00\x07") is Say.REQUIRED


UNSEEN = [
    "\u200b",
    "\u200c",
    "\u200d",
    "\ufeff",
    "\u2060",
    "\u00ad",
    "\u180e",
    "\u200e",
    "\u200f",
    "\u061c",
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
    "\u034f",
    "\ufe0f",
    "\ud800",
    "\udfff",
    "\U000e0041",
    "\x00",
    "\x7f",
]
BLANK = ["\u3164", "\u2800", "\u115f", "\uffa0", "\u00a0", "\u2003", "\u3000", "\u2028", "\ufffc", "\U00016fe4"]


@pytest.mark.parametrize("letter", UNSEEN + BLANK, ids=lambda letter: f"{ord(letter):04X}")
def test_a_text_of_what_nobody_sees_is_empty(letter):
    for field in (
        Text("Nơi", "Place", required=True),
        LongText("Ý", "Text", required=True),
        Whole("Số", "No.", required=True),
    ):
        assert says(field, letter * 3) is Say.REQUIRED
    assert Rows("Bảng", "Rows", of=Row).clean([{"name": letter}]) == []


@pytest.mark.parametrize("letter", UNSEEN, ids=lambda letter: f"{ord(letter):04X}")
def test_what_nobody_sees_is_dropped_wherever_it_stands(letter):
    assert Text("Nơi", "Place").clean(f"{letter}Phổ{letter} Vinh{letter}") == "Phổ Vinh"
    assert folded(nfc(f"Phổ{letter}")) == "pho" and nfc(f"o{letter}\u0302") == "ô"
    assert Choice("Loại", "Type", options={"a": Label("A", "A")}).clean(f"a{letter}") == "a"


def test_emoji_keep_what_joins_them():
    for shown in ("👩‍🌾", "❤️‍🔥", "1️⃣", "👨‍👩‍👧‍👦"):
        assert Text("Tên", "Name").clean(shown) == shown
    assert nfc("a\u200d\u200d\u200db\ufe0f\ufe0f") == "ab"


def test_a_field_that_the_form_does_not_have_is_named_by_what_is_seen():
    with pytest.raises(Refused) as refused:
        Row.read({"name": "a", "x\ud800\u202e": 1})
    assert refused.value.problems[0].figures == {"name": "x"}
    assert refusal(Checklist("Kiểm tra", "Checks"), {"\udc00y": "met"}) == [("y", Say.NOT_AN_OPTION)]


def test_too_long_says_how_long():
    with pytest.raises(Refused) as refused:
        LongText("Ý", "Text").clean("ă" * 10_000)
    assert refused.value.problems[0].figures == {"most": 4000, "length": 10_000}
    assert Text("Tên", "Name", most=3).clean(unicodedata.normalize("NFD", "Phổ")) == "Phổ"


def test_searching_forgets_marks():
    assert folded("Đức PHỔ") == folded("duc pho") and nfc("  Phổ ") == "Phổ"


def test_a_choice_is_one_of_its_options():
    field = Choice("Loại", "Type", options={"a": Label("A", "A")})
    assert field.clean("a") == "a"
    for wrong in ("b", "A", ["a"], {"a": 1}, 1):
        assert says(field, wrong) is Say.NOT_AN_OPTION


# --- attendance ----------------------------------------------------------------------------


def test_a_part_that_was_not_collected_is_not_zero():
    people = Attendance().clean({"total": "50", "women": "0", "poor": ""})
    assert (people.total, people.women, people.poor, people.disabled) == (50, 0, None, None)
    assert people.stored() == {"total": 50, "women": 0}


@pytest.mark.parametrize("part", ["women", "poor", "near_poor", "newly_escaped", "ethnic_minority", "disabled"])
def test_no_part_exceeds_the_total(part):
    assert refusal(Attendance(), {"total": 50, part: 51}) == [(part, Say.PART_ABOVE_TOTAL)]
    assert Attendance().clean({"total": 50, part: 50}).answers[part] == 50


def test_the_three_standings_of_a_household_exclude_one_another():
    together = {"total": 50, "poor": 20, "near_poor": 20, "newly_escaped": 11}
    assert refusal(Attendance(), together) == [("poor", Say.PARTS_ABOVE_TOTAL)]
    assert Attendance().clean(together | {"newly_escaped": 10}).total == 50
    assert Attendance().clean({"total": 50, "women": 40, "poor": 40, "disabled": 40}).total == 50  # these overlap


def test_a_part_without_the_total_asks_for_the_total():
    assert refusal(Attendance(), {"women": 0}) == [("total", Say.TOTAL_MISSING)]


@pytest.mark.parametrize(
    ("raw", "say"), [("-1", Say.TOO_SMALL), ("12,5", Say.NOT_WHOLE), (12.5, Say.NOT_WHOLE), ("nhiều", Say.NOT_WHOLE)]
)
def test_people_are_whole_and_not_negative(raw, say):
    assert ("total", say) in refusal(Attendance(), {"total": raw})


# --- rows and checklists -------------------------------------------------------------------


class Row(Form):
    name = Text("Tên", "Name", required=True)
    number = Whole("Số", "No.")


def test_empty_rows_fall_away_and_problems_name_the_row_as_typed():
    rows = Rows("Bảng", "Rows", of=Row)
    assert [r.name for r in rows.clean([{"name": "a"}, {"name": " ", "number": None}, {"name": "b"}])] == ["a", "b"]
    assert refusal(rows, [{}, {"name": "a"}, {"number": "x"}]) == [
        ("2.name", Say.REQUIRED),
        ("2.number", Say.NOT_WHOLE),
    ]


def test_rows_have_a_limit_and_a_shape():
    rows = Rows("Bảng", "Rows", of=Row, most=2)
    assert says(rows, [{"name": "a"}] * 3) is Say.TOO_MANY_ROWS
    assert says(rows, {"name": "a"}) is Say.NOT_UNDERSTOOD and says(rows, ["a"]) is Say.NOT_UNDERSTOOD
    assert says(Rows("Bảng", "Rows", of=Row, required=True), [{"name": ""}]) is Say.REQUIRED


def test_a_checklist_keeps_what_was_marked():
    asked = Checklist("Kiểm tra", "Checks", items={"a": Label("A", "A"), "b": Label("B", "B")})
    assert asked.clean({"a": "met", "b": None}) == {"a": "met"} and asked.clean(None) == {}
    assert refusal(asked, {"a": "maybe", "c": "met"}) == [("a", Say.NOT_AN_OPTION), ("c", Say.NOT_AN_OPTION)]
    assert refusal(asked, {"a": ["met"]}) == [("a", Say.NOT_AN_OPTION)]


def test_a_form_tells_all_its_problems_and_unknown_fields():
    with pytest.raises(Refused) as refused:
        Row.read({"number": "x", "more": 1})
    assert {(p.where, p.say) for p in refused.value.problems} == {
        ("", Say.UNKNOWN_FIELD),
        ("name", Say.REQUIRED),
        ("number", Say.NOT_WHOLE),
    }
