"""What holds for issued snapshots whatever is done to the records afterwards: a quarter by quarter walk of random acts.

The figures are counted here a second time, from the bare rows and by other means than the product's.
"""

import random
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import select

from data_model.core import canonical, clock
from data_model.core.access import Actor, Role
from data_model.core.problems import Refused, Say
from data_model.counting.rules import Pair
from data_model.periods.periods import Period
from data_model.periods.tables import Snapshot, SnapshotBody
from data_model.progress.figures import plan_progress
from data_model.records import writing
from data_model.records.tables import FieldRecord
from data_model.records.writing import Entry
from data_model.review import decisions
from data_model.snapshots import approval, comparison, freezing, proving, reading
from data_model.snapshots.approval import Step
from data_model.snapshots.content import CountedRecord, SnapshotContent
from tests.conftest import DIALECTS, PHO_CUONG, PHO_MINH, PHO_VINH, Town, Workshop

PLACES = {PHO_VINH: "supervisor", PHO_MINH: "supervisor", PHO_CUONG: "second"}
"""Where dialogues are held, and who sends them."""
ACTS = {"send": 8, "change": 3, "verify": 8, "return": 3, "void": 1, "pass": 6, "correct": 1}
BEGINS, ENDS = date(2024, 4, 2), date(2025, 1, 20)
IN_TURN = (Period.Q2, Period.Q3, Period.Q4)
WALKS = [(dialect, seed) for dialect, seeds in zip(DIALECTS, (5, 1), strict=True) for seed in range(seeds)]


@dataclass
class Walk:
    """A town, the day it is there, and what was issued so far with the bytes that it was issued with."""

    town: Town
    rng: random.Random
    day: date = BEGINS
    issued: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def moment(self) -> datetime:
        return datetime.combine(self.day, time(9), clock.VIETNAM)

    def rows(self) -> list[FieldRecord]:
        with self.town.reading() as session:
            return list(session.exec(select(FieldRecord).order_by(FieldRecord.created_at, FieldRecord.id)))

    def content(self, snapshot_id: int) -> SnapshotContent:
        with self.town.reading() as session:
            return reading.open_snapshot(session, self.town.people.leader, snapshot_id).content

    def author(self, entry: Entry) -> Actor:
        with self.town.reading() as session:
            record = session.get(FieldRecord, entry.id)
        people = self.town.people
        return next(p for p in (people.supervisor, people.second, people.officer) if p.id == record.author_id)


@pytest.fixture(params=WALKS, ids=lambda one: f"{one[0]}-{one[1]}")
def walk(request) -> Walk:
    return Walk(request.getfixturevalue("town"), random.Random(request.param[1]))


@pytest.fixture
def workshop(request, templates, monkeypatch) -> Workshop:
    """The workshop of the system that the walk names."""
    for name in ("DATABASE_URL", "SO_GIAM_SAT_TODAY", "SO_GIAM_SAT_DATA"):
        monkeypatch.delenv(name, raising=False)
    dialect = request.node.callspec.params["walk"][0]
    store = request.getfixturevalue("sqlite_store" if dialect == "sqlite" else "postgres_store")
    return Workshop(dialect, store, templates)


def test_issued_bytes_stay_and_every_difference_is_explained(walk):
    waiting = list(IN_TURN)
    while waiting or walk.day < ENDS:
        with clock.standing_at(walk.moment):
            act = walk.rng.choices(list(ACTS), ACTS.values())[0]
            if act == "pass":
                walk.day += timedelta(days=walk.rng.randint(3, 14))
            elif act == "correct":
                _correct(walk)
            else:
                _touch(walk, act)
            _nothing_moved(walk)
        if waiting and walk.day > _last_day(waiting[0]) + timedelta(days=walk.rng.randint(1, 9)):
            with clock.standing_at(walk.moment):
                _issue(walk, waiting.pop(0), "")
                _nothing_moved(walk)
    assert len(walk.issued) >= len(IN_TURN)
    with walk.town.reading() as session:
        assert all(
            proving.verify(session, walk.town.people.leader, snapshot_id).intact for snapshot_id, _ in walk.issued
        )


def _last_day(period: Period) -> date:
    return {Period.Q2: date(2024, 6, 30), Period.Q3: date(2024, 9, 30), Period.Q4: date(2024, 12, 31)}[period]


