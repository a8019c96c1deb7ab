"""The pages, by role: what each is called, where it lives, and which one opens first."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.navigation import go
from dashboard.screens import (
    accounts, boundaries, map, me, my_work, phasing, progress, record_form, record_view, records,
)
from dashboard.words import _
from data_model.access import Act, Actor, Role

# address, icon, draw, act that the role needs
_PAGES: dict[str, tuple[str, Callable[[Actor], None], Act]] = {
    "viec-cua-toi": (":material/checklist:", my_work.draw, Act.WRITE_RECORD),
    "ban-do": (":material/map:", map.draw, Act.READ_PROGRESS),
    "tien-do": (":material/monitoring:", progress.draw, Act.READ_PROGRESS),
    "ban-ghi": (":material/list_alt:", records.draw, Act.READ_RECORDS),
    "phan-ky": (":material/calendar_view_month:", phasing.draw, Act.SET_PHASING),
    "tai-khoan": (":material/group:", accounts.draw, Act.MANAGE_SUPERVISORS),
    "ranh-gioi": (":material/polyline:", boundaries.draw, Act.IMPORT_BOUNDARIES),
    "toi": (":material/account_circle:", me.draw, Act.READ_RECORDS),
    "ghi": (":material/edit_note:", record_form.draw, Act.WRITE_RECORD),
    "xem": (":material/article:", record_view.draw, Act.READ_RECORDS),
}
_HIDDEN = {"ghi", "xem"}
_FIRST = {Role.SUPERVISOR: "viec-cua-toi", Role.LEADER: "ban-do", Role.DATA_OFFICER: "tien-do", Role.ADMINISTRATOR: "tai-khoan"}


def _titles() -> dict[str, str]:
    return {
        "viec-cua-toi": _("My work"), "ban-do": _("Map"), "tien-do": _("Progress"), "ban-ghi": _("Records"),
        "phan-ky": _("Phasing"), "tai-khoan": _("Accounts"), "ranh-gioi": _("Boundaries"), "toi": _("Me"),
        "ghi": _("Record form"), "xem": _("Record"),
    }


def pages_for(actor: Actor) -> list[StreamlitPage]:
    """The pages that the account's role has, behind a first one that leads to the role's own."""
    titles = _titles()
    st.session_state["pages"] = {
        address: st.Page(
            partial(draw, actor), title=titles[address], icon=icon, url_path=address,
            visibility="hidden" if address in _HIDDEN else "visible",
        )
        for address, (icon, draw, act) in _PAGES.items() if actor.may(act)
    }
    # The bare address leads on, so that every page keeps an address of its own.
    home = st.Page(partial(go, _FIRST[actor.role]), title="Sổ giám sát", default=True, visibility="hidden")
    return [home, *st.session_state["pages"].values()]
