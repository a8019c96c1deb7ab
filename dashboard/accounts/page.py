"""Tài khoản: give people their role and communes; they set their password by a one-time link."""

from urllib.parse import urlsplit

import streamlit as st

from dashboard.accounts.account import draw_account
from dashboard.accounts.first_steps import first_steps
from dashboard.accounts.people import draw_people
from dashboard.i18n.words import _, moment, plain, problem, say
from dashboard.server import addresses
from dashboard.server.addresses import row_number
from dashboard.server.database import database
from dashboard.ui.commune_choice import choose_communes, chosen_communes
from dashboard.ui.frame import heading, main_button
from dashboard.ui.navigation import ask
from dashboard.ui.pager import numbered_pager
from data_model.accounts import administration
from data_model.accounts.administration import AccountRow
from data_model.core.access import Act, Actor, Role, UnitGrant
from data_model.core.problems import Problem, Refused
from data_model.planning.new_plan import units_to_give
from data_model.units.tables import Unit
from data_model.units.units import all_units

PAGE = 20
TALL = "<style>.st-key-accounts button, .st-key-accounts a { min-height: 44px; }</style>"


def draw(actor: Actor) -> None:
    """The accounts by page, a search, and one more; or the one that the address names."""
    said = st.session_state.pop("account/said", None)
    if said:
        st.toast(plain(said), icon=":material/check_circle:")
    st.html(TALL)
    with st.container(key="accounts"):
        _link_notice()
        asked = row_number(st.query_params.get("account"))
        if asked is not None:
            draw_account(actor, asked)
        else:
            _everybody(actor)


def _everybody(actor: Actor) -> None:
    first_steps(actor)
    heading(
        _("Accounts"),
        _("A new person gets a one-time link and sets a password with it. Nobody else learns the password."),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            _("Find a name or commune"), key="account/search", autocomplete="off", icon=":material/search:"
        )
        role = None
        if actor.may(Act.MANAGE_ACCOUNTS):
            role = st.selectbox(
                _("Role"),
                list(Role),
                index=None,
                format_func=lambda r: say(r.label),
                placeholder=_("All"),
                key="account/of-role",
            )
    narrowed = (search, role)
    if st.session_state.get("account/narrowed") != narrowed:
        st.session_state["account/narrowed"], st.session_state["account/page"] = narrowed, 0
    page = st.session_state["account/page"]
    with database().reading() as session:
        rows, total = administration.list_accounts(session, actor, search, role, PAGE, page * PAGE)
        units = {u.id: u for u in all_units(session)}
        to_give = units_to_give(session)
    alone = total < 2 and not any(narrowed)
    with st.expander(_("Add an account"), icon=":material/person_add:", expanded=alone):
        _add(actor, to_give)
    draw_people(actor)
    if not rows:
        st.info(
            _("Nobody here with this choice.")
            if any(narrowed)
            else _("No account yet. Add the first supervisor above."),
            icon=":material/group:",
        )
        return
    st.caption(
        _("{first} to {last} of {total} accounts", first=page * PAGE + 1, last=page * PAGE + len(rows), total=total)
    )
    for row in rows:
        _row(row, units)
    numbered_pager("account/page", page, (page + 1) * PAGE < total)


def _row(row: AccountRow, units: dict[int, Unit]) -> None:
    account = row.account
    with st.container(border=True, key=f"account-{account.id}", horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            state = (
                _("disabled")
                if account.disabled_at
                else ""
                if account.password_hash or account.organisation_identity
                else _("link not used yet")
            )
            mark = f" · :orange[:material/block: {plain(state)}]" if state else ""
            st.markdown(
                f"**{plain(account.display_name)}** · {plain(account.name)} · {say(Role(account.role).label)}{mark}"
            )
            seen = (
                _("last signed in {when}", when=moment(account.last_sign_in))
                if account.last_sign_in
                else _("never signed in")
            )
            places = _places(row.grants, units) if account.role == Role.SUPERVISOR else ""
            st.caption(plain(f"{places} · {seen}" if places else seen))
        st.button(_("Open"), key=f"open-{account.id}", on_click=_open, args=(account.id,))


def _places(grants: tuple[UnitGrant, ...], units: dict[int, Unit]) -> str:
    if not grants:
        return _("no commune given")
    return ", ".join(units[unit_id].full_name for unit_id in dict.fromkeys(g.unit_id for g in grants))


def _open(account_id: int) -> None:
    ask(account=str(account_id))


def _link_notice() -> None:
    made = st.session_state.get("one_time_link")
    if made:
        name, path = made
        st.success(
            _("One-time link for {name}. Give it to this person only; it works once, within 3 days:", name=plain(name)),
            icon=":material/key:",
        )
        st.code(f"{_address()}{path}", language=None, wrap_lines=True)
        st.button(_("Done, hide the link"), on_click=lambda: st.session_state.pop("one_time_link", None))


def _address() -> str:
    """This site as the browser that asks knows it."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}"


def _add(actor: Actor, to_give: list[Unit]) -> None:
    roles = [r for r in Role if r is Role.SUPERVISOR or actor.may(Act.MANAGE_ACCOUNTS)]
    problems: dict[str, Problem] = st.session_state.get("account_problems", {})
    st.text_input(_("Sign-in name (letters without marks)"), key="account/name", autocomplete="off")
    _wrong(problems, "name")
    st.text_input(
        _("Name shown to others"),
        key="account/display_name",
        autocomplete="off",
        help=_("For example: supervisor of the northern communes"),
    )
    _wrong(problems, "display_name")
    role = st.radio(_("Role"), roles, format_func=lambda r: say(r.label), key="account/role", horizontal=True)
    if role == Role.SUPERVISOR:
        choose_communes(_("Communes"), to_give, _communes_key())
        _wrong(problems, "units")
        first, last = st.columns(2)
        first.date_input(_("From day"), value=None, format="DD/MM/YYYY", key="account/first")
        last.date_input(_("Until day"), value=None, format="DD/MM/YYYY", key="account/last")
        _wrong(problems, "last")
    st.button(_("Add and make the link"), type=main_button(), on_click=_press_add, args=(actor,))


def _communes_key() -> str:
    # Another key begins anew after an account was added.
    return f"account/units-{st.session_state.setdefault('account/added', 0)}"


def _wrong(problems: dict[str, Problem], where: str) -> None:
    if where in problems:
        st.markdown(f":red[:material/error: {plain(problem(problems[where]))}]")


def _press_add(actor: Actor) -> None:
    def entered(name: str):
        return st.session_state.get(f"account/{name}")

    units = chosen_communes(_communes_key()) if entered("role") == Role.SUPERVISOR else None
    try:
        with database().writing() as session:
            account, token = administration.add_account(
                session,
                actor,
                entered("name"),
                entered("display_name"),
                entered("role"),
                units,
                entered("first"),
                entered("last"),
            )
    except Refused as refused:
        st.session_state["account_problems"] = {p.where: p for p in refused.problems}
        return
    for name in ("name", "display_name"):
        st.session_state[f"account/{name}"] = ""
    st.session_state["account/added"] += 1
    st.session_state["account_problems"] = {}
    st.session_state["one_time_link"] = (account.display_name, f"{addresses.ONE_TIME_LINK}/{token}")
