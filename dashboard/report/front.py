"""What stands on the one page for a meeting: counts by status, three sentences, the targets that need somebody
first.
"""

from dashboard.i18n.words import day, moment, say
from dashboard.progress.planned_words import coverage
from dashboard.report import words
from dashboard.report.parts import Cell, Column, Count, Front, Row
from dashboard.report.summary import sentences
from dashboard.report.target_tables import measure, number, share, status_cell
from dashboard.ui.status_look import LOOKS
from data_model.counting.rules import TargetStatus
from data_model.counting.urgency import BEHIND, urgency
from data_model.snapshots.content import SnapshotContent, TargetContent

MOST_TARGETS = 9
"""Lines of targets that fit below the map."""


def front(content: SnapshotContent, full_hash: str, status: str) -> Front:
    """The page's parts."""
    known = content.identity
    counts = tuple(
        Count(str(content.headline[one]), say(one.label), look.shape, look.colour, look.ink)
        for one, look in LOOKS.items()
        if content.headline.get(one)
    )
    columns = tuple(
        Column(title, width)
        for title, width in (("Chỉ tiêu", 60), ("Luỹ kế / kế hoạch", 20), ("Tỷ lệ", 12), ("Tình trạng", 24))
    )
    return Front(
        heading=f"Số liệu tiến độ {words.period(known.period, known.year, known.own_days)}",
        plan=say(known.plan_name),
        dates=(
            f"Số liệu từ {day(known.starts_on)} đến {day(known.ends_on)} · chốt lúc {moment(known.cut_off)} · bản"
            f" {known.version} ({status})"
        ),
        counts=counts,
        sentences=sentences(content),
        columns=columns,
        rows=tuple(_row(target, measure(content, target)) for target in _first(content)[:MOST_TARGETS]),
        foot=f"{words.FOR_REPORTS} · mã kiểm chứng {full_hash[:12]}",
    )


def _first(content: SnapshotContent) -> list[TargetContent]:
    """Those behind first, the worst on top; then the others by what is done of the year, those without a number
    last.
    """

    def place(target: TargetContent) -> tuple:
        if target.status in BEHIND:
            return 0, *urgency(target)
        return 1, target.status is TargetStatus.NO_NUMBER, -1 if target.percent is None else target.percent

    return sorted((target for target in content.targets if target.part_of is None), key=place)


def _row(target: TargetContent, measured_in: str) -> Row:
    done = target.measured if target.is_measured else target.done.verified
    told = (
        number(done, words.NO_DATA).text
        if target.need is None
        else f"{number(done, '–').text} / {number(target.need).text}"
    )
    if missing := coverage(target):
        told = f"{told} ({missing})"
    return Row(
        (Cell(say(target.name)), Cell(f"{told} {measured_in}".strip()), share(target.percent), status_cell(target))
    )
