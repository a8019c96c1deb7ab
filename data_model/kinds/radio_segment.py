"""Radio segment: one produced piece, broadcast on certain dates."""

from collections.abc import Iterator
from datetime import date

from data_model.core.label import Label
from data_model.core.problems import Problem, Say
from data_model.forms.fields import Clock, Day, Form, Rows, Text, Whole
from data_model.forms.kind import Kind, MapMark, Need


class Broadcast(Form):
    """One time on the air."""

    aired_on = Day("Ngày phát", "Aired on", required=True)
    aired_at = Clock("Giờ phát", "At")
    station = Text("Đài, trạm phát", "Station")


class RadioSegment(Kind):
    """One segment. It counts when first broadcast; the number of broadcasts and minutes are conditions."""

    code = "radio_segment"
    label = Label("Chuyên mục phát thanh", "Radio segment")
    icon = "radio"
    map_mark = MapMark("down")
    measures = {"segments": Label("chuyên mục", "segments")}
    proofs = {
        "minutes": Label("số phút", "minutes"),
        "broadcasts": Label("số lần phát sóng", "broadcasts"),
    }
    needs = (Need(Label("thời lượng", "length"), ("minutes",)),)

    number = Text("Chuyên mục số", "Segment no.", most=40)
    title = Text("Tên chuyên mục", "Title", required=True)
    minutes = Whole("Thời lượng (phút)", "Minutes", least=1, most=600)
    written_on = Day(
        "Ngày duyệt kịch bản",
        "Script approved on",
        help=Label("Phải có khi chưa phát sóng lần nào", "Needed until the first broadcast"),
    )
    broadcasts = Rows(
        "Các lần phát sóng",
        "Broadcasts",
        of=Broadcast,
        most=100,
        add=Label("Thêm lần phát sóng", "Add a broadcast"),
        help=Label("Chuyên mục được tính từ lần phát sóng đầu tiên", "The segment counts from its first broadcast"),
    )

    @property
    def _aired(self) -> list[date]:
        return [b.aired_on for b in self.broadcasts or [] if b.aired_on]

    @property
    def happened_on(self) -> date | None:
        return min(self._aired, default=self.written_on)

    @property
    def running(self) -> bool:
        return not self._aired

    def check(self) -> Iterator[Problem]:
        if self.happened_on is None:
            yield Problem("written_on", Say.REQUIRED)  # until the first broadcast, its period is the script's

    def prove(self, proof: str) -> int | None:
        return {"minutes": self.minutes, "broadcasts": len(self._aired)}.get(proof)
