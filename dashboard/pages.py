"""The pages, by role: what each is called, where it lives, and which one opens first."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.ui.navigation import go
from dashboard.accounts import me, page as accounts
from dashboard.progress import page as progress
from dashboard.map import page as map
from dashboard.my_work import page as my_work
from dashboard.plans import boundaries, phasing, report_dates, rules
from dashboard.records import page as records, record
from dashboard.follow_up import page as follow_up
from dashboard.journal import page as journal
from dashboard.form import page as record_form
from dashboard.review import page as review
from dashboard.snapshots import comparison, page as snapshots, report_heading, snapshot
from dashboard.i18n.words import _
from data_model.core.access import Act, Actor, Role

# address, draw, act that the role needs. Without icons: the menu of every role fits a tablet held upright.
_PAGES: dict[str, tuple[Callable[[Actor], None], Act]] = {
    "viec-cua-toi": (my_work.draw, Act.WRITE_RECORD),
    "ban-do": (map.draw, Act.READ_PROGRESS),
    "tien-do": (progress.draw, Act.READ_PROGRESS),
    "duyet": (review.draw, Act.REVIEW_RECORD),
    "ban-ghi": (records.draw, Act.READ_RECORDS),
    "kien-nghi": (follow_up.draw, Act.READ_RECORDS),
    "han-bao-cao": (report_dates.draw, Act.MARK_REPORT_SENT),
    "chot-so-lieu": (snapshots.draw, Act.READ_SNAPSHOTS),
    "phan-ky": (phasing.draw, Act.SET_PHASING),
    "cai-dat": (rules.draw, Act.SET_PLAN_RULES),
    "tai-khoan": (accounts.draw, Act.MANAGE_SUPERVISORS),
    "ranh-gioi": (boundaries.draw, Act.IMPORT_BOUNDARIES),
    "nhat-ky": (journal.draw, Act.READ_JOURNAL),
    "toi": (me.draw, Act.READ_RECORDS),
    "ghi": (record_form.draw, Act.WRITE_RECORD),
    "xem": (record.draw, Act.READ_RECORDS),
    "anh-chup": (snapshot.draw, Act.READ_SNAPSHOTS),
    "so-sanh": (comparison.draw, Act.READ_SNAPSHOTS),
    "tieu-de-bao-cao": (report_heading.draw, Act.FREEZE),
}
_HIDDEN = {"ghi", "xem", "anh-chup", "so-sanh", "tieu-de-bao-cao"}
_FIRST = {Role.SUPERVISOR: "viec-cua-toi", Role.LEADER: "ban-do", Role.DATA_OFFICER: "tien-do", Role.ADMINISTRATOR: "tai-khoan"}


def _titles() -> dict[str, str]:
    return {
        "viec-cua-toi": _("My work"), "ban-do": _("Map"), "tien-do": _("Progress"), "ban-ghi": _("Records"), "duyet": _("Review"), "nhat-ky": _("Journal"),
        "phan-ky": _("Phasing"), "tai-khoan": _("Accounts"), "ranh-gioi": _("Boundaries"), "toi": _("Me"), "cai-dat": _("Plan settings"),
        "kien-nghi": _("Recommendations"), "han-bao-cao": _("Report dates"), "ghi": _("Record form"), "xem": _("Record"),
        "chot-so-lieu": _("Frozen periods"), "anh-chup": _("Snapshot"), "so-sanh": _("Compare"), "tieu-de-bao-cao": _("Report heading"),
    }


def _sections() -> dict[str, tuple[str, ...]]:
    """Pages that stand together under a word, so that every menu fits a tablet held upright."""
    return {
        _("Reporting periods"): ("chot-so-lieu", "phan-ky", "han-bao-cao"),
        _("Settings"): ("tai-khoan", "cai-dat", "ranh-gioi", "nhat-ky", "toi"),
    }


def pages_for(actor: Actor) -> dict[str, list[StreamlitPage]]:
    """The pages that the account's role has, by section, behind a first one that leads to the role's own."""
    titles = _titles()
    st.session_state["pages"] = {
        address: st.Page(
            partial(draw, actor), title=titles[address], url_path=address,
            visibility="hidden" if address in _HIDDEN else "visible",
        )
        for address, (draw, act) in _PAGES.items() if actor.may(act)
    }
    # The bare address leads on, so that every page keeps an address of its own.
    home = st.Page(partial(go, _FIRST[actor.role]), title="Sổ giám sát", default=True, visibility="hidden")
    mine = st.session_state["pages"]
    sections = {title: [mine[one] for one in addresses if one in mine] for title, addresses in _sections().items()}
    # A menu of one page would only hide it.
    sections = {title: pages for title, pages in sections.items() if len(pages) > 1}
    told = [page for pages in sections.values() for page in pages]
    return {"": [home, *(page for page in mine.values() if page not in told)], **sections}
