"""What a frozen period holds: every figure that a report shows, in plain values, readable without the database.

Units and targets are named by their codes; figures are exact (`Fraction`, whole numbers), money is whole đồng,
percentages are shares of 1, None is "not collected" or "no number", never 0. `canonical` makes the one sequence of
bytes that is hashed.
"""

import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from data_model.core import canonical
from data_model.core.label import Label
from data_model.core.severity import Severity
from data_model.counting.rules import Pair, TargetStatus
from data_model.plans.tables import CALENDAR

SCHEMA = 4
"""Raised when the declaration below changes; older contents keep theirs, and what came later has its default there."""


@dataclass(frozen=True)
class Person:
    """Who froze it, by display name and role."""

    name: str
    role: Label


@dataclass(frozen=True)
class Identity:
    """Which plan, which period, which version, by which rules, at which moment.

    `owner` is the plan's own unit by its full name; `records_in` counts records by status, `records_out` those left out
    by reason (those that count nowhere).
    """

    plan_code: str
    plan_name: Label
    plan_revision: int
    owner: str
    issuer: str | None
    document: str
    year: int
    period: str
    starts_on: date
    ends_on: date
    cut_off: datetime
    version: int
    replaces: int | None
    reason: str
    author: Person
    made_at: datetime
    quarter_rule: str
    on_track_percent: int
    slow_percent: int
    is_sample: bool
    records_in: dict[str, int]
    records_out: dict[str, int]
    schema: int = SCHEMA

    @property
    def own_days(self) -> tuple[date, date] | None:
        """The period's first and last day where they are not the calendar's and must be said with its name."""
        return None if self.quarter_rule == CALENDAR else (self.starts_on, self.ends_on)


@dataclass(frozen=True)
class UnitContent:
    """A commune: its mean and on how many targets it rests, its point and, where one was imported, its outline
    (GeoJSON).

    Cells and records name it by `key`: its code, with the day it began where another of the plan's units had that code
    before. It stood from `valid_from` to `valid_to` (both included, None open).
    """

    code: str
    name: str
    full_name: str
    mean: Fraction | None
    mean_reported: Fraction | None
    rests_on: int
    happened: int
    outline: dict[str, Any] | None
    schematic: bool
    latitude: float | None
    longitude: float | None
    valid_from: date | None = None
    valid_to: date | None = None
    told_key: str = ""

    @property
    def key(self) -> str:
        """By what cells and records name the unit."""
        return self.told_key or self.code


@dataclass(frozen=True)
class CellContent:
    """A target in a commune: what is due there (None: nothing of its own), what was done, the latest measured value."""

    need: Fraction | None
    done: Pair
    happened: int
    value: Fraction | None
    value_reported: Fraction | None = None


@dataclass(frozen=True)
class TargetContent:
    """A target at the end of the period. `planned_origin` is "entered" (phased by a leader) or "none".

    `measured` and `measured_reported` are a measured target's verified and reported value; contents before schema 3 do
    not hold the latter. `measured_in` of `measured_of` communes have a verified value where one is missing, None where
    nothing is; `done_after` is what was done after the last day of a year that ends before the plan does (R26), None
    for any other period: contents before schema 4 hold neither. `cells` and `due_in` go by `UnitContent.key`;
    `by_quarter` is cumulative, None for quarters that had not begun; `cause` and `measure` are typed by a leader.
    """

    code: str
    name: Label
    component: str
    part_of: str | None
    unit_of_measure: Label
    comparator: str | None
    need: Fraction | None
    planned: Fraction | None
    planned_origin: str
    done_in_period: Pair
    done: Pair
    measured: Fraction | None
    is_measured: bool
    percent: Fraction | None
    percent_of_planned: Fraction | None
    status: TargetStatus
    by_quarter: tuple[Pair | None, ...]
    cells: dict[str, CellContent]
    due_in: tuple[str, ...]
    cause: str = ""
    measure: str = ""
    running: int = 0
    unmet: int = 0
    is_whole_of_parts: bool = False
    happened: int = 0
    measured_reported: Fraction | None = None
    measured_in: int | None = None
    measured_of: int | None = None
    percent_reported: Fraction | None = None
    done_after: Pair | None = None