def _nothing_moved(walk: Walk) -> None:
    with walk.town.reading() as session:
        rows = session.exec(
            select(SnapshotBody.snapshot_id, SnapshotBody.content).order_by(SnapshotBody.snapshot_id)
        ).all()
        hashes = dict(session.exec(select(Snapshot.id, Snapshot.content_hash)).all())
    assert [(snapshot_id, bytes(content)) for snapshot_id, content in rows] == walk.issued
    assert all(hashes[snapshot_id] == canonical.sha256(kept) for snapshot_id, kept in walk.issued)


# --- What people do ---------------------------------------------------------------------


def _touch(walk: Walk, act: str) -> None:
    """A random act on a random record; what the rules refuse stays refused."""
    if act == "send":
        entry, actor = _new(walk)
        with walk.town.writing() as session:
            writing.send(session, actor, entry)
        return
    known = walk.rows()
    if not known:
        return
    record = walk.rng.choice(known)
    try:
        _change(walk, record) if act == "change" else _decide(walk, record, act)
    except Refused as refused:
        says = {problem.say for problem in refused.problems}
        assert says <= {Say.NOT_OPEN_FOR_CHANGE, Say.OWN_RECORD, Say.LATE_NEEDS_LEADER}, says


def _decide(walk: Walk, record: FieldRecord, act: str) -> None:
    actor = walk.rng.choice((walk.town.people.leader, walk.town.people.officer))
    decide: Any = {"verify": decisions.verify, "return": decisions.return_to_author, "void": decisions.void}[act]
    with walk.town.writing() as session:
        decided = decide(session, actor, record.id, record.version, "Xem lại")
        assert actor.role is Role.LEADER or decided.late_for is None, "a late entry waits for a leader"


def _answers(walk: Walk, code: str) -> dict[str, Any]:
    first = max(date(2024, 4, 1), walk.day - timedelta(days=walk.rng.choice((10, 60, 200))))
    last = min(walk.day, date(2024, 12, 31))
    on = (min(first, last) + timedelta(days=walk.rng.randint(0, max(0, (last - first).days)))).isoformat()
    if code == "DP-11":
        return {"held_on": on, "place": "Nhà văn hóa", "attendance": {"total": walk.rng.randint(30, 90)}}
    if code == "DP-10":
        return {"title": "Chuyên mục", "minutes": 12, "broadcasts": [{"aired_on": on}]}
    return {"paid_on": on, "paid": walk.rng.randint(1, 9) * 1_000_000, "source": "central"}


def _new(walk: Walk) -> tuple[Entry, Actor]:
    code = walk.rng.choice(("DP-11", "DP-11", "DP-10", "DP-13"))
    unit = walk.rng.choice(list(PLACES))
    entry = walk.town.entry(code, unit, _answers(walk, code), id=uuid.UUID(int=walk.rng.getrandbits(128), version=4))
    actor = getattr(walk.town.people, PLACES[unit]) if code == "DP-11" else walk.town.people.officer
    return entry, actor


def _change(walk: Walk, record: FieldRecord) -> None:
    """The author sends a record again with other answers, which may move it to another quarter."""
    code = next(line.code for line in walk.town.plan().lines if line.activity_id == record.activity_id)
    entry = Entry(
        record.id, record.plan_id, record.activity_id, record.unit_id, _answers(walk, code), seen_version=record.version
    )
    with walk.town.writing() as session:
        writing.send(session, walk.author(entry), entry)


# --- What quarters do -------------------------------------------------------------------


def _correct(walk: Walk) -> None:
    """A new version of an issued period, whichever; sometimes another quarter was issued in between."""
    if walk.issued:
        period = SnapshotContent.read(walk.rng.choice(walk.issued)[1]).identity.period
        _issue(walk, Period(period), "Bản ghi đến muộn")


