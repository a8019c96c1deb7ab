"""What pages and files say of the seals: the journal's head in print, nothing printed that was altered, flaws in
words.
"""

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from dashboard.i18n import words as speech
from dashboard.journal import proof
from dashboard.report import words
from dashboard.server import database
from dashboard.snapshots import files
from data_model.core import journal
from data_model.core.flaws import Flaw, Wrong
from data_model.core.problems import Refused, Say
from data_model.periods.periods import Period
from data_model.snapshots.freezing import freeze
from data_model.snapshots.reading import Head
from tests.conftest import ON_SQLITE, Town
from tests.dashboard import report_files as read

FORMATS = {form.code: form for form in files.FORMATS}


@pytest.fixture
def frozen(town: Town, monkeypatch) -> Head:
    """The third quarter of Đức Phổ; the pages read the same database."""
    with town.database.writing(one_moment=True) as session:
        head = freeze(session, town.people.officer, town.plan().id, Period.Q3)
    database.database.cache_clear()
    monkeypatch.setattr(database, "Database", lambda: town.database)
    yield head
    database.database.cache_clear()


def _made(town: Town, head: Head, code: str) -> bytes:
    return files.make_file(town.people.leader, head.id, FORMATS[code], lambda step, of: None)


def _alter(town: Town, act: str) -> None:
    with town.writing() as session:
        for name in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text(act))


@ON_SQLITE
def test_the_head_of_the_journal_is_printed_as_it_stands_at_that_moment(town: Town, frozen: Head):
    for _ in range(2):  # the second time, the drawings of the first are used again
        with town.writing() as session:
            journal.note(session, town.people.leader, "rename", "account", 1)
        with town.reading() as session:
            head = journal.head(session)
        groups = [head.hash[start : start + 16] for start in range(0, 64, 16)]
        told = f"số {head.number}: {' '.join(groups)}"
        in_word = [row for rows in read.word_tables(_made(town, frozen, "word")) for row in rows]
        assert [words.JOURNAL_HEAD, told] in in_word
        in_excel = [
            row[:2]
            for sheet in read.workbook(_made(town, frozen, "excel"))
            for row in sheet.iter_rows(values_only=True)
        ]
        assert (words.JOURNAL_HEAD, told) in in_excel
        in_pdf = read.pdf_words(_made(town, frozen, "pdf"))
        assert all(group in in_pdf for group in groups)


@ON_SQLITE
def test_what_was_altered_is_printed_in_no_format(town: Town, frozen: Head):
    assert _made(town, frozen, "word").startswith(b"PK")
    _alter(town, "UPDATE snapshot SET texts = '{'")
    for code in FORMATS:
        with pytest.raises(Refused) as caught:
            _made(town, frozen, code)
        assert [problem.say for problem in caught.value.problems] == [Say.SNAPSHOT_NOT_INTACT]


def proof_page(actor):
    """The check, as a script that knows nothing of this file."""
    from dashboard.journal import proof as drawn

    drawn.draw(actor)


def _checked(actor) -> AppTest:
    return (
        AppTest.from_function(proof_page, args=(actor,), default_timeout=30)
        .run()
        .button(key="check-everything")
        .click()
        .run()
    )


@ON_SQLITE
def test_the_check_of_everything_says_what_it_found(town: Town, frozen: Head):
    for actor in (town.people.administrator, town.people.leader, town.people.officer):
        page = _checked(actor)
        assert not page.exception and not page.error and "Không có gì bị sửa" in page.success[0].value
    with town.reading() as session:
        assert journal.head(session).hash in page.code[0].value
    _alter(town, "UPDATE journal SET door = 'outbox' WHERE id = 1")
    _alter(town, "UPDATE snapshot SET status = 'issued', ends_on = 'x'")
    page = _checked(town.people.administrator)
    assert not page.exception and not page.success
    told = page.error[0].value.replace("\\", "")
    assert (
        "mục số 1" in told
        and f"Bản chốt số {frozen.id}: đã bị sửa (Trạng thái)" in told
        and f"Bản chốt số {frozen.id}: không còn đọc được (ngày cuối)" in told
    )


@ON_SQLITE
def test_a_printed_head_can_be_held_against_the_journal(town: Town, frozen: Head):
    with town.reading() as session:
        head = journal.head(session)
    page = AppTest.from_function(proof_page, args=(town.people.leader,), default_timeout=30).run()
    assert page.number_input(key="printed-head").set_value(head.number).run().code[0].value == head.hash
    page = page.number_input(key="printed-head").set_value(head.number + 1).run()
    assert not page.code and "không còn" in page.error[0].value


def snapshot_page(actor, snapshot_id):
    """A damaged snapshot's page."""
    import streamlit as st

    from dashboard.snapshots import snapshot

    st.query_params["snapshot"] = str(snapshot_id)
    snapshot.draw(actor)


@ON_SQLITE
def test_the_page_of_a_snapshot_that_cannot_be_read_says_so(town: Town, frozen: Head):
    _alter(town, "UPDATE snapshot SET texts = '{'")
    page = AppTest.from_function(snapshot_page, args=(town.people.leader, frozen.id), default_timeout=30).run()
    assert not page.exception and "không còn đọc được" in page.error[0].value


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("wrong", Wrong)
def test_every_kind_of_flaw_has_its_sentence(wrong, language):
    speech.speak(language)
    forms = [
        form
        for form in ((None, None), (1_234, None), (1_234, 1_300))
        if (wrong, form[0] is not None, form[1] is not None) in proof._sentences(language)
    ]
    assert forms
    for number, until in forms:
        told = proof.sentence(Flaw(wrong, number, until, snapshot=7, columns=("status", "x")))
        assert "{" not in told and (number is None or speech.number(number) in told)
