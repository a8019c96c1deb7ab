"""A snapshot's figures in the shape of progress, so that map, matrix and headline draw them as they draw today's.

Nothing is counted here: every figure is the one that was frozen. Ids are places in the snapshot's own lists.
"""

from fractions import Fraction

from data_model.counting.rules import Cell, Coverage, Pair, PlanProgress, TargetProgress, TargetStatus, UnitProgress
from data_model.plans.tables import Comparator, Scope
from data_model.plans.view import Line, PlanView
from data_model.snapshots.content import CellContent, SnapshotContent, TargetContent
from data_model.units.tables import Unit


def as_progress(content: SnapshotContent) -> PlanProgress:
    """The frozen figures as progress on the period's last day."""
    units = frozen_units(content)
    id_of = {frozen.key: unit.id for frozen, unit in zip(content.units, units, strict=True)}
    activity_of = {target.code: place for place, target in enumerate(content.targets, 1)}
    targets = tuple(_target(target, activity_of, id_of, content) for target in content.targets)
    figures = {
        id_of[u.key]: UnitProgress(id_of[u.key], u.mean, u.mean_reported, u.rests_on, u.happened) for u in content.units
    }
    return PlanProgress(
        plan=_plan(content, units, tuple(t.line for t in targets)),
        as_of=content.identity.ends_on,
        targets=targets,
        units=figures,
        # A status that came into the program later counts nothing in what was frozen before.
        headline=dict.fromkeys(TargetStatus, 0) | content.headline,
        mean=content.mean,
        mean_rests_on=content.mean_rests_on,
        by_activity={t.line.activity_id: t for t in targets},
    )


def frozen_units(content: SnapshotContent) -> tuple[Unit, ...]:
    """The communes as they were frozen; a unit's id is its place in the snapshot, from 1."""
    return tuple(
        Unit(
            id=place,
            code=u.code,
            name=u.name,
            kind=u.full_name.removesuffix(u.name).strip(),
            place="",
            latitude=u.latitude,
            longitude=u.longitude,
            valid_from=u.valid_from,
            valid_to=u.valid_to,
        )
        for place, u in enumerate(content.units, 1)
    )


def _plan(content: SnapshotContent, units: tuple[Unit, ...], lines: tuple[Line, ...]) -> PlanView:
    known = content.identity
    owner = Unit(id=0, code="", name=known.owner, kind="", place="")
    return PlanView(
        id=0,
        code=known.plan_code,
        name=known.plan_name,
        owner=owner,
        year=known.year,
        starts_on=known.starts_on,
        ends_on=known.ends_on,
        issuer=known.issuer,
        document={},
        slips=(),
        quarter_rule=known.quarter_rule,
        on_track_percent=known.on_track_percent,
        slow_percent=known.slow_percent,
        revision=known.plan_revision,
        units=units,
        components=(),
        budgets={},
        lines=lines,
    )


def _target(
    target: TargetContent, activity_of: dict[str, int], id_of: dict[str, int], content: SnapshotContent
) -> TargetProgress:
    line = _line(target, activity_of, id_of, content)
    return TargetProgress(
        line=line,
        need=target.need,
        done=target.done,
        happened=Pair(target.happened, target.happened),
        running=target.running,
        unmet=target.unmet,
        planned_to_date=target.planned,
        status=target.status,
        by_quarter=(),
        measured=(target.measured, target.measured_reported) if target.is_measured else None,
        reached=(target.percent, _reported_share(target)),
        coverage=_coverage(target),
        cells={id_of[code]: _cell(cell, target.is_measured) for code, cell in target.cells.items() if code in id_of},
    )


def _line(target: TargetContent, activity_of: dict[str, int], id_of: dict[str, int], content: SnapshotContent) -> Line:
    place = activity_of[target.code]
    due_in = tuple(id_of[code] for code in target.due_in if code in id_of)
    return Line(
        activity_id=place,
        target_id=place,
        component_id=0,
        part_of_id=activity_of.get(target.part_of),
        code=target.code,
        name=target.name,
        kind=None,
        is_money=False,
        measure=None,
        need=target.need,
        unit_of_measure=target.unit_of_measure,
        comparator=Comparator(target.comparator) if target.comparator else None,
        scope=Scope.EACH_UNIT if due_in else Scope.WHOLE,
        unit_ids=due_in,
        rounds=tuple(
            (number, one.name) for number, one in enumerate((r for r in content.rounds if r.target == target.code), 1)
        ),
        window_from=None,
        window_to=None,
        due=None,
        conditions=(),
        phases={},
        lead=None,
        coordinating=(),
        source_note={},
        part_ids=tuple(activity_of[t.code] for t in content.targets if t.part_of == target.code),
    )


def _cell(cell: CellContent, is_measured: bool) -> Cell:
    # Contents before schema 4 do not hold the reported value.
    reported = cell.value if cell.value_reported is None else cell.value_reported
    return Cell(
        need=cell.need, done=cell.done, value=(cell.value, reported) if is_measured else None, happened=cell.happened
    )


def _reported_share(target: TargetContent) -> Fraction | None:
    if target.percent_reported is not None or target.measured_reported is None or not target.need:
        return target.percent_reported
    return max(target.measured_reported, Fraction(0)) / target.need


def _coverage(target: TargetContent) -> Coverage | None:
    return None if target.measured_in is None else Coverage(target.measured_in, target.measured_of)
