"""Indicator value: a measured figure with numerator, denominator, day and standard."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from data_model.core.label import Label
from data_model.core.problems import Problem, Say
from data_model.forms.fields import Choice, Day, LongText, Text, Whole
from data_model.forms.kind import Addend, Fact, Kind, MapMark, Need

MOST = 10**8
"""People of the whole country; a reduction made of four such numbers still fits the database's whole numbers."""
START = Label("Số đầu kỳ (cho chỉ tiêu giảm)", "Figures at the start (for a reduction)")


class IndicatorValue(Kind):
    """One measured value. The latest by its day is the one that counts."""

    code = "indicator_value"
    label = Label("Giá trị chỉ tiêu", "Indicator value")
    icon = "percent"
    map_mark = MapMark("hexagon")
    fact = Fact.VALUE
    measures = {
        "rate": Label("%", "%"),
        "reduction": Label("điểm %", "percentage points"),
        "number": Label("số lượng", "number"),
    }
    measures_value = True
    needs = (Need(Label("nguồn số liệu hoặc tệp", "source document or file"), ("source",), evidence=True),)

    as_of = Day("Tính đến ngày", "As of", required=True)
    numerator = Whole(
        "Số đạt được (tử số)",
        "Numerator",
        required=True,
        most=MOST,
        help=Label("Với chỉ tiêu giữ ở mức 0: số hộ đếm được", "For a keep-at-zero target: the households counted"),
    )
    denominator = Whole("Tổng số (mẫu số)", "Denominator", least=1, most=MOST)
    start_numerator = Whole("Tử số đầu kỳ", "Numerator at the start", most=MOST, section=START)
    start_denominator = Whole("Mẫu số đầu kỳ", "Denominator at the start", least=1, most=MOST, section=START)
    standard = Choice(
        "Chuẩn áp dụng",
        "Standard used",
        options={
            "national_2021_2025": Label("Chuẩn nghèo đa chiều 2021-2025", "National multidimensional 2021-2025"),
            "provincial_higher": Label("Chuẩn nâng cao của tỉnh", "The province's higher standard"),
            "other": Label("Chuẩn khác (ghi rõ ở nguồn)", "Other (say so in the source)"),
        },
    )
    source = Text("Nguồn số liệu", "Source document")
    remark = LongText("Nhận xét", "Remark", most=2000)

    @property
    def happened_on(self) -> date | None:
        return self.as_of

    def count(self, measure: str) -> None:
        return None

    def value(self, measure: str) -> tuple[int, int] | None:
        numerator: int = self.answers["numerator"]
        if measure == "number":
            return numerator, 1
        if self.denominator is None:
            return None
        if measure == "rate":
            return 100 * numerator, self.denominator
        if self.start_numerator is None or self.start_denominator is None:
            return None
        fallen = self.start_numerator * self.denominator - numerator * self.start_denominator
        return 100 * fallen, self.start_denominator * self.denominator

    @classmethod
    def addends(cls, measure: str, answers: Mapping[str, Any]) -> tuple[Addend, ...]:
        if measure == "number":
            return (Addend(answers["numerator"], None),)
        now = Addend(100 * answers["numerator"], answers["denominator"])
        if measure == "rate":
            return (now,)
        return Addend(100 * answers["start_numerator"], answers["start_denominator"]), Addend(-now.over, now.under)

    def lacking(self, measure: str) -> Iterator[str]:
        needed = {"rate": ("denominator",), "reduction": ("denominator", "start_numerator", "start_denominator")}
        return (name for name in needed.get(measure, ()) if self.answers.get(name) is None)

    def check(self) -> Iterator[Problem]:
        for part, whole in (("numerator", "denominator"), ("start_numerator", "start_denominator")):
            given, limit = self.answers.get(part), self.answers.get(whole)
            if given is not None and limit is not None and given > limit:
                yield Problem(part, Say.ABOVE_WHOLE, {"whole": limit, "name": type(self).fields[whole].label})
