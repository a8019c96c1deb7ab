"""The periods of a plan with their versions, and the preview of a freeze: what it would hold and what is missing in
it.
"""

from datetime import date
from html import escape

import streamlit as st

from dashboard.i18n.words import _, _n, day, moment, plain, problem, refusal, say
from dashboard.progress.headline import headline_html
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.snapshots.frozen_progress import as_progress
from dashboard.ui import figure_table
from dashboard.ui.figure_table import Cell, button, row, table
from dashboard.ui.frame import main_button
from dashboard.ui.navigation import ask, go
from dashboard.ui.status_look import SNAPSHOT_LOOKS, chip
from data_model.core.access import Act, Actor
from data_model.core.problems import Problem, Refused
from data_model.periods.periods import Period
from data_model.periods.tables import SnapshotStatus
from data_model.plans.view import PlanView
from data_model.snapshots.freezing import Missing, PeriodRow, Preview, freeze, overview, preview
from data_model.snapshots.reading import Head

NAMED = 5
"""Names that a line lists before it only counts the rest."""


def periods(actor: Actor, plan: PlanView) -> None:
    """Every period with its versions; a tap opens a version, or the preview of a freeze."""
    with database().reading() as session:
        rows = overview(session, actor, plan.id)
    if not any(one.heads for one in rows):
        st.info(
            _(
                "Nothing is frozen yet. A freeze keeps a period's figures as they are, so that a report can be approved"
                " and printed; later entries change the next version, never the issued one."
            ),
            icon=":material/ac_unit:",
        )
    labels = [_("Period"), _("Status"), _("Versions"), _("Cut-off"), _("Next step")]
    html = table(_("Periods of the plan"), labels, [row(_period(actor, one), labels) for one in rows])
    opens = figure_table.show(html, f"periods-{plan.code}")
    if opens and "snapshot" in opens:
        go(addresses.SNAPSHOT, snapshot=opens["snapshot"])
    elif opens:
        ask(period=opens["period"])
        st.rerun()


def _period(actor: Actor, one: PeriodRow) -> list[Cell]:
    days = _("from {first} to {last}", first=day(one.days.first), last=day(one.days.last))
    name = f'<span class="strong">{escape(say(one.period.label))}</span><div class="quiet">{escape(days)}</div>'
    shown = [h for h in one.heads if h.status is not SnapshotStatus.DISCARDED]
    return [
        Cell(name),
        Cell(_standing(one, shown), "status"),
        Cell(_versions(one), "" if one.heads else "empty"),
        Cell(_cut_off(shown), "" if shown else "empty"),
        Cell(_next(actor, one, shown)),
    ]


def _standing(one: PeriodRow, shown: list[Head]) -> str:
    if shown:
        return snapshot_chip(shown[0].status)
    return f'<span class="quiet">{escape(_("not frozen yet") if one.ended else _("still running"))}</span>'


def snapshot_chip(status: SnapshotStatus) -> str:
    """Colour, shape and word of a snapshot's status."""
    return chip(SNAPSHOT_LOOKS[status], say(status.label))


def period_name(period: Period, year: int, days: tuple[date, date] | None = None) -> str:
    """ "Quý III năm 2024", "6 tháng đầu năm 2024"; with its days where they are not the calendar's."""
    said, of = say(period.label), str(year)
    quarter = period in (Period.Q1, Period.Q2, Period.Q3, Period.Q4)
    named = _("{quarter} of {year}", quarter=said, year=of) if quarter else _("{period}, {year}", period=said, year=of)
    return named if days is None else f"{named} ({day(days[0])}–{day(days[1])})"


def version_name(head: Head) -> str:
    """ "bản 2 · ● phát hành"."""
    return (
        f"{_('version {number}', number=head.version)} · {SNAPSHOT_LOOKS[head.status].shape} {say(head.status.label)}"
    )


def _versions(one: PeriodRow) -> str:
    said = (
        button(
            {"snapshot": head.id}, f"{escape(version_name(head))} ›", f"{say(one.period.label)}, {version_name(head)}"
        )
        for head in one.heads
    )
    return f'<div class="ways">{"".join(said)}</div>' if one.heads else "–"


def _cut_off(shown: list[Head]) -> str:
    return f'{escape(moment(shown[0].cut_off))}<div class="quiet">{escape(shown[0].made_by)}</div>' if shown else "–"


def _next(actor: Actor, one: PeriodRow, shown: list[Head]) -> str:
    if not one.ended:
        return f'<span class="quiet">{escape(_("can be frozen once {day} has passed", day=day(one.days.last)))}</span>'
    waits = _n("{count} late entry waits for a leader", "{count} late entries wait for a leader", one.late)
    late = f'<div class="quiet">{escape(waits)}</div>' if one.late else ""
    under_way = shown and shown[0].status is not SnapshotStatus.ISSUED
    if not actor.may(Act.FREEZE) or under_way:
        return late or "–"
    said = _("Preview the next version") if shown else _("Preview and freeze")
    return button({"period": one.period.value}, f"{escape(said)} ›", f"{said}: {say(one.period.label)}") + late


