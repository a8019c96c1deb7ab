"""What stands beside the map: one commune in detail, or, while none is chosen, where the plan lags."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from dashboard.evidence import gallery
from dashboard.i18n.words import _, _n, day, number, percent, plain, say
from dashboard.progress.colouring import done_of_need
from dashboard.progress.headline import nothing_behind
from dashboard.progress.reason_words import reason_said
from dashboard.server import addresses
from dashboard.ui.status_look import LOOKS, STANDING_LOOKS, Look, chip, look_of_share, word
from data_model.core.access import Act, Actor
from data_model.counting.rules import Cell, PlanProgress, TargetProgress, TargetStatus, due_in, status_on
from data_model.counting.urgency import BEHIND, urgency
from data_model.follow_up.listing import Standing
from data_model.overview.lagging import Lagging, LaggingUnit
from data_model.plans.view import Line, PlanView
from data_model.records.listing import RecordRow
from data_model.records.tables import RecordStatus
from data_model.units.tables import Unit

UNFINISHED = (Standing.OVERDUE, Standing.OPEN, Standing.IN_PROGRESS, Standing.DONE, Standing.DROPPING)
MOST = 4


def capital(name: str) -> str:
    """A name at the beginning of a line: "Xã Phổ An"."""
    return name[:1].upper() + name[1:]


def draw_commune(
    actor: Actor,
    progress: PlanProgress,
    unit: Unit,
    found: Lagging,
    rows: Sequence[RecordRow],
    total: int,
    asked_for: dict[Standing, int],
    tapped: RecordRow | None,
    close: Callable[[], None],
) -> None:
    """One commune: how far, what is due and missing, what visits asked for, what else happened, the latest records and
    photos.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(capital(unit.full_name)), anchor=False)
        st.button(_("Close"), icon=":material/close:", type="tertiary", on_click=close, key="commune-close")
    if tapped is not None:
        st.markdown(f"**{_('The point you tapped')}**")
        _record_link(progress.plan, tapped, None)
    _summary(progress, unit)
    _due(progress, unit, found)
    _asked_for(progress.plan, unit, asked_for)
    _happened(progress, unit)
    _latest(progress.plan, unit, rows, total)
    gallery.latest(actor, progress.plan, unit.id)


def draw_overview(
    actor: Actor,
    progress: PlanProgress,
    found: Lagging,
    waiting: int,
    show_target: Callable[[int], None],
    choose_unit: Callable[[int], None],
) -> None:
    """While no commune is chosen: which targets lag, which communes lack most, what to do now."""
    _to_do(actor, progress.plan, waiting)
    lagging = sorted((t for t in progress.targets if t.status in BEHIND and t.line.part_of_id is None), key=urgency)
    if lagging:
        st.markdown(f"**{_('Targets behind')}**")
        for target in lagging[:MOST]:
            st.button(
                f"{plain(word(target.status))} · {plain(say(target.line.name))}",
                key=f"behind-{target.line.activity_id}",
                on_click=show_target,
                args=(target.line.activity_id,),
                width="stretch",
            )
    lacking = found.late_units or found.units
    if lacking:
        st.markdown(f"**{_('Communes that lack most')}**")
        for one in lacking[:MOST]:
            _lacking_commune(one, choose_unit)
        if len(lacking) > MOST:
            st.caption(
                _n(
                    "{count} more is not complete. Tap the map or choose one above.",
                    "{count} more are not complete. Tap the map or choose one above.",
                    len(lacking) - MOST,
                )
            )
    if not lagging and not lacking:
        st.info(
            f"{nothing_behind(progress)} {_('Tap a commune to see what was done there.')}", icon=":material/touch_app:"
        )


def _lacking_commune(one: LaggingUnit, choose_unit: Callable[[int], None]) -> None:
    """A commune with what is late there, else what it owes, each with why."""
    lacks = [lack for lack in one.lacks if lack.late] or one.lacks
    names = "; ".join(
        f"{say(lack.target.line.name)} ({', '.join(reason_said(reason) for reason in lack.reasons)})"
        if lack.reasons
        else say(lack.target.line.name)
        for lack in lacks
    )
    mean = one.progress.mean
    share = "" if mean is None else f"{look_of_share(mean).shape} {percent(mean)} · "
    st.button(
        f"{share}**{plain(capital(one.unit.full_name))}** · {plain(_('Missing: {names}', names=names))}",
        key=f"lacking-{one.unit.id}",
        on_click=choose_unit,
        args=(one.unit.id,),
        width="stretch",
    )


def _to_do(actor: Actor, plan: PlanView, waiting: int) -> None:
    if waiting and actor.may(Act.REVIEW_RECORD):
        st.page_link(
            st.session_state["pages"][addresses.REVIEW],
            label=_n("{count} record waits to be verified", "{count} records wait to be verified", waiting),
            icon=":material/pending_actions:",
            query_params={"plan": plan.code},
        )


