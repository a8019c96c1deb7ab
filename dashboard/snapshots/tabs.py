"""The tabs of a snapshot, each built only when it is chosen."""

import plotly.graph_objects as go
import streamlit as st

from dashboard.i18n.words import _, language, number, plain, say
from dashboard.progress import charts
from dashboard.progress.tabs import ink
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.snapshots import figure_tables, year_chart
from dashboard.ui import figure_table
from dashboard.ui.figure_table import row, table, text
from dashboard.ui.navigation import ask
from dashboard.ui.navigation import go as go_to
from dashboard.ui.pager import numbered_pager
from data_model.plans.view import view_plan
from data_model.snapshots.reading import Opened

PAGE = 50


def targets(opened: Opened) -> None:
    """Every target; a tap shows the records that were counted for it."""
    st.caption(
        _("Verified figures; reported beside them where they differ. A dash says that there is no number, not 0.")
    )
    opens = figure_table.show(figure_tables.targets(opened.content), f"frozen-targets-{opened.head.id}")
    if opens:
        _show_records(opens["target"])
    if after := figure_tables.after_last_day(opened.content):
        figure_table.show(after, f"frozen-after-{opened.head.id}")


def _show_records(target: str) -> None:
    ask(target=target, view="records")
    st.rerun()


def people_and_money(opened: Opened) -> None:
    """Who took part; budget and payments."""
    content = opened.content
    st.markdown(f"**{_('Participants')}**")
    if any(one.with_figures for one in content.attendance):
        figure_table.show(figure_tables.attendance(content), f"frozen-people-{opened.head.id}")
        names = {t.code: say(t.name) for t in content.targets}
        uncounted = [names.get(one.target, one.target) for one in content.attendance if not one.with_figures]
        if uncounted:
            st.caption(plain(_("Nobody was counted in: {names}.", names="; ".join(uncounted))))
        st.caption(
            _(
                "Sums of those records that collected the figure, since the plan began. A person who came twice counts"
                " twice."
            )
        )
    else:
        st.info(_("No record that asks who took part yet."), icon=":material/groups:")
    st.markdown(f"**{_('Budget and payments')}**")
    if content.money:
        figure_table.show(figure_tables.budget(content), f"frozen-money-{opened.head.id}")
    else:
        st.info(_("The plan names no budget and nothing was paid."), icon=":material/payments:")
    if content.paid_by_source:
        figure_table.show(figure_tables.by_source(content), f"frozen-sources-{opened.head.id}")


def follow_up(opened: Opened) -> None:
    """Rounds, findings and recommendations as they stood at the period's end."""
    content, found = opened.content, opened.content.follow_up
    st.markdown(f"**{_('Monitoring rounds')}**")
    if content.rounds:
        figure_table.show(figure_tables.rounds(content), f"frozen-rounds-{opened.head.id}")
    else:
        st.info(_("The plan has no monitoring rounds."), icon=":material/travel_explore:")
    st.markdown(f"**{_('Findings and recommendations')}**")
    told = [f"{name}: {number(count)}" for name, count in found.by_severity if count]
    st.markdown(_("Findings: {said}", said=plain("; ".join(told))) if told else _("No finding."))
    st.markdown(
        _(
            "Recommendations: {open} open, {overdue} of them overdue, {closed} closed",
            open=found.open,
            overdue=found.overdue,
            closed=found.closed,
        )
    )
    if found.recommendations:
        first = page_of(len(found.recommendations), "recommendations")
        opened_record(
            figure_table.show(
                figure_tables.recommendations(content, first, PAGE), f"frozen-recommendations-{opened.head.id}"
            )
        )


def changes(opened: Opened) -> None:
    """What is otherwise than in the last issue, conditions not met, notes on the data."""
    content = opened.content
    st.markdown(f"**{_('Changes since the last issue')}**")
    if content.changes:
        names, first = line_names(opened), page_of(len(content.changes), "changes")
        opened_record(
            figure_table.show(
                figure_tables.changes(content.changes, names, first, PAGE), f"frozen-changes-{opened.head.id}"
            )
        )
    else:
        st.caption(_("Nothing that an issued version had counted has changed."))
    st.markdown(f"**{_('Conditions not met')}**")
    if content.unmet:
        first = page_of(len(content.unmet), "unmet")
        opened_record(figure_table.show(figure_tables.unmet(content, first, PAGE), f"frozen-unmet-{opened.head.id}"))
    else:
        st.caption(_("Every record that counts meets its conditions."))
    st.markdown(f"**{_('Notes on the data')}**")
    if content.quality:
        labels = [_("Note"), _("How often")]
        rows = [row([text(say(one.say)), text(number(one.count), "number")], labels) for one in content.quality]
        figure_table.show(
            table(_("Notes on the data"), labels, rows, frozenset({1}), cards=False), f"frozen-quality-{opened.head.id}"
        )
    else:
        st.caption(_("Nothing to note."))
    if content.left_out:
        st.markdown(f"**{_('Records left out of the verified figures')}**")
        names, first = line_names(opened), page_of(len(content.left_out), "left-out")
        opened_record(
            figure_table.show(figure_tables.left_out(content, names, first, PAGE), f"frozen-left-out-{opened.head.id}")
        )


