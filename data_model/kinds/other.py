"""Any other activity of a plan: what was done, when, for how many people."""

from collections.abc import Iterator
from datetime import date

from data_model.core.label import Label
from data_model.core.problems import Problem
from data_model.forms.fields import Attendance, Day, LongText, Money, Text, Whole, later_than
from data_model.forms.kind import PARTICIPANTS, Kind, MapMark, Need


class Other(Kind):
    """A plain record for the rest."""

    code = "other"
    label = Label("Hoạt động khác", "Other activity")
    icon = "task_alt"
    map_mark = MapMark("cross")
    measures = {
        "times": Label("lần", "times"),
        "reports": Label("báo cáo", "reports"),
        "amount_done": Label("số lượng", "amount"),
    }
    report_measures = frozenset({"reports"})
    proofs = PARTICIPANTS
    needs = (Need(Label("kết quả, ảnh hoặc tệp", "result, photo or file"), ("results",), evidence=True),)

    done_on = Day("Ngày thực hiện", "Done on", required=True)
    ended_on = Day("Đến ngày", "Until", help=Label("Để trống nếu chỉ một ngày", "Leave empty for a single day"))
    what = Text("Nội dung đã làm", "What was done", most=500, required=True)
    quantity_done = Whole(
        "Số lượng",
        "Quantity",
        help=Label("Ví dụ: số tài liệu, băng rôn, danh sách", "For example: leaflets, banners, lists"),
    )
    place = Text("Địa điểm", "Place")
    attendance = Attendance()
    results = LongText("Kết quả", "Results")
    cost = Money("Kinh phí (đồng)", "Cost (đồng)")

    @property
    def happened_on(self) -> date | None:
        return self.ended_on or self.done_on

    def count(self, measure: str) -> int | None:
        return self.quantity_done if measure == "amount_done" else 1

    def lacking(self, measure: str) -> Iterator[str]:
        if measure == "amount_done" and self.quantity_done is None:
            yield "quantity_done"

    def check(self) -> Iterator[Problem]:
        yield from later_than(self, "done_on", "ended_on")
