"""Two snapshots beside each other: what moved, what was restated, and by which records."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from data_model.core.access import Actor
from data_model.core.label import Label
from data_model.counting.rules import NOTHING, Pair, TargetStatus
from data_model.snapshots.content import ChangeContent, CountedRecord, SnapshotContent, TargetContent
from data_model.snapshots.reading import Opened, open_snapshot

ADDED = Label("ghi nhận sau khi chốt", "recorded after the freeze")
REMOVED = Label("không còn được tính", "no longer counted")
VERIFIED = Label("được xác nhận sau khi chốt", "verified after the freeze")
CORRECTED = Label("được sửa", "corrected")


@dataclass(frozen=True)
class Moved:
    """A target in both snapshots (None: it stood in one only). `restated` is how much of the difference belongs to days
    that the first one had counted already; None where the two do not follow each other.
    """

    code: str
    name: Label
    unit_of_measure: Label
    before: Pair | None
    after: Pair | None
    percent_before: Fraction | None
    percent_after: Fraction | None
    status_before: TargetStatus | None
    status_after: TargetStatus | None
    restated: Pair | None

    @property
    def difference(self) -> Pair | None:
        """After less before."""
        return None if self.before is None or self.after is None else less(self.after, self.before)


@dataclass(frozen=True)
class Comparison:
    """`first` is the earlier of the two; `records` are those that restated what it had counted."""

    first: Opened
    second: Opened
    targets: tuple[Moved, ...]
    paid: tuple[Pair, Pair]
    records: tuple[ChangeContent, ...]


def compare(session: Session, actor: Actor, first_id: int, second_id: int) -> Comparison:
    """Two snapshots, the earlier first, whichever way they are asked for. Raises Refused."""
    one, other = open_snapshot(session, actor, first_id), open_snapshot(session, actor, second_id)
    first, second = sorted((one, other), key=lambda o: (o.head.ends_on, o.head.version, o.head.id))
    return Comparison(
        first,
        second,
        moved(first.content, second.content),
        (_paid(first.content), _paid(second.content)),
        record_changes(first.content, second.content),
    )


def moved(first: SnapshotContent, second: SnapshotContent) -> tuple[Moved, ...]:
    """Every target of either, in the second one's order."""
    before, after = {t.code: t for t in first.targets}, {t.code: t for t in second.targets}
    follows = second.identity.starts_on == first.identity.ends_on + timedelta(days=1)
    again = (first.identity.starts_on, first.identity.ends_on) == (second.identity.starts_on, second.identity.ends_on)
    codes = [*after, *(code for code in before if code not in after)]
    return tuple(_moved(before.get(code), after.get(code), follows, again) for code in codes)


def _moved(before: TargetContent | None, after: TargetContent | None, follows: bool, again: bool) -> Moved:
    known, restated = after or before, None
    assert known is not None  # its code stands in one of the two
    if before and after and not known.is_measured:
        if again:
            restated = less(after.done, before.done)
        elif follows:
            restated = less(less(after.done, after.done_in_period), before.done)
    return Moved(
        known.code,
        known.name,
        known.unit_of_measure,
        before.done if before else None,
        after.done if after else None,
        before.percent if before else None,
        after.percent if after else None,
        before.status if before else None,
        after.status if after else None,
        restated,
    )


def less(total: Pair, part: Pair) -> Pair:
    """`total` without `part`."""
    return Pair(total.verified - part.verified, total.reported - part.reported)


def _paid(content: SnapshotContent) -> Pair:
    return sum((row.paid for row in content.money if row.depth == 0), NOTHING)


def record_changes(first: SnapshotContent, second: SnapshotContent) -> tuple[ChangeContent, ...]:
    """Records that make the second snapshot count otherwise what the first had counted, by day."""
    until = first.identity.ends_on
    known = {record.id: record for record in first.records}
    now = {record.id: record for record in second.records}
    places = {u.key: u.full_name for u in (*first.units, *second.units)}
    found = []
    for record in second.records:
        before = known.get(record.id)
        if before is None and record.happened_on <= until:
            found.append((record.happened_on, _change(record, ADDED, "", figure(record), places, second)))
        elif before is not None and (what := _difference(before, record)):
            found.append((record.happened_on, _change(record, what, figure(before), figure(record), places, second)))
    if second.identity.ends_on >= until:
        found += [
            (r.happened_on, _change(r, REMOVED, figure(r), "", places, first)) for r in first.records if r.id not in now
        ]
    return tuple(change for _day, change in sorted(found, key=lambda pair: (pair[0], str(pair[1].record_id))))


def _difference(before: CountedRecord, after: CountedRecord) -> Label | None:
    def counted(record: CountedRecord) -> tuple[Any, ...]:
        return record.happened_on, record.unit, record.target, record.quantity, record.amount, record.value

    if counted(before) != counted(after):
        return CORRECTED
    return (
        VERIFIED
        if before.status != after.status and after.status == "verified"
        else None
        if before.status == after.status
        else CORRECTED
    )


def _change(
    record: CountedRecord, what: Label, before: str, after: str, places: dict[str, str], content: SnapshotContent
) -> ChangeContent:
    return ChangeContent(record.id, record.target, places.get(record.unit, content.identity.owner), what, before, after)


def figure(record: CountedRecord) -> str:
    """What a record counts, as plain digits with its day; exact."""
    counted = (
        record.amount if record.amount is not None else record.value if record.value is not None else record.quantity
    )
    return f"{'–' if counted is None else counted} ({record.happened_on:%d/%m/%Y})"
