"""The sample year's quarters: frozen one after the other, with late entries and a correction, and never moved again."""

import unicodedata
from datetime import date

import pytest
from sqlmodel import select

from data_model.core.access import Actor, Role
from data_model.core.database import Database
from data_model.core.tables import JournalEntry
from data_model.counting.rules import Pair
from data_model.periods.periods import Period
from data_model.periods.tables import LockException, SnapshotStatus
from data_model.plans.tables import Plan
from data_model.progress.figures import plan_progress
from data_model.records.tables import FieldRecord
from data_model.snapshots import comparison, late_list, proving, reading
from seed import sample
from seed.sample_quarters import FILE

LEADER = Actor(2, "lanhdao", "Lãnh đạo phòng", Role.LEADER, "vi")
NOVEMBER, JANUARY = "2024-11-15", "2025-01-15"


def _make(folder, today: str) -> Database:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        for name, value in (("DATA", str(folder)), ("SAMPLE", "1"), ("TODAY", today)):
            patch.setenv(f"SO_GIAM_SAT_{name}", value)
        database = Database()
        assert sample.prepare(database)
    return database


@pytest.fixture(scope="module")
def november(tmp_path_factory):
    """The demonstration's database, where quarter IV is still running."""
    database = _make(tmp_path_factory.mktemp("november"), NOVEMBER)
    yield database
    database.close()


@pytest.fixture(scope="module")
def january(tmp_path_factory):
    """The same year two months later."""
    database = _make(tmp_path_factory.mktemp("january"), JANUARY)
    yield database
    database.close()


def _plan_id(session) -> int:
    return session.exec(select(Plan.id).where(Plan.code == "duc_pho_2024")).one()


def _opened(database) -> dict[tuple[str, int], reading.Opened]:
    with database.reading() as session:
        heads = reading.heads(session, LEADER, _plan_id(session))
        return {
            (head.period, head.version): reading.open_snapshot(session, LEADER, head.id) for head in reversed(heads)
        }


def _target(opened, code):
    return next(t for t in opened.content.targets if t.code == code)


def test_three_quarters_are_issued_one_of_them_corrected(january):
    opened = _opened(january)
    assert [(*key, one.head.status) for key, one in opened.items()] == [
        (Period.Q2, 1, SnapshotStatus.SUPERSEDED),
        (Period.Q2, 2, SnapshotStatus.ISSUED),
        (Period.Q3, 1, SnapshotStatus.ISSUED),
        (Period.Q4, 1, SnapshotStatus.ISSUED),
    ]
    second = opened[Period.Q2, 2]
    assert second.head.replaces_id == opened[Period.Q2, 1].head.id and second.head.reason
    assert second.content.identity.cut_off.date() == date(2024, 7, 29)
    assert all(
        one.content.texts.difficulties and one.head.submitted_by != one.head.approved_by for one in opened.values()
    )


def test_what_came_later_moved_no_issued_figure(november, january):
    early, late = _opened(november), _opened(january)
    assert [(k, v.head.content_hash, v.head.texts_hash) for k, v in early.items()] == [
        (k, v.head.content_hash, v.head.texts_hash) for k, v in late.items() if k[0] is not Period.Q4
    ]
    with january.reading() as session:
        assert all(proving.verify(session, LEADER, one.head.id).intact for one in late.values())


def test_the_correction_says_what_came_late(january):
    opened = _opened(january)
    first, second = opened[Period.Q2, 1], opened[Period.Q2, 2]
    assert (_target(first, "DP-11").done, _target(second, "DP-11").done) == (Pair(3, 3), Pair(5, 5))
    assert {(c.target, c.what) for c in second.content.changes} == {("DP-11", comparison.ADDED)}
    moved = {m.code: m for m in comparison.moved(first.content, second.content)}
    assert moved["DP-11"].restated == Pair(2, 2) and moved["DP-10"].restated == Pair(0, 0)


def test_the_next_quarter_says_what_was_restated(january):
    opened = _opened(january)
    changes = [(c.target, c.what, c.before, c.after) for c in opened[Period.Q3, 1].content.changes]
    assert changes == [("DP-07a", comparison.CORRECTED, "421600000 (28/06/2024)", "412600000 (28/06/2024)")]
    assert {(c.target, c.what) for c in opened[Period.Q4, 1].content.changes} == {
        ("DP-34", comparison.ADDED),
        ("DP-13", comparison.VERIFIED),
    }


def test_quarters_add_up_to_the_year_and_equal_the_progress_of_the_day(january):
    opened = _opened(january)
    for code in ("DP-10", "DP-11", "DP-17a"):
        parts = [_target(opened[key], code).done_in_period for key in ((Period.Q2, 2), (Period.Q3, 1), (Period.Q4, 1))]
        assert sum(parts, Pair(0, 0)) == _target(opened[Period.Q4, 1], code).done
    with january.reading() as session:
        shown = plan_progress(session, LEADER, _plan_id(session), date(2024, 12, 31))
    frozen = opened[Period.Q4, 1].content
    assert (frozen.mean, frozen.headline) == (shown.mean, shown.headline)
    assert [(t.code, t.done, t.percent, t.status) for t in frozen.targets] == [
        (t.line.code, t.done, t.percent, t.status) for t in shown.targets
    ]


def test_in_november_one_late_entry_waits_and_the_excepted_one_was_not_late(november):
    with november.reading() as session:
        waiting = late_list.late_waiting(session, LEADER, _plan_id(session))
        assert [row.happened_on for row in waiting] == [date(2024, 9, 30)]
        given = session.exec(select(LockException)).one()
        of_june = session.exec(
            select(FieldRecord).where(
                FieldRecord.happened_on.in_([date(2024, 6, 13), date(2024, 6, 20)]),
                FieldRecord.kind == "dialogue_session",
            )
        ).all()
        assert [
            (r.happened_on.day, r.late_for is not None, r.status) for r in sorted(of_june, key=lambda r: r.happened_on)
        ] == [(13, True, "verified"), (20, False, "verified")]
        assert given.account_id == next(r.author_id for r in of_june if r.happened_on.day == 20)


def test_moments_are_those_of_the_year(november):
    with november.reading() as session:
        entries = session.exec(
            select(JournalEntry).where(JournalEntry.subject.in_(["record", "snapshot"])).order_by(JournalEntry.id)
        ).all()
    moments = [entry.at for entry in entries]
    assert moments == sorted(moments)
    assert (moments[0].date(), moments[-1].date()) == (date(2024, 4, 9), date(2024, 11, 15))
    acts = [entry.act for entry in entries if entry.subject == "snapshot"]
    assert acts.count("snapshot_issue") == 3 and acts.count("snapshot_send_back") == 1


def test_the_texts_are_composed_letters():
    text = FILE.read_text(encoding="utf-8")
    assert text == unicodedata.normalize("NFC", text)