def _summary(progress: PlanProgress, unit: Unit) -> None:
    figures = progress.units.get(unit.id)
    if figures is None or figures.mean is None:
        st.markdown(_("The plan puts no numbered target into this place."))
        return
    shape = look_of_share(figures.mean).shape
    st.markdown(
        f"{shape} **{percent(figures.mean)}** · "
        + _n(
            "mean of {count} target due here, verified", "mean of {count} targets due here, verified", figures.rests_on
        )
    )
    if figures.mean_reported != figures.mean:
        st.caption(_("{share} with what is not verified yet", share=percent(figures.mean_reported)))


def _due(progress: PlanProgress, unit: Unit, found: Lagging) -> None:
    why = {
        lack.target.line.activity_id: lack.reasons
        for one in found.units
        if one.unit.id == unit.id
        for lack in one.lacks
    }
    due = [(t, t.cells[unit.id]) for t in due_in(unit.id, progress.targets)]
    if not due:
        return
    st.markdown(f"**{_('Due here')}**")
    for target, cell in sorted(due, key=lambda pair: pair[1].percent == 1):
        with st.container(gap="xsmall"):
            status = _status_here(progress, target, cell)
            st.html(
                f"<div>{chip(_look_here(status, cell), _words_here(status))}"
                f" <strong>{escape(say(target.line.name))}</strong></div>"
            )
            reasons = [reason_said(reason) for reason in why.get(target.line.activity_id, ())]
            st.caption(plain(" · ".join([*_figures_here(target.line, cell, status), *reasons])))


def _status_here(progress: PlanProgress, target: TargetProgress, cell: Cell) -> TargetStatus:
    """The table of statuses, asked for one commune; a phasing is the whole target's and judges no single commune."""
    value = cell.value[0] if cell.value else None
    status = status_on(progress.plan, target.line, cell.need, cell.done.verified, value, None, progress.as_of)
    # What the whole target need not have begun is missing in no commune yet.
    is_early = status is TargetStatus.UNPHASED and target.status is TargetStatus.NOT_DUE
    return TargetStatus.NOT_DUE if is_early else status


def _look_here(status: TargetStatus, cell: Cell) -> Look:
    """A status of the table as everywhere; a mere part of what is due as on the map."""
    return LOOKS[status] if status is not TargetStatus.UNPHASED else look_of_share(cell.percent)


def _words_here(status: TargetStatus) -> str:
    return {TargetStatus.UNPHASED: _("not complete"), TargetStatus.DONE: _("complete")}.get(status) or say(status.label)


def _figures_here(line: Line, cell: Cell, status: TargetStatus) -> list[str]:
    measure = say(line.unit_of_measure)
    if line.is_measured:
        return [_("latest value verified: {value}", value=number(cell.value[0] if cell.value else None))]
    said = [done_of_need(cell.done, cell.need, measure)]
    if status is not TargetStatus.DONE:
        missing = cell.need - cell.done.reported
        said.append(
            _("{missing} {measure} missing", missing=number(missing), measure=measure)
            if missing > 0
            else _("only verifying is missing")
        )
        if line.due:
            said.append(_("due {day}", day=day(line.due)))
    return said


def _asked_for(plan: PlanView, unit: Unit, counted: dict[Standing, int]) -> None:
    """How many recommendations to this place stand where, those that somebody still has to do something about."""
    told = [f"{STANDING_LOOKS[s].shape} {number(counted[s])} {say(s.label)}" for s in UNFINISHED if s in counted]
    if told:
        st.page_link(
            st.session_state["pages"][addresses.FOLLOW_UP],
            label=_("Recommendations: {counts}", counts=", ".join(told)),
            icon=":material/checklist:",
            query_params={"plan": plan.code, "unit": unit.id},
        )


def _happened(progress: PlanProgress, unit: Unit) -> None:
    others = [
        (t, t.cells[unit.id])
        for t in progress.targets
        if not t.line.part_ids and unit.id in t.cells and t.cells[unit.id].happened and not t.cells[unit.id].need
    ]
    if not others:
        return
    st.markdown(f"**{_('Also done here, not averaged')}**")
    st.markdown("\n".join(f"- {plain(say(t.line.name))}: {number(cell.happened)}" for t, cell in others))


def _latest(plan: PlanView, unit: Unit, rows: Sequence[RecordRow], total: int) -> None:
    if not rows:
        st.info(_("No record from here yet."), icon=":material/inbox:")
        return
    st.markdown(f"**{_('Latest records')}**")
    for place, row in enumerate(rows, 1):
        _record_link(plan, row, place if row.latitude is not None else None)
    st.page_link(
        st.session_state["pages"][addresses.RECORDS],
        label=_("All {total} records from here", total=total),
        icon=":material/list_alt:",
        query_params={"plan": plan.code, "unit": unit.id},
    )


def _record_link(plan: PlanView, row: RecordRow, place: int | None) -> None:
    """A record by its day, activity and status; `place` is its number on the map."""
    where = f"({place}) " if place else ""
    line = plan.line_by_activity[row.activity_id]
    facts = f"{where}{day(row.happened_on)} · {say(line.name)} · {say(RecordStatus(row.status).label)}"
    st.page_link(
        st.session_state["pages"][addresses.RECORD],
        label=plain(facts),
        icon=":material/location_on:" if place else ":material/article:",
        query_params={"record": row.id},
    )
