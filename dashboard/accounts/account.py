"""One account on the page "Tài khoản": its name, role, communes with their periods, its link, its end."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from dashboard.i18n.words import _, moment, plain, problem, refusal, say
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.ui.commune_choice import choose_communes, chosen_communes, unit_name
from dashboard.ui.frame import heading, main_button
from dashboard.ui.navigation import ask
from data_model.accounts import administration
from data_model.accounts.administration import AccountRow
from data_model.accounts.tables import Account
from data_model.core import settings
from data_model.core.access import Act, Actor, Role, UnitGrant
from data_model.core.problems import Refused
from data_model.units.tables import Unit
from data_model.units.units import all_units


def draw_account(actor: Actor, account_id: int) -> None:
    """Everything that `actor` may change of one account."""
    st.button(_("All accounts"), icon=":material/arrow_back:", on_click=_back)
    try:
        with database().reading() as session:
            row = administration.open_account(session, actor, account_id)
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
    ask(account=None)


def _state(account: Account) -> str:
    if account.disabled_at:
        return _("disabled since {when}", when=moment(account.disabled_at))
    return (
        _("last signed in {when}", when=moment(account.last_sign_in)) if account.last_sign_in else _("never signed in")
    )


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
    """A new link, and closing or opening the account."""
    with st.container(horizontal=True):
        st.button(
            _("New one-time link"),
            icon=":material/key:",
            on_click=_new_link,
            args=(actor, account),
            disabled=bool(account.disabled_at),
            help=_("For a forgotten password: the old one stops working when the link is used."),
        )
        if account.id == actor.id:
            return
        if account.disabled_at:
            st.button(
                _("Let in again"), icon=":material/lock_open:", on_click=_set_disabled, args=(actor, account, False)
            )
            return
        with st.popover(_("Disable"), icon=":material/block:"):
            st.markdown(
                plain(_("The person is signed out everywhere at once and cannot sign in any more. Records stay."))
            )
            st.button(_("Disable this account"), on_click=_set_disabled, args=(actor, account, True))


def _new_link(actor: Actor, account: Account) -> None:
    try:
        with database().writing() as session:
            token = administration.new_link(session, actor, account.id)
    except Refused as refused:
        st.session_state["account/refused"] = refusal(refused)
        return
    st.session_state["one_time_link"] = (account.display_name, f"{addresses.ONE_TIME_LINK}/{token}")


def _set_disabled(actor: Actor, account: Account, disabled: bool) -> None:
    _do(
        administration.set_disabled,
        actor,
        account.id,
        disabled,
        said=(
            _("{name} is signed out and disabled.", name=account.display_name)
            if disabled
            else _("{name} may sign in again.", name=account.display_name)
        ),
    )


def _communes(actor: Actor, row: AccountRow, units: dict[int, Unit]) -> None:
    """A row for each period, one of them open for its days; below, several communes at once."""
    st.subheader(_("Communes"), anchor=False)
    st.caption(
        _("Both days are included; an empty day leaves that side open. A commune may stand here for several periods.")
    )
    if not row.grants:
        st.info(_("no commune given"), icon=":material/info:")
    opened = st.session_state.get("account/period")
    for place in range(len(row.grants)):
        _period(actor, row, units, place, opened == (row.account.id, place))
    _more_communes(actor, row, units)


def _period(actor: Actor, row: AccountRow, units: dict[int, Unit], place: int, opened: bool) -> None:
    """One commune with its days; opened, the days can be changed and the commune taken away."""
    grant = row.grants[place]
    with st.container(border=True, key=f"period-{place}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{plain(unit_name(units[grant.unit_id]))}** · {plain(_days(grant))}")
            st.button(
                _("Close") if opened else _("Change"),
                key=f"open-period-{row.account.id}-{place}",
                on_click=_open_period,
                args=(None if opened else (row.account.id, place),),
            )
        if not opened:
            return
        since, until = _asked_days(f"{row.account.id}-{place}", grant.first, grant.last)
        before, after = row.grants[:place], row.grants[place + 1 :]
        with st.container(horizontal=True):
            if st.button(_("Save the days"), type=main_button(), icon=":material/save:"):
                _save_communes(actor, row, units, [*before, UnitGrant(grant.unit_id, since, until), *after])
            if st.button(_("Take this commune away"), icon=":material/remove_circle:"):
                _save_communes(actor, row, units, [*before, *after])


def _days(grant: UnitGrant) -> str:
    if grant.first and grant.last:
        return _("from {first} to {last}", first=grant.first, last=grant.last)
    if grant.first:
        return _("from {day}", day=grant.first)
    return _("until {day}", day=grant.last) if grant.last else _("on all days")


def _open_period(which: tuple[int, int] | None) -> None:
    st.session_state["account/period"] = which


def _asked_days(name: str, since: date | None, until: date | None) -> tuple[date | None, date | None]:
    """First and last day, side by side; an empty one is open."""
    first, last = st.columns(2)
    return (
        first.date_input(_("From day"), value=since, format="DD/MM/YYYY", key=f"since-{name}"),
        last.date_input(_("Until day"), value=until, format="DD/MM/YYYY", key=f"until-{name}"),
    )


def _more_communes(actor: Actor, row: AccountRow, units: dict[int, Unit]) -> None:
    """Several communes at once, in the same days."""
    name = f"more-{row.account.id}-{st.session_state.setdefault('account/turn', 0)}"
    with st.expander(_("Give several communes at once"), icon=":material/playlist_add:"):
        choose_communes(_("Communes"), units.values(), name, row.grants[-1].unit_id if row.grants else None)
        since, until = _asked_days(name, None, None)
        chosen = chosen_communes(name)
        if st.button(_("Give these too"), type=main_button(), disabled=not chosen):
            _save_communes(actor, row, units, [*row.grants, *(UnitGrant(u, since, until) for u in chosen)])


def _save_communes(actor: Actor, row: AccountRow, units: dict[int, Unit], grants: list[UnitGrant]) -> None:
    try:
        with database().writing() as session:
            administration.set_units(session, actor, row.account.id, grants)
    except Refused as refused:
        for one in refused.problems:
            commune = f"{unit_name(units[grants[int(one.where)].unit_id])}: " if one.where.isdigit() else ""
            st.error(plain(commune + problem(one)), icon=":material/error:")
        return
    st.session_state["account/turn"] += 1
    _open_period(None)
    st.session_state["account/said"] = _("The communes of {name} are saved.", name=row.account.display_name)
    st.rerun()


def _person(actor: Actor, account: Account) -> None:
    """Name, and for administrators role and identity."""
    st.subheader(_("This person"), anchor=False)
    with st.form(f"name-{account.id}", border=False):
        name = st.text_input(_("Name shown to others"), value=account.display_name, autocomplete="off")
        if st.form_submit_button(_("Save the name")):
            _do(administration.rename, actor, account.id, name, said=_("The name is saved."))
            st.rerun()
    if not actor.may(Act.MANAGE_ACCOUNTS):
        return
    if account.id != actor.id:
        with st.form(f"role-{account.id}", border=False):
            role = st.radio(
                _("Role"),
                list(Role),
                index=list(Role).index(Role(account.role)),
                format_func=lambda r: say(r.label),
                horizontal=True,
            )
            if st.form_submit_button(
                _("Change the role"), help=_("The person is signed out and signs in again in the new role.")
            ):
                _do(
                    administration.set_role,
                    actor,
                    account.id,
                    role,
                    said=_("{name} has the role {role} now.", name=account.display_name, role=say(role.label)),
                )
                st.rerun()
    organisation = settings.single_sign_on()
    if organisation:
        with st.form(f"identity-{account.id}", border=False):
            identity = st.text_input(
                _("Identity at {name}", name=organisation),
                value=account.organisation_identity or "",
                autocomplete="off",
                help=_(
                    "The e-mail address that the organisation vouches for, or the subject it gives. Empty: password"
                    " only."
                ),
            )
            if st.form_submit_button(_("Save the identity")):
                _do(administration.set_identity, actor, account.id, identity, said=_("The identity is saved."))
                st.rerun()
