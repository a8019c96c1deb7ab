"""The tables of working days and of the reports that follow a round."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from data_model.core.database import UtcTime
from data_model.core.label import LabelledEnum


class DayKind(LabelledEnum):
    """What a day of the table is. `ordinary` takes an entry back: the week decides again."""

    OFF = "off", "nghỉ", "day off"
    WORKED = "worked", "làm bù", "worked instead"
    ORDINARY = "ordinary", "như ngày thường", "as the week has it"


class Holiday(SQLModel, table=True):
    """A day on which the week's rule does not hold.

    `basis` says where it is from: "law" (a fixed day), "lunar" (worked out from the lunar calendar), "notice" (a
    yearly notice: exchanged and compensated days), "officer" (entered or corrected here, and left alone by the loader).
    """

    day: date = Field(primary_key=True)
    kind: str = Field(max_length=10)
    name: str = Field(max_length=120)
    basis: str = Field(max_length=10)


class RoundReport(SQLModel, table=True):
    """What is known of a round's end and report beyond its visits. `ended_on` overrules what the visits tell."""

    __tablename__ = "round_report"

    round_id: int = Field(primary_key=True, foreign_key="monitoring_round.id")
    ended_on: date | None = None
    sent_on: date | None = None
    number: str | None = Field(default=None, max_length=80)
    changed_by: int = Field(foreign_key="account.id")
    changed_at: datetime = Field(sa_type=UtcTime)
