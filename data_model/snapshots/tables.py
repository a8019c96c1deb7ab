"""The table of what a plan's reports are headed with."""

from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class ReportHeading(SQLModel, table=True):
    """A plan's texts, as JSON of `ReportSettings`."""

    __tablename__ = "report_heading"

    plan_id: int = Field(primary_key=True, foreign_key="plan.id")
    texts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    version: int = 1