@dataclass(frozen=True)
class AttendanceContent:
    """People who took part by the period's end, by part of `fields.People`; `with_figures` of `records` counted them.

    `in_period` is the same within the period alone. Turns, not persons: who came twice counts twice.
    """

    target: str
    parts: dict[str, int | None]
    records: int
    with_figures: int
    in_period: dict[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class MoneyContent:
    """A component's money: its own budget (None: the plan names none), that of its parts, payments at it and below.

    `funds` is what the plan says of where the budget comes from; no plan divides an amount by source.
    """

    code: str
    name: Label
    depth: int
    budget: int | None
    parts: int | None
    paid_in_period: Pair
    paid: Pair
    funds: Label | None = None


@dataclass(frozen=True)
class SourceContent:
    """Payments out of one source of funds."""

    name: Label
    paid_in_period: Pair
    paid: Pair


@dataclass(frozen=True)
class RoundContent:
    """A monitoring round: communes to visit, and visited."""

    target: str
    name: Label
    need: int
    visited: Pair


@dataclass(frozen=True)
class RecommendationContent:
    """A recommendation as it stood at the period's end; `record_id` is the record that made it."""

    unit: str
    text: str
    responsible: str
    due: date | None
    state: Label
    is_open: bool
    is_overdue: bool
    record_id: uuid.UUID | None = None


@dataclass(frozen=True)
class FollowUp:
    """Findings by severity, recommendations by how they stood."""

    findings: dict[str, int]
    open: int
    overdue: int
    closed: int
    recommendations: tuple[RecommendationContent, ...]

    @property
    def by_severity(self) -> list[tuple[str, int]]:
        """The findings, the most serious first, those without a severity last."""
        known = [severity.label.vi for severity in reversed(Severity)]
        return sorted(
            self.findings.items(), key=lambda found: known.index(found[0]) if found[0] in known else len(known)
        )


@dataclass(frozen=True)
class UnmetContent:
    """A condition that a counted record fails; `figure` None: not collected."""

    unit: str
    target: str
    happened_on: date
    condition: Label
    figure: int | None
    verified: bool
    record_id: uuid.UUID | None = None


@dataclass(frozen=True)
class ChangeContent:
    """What a record changed in the figures since the last issued version: `before` and `after` as written figures."""

    record_id: uuid.UUID | None
    target: str
    unit: str
    what: Label
    before: str
    after: str


@dataclass(frozen=True)
class QualityNote:
    """Something to know about the data, and how often."""

    say: Label
    count: int


@dataclass(frozen=True)
class CountedRecord:
    """A record that was counted, in the version that was counted."""

    id: uuid.UUID
    version: int
    happened_on: date
    unit: str
    target: str
    quantity: int | None
    amount: int | None
    value: Fraction | None
    status: str


class LeftOut(StrEnum):
    """Why a record is no part of the verified figures. Late and sent ones are in the reported figures."""

    DRAFT = "draft"
    RETURNED = "returned"
    VOID = "void"
    AFTER = "after"
    LEFT_OVER = "left_over"
    RUNNING = "running"
    LATE = "late"
    SENT = "sent"

    @property
    def label(self) -> Label:
        """The reason in both languages."""
        return _LEFT_OUT[self]


COUNT_NOWHERE = (LeftOut.DRAFT, LeftOut.RETURNED, LeftOut.VOID, LeftOut.AFTER, LeftOut.LEFT_OVER)
_LEFT_OUT = {
    LeftOut.DRAFT: Label("Không tính: nháp, chưa gửi", "Left out: drafts, not sent"),
    LeftOut.RETURNED: Label("Không tính: đã trả lại, chưa gửi lại", "Left out: returned and not sent again"),
    LeftOut.VOID: Label("Không tính: đã huỷ", "Left out: void"),
    LeftOut.AFTER: Label("Không tính: ngày nằm sau kỳ số liệu", "Left out: their day lies after the period"),
    LeftOut.LEFT_OVER: Label(
        "Không tính: hoạt động, đợt hoặc địa bàn không còn trong kế hoạch đã điều chỉnh",
        "Left out: their activity, round or place is no longer in the corrected plan",
    ),
    LeftOut.RUNNING: Label("Chưa tính: đang diễn ra", "Not counted yet: still running"),
    LeftOut.LATE: Label(
        "Chỉ tính vào số báo cáo: đến sau khi kỳ đã phát hành, chờ lãnh đạo quyết định",
        "Reported figures only: came after the period had been issued, wait for a leader",
    ),
    LeftOut.SENT: Label(
        "Chỉ tính vào số báo cáo: đã gửi, chưa được xác nhận", "Reported figures only: sent, not verified yet"
    ),
}


@dataclass(frozen=True)
class LeftOutRecord:
    """A record that is no part of the verified figures, in the version that was there; a draft may have no day yet."""

    id: uuid.UUID
    version: int
    happened_on: date | None
    unit: str
    target: str
    status: str
    reason: LeftOut


@dataclass(frozen=True)
class TypedTexts:
    """What a leader typed beside the figures; `number` of the document and `send_by`, the last day for sending it
    on.
    """

    difficulties: str = ""
    proposals: str = ""
    next_tasks: str = ""
    number: str = ""
    send_by: date | None = None


@dataclass(frozen=True)
class TrendPoint:
    """The mean and the payments (verified) by the end of a quarter, or what they would be at the present pace."""

    quarter: int
    mean: Fraction | None
    paid: int | None
    is_forecast: bool


@dataclass(frozen=True)
class SnapshotContent:
    """Everything of one frozen period. `money_lines` name the plan's lines of payments by code, which are no
    targets.
    """

    identity: Identity
    headline: dict[TargetStatus, int]
    mean: Fraction | None
    mean_rests_on: int
    components: tuple[tuple[str, Label], ...]
    units: tuple[UnitContent, ...]
    targets: tuple[TargetContent, ...]
    attendance: tuple[AttendanceContent, ...]
    attendance_total: AttendanceContent
    money: tuple[MoneyContent, ...]
    rounds: tuple[RoundContent, ...]
    follow_up: FollowUp
    texts: TypedTexts
    unmet: tuple[UnmetContent, ...]
    changes: tuple[ChangeContent, ...]
    quality: tuple[QualityNote, ...]
    records: tuple[CountedRecord, ...]
    trend: tuple[TrendPoint, ...]
    paid_by_source: tuple[SourceContent, ...] = ()
    money_lines: tuple[tuple[str, Label], ...] = ()
    left_out: tuple[LeftOutRecord, ...] = ()

    @property
    def line_names(self) -> dict[str, Label]:
        """Names of the plan's lines by code: targets and payments (which contents of the first declaration did not
        keep).
        """
        return dict(self.money_lines) | {target.code: target.name for target in self.targets}

    def stands(self, unit: UnitContent) -> bool:
        """Whether the commune still stood on the period's last day."""
        return unit.valid_to is None or unit.valid_to >= self.identity.ends_on

    def canonical(self) -> bytes:
        """The figures as bytes, always the same for the same content; what people typed is sealed apart."""
        return canonical.to_bytes(
            replace(
                self,
                texts=TypedTexts(),
                targets=tuple(replace(t, cause="", measure="") for t in self.targets),
            )
        )

    @classmethod
    def read(cls, data: bytes) -> "SnapshotContent":
        """The content that `canonical` wrote. Raises ValueError for anything else."""
        return canonical.from_bytes(cls, data)
