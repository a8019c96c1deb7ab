"""The tables of a frozen period, as HTML for `figure_table.show`. Every figure is the snapshot's own."""

from collections.abc import Mapping, Sequence
from html import escape
from uuid import UUID

from dashboard.i18n.words import _, day, kept_figure, money, number, percent, say
from dashboard.progress.headline import status_chip
from dashboard.progress.planned_words import coverage
from dashboard.ui.figure_table import Cell, button, row, table, text
from dashboard.ui.status_look import LOOKS, STANDING_LOOKS, chip
from data_model.follow_up.listing import Standing
from data_model.forms.fields import People
from data_model.records.tables import RecordStatus
from data_model.snapshots.content import (
    AttendanceContent,
    ChangeContent,
    CountedRecord,
    MoneyContent,
    RecommendationContent,
    SnapshotContent,
    TargetContent,
)


def targets(content: SnapshotContent) -> str:
    """Every target by component: year's plan, planned to date and where it comes from, in the period, cumulative,
    percent, status, cause.
    """
    labels = [
        _("Target"),
        _("Year's plan"),
        _("Planned to date"),
        _("In the period"),
        _("Cumulative"),
        _("Percent"),
        _("Of planned to date"),
        _("Status"),
    ]
    names, rows, shown = dict(content.components), [], None
    for target in content.targets:
        if target.component != shown:
            shown = target.component
            rows.append(_component(f"{shown}. {say(names[shown])}" if shown in names else shown, len(labels)))
        rows.append(row(_target(target), labels, "part" if target.part_of else "target"))
    return table(_("Targets of the snapshot"), labels, rows)


def _component(name: str, columns: int) -> str:
    return (
        f'<tr role="row" class="component"><th role="rowheader" scope="rowgroup" colspan="{columns}">'
        f'<div class="name">{escape(name)}</div></th></tr>'
    )


def _target(target: TargetContent) -> list[Cell]:
    measure = say(target.unit_of_measure)
    asked = target.need is not None and not target.is_measured
    return [
        Cell(_name(target)),
        text(_("no number") if target.need is None else f"{number(target.need)} {measure}".strip()),
        Cell(_planned(target) if asked else "–", "" if asked else "empty"),
        Cell("–" if target.is_measured else _pair(target.done_in_period), "empty" if target.is_measured else ""),
        Cell(_cumulative(target, measure)),
        Cell(_share(target), "" if target.percent is not None else "empty"),
        text(percent(target.percent_of_planned), "" if target.percent_of_planned is not None else "empty"),
        Cell(status_chip(target.status), "status"),
    ]


def _name(target: TargetContent) -> str:
    name = say(target.name)
    # A whole is recorded in its parts only.
    said = (
        escape(name)
        if target.is_whole_of_parts
        else button({"target": target.code}, f"{escape(name)}\u00a0›", _("Records counted for {name}", name=name))
    )
    told = [
        (_("Cause: {said}", said=target.cause), target.cause),
        (_("Measure: {said}", said=target.measure), target.measure),
    ]
    return said + "".join(f'<div class="quiet">{escape(line)}</div>' for line, typed in told if typed)


def _planned(target: TargetContent) -> str:
    if target.planned is None:
        return escape(_("not phased"))
    origin = _("entered by a leader") if target.planned_origin == "entered" else ""
    return escape(number(target.planned)) + (f'<div class="quiet nowrap">{escape(origin)}</div>' if origin else "")


def _pair(done) -> str:
    """The verified figure, the reported one beside it where it differs."""
    said = f'<span class="strong">{escape(number(done.verified))}</span>'
    return (
        said
        if done.reported == done.verified
        else said + f'<div class="quiet">{escape(_("reported {figure}", figure=done.reported))}</div>'
    )


def _cumulative(target: TargetContent, measure: str) -> str:
    if not target.is_measured:
        return _pair(target.done)
    known, reported = target.measured, target.measured_reported
    said = (
        f'<span class="quiet">{escape(_("no data yet"))}</span>'
        if known is None
        else f'<span class="strong">{escape(number(known))}</span> {escape(measure)}'
    )
    if missing := coverage(target):
        said += f'<div class="quiet">{escape(missing)}</div>'
    return (
        said
        if reported in (None, known)
        else said + f'<div class="quiet">{escape(_("reported {figure}", figure=reported))}</div>'
    )


