"""Who may do what, and where. Every call of the domain that reads or writes for a person asks here."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from data_model.core.label import LabelledEnum
from data_model.core.problems import Say, refuse


class Role(LabelledEnum):
    """The four roles of an office; `label` is how the interface names them."""

    SUPERVISOR = "supervisor", "Cán bộ giám sát", "Supervisor"
    LEADER = "leader", "Lãnh đạo", "Leader"
    DATA_OFFICER = "data_officer", "Cán bộ tổng hợp", "Data officer"
    ADMINISTRATOR = "administrator", "Quản trị", "Administrator"


class Act(StrEnum):
    """What a person may want to do."""

    READ_PROGRESS = "read_progress"
    READ_RECORDS = "read_records"
    WRITE_RECORD = "write_record"
    REVIEW_RECORD = "review_record"
    SET_PHASING = "set_phasing"
    IMPORT_BOUNDARIES = "import_boundaries"
    MANAGE_SUPERVISORS = "manage_supervisors"
    MANAGE_ACCOUNTS = "manage_accounts"
    READ_JOURNAL = "read_journal"
    READ_SNAPSHOTS = "read_snapshots"
    FREEZE = "freeze"
    APPROVE_SNAPSHOT = "approve_snapshot"
    ACCEPT_LATE = "accept_late"
    GIVE_EXCEPTION = "give_exception"
    REPORT_FOLLOW_UP = "report_follow_up"
    CONFIRM_FOLLOW_UP = "confirm_follow_up"
    MARK_REPORT_SENT = "mark_report_sent"
    KEEP_CALENDAR = "keep_calendar"
    SET_PLAN_RULES = "set_plan_rules"
    HAND_IN_TABLET_FILE = "hand_in_tablet_file"
    READ_PLAN_DRAFTS = "read_plan_drafts"
    WRITE_PLAN = "write_plan"
    ISSUE_PLAN = "issue_plan"
    SET_OFFICE = "set_office"


ALLOWED: dict[Role, frozenset[Act]] = {
    Role.SUPERVISOR: frozenset({Act.READ_RECORDS, Act.WRITE_RECORD, Act.REPORT_FOLLOW_UP}),
    Role.LEADER: frozenset(
        {
            Act.READ_PROGRESS,
            Act.READ_RECORDS,
            Act.REVIEW_RECORD,
            Act.SET_PHASING,
            Act.READ_JOURNAL,
            Act.REPORT_FOLLOW_UP,
            Act.CONFIRM_FOLLOW_UP,
            Act.MARK_REPORT_SENT,
            Act.READ_SNAPSHOTS,
            Act.FREEZE,
            Act.APPROVE_SNAPSHOT,
            Act.ACCEPT_LATE,
            Act.GIVE_EXCEPTION,
            Act.READ_PLAN_DRAFTS,
            Act.ISSUE_PLAN,
        }
    ),
    Role.DATA_OFFICER: frozenset(
        {
            Act.READ_PROGRESS,
            Act.READ_RECORDS,
            Act.WRITE_RECORD,
            Act.REVIEW_RECORD,
            Act.IMPORT_BOUNDARIES,
            Act.MANAGE_SUPERVISORS,
            Act.READ_JOURNAL,
            Act.REPORT_FOLLOW_UP,
            Act.CONFIRM_FOLLOW_UP,
            Act.MARK_REPORT_SENT,
            Act.KEEP_CALENDAR,
            Act.SET_PLAN_RULES,
            Act.HAND_IN_TABLET_FILE,
            Act.READ_SNAPSHOTS,
            Act.FREEZE,
            Act.READ_PLAN_DRAFTS,
            Act.WRITE_PLAN,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Act.READ_PROGRESS,
            Act.READ_RECORDS,
            Act.IMPORT_BOUNDARIES,
            Act.MANAGE_SUPERVISORS,
            Act.MANAGE_ACCOUNTS,
            Act.SET_OFFICE,
            Act.READ_JOURNAL,
            Act.READ_SNAPSHOTS,
            Act.READ_PLAN_DRAFTS,
            Act.WRITE_PLAN,
        }
    ),
}


@dataclass(frozen=True)
class UnitGrant:
    """A unit given to an account, from/to a day (both included, None open)."""

    unit_id: int
    first: date | None
    last: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the unit is given on `day`."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Actor:
    """The account that acts: passed to every call that reads or writes for a person."""

    id: int
    name: str
    display_name: str
    role: Role
    language: str
    grants: tuple[UnitGrant, ...] = ()

    @property
    def sees_all_units(self) -> bool:
        """Whether every unit is in sight: everybody but a supervisor, who holds the units given."""
        return self.role is not Role.SUPERVISOR

    def units_on(self, day: date) -> frozenset[int]:
        """Units given to a supervisor on `day`."""
        return frozenset(g.unit_id for g in self.grants if g.holds_on(day))

    def may(self, act: Act) -> bool:
        """Whether the role allows `act`."""
        return act in ALLOWED[self.role]

    def require(self, act: Act) -> None:
        """Raises Refused when the role does not allow `act`."""
        if not self.may(act):
            raise refuse(Say.NOT_ALLOWED)

    def holds(self, unit_id: int, day: date) -> bool:
        """Whether this account reads and writes records of that unit on `day`."""
        return self.sees_all_units or unit_id in self.units_on(day)