def preview_of(actor: Actor, plan: PlanView, period: Period) -> None:
    """What a freeze would hold, what is missing and where to mend it, and the freeze itself."""
    if st.button(_("All periods"), icon=":material/arrow_back:", type="tertiary"):
        ask(period=None)
        st.rerun()
    with st.spinner(_("Adding up the period")), database().reading() as session:
        found = preview(session, actor, plan.id, period)
    known = found.content.identity
    st.subheader(
        plain(_("{period}: before it is frozen", period=period_name(period, known.year, known.own_days))), anchor=False
    )
    inside = sum(known.records_in.values())
    st.html(headline_html(as_progress(found.content)))
    st.caption(
        _n(
            "Figures from {first} to {last}; {count} record counted since the plan began.",
            "Figures from {first} to {last}; {count} records counted since the plan began.",
            inside,
            first=known.starts_on,
            last=known.ends_on,
        )
    )
    is_empty = not any(known.starts_on <= record.happened_on <= known.ends_on for record in found.content.records)
    if is_empty:
        st.info(
            _(
                "No record of this period is there. It can be frozen all the same: the snapshot then says that nothing"
                " was recorded."
            ),
            icon=":material/inbox:",
        )
    _missing(plan, found.missing, is_empty)
    if found.missing.late and st.button(_("Late entries"), icon=":material/schedule:"):
        ask(period=None, view="late")
        st.rerun()
    _freeze(actor, plan, period, found)


def _missing(plan: PlanView, missing: Missing, is_empty: bool) -> None:
    """What is still open, each with the way to where it can be mended."""
    pages, code = st.session_state["pages"], {"plan": plan.code}
    names = {line.code: say(line.name) for line in plan.all_lines}
    open_points = [
        (
            missing.sent,
            _n(
                "{count} record is sent and not verified: it counts as reported only",
                "{count} records are sent and not verified: they count as reported only",
                missing.sent,
            ),
            addresses.RECORDS,
            {"status": "sent"},
        ),
        (
            missing.late,
            _n(
                "{count} of them is a late entry that waits for a leader",
                "{count} of them are late entries that wait for a leader",
                missing.late,
            ),
            None,
            {},
        ),
        (
            missing.returned,
            _n(
                "{count} record was returned and does not count until it is sent again",
                "{count} records were returned and do not count until they are sent again",
                missing.returned,
            ),
            addresses.RECORDS,
            {"status": "returned"},
        ),
        (
            missing.drafts,
            _n("{count} draft was begun and not sent", "{count} drafts were begun and not sent", missing.drafts),
            None,
            {},
        ),
        (
            len(missing.unphased),
            _n(
                "{count} target is not phased, so nothing says whether it is on time: {names}",
                "{count} targets are not phased, so nothing says whether they are on time: {names}",
                len(missing.unphased),
                names=_listed([names.get(c, c) for c in missing.unphased]),
            ),
            addresses.PHASING,
            {},
        ),
        (
            missing.unmet,
            _n("{count} condition is not met", "{count} conditions are not met", missing.unmet),
            addresses.PROGRESS,
            {"view": "conditions"},
        ),
        (
            len(missing.unvisited),
            _n(
                "{count} commune has not been visited by any round: {names}",
                "{count} communes have not been visited by any round: {names}",
                len(missing.unvisited),
                names=_listed([plan.unit_by_id[u].full_name for u in missing.unvisited]),
            ),
            addresses.MAP,
            {"colouring": "visits"},
        ),
    ]
    there = [point for point in open_points if point[0]]
    if there:
        st.markdown(f"**{_('What is missing')}**")
    elif not is_empty:
        st.success(_("Nothing is missing."), icon=":material/task_alt:")
    with st.container(key="missing-points", gap="xsmall"):
        for _count, said, address, query in there:
            if address in pages:
                st.page_link(
                    pages[address], label=plain(said), icon=":material/chevron_right:", query_params=code | query
                )
            else:
                st.markdown(f":material/remove: {plain(said)}")


def _listed(names: list[str]) -> str:
    said = "; ".join(names[:NAMED])
    return said + (_(" and {count} more", count=len(names) - NAMED) if len(names) > NAMED else "")


def _freeze(actor: Actor, plan: PlanView, period: Period, found: Preview) -> None:
    if found.hindered is not None:
        last = found.content.identity.ends_on
        st.warning(plain(problem(Problem("", found.hindered, {"last": last}))), icon=":material/hourglass:")
        return
    with st.container(border=True):
        reason = ""
        if found.needs_reason:
            st.markdown(
                _(
                    "Version {number} is issued. A new one names it and says why; the issued one stays as it is.",
                    number=found.content.identity.replaces,
                )
            )
            reason = st.text_area(_("Reason for a new version"), key=f"freeze-reason-{plan.id}-{period}")
        st.caption(
            _(
                "The snapshot begins as a draft: what you write beside the figures can still be changed, the figures no"
                " longer."
            )
        )
        if st.button(_("Freeze {period}", period=say(period.label)), type=main_button(), icon=":material/ac_unit:"):
            _do_freeze(actor, plan, period, reason)


def _do_freeze(actor: Actor, plan: PlanView, period: Period, reason: str) -> None:
    try:
        with st.spinner(_("Freezing")), database().writing(one_moment=True) as session:
            head = freeze(session, actor, plan.id, period, reason)
    except Refused as refused:
        st.error(plain(refusal(refused)), icon=":material/error:")
        return
    st.session_state["snapshot_said"] = _(
        "{period} is frozen as version {number}.", period=say(period.label), number=head.version
    )
    go(addresses.SNAPSHOT, snapshot=head.id)
