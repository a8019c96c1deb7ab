"""The tables of field records, of what they recommend and how that is followed up."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Uuid
from sqlmodel import Field, SQLModel

from data_model.core.database import UtcTime
from data_model.core.label import LabelledEnum
from data_model.core.severity import Severity
from data_model.forms.kind import Kind
from data_model.kinds.registry import all_kinds
from data_model.records.typed_answers import readable


class RecordStatus(LabelledEnum):
    """How far a record is on its way from the author into the figures. Sent and verified ones are reported."""

    DRAFT = "draft", "nháp", "draft"
    SENT = "sent", "đã gửi", "sent"
    VERIFIED = "verified", "đã xác nhận", "verified"
    RETURNED = "returned", "trả lại", "returned"
    VOID = "void", "huỷ", "void"


REPORTED = (RecordStatus.SENT, RecordStatus.VERIFIED)
OPEN_TO_AUTHOR = (RecordStatus.DRAFT, RecordStatus.RETURNED, RecordStatus.SENT)


class FieldRecord(SQLModel, table=True):
    """One thing that happened, at one unit, on one date, entered by one person.

    `happened_on` decides the period; `quantity` counts in the activity's measure (None while
    running, and for values and money); `value_over`/`value_under` is a measured value as an exact
    fraction; `people_*` None means not collected; `unmet` is how many conditions of the target it fails; `late_for`
    names the issued snapshot that it came too late for.
    """

    __tablename__ = "field_record"
    __table_args__ = (
        Index(
            "ix_field_record_counting",
            "plan_id",
            "status",
            "activity_id",
            "unit_id",
            "round_id",
            "happened_on",
            "quantity",
            "running",
            "unmet",
            "amount",
        ),
        Index("ix_field_record_author_status", "author_id", "status"),
        Index(
            "ix_field_record_queue",
            "plan_id",
            "status",
            "sent_at",
            "id",
            "author_id",
            "unit_id",
            "activity_id",
            "reviewed_at",
        ),
        Index("ix_field_record_similar", "activity_id", "unit_id", "happened_on", "status", "id"),
    )

    id: uuid.UUID = Field(primary_key=True, sa_type=Uuid)
    plan_id: int = Field(foreign_key="plan.id")
    activity_id: int = Field(foreign_key="activity.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    round_id: int | None = Field(default=None, foreign_key="monitoring_round.id")
    kind: str = Field(max_length=40)
    kind_version: int = 1
    status: str = Field(max_length=12)
    version: int = 1
    happened_on: date | None = None
    quantity: int | None = Field(default=None, sa_type=BigInteger)
    running: bool = False
    value_over: int | None = Field(default=None, sa_type=BigInteger)
    value_under: int | None = Field(default=None, sa_type=BigInteger)
    amount: int | None = Field(default=None, sa_type=BigInteger)
    unmet: int = 0
    people_total: int | None = None
    people_women: int | None = None
    people_poor: int | None = None
    people_near_poor: int | None = None
    people_newly_escaped: int | None = None
    people_ethnic_minority: int | None = None
    people_disabled: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str | None = None
    late_for: int | None = Field(default=None, foreign_key="snapshot.id")
    author_id: int = Field(foreign_key="account.id")
    reviewer_id: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = Field(sa_type=UtcTime)
    changed_at: datetime = Field(sa_type=UtcTime, index=True)
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)

    @property
    def form(self) -> Kind:
        """The record's answers, read by its kind; what cannot be read (in a draft) is left out."""
        kind = all_kinds()[self.kind]
        return kind(readable(kind, self.answers))


class FollowUpState(LabelledEnum):
    """Where a recommendation stands. Two states wait for somebody else's word; two are final."""

    OPEN = "open", "chưa thực hiện", "open"
    IN_PROGRESS = "in_progress", "đang thực hiện", "in progress"
    DONE = "done", "đã thực hiện, chờ xác nhận", "done, to be confirmed"
    DROPPING = "dropping", "không còn phù hợp, chờ xác nhận", "no longer applicable, to be confirmed"
    CLOSED = "closed", "đã xác nhận hoàn thành", "confirmed and closed"
    NO_LONGER = "no_longer", "không còn phù hợp", "no longer applicable"


NOT_DONE = (FollowUpState.OPEN, FollowUpState.IN_PROGRESS)
WAITING = (FollowUpState.DONE, FollowUpState.DROPPING)
FINISHED = (FollowUpState.CLOSED, FollowUpState.NO_LONGER)


class StepAct(LabelledEnum):
    """What a step did."""

    REPORT = "report", "báo cáo", "reported"
    REMARK = "remark", "ghi thêm", "remarked"
    CONFIRM = "confirm", "xác nhận", "confirmed"
    SEND_BACK = "send_back", "chưa chấp nhận", "sent back"
    CORRECT = "correct", "bản ghi được sửa", "the record was corrected"
    REMOVE = "remove", "bản ghi được sửa, bỏ kiến nghị này", "the record was corrected and no longer has it"
    RESTORE = "restore", "bản ghi được sửa, ghi lại kiến nghị này", "the record was corrected and has it again"


class Recommendation(SQLModel, table=True):
    """What a record recommends, and where its follow-up stands.

    `since` is the record's day; `position` its place there; `in_record` False once a correction took it out.
    `reported_by` moved it to where it waits for confirmation; `proof_id` is the record that shows that it was done;
    `before_removal` is the state that a correction of the record took it out of.
    """

    __table_args__ = (Index("ix_recommendation_list", "plan_id", "state", "fix_by", "record_id"),)

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True, sa_type=Uuid)
    plan_id: int = Field(foreign_key="plan.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    record_id: uuid.UUID = Field(foreign_key="field_record.id", index=True, sa_type=Uuid)
    position: int
    what: str
    responsible: str
    fix_by: date
    weight: str | None = Field(default=None, max_length=12)
    since: date
    state: str = Field(default=FollowUpState.OPEN.value, max_length=12)
    version: int = 1
    in_record: bool = True
    before_removal: str | None = Field(default=None, max_length=12)
    reported_by: int | None = Field(default=None, foreign_key="account.id")
    proof_id: uuid.UUID | None = Field(default=None, foreign_key="field_record.id", sa_type=Uuid)
    changed_at: datetime = Field(sa_type=UtcTime)

    @property
    def is_serious(self) -> bool:
        """Whether its severity is serious: then it is closed with evidence only."""
        return self.weight == Severity.SERIOUS


class FollowUpStep(SQLModel, table=True):
    """One step of a follow-up: who, when, from which state to which, with which word. Never altered.

    `on_day` is the day that the step belongs to: today, or the day of the visit that brought it.
    `record_id` is the record that brought it or shows it; `asked` the state that a visit told, before it was fitted in.
    """

    __tablename__ = "follow_up_step"
    __table_args__ = (Index("ix_follow_up_step_past", "recommendation_id", "on_day"),)

    id: int = Field(default=None, primary_key=True)
    recommendation_id: uuid.UUID = Field(foreign_key="recommendation.id", sa_type=Uuid)
    at: datetime = Field(sa_type=UtcTime)
    on_day: date
    account_id: int = Field(foreign_key="account.id")
    act: str = Field(max_length=12)
    from_state: str = Field(max_length=12)
    to_state: str = Field(max_length=12)
    word: str = ""
    record_id: uuid.UUID | None = Field(default=None, foreign_key="field_record.id", sa_type=Uuid)
    asked: str | None = Field(default=None, max_length=12)