def _share(target: TargetContent) -> str:
    if target.percent is None:
        return "–"
    width = min(int(target.percent * 100), 100)
    return (
        f'<span class="strong">{escape(percent(target.percent))}</span>'
        f'<div class="bar"><i style="width:{width}%;background:{LOOKS[target.status].colour}"></i></div>'
    )


def after_last_day(content: SnapshotContent) -> str:
    """What was done after the last day of a year that ends before the plan does; empty for any other period."""
    done = [target for target in content.targets if target.done_after is not None and target.done_after.reported]
    if not any(target.done_after is not None for target in content.targets):
        return ""
    title = _("Done after the year's last day ({last})", last=day(content.identity.ends_on))
    said = f'<p><strong>{escape(title)}</strong><br><span class="quiet">'
    said += (
        escape(
            _("These days belong to the plan and to no quarter of its year; nothing of them is in the figures above.")
        )
        + "</span></p>"
    )
    if not done:
        return said + f"<p>{escape(_('Nothing was recorded after it.'))}</p>"
    labels = [_("Target"), _("Verified"), _("Reported")]
    rows = [
        row(
            [
                text(say(t.name)),
                text(number(t.done_after.verified), "number"),
                text(number(t.done_after.reported), "number"),
            ],
            labels,
        )
        for t in done
    ]
    return said + table(title, labels, rows, frozenset({1, 2}), cards=False)


def attendance(content: SnapshotContent) -> str:
    """Who took part, by activity and in all; what nobody asked for says so and is not 0."""
    labels = [_("Activity"), *(say(part.label) for part in People.fields.values()), _("Records with figures")]
    names = {t.code: say(t.name) for t in content.targets}
    rows = [
        row(_people(one, names.get(one.target, one.target)), labels) for one in content.attendance if one.with_figures
    ]
    if rows:
        rows.append(row(_people(content.attendance_total, _("In all")), labels, "component"))
    return table(_("Participants"), labels, rows, frozenset(range(1, len(labels))))


def _people(one: AttendanceContent, name: str) -> list[Cell]:
    figures = [one.parts.get(part) for part in People.fields]
    return [
        text(name),
        *(
            text(_("not collected") if n is None else number(n), "number quiet" if n is None else "number")
            for n in figures
        ),
        text(f"{number(one.with_figures)}/{number(one.records)}", "number"),
    ]


def budget(content: SnapshotContent) -> str:
    """Budget and payments by component, whole đồng; an amount that the plan does not name is not 0."""
    labels = [_("Project, sub-project"), _("Budget"), _("Paid in the period"), _("Paid, cumulative"), _("Percent")]
    rows = [row(_money(one), labels, "part" if one.depth else "target") for one in content.money]
    return table(_("Budget and payments"), labels, rows, frozenset(range(1, len(labels))))


def _money(one: MoneyContent) -> list[Cell]:
    budget = _("the plan names no amount") if one.budget is None else money(one.budget)
    share = percent(one.paid.verified / one.budget) if one.budget else "–"
    paid = escape(money(one.paid.verified))
    if one.paid.reported != one.paid.verified:
        paid += f'<div class="quiet">{escape(_("reported {figure}", figure=money(one.paid.reported)))}</div>'
    name = escape(f"{one.code}. {say(one.name)}")
    if one.funds:
        name += f'<div class="quiet">{escape(_("Funds, as the plan says: {funds}", funds=say(one.funds)))}</div>'
    return [
        Cell(name),
        text(budget, "number" if one.budget is None else "number nowrap"),
        text(money(one.paid_in_period.verified), "number nowrap"),
        Cell(paid, "number nowrap"),
        text(share, "number nowrap"),
    ]


def by_source(content: SnapshotContent) -> str:
    """Payments by source of funds; sources are never converted into one another."""
    labels = [_("Source of funds"), _("Paid in the period"), _("Paid, cumulative")]
    rows = [
        row(
            [
                text(say(one.name)),
                text(money(one.paid_in_period.verified), "number"),
                text(money(one.paid.verified), "number"),
            ],
            labels,
        )
        for one in content.paid_by_source
    ]
    return table(_("Payments by source of funds"), labels, rows, frozenset({1, 2}))


def rounds(content: SnapshotContent) -> str:
    """Monitoring rounds: communes to visit and visited."""
    labels = [_("Round"), _("To visit"), _("Visited, verified"), _("Visited, reported")]
    rows = [
        row(
            [
                text(say(one.name)),
                text(number(one.need), "number"),
                text(number(one.visited.verified), "number"),
                text(number(one.visited.reported), "number"),
            ],
            labels,
        )
        for one in content.rounds
    ]
    return table(_("Monitoring rounds"), labels, rows, frozenset({1, 2, 3}))


