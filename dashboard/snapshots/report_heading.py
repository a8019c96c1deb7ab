"""Tiêu đề báo cáo: the texts of a report's heading, signature and recipients, kept for each plan."""

import streamlit as st

from dashboard.i18n.words import _, plain, problem
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.ui.frame import choose_plan, heading, main_button
from data_model.core.access import Actor
from data_model.core.problems import Problem, Refused
from data_model.plans.view import PlanView
from data_model.snapshots.report_settings import (
    ReportSettings,
    is_committee,
    report_settings,
    set_report_settings,
    symbol_of,
)


def draw(actor: Actor) -> None:
    """The texts in the order in which they stand on the page."""
    heading(
        _("Heading and signature of reports"), _("As they are printed. An empty line leaves room to write by hand.")
    )
    plan = choose_plan(actor)
    if st.session_state.pop("report_heading_saved", False):
        st.toast(_("The texts are saved."), icon=":material/check_circle:")
    st.page_link(
        st.session_state["pages"][addresses.SNAPSHOTS],
        label=_("All periods"),
        icon=":material/arrow_back:",
        query_params={"plan": plan.code},
    )
    with database().reading() as session:
        known = report_settings(session, actor, plan.id)
    typed = _fields(plan, known)
    if st.button(_("Save"), type=main_button(), icon=":material/save:", disabled=typed == known):
        _save(actor, plan, typed)


def _fields(plan: PlanView, known: ReportSettings) -> ReportSettings:
    wrong: list[Problem] = st.session_state.get(f"report_heading_problems-{plan.id}", [])

    def ask(name: str, label: str, example: str = "") -> str:
        typed = st.text_input(label, getattr(known, name), key=f"heading-{plan.id}-{name}", placeholder=example)
        for one in wrong:
            if one.where == name:
                st.error(plain(problem(one)), icon=":material/error:")
        return typed

    st.markdown(f"**{_('Heading')}**")
    superior = ask("superior", _("Superior body, above the line"))
    body = ask("body", _("Issuing body, in capitals"))
    left, right = st.columns(2)
    with left:
        symbol = ask("symbol", _("Symbol after the number"), "BC-UBND")
        kind = ask("kind", _("Kind of document, in capitals"))
    with right:
        place = ask("place", _("Place, before the date"))
        addressee = ask("addressee", _("Addressed to (empty: to nobody)"))
    _check(body, symbol, superior)
    st.markdown(f"**{_('Signature')}**")
    left, right = st.columns(2)
    with left:
        authority = ask("authority", _("Authority of the signature"), "KT. CHỦ TỊCH")
        title = ask("signer_title", _("Position of who signs"), "PHÓ CHỦ TỊCH")
        name = ask("signer_name", _("Name of who signs"))
    with right:
        lines = st.text_area(
            _("Recipients, a line each"), "\n".join(known.recipients), key=f"heading-{plan.id}-recipients", height=160
        )
        for one in wrong:
            if one.where == "recipients":
                st.error(plain(problem(one)), icon=":material/error:")
    recipients = tuple(line.strip() for line in lines.splitlines() if line.strip())
    return ReportSettings(superior, body, symbol, place, kind, addressee, authority, title, name, recipients)


def _check(body: str, symbol: str, superior: str) -> None:
    """What of the heading does not fit its issuer. It is said and not forbidden: an office may have its own ways."""
    fits = symbol_of(body)
    if fits and symbol.strip() and symbol.strip() != fits:
        st.warning(
            plain(_("A report of {body} usually bears {fits}, not {symbol}.", body=body, fits=fits, symbol=symbol)),
            icon=":material/rule:",
        )
    if body.strip() and not superior.strip() and not is_committee(body):
        st.warning(_("An office under another body names that one above its own name."), icon=":material/rule:")


def _save(actor: Actor, plan: PlanView, typed: ReportSettings) -> None:
    key = f"report_heading_problems-{plan.id}"
    try:
        with database().writing() as session:
            set_report_settings(session, actor, plan.id, typed)
    except Refused as refused:
        st.session_state[key] = list(refused.problems)
    else:
        st.session_state.pop(key, None)
        st.session_state["report_heading_saved"] = True
    st.rerun()
