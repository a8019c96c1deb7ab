"""Tôi: who is signed in here, the language, and the way out."""

import streamlit as st

from dashboard.frame import heading
from dashboard.store import database
from dashboard.words import LANGUAGES, _, day, plain, say
from data_model import accounts
from data_model.access import Actor
from data_model.units import units_by_id


def draw(actor: Actor) -> None:
    """Name, role, communes; language; sign out."""
    heading(actor.display_name, f"{say(actor.role.label)} · {actor.name}")
    if actor.grants:
        with database().reading() as session:
            units = units_by_id(session, [g.unit_id for g in actor.grants])
        st.markdown(f"**{_('My communes')}**")
        for grant in actor.grants:
            until = " · " + _("until {day}", day=day(grant.last)) if grant.last else ""
            st.markdown(f"- {plain(units[grant.unit_id].full_name)}{until}")
    st.segmented_control(
        _("Language"), list(LANGUAGES), default=actor.language, required=True, key="language",
        format_func=LANGUAGES.__getitem__, on_change=_change_language, args=(actor,),
    )
    st.link_button(_("Sign out"), "/logout", icon=":material/logout:")


def _change_language(actor: Actor) -> None:
    with database().writing() as session:
        accounts.set_language(session, actor, st.session_state["language"])
