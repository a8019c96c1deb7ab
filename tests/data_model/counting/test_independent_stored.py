"""The same generated years, written into a database, revised there and read back: SQL and rules against the second
count.
"""

import os
import random
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlmodel import delete, select

from data_model.core.access import Actor
from data_model.plans.tables import Activity, Component, MonitoringRound, Phase, Plan, PlanUnit, Target, TargetUnit
from data_model.plans.view import PlanView, revise, view_plan
from data_model.progress.figures import plan_progress
from data_model.records.listing import left_over_records
from data_model.records.tables import FieldRecord
from data_model.units.tables import Unit
from tests.data_model.counting.test_independent import a_plan, compare, day, records_of, revised
from tests.data_model.naive_count import Rec, belongs
from tests.data_model.small_plan import OWNER

YEARS = max(6, int(os.environ.get("SO_GIAM_SAT_YEARS", "60")) // 10)
BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)


class Stored:
    """A generated plan in the database; `ids` names its rows by what they were called when they were made up."""

    def __init__(self, session, made: PlanView, leader: Actor, name: str):
        self.session, self.leader, self.ids = session, leader, {}
        for unit in (*made.units, made.owner):
            self.ids["unit", unit.id] = self._add(
                Unit(code=f"{name}-{unit.code}", name=unit.name, kind="xã", place=name, valid_to=unit.valid_to)
            ).id
        self.plan_id = self._add(
            Plan(
                code=name,
                name_vi=name,
                name_en=name,
                owner_id=self.ids["unit", OWNER],
                year=2024,
                starts_on=made.starts_on,
                ends_on=made.ends_on,
                quarter_rule=made.quarter_rule,
            )
        ).id
        for unit in made.units:
            self._add(PlanUnit(plan_id=self.plan_id, unit_id=self.ids["unit", unit.id]))
        component = self._add(Component(plan_id=self.plan_id, code="A", position=0, name_vi="A", name_en="A"))
        for position, line in enumerate(made.lines):
            activity = self._add(
                Activity(
                    plan_id=self.plan_id,
                    component_id=component.id,
                    code=line.code,
                    position=position,
                    name_vi="x",
                    name_en="x",
                    part_of_id=self.ids.get(("activity", line.part_of_id)),
                    kind="indicator_value" if line.is_measured else "other",
                    measure="rate" if line.is_measured else "times",
                )
            )
            self.ids["activity", line.activity_id] = activity.id
            self.ids["target", line.activity_id] = self._add(Target(activity_id=activity.id, scope=line.scope.value)).id
            for number, (round_id, name_of) in enumerate(line.rounds, 1):
                self.ids["round", round_id] = self._add(
                    MonitoringRound(activity_id=activity.id, number=number, name_vi=name_of.vi, name_en=name_of.en)
                ).id
            self._write(line)

    def _add(self, row):
        self.session.add(row)
        self.session.flush()
        return row

    def _write(self, line) -> None:
        """A line's number, place, days and shares as they are now."""
        target_id = self.ids["target", line.activity_id]
        target = self.session.get(Target, target_id)
        target.quantity, target.comparator = line.need, line.comparator and line.comparator.value
        target.scope, target.window_from, target.due = line.scope.value, line.window_from, line.due
        self.session.execute(delete(TargetUnit).where(TargetUnit.target_id == target_id))
        self.session.execute(delete(Phase).where(Phase.target_id == target_id))
        self.session.add_all(TargetUnit(target_id=target_id, unit_id=self.ids["unit", u]) for u in line.unit_ids)
        self.session.add_all(
            Phase(target_id=target_id, quarter=q, quantity=share, accepted_by=self.leader.id, accepted_at=BEGINNING)
            for q, share in line.phases.items()
        )
        self.session.flush()

    def revise(self, before: PlanView, after: PlanView) -> None:
        revision = revise(self.session, self.plan_id).revision
        for line in after.lines:
            self._write(line)
        kept = {r for line in after.lines for r in line.round_ids}
        gone = [("activity", Activity, line.activity_id) for line in after.withdrawn_lines]
        gone += [("round", MonitoringRound, r) for line in before.lines for r in line.round_ids if r not in kept]
        for what, table, number in gone:
            self.session.get(table, self.ids[what, number]).withdrawn_in = revision
        for unit in after.withdrawn_units:
            row = self.session.exec(
                select(PlanUnit).where(PlanUnit.plan_id == self.plan_id, PlanUnit.unit_id == self.ids["unit", unit.id])
            ).one()
            row.withdrawn_in = revision
        self.session.flush()

    def record(self, one: Rec) -> Rec:
        """Write a record; gives it with the ids of the database, and its value in percent as the kind has it."""
        stored = replace(
            one,
            activity=self.ids["activity", one.activity],
            unit=self.ids["unit", one.unit],
            round=one.round and self.ids["round", one.round],
            over=None if one.over is None else 100 * one.over,
        )
        sent, accepted = BEGINNING + timedelta(minutes=one.sent), BEGINNING + timedelta(minutes=one.accepted)
        measured = one.over is not None
        self.session.add(
            FieldRecord(
                id=uuid.uuid4(),
                plan_id=self.plan_id,
                activity_id=stored.activity,
                unit_id=stored.unit,
                round_id=stored.round,
                kind="indicator_value" if measured else "other",
                status=one.status,
                happened_on=one.day,
                running=one.running,
                quantity=None if measured or one.running else one.quantity,
                value_over=stored.over,
                value_under=one.under,
                answers={"numerator": one.over, "denominator": one.under} if measured else {},
                author_id=self.leader.id,
                created_at=sent,
                changed_at=sent,
                sent_at=sent,
                reviewed_at=accepted if one.status == "verified" else None,
            )
        )
        return stored


def test_a_generated_year_in_the_database_is_counted_as_the_second_count_has_it(town):
    leader = town.people.leader
    for year in range(YEARS):
        rng = random.Random(f"stored {year}")
        before = a_plan(rng)
        after = revised(rng, before)
        with town.writing() as session:
            kept = Stored(session, before, leader, f"year-{year}")
            records = [kept.record(one) for one in records_of(rng, before)]
            kept.revise(before, after)
        with town.reading() as session:
            made = view_plan(session, kept.plan_id)
            for on in (day(rng), date(2024, 12, 31)):
                compare(made, records, on, plan_progress(session, leader, kept.plan_id, on))
            standing = {line.activity_id: line for line in made.lines}
            expected = sum(
                r.status in ("sent", "verified")
                and not (r.activity in standing and belongs(made, standing[r.activity], r))
                for r in records
            )
            assert len(left_over_records(session, leader, made, 100)) == expected
