"""Pano: a billboard put up at one place."""

from datetime import date

from data_model.core.label import Label
from data_model.forms.fields import Choice, Day, Form, LongText, Money, Rows, Text, Whole
from data_model.forms.kind import PHOTO, Kind, MapMark


class LaterLook(Form):
    """How the pano was found at a later visit."""

    seen_on = Day("Ngày xem lại", "Seen on", required=True)
    condition = Choice(
        "Hiện trạng",
        "Condition",
        required=True,
        options={
            "good": Label("Còn tốt", "Good"),
            "damaged": Label("Hỏng", "Damaged"),
            "missing": Label("Mất", "Missing"),
        },
    )
    remark = Text("Nhận xét", "Remark")


class Pano(Kind):
    """One pano. It counts on the day it was put up."""

    code = "pano"
    label = Label("Pano tuyên truyền", "Pano")
    icon = "signpost"
    map_mark = MapMark("triangle")
    measures = {"panos": Label("pano", "panos")}
    proofs = {"sides": Label("số mặt", "sides")}
    needs = (PHOTO,)

    installed_on = Day("Ngày lắp đặt", "Put up on", required=True)
    place = Text(
        "Vị trí đặt",
        "Exact place",
        required=True,
        help=Label("Ví dụ: ngã ba chợ, quốc lộ 1", "For example: market junction, highway 1"),
    )
    sides = Whole("Số mặt", "Sides", least=1, most=4)
    width_cm = Whole("Rộng (cm)", "Width (cm)", least=1, most=5000)
    height_cm = Whole("Cao (cm)", "Height (cm)", least=1, most=5000)
    content = LongText("Nội dung tuyên truyền", "Content", most=1000)
    accepted_by = Text("Người nghiệm thu", "Accepted by")
    cost = Money("Kinh phí (đồng)", "Cost (đồng)")
    looks = Rows("Những lần xem lại", "Later looks", of=LaterLook, add=Label("Thêm lần xem lại", "Add a look"))

    @property
    def happened_on(self) -> date | None:
        return self.installed_on

    def prove(self, proof: str) -> int | None:
        return self.sides if proof == "sides" else None
