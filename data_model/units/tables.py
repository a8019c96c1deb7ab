"""The tables of administrative units: a unit is its code in a period, never its name."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from data_model.core.database import UtcTime

Spot = tuple[float, float]
"""Latitude and longitude, degrees."""


class Unit(SQLModel, table=True):
    """A commune, ward or town, or what lies above or below it, valid from/to a day (both included, None open)."""

    id: int = Field(default=None, primary_key=True)
    code: str = Field(index=True, max_length=20)
    name: str = Field(max_length=120)
    kind: str = Field(max_length=40)
    place: str = Field(max_length=40, index=True)
    parent_id: int | None = Field(default=None, foreign_key="unit.id")
    valid_from: date | None = None
    valid_to: date | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def full_name(self) -> str:
        """ "phường Phổ Vinh": kind and name, as officers write it."""
        return f"{self.kind} {self.name}"

    @property
    def spot(self) -> Spot | None:
        """The point that stands for the unit; None where none is known."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)

    def exists_on(self, day: date) -> bool:
        """Whether the unit stands on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class UnitLineage(SQLModel, table=True):
    """`old_id` was taken up, wholly, into `new_id` (R29)."""

    __tablename__ = "unit_lineage"

    old_id: int = Field(primary_key=True, foreign_key="unit.id")
    new_id: int = Field(primary_key=True, foreign_key="unit.id")
    note: str | None = None


class UnitBoundary(SQLModel, table=True):
    """The imported outline of a unit: a GeoJSON geometry, longitude before latitude."""

    __tablename__ = "unit_boundary"

    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    geometry: str
    source: str = Field(max_length=200)


class NationalUnit(SQLModel, table=True):
    """A unit of the national list: an office picks itself and its communes there. Only what was picked is a `Unit`."""

    __tablename__ = "national_unit"

    code: str = Field(primary_key=True, max_length=20)
    valid_from: date = Field(primary_key=True)
    name: str = Field(max_length=120)
    kind: str = Field(max_length=40)
    parent_code: str | None = Field(default=None, max_length=20, index=True)
    latitude: float | None = None
    longitude: float | None = None

    @property
    def full_name(self) -> str:
        """ "phường Phổ Vinh": kind and name, as officers write it."""
        return f"{self.kind} {self.name}"


class Office(SQLModel, table=True):
    """Which office this installation is of: its unit. One row, or none before somebody has said it."""

    id: int = Field(default=1, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    set_by: int = Field(foreign_key="account.id")
    set_at: datetime = Field(sa_type=UtcTime)


class OfficeUnit(SQLModel, table=True):
    """A commune that the office supervises."""

    __tablename__ = "office_unit"

    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
