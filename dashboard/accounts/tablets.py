"""Máy tính bảng: which tablet last spoke to the server, under which account, and what still waits on it."""

import streamlit as st

from dashboard.i18n.words import _, moment, number
from dashboard.server.addresses import HAND_IN_PAGE
from dashboard.server.database import database
from dashboard.server.page_scripts import page_version
from dashboard.ui import figure_table
from dashboard.ui.figure_table import text
from dashboard.ui.frame import heading
from data_model.accounts import tablets
from data_model.accounts.tablets import TabletRow
from data_model.core.access import Act, Actor


def draw(actor: Actor) -> None:
    """A table of the tablets, those on which something waits first."""
    heading(
        _("Tablets"),
        _("What each tablet said when it last spoke to the server. One that has no signal says nothing new."),
    )
    with database().reading() as session:
        found = tablets.list_tablets(session, actor)
    if actor.may(Act.HAND_IN_TABLET_FILE):
        st.link_button(_("Hand in a tablet's file"), HAND_IN_PAGE, icon=":material/upload_file:")
    if not found:
        st.info(
            _("No tablet has spoken to the server yet. It does when somebody opens the app on it."),
            icon=":material/tablet:",
        )
        return
    labels = (_("Account"), _("Device"), _("Last heard"), _("Waiting"), _("Waiting since"), _("Page"))
    figure_table.show(
        figure_table.table(_("Tablets"), labels, (_row(one, labels) for one in found), frozenset({3})), "tablets"
    )


def _row(one: TabletRow, labels: tuple[str, ...]) -> str:
    newest = one.page_version == page_version()
    page = _("newest") if newest else _("older ({version})", version=one.page_version)
    return figure_table.row(
        (
            text(one.who),
            text(f"{one.device or _('unknown device')} · {str(one.tablet_id)[:8]}"),
            text(moment(one.heard_at)),
            text(number(one.waiting), "number"),
            text(moment(one.waiting_since)),
            text(page),
        ),
        labels,
    )
