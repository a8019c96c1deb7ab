"""Tài khoản: give people their role and communes; they set their password by a one-time link."""

import streamlit as st

from dashboard.frame import heading, main_button
from dashboard.store import database
from dashboard.words import _, day, moment, plain, problem, refusal, say
from data_model import accounts
from data_model.access import Act, Actor, Role
from data_model.accounts import Account, AccountUnit
from data_model.problems import Problem, Refused
from data_model.units import Unit, all_units


def draw(actor: Actor) -> None:
    """Add an account; below, the accounts that there are."""
    heading(_("Accounts"), _("A new person gets a one-time link and sets a password with it. Nobody else learns the password."))
    with database().reading() as session:
        listed = accounts.list_accounts(session, actor)
        units = {u.id: u for u in all_units(session)}
    _link_notice()
    with st.expander(_("Add an account"), icon=":material/person_add:", expanded=len(listed) < 2):
        _add(actor, units)
    for account, grants in listed:
        _one(actor, account, grants, units)


def _link_notice() -> None:
    made = st.session_state.get("one_time_link")
    if made:
        name, path = made
        st.success(_("One-time link for {name}. Give it to this person only; it works once, within 3 days:", name=plain(name)),
                   icon=":material/key:")
        st.code(f"{_address()}{path}", language=None, wrap_lines=True)
        st.button(_("Done, hide the link"), on_click=lambda: st.session_state.pop("one_time_link", None))


def _address() -> str:
    scheme = st.context.headers.get("x-forwarded-proto", "http")
    return f"{scheme}://{st.context.headers.get('host', 'localhost')}"


def _add(actor: Actor, units: dict[int, Unit]) -> None:
    roles = [r for r in Role if r is Role.SUPERVISOR or actor.may(Act.MANAGE_ACCOUNTS)]
    problems: dict[str, Problem] = st.session_state.get("account_problems", {})
    with st.form("add-account", border=False, enter_to_submit=False):
        st.text_input(_("Sign-in name (letters without marks)"), key="account/name", autocomplete="off")
        _wrong(problems, "name")
        st.text_input(_("Name shown to others"), key="account/display_name", autocomplete="off",
                      help=_("For example: supervisor of the northern communes"))
        _wrong(problems, "display_name")
        st.radio(_("Role"), roles, format_func=lambda r: say(r.label), key="account/role", horizontal=True)
        _units_choice("account/units", units, [])
        _wrong(problems, "units")
        first, last = st.columns(2)
        first.date_input(_("From day"), value=None, format="DD/MM/YYYY", key="account/first")
        last.date_input(_("Until day"), value=None, format="DD/MM/YYYY", key="account/last")
        _wrong(problems, "last")
        st.form_submit_button(_("Add and make the link"), type=main_button(), on_click=_press_add, args=(actor,))


def _wrong(problems: dict[str, Problem], where: str) -> None:
    if where in problems:
        st.markdown(f":red[:material/error: {plain(problem(problems[where]))}]")


def _units_choice(key: str, units: dict[int, Unit], default: list[int]) -> None:
    st.multiselect(_("Communes (for supervisors)"), sorted(units, key=lambda u: (units[u].place, units[u].name)), default=default,
                   format_func=lambda u: _unit_name(units[u]), key=key, placeholder=_("Choose"))


def _unit_name(unit: Unit) -> str:
    return unit.full_name if unit.valid_from is None else f"{unit.full_name} ({day(unit.valid_from)})"


def _press_add(actor: Actor) -> None:
    def entered(name: str):
        return st.session_state.get(f"account/{name}")

    try:
        with database().writing() as session:
            account, token = accounts.add_account(
                session, actor, entered("name"), entered("display_name"), entered("role"), entered("units"),
                entered("first"), entered("last"),
            )
    except Refused as refused:
        st.session_state["account_problems"] = {p.where: p for p in refused.problems}
        return
    for name in ("name", "display_name"):
        st.session_state[f"account/{name}"] = ""
    st.session_state["account/units"] = []
    st.session_state["account_problems"] = {}
    st.session_state["one_time_link"] = (account.display_name, f"/link/{token}")


def _one(actor: Actor, account: Account, grants: list[AccountUnit], units: dict[int, Unit]) -> None:
    with st.container(border=True, key=f"account-{account.id}"):
        state = f" · :orange[{_('disabled')}]" if account.disabled_at else "" if account.password_hash else f" · :orange[{_('link not used yet')}]"
        st.markdown(f"**{plain(account.display_name)}** · {plain(account.name)} · {say(Role(account.role).label)}{state}")
        places = ", ".join(units[g.unit_id].full_name for g in grants if g.unit_id in units)
        seen = _("last signed in {when}", when=moment(account.last_sign_in)) if account.last_sign_in else _("never signed in")
        st.caption(plain(f"{places} · {seen}" if places else seen))
        with st.container(horizontal=True):
            st.button(_("New one-time link"), key=f"link-{account.id}", icon=":material/key:", on_click=_new_link, args=(actor, account))
            if account.id != actor.id:
                st.button(_("Let in again") if account.disabled_at else _("Disable"), key=f"disable-{account.id}",
                          icon=":material/block:", on_click=_set_disabled, args=(actor, account))
            if account.role == Role.SUPERVISOR:
                with st.popover(_("Communes"), icon=":material/location_on:"):
                    _change_units(actor, account, grants, units)


def _change_units(actor: Actor, account: Account, grants: list[AccountUnit], units: dict[int, Unit]) -> None:
    key = f"units-{account.id}"
    _units_choice(key, units, [g.unit_id for g in grants if g.unit_id in units])
    from_day = st.date_input(_("From day"), value=None, format="DD/MM/YYYY", key=f"{key}-first")
    until = st.date_input(_("Until day"), value=None, format="DD/MM/YYYY", key=f"{key}-last")
    if st.button(_("Save"), key=f"{key}-save", type=main_button()):
        try:
            with database().writing() as session:
                accounts.set_units(session, actor, account.id, st.session_state[key], from_day, until)
        except Refused as refused:
            st.error(plain(refusal(refused)))
            return
        st.rerun()


def _new_link(actor: Actor, account: Account) -> None:
    try:
        with database().writing() as session:
            token = accounts.new_link(session, actor, account.id)
    except Refused as refused:
        st.error(plain(refusal(refused)))
        return
    st.session_state["one_time_link"] = (account.display_name, f"/link/{token}")


def _set_disabled(actor: Actor, account: Account) -> None:
    try:
        with database().writing() as session:
            accounts.set_disabled(session, actor, account.id, account.disabled_at is None)
    except Refused as refused:
        st.error(plain(refusal(refused)))
