"""Disbursement: money paid out of a component's budget."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from data_model.core.label import Label
from data_model.forms.fields import Choice, Day, Money, Text
from data_model.forms.kind import Fact, Kind, MapMark, Need

SOURCES = {
    "central": Label("Ngân sách trung ương", "Central budget"),
    "province": Label("Ngân sách tỉnh", "Provincial budget"),
    "district": Label("Ngân sách huyện", "District budget"),
    "carried_over": Label("Vốn năm trước chuyển sang", "Carried over"),
    "other": Label("Nguồn khác", "Other"),
}


class Disbursement(Kind):
    """One payment. Money is shown beside the component and never added to quantities."""

    code = "disbursement"
    label = Label("Giải ngân", "Disbursement")
    icon = "payments"
    map_mark = MapMark("square", 1)
    fact = Fact.MONEY
    measures = {"amount": Label("đồng", "đồng")}
    counts_money = True
    needs = (Need(Label("số hoặc ảnh chứng từ", "voucher number or its picture"), ("voucher",), evidence=True),)

    paid_on = Day("Ngày chi", "Paid on", required=True)
    paid = Money("Số tiền (đồng)", "Amount (đồng)", least=1, required=True)
    source = Choice("Nguồn vốn", "Source of funds", options=SOURCES, required=True)
    voucher = Text("Số chứng từ", "Voucher no.", most=80)
    purpose = Text("Nội dung chi", "Purpose")

    @property
    def happened_on(self) -> date | None:
        return self.paid_on

    @property
    def amount(self) -> int | None:
        return self.paid

    @classmethod
    def source_label(cls, answers: Mapping[str, Any]) -> Label:
        return SOURCES.get(answers.get("source", "")) or super().source_label(answers)

    def count(self, measure: str) -> None:
        return None
