"""Public event: job fair, career fair, talk, contest, conference, study trip."""

from collections.abc import Iterator
from datetime import date

from data_model.core.label import Label
from data_model.core.problems import Problem
from data_model.forms.fields import Attendance, Choice, Day, LongText, Money, Text, Whole, later_than
from data_model.forms.kind import PARTICIPANTS, TOOK_PART, Fact, Kind, MapMark, Need


class PublicEvent(Kind):
    """One event, of one or several days. It counts on its last day."""

    code = "public_event"
    label = Label("Sự kiện", "Public event")
    icon = "event"
    map_mark = MapMark("star")
    fact = Fact.PEOPLE
    measures = {"events": Label("sự kiện", "events"), "days": Label("ngày", "days")}
    proofs = PARTICIPANTS | {"days": Label("số ngày", "days")}
    needs = (TOOK_PART, Need(Label("kết quả, ảnh hoặc tệp", "result, photo or file"), ("results",), evidence=True))

    type = Choice(
        "Loại sự kiện",
        "Type",
        required=True,
        options={
            "job_fair": Label("Ngày hội việc làm", "Job fair"),
            "career_fair": Label("Ngày hội hướng nghiệp", "Career fair"),
            "talk": Label("Tọa đàm", "Talk"),
            "contest": Label("Hội thi", "Contest"),
            "conference": Label("Hội nghị, hội thảo", "Conference"),
            "study_trip": Label("Chuyến học tập kinh nghiệm", "Study trip"),
            "campaign": Label("Phát động, ra quân", "Campaign"),
            "other": Label("Sự kiện khác", "Other"),
        },
    )
    starts_on = Day("Từ ngày", "From", required=True)
    ends_on = Day("Đến ngày", "To", help=Label("Để trống nếu chỉ một ngày", "Leave empty for a single day"))
    place = Text("Địa điểm", "Place")
    attendance = Attendance()
    partners = Whole("Doanh nghiệp, đơn vị tham gia", "Employers and units taking part", most=10_000)
    introduced = Whole(
        "Lượt người được tư vấn, giới thiệu việc làm", "People counselled or introduced to work", most=100_000
    )
    results = LongText("Kết quả", "Results")
    cost = Money("Kinh phí (đồng)", "Cost (đồng)")

    @property
    def happened_on(self) -> date | None:
        return self.ends_on or self.starts_on

    @property
    def days(self) -> int:
        """Calendar days from the first to the last, both counted."""
        first: date = self.answers["starts_on"]
        return ((self.ends_on or first) - first).days + 1

    def count(self, measure: str) -> int:
        return self.days if measure == "days" else 1

    def prove(self, proof: str) -> int | None:
        return self.days if proof == "days" else super().prove(proof)

    def check(self) -> Iterator[Problem]:
        yield from later_than(self, "starts_on", "ends_on")
