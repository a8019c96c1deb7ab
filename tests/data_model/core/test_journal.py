"""The journal: written with the act or not at all, and altered by nobody."""

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from data_model.core import journal
from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.records import tables, writing
from tests.conftest import PHO_AN, PHO_VINH


def _entries(town):
    with town.reading() as session:
        return [(e.id, e.act, e.after) for e in session.exec(select(JournalEntry).order_by(JournalEntry.id))]


@pytest.mark.parametrize(
    "change",
    [
        update(JournalEntry).values(act="nothing"),
        delete(JournalEntry),
        text("UPDATE journal SET account_id = NULL"),
        text("DELETE FROM journal WHERE id = 1"),
    ],
    ids=["update", "delete", "plain update", "plain delete"],
)
def test_the_database_itself_refuses_to_alter_it(town, change):
    before = _entries(town)
    with pytest.raises(DBAPIError, match="the journal is never altered"), town.writing() as session:
        session.execute(change)
    assert _entries(town) == before != []


def test_it_cannot_be_emptied_either(town):
    if town.dialect == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    for table in ("journal", "journal_seal"):
        with pytest.raises(DBAPIError), town.writing() as session:
            session.execute(text(f"TRUNCATE {table}"))
        with pytest.raises(DBAPIError, match="the journal is never altered"), town.writing() as session:
            session.execute(text(f"TRUNCATE {table} CASCADE"))


def test_an_act_that_fails_later_leaves_neither_record_nor_entry(town, dialogue):
    before = _entries(town)
    entry = town.entry("DP-11", PHO_VINH, dialogue())
    with pytest.raises(ZeroDivisionError), town.writing() as session:
        writing.send(session, town.people.supervisor, entry)
        session.flush()
        raise ZeroDivisionError
    assert _entries(town) == before
    with town.reading() as session:
        assert session.get(tables.FieldRecord, entry.id) is None


def test_a_refused_act_leaves_no_entry(town, dialogue):
    before = _entries(town)
    with pytest.raises(Refused), town.writing() as session:
        writing.send(session, town.people.supervisor, town.entry("DP-11", PHO_AN, dialogue()))
    assert _entries(town) == before


def test_the_history_of_a_record_tells_what_changed(town, dialogue):
    from dataclasses import replace

    entry = town.entry("DP-11", PHO_VINH, dialogue(place="cũ"), channel="tablet")
    with town.writing() as session:
        sent = writing.send(session, town.people.supervisor, entry)
    with town.writing() as session:
        writing.send(
            session, town.people.supervisor, replace(entry, answers=dialogue(place="mới"), seen_version=sent.version)
        )
    with town.reading() as session:
        first, second = journal.history(session, town.people.supervisor, "record", entry.id)
    assert (first.before, first.channel, first.account_id) == (None, "tablet", town.people.supervisor.id)
    assert (second.before["answers"]["place"], second.after["answers"]["place"]) == ("cũ", "mới")
    assert first.at <= second.at and first.at.utcoffset().total_seconds() == 0


def test_what_concerns_no_record_is_read_by_those_who_may(town):
    with town.reading() as session:
        assert journal.history(session, town.people.leader, "plan", town.plan().id)
        with pytest.raises(Refused) as caught:
            journal.history(session, town.people.supervisor, "plan", town.plan().id)
    assert caught.value.problems[0].say == Say.NOT_ALLOWED
