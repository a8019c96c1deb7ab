"""The quarter in three sentences, made from the figures and from nothing else."""

from dashboard.report.parts import MISSING
from dashboard.words import day, money, number, percent, say
from data_model.counting import TargetStatus
from data_model.snapshot_content import SnapshotContent, TargetContent, UnitContent

BEHIND = (TargetStatus.NOT_MET, TargetStatus.OVERDUE, TargetStatus.VERY_SLOW, TargetStatus.SLOW)
"""Statuses that ask for somebody to act, the worst first."""
NAMED = 3
"""How many places are named where more share a figure."""


def sentences(content: SnapshotContent) -> tuple[str, str, str]:
    """How the targets stand, what lags where, and what was paid."""
    return _targets(content), _behind(content), _money(content)


def _targets(content: SnapshotContent) -> str:
    until = f"Tính đến hết ngày {day(content.identity.ends_on)}"
    numbered = sum(count for status, count in content.headline.items() if status is not TargetStatus.NO_NUMBER)
    if not numbered:
        return f"{until}, kế hoạch không giao chỉ tiêu số nên chỉ nêu việc đã làm, không đánh giá nhanh hay chậm."
    said = [f"{count} {say(status.label)}" for status in TargetStatus if status is not TargetStatus.NO_NUMBER and (count := content.headline.get(status))]
    mean = "" if content.mean is None else f"; bình quân {percent(content.mean)} (tính trên {number(content.mean_rests_on)} chỉ tiêu)"
    return f"{until}, trong {number(numbered)} chỉ tiêu có số: {', '.join(said)}{mean}."


def _behind(content: SnapshotContent) -> str:
    behind = [target for target in content.targets if target.status in BEHIND and target.part_of is None]
    known = [unit for unit in content.units if unit.mean is not None]
    if behind:
        said = _slowest(behind)
    elif all(target.status is TargetStatus.NO_NUMBER for target in content.targets):
        said = f"Trong kỳ có {number(_in_period(content))} bản ghi được tính"
    else:
        said = "Không có chỉ tiêu nào chậm, trễ hạn hoặc không đạt"
    if not known:
        return f"{said}; không xã nào có chỉ tiêu số riêng để so sánh."
    return f"{said}; {_lowest(known)}."


def _slowest(behind: list[TargetContent]) -> str:
    def rank(target: TargetContent) -> tuple:
        return BEHIND.index(target.status), -1 if target.percent is None else target.percent

    worst = min(behind, key=rank)
    alike = sum(rank(target) == rank(worst) for target in behind)
    named = f"“{say(worst.name)}” ({_figure(worst)})"
    return f"Chậm nhất là chỉ tiêu {named}" if alike == 1 else f"Chậm nhất là {number(alike)} chỉ tiêu ở cùng mức, trong đó có {named}"


def _lowest(known: list[UnitContent]) -> str:
    mean = min(unit.mean for unit in known)
    names = [unit.full_name for unit in sorted(known, key=lambda unit: unit.code) if unit.mean == mean]
    if len(names) == len(known) > 1:
        return f"các địa bàn đạt bằng nhau ({percent(mean)})"
    if len(names) <= NAMED:
        return f"địa bàn đạt thấp nhất là {', '.join(names)} ({percent(mean)})"
    return f"{number(len(names))} địa bàn cùng đạt thấp nhất ({percent(mean)}), trong đó có {', '.join(names[:NAMED])}"


def _in_period(content: SnapshotContent) -> int:
    return sum(1 for record in content.records if content.identity.starts_on <= record.happened_on <= content.identity.ends_on)


def _figure(target: TargetContent) -> str:
    share = "" if target.percent is None else f", {percent(target.percent)}"
    return f"{say(target.status.label)}{share}"


def _money(content: SnapshotContent) -> str:
    tops = [row for row in content.money if row.depth == 0]
    budget = [amount for row in tops if (amount := row.budget if row.budget is not None else row.parts) is not None]
    paid = sum(row.paid.verified for row in tops)
    in_period = sum(row.paid_in_period.verified for row in tops)
    if not budget:
        return f"Giải ngân luỹ kế {money(paid)}, trong kỳ {money(in_period)}; kế hoạch không nêu số tiền dự toán."
    share = percent(paid / sum(budget)) if sum(budget) else MISSING
    return f"Giải ngân luỹ kế {money(paid)} trên dự toán {money(sum(budget))} ({share}), trong kỳ {money(in_period)}."