def recommendations(content: SnapshotContent, first: int, most: int) -> str:
    """Recommendations as they stood, `most` from the row `first` on."""
    labels = [_("Commune"), _("Recommendation"), _("Responsible"), _("Fix by"), _("State then"), _("Record")]
    rows = [
        row(
            [
                text(one.unit),
                text(one.text),
                text(one.responsible or "–"),
                text(day(one.due)),
                Cell(_standing(one), "status"),
                _record(one.record_id),
            ],
            labels,
        )
        for one in content.follow_up.recommendations[first : first + most]
    ]
    return table(_("Recommendations"), labels, rows)


def _standing(one: RecommendationContent) -> str:
    """The state by its look; one that this version of the program no longer has stays a word."""
    known = next((standing for standing in Standing if standing.label == one.state), None)
    return escape(say(one.state)) if known is None else chip(STANDING_LOOKS[known], say(known.label))


def unmet(content: SnapshotContent, first: int, most: int) -> str:
    """Records that count and yet fail a condition, `most` from the row `first` on."""
    labels = [_("Target"), _("Commune"), _("Day"), _("Condition"), _("Found"), _("Status"), _("Record")]
    names = {t.code: say(t.name) for t in content.targets}
    rows = [
        row(
            [
                text(names.get(one.target, one.target)),
                text(one.unit),
                text(day(one.happened_on)),
                text(say(one.condition)),
                text(_("not collected") if one.figure is None else number(one.figure)),
                text(say((RecordStatus.VERIFIED if one.verified else RecordStatus.SENT).label)),
                _record(one.record_id),
            ],
            labels,
        )
        for one in content.unmet[first : first + most]
    ]
    return table(_("Conditions not met"), labels, rows)


def changes(changed: Sequence[ChangeContent], names: Mapping[str, str], first: int, most: int) -> str:
    """What records changed in figures that were frozen before; `names` are those of targets by code."""
    labels = [_("Target"), _("Commune"), _("What changed"), _("Before"), _("Now"), _("Record")]
    rows = [
        row(
            [
                text(names.get(one.target, one.target)),
                text(one.unit or "–"),
                text(say(one.what)),
                text(kept_figure(one.before)),
                text(kept_figure(one.after)),
                _record(one.record_id),
            ],
            labels,
        )
        for one in changed[first : first + most]
    ]
    return table(_("Changed records"), labels, rows)


def _record(record_id: UUID | None) -> Cell:
    """Opens a record, by the first letters of its id; a dash where an older snapshot did not keep it."""
    if record_id is None:
        return text("–", "empty")
    short = str(record_id)[:8]
    return Cell(button({"record": str(record_id)}, f"{escape(short)} ›", _("Open the record {id}", id=short)))


def counted(content: SnapshotContent, names: Mapping[str, str], records: Sequence[CountedRecord]) -> str:
    """The records that were counted, as they were then; `names` are those of the plan's lines by code."""
    labels = [_("Day"), _("Target"), _("Commune"), _("Counted"), _("Status then"), _("Version"), _("Record")]
    places = {u.key: u.full_name for u in content.units}
    rows = [
        row(
            [
                text(day(one.happened_on)),
                text(names.get(one.target, one.target)),
                text(places.get(one.unit, content.identity.owner)),
                text(_counted(one)),
                text(say(RecordStatus(one.status).label)),
                text(number(one.version)),
                _record(one.id),
            ],
            labels,
        )
        for one in records
    ]
    return table(_("Records counted"), labels, rows)


def left_out(content: SnapshotContent, names: Mapping[str, str], first: int, most: int) -> str:
    """Records that are no part of the verified figures, each with the reason, `most` from the row `first` on."""
    labels = [_("Day"), _("Target"), _("Commune"), _("Why it is left out"), _("Record")]
    places = {u.key: u.full_name for u in content.units}
    rows = [
        row(
            [
                text(day(one.happened_on)),
                text(names.get(one.target, one.target)),
                text(places.get(one.unit, content.identity.owner)),
                text(say(one.reason.label)),
                _record(one.id),
            ],
            labels,
        )
        for one in content.left_out[first : first + most]
    ]
    return table(_("Records left out"), labels, rows)


def _counted(one: CountedRecord) -> str:
    if one.amount is not None:
        return money(one.amount)
    return number(one.value if one.value is not None else one.quantity)
