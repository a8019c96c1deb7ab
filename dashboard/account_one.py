"""One account on the page "Tài khoản": its name, role, communes with their periods, its link, its end."""

from collections.abc import Callable
from datetime import date

import pandas
import streamlit as st

from dashboard.frame import heading, main_button
from dashboard.store import database
from dashboard.words import _, day, moment, plain, problem, refusal, say
from data_model import accounts, settings
from data_model.access import Act, Actor, Role, UnitGrant
from data_model.account_rows import Account
from data_model.accounts import AccountRow
from data_model.problems import Refused
from data_model.units import Unit, all_units


def unit_name(unit: Unit) -> str:
    """A unit's name, with the day from which it is valid where another had the name before."""
    return unit.full_name if unit.valid_from is None else f"{unit.full_name} ({day(unit.valid_from)})"


def draw_one(actor: Actor, account_id: int) -> None:
    """Everything that `actor` may change of one account."""
    st.button(_("All accounts"), icon=":material/arrow_back:", on_click=_back)
    try:
        with database().reading() as session:
            row = accounts.open_account(session, actor, account_id)
            units = {u.id: u for u in all_units(session)}
    except Refused as refused:
        st.error(plain(refusal(refused)), icon=":material/error:")
        return
    account = row.account
    heading(account.display_name, f"{account.name} · {say(Role(account.role).label)} · {_state(account)}")
    problems = st.session_state.pop("account/refused", None)
    if problems:
        st.error(plain(problems), icon=":material/error:")
    _entry(actor, account)
    if account.role == Role.SUPERVISOR:
        _communes(actor, row, units)
    _person(actor, account)


def _back() -> None:
    st.query_params.clear()


def _state(account: Account) -> str:
    if account.disabled_at:
        return _("disabled since {when}", when=moment(account.disabled_at))
    return _("last signed in {when}", when=moment(account.last_sign_in)) if account.last_sign_in else _("never signed in")


def _do(act: Callable, *given: object, said: str) -> None:
    """One act of data_model in a transaction; what it refused stands on the page, what it did is said once."""
    try:
        with database().writing() as session:
            act(session, *given)
    except Refused as refused:
        st.session_state["account/refused"] = refusal(refused)
    else:
        st.session_state["account/said"] = said


def _entry(actor: Actor, account: Account) -> None:
    """A new link, and closing or opening the door."""
    with st.container(horizontal=True):
        st.button(_("New one-time link"), icon=":material/key:", on_click=_new_link, args=(actor, account),
                  disabled=bool(account.disabled_at), help=_("For a forgotten password: the old one stops working when the link is used."))
        if account.id == actor.id:
            return
        if account.disabled_at:
            st.button(_("Let in again"), icon=":material/lock_open:", on_click=_set_disabled, args=(actor, account, False))
            return
        with st.popover(_("Disable"), icon=":material/block:"):
            st.markdown(plain(_("The person is signed out everywhere at once and cannot sign in any more. Records stay.")))
            st.button(_("Disable this account"), on_click=_set_disabled, args=(actor, account, True))


def _new_link(actor: Actor, account: Account) -> None:
    try:
        with database().writing() as session:
            token = accounts.new_link(session, actor, account.id)
    except Refused as refused:
        st.session_state["account/refused"] = refusal(refused)
        return
    st.session_state["one_time_link"] = (account.display_name, f"/link/{token}")


def _set_disabled(actor: Actor, account: Account, disabled: bool) -> None:
    _do(accounts.set_disabled, actor, account.id, disabled,
        said=_("{name} is signed out and disabled.", name=account.display_name) if disabled else _("{name} may sign in again.", name=account.display_name))


