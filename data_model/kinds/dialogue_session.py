"""Dialogue session: officers and poor households talk about the policies, face to face."""

from collections.abc import Iterator
from datetime import date

from data_model.core.label import Label
from data_model.core.problems import Problem, Say
from data_model.forms.fields import Attendance, Clock, Day, LongText, Text, Whole, later_than
from data_model.forms.kind import PARTICIPANTS, TOOK_PART, Fact, Kind, MapMark, Need

VOICES = Label("Ý kiến của người dân", "Questions from the people")


class DialogueSession(Kind):
    """One session held in one commune."""

    code = "dialogue_session"
    label = Label("Buổi đối thoại", "Dialogue session")
    icon = "forum"
    map_mark = MapMark("circle")
    fact = Fact.PEOPLE
    measures = {"sessions": Label("buổi", "sessions")}
    proofs = PARTICIPANTS
    needs = (
        TOOK_PART,
        Need(
            Label("nội dung, biên bản hoặc ảnh", "contents, minutes or photo"), ("main_points", "raised"), evidence=True
        ),
    )

    held_on = Day("Ngày tổ chức", "Date held", required=True)
    starts_at = Clock("Bắt đầu", "Starts at")
    ends_at = Clock("Kết thúc", "Ends at")
    place = Text("Địa điểm", "Place", help=Label("Ví dụ: nhà văn hóa thôn", "For example: village hall"))
    chair = Text("Người chủ trì", "Chair")
    attendance = Attendance()
    raised = Whole("Ý kiến nêu ra", "Raised", most=10_000, section=VOICES)
    answered = Whole("Trả lời tại chỗ", "Answered on the spot", most=10_000, section=VOICES)
    referred = Whole("Chuyển nơi khác trả lời", "Referred", most=10_000, section=VOICES)
    referred_to = Text("Chuyển đến cơ quan", "Referred to", section=VOICES)
    answer_by = Day("Hạn trả lời", "Answer by", planned=True, section=VOICES)
    main_points = LongText("Nội dung chính", "Main points", section=VOICES)

    @property
    def happened_on(self) -> date | None:
        return self.held_on

    def check(self) -> Iterator[Problem]:
        yield from later_than(self, "starts_at", "ends_at")
        if self.raised is not None:
            for name in ("answered", "referred"):
                if (self.answers.get(name) or 0) > self.raised:
                    yield Problem(name, Say.ABOVE_WHOLE, {"whole": self.raised, "name": type(self).raised.label})
