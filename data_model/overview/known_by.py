"""The few figures that a plan is known by."""

from data_model.counting.rules import PlanProgress, TargetProgress

MOST = 4


def known_by(progress: PlanProgress, most: int = MOST) -> tuple[TargetProgress, ...]:
    """The plan's largest numbers, whole targets alone and in the plan's order: what it is known by.

    Numbers that are counted come before measured ones. Of a plan without numbers, or with fewer than `most`, what was
    done most often fills up: it has no need, and therefore no percentage and no judgement (R7).
    """
    leading = [t for t in progress.targets if t.line.part_of_id is None and not t.line.is_money]
    counted = sorted((t for t in leading if t.need and not t.line.is_measured), key=lambda t: -(t.need or 0))
    measured = [t for t in leading if t.need is not None and t.line.is_measured]
    done = sorted((t for t in leading if t.need is None and t.happened.reported), key=lambda t: -t.happened.reported)
    chosen = {t.line.activity_id for t in (*counted, *measured, *done)[:most]}
    return tuple(t for t in leading if t.line.activity_id in chosen)
