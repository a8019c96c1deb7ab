"""Phân kỳ: how much of each target is due by each quarter's end, entered or accepted by a leader."""

from fractions import Fraction

import pandas
import streamlit as st

from dashboard.i18n.words import _, _n, plain, problem, say
from dashboard.plans.phasing_draft import NAMES, QUARTERS, Draft, fit, phasable, window
from dashboard.progress.planned_words import plan_number
from dashboard.server.database import database
from dashboard.ui.choice import choose_tab
from dashboard.ui.frame import choose_plan, heading, main_button
from data_model.core.access import Actor
from data_model.core.problems import Problem, Refused
from data_model.plans.phasing import set_phasing, window_quarters
from data_model.plans.view import Line, PlanView

# Pixels: room for a target's name in two lines.
ROW = 72


def draw(actor: Actor) -> None:
    """A grid of targets by quarter, or one target at a time; saved together."""
    heading(
        _("Phasing"), _("A quarter's share is due at its end. Until you save one, a target has no planned-to-date.")
    )
    plan = choose_plan(actor)
    lines = phasable(plan)
    if not lines:
        st.info(
            _("This plan has no numbered target that adds up over the year, so there is nothing to phase."),
            icon=":material/info:",
        )
        return
    if st.session_state.pop("phasing_saved", False):
        st.toast(_("The phasing is saved."), icon=":material/check_circle:")
    draft: Draft = st.session_state.setdefault(f"phasing-{plan.code}", Draft())
    draft.turn_to(choose_tab({"grid": _("All targets"), "one": _("One target at a time")}, "phasing_view"))
    shown = _grid(plan, lines, draft) if draft.tab == "grid" else _one(plan, lines, draft)
    _problems(plan, lines)
    _actions(actor, plan, lines, shown, draft)
    st.caption(_("A target made of parts takes its phasing from them. Measured targets are not phased."))


def _grid(plan: PlanView, lines: list[Line], draft: Draft) -> list[Line]:
    """All targets at once; gives those that the proposal is for."""
    key = f"phasing_grid-{plan.code}-{draft.turn}"
    rows = [
        {"name": say(line.name)}
        | {f"q{q}": _cell(share) for q, share in draft.shares(line).items()}
        | {"fit": fit(plan, line, draft.shares(line)), "year": plan_number(line), "window": window(plan, line)}
        for line in lines
    ]
    step = 1 if all(line.total_need.denominator == 1 for line in lines) else None
    st.data_editor(
        pandas.DataFrame(rows).astype({f"q{q}": "float64" for q in QUARTERS}),
        key=key,
        hide_index=True,
        on_change=_take,
        args=(key, lines, draft),
        row_height=ROW,
        height=ROW * len(rows) + 40,
        placeholder="",
        alt=_("Targets by quarter, to be filled in"),
        column_config={
            "name": st.column_config.TextColumn(_("Target"), disabled=True, width="medium", pinned=True),
            "year": st.column_config.TextColumn(_("Planned"), disabled=True),
            "window": st.column_config.TextColumn(
                _("Quarters of the plan"), disabled=True, help=_("The plan's window does not reach into the others.")
            ),
            "fit": st.column_config.TextColumn(_("Sum"), disabled=True),
        }
        | {
            f"q{q}": st.column_config.NumberColumn(
                _("Quarter {name}", name=NAMES[q]), min_value=0, step=step, width="small"
            )
            for q in QUARTERS
        },
    )
    return [line for line in lines if draft.is_empty(line)]


def _cell(share) -> float | None:
    return None if share is None else float(share)


def _take(key: str, lines: list[Line], draft: Draft) -> None:
    """The grid's edits, taken in before the page is drawn, so that the sums beside them are right at once."""
    grid = st.session_state.get(key) or {"edited_rows": {}}  # none: a late word of a grid that has gone meanwhile
    for at, edited in grid["edited_rows"].items():
        for column, value in edited.items():
            draft.put(lines[int(at)], int(column.removeprefix("q")), value)


