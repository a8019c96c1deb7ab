"""Monitoring visit: a round's team at one commune, with what it found and recommends.

Blocks of the checklist follow the four subjects of monitoring in Nghị định 27/2022/NĐ-CP,
article 30; beside them stands what a record of supervision usually says: who came, what was read, who was asked.
"""

from collections.abc import Iterator
from datetime import date

from data_model.core.label import Label
from data_model.core.problems import Problem
from data_model.core.severity import Severity
from data_model.forms.fields import (
    Attendance,
    Checklist,
    Choice,
    Clock,
    Day,
    Form,
    LongText,
    Rows,
    Text,
    Whole,
    later_than,
)
from data_model.forms.kind import PARTICIPANTS, PHOTO, Fact, Kind, MapMark, Need, Recommended

WHO = Label("Thành phần", "Who took part")
HOW = Label("Cách làm việc", "How it was done")
RESULT = Label("Kết quả", "Result")
SEVERITIES = {each.value: each.label for each in Severity}


class Finding(Form):
    """Something the team found."""

    what = Text("Nội dung", "What was found", most=1000, required=True)
    basis = Text("Căn cứ", "Evidence or basis", most=500)
    weight = Choice("Mức độ", "Severity", options=SEVERITIES)
    cause = Text("Nguyên nhân", "Cause", most=500)
    repeated = Choice(
        "Tái diễn?",
        "Seen before?",
        options={
            "no": Label("Lần đầu", "First time"),
            "yes": Label("Tái diễn", "Again"),
        },
    )


class Recommendation(Form):
    """What must be done, by whom, by when. A serious one is closed with evidence only (data_model/follow_up.py)."""

    what = Text("Việc phải làm", "What must be done", most=1000, required=True)
    responsible = Text("Người, đơn vị chịu trách nhiệm", "Person responsible", required=True)
    fix_by = Day("Hạn hoàn thành", "Fix by", planned=True, required=True)
    weight = Choice("Mức độ", "Severity", options=SEVERITIES)


class MonitoringVisit(Kind):
    """One visit of a monitoring round to one commune. Version 2: a recommendation says how serious it is."""

    code = "monitoring_visit"
    label = Label("Lượt giám sát", "Monitoring visit")
    icon = "fact_check"
    map_mark = MapMark("square")
    fact = Fact.PEOPLE
    version = 2
    measures = {"visits": Label("lượt xã", "visits")}
    proofs = PARTICIPANTS
    needs = (
        Need(Label("đoàn giám sát", "team"), ("leader", "team")),
        Need(Label("kết quả", "result"), ("checklist", "findings")),
        PHOTO,
    )
    visits_rounds = True
    recommends = True

    visited_on = Day("Ngày giám sát", "Date of visit", required=True)
    starts_at = Clock("Bắt đầu", "Starts at")
    ends_at = Clock("Kết thúc", "Ends at")
    type = Choice(
        "Hình thức",
        "Type",
        options={
            "periodic": Label("Định kỳ", "Periodic"),
            "annual": Label("Hằng năm", "Annual"),
            "unplanned": Label("Đột xuất", "Unplanned"),
            "thematic": Label("Chuyên đề", "Thematic"),
        },
    )
    leader = Text("Trưởng đoàn", "Head of the team", section=WHO)
    team = LongText(
        "Thành viên đoàn",
        "Members of the team",
        most=1000,
        section=WHO,
        help=Label("Mỗi người một dòng: họ tên, chức vụ, cơ quan", "One person a line: name, title, office"),
    )
    represented_by = Text("Đại diện đơn vị được giám sát", "Who represented the unit", section=WHO)
    villages = Text("Thôn, tổ dân phố được chọn", "Villages sampled", most=500, section=HOW)
    documents = LongText("Tài liệu đã xem", "Documents seen", most=2000, section=HOW)
    households = Whole("Số hộ được hỏi", "Households asked", most=10_000, section=HOW)
    attendance = Attendance("Người được hỏi ý kiến", "People consulted", section=HOW)
    checklist = Checklist(
        "Nội dung kiểm tra",
        "Checklist",
        section=RESULT,
        items={
            "documents": Label("Văn bản quản lý, kế hoạch, phân công", "Management documents, plan, assignment"),
            "communication": Label("Truyền thông đến người dân", "Communication to the people"),
            "beneficiaries": Label("Đúng đối tượng thụ hưởng", "The right beneficiaries"),
            "progress": Label("Tiến độ và khối lượng hoạt động", "Progress and volume of activities"),
            "quality": Label("Chất lượng, kết quả", "Quality and results"),
            "capital": Label("Giao vốn, huy động vốn", "Capital assigned and mobilised"),
            "payment": Label("Giải ngân, thanh quyết toán", "Disbursement and settlement"),
            "review": Label("Rà soát hộ nghèo đúng quy trình", "Household review by the rules"),
            "earlier": Label("Thực hiện kiến nghị lần trước", "Earlier recommendations carried out"),
        },
    )
    findings = Rows("Phát hiện", "Findings", of=Finding, section=RESULT, add=Label("Thêm phát hiện", "Add a finding"))
    recommendations = Rows(
        "Kiến nghị",
        "Recommendations",
        of=Recommendation,
        section=RESULT,
        add=Label("Thêm kiến nghị", "Add a recommendation"),
    )
    opinion = LongText("Ý kiến của đơn vị được giám sát", "The unit's opinion", most=2000, section=RESULT)

    @property
    def happened_on(self) -> date | None:
        return self.visited_on

    @property
    def recommended(self) -> list[Recommended]:
        return [
            Recommended(
                row.answers["what"],
                row.answers["responsible"],
                row.answers["fix_by"],
                Severity(row.weight) if row.weight else None,
            )
            for row in self.recommendations or []
        ]

    @property
    def severities(self) -> list[Severity | None]:
        return [Severity(row.weight) if row.weight else None for row in self.findings or []]

    def check(self) -> Iterator[Problem]:
        yield from later_than(self, "starts_at", "ends_at")
