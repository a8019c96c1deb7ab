"""The quarter in three sentences, made from the figures and from nothing else."""

from dashboard.i18n.words import day, money, number, percent, say
from dashboard.progress.planned_words import coverage
from dashboard.report.parts import MISSING
from dashboard.ui.status_look import LOOKS
from data_model.counting.rules import TargetStatus
from data_model.counting.urgency import BEHIND, UNJUDGED, urgency
from data_model.snapshots.content import SnapshotContent, TargetContent, UnitContent

SLOW = BEHIND[1:]
NAMED = 3
"""How many places are named where more share a figure."""


def sentences(content: SnapshotContent) -> tuple[str, str, str]:
    """How the targets stand, what lags where, and what was paid: verified figures."""
    return tuple(_unbroken(said) for said in (_targets(content), _behind(content), _money(content)))


def _unbroken(said: str) -> str:
    return said.replace(" %", "\u00a0%").replace(" đồng", "\u00a0đồng")


def _targets(content: SnapshotContent) -> str:
    until = f"Tính đến hết ngày {day(content.identity.ends_on)}"
    numbered = sum(count for status, count in content.headline.items() if status is not TargetStatus.NO_NUMBER)
    if not numbered:
        return f"{until}, kế hoạch không giao chỉ tiêu số nên chỉ nêu việc đã làm, không đánh giá nhanh hay chậm."
    said = [
        f"{count} {say(status.label)}"
        for status in LOOKS
        if status is not TargetStatus.NO_NUMBER and (count := content.headline.get(status))
    ]
    mean = (
        ""
        if content.mean is None
        else f"; bình quân {percent(content.mean)} (tính trên {number(content.mean_rests_on)} chỉ tiêu)"
    )
    return f"{until}, theo số đã xác nhận, trong {number(numbered)} chỉ tiêu có số: {', '.join(said)}{mean}."


def _behind(content: SnapshotContent) -> str:
    leading = [target for target in content.targets if target.part_of is None]
    failed = [target for target in leading if target.status is TargetStatus.NOT_MET]
    slow = [target for target in leading if target.status in SLOW]
    said = [part for part in (_failed(failed), _slowest(slow)) if part] or [_nothing_behind(content, leading)]
    known = [unit for unit in content.units if unit.mean is not None and content.stands(unit)]
    said.append(_lowest(known) if known else "không địa bàn nào có chỉ tiêu số riêng để so sánh")
    told = "; ".join(said)
    return f"{told[0].upper()}{told[1:]}."


def _nothing_behind(content: SnapshotContent, leading: list[TargetContent]) -> str:
    numbered = [target for target in leading if target.status is not TargetStatus.NO_NUMBER]
    unjudged = sum(target.status in UNJUDGED for target in numbered)
    if not numbered:
        return f"trong kỳ có {number(_in_period(content))} bản ghi đã gửi hoặc đã xác nhận"
    if unjudged == len(numbered):
        return f"chưa đánh giá được nhanh hay chậm: {number(unjudged)} chỉ tiêu chưa phân kỳ hoặc chưa có số liệu"
    said = "không có chỉ tiêu nào chậm, trễ hạn hoặc không đạt"
    return said if not unjudged else f"{said}, chưa kể {number(unjudged)} chỉ tiêu chưa phân kỳ hoặc chưa có số liệu"


def _failed(failed: list[TargetContent]) -> str:
    if not failed:
        return ""
    named = ", ".join(f"“{say(target.name)}”{_measured(target)}" for target in failed[:NAMED])
    return (
        f"không đạt: {named}"
        if len(failed) <= NAMED
        else f"{number(len(failed))} chỉ tiêu không đạt, trong đó có {named}"
    )


def _measured(target: TargetContent) -> str:
    if target.measured is None:
        return ""
    told = "; ".join(
        part for part in (f"{number(target.measured)} {say(target.unit_of_measure)}", coverage(target)) if part
    )
    return f" ({told})"


def _slowest(slow: list[TargetContent]) -> str:
    if not slow:
        return ""
    worst = min(slow, key=urgency)
    alike = sum(urgency(target) == urgency(worst) for target in slow)
    named = f"“{say(worst.name)}” ({_figure(worst)})"
    return (
        f"chậm nhất là chỉ tiêu {named}"
        if alike == 1
        else f"chậm nhất là {number(alike)} chỉ tiêu ở cùng mức, trong đó có {named}"
    )


def _lowest(known: list[UnitContent]) -> str:
    mean = min(unit.mean for unit in known)
    names = [unit.full_name for unit in sorted(known, key=lambda unit: unit.code) if unit.mean == mean]
    if len(known) == 1:
        return f"{names[0]} đạt {percent(mean)}"
    if len(names) == len(known):
        return f"các địa bàn đạt bằng nhau ({percent(mean)})"
    if len(names) <= NAMED:
        return f"địa bàn đạt thấp nhất là {', '.join(names)} ({percent(mean)})"
    return f"{number(len(names))} địa bàn cùng đạt thấp nhất ({percent(mean)}), trong đó có {', '.join(names[:NAMED])}"


def _in_period(content: SnapshotContent) -> int:
    return sum(
        1 for record in content.records if content.identity.starts_on <= record.happened_on <= content.identity.ends_on
    )


def _figure(target: TargetContent) -> str:
    year = "" if target.percent is None else f", {percent(target.percent)} cả năm"
    planned = (
        ""
        if target.status is TargetStatus.OVERDUE or target.percent_of_planned is None
        else f", {percent(target.percent_of_planned)} kế hoạch luỹ kế"
    )
    return f"{say(target.status.label)}{planned}{year}"


def _money(content: SnapshotContent) -> str:
    tops = [row for row in content.money if row.depth == 0]
    budget = [amount for row in tops if (amount := row.budget if row.budget is not None else row.parts) is not None]
    paid = sum(row.paid.verified for row in tops)
    in_period = sum(row.paid_in_period.verified for row in tops)
    if not budget:
        return (
            f"Giải ngân luỹ kế (đã xác nhận) {money(paid)}, trong kỳ {money(in_period)}; kế hoạch không nêu số tiền dự"
            " toán."
        )
    share = percent(paid / sum(budget)) if sum(budget) else MISSING
    return (
        f"Giải ngân luỹ kế (đã xác nhận) {money(paid)} trên dự toán {money(sum(budget))} ({share}), trong kỳ"
        f" {money(in_period)}."
    )