def records(opened: Opened) -> None:
    """The records that were counted, in the versions that were counted; narrowed by target and commune."""
    content = opened.content
    counted = {record.target for record in content.records}
    names = {code: f"{code} · {name}" for code, name in line_names(opened).items() if code in counted}
    places = {u.key: u.full_name for u in content.units}
    with st.container(horizontal=True):
        codes, asked = list(names), st.query_params.get("target")
        target = st.selectbox(
            _("Target"),
            codes,
            index=codes.index(asked) if asked in names else None,
            format_func=names.__getitem__,
            placeholder=_("All"),
            key=f"frozen-records-target-{opened.head.id}-{asked}",
        )
        unit = st.selectbox(
            _("Commune"),
            list(places),
            index=None,
            format_func=places.__getitem__,
            placeholder=_("All"),
            key=f"frozen-records-unit-{opened.head.id}",
        )
    found = [r for r in content.records if (target is None or r.target == target) and (unit is None or r.unit == unit)]
    if not found:
        st.info(_("No record was counted here."), icon=":material/inbox:")
        return
    first = page_of(len(found), "records")
    st.caption(_("Records as they were when the period was frozen. Opened, a record shows itself as it is now."))
    opened_record(
        figure_table.show(
            figure_tables.counted(content, line_names(opened), found[first : first + PAGE]),
            f"frozen-records-{opened.head.id}",
        )
    )


def line_names(opened: Opened) -> dict[str, str]:
    """Names of the plan's lines by code, as they were frozen."""
    names = {code: say(name) for code, name in opened.content.line_names.items()}
    if {record.target for record in opened.content.records} <= names.keys():
        return names
    with (
        database().reading() as session
    ):  # a snapshot of the first declaration, which did not keep the names of payments
        plan = view_plan(session, opened.head.plan_id)
    return {line.code: say(line.name) for line in plan.all_lines} | names


def opened_record(opens: dict | None) -> None:
    """Go to the record that was tapped."""
    if opens:
        go_to(addresses.RECORD, record=opens["record"])


def page_of(total: int, name: str) -> int:
    """The first row of the page of rows that is looked at; draws the way to the others where there are more."""
    if total <= PAGE:
        return 0
    pages = -(-total // PAGE)
    key = f"frozen-page-{name}"
    at = min(st.session_state.get(key, 0), pages - 1)
    numbered_pager(
        key,
        at,
        at + 1 < pages,
        _("{first} to {last} of {total}", first=at * PAGE + 1, last=min((at + 1) * PAGE, total), total=total),
    )
    return at * PAGE


def year_lines(opened: Opened) -> None:
    """A figure over the year, with its forecast; which one is chosen by the person."""
    lines = year_chart.lines_of(opened.content)
    if not lines:
        st.caption(_("There is no figure that runs over the year."))
        return
    chosen = st.selectbox(
        _("Over the year"), list(lines), format_func=lambda code: lines[code].name, key=f"year-line-{opened.head.id}"
    )
    drawn = _line((opened.head.content_hash, chosen, language()), ink(), lines[chosen])
    st.plotly_chart(drawn, config=charts.CONFIG, theme=None, alt=lines[chosen].name, key=f"year-chart-{opened.head.id}")
    if lines[chosen].at_end is not None:
        st.caption(
            _(
                "Forecast, not a figure: {value} by the year's end, if the work goes on as on average so far.",
                value=lines[chosen].write(lines[chosen].at_end),
            )
        )


@st.cache_resource(show_spinner=False, max_entries=50)
def _line(key: tuple, colour: str, _line: year_chart.YearLine) -> go.Figure:
    return year_chart.draw(_line, colour)