def _communes(actor: Actor, row: AccountRow, units: dict[int, Unit]) -> None:
    """The periods as a table that is saved whole, and a short way to give several communes at once."""
    st.subheader(_("Communes"), anchor=False)
    st.caption(_("Both days are included; an empty day leaves that side open. A commune may stand here for several periods."))
    turn = st.session_state.setdefault("account/turn", 0)
    key = f"account/periods-{row.account.id}-{turn}"
    names = sorted(units, key=lambda u: (units[u].place, units[u].name))
    table = pandas.DataFrame([{"unit": g.unit_id, "first": g.first, "last": g.last} for g in row.grants], columns=["unit", "first", "last"])
    edited = st.data_editor(
        table.astype({"unit": "Int64"}), key=key, num_rows="dynamic", hide_index=True, row_height=44, width="stretch", placeholder="",
        alt=_("Communes with their days, to be filled in"),
        column_config={
            "unit": st.column_config.SelectboxColumn(_("Commune"), options=names, format_func=lambda u: unit_name(units[u]), required=True, width="medium"),
            "first": st.column_config.DateColumn(_("From day"), format="DD/MM/YYYY"),
            "last": st.column_config.DateColumn(_("Until day"), format="DD/MM/YYYY"),
        },
    )
    if st.button(_("Save the communes"), type=main_button(), icon=":material/save:"):
        _save_communes(actor, row, _periods(edited))
    with st.expander(_("Give several communes at once"), icon=":material/playlist_add:"), st.form(f"more-{row.account.id}-{turn}", border=False):
        chosen = st.multiselect(_("Communes"), names, format_func=lambda u: unit_name(units[u]), placeholder=_("Choose"))
        first, last = st.columns(2)
        since = first.date_input(_("From day"), value=None, format="DD/MM/YYYY")
        until = last.date_input(_("Until day"), value=None, format="DD/MM/YYYY")
        if st.form_submit_button(_("Give these too")) and chosen:
            _save_communes(actor, row, [*row.grants, *(UnitGrant(u, since, until) for u in chosen)])


def _periods(edited: pandas.DataFrame) -> list[UnitGrant]:
    def on(value: object) -> date | None:
        return None if pandas.isna(value) else pandas.Timestamp(value).date()

    return [UnitGrant(int(r.unit), on(r.first), on(r.last)) for r in edited.itertuples() if not pandas.isna(r.unit)]


def _save_communes(actor: Actor, row: AccountRow, grants: list[UnitGrant]) -> None:
    try:
        with database().writing() as session:
            accounts.set_units(session, actor, row.account.id, grants)
    except Refused as refused:
        for one in refused.problems:
            place = _("Line {number}: ", number=int(one.where) + 1) if one.where.isdigit() else ""
            st.error(plain(place + problem(one)), icon=":material/error:")
        return
    st.session_state["account/turn"] += 1
    st.session_state["account/said"] = _("The communes of {name} are saved.", name=row.account.display_name)
    st.rerun()


def _person(actor: Actor, account: Account) -> None:
    """Name, and for administrators role and identity."""
    st.subheader(_("This person"), anchor=False)
    with st.form(f"name-{account.id}", border=False):
        name = st.text_input(_("Name shown to others"), value=account.display_name, autocomplete="off")
        if st.form_submit_button(_("Save the name")):
            _do(accounts.rename, actor, account.id, name, said=_("The name is saved."))
            st.rerun()
    if not actor.may(Act.MANAGE_ACCOUNTS):
        return
    if account.id != actor.id:
        with st.form(f"role-{account.id}", border=False):
            role = st.radio(_("Role"), list(Role), index=list(Role).index(Role(account.role)), format_func=lambda r: say(r.label), horizontal=True)
            if st.form_submit_button(_("Change the role"), help=_("The person is signed out and signs in again in the new role.")):
                _do(accounts.set_role, actor, account.id, role, said=_("{name} has the role {role} now.", name=account.display_name, role=say(role.label)))
                st.rerun()
    organisation = settings.single_sign_on()
    if organisation:
        with st.form(f"identity-{account.id}", border=False):
            identity = st.text_input(_("Identity at {name}", name=organisation), value=account.organisation_identity or "", autocomplete="off",
                                     help=_("The e-mail address that the organisation vouches for, or the subject it gives. Empty: password only."))
            if st.form_submit_button(_("Save the identity")):
                _do(accounts.set_identity, actor, account.id, identity, said=_("The identity is saved."))
                st.rerun()
