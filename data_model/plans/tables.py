"""The tables of a plan: its tree of components, budgets, activities, targets, rounds and phasing, as issued."""

from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import JSON, BigInteger, false
from sqlmodel import Field, SQLModel

from data_model.core.database import UtcTime
from data_model.core.label import Label
from data_model.plans.quantities import Exact

CALENDAR, FROM_15_TO_14 = "calendar", "15_to_14"
"""The rules by which quarters end (R26)."""


class Comparator(StrEnum):
    """How a quantity is meant (rule R9 of `counting`)."""

    EXACTLY = "exactly"
    AT_LEAST = "at_least"
    ABOUT = "about"
    KEEP_ZERO = "keep_zero"
    PERCENTAGE = "percentage"


class Scope(StrEnum):
    """Where the quantity is due: n in the whole area, n in each unit, n in each named unit (R8)."""

    WHOLE = "whole"
    EACH_UNIT = "each_unit"
    NAMED_UNITS = "named_units"


class Plan(SQLModel, table=True):
    """One issued plan of one owner unit for one year.

    `revision` rises with every change to the plan, `records_version` with every change to what its records add up to.
    An `example` shows how a plan looks, counts for nobody and takes no records; nor does one that was closed.
    """

    id: int = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=60)
    name_vi: str
    name_en: str
    owner_id: int = Field(foreign_key="unit.id")
    issuer: str | None = None
    document: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    slips: list[Any] = Field(default_factory=list, sa_type=JSON)
    year: int
    starts_on: date
    ends_on: date
    quarter_rule: str = Field(default=CALENDAR, max_length=20)
    on_track_percent: int = 90
    slow_percent: int = 70
    revision: int = 1
    records_version: int = 0
    seed_digest: str | None = None
    example: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)

    @property
    def name(self) -> Label:
        """The name in both languages."""
        return Label(self.name_vi, self.name_en)


class PlanUnit(SQLModel, table=True):
    """A unit in which the plan is carried out. `withdrawn_in` is the revision that took it out; None: it stands."""

    __tablename__ = "plan_unit"

    plan_id: int = Field(primary_key=True, foreign_key="plan.id")
    unit_id: int = Field(primary_key=True, foreign_key="unit.id", index=True)
    withdrawn_in: int | None = None


class Component(SQLModel, table=True):
    """A project or sub-project of the plan. `not_carried_out` holds the plan's reason, both languages."""

    id: int = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="component.id")
    code: str = Field(max_length=20)
    position: int
    name_vi: str
    name_en: str
    section: str | None = None
    not_carried_out: dict[str, Any] | None = Field(default=None, sa_type=JSON)

    @property
    def name(self) -> Label:
        """The name in both languages."""
        return Label(self.name_vi, self.name_en)


class Budget(SQLModel, table=True):
    """Money of a component, whole đồng; None where the plan names no amount. `by_source` holds its parts by source of
    funds (codes of `Disbursement.source`; None: not told apart), `source_note` how it stands in the document.
    """

    id: int = Field(default=None, primary_key=True)
    component_id: int = Field(foreign_key="component.id", unique=True)
    code: str = Field(max_length=20)
    amount: int | None = Field(default=None, sa_type=BigInteger)
    by_source: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    source_note: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Activity(SQLModel, table=True):
    """What is to be done. `kind` is the record kind that proves it; None where only its parts are recorded.

    `withdrawn_in` is the revision that took it out (None: it stands); it is kept for the records that refer to it.
    What is proved by another kind is another activity, also under the same code.
    """

    id: int = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    component_id: int = Field(foreign_key="component.id")
    part_of_id: int | None = Field(default=None, foreign_key="activity.id")
    code: str = Field(max_length=20)
    position: int
    name_vi: str
    name_en: str
    kind: str | None = Field(default=None, max_length=40)
    measure: str | None = Field(default=None, max_length=40)
    lead: str | None = None
    coordinating: list[Any] = Field(default_factory=list, sa_type=JSON)
    source_note: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    withdrawn_in: int | None = None

    @property
    def name(self) -> Label:
        """The name in both languages."""
        return Label(self.name_vi, self.name_en)


class Target(SQLModel, table=True):
    """The quantity that an activity owes: n (None where the plan gives none), comparator, scope, window, due day,
    conditions.
    """

    id: int = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id", unique=True)
    quantity: Fraction | None = Field(default=None, sa_type=Exact)
    unit_vi: str | None = None
    unit_en: str | None = None
    comparator: str | None = Field(default=None, max_length=20)
    scope: str = Field(max_length=20)
    window_from: date | None = None
    window_to: date | None = None
    due: date | None = None
    conditions: list[Any] = Field(default_factory=list, sa_type=JSON)


class TargetUnit(SQLModel, table=True):
    """A unit in which an each-unit or named-units target is due."""

    __tablename__ = "target_unit"

    target_id: int = Field(primary_key=True, foreign_key="target.id")
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")


class MonitoringRound(SQLModel, table=True):
    """A round of the plan: it visits every unit of its activity's target. `withdrawn_in` as in `Activity`."""

    __tablename__ = "monitoring_round"

    id: int = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id", index=True)
    number: int
    name_vi: str
    name_en: str
    withdrawn_in: int | None = None

    @property
    def name(self) -> Label:
        """The name in both languages."""
        return Label(self.name_vi, self.name_en)


class Phase(SQLModel, table=True):
    """A quarter's share of a target, entered or accepted by a leader (R23)."""

    target_id: int = Field(primary_key=True, foreign_key="target.id")
    quarter: int = Field(primary_key=True)
    quantity: Fraction = Field(sa_type=Exact)
    accepted_by: int = Field(foreign_key="account.id")
    accepted_at: datetime = Field(sa_type=UtcTime)
