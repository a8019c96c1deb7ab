"""The sample year as it passes: records entered on their day, and between them quarters frozen, approved and issued.

sample_quarters.toml says which records came late, which were corrected, and who did what with a quarter. The clock
stands at each day in turn, so that moments, locks and exceptions are what they would have been; all through the
functions that people use. What lies after today has not happened.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from data_model.core import clock
from data_model.core.access import Actor, Role
from data_model.core.database import columns
from data_model.forms.fields import Day, Rows
from data_model.forms.kind import Kind
from data_model.kinds.registry import all_kinds
from data_model.periods.lock import give_exception
from data_model.periods.periods import Period
from data_model.periods.tables import SnapshotStatus
from data_model.plans.view import PlanView
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.writing import Entry, send
from data_model.review.decisions import return_to_author, verify
from data_model.snapshots.approval import Step, save_texts, take
from data_model.snapshots.freezing import freeze
from data_model.snapshots.reading import Head, Texts, heads
from seed.sample_year import SampleRecord

R = columns(FieldRecord)

FILE = Path(__file__).parent / "sample_quarters.toml"
ON_PAPER = "Đã đối chiếu với hồ sơ giấy."
"""Why the sample's records, none of which has a photo, are verified all the same."""


def read_quarters(path: Path = FILE) -> dict[str, Any]:
    """The file as it stands."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Turn:
    """Something that is done on a day. `rank` orders a day: records come in before quarters move."""

    on: date
    rank: int
    do: Callable[[], object]


def pass_days(turns: list[Turn]) -> None:
    """Do what was to be done until today, each on its day, one minute after another."""
    today, minutes = clock.today(), 0
    before = None
    for turn in sorted(turns, key=lambda one: (one.on, one.rank)):
        if turn.on > today:
            break
        minutes = minutes + 1 if turn.on == before else 0
        before = turn.on
        morning = datetime.combine(turn.on, time(8), clock.VIETNAM)
        with clock.standing_at(morning + timedelta(minutes=minutes)):
            turn.do()


def known_on(kind: type[Kind], answers: Mapping[str, Any]) -> date | None:
    """The day on which everything in these answers had happened; None when they name no day."""
    return max(_days(kind, answers), default=None)


def _days(kind: type[Kind], answers: Mapping[str, Any]) -> Iterator[date]:
    for name, field in kind.fields.items():
        if isinstance(field, Rows):
            for row in answers.get(name) or ():
                yield from _days(field.of, row)
        elif isinstance(field, Day) and not field.planned and answers.get(name):
            yield answers[name]


@dataclass(frozen=True)
class Year:
    """A sample year that is being made: its people, its plan, sample_quarters.toml.

    `enter(sample, reviewer, answers)` sends a record, has it reviewed unless `reviewer` is None, and gives its entry.
    """

    session: Session
    people: Mapping[str, Actor]
    plan: PlanView
    quarters: Mapping[str, Any]
    enter: Callable[[SampleRecord, Actor | None, Mapping[str, Any]], Entry]

    def turns(self, samples: list[SampleRecord], reviewers: list[Actor]) -> list[Turn]:
        """Every record and every step with its day."""
        told = {(row["activity"], row["unit"], row["happened_on"]): row for row in self.quarters["entered"]}
        kinds = {line.code: all_kinds()[line.kind] for line in self.plan.lines if line.kind}
        turns: list[Turn] = []
        for sample, reviewer in zip(samples, reviewers, strict=True):
            kind = kinds[sample.activity]
            happened_on = kind.read(sample.answers).happened_on if sample.state != "draft" else None
            row = told.pop((sample.activity, sample.unit, happened_on), None)
            if row:
                turns += self._told(sample, row)
            else:
                turns.append(
                    Turn(
                        known_on(kind, sample.answers) or clock.today(),
                        0,
                        partial(self.enter, sample, reviewer, sample.answers),
                    )
                )
        if told:
            raise LookupError(f"no record of the sample year is {next(iter(told))}")
        return [
            *turns,
            *(Turn(step["on"], 2, partial(getattr(self, f"_{step['act']}"), step)) for step in self.quarters["step"]),
        ]

    def _told(self, sample: SampleRecord, row: Mapping[str, Any]) -> Iterator[Turn]:
        """A record that came late, waits, or was corrected: always a leader's word."""
        leader = next(actor for actor in self.people.values() if actor.role is Role.LEADER)
        first = sample.answers | row.get("first", {})
        entries: list[Entry] = []
        waits = row.get("waits", False) or "verified" in row
        yield Turn(row["on"], 0, partial(self._enter, entries, sample, None if waits else leader, first))
        if "verified" in row:
            yield Turn(row["verified"], 1, partial(self._verify, entries, leader))
        if "corrected" in row:
            yield Turn(row["corrected"], 1, partial(self._correct, entries, leader, sample.answers, row["reason"]))

    def _enter(
        self, entries: list[Entry], sample: SampleRecord, reviewer: Actor | None, answers: Mapping[str, Any]
    ) -> None:
        entries.append(self.enter(sample, reviewer, answers))

    def _verify(self, entries: list[Entry], leader: Actor) -> None:
        record = self.session.get_one(FieldRecord, entries[0].id)
        verify(self.session, leader, record.id, record.version, ON_PAPER)

    def _correct(self, entries: list[Entry], leader: Actor, answers: Mapping[str, Any], reason: str) -> None:
        record = self.session.get_one(FieldRecord, entries[0].id)
        author = next(actor for actor in self.people.values() if actor.id == record.author_id)
        return_to_author(self.session, leader, record.id, record.version, reason)
        record = send(self.session, author, replace(entries[0], answers=answers, seen_version=record.version))
        verify(self.session, leader, record.id, record.version, ON_PAPER)

    def _freeze(self, step: Mapping[str, Any]) -> None:
        freeze(self.session, self.people[step["by"]], self.plan.id, Period(step["period"]), step.get("reason", ""))
        if "texts" in step:
            self._texts(step)

    def _texts(self, step: Mapping[str, Any]) -> None:
        head = self._standing(step)
        save_texts(self.session, self.people[step["by"]], head.id, Texts(**step["texts"]), head.row_version)

    def _submit(self, step: Mapping[str, Any]) -> None:
        self._take(Step.SUBMIT, step)

    def _send_back(self, step: Mapping[str, Any]) -> None:
        self._take(Step.SEND_BACK, step)

    def _approve(self, step: Mapping[str, Any]) -> None:
        self._take(Step.APPROVE, step)

    def _issue(self, step: Mapping[str, Any]) -> None:
        self._take(Step.ISSUE, step)

    def _take(self, way: Step, step: Mapping[str, Any]) -> None:
        head = self._standing(step)
        take(self.session, self.people[step["by"]], head.id, way, head.row_version, step.get("reason", ""))

    def _standing(self, step: Mapping[str, Any]) -> Head:
        """The latest version of the step's period."""
        known = heads(self.session, self.people[step["by"]], self.plan.id)
        return next(
            head for head in known if head.period == step["period"] and head.status is not SnapshotStatus.DISCARDED
        )

    def _give_exception(self, step: Mapping[str, Any]) -> None:
        give_exception(
            self.session,
            self.people[step["by"]],
            self.plan.id,
            self.people[step["to"]].id,
            step["until"],
            step["reason"],
        )

    def _verify_waiting(self, step: Mapping[str, Any]) -> None:
        waiting = self.session.exec(
            select(FieldRecord)
            .where(
                R.plan_id == self.plan.id,
                R.status == RecordStatus.SENT,
                R.happened_on <= step["until"],
            )
            .order_by(R.happened_on, R.id)
        ).all()
        for record in waiting:
            verify(self.session, self.people[step["by"]], record.id, record.version, ON_PAPER)
