"""Recommendations of field records as rows of their own, and how they are kept in step with their record.

A record has no key for its recommendations: its form is sent whole, again and again. `take_over` runs in every
send and finds each recommendation again by its words (`pair`), so that a corrected record neither loses
what was followed up nor makes it twice. Nothing vanishes: what a correction takes out stays, as no longer applicable.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from sqlmodel import Session, select

from data_model.core import clock, journal
from data_model.core.access import Actor
from data_model.core.database import columns
from data_model.core.text import folded
from data_model.forms.kind import Recommended
from data_model.records.tables import FINISHED, NOT_DONE, FollowUpState, FollowUpStep, Recommendation, StepAct

N = columns(Recommendation)

ALIKE, VERY_ALIKE = 0.6, 0.9
"""From which likeness (0 to 1) two wordings are one recommendation; a finished one asks for the second."""


@dataclass(frozen=True)
class Source:
    """The record that recommends, as far as a follow-up needs it. `was_reviewed`: somebody else has decided on it."""

    record_id: uuid.UUID
    plan_id: int
    unit_id: int
    day: date
    was_reviewed: bool
    channel: str


def step(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    act: StepAct,
    to: FollowUpState,
    word: str = "",
    *,
    on_day: date | None = None,
    record_id: uuid.UUID | None = None,
    asked: str | None = None,
    channel: str = "page",
) -> None:
    """Move it to a state, with its step and its entry in the journal; the caller has checked that it may be moved."""
    session.add(
        FollowUpStep(
            recommendation_id=recommendation.id,
            at=clock.now(),
            on_day=on_day or clock.today(),
            account_id=actor.id,
            act=act.value,
            from_state=recommendation.state,
            to_state=to.value,
            word=word,
            record_id=record_id,
            asked=asked,
        )
    )
    after = {"state": to.value, "word": word} | ({"record": str(record_id)} if record_id else {})
    journal.note(
        session,
        actor,
        f"follow_up_{act}",
        "recommendation",
        recommendation.id,
        {"state": recommendation.state},
        after,
        channel,
    )
    recommendation.state = to.value
    recommendation.version += 1
    recommendation.changed_at = clock.now()
    session.add(recommendation)
    session.flush()  # steps are read in the order of their numbers


def take_over(session: Session, actor: Actor, source: Source, rows: Sequence[Recommended]) -> None:
    """Bring the recommendations of a record that was just sent in step with its rows. In the caller's transaction."""
    known = list(
        session.exec(
            select(Recommendation)
            .where(N.record_id == source.record_id)
            .order_by(N.position)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    # What was confirmed after a correction had taken it out is history: the same words again are a new demand.
    living = [k for k in known if k.in_record or k.before_removal or k.state not in FINISHED]
    partner = pair(living, rows)
    for position, (row, at) in enumerate(zip(rows, partner, strict=True)):
        if at is None:
            _add(session, actor, source, position, row)
        else:
            _update(session, actor, source, position, living[at], row)
    for number, one in enumerate(living):
        if number not in partner:
            one.unit_id, one.since = source.unit_id, source.day
            session.add(one)
            if one.in_record:
                _remove(session, actor, source, one)
    session.flush()


def pair(former: Sequence[Recommendation], rows: Sequence[Recommended]) -> list[int | None]:
    """For each row the place of the recommendation that it is, None for a new one. Each is used once.

    Tried in turn over all rows: the same in everything; the same words; the most alike words; and, where nothing was
    done about it yet, another wording in the same place for the same person and day.
    """
    partner: list[int | None] = [None] * len(rows)
    for _likeness, row, at in sorted(
        _likenesses(former, rows), key=lambda found: (-found[0], abs(found[1] - found[2]))
    ):
        if partner[row] is None and at not in partner:
            partner[row] = at
    return partner


def _likenesses(former: Sequence[Recommendation], rows: Sequence[Recommended]) -> Iterator[tuple[float, int, int]]:
    words = [folded(one.what) for one in former]
    for row, each in enumerate(rows):
        said = folded(each.what)
        for at, one in enumerate(former):
            alike = SequenceMatcher(None, words[at], said, autojunk=False).ratio()
            same_task = (folded(one.responsible), one.fix_by) == (folded(each.responsible), each.fix_by)
            if alike == 1:
                yield (3 if same_task and one.weight == each.severity else 2), row, at
            elif alike >= (VERY_ALIKE if one.state in FINISHED else ALIKE):
                yield alike, row, at
            elif one.state == FollowUpState.OPEN and at == row and same_task:
                yield 0, row, at


def _add(session: Session, actor: Actor, source: Source, position: int, row: Recommended) -> None:
    one = Recommendation(
        plan_id=source.plan_id,
        unit_id=source.unit_id,
        record_id=source.record_id,
        since=source.day,
        position=position,
        changed_at=clock.now(),
        **_content(row),
    )
    session.add(one)
    session.flush()
    journal.note(session, actor, "recommend", "recommendation", one.id, None, _as_json(_content(row)), source.channel)


def _content(row: Recommended) -> dict[str, Any]:
    weight = row.severity.value if row.severity else None
    return {"what": row.what, "responsible": row.responsible, "fix_by": row.fix_by, "weight": weight}


def _as_json(content: dict[str, Any]) -> dict[str, Any]:
    return content | {"fix_by": content["fix_by"].isoformat()}


def _update(
    session: Session, actor: Actor, source: Source, position: int, one: Recommendation, row: Recommended
) -> None:
    one.position, one.unit_id, one.since = position, source.unit_id, source.day
    session.add(one)
    if not one.in_record:
        back = FollowUpState(one.before_removal or one.state)
        one.in_record, one.before_removal = True, None
        one.reported_by = None if back in NOT_DONE else one.reported_by
        step(session, actor, one, StepAct.RESTORE, back, channel=source.channel, record_id=source.record_id)
    # A finished one keeps the words under which it was confirmed.
    if one.state in FINISHED:
        return
    before, after = {name: getattr(one, name) for name in _content(row)}, _content(row)
    if before == after:
        return
    for name, value in after.items():
        setattr(one, name, value)
    word = "" if before["what"] == after["what"] else before["what"]
    journal.note(
        session, actor, "recommend", "recommendation", one.id, _as_json(before), _as_json(after), source.channel
    )
    step(
        session,
        actor,
        one,
        StepAct.CORRECT,
        FollowUpState(one.state),
        word,
        channel=source.channel,
        record_id=source.record_id,
    )


def _remove(session: Session, actor: Actor, source: Source, one: Recommendation) -> None:
    """Taken out of its record: for good while nobody else had to do with it, otherwise somebody else confirms it."""
    one.in_record = False
    to = FollowUpState(one.state)
    if one.state not in FINISHED:
        # Back in the record, a report that waited is made anew: whoever took it out has its place as the reporter.
        one.before_removal = one.state if one.state in NOT_DONE else FollowUpState.IN_PROGRESS.value
        # Version 1 is a recommendation that nobody has touched.
        to = FollowUpState.DROPPING if source.was_reviewed or one.version > 1 else FollowUpState.NO_LONGER
        one.reported_by = actor.id
    step(session, actor, one, StepAct.REMOVE, to, channel=source.channel, record_id=source.record_id)
