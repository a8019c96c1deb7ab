"""The proof that nobody altered what was frozen, or the journal: every seal worked out again from what is stored.

Nothing is read through the models here: a check names what cannot be read, it never fails at it.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, text
from sqlmodel import Session, select

from data_model.core import canonical
from data_model.core.access import Act, Actor
from data_model.core.database import table_of
from data_model.core.flaws import Flaw, Wrong
from data_model.core.journal import JournalHead
from data_model.core.problems import Say, refuse
from data_model.core.stored_rows import DAMAGED, chained, damaged, plain_row, raw_columns, read_row
from data_model.core.tables import JournalEntry
from data_model.journal.chain import chain_flaws, entry_flaws
from data_model.periods.tables import SEALED, Snapshot, SnapshotBody, SnapshotStatus, SnapshotStep
from data_model.snapshots.content import SnapshotContent
from data_model.snapshots.reading import Texts, seal_of
from data_model.snapshots.steps import TAKEN_OVER
from data_model.snapshots.time_stamps import stamp_flaws

ROWS, BODIES, STEPS, ENTRIES = (
    table_of(Snapshot),
    table_of(SnapshotBody),
    table_of(SnapshotStep),
    table_of(JournalEntry),
)
Told = tuple[dict[str, Any], dict[str, Any]]
"""An entry of the journal in plain form, and what it says of after."""
GUARDS = {
    "sqlite": (
        "journal_never_delete",
        "journal_never_replaced",
        "journal_never_update",
        "journal_seal_never_deleted",
        "journal_seal_never_replaced",
        "journal_seal_stays",
        "journal_stamp_never_deleted",
        "journal_stamp_never_replaced",
        "journal_stamp_stays",
        "snapshot_body_never_deleted",
        "snapshot_body_never_replaced",
        "snapshot_body_stays",
        "snapshot_changes_by_steps",
        "snapshot_never_deleted",
        "snapshot_never_replaced",
        "snapshot_stays_sealed",
        "snapshot_step_never_deleted",
        "snapshot_step_never_replaced",
        "snapshot_step_stays",
    ),
    "postgresql": (
        "journal_never_changes",
        "journal_seal_stays",
        "journal_stamp_stays",
        "snapshot_body_stays",
        "snapshot_changes_by_steps",
        "snapshot_never_deleted",
        "snapshot_stays_sealed",
        "snapshot_step_stays",
    ),
}
"""Names of the triggers that refuse to alter what is sealed; PostgreSQL's refuse every way of it at once."""
_STANDING_GUARDS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


