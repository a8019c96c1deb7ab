"""Tôi: who is signed in here and where else, the language, the password, and the way out."""

from functools import partial
from html import escape

import streamlit as st

from dashboard.i18n.words import LANGUAGES, _, _n, day, moment, plain, problem, say
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.server.middleware import COOKIE
from dashboard.ui.choice import choose_one
from dashboard.ui.frame import heading
from data_model.accounts import administration, sign_ins
from data_model.accounts.passwords import new_password
from data_model.accounts.sign_ins import OpenSignIn
from data_model.core.access import Actor
from data_model.core.problems import Refused
from data_model.units.units import units_by_id

TALL = """<style>.st-key-me button { min-height: 44px; }
.st-key-me a { display: inline-flex; align-items: center; min-height: 44px; padding: 0 1rem; border: 1px solid;
  border-radius: 0.4rem; color: inherit; text-decoration: none; }
</style>"""


def draw(actor: Actor) -> None:
    """Name, role, communes; language; signed-in devices; the own password; sign out."""
    said = st.session_state.pop("me/said", None)
    if said:
        st.toast(plain(said), icon=":material/check_circle:")
    st.html(TALL)
    heading(actor.display_name, f"{say(actor.role.label)} · {actor.name}")
    with st.container(key="me"):
        if actor.grants:
            _communes(actor)
        st.session_state["language"] = actor.language
        choose_one(_("Language"), LANGUAGES, "language", then=partial(_change_language, actor))
        # A link of Streamlit's own opens another tab, and this one would go on looking signed in.
        st.html(f'<a href="{addresses.SIGN_OUT}">{escape(_("Sign out"))}</a>')
        _devices(actor)
        _password(actor)


def _communes(actor: Actor) -> None:
    with database().reading() as session:
        units = units_by_id(session, [g.unit_id for g in actor.grants])
    st.markdown(f"**{_('My communes')}**")
    for grant in actor.grants:
        since = " · " + _("from {day}", day=day(grant.first)) if grant.first else ""
        until = " · " + _("until {day}", day=day(grant.last)) if grant.last else ""
        st.markdown(f"- {plain(units[grant.unit_id].full_name)}{since}{until}")


def _change_language(actor: Actor) -> None:
    with database().writing() as session:
        administration.set_language(session, actor, st.session_state["language"])


def _devices(actor: Actor) -> None:
    """Where this person is signed in, and the way to end all but this one."""
    with database().reading() as session:
        found = sign_ins.own_sign_ins(session, actor, st.context.cookies.get(COOKIE))
    st.subheader(_("Where I am signed in"), anchor=False)
    for one in found:
        _device(one)
    if len(found) > 1:
        st.button(_("Sign out everywhere else"), icon=":material/devices_off:", on_click=_end_others, args=(actor,))
        st.caption(_("For a lost tablet, or a computer that others use."))


def _device(one: OpenSignIn) -> None:
    here = f" · :green[:material/check: {plain(_('this device'))}]" if one.here else ""
    device = one.device or _("unknown device")
    st.markdown(
        f"- **{plain(device)}**{here} · "
        + plain(
            _("since {began}, until {ends} at the latest", began=moment(one.began_at), ends=day(one.expires_at.date()))
            + (f" · {one.address}" if one.address else "")
        )
    )


def _end_others(actor: Actor) -> None:
    with database().writing() as session:
        count = sign_ins.end_others(session, actor, st.context.cookies.get(COOKIE, ""))
    st.session_state["me/said"] = _n(
        "Signed out on {count} other device.", "Signed out on {count} other devices.", count
    )


def _password(actor: Actor) -> None:
    st.subheader(_("My password"), anchor=False)
    with st.form("password", border=False, clear_on_submit=True, enter_to_submit=False):
        old = st.text_input(_("Present password"), type="password", autocomplete="current-password")
        new = st.text_input(_("New password"), type="password", autocomplete="new-password")
        repeated = st.text_input(_("New password again"), type="password", autocomplete="new-password")
        if st.form_submit_button(_("Change the password")):
            _change_password(actor, old, new, repeated)
    st.caption(
        _("At least 10 characters; several words in a row are easy to remember. Your other devices are signed out.")
    )


def _change_password(actor: Actor, old: str, new: str, repeated: str) -> None:
    named = {"old": _("Present password"), "password": _("New password"), "repeated": _("New password again")}
    try:
        sign_ins.change_password(
            database(),
            actor,
            st.context.cookies.get(COOKIE, ""),
            old,
            new_password(new, repeated),
            st.context.ip_address or "",
        )
    except Refused as refused:
        for one in refused.problems:
            where = f"{named[one.where]}: " if one.where in named else ""
            st.error(plain(where + problem(one)), icon=":material/error:")
        return
    st.session_state["me/said"] = _("The new password holds from now on.")
    st.rerun()
