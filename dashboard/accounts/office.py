"""Cơ quan: which office this installation is of, and its communes, picked from the national list of units."""

import streamlit as st

from dashboard.i18n.words import _, _n, plain
from dashboard.server.addresses import ACCOUNTS
from dashboard.server.database import database
from dashboard.ui.choice import choose_one
from dashboard.ui.frame import heading, main_button
from dashboard.ui.navigation import go
from dashboard.ui.small_form import attempt, show_problems
from data_model.core.access import Actor
from data_model.units.office import OfficeView, national_communes, national_provinces, set_office, the_office
from data_model.units.tables import NationalUnit

KEY = "office"


def draw(actor: Actor) -> None:
    """The office as it is set, and the choice of another."""
    heading(_("Office"), _("The units are those of the national list since 1 July 2025."))
    with database().reading() as session:
        office = the_office(session)
        provinces = {unit.code: unit for unit in national_provinces(session)}
    if st.session_state.pop(f"{KEY}/said", None):
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
    if level == "commune":
        code, chosen = _one_commune(province, communes), []
    else:
        code, chosen = province, _several_communes(province, communes)
    show_problems(KEY, "", all_but=())
    st.button(
        _("This is our office"),
        type=main_button(),
        icon=":material/check:",
        disabled=not code,
        on_click=attempt,
        args=(KEY, lambda session: set_office(session, actor, code, chosen), f"{KEY}/said"),
        key=f"{KEY}/press",
    )


def _one_commune(province: str, communes: dict[str, NationalUnit]) -> str:
    """The code of the office that is one commune; nothing before one is chosen."""
    picked: str | None = st.selectbox(
        _("Commune, ward or special zone"),
        list(communes),
        index=None,
        format_func=lambda code: _named(communes[code]),
        placeholder=_("Choose"),
        key=f"{KEY}/commune-{province}",
    )
    return picked or ""


def _several_communes(province: str, communes: dict[str, NationalUnit]) -> list[str]:
    """Codes of the communes that a province's office supervises."""
    if st.checkbox(_("All communes of the province"), key=f"{KEY}/all-{province}"):
        chosen = list(communes)
    else:
        chosen = st.multiselect(
            _("Communes that the office supervises"),
            list(communes),
            format_func=lambda code: _named(communes[code]),
            placeholder=_("Choose"),
            key=f"{KEY}/communes-{province}",
        )
    st.caption(_n("{count} commune chosen.", "{count} communes chosen.", len(chosen)))
    return chosen


def _named(unit: NationalUnit) -> str:
    return f"{unit.full_name} ({unit.code})"


def _shown(office: OfficeView) -> None:
    with st.container(border=True):
        st.markdown(f":material/apartment: **{plain(office.unit.full_name)}** · {plain(office.unit.code)}")
        said = _n("Supervises {count} commune:", "Supervises {count} communes:", len(office.communes))
        st.caption(plain(f"{said} {', '.join(unit.full_name for unit in office.communes)}"))
        if st.button(_("Next: people"), icon=":material/arrow_forward:", key=f"{KEY}/next"):
            go(ACCOUNTS)