def _field(total: Fraction, value: Fraction | None) -> dict:
    """How a quarter's share is typed: a whole number, or every decimal that the plan's number needs."""
    if total.denominator == 1 and (value is None or value.denominator == 1):
        return {"min_value": 0, "step": 1, "value": None if value is None else int(value)}
    return {"min_value": 0.0, "step": 0.1, "format": "%g", "value": None if value is None else float(value)}


def _one(plan: PlanView, lines: list[Line], draft: Draft) -> list[Line]:
    """One target and four fields, for a phone; gives the target, for the proposal."""
    by_code = {line.code: line for line in lines}
    code = st.selectbox(
        _("Target"),
        list(by_code),
        format_func=lambda c: f"{say(by_code[c].name)} · {fit(plan, by_code[c], draft.shares(by_code[c]))}",
        key=f"phasing_target-{plan.code}",
    )
    line, shares = by_code[code], draft.shares(by_code[code])
    st.markdown(
        plain(
            _(
                "Planned: {planned}. Quarters of the plan: {window}.",
                planned=plan_number(line),
                window=window(plan, line),
            )
        )
    )
    reached = window_quarters(plan, line)
    with st.container(horizontal=True):
        for quarter in QUARTERS:
            key = f"phasing_field-{line.target_id}-{quarter}-{draft.turn}"
            outside = quarter not in reached
            value = shares[quarter]
            st.number_input(
                _("Quarter {name}", name=NAMES[quarter]) + (f" ({_('outside the window')})" if outside else ""),
                **_field(line.total_need, value),
                key=key,
                width=180,
                disabled=outside and not value,
                on_change=_take_field,
                args=(key, line, quarter, draft),
            )
    st.markdown(f"**{_('Sum')}:** {plain(fit(plan, line, draft.shares(line)))}")
    return [line]


def _take_field(key: str, line: Line, quarter: int, draft: Draft) -> None:
    if key in st.session_state:
        draft.put(line, quarter, st.session_state[key])


def _problems(plan: PlanView, lines: list[Line]) -> None:
    """What was wrong at the last saving, by target and quarter."""
    names = {str(line.target_id): say(line.name) for line in lines}
    found: list[Problem] = st.session_state.get(f"phasing_problems-{plan.code}", [])
    for one in found:
        target, _dot, quarter = one.where.partition(".")
        where = names.get(target, "") + (f", {_('Quarter {name}', name=NAMES[int(quarter)])}" if quarter else "")
        st.error(plain(f"{where}: {problem(one)}" if where else problem(one)), icon=":material/error:")


def _actions(actor: Actor, plan: PlanView, lines: list[Line], shown: list[Line], draft: Draft) -> None:
    changes = draft.changes(lines)
    with st.container(horizontal=True):
        if st.button(_("Save"), type=main_button(), icon=":material/save:", disabled=not changes):
            _save(actor, plan, changes, draft)
        if st.button(_("Propose an even phasing"), icon=":material/view_week:", disabled=not shown):
            draft.propose(plan, shown)
            st.rerun()
        if st.button(_("Drop the changes"), type="tertiary", disabled=not changes):
            draft.drop()
            st.session_state.pop(f"phasing_problems-{plan.code}", None)
            st.rerun()
    if changes:
        st.caption(
            _n("{count} target changed and not saved yet.", "{count} targets changed and not saved yet.", len(changes))
        )


def _save(actor: Actor, plan: PlanView, changes: dict, draft: Draft) -> None:
    try:
        with database().writing() as session:
            set_phasing(session, actor, plan.id, changes)
    except Refused as refused:
        st.session_state[f"phasing_problems-{plan.code}"] = list(refused.problems)
    else:
        st.session_state.pop(f"phasing_problems-{plan.code}", None)
        draft.drop()
        st.session_state["phasing_saved"] = True
    st.rerun()
