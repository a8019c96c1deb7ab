"""What a record kind is: the questions about one thing that happened, what it counts as, what it can prove."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from data_model.core.label import Label
from data_model.core.severity import Severity
from data_model.forms.fields import Form, LongText, People


class MapMark(NamedTuple):
    """How the map marks records of a kind: a shape that the map draws (circle, square, triangle, diamond, down,
    hexagon, star, cross; `dashboard/map/marks.py`) in one of its three tones (0 to 2). No two kinds share
    both.
    """

    shape: str = "circle"
    tone: int = 0


class Fact(StrEnum):
    """The one figure that a list shows of a record, beside its day and place."""

    PEOPLE = "people"
    QUANTITY = "quantity"
    MONEY = "money"
    VALUE = "value"


@dataclass(frozen=True)
class Recommended:
    """What a record recommends: what must be done, by whom, by which day, and how serious it is (None: not said)."""

    what: str
    responsible: str
    fix_by: date
    severity: Severity | None


@dataclass(frozen=True)
class Need:
    """What a record should have to be worth verifying: something in one of `fields`, or with `evidence` a photo or
    file.

    Without it the record can be sent and counts as any other; its form says so, and its reviewer sees a mark.
    """

    label: Label
    fields: tuple[str, ...] = ()
    evidence: bool = False

    def met_by(self, answers: Mapping[str, Any], has_evidence: bool) -> bool:
        """Whether stored answers, or a photo or file where it takes one, say something here."""
        return (self.evidence and has_evidence) or any(says_something(answers.get(name)) for name in self.fields)


PHOTO = Need(Label("ảnh hoặc tệp", "photo or file"), evidence=True)


def says_something(stored: Any) -> bool:
    """Whether a stored answer holds anything: a letter, a digit, a number. Not collected, spaces and dashes hold
    nothing.
    """
    if isinstance(stored, str):
        return any(letter.isalnum() for letter in stored)
    if isinstance(stored, Mapping):
        return any(map(says_something, stored.values()))
    if isinstance(stored, list):
        return any(map(says_something, stored))
    return stored is not None


TOOK_PART = Need(Label("số người tham dự", "participants"), ("attendance",))


class Addend(NamedTuple):
    """One of the fractions whose sum is a measured value: added up over units by numerator and denominator.

    `under` is None for a plain number, which has no denominator.
    """

    over: int
    under: int | None


class Kind(Form):
    """What is asked about one thing that happened, what it counts as, and what it can prove.

    `measures` names what one record may count ("sessions", "days"); an activity picks one. In `report_measures` are
    those of them that count reports sent, which are due by a day that the plan sets. `proofs` names the figures that
    conditions of a target can check. `fact` is what a list shows of a record; `map_mark` how the map marks it: declared
    here, so that a new kind alters no other's. `needs` is what a record should have to be worth verifying.
    """

    code: ClassVar[str]
    label: ClassVar[Label]
    icon: ClassVar[str]
    map_mark: ClassVar[MapMark] = MapMark()
    fact: ClassVar[Fact] = Fact.QUANTITY
    version: ClassVar[int] = 1
    measures: ClassVar[Mapping[str, Label]]
    report_measures: ClassVar[frozenset[str]] = frozenset()
    proofs: ClassVar[Mapping[str, Label]] = {}
    needs: ClassVar[tuple[Need, ...]] = ()
    visits_rounds: ClassVar[bool] = False
    measures_value: ClassVar[bool] = False
    counts_money: ClassVar[bool] = False
    recommends: ClassVar[bool] = False

    note = LongText("Ghi chú", "Note", most=4000)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.fields["note"] = cls.fields.pop("note")  # always the last question

    @property
    def happened_on(self) -> date | None:
        """The day that decides the record's period: its last day where it has several (rule R3 of `counting`)."""
        raise NotImplementedError

    @property
    def running(self) -> bool:
        """Begun but not ended: it is shown, and does not count yet."""
        return False

    def count(self, measure: str) -> int | None:
        """How many of `measure` this record is; None for kinds that measure values or money."""
        return 1

    def value(self, measure: str) -> tuple[int, int] | None:
        """Numerator and denominator of a measured value, exact; None when nothing was measured."""
        return None

    @classmethod
    def addends(cls, measure: str, answers: Mapping[str, Any]) -> tuple[Addend, ...]:
        """The fractions that make up the measured value of stored answers, for kinds that measure values."""
        raise NotImplementedError

    @property
    def amount(self) -> int | None:
        """Money paid, whole đồng."""
        return None

    def prove(self, proof: str) -> int | None:
        """The figure that a condition checks; None when it was not collected."""
        people = self.people
        return people.total if proof == "participants" and people else None

    @property
    def recommended(self) -> list[Recommended]:
        """What is to be followed up after this record, in the record's order; for kinds that recommend."""
        return []

    @property
    def severities(self) -> list[Severity | None]:
        """How serious each thing is that this record found; None where it was not said."""
        return []

    @classmethod
    def source_label(cls, answers: Mapping[str, Any]) -> Label:
        """The source of funds that stored answers name; for kinds that count money."""
        return Label("Không ghi nguồn", "Source not given")

    @classmethod
    def unmet_needs(cls, answers: Mapping[str, Any], has_evidence: bool) -> tuple[Need, ...]:
        """Which of `needs` stored answers leave open."""
        return tuple(need for need in cls.needs if not need.met_by(answers, has_evidence))

    def lacking(self, measure: str) -> Iterator[str]:
        """Fields that must be filled in for this record to count in `measure`, and are not."""
        return iter(())

    @property
    def people(self) -> People | None:
        """Who took part, for kinds that ask."""
        return self.answers.get("attendance")


PARTICIPANTS = {"participants": Label("số người tham dự", "participants")}