@dataclass(frozen=True)
class Verdict:
    """Whether a snapshot is as it was made, and what is wrong where it is not."""

    flaws: tuple[Flaw, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws


@dataclass(frozen=True)
class WholeVerdict(Verdict):
    """The same of the whole: the journal up to its `head`, and so many `snapshots`."""

    head: JournalHead
    snapshots: int


def verify(session: Session, actor: Actor, snapshot_id: int) -> Verdict:
    """Check one snapshot: its row, figures and steps, and the journal's entries of them. Raises Refused (NOT_FOUND)."""
    actor.require(Act.READ_SNAPSHOTS)
    if session.exec(select(Snapshot.id).where(Snapshot.id == snapshot_id)).first() is None:
        raise refuse(Say.NOT_FOUND)
    entries, flaws = entry_flaws(session, "snapshot", snapshot_id)
    return Verdict((*_flaws_of(session, snapshot_id, entries), *flaws))


def require_intact(session: Session, actor: Actor, snapshot_id: int) -> None:
    """Raises Refused (SNAPSHOT_NOT_INTACT) for a snapshot that was altered: nobody prints it."""
    if not verify(session, actor, snapshot_id).intact:
        raise refuse(Say.SNAPSHOT_NOT_INTACT)


def verify_everything(session: Session, actor: Actor) -> WholeVerdict:
    """Check the journal from its beginning, with its copy and stamps, every snapshot, and the database's guards."""
    actor.require(Act.READ_JOURNAL)
    head, flaws = chain_flaws(session)
    flaws += stamp_flaws(session)
    known = _known(session)
    for snapshot_id in known:
        entries, _told_above = entry_flaws(session, "snapshot", snapshot_id)
        flaws += _flaws_of(session, snapshot_id, entries)
    return WholeVerdict((*flaws, *_versions(session), *_guards(session)), head, len(known))


def verify_bytes(session: Session, actor: Actor, snapshot_id: int, data: bytes) -> Verdict:
    """Whether a content that somebody hands in is the one that was sealed. Raises Refused (NOT_FOUND)."""
    actor.require(Act.READ_SNAPSHOTS)
    sealed = session.exec(select(Snapshot.content_hash).where(Snapshot.id == snapshot_id)).first()
    if sealed is None:
        raise refuse(Say.NOT_FOUND)
    return Verdict(() if canonical.sha256(data) == sealed else (Flaw(Wrong.CONTENT_ALTERED, snapshot=snapshot_id),))


def _known(session: Session) -> list[int]:
    """Ids of all snapshots that anything tells of, there or not."""
    known = {
        found[column.name]
        for column, where in (
            (ROWS.c.id, ()),
            (STEPS.c.snapshot_id, ()),
            (BODIES.c.snapshot_id, ()),
            (ENTRIES.c.subject_id, (ENTRIES.c.subject == "snapshot", ENTRIES.c.act.in_(("freeze", TAKEN_OVER)))),
        )
        for found in _stored(session, column.table, *where, names=(column.name,))
    }
    return sorted(
        {int(one) for one in known if isinstance(one, int) or (one.isascii() and one.isdigit() and len(one) < 10)}
    )


def _stored(session: Session, table: Table, *where: Any, names: tuple[str, ...] | None = None) -> list[dict[str, Any]]:
    query = (
        select(*raw_columns(table, session.get_bind().dialect.name, names))
        .select_from(table)
        .where(*where)
        .order_by(*table.primary_key)
    )
    return [read_row(table, raw) for raw in session.execute(query).mappings()]


def _flaws_of(session: Session, snapshot_id: int, entries: list[dict[str, Any]]) -> list[Flaw]:
    found = _stored(session, ROWS, ROWS.c.id == snapshot_id)
    if not found:
        return [Flaw(Wrong.SNAPSHOT_MISSING, snapshot=snapshot_id)]
    (row,), steps = found, _stored(session, STEPS, STEPS.c.snapshot_id == snapshot_id)
    told = [(entry, entry["after"] if isinstance(entry["after"], dict) else {}) for entry in entries]
    flaws = []
    if broken := damaged(row):
        flaws.append(Flaw(Wrong.SNAPSHOT_DAMAGED, snapshot=snapshot_id, columns=broken))
    flaws += _steps(snapshot_id, steps) + _noted(snapshot_id, steps, told)
    state = steps[-1]["state"] if steps and isinstance(steps[-1]["state"], dict) else {}
    altered = {name for name, value in row.items() if state and value != state.get(name)} | _noted_otherwise(row, told)
    if "texts_hash" not in altered:
        altered |= _texts(row)
    content = _stored(session, BODIES, BODIES.c.snapshot_id == snapshot_id)
    if not content:
        flaws.append(Flaw(Wrong.CONTENT_MISSING, snapshot=snapshot_id))
    elif content[0]["content"] == DAMAGED or canonical.sha256(content[0]["content"]) != state.get(
        "content_hash", row["content_hash"]
    ):
        flaws.append(Flaw(Wrong.CONTENT_ALTERED, snapshot=snapshot_id))
    else:
        altered |= _named_otherwise(row, content[0]["content"])
    if altered := altered - {*broken}:
        flaws.append(
            Flaw(Wrong.SNAPSHOT_ALTERED, snapshot=snapshot_id, columns=tuple(name for name in row if name in altered))
        )
    return flaws


def _steps(snapshot_id: int, steps: list[dict[str, Any]]) -> list[Flaw]:
    """What is wrong with the chain of steps in itself."""
    if not steps:
        return [Flaw(Wrong.STEP_MISSING, snapshot=snapshot_id)]
    flaws, former = [], ""
    due = steps[0]["number"] if steps[0]["act"] == TAKEN_OVER else 1
    for step in steps:
        number = step["number"]
        if not isinstance(number, int) or not isinstance(due, int) or number < due:
            flaws.append(Flaw(Wrong.STEP_ALTERED, snapshot=snapshot_id))
            continue
        if number > due:
            flaws.append(Flaw(Wrong.STEP_MISSING, due, number - 1, snapshot=snapshot_id))
        if chained(former, step | {"hash": None}) != step["hash"]:
            flaws.append(Flaw(Wrong.STEP_ALTERED, number, snapshot=snapshot_id))
        due, former = number + 1, str(step["hash"])
    return flaws


def _noted(snapshot_id: int, steps: list[dict[str, Any]], told: list[Told]) -> list[Flaw]:
    """Steps and journal against each other: every step has its entry with its seal, every seal its step."""
    noted = {
        after["seal"]: (entry["act"], entry["account_id"])
        for entry, after in told
        if isinstance(after.get("seal"), str)
    }
    flaws = [
        Flaw(Wrong.STEP_NOT_NOTED, step["number"], snapshot=snapshot_id)
        for step in steps
        if noted.pop(step["hash"], None) != (step["act"], step["account_id"])
    ]
    return flaws + ([Flaw(Wrong.STEP_MISSING, snapshot=snapshot_id)] if len(noted) > len(flaws) else [])


def _noted_otherwise(row: dict[str, Any], told: list[Told]) -> set[str]:
    """Columns that the journal has otherwise; snapshots that are older than the steps have no other witness."""
    made = next(
        (
            {"made_by": entry["account_id"], "plan_id": after.get("plan_id"), "content_hash": after.get("content_hash")}
            for entry, after in told
            if entry["act"] == "freeze"
        ),
        {},
    )
    if row["status"] in SEALED:
        made |= {
            "texts_hash": next(
                (after.get("texts_hash") for entry, after in reversed(told) if entry["act"] == "snapshot_submit"), None
            )
        }
    return {name for name, value in made.items() if row[name] != value}


def _texts(row: dict[str, Any]) -> set[str]:
    """The column of what was typed, where it is not what its own seal says."""
    if row["texts_hash"] is None:
        return set()
    try:
        fits = seal_of(Texts.read(row["texts"])) == row["texts_hash"]
    except (TypeError, ValueError, AttributeError):
        fits = False
    return set() if fits else {"texts"}


def _named_otherwise(row: dict[str, Any], content: bytes) -> set[str]:
    """Columns in which the row names another snapshot than its own figures do."""
    names = ("period", "starts_on", "ends_on", "version", "cut_off", "made_at")
    try:
        known = SnapshotContent.read(content).identity
    except (ValueError, RecursionError):
        return {*names}
    told = plain_row(ROWS, {name: getattr(known, name) for name in names})
    return {name for name in names if row[name] != told[name]}


def _versions(session: Session) -> list[Flaw]:
    """Versions of a period rise by one from 1, and one at most stands issued."""
    by_period: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    for found in _stored(session, ROWS, names=("id", "plan_id", "period", "version", "status")):
        by_period[found["plan_id"], found["period"]].append(found)
    flaws = []
    for versions in by_period.values():
        due = 1
        for one in sorted((one for one in versions if isinstance(one["version"], int)), key=lambda one: one["version"]):
            if one["version"] > due:
                flaws.append(Flaw(Wrong.VERSION_MISSING, due, one["version"] - 1, snapshot=one["id"]))
            due = one["version"] + 1
        issued = [one["id"] for one in versions if one["status"] == SnapshotStatus.ISSUED]
        flaws += [Flaw(Wrong.TWO_ISSUED, snapshot=one) for one in issued[1:]]
    return flaws


def _guards(session: Session) -> list[Flaw]:
    dialect = session.get_bind().dialect.name
    standing = set(session.execute(text(_STANDING_GUARDS[dialect])).scalars())
    missing = tuple(name for name in GUARDS[dialect] if name not in standing)
    return [Flaw(Wrong.GUARD_MISSING, columns=missing)] if missing else []
