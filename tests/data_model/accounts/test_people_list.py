"""A list of people: all of it is added with a link for each, or nobody, with every fault of every row said."""

import pytest
from sqlmodel import func, select

from data_model.accounts import one_time_links
from data_model.accounts.people_list import add_people
from data_model.accounts.tables import Account
from data_model.core.problems import Refused, Say
from tests.conftest import CHOSEN, ON_SQLITE, PHO_VINH

LEADER = {"name": "lanhdao2", "display_name": "Phó phòng", "role": "Lãnh đạo"}
SUPERVISOR = {
    "name": "giamsat9",
    "display_name": "Cán bộ giám sát cụm Bắc",
    "role": "cán bộ giám sát",
    "communes": f"{PHO_VINH}; phường Phổ Minh",
    "first": "01/01/2024",
}


def _add(town, rows, who="administrator"):
    with town.writing() as session:
        added = add_people(session, getattr(town.people, who), rows, town.plan().units)
        return [(account.name, token) for account, token in added]


def _count(town) -> int:
    with town.reading() as session:
        return session.exec(select(func.count()).select_from(Account)).one()


def test_everybody_is_added_with_a_link_of_their_own(town):
    before = _count(town)
    added = _add(town, [LEADER, {}, SUPERVISOR])
    assert [name for name, _token in added] == ["lanhdao2", "giamsat9"] and _count(town) == before + 2
    with town.writing() as session:
        account = one_time_links.use_link(session, added[1][1], CHOSEN)
        assert account.name == "giamsat9"
    assert len({token for _name, token in added}) == 2


@ON_SQLITE
def test_every_fault_of_every_row_is_said_and_nobody_is_added(town):
    before = _count(town)
    rows = [
        LEADER,
        SUPERVISOR | {"communes": "xã Không Có"},
        SUPERVISOR | {"name": "x", "communes": ""},
        LEADER | {"name": "lanhdao", "role": "giám đốc"},
        LEADER | {"name": "giamsat1"},
        SUPERVISOR | {"name": "hai", "last": "31/12/2023"},
    ]
    with pytest.raises(Refused) as refused:
        _add(town, rows)
    assert {(p.where, p.say) for p in refused.value.problems} == {
        ("1.communes", Say.UNIT_NOT_YOURS),
        ("2.name", Say.BAD_SIGN_IN_NAME),
        ("2.communes", Say.REQUIRED),
        ("3.role", Say.NOT_AN_OPTION),
        ("4.name", Say.NAME_TAKEN),
        ("5.last", Say.DATE_BEFORE_START),
    }
    assert _count(town) == before


@ON_SQLITE
def test_a_name_twice_in_the_list_is_taken_the_second_time(town):
    with pytest.raises(Refused) as refused:
        _add(town, [LEADER, LEADER])
    assert [(p.where, p.say) for p in refused.value.problems] == [("1.name", Say.NAME_TAKEN)]


@ON_SQLITE
def test_a_data_officer_adds_supervisors_and_no_others(town):
    assert [name for name, _t in _add(town, [SUPERVISOR], "officer")] == ["giamsat9"]
    with pytest.raises(Refused) as refused:
        _add(town, [LEADER], "officer")
    assert [(p.where, p.say) for p in refused.value.problems] == [("0.role", Say.NOT_ALLOWED)]


@ON_SQLITE
@pytest.mark.parametrize("rows", [[], [{}, {"name": ""}]])
def test_an_empty_list_is_refused(town, rows):
    with pytest.raises(Refused):
        _add(town, rows)
