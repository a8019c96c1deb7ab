"""Who may do what: the table of roles and acts, walked through completely at the functions themselves."""

import importlib
import inspect
import pkgutil
from datetime import date

import pytest

import data_model
from data_model.core.access import ALLOWED, Act, Actor, Role, UnitGrant
from data_model.core.problems import Refused, Say
from data_model.evidence.tables import Evidence
from data_model.records.tables import FieldRecord
from tests.data_model.guarded_functions import GUARDED, IN_PASSING, OPEN, PARTS, SECRET, foreign_world

TABLE = """
                     supervisor  leader  data_officer  administrator
read_progress        -           yes     yes           yes
read_records         yes         yes     yes           yes
write_record         yes         -       yes           -
review_record        -           yes     yes           -
set_phasing          -           yes     -             -
import_boundaries    -           -       yes           yes
manage_supervisors   -           -       yes           yes
manage_accounts      -           -       -             yes
read_journal         -           yes     yes           yes
report_follow_up     yes         yes     yes           -
confirm_follow_up    -           yes     yes           -
mark_report_sent     -           yes     yes           -
keep_calendar        -           -       yes           -
set_plan_rules       -           -       yes           -
hand_in_tablet_file  -           -       yes           -
read_snapshots       -           yes     yes           yes
freeze               -           yes     yes           -
approve_snapshot     -           yes     -             -
accept_late          -           yes     -             -
give_exception       -           yes     -             -
read_plan_drafts     -           yes     yes           yes
write_plan           -           -       yes           yes
issue_plan           -           yes     -             -
set_office           -           -       -             yes
"""
ROLES, *ROWS = [row.split() for row in TABLE.strip().splitlines()]
CELLS = [(Role(role), Act(row[0]), cell == "yes") for row in ROWS for role, cell in zip(ROLES, row[1:], strict=True)]


def test_the_table_names_every_role_and_every_act():
    assert {(role, act) for role, act, _ in CELLS} == {(role, act) for role in Role for act in Act}
    assert set(ALLOWED) == set(Role)
    assert len({(role.label.vi, role.label.en) for role in Role}) == len(Role)


@pytest.mark.parametrize(("role", "act", "allowed"), CELLS)
def test_the_table_is_what_the_program_holds(role, act, allowed):
    assert Actor(1, "x", "X", role, "vi").may(act) is allowed


def _public_guarded() -> set[str]:
    """Every public function of data_model that takes the acting account, as "room.module.name"."""
    found = set()
    for each in pkgutil.walk_packages(data_model.__path__, "data_model."):
        if each.ispkg or each.name.startswith("data_model.migrations"):
            continue
        module = importlib.import_module(each.name)
        found |= {
            f"{each.name.removeprefix('data_model.')}.{name}"
            for name, thing in vars(module).items()
            if inspect.isfunction(thing)
            and thing.__module__ == module.__name__
            and not name.startswith("_")
            and "actor" in inspect.signature(thing).parameters
        }
    return found


def test_every_function_that_acts_for_somebody_stands_in_the_table():
    assert _public_guarded() == {*GUARDED, *PARTS}
    assert set(GUARDED) & set(PARTS) == set()
    assert {act for calls in GUARDED.values() for act, _call in calls} - {OPEN} | set(IN_PASSING) == set(Act), (
        "an act that no function asks for"
    )


@pytest.fixture
def world(town):
    with town.writing() as session:
        return foreign_world(session, town)


def _walk(town, actor, call, world) -> object:
    """What a function gives `actor`, or the messages it refuses with; whatever it did is undone."""
    answer: object = None
    with pytest.raises(ZeroDivisionError), town.database.writing(one_moment=True) as session:
        try:
            answer = call(session, actor, world)
        except Refused as refused:
            answer = {p.say for p in refused.problems}
        raise ZeroDivisionError
    return answer


def _people(town) -> dict[Role, Actor]:
    return {
        Role.SUPERVISOR: town.people.supervisor,
        Role.LEADER: town.people.leader,
        Role.DATA_OFFICER: town.people.officer,
        Role.ADMINISTRATOR: town.people.administrator,
    }


def test_every_door_opens_for_the_roles_of_the_table_and_for_no_other(town, world):
    wrong = []
    for name, calls in GUARDED.items():
        for number, (act, call) in enumerate(calls):
            for role, actor in _people(town).items():
                answer = _walk(town, actor, call, world)
                let_in = not (isinstance(answer, set) and Say.NOT_ALLOWED in answer)
                if let_in != (act is OPEN or (role, act, True) in CELLS):
                    wrong.append((name, number, role, answer))
    assert wrong == []


def _about_something(name: str) -> bool:
    """Whether a function is given the id of one record, recommendation, piece of evidence or place."""
    module, _, function = name.rpartition(".")
    told = inspect.signature(getattr(importlib.import_module(f"data_model.{module}"), function)).parameters
    return not set(told).isdisjoint(
        {"record", "record_id", "record_ids", "entry", "evidence_id", "recommendation_id", "unit_id"}
    )


def test_a_supervisor_meets_nothing_of_another_commune_at_any_door(town, world):
    """By id: not found, or not yours. In a list: it is not there."""
    traces = (
        str(world.record.id),
        repr(world.record.id),
        repr(world.recommendation.id),
        repr(world.evidence_id),
        SECRET,
    )
    kept, wrong = _figures(town, world), []
    for name, calls in GUARDED.items():
        for number, (_act, call) in enumerate(calls):
            answer = _walk(town, town.people.supervisor, call, world)
            if isinstance(answer, set) and answer & {Say.NOT_ALLOWED, Say.NOT_FOUND, Say.UNIT_OUTSIDE_YOURS}:
                continue
            # A list of a whole plan holds what is one's own; a function that was given the foreign thing gives nothing.
            if any(trace in repr(answer) for trace in traces) or (
                _about_something(name) and answer and name not in LISTS
            ):
                wrong.append((name, number, answer))
    assert wrong == [] and _figures(town, world) == kept


LISTS = {"records.listing.list_records", "follow_up.listing.list_recommendations"}


def _figures(town, world) -> tuple:
    with town.reading() as session:
        record = session.get(FieldRecord, world.record.id)
        return record.version, record.status, record.answers, session.get(Evidence, world.evidence_id).removed_at


@pytest.mark.parametrize(
    ("first", "last", "day", "holds"),
    [
        (None, None, date(2024, 5, 1), True),
        (date(2024, 5, 1), date(2024, 5, 1), date(2024, 5, 1), True),
        (date(2024, 5, 2), None, date(2024, 5, 1), False),
        (None, date(2024, 4, 30), date(2024, 5, 1), False),
    ],
)
def test_a_commune_is_held_from_and_to_a_day_both_included(first, last, day, holds):
    supervisor = Actor(1, "x", "X", Role.SUPERVISOR, "vi", (UnitGrant(7, first, last),))
    assert supervisor.holds(7, day) is holds and not supervisor.holds(8, day)


@pytest.mark.parametrize("role", [Role.LEADER, Role.DATA_OFFICER, Role.ADMINISTRATOR])
def test_the_others_see_every_commune(role):
    assert Actor(1, "x", "X", role, "vi").holds(7, date(2024, 5, 1))