def _issue(walk: Walk, period: Period, reason: str) -> None:
    people, plan = walk.town.people, walk.town.plan()
    with walk.town.database.writing(one_moment=True) as session:
        head = freezing.freeze(session, people.officer, plan.id, period, reason)
    for step, actor in ((Step.SUBMIT, people.officer), (Step.APPROVE, people.leader), (Step.ISSUE, people.leader)):
        with walk.town.writing() as session:
            head = approval.take(session, actor, head.id, step, head.row_version)
    content = walk.content(head.id)
    _figures_are_right(walk, content)
    former = [SnapshotContent.read(kept) for _, kept in walk.issued]
    if former:
        _changes_are_told(former, content)
    for before in former:
        _difference_is_explained(before, content)
    walk.issued.append((head.id, content.canonical()))


def _figures_are_right(walk: Walk, content: SnapshotContent) -> None:
    """As counted from the bare rows, and as the progress page shows them for that day."""
    until, since = content.identity.ends_on, content.identity.starts_on
    bare = [r for r in walk.rows() if r.status in ("sent", "verified")]
    lines = {line.activity_id: line.code for line in walk.town.plan().lines}
    units = {unit.id: unit.code for unit in walk.town.plan().units}
    told = [
        CountedRecord(
            r.id, r.version, r.happened_on, units[r.unit_id], lines[r.activity_id], r.quantity, r.amount, None, r.status
        )
        for r in bare
    ]
    assert {(r.id, r.version) for r in content.records} == {(r.id, r.version) for r in told if r.happened_on <= until}
    for target in content.targets:
        if target.code in ("DP-10", "DP-11"):
            by_then, before = _count(told, target.code, until), _count(told, target.code, since - timedelta(days=1))
            assert target.done == by_then
            assert target.done_in_period == comparison.less(by_then, before)
    paid = next(row for row in content.money if row.code == "DA6.2") if any(r.amount for r in content.records) else None
    assert (paid.paid if paid else Pair(0, 0)) == _count(told, "DP-13", until)
    with walk.town.reading() as session:
        shown = plan_progress(session, walk.town.people.leader, walk.town.plan().id, until)
    assert [(t.code, t.done, t.percent, t.status) for t in content.targets] == [
        (t.line.code, t.done, t.percent, t.status) for t in shown.targets
    ]


def _count(counted: Iterable[CountedRecord], code: str, until: date) -> Pair:
    """Dialogues: one for each commune at most. Segments and money: all of them."""
    sums: dict[tuple[str, bool], int] = defaultdict(int)
    for record in counted:
        if record.target == code and record.happened_on <= until:
            for verified in (True, False) if record.status == "verified" else (False,):
                sums[record.unit, verified] += record.amount or record.quantity or 0
    most = 1 if code == "DP-11" else 10**15
    return Pair(
        *(
            sum(min(number, most) for (_unit, side), number in sums.items() if side is verified)
            for verified in (True, False)
        )
    )


def _difference_is_explained(before: SnapshotContent, after: SnapshotContent) -> None:
    """The later cumulative is the earlier one, what came in the period, and what the listed records restated."""
    if before.identity.ends_on > after.identity.ends_on:
        return
    until = before.identity.ends_on
    changed = {change.record_id for change in comparison.record_changes(before, after)}
    unchanged = [r for r in before.records if r.id not in changed]
    explained = [*unchanged, *(r for r in after.records if r.id in changed and r.happened_on <= until)]
    for moved in comparison.moved(before, after):
        if moved.code in ("DP-10", "DP-11") and moved.restated is not None:
            assert moved.restated == comparison.less(_count(explained, moved.code, until), moved.before)
            in_period = next(t for t in after.targets if t.code == moved.code).done_in_period
            again = before.identity.starts_on == after.identity.starts_on
            assert moved.after == moved.before + (Pair(0, 0) if again else in_period) + moved.restated
    assert _count(explained, "DP-13", until) == _count(after.records, "DP-13", until)


def _changes_are_told(former: list[SnapshotContent], content: SnapshotContent) -> None:
    """A correction tells its difference from the version that it replaces; a first version, from the latest period that
    stands issued.
    """
    identity = content.identity
    replaced = [
        one for one in former if (one.identity.period, one.identity.version) == (identity.period, identity.replaces)
    ]
    assert len(replaced) == (0 if identity.replaces is None else 1)
    standing = {one.identity.period: one for one in former if one.identity.ends_on <= identity.ends_on}
    base = replaced[0] if replaced else max(standing.values(), key=lambda one: one.identity.ends_on)
    assert content.changes == comparison.record_changes(base, content)
