"""Three ways to colour the communes: overall progress, one target, monitoring visits still to be made.

Every colour comes with a shape and words. Where there is no number the commune stays neutral.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from dashboard.i18n.words import _, _n, number, percent, say
from dashboard.ui.status_look import (
    HAPPENED,
    LIGHT_INK,
    LOOKS,
    NEUTRAL,
    STEPS,
    VISIT_LOOKS,
    Look,
    Visited,
    look_of_share,
    step_of_share,
    word,
)
from data_model.counting.rules import Cell, Pair, PlanProgress, TargetProgress, TargetStatus
from data_model.plans.tables import Comparator


@dataclass(frozen=True)
class Shade:
    """How one commune looks: its class (colour, shape, words, the same in the legend), a short figure, tooltip lines.

    `order` sorts the legend; a neutral shade is one without a number, a dark one asks for light lines upon it. `hatch`
    tells greys apart: "/" no data, "." nothing due yet, "-" nothing recorded; blank: not due here.
    """

    colour: str
    shape: str
    words: str
    figure: str
    lines: tuple[str, ...]
    order: int
    neutral: bool = False
    dark: bool = False
    hatch: str = ""


def by_mean(progress: PlanProgress) -> dict[int, Shade]:
    """Communes by the mean of the numbered targets due there."""
    return {
        unit_id: _mean_shade(unit.mean, unit.mean_reported, unit.rests_on) for unit_id, unit in progress.units.items()
    }


def by_target(progress: PlanProgress, target: TargetProgress) -> dict[int, Shade]:
    """Communes by one target: what is done of what is due there, or what happened there for the whole area."""
    return {unit.id: _target_shade(target, target.cells.get(unit.id)) for unit in progress.plan.units}


def by_visits(progress: PlanProgress) -> dict[int, Shade]:
    """Communes by the monitoring visits that they have had of those that the rounds so far need."""
    rounds = rounds_due(progress)
    return {
        unit.id: _visit_shade([t.cells[unit.id] for t in rounds if unit.id in t.cells]) for unit in progress.plan.units
    }


def rounds_due(progress: PlanProgress) -> list[TargetProgress]:
    """The targets with rounds whose time has come; all of them while none has."""
    rounds = [t for t in progress.targets if t.line.rounds]
    return [t for t in rounds if t.status is not TargetStatus.NOT_DUE] or rounds


def has_rounds(progress: PlanProgress) -> bool:
    """Whether the plan has monitoring rounds at all."""
    return any(t.line.rounds for t in progress.targets)


def targets_on_map(progress: PlanProgress) -> list[TargetProgress]:
    """Targets that tell communes apart: first the numbered ones due in communes, then those of which something
    happened.
    """
    units = progress.plan.unit_ids - {progress.plan.owner.id}
    due = [t for t in progress.targets if t.line.unit_ids and t.line.need is not None]
    happened = [
        t for t in progress.targets if t not in due and any(c.happened for u, c in t.cells.items() if u in units)
    ]
    return due + happened


def legend(shades: dict[int, Shade]) -> list[tuple[Shade, int]]:
    """The classes that are on the map, each once, with how many communes are in it."""
    classes: dict[tuple[int, str], list[Shade]] = {}
    for shade in shades.values():
        classes.setdefault((shade.order, shade.words), []).append(shade)
    return [(classes[key][0], len(classes[key])) for key in sorted(classes)]


def done_of_need(done: Pair, need: Fraction, measure: str) -> str:
    """What is verified of what is due, reported beside it where it differs."""
    said = _("{done}/{need} {measure} verified", done=number(done.verified), need=number(need), measure=measure)
    return (
        said
        if done.reported == done.verified
        else f"{said} · " + _("{reported} reported", reported=number(done.reported))
    )


def share_words(step: int) -> str:
    """The range of a step in words: "34–66 %"."""
    start = STEPS[step][0]
    end = STEPS[step + 1][0] - 1 if step + 1 < len(STEPS) else start
    last = percent(Fraction(end, 100))
    return last if start == end else f"{number(start)}–{last}"


def _neutral(words: str, *lines: str, order: int = 90, hatch: str = "") -> Shade:
    return Shade(NEUTRAL, "–", words, "–", (f"– {words}", *lines), order, neutral=True, hatch=hatch)


def _share_shade(share: Fraction, figure: str, *lines: str) -> Shade:
    step = step_of_share(int(share * 100))
    return _looked(look_of_share(share), share_words(step), figure, lines, step)


def _mean_shade(mean: Fraction | None, reported: Fraction | None, rests_on: int) -> Shade:
    if mean is None:
        return _neutral(_("no numbered target"))
    lines = [
        _n("{share}, resting on {count} target", "{share}, resting on {count} targets", rests_on, share=percent(mean))
    ]
    if reported != mean:
        lines.append(_("{share} with what is not verified yet", share=percent(reported)))
    return _share_shade(mean, percent(mean), *lines)


def _target_shade(target: TargetProgress, cell: Cell | None) -> Shade:
    line = target.line
    if cell is None:
        return _neutral(_("not due here")) if line.unit_ids else _neutral(_("nothing recorded here"), hatch="-")
    if line.is_measured:
        return _measured_shade(target, cell)
    if cell.need:
        figure = f"{number(cell.done.verified)}/{number(cell.need)}"
        said = done_of_need(cell.done, cell.need, say(line.unit_of_measure))
        if target.status is TargetStatus.NOT_DUE and cell.is_short:
            # Nothing is missing before its time: as grey as the target itself.
            look = LOOKS[TargetStatus.NOT_DUE]
            return _looked(look, say(target.status.label), figure, [said], 70, hatch=".")
        return _share_shade(cell.percent, figure, said)
    if cell.happened:
        said = _n("{count} record here, no number due", "{count} records here, no number due", cell.happened)
        return _looked(HAPPENED, _("recorded, no number due"), number(cell.happened), [said], 80)
    return _neutral(_("nothing recorded here"), hatch="-")


def _measured_shade(target: TargetProgress, cell: Cell) -> Shade:
    verified, reported = cell.value or (None, None)
    lines = [_("latest value reported: {value}", value=number(reported))] if reported != verified else []
    if verified is None:
        return _looked(LOOKS[TargetStatus.NO_DATA], say(TargetStatus.NO_DATA.label), "?", lines, 85, hatch="/")
    lines.insert(0, _("latest value verified: {value}", value=number(verified)))
    if target.line.comparator is Comparator.KEEP_ZERO:
        status = TargetStatus.NOT_MET if verified > 0 else TargetStatus.DONE
        return _looked(
            LOOKS[status], say(status.label), number(verified), [word(status), *lines], 0 if verified > 0 else 4
        )
    if cell.need:
        return _share_shade(cell.percent, percent(cell.percent), *lines)
    return _looked(HAPPENED, _("measured, no number due"), number(verified), lines, 80)


def _looked(look: Look, words: str, figure: str, lines: Sequence[str], order: int, hatch: str = "") -> Shade:
    first, *others = lines or [words]
    said = (first if first.startswith(look.shape) else f"{look.shape} {first}", *others)
    return Shade(
        look.colour, look.shape, words, f"{look.shape} {figure}", said, order, dark=look.ink == LIGHT_INK, hatch=hatch
    )


def _visit_shade(cells: list[Cell]) -> Shade:
    need = sum((c.need for c in cells if c.need), Fraction(0))
    if not need:
        return _neutral(_("no visit due"))
    done = Pair(sum((c.done.verified for c in cells), Fraction(0)), sum((c.done.reported for c in cells), Fraction(0)))
    visited = _visited(done, need)
    look = VISIT_LOOKS[visited]
    words = visited_words(visited)
    lines = [words, done_of_need(done, need, _("visits"))]
    return _looked(look, words, f"{number(done.verified)}/{number(need)}", lines, list(Visited).index(visited))


def _visited(done: Pair, need: Fraction) -> Visited:
    if not done.reported:
        return Visited.NOT_YET
    if done.reported < need:
        return Visited.SOME
    return Visited.WAITING if done.verified < need else Visited.ALL


def visited_words(visited: Visited) -> str:
    """A visit class in words."""
    return {
        Visited.NOT_YET: _("not visited yet"),
        Visited.SOME: _("some visits made"),
        Visited.WAITING: _("all visits reported, not all verified"),
        Visited.ALL: _("all visits verified"),
    }[visited]
