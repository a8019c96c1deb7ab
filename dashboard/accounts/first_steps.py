"""A new office's first hour: what is done, what comes next, and who can do it, until the office has a plan in force."""

import streamlit as st

from dashboard.i18n.words import _, plain
from dashboard.server.addresses import OFFICE, PLANS
from dashboard.server.database import database
from dashboard.ui.navigation import go
from data_model.accounts.administration import list_accounts
from data_model.core.access import Act, Actor, Role
from data_model.planning.drafts import list_drafts
from data_model.progress.figures import plans_of
from data_model.units.office import the_office


def first_steps(actor: Actor) -> None:
    """The steps, for an administrator; nothing once there is a plan of the office's own."""
    if not actor.may(Act.SET_OFFICE):
        return
    with database().reading() as session:
        if plans_of(session, actor):
            return
        office = the_office(session)
        people = {role: list_accounts(session, actor, role=role, limit=1)[1] for role in Role}
        drafts = list_drafts(session, actor)
    staffed = all(people[role] for role in (Role.LEADER, Role.DATA_OFFICER, Role.SUPERVISOR))
    steps = (
        (bool(office), _("Say which office this is, and its communes"), OFFICE, _("Choose the office")),
        (staffed, _("Add people below: a data officer, a leader, the supervisors with their communes"), None, ""),
        (bool(drafts), _("Write this year's plan, or read it from an Excel workbook"), PLANS, _("Go to the plans")),
        (False, _("A leader looks at the plan and issues it; from then on supervisors can record"), None, ""),
    )
    with st.container(border=True, key="first-steps"):
        st.subheader(_("First steps of a new office"), anchor=False)
        following = next(number for number, (done, *_rest) in enumerate(steps) if not done)
        for number, (done, words, address, button) in enumerate(steps):
            icon = "check_circle" if done else "arrow_circle_right" if number == following else "radio_button_unchecked"
            with st.container(horizontal=True, vertical_alignment="center"):
                text = f"{number + 1}. {words}" if number != following else f"**{number + 1}. {words}**"
                st.markdown(f":material/{icon}: {text}")
                if address and st.button(button, key=f"first-steps/{number}"):
                    go(address)
        if office:
            st.caption(plain(_("This office: {name}", name=office.unit.full_name)))
