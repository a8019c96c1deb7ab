"""Cài đặt kế hoạch: from which percentage on a target is on track or slow, and when the plan's quarters end."""

from datetime import date

import streamlit as st

from dashboard.i18n.words import _, day, moment, number, plain, problem
from dashboard.server.database import database
from dashboard.ui.frame import choose_plan, heading, main_button
from data_model.core.access import Actor
from data_model.core.problems import Problem, Refused
from data_model.plans.rules import PlanRules, QuarterRule, RulesVersion, rules_history, rules_of, set_rules
from data_model.plans.view import PlanView, quarter_ends

TALL = "<style>.st-key-plan-rules button { min-height: 44px; }</style>"


def draw(actor: Actor) -> None:
    """The rules of one plan, what they mean, and their earlier versions."""
    heading(
        _("Plan settings"),
        _(
            "How a plan's targets are judged. Changes hold from now on; a frozen quarter keeps the rules it was frozen"
            " with."
        ),
    )
    plan = choose_plan(actor)
    if st.session_state.pop("rules_saved", False):
        st.toast(_("The settings are saved."), icon=":material/check_circle:")
    with database().reading() as session:
        rules = rules_of(session, actor, plan.id)
        versions = rules_history(session, actor, plan.id)
    st.html(TALL)
    with st.container(key="plan-rules"):
        _form(actor, plan, rules)
        _versions(versions)


def _form(actor: Actor, plan: PlanView, rules: PlanRules) -> None:
    key = f"rules-{plan.id}-{plan.revision}"
    problems: dict[str, Problem] = st.session_state.get(f"rules-problems-{plan.id}", {})
    with st.form(f"form-{key}", border=False, enter_to_submit=False):
        on_track = st.number_input(
            _("On track from (percent of planned to date)"), value=rules.on_track_percent, step=1, key=f"{key}-on"
        )
        _wrong(problems, "on_track_percent")
        slow = st.number_input(
            _("Slow from (percent of planned to date)"), value=rules.slow_percent, step=1, key=f"{key}-slow"
        )
        _wrong(problems, "slow_percent")
        st.caption(
            _(
                "Below the second figure a target is very slow. Judged on verified records, against what the phasing"
                " has due by the day."
            )
        )
        rule = st.radio(
            _("When the plan's quarters end"),
            list(QuarterRule),
            index=list(QuarterRule).index(rules.quarter_rule),
            key=f"{key}-rule",
            format_func=_rule_name,
            captions=[_ends(plan, each) for each in QuarterRule],
        )
        _wrong(problems, "quarter_rule")
        if st.form_submit_button(_("Save the settings"), type=main_button(), icon=":material/save:"):
            _save(actor, plan, PlanRules(on_track, slow, rule))


def _rule_name(rule: QuarterRule) -> str:
    return {
        QuarterRule.CALENDAR: _("By the calendar"),
        QuarterRule.FROM_15_TO_14: _("From the 15th to the 14th (Decree 09/2019, article 12)"),
    }[rule]


def _ends(plan: PlanView, rule: QuarterRule) -> str:
    said = _("Quarters end on {days}", days=", ".join(day(end) for end in quarter_ends(plan.year, rule)))
    if rule is QuarterRule.CALENDAR:
        return said
    first, last = date(plan.year - 1, 12, 15), quarter_ends(plan.year, rule)[-1]
    return f"{said}. " + _(
        "The year runs from {first} to {last}; what is done after it belongs to the plan and to no quarter.",
        first=day(first),
        last=day(last),
    )


def _wrong(problems: dict[str, Problem], where: str) -> None:
    if where in problems:
        st.markdown(f":red[:material/error: {plain(problem(problems[where]))}]")


def _save(actor: Actor, plan: PlanView, rules: PlanRules) -> None:
    try:
        with database().writing() as session:
            set_rules(session, actor, plan.id, rules)
    except Refused as refused:
        st.session_state[f"rules-problems-{plan.id}"] = {p.where: p for p in refused.problems}
    else:
        st.session_state.pop(f"rules-problems-{plan.id}", None)
        st.session_state["rules_saved"] = True
    st.rerun()


def _versions(versions: list[RulesVersion]) -> None:
    st.subheader(_("Earlier settings"), anchor=False)
    if not versions:
        st.caption(_("Never changed: these are the settings the plan began with."))
    for version in versions:
        st.markdown(
            "- "
            + plain(
                _(
                    "{when}, {who}: {before} became {after} (revision {revision})",
                    when=moment(version.at),
                    who=version.by,
                    before=_short(version.before),
                    after=_short(version.after),
                    revision=number(version.revision),
                )
            )
        )


def _short(rules: PlanRules) -> str:
    return f"{rules.on_track_percent} / {rules.slow_percent} %, {_rule_name(rules.quarter_rule).lower()}"
