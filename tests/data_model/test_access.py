"""Who may do what: the table of roles and acts, walked through completely at the doors themselves."""

import uuid
from datetime import date

import pytest

from data_model import accounts, boundaries, journal, phasing, progress, record_list, records, review
from data_model.access import ALLOWED, Act, Actor, Role, UnitGrant
from data_model.problems import Refused, Say
from data_model.records import Entry

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
"""
ROLES, *ROWS = [row.split() for row in TABLE.strip().splitlines()]
CELLS = [(Role(role), Act(row[0]), cell == "yes") for row in ROWS for role, cell in zip(ROLES, row[1:], strict=True)]

NOBODYS = uuid.UUID(int=1)
DOORS = {
    Act.READ_PROGRESS: [lambda s, a, p: progress.plan_progress(s, a, p), lambda s, a, p: progress.money(s, a, p),
                        lambda s, a, p: progress.attendance(s, a, p)],
    Act.READ_RECORDS: [lambda s, a, p: record_list.list_records(s, a, p), lambda s, a, p: record_list.points(s, a, p),
                       lambda s, a, p: record_list.open_record(s, a, NOBODYS), lambda s, a, p: progress.own_progress(s, a, p)],
    Act.WRITE_RECORD: [lambda s, a, p: records.send(s, a, Entry(NOBODYS, p, 0, 0, {})),
                       lambda s, a, p: records.save_draft(s, a, Entry(NOBODYS, p, 0, 0, {}))],
    Act.REVIEW_RECORD: [lambda s, a, p: review.verify(s, a, NOBODYS, 1), lambda s, a, p: review.void(s, a, NOBODYS, 1, "x"),
                        lambda s, a, p: review.return_to_author(s, a, NOBODYS, 1, "x")],
    Act.SET_PHASING: [lambda s, a, p: phasing.set_phasing(s, a, p, {})],
    Act.IMPORT_BOUNDARIES: [lambda s, a, p: boundaries.import_boundaries(s, a, b"", date(2024, 1, 1), "x")],
    Act.MANAGE_SUPERVISORS: [lambda s, a, p: accounts.list_accounts(s, a),
                             lambda s, a, p: accounts.add_account(s, a, "", "", Role.SUPERVISOR)],
    Act.MANAGE_ACCOUNTS: [lambda s, a, p: accounts.add_account(s, a, "", "", Role.LEADER)],
    Act.READ_JOURNAL: [lambda s, a, p: journal.history(s, a, "plan", p)],
}


def test_the_table_names_every_role_and_every_act():
    assert {(role, act) for role, act, _ in CELLS} == {(role, act) for role in Role for act in Act}
    assert set(ALLOWED) == set(Role) and set(DOORS) == set(Act)


@pytest.mark.parametrize(("role", "act", "allowed"), CELLS)
def test_the_table_is_what_the_program_holds(role, act, allowed):
    assert Actor(1, "x", "X", role, "vi").may(act) is allowed


def test_every_door_asks(town):
    actors = {Role.SUPERVISOR: town.people.supervisor, Role.LEADER: town.people.leader,
              Role.DATA_OFFICER: town.people.officer, Role.ADMINISTRATOR: town.people.administrator}
    plan_id, answers = town.plan().id, {}
    for role, act, allowed in CELLS:
        for number, door in enumerate(DOORS[act]):
            with pytest.raises(ZeroDivisionError), town.writing() as session:
                try:
                    door(session, actors[role], plan_id)
                    let_in = True
                except Refused as refused:
                    let_in = Say.NOT_ALLOWED not in {p.say for p in refused.problems}
                answers[role, act, number] = let_in == allowed
                raise ZeroDivisionError  # undo what the door did
    assert [key for key, right in answers.items() if not right] == []


@pytest.mark.parametrize(("first", "last", "day", "holds"), [
    (None, None, date(2024, 5, 1), True), (date(2024, 5, 1), date(2024, 5, 1), date(2024, 5, 1), True),
    (date(2024, 5, 2), None, date(2024, 5, 1), False), (None, date(2024, 4, 30), date(2024, 5, 1), False),
])
def test_a_commune_is_held_from_and_to_a_day_both_included(first, last, day, holds):
    supervisor = Actor(1, "x", "X", Role.SUPERVISOR, "vi", (UnitGrant(7, first, last),))
    assert supervisor.holds(7, day) is holds and not supervisor.holds(8, day)


@pytest.mark.parametrize("role", [Role.LEADER, Role.DATA_OFFICER, Role.ADMINISTRATOR])
def test_the_others_see_every_commune(role):
    assert Actor(1, "x", "X", role, "vi").holds(7, date(2024, 5, 1))
