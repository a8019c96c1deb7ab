"""A plan in one glance: how many targets stand where, the mean beside them, one sentence."""

from html import escape

from dashboard.i18n.words import _, _n, day, number, percent, say
from dashboard.ui.status_look import LOOKS, chip
from data_model.counting.rules import PlanProgress, TargetProgress, TargetStatus
from data_model.counting.urgency import BEHIND, UNJUDGED, urgency


def headline_html(progress: PlanProgress) -> str:
    """Targets by status as chips, with the mean and a sentence. The mean never stands alone."""
    chips = "".join(
        f'<span style="margin:0 0.5rem 0.5rem 0;display:inline-block">{status_chip(status, number(count))}</span>'
        for status in LOOKS
        if (count := progress.headline[status])
    )
    return (
        f'<div>{chips}</div><div style="font-size:1.05rem">{escape(sentence(progress))}</div>'
        f'<div style="opacity:0.85">{escape(mean_said(progress))}</div>'
    )


def status_chip(status: TargetStatus, figure: str = "") -> str:
    """The chip of a target's status."""
    return chip(LOOKS[status], say(status.label), figure)


def mean_said(progress: PlanProgress) -> str:
    """The mean of the capped percentages and on how many it rests."""
    if progress.mean is None:
        return _("The plan has no numbered target with a figure yet, so there is no mean.")
    return _n(
        "Mean {share}, resting on {count} numbered target",
        "Mean {share}, resting on {count} numbered targets",
        progress.mean_rests_on,
        share=percent(progress.mean),
    )


def sentence(progress: PlanProgress) -> str:
    """How the plan stands, made from its figures."""
    numbered = _numbered(progress)
    if not numbered:
        return _(
            "By {day} the plan gives no numbers to judge by; what was done is shown as it is.", day=day(progress.as_of)
        )
    behind = [t for t in progress.targets if t.status in BEHIND and t.line.part_of_id is None]
    said = _(
        "By {day}, of {numbered} numbered targets {done} are done and {behind} are behind.",
        day=day(progress.as_of),
        numbered=numbered,
        done=progress.headline[TargetStatus.DONE],
        behind=len(behind),
    )
    if lacking := progress.headline[TargetStatus.NO_DATA]:
        said += " " + _n("{count} has no data yet.", "{count} have no data yet.", lacking)
    if behind:
        said += " " + _(
            "Furthest behind: {name} ({figure}).",
            name=say((worst := furthest(behind)).line.name),
            figure=_figure(worst),
        )
    return said


def nothing_behind(progress: PlanProgress) -> str:
    """That no target is behind, as far as the plan and its data allow to say so."""
    numbered = _numbered(progress)
    unjudged = sum(progress.headline[status] for status in UNJUDGED)
    if not numbered:
        return _("The plan gives no numbers to judge by.")
    if unjudged == numbered:
        return _n(
            "Nothing can be called slow or on time yet: {count} target is not phased or has no data.",
            "Nothing can be called slow or on time yet: {count} targets are not phased or have no data.",
            unjudged,
        )
    said = _("No target lags.")
    if not unjudged:
        return said
    return f"{said} " + _n(
        "{count} target is not counted in this: it is not phased or has no data.",
        "{count} targets are not counted in this: they are not phased or have no data.",
        unjudged,
    )


def furthest(behind: list[TargetProgress]) -> TargetProgress:
    """The target to ask about first."""
    return min(behind, key=urgency)


def _numbered(progress: PlanProgress) -> int:
    return sum(count for status, count in progress.headline.items() if status is not TargetStatus.NO_NUMBER)


def _figure(target: TargetProgress) -> str:
    return (
        say(target.status.label) if target.percent is None else f"{say(target.status.label)}, {percent(target.percent)}"
    )
