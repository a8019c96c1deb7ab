"""Nhật ký: who did what to which thing, when; by days, person and act; one entry opened with its before and after."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

import streamlit as st

from dashboard.i18n.words import _, moment, number, say
from dashboard.journal import proof
from dashboard.journal.routes import PATH
from dashboard.journal.words import channel, sentence, what_changed
from dashboard.records.changes import Row
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.ui.frame import heading
from dashboard.ui.navigation import go
from dashboard.ui.pager import pager
from dashboard.ui.row_list import ListRow, row_list
from data_model.core.access import Actor
from data_model.journal.acts import ACTS, SUBJECTS
from data_model.journal.listing import (
    PAGE,
    Cursor,
    JournalFilter,
    JournalRow,
    Opened,
    entries,
    latest_day,
    open_entry,
    people,
)
from data_model.journal.subjects import lookups

LATELY = timedelta(days=30)


@dataclass
class Looking:
    """Where somebody is in the journal: beginnings of the pages gone through, the opened entry."""

    of: JournalFilter
    cursors: list[Cursor | None] = field(default_factory=lambda: [None])
    opened: str | None = None


def draw(actor: Actor) -> None:
    """Choose which entries; a page of them, the latest first."""
    heading(_("Journal"), _("Everything that was done here, by whom and when. Nobody can alter or delete an entry."))
    proof.draw(actor)
    with database().reading() as session:
        names, newest = people(session, actor), latest_day(session, actor)
    asked = _asked(names, newest)
    if asked is None:
        st.info(_("Choose both days."), icon=":material/date_range:")
        return
    looking = st.session_state.get("journal-looking")
    if looking is None or looking.of != asked:
        looking = st.session_state["journal-looking"] = Looking(asked)
    with database().reading() as session:
        found = entries(session, actor, asked, looking.cursors[-1])
    rows = found[:PAGE]
    if not rows:
        st.info(_("No entry in these days fits this choice."), icon=":material/inbox:")
        return
    _rows(actor, looking, rows)
    with st.container(key="journal-ways"):
        st.html("<style>.st-key-journal-ways a, .st-key-journal-ways button { min-height: 44px; }</style>")
        _turning(looking, rows, len(found) > PAGE)
        st.link_button(
            _("Take these entries as Excel"), f"{PATH}?{urlencode(_query(asked))}", icon=":material/download:"
        )


def _asked(names: dict[int, str], newest: date) -> JournalFilter | None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        days = st.date_input(
            _("Days"), (newest - LATELY, newest), max_value=newest, format="DD/MM/YYYY", key="journal-days", width=290
        )
        person = st.selectbox(
            _("Done by"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("All"),
            key="journal-person",
            width=250,
        )
        subject = st.selectbox(
            _("About"),
            list(SUBJECTS),
            index=None,
            format_func=lambda s: _capital(say(SUBJECTS[s])),
            placeholder=_("All"),
            key="journal-subject",
            width=250,
        )
        act = None
        if subject:
            acts = [act for about, act in ACTS if about == subject]
            act = st.selectbox(
                _("What was done"),
                acts,
                index=None,
                format_func=lambda a: _capital(say(ACTS[subject, a])),
                placeholder=_("All"),
                key=f"journal-act-{subject}",
                width=250,
            )
    if not isinstance(days, tuple) or len(days) != 2:
        return None
    return JournalFilter(*days, person, subject, act)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _query(asked: JournalFilter) -> dict[str, str | int]:
    told: dict[str, str | int | date | None] = {
        "first": asked.first,
        "last": asked.last,
        "person": asked.account_id,
        "subject": asked.subject,
        "act": asked.act,
    }
    return {name: str(value) for name, value in told.items() if value is not None}


def _rows(actor: Actor, looking: Looking, rows: list[JournalRow]) -> None:
    shown = {str(row.id) for row in rows}

    def open_one(row_id: str) -> None:
        looking.opened = row_id if row_id in shown and row_id != looking.opened else None

    opened = _opened(actor, int(looking.opened)) if looking.opened in shown else None
    row_list(
        _("Entries"),
        [ListRow(str(row.id), sentence(row), (f"{moment(row.at)} · {channel(row)}",)) for row in rows],
        looking.opened,
        "journal-rows",
        open_one,
        folds=True,
        opened=opened,
        words={"before": _("Before"), "after": _("After")},
        on_lead=lambda to: st.session_state.update({"journal-lead": to}),
    )
    lead = st.session_state.pop("journal-lead", None)
    if lead:
        go(addresses.RECORD, record=lead)


def _opened(actor: Actor, entry_id: int) -> dict:
    with database().reading() as session:
        entry = open_entry(session, actor, entry_id)
        changed: list[Row] = what_changed(entry, lookups(session, actor))
    note = ""
    if entry.hidden:
        note = _("The draft of somebody else: only its author reads it until it is sent.")
    elif not changed:
        note = _("The entry says no more than this.")
    return {"note": note, "changes": changed, "link": _link(entry)}


def _link(entry: Opened) -> dict | None:
    if entry.row.subject != "record" or entry.hidden:
        return None
    return {"text": _("Open the record"), "to": entry.row.subject_id}


def _turning(looking: Looking, rows: list[JournalRow], more: bool) -> None:
    def turn(step: int) -> None:
        _turn(looking, rows[-1].cursor if step > 0 else None)

    page = len(looking.cursors)
    pager("journal/turn", page == 1, more, turn, _("Page {number}", number=number(page)))


def _turn(looking: Looking, after: Cursor | None) -> None:
    looking.opened = None
    if after is None:
        looking.cursors.pop()
    else:
        looking.cursors.append(after)
