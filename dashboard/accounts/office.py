"""Cơ quan: which office this installation is of, and its communes, picked from the national list of units."""

import streamlit as st

from dashboard.i18n.words import _, _n, plain, problem
from dashboard.server.addresses import ACCOUNTS
from dashboard.server.database import database
from dashboard.ui.choice import choose_one
from dashboard.ui.frame import heading, main_button
from dashboard.ui.navigation import go
from data_model.core.access import Actor
from data_model.core.problems import Problem, Refused
from data_model.units.office import OfficeView, national_communes, national_provinces, set_office, the_office

KEY = "office"


def draw(actor: Actor) -> None:
    """The office as it is set, and the choice of another."""
    heading(_("Office"), _("The units are those of the national list since 1 July 2025."))
    with database().reading() as session:
        office = the_office(session)
        provinces = {unit.code: unit for unit in national_provinces(session)}
    if st.session_state.pop(f"{KEY}/saved", False):
        st.toast(_("The office is set."), icon=":material/check_circle:")
    if office:
        _shown(office)
    level = choose_one(
        _("The office is of"),
        {"commune": _("a commune, ward or special zone"), "province": _("a province or city, or a part of it")},
        f"{KEY}/level",
    )
    province = st.selectbox(
        _("Province or city"),
        list(provinces),
        index=None,
        format_func=lambda code: provinces[code].full_name,
        placeholder=_("Choose"),
        key=f"{KEY}/province",
    )
    if province is None:
        return
    with database().reading() as session:
        communes = {unit.code: unit for unit in national_communes(session, province)}

    def named(code: str) -> str:
        return f"{communes[code].full_name} ({code})"

    chosen: list[str] = []
    code = province
    if level == "commune":
        picked = st.selectbox(
            _("Commune, ward or special zone"),
            list(communes),
            index=None,
            format_func=named,
            placeholder=_("Choose"),
            key=f"{KEY}/commune-{province}",
        )
        code = picked or ""
    else:
        everything = st.checkbox(_("All communes of the province"), key=f"{KEY}/all-{province}")
        chosen = list(communes) if everything else []
        if not everything:
            chosen = st.multiselect(
                _("Communes that the office supervises"),
                list(communes),
                format_func=named,
                placeholder=_("Choose"),
                key=f"{KEY}/communes-{province}",
            )
        st.caption(_n("{count} commune chosen.", "{count} communes chosen.", len(chosen)))
    problems: list[Problem] = st.session_state.get(f"{KEY}/problems", [])
    for each in problems:
        st.markdown(f":red[:material/error: {plain(problem(each))}]")
    st.button(
        _("This is our office"),
        type=main_button(),
        icon=":material/check:",
        disabled=not code,
        on_click=_press,
        args=(actor, code, chosen),
        key=f"{KEY}/press",
    )


def _shown(office: OfficeView) -> None:
    with st.container(border=True):
        st.markdown(f":material/apartment: **{plain(office.unit.full_name)}** · {plain(office.unit.code)}")
        said = _n("Supervises {count} commune:", "Supervises {count} communes:", len(office.communes))
        st.caption(plain(f"{said} {', '.join(unit.full_name for unit in office.communes)}"))
        if st.button(_("Next: people"), icon=":material/arrow_forward:", key=f"{KEY}/next"):
            go(ACCOUNTS)


def _press(actor: Actor, code: str, communes: list[str]) -> None:
    try:
        with database().writing() as session:
            set_office(session, actor, code, communes)
    except Refused as refused:
        st.session_state[f"{KEY}/problems"] = list(refused.problems)
        return
    st.session_state.pop(f"{KEY}/problems", None)
    st.session_state[f"{KEY}/saved"] = True
