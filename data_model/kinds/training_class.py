"""Training classes: vocational classes for workers, and classes for the programme's staff."""

from collections.abc import Iterator
from datetime import date

from data_model.core.label import Label
from data_model.core.problems import Problem, Say
from data_model.forms.fields import Attendance, Choice, Day, LongText, Money, Text, Whole, later_than
from data_model.forms.kind import PARTICIPANTS, Fact, Kind, MapMark, Need

PEOPLE = Label("Học viên", "Trainees")
TRAINEES = Label("số học viên", "number of trainees")


class TrainingClass(Kind):
    """What both classes share. A class counts on the day it ended; without that day it is still running."""

    measures = {"classes": Label("lớp", "classes"), "days": Label("ngày", "days")}
    proofs = PARTICIPANTS
    fact = Fact.PEOPLE

    number = Text("Lớp số", "Class no.", most=40)
    started_on = Day("Ngày khai giảng", "Started on", required=True)
    ended_on = Day(
        "Ngày bế giảng",
        "Ended on",
        help=Label(
            "Để trống khi lớp đang học: lớp chỉ được tính khi đã bế giảng",
            "Leave empty while the class is running: it counts when it has ended",
        ),
    )
    hours = Whole("Số giờ học", "Hours", most=5000)
    place = Text("Địa điểm", "Place")
    provider = Text("Đơn vị tổ chức, giảng dạy", "Provider")

    @property
    def happened_on(self) -> date | None:
        return self.ended_on or self.started_on

    @property
    def running(self) -> bool:
        return self.ended_on is None

    def count(self, measure: str) -> int:
        if measure == "days":
            first: date = self.answers["started_on"]
            return ((self.ended_on or first) - first).days + 1
        return 1

    def check(self) -> Iterator[Problem]:
        yield from later_than(self, "started_on", "ended_on")


class VocationalClass(TrainingClass):
    """A vocational class for workers of poor, near-poor, newly escaped and low-income households."""

    code = "vocational_class"
    label = Label("Lớp dạy nghề", "Vocational class")
    icon = "construction"
    map_mark = MapMark("diamond")
    needs = (Need(TRAINEES, ("enrolled", "attendance")),)

    trade = Text("Nghề đào tạo", "Trade", required=True)
    enrolled = Whole("Nhập học", "Enrolled", most=10_000, section=PEOPLE)
    completed = Whole("Hoàn thành", "Completed", most=10_000, section=PEOPLE)
    certified = Whole("Được cấp chứng chỉ", "Certified", most=10_000, section=PEOPLE)
    employed = Whole("Có việc làm sau học nghề", "In work afterwards", most=10_000, section=PEOPLE)
    attendance = Attendance("Cơ cấu học viên", "Breakdown of trainees")
    cost = Money("Kinh phí (đồng)", "Cost (đồng)")

    def check(self) -> Iterator[Problem]:
        yield from super().check()
        asked = type(self)
        for part, whole in (("completed", "enrolled"), ("certified", "completed"), ("employed", "enrolled")):
            given, limit = self.answers.get(part), self.answers.get(whole)
            if given is not None and limit is not None and given > limit:
                yield Problem(part, Say.ABOVE_WHOLE, {"whole": limit, "name": asked.fields[whole].label})


class StaffClass(TrainingClass):
    """A class for officers who carry out the programme."""

    code = "staff_class"
    label = Label("Lớp tập huấn cán bộ", "Staff training class")
    icon = "school"
    map_mark = MapMark("diamond", 1)
    needs = (Need(TRAINEES, ("attendance",)),)

    topic = Text("Chuyên đề", "Topic", required=True)
    audience = Choice(
        "Đối tượng",
        "Audience",
        options={
            "mass_organisations": Label("Hội đoàn thể, Ban quản lý cấp xã", "Mass organisations, commune boards"),
            "steering": Label("Ban chỉ đạo các cấp", "Steering committees"),
            "village_heads": Label("Trưởng thôn, tổ dân phố", "Village heads"),
            "enumerators": Label("Điều tra viên", "Enumerators"),
            "officers": Label("Cán bộ, công chức", "Officers"),
            "mixed": Label("Nhiều đối tượng", "Several"),
        },
    )
    attendance = Attendance("Học viên", "Trainees")
    results = LongText("Kết quả", "Results")
    cost = Money("Kinh phí (đồng)", "Cost (đồng)")
