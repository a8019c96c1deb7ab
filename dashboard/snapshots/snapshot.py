"""Ảnh chụp: one frozen period. Its figures are read as they were frozen, never counted again."""

from collections.abc import Callable

import streamlit as st

from dashboard.i18n.words import _, day, moment, plain, say
from dashboard.journal.proof import tell
from dashboard.progress.headline import headline_html
from dashboard.server import addresses
from dashboard.server.addresses import row_number
from dashboard.server.database import database
from dashboard.snapshots import by_commune, files, steps, tabs, texts
from dashboard.snapshots.identity import identity
from dashboard.snapshots.period_tabs import period_name, snapshot_chip
from dashboard.ui.choice import choose_tab
from dashboard.ui.frame import heading
from dashboard.ui.navigation import go
from data_model.accounts.account import names_of
from data_model.core.access import Act, Actor
from data_model.core.journal import history
from data_model.core.problems import Refused
from data_model.periods.tables import SnapshotStatus
from data_model.plans.view import view_plan
from data_model.snapshots.proving import verify
from data_model.snapshots.reading import Head, Opened, head_of, open_snapshot

TABS: dict[str, Callable[[Actor, Opened], None]] = {
    "summary": lambda actor, opened: _summary(opened),
    "targets": lambda actor, opened: tabs.targets(opened),
    "communes": lambda actor, opened: by_commune.draw(opened),
    "people": lambda actor, opened: tabs.people_and_money(opened),
    "follow_up": lambda actor, opened: tabs.follow_up(opened),
    "changes": lambda actor, opened: tabs.changes(opened),
    "records": lambda actor, opened: tabs.records(opened),
    "texts": texts.draw,
    "files": lambda actor, opened: files.draw(actor, opened.head),
}


def draw(actor: Actor) -> None:
    """The snapshot that the address names: where it stands, what to do now, then the chosen tab."""
    opened = _opened(actor)
    if opened is None:
        st.info(_("This snapshot was not found."), icon=":material/search_off:")
        if st.button(_("All periods"), icon=":material/arrow_back:"):
            go(addresses.SNAPSHOTS)
        return
    head = opened.head
    _top(opened)
    if said := st.session_state.pop("snapshot_said", None):
        st.toast(plain(said), icon=":material/check_circle:")
    texts.keep(actor, opened)
    steps.draw(actor, head, texts.unsaved(head))
    identity(actor, opened)
    TABS[_choose_tab(head)](actor, opened)
    _history(actor, opened)


def _opened(actor: Actor) -> Opened | None:
    asked = row_number(st.query_params.get("snapshot"))
    if asked is None:
        return None
    try:
        with database().reading() as session:
            head = head_of(session, actor, asked)  # asked at every run, also for what is kept
        return _kept(head.id, head.row_version, head.content_hash, actor)
    except Refused:
        return None
    except (ValueError, TypeError):
        # Somebody wrote into it what the program cannot read. Anything else that fails is a fault of ours.
        with database().reading() as session:
            found = verify(session, actor, asked)
        if found.intact:
            raise
        st.subheader(_("This snapshot cannot be read any more."))
        tell(found.flaws)
        st.stop()


# Figures never change and are handed out as they are: reading 2,000 records anew at every tap would be felt.
@st.cache_resource(show_spinner=False, max_entries=20)
def _kept(snapshot_id: int, row_version: int, content_hash: str, _actor: Actor) -> Opened:
    with database().reading() as session:
        return open_snapshot(session, _actor, snapshot_id)


def _top(opened: Opened) -> None:
    head, known = opened.head, opened.content.identity
    with database().reading() as session:
        code = view_plan(session, head.plan_id).code
    with st.container(horizontal=True):
        st.page_link(
            st.session_state["pages"][addresses.SNAPSHOTS],
            label=_("All periods"),
            icon=":material/arrow_back:",
            query_params={"plan": code},
        )
        st.page_link(
            st.session_state["pages"][addresses.COMPARISON],
            label=_("Compare"),
            icon=":material/compare_arrows:",
            query_params={"plan": code, "second": str(head.id)},
        )
    heading(
        _(
            "{period}, version {number}",
            period=period_name(head.period, known.year, known.own_days),
            number=head.version,
        ),
        say(known.plan_name),
    )
    st.html(
        snapshot_chip(head.status)
        + f" &nbsp;{_('frozen {when}', when=moment(head.cut_off))} · "
        + _("figures from {first} to {last}", first=day(head.starts_on), last=day(head.ends_on))
    )
    if head.status is SnapshotStatus.SUPERSEDED:
        st.info(
            _("A newer version was issued for this period. These figures stay as they were."), icon=":material/history:"
        )
    if head.returned_reason:
        st.warning(_("Sent back: {reason}", reason=plain(head.returned_reason)), icon=":material/undo:")


def _choose_tab(head: Head) -> str:
    names = {
        "summary": _("Summary"),
        "targets": _("Targets"),
        "communes": _("Communes"),
        "people": _("People and money"),
        "follow_up": _("Monitoring"),
        "changes": _("Changes and quality"),
        "records": _("Records"),
        "texts": _("Texts"),
        "files": _("Print"),
    }
    return choose_tab(names, f"snapshot_view-{head.id}")


def _summary(opened: Opened) -> None:
    st.html(headline_html(by_commune.progress_of(opened.head.content_hash, opened)))
    tabs.year_lines(opened)


def _history(actor: Actor, opened: Opened) -> None:
    if not actor.may(Act.READ_JOURNAL):
        return
    with st.expander(_("History"), icon=":material/history:"):
        with database().reading() as session:
            past = history(session, actor, "snapshot", opened.head.id)
            names = names_of(session, {entry.account_id for entry in past})
        steps.history(past, names)
