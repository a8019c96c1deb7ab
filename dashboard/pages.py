"""The map of the house: every page in one row."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.accounts import me, office, tablets
from dashboard.accounts import page as accounts
from dashboard.follow_up import page as follow_up
from dashboard.form import page as form
from dashboard.i18n.words import _
from dashboard.journal import page as journal
from dashboard.map import page as map
from dashboard.my_work import page as my_work
from dashboard.overview import page as overview
from dashboard.plans import boundaries, phasing, report_dates, rules
from dashboard.plans import page as plans
from dashboard.progress import page as progress
from dashboard.records import page as records
from dashboard.records import record
from dashboard.review import page as review
from dashboard.server import addresses
from dashboard.snapshots import comparison, report_heading, snapshot
from dashboard.snapshots import page as snapshots
from dashboard.ui.navigation import go
from data_model.core.access import Act, Actor, Role

Words = Callable[[], str]
"""Asked when it is shown, in the language of that moment."""


@dataclass(frozen=True)
class Page:
    """A page: its address, what draws it, its title, the act that a role needs to have it.

    `section` is the word of the menu under which it stands, if any: so every menu fits a tablet held upright, without
    icons. A hidden page is reached from others only. It opens first for the roles in `first_for`.
    """

    address: str
    draw: Callable[[Actor], None]
    title: Words
    act: Act
    section: Words | None = None
    hidden: bool = False
    first_for: tuple[Role, ...] = ()


def _periods() -> str:
    return _("Reporting periods")


def _settings() -> str:
    return _("Settings")


PAGES = (
    Page(addresses.MY_WORK, my_work.draw, lambda: _("My work"), Act.WRITE_RECORD, first_for=(Role.SUPERVISOR,)),
    Page(addresses.OVERVIEW, overview.draw, lambda: _("Overview"), Act.READ_PROGRESS, first_for=(Role.LEADER,)),
    Page(addresses.MAP, map.draw, lambda: _("Map"), Act.READ_PROGRESS),
    Page(addresses.PROGRESS, progress.draw, lambda: _("Progress"), Act.READ_PROGRESS, first_for=(Role.DATA_OFFICER,)),
    Page(addresses.REVIEW, review.draw, lambda: _("Review"), Act.REVIEW_RECORD),
    Page(addresses.RECORDS, records.draw, lambda: _("Records"), Act.READ_RECORDS),
    Page(addresses.FOLLOW_UP, follow_up.draw, lambda: _("Recommendations"), Act.READ_RECORDS),
    Page(addresses.SNAPSHOTS, snapshots.draw, lambda: _("Frozen periods"), Act.READ_SNAPSHOTS, _periods),
    Page(addresses.PHASING, phasing.draw, lambda: _("Phasing"), Act.SET_PHASING, _periods),
    Page(addresses.REPORT_DATES, report_dates.draw, lambda: _("Report dates"), Act.MARK_REPORT_SENT, _periods),
    Page(
        addresses.ACCOUNTS,
        accounts.draw,
        lambda: _("Accounts"),
        Act.MANAGE_SUPERVISORS,
        _settings,
        first_for=(Role.ADMINISTRATOR,),
    ),
    Page(addresses.OFFICE, office.draw, lambda: _("Office"), Act.SET_OFFICE, _settings),
    Page(addresses.TABLETS, tablets.draw, lambda: _("Tablets"), Act.MANAGE_SUPERVISORS, _settings),
    Page(addresses.PLANS, plans.draw, lambda: _("Plans"), Act.READ_PLAN_DRAFTS, _settings),
    Page(addresses.PLAN_RULES, rules.draw, lambda: _("Plan settings"), Act.SET_PLAN_RULES, _settings),
    Page(addresses.BOUNDARIES, boundaries.draw, lambda: _("Boundaries"), Act.IMPORT_BOUNDARIES, _settings),
    Page(addresses.JOURNAL, journal.draw, lambda: _("Journal"), Act.READ_JOURNAL, _settings),
    Page(addresses.ME, me.draw, lambda: _("Me"), Act.READ_RECORDS, _settings),
    Page(addresses.FORM, form.draw, lambda: _("Record form"), Act.WRITE_RECORD, hidden=True),
    Page(addresses.RECORD, record.draw, lambda: _("Record"), Act.READ_RECORDS, hidden=True),
    Page(addresses.SNAPSHOT, snapshot.draw, lambda: _("Snapshot"), Act.READ_SNAPSHOTS, hidden=True),
    Page(addresses.COMPARISON, comparison.draw, lambda: _("Compare"), Act.READ_SNAPSHOTS, hidden=True),
    Page(addresses.REPORT_HEADING, report_heading.draw, lambda: _("Report heading"), Act.FREEZE, hidden=True),
)


def pages_for(actor: Actor) -> dict[str, list[StreamlitPage]]:
    """The pages that the account's role has, by section, behind a first one that leads to the role's own."""
    mine = [page for page in PAGES if actor.may(page.act)]
    made = {
        page.address: st.Page(
            partial(page.draw, actor),
            title=page.title(),
            url_path=page.address,
            visibility="hidden" if page.hidden else "visible",
        )
        for page in mine
    }
    st.session_state["pages"] = made
    # The bare address leads on, so that every page keeps an address of its own.
    first = next(page.address for page in PAGES if actor.role in page.first_for)
    home = st.Page(partial(go, first), title="Sổ giám sát", default=True, visibility="hidden")
    sections: dict[str, list[StreamlitPage]] = {}
    for page in mine:
        sections.setdefault(page.section() if page.section else "", []).append(made[page.address])
    # A section of one page would only hide it.
    alone = [pages.pop() for section, pages in sections.items() if section and len(pages) == 1]
    return {
        "": [home, *sections.pop("", []), *alone],
        **{section: pages for section, pages in sections.items() if pages},
    }
