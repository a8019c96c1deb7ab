"""Accounts: who gives whom what, communes with their periods, roles, disabling, and what the journal knows of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlmodel import select

from data_model.accounts import administration, one_time_links, sign_ins
from data_model.accounts.tables import Account
from data_model.core.access import Role, UnitGrant
from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from tests.conftest import CHOSEN, ON_SQLITE, PASSWORD, PHO_CUONG, PHO_MINH, PHO_VINH, acting


def _do(town, act, *given, **more):
    with town.writing() as session:
        return act(session, *given, **more)


def _says(town, act, *given, **more) -> dict[str, Say]:
    with pytest.raises(Refused) as caught:
        _do(town, act, *given, **more)
    return {p.where: p.say for p in caught.value.problems}


def _who(town, token):
    with town.reading() as session:
        return sign_ins.who_is(session, token)


def _listed(town, actor, **query):
    with town.reading() as session:
        rows, total = administration.list_accounts(session, actor, **query)
    return [row.account.name for row in rows], total


def _journal(town, act) -> JournalEntry:
    with town.reading() as session:
        return session.exec(
            select(JournalEntry).where(JournalEntry.act == act).order_by(JournalEntry.id.desc())
        ).first()


def _add(town, actor, name="moi", role=Role.SUPERVISOR, units=None, **more):
    units = [town.unit(PHO_VINH).id] if units is None and role == Role.SUPERVISOR else units
    return _do(town, administration.add_account, actor, name, "Người Mới", role, units, **more)


def test_a_new_supervisor_gets_in_by_link_with_the_communes_given(town):
    _, link = _add(town, town.people.officer, first=date(2024, 10, 1), last=date(2024, 10, 31))
    _do(town, one_time_links.use_link, link, CHOSEN)
    actor = _who(town, sign_ins.sign_in(town, "moi", PASSWORD, "a"))
    assert (
        actor.units_on(date(2024, 10, 31)) == {town.unit(PHO_VINH).id}
        and actor.units_on(date(2024, 11, 1)) == frozenset()
    )


@pytest.mark.parametrize("who", ["supervisor", "leader"])
def test_who_manages_nobody_is_refused(town, who):
    actor, other = getattr(town.people, who), town.people.second.id
    assert _says(town, administration.add_account, actor, "moi", "M", Role.SUPERVISOR, [1]) == {"": Say.NOT_ALLOWED}
    assert _says(town, administration.list_accounts, actor) == {"": Say.NOT_ALLOWED}
    assert _says(town, administration.new_link, actor, other) == {"": Say.NOT_ALLOWED}
    assert _says(town, administration.set_disabled, actor, other, True) == {"": Say.NOT_ALLOWED}
    assert _says(town, administration.set_units, actor, other, [UnitGrant(1, None, None)]) == {"": Say.NOT_ALLOWED}


def test_a_data_officer_manages_supervisors_and_nobody_above(town):
    officer, chief = town.people.officer, town.people.administrator
    for role in (Role.LEADER, Role.DATA_OFFICER, Role.ADMINISTRATOR):
        assert _says(town, administration.add_account, officer, "moi", "M", role) == {"": Say.NOT_ALLOWED}
    assert _says(town, administration.new_link, officer, chief.id) == {"": Say.NOT_ALLOWED}
    assert _says(town, administration.set_disabled, officer, town.people.leader.id, True) == {"": Say.NOT_ALLOWED}
    assert _says(town, administration.set_role, officer, town.people.second.id, Role.LEADER) == {"": Say.NOT_ALLOWED}
    assert _says(town, administration.set_identity, officer, town.people.second.id, "a@example.org") == {
        "": Say.NOT_ALLOWED
    }
    assert _listed(town, officer) == (["giamsat1", "giamsat2"], 2)
    assert _listed(town, chief)[1] == 5


def test_nobody_locks_the_own_door_or_changes_the_own_role(town):
    chief = town.people.administrator
    assert _says(town, administration.set_disabled, chief, chief.id, True) == {"": Say.NOT_ONESELF}
    assert _says(town, administration.set_role, chief, chief.id, Role.LEADER) == {"": Say.NOT_ONESELF}


def test_what_is_wrong_with_a_new_account_is_told_at_once(town):
    assert _says(town, administration.add_account, town.people.administrator, "Giamsat1", " ", Role.SUPERVISOR, []) == {
        "name": Say.NAME_TAKEN,
        "display_name": Say.REQUIRED,
        "units": Say.REQUIRED,
    }
    assert _says(
        town,
        administration.add_account,
        town.people.administrator,
        "moi",
        "M",
        Role.SUPERVISOR,
        [987_654],
        date(2024, 2, 1),
        date(2024, 1, 1),
    ) == {"units": Say.NOT_FOUND, "last": Say.DATE_BEFORE_START}
    assert _says(town, administration.add_account, town.people.administrator, "moi", "M", "king") == {
        "role": Say.NOT_AN_OPTION
    }


def test_of_two_who_take_one_name_at_one_moment_one_is_told(town):
    def try_one(_):
        try:
            return _add(town, town.people.administrator)[0].name
        except Refused as caught:
            return caught.problems[0].say

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(try_one, range(3))) == sorted(["moi", Say.NAME_TAKEN, Say.NAME_TAKEN])


def test_communes_are_given_anew_and_the_journal_knows_the_old_ones(town):
    cuong, vinh = town.unit(PHO_CUONG).id, town.unit(PHO_VINH).id
    _do(town, administration.set_units, town.people.officer, town.people.second.id, [UnitGrant(vinh, None, None)])
    assert _who(town, town.people.tokens["giamsat2"]).units_on(date(2024, 10, 15)) == {vinh}
    entry = _journal(town, "set_units")
    assert (
        entry.before == {"units": [{"unit": cuong, "first": None, "last": None}]}
        and entry.account_id == town.people.officer.id
    )
    nowhere = [UnitGrant(987_654, None, None)]
    assert _says(town, administration.set_units, town.people.officer, town.people.second.id, nowhere) == {
        "0": Say.NOT_FOUND
    }
    assert _says(town, administration.set_units, town.people.officer, 987_654, nowhere) == {"": Say.NOT_FOUND}
    assert _says(town, administration.set_units, town.people.officer, town.people.second.id, []) == {
        "units": Say.REQUIRED
    }


def test_the_language_is_remembered(town):
    _do(town, administration.set_language, town.people.supervisor, "en")
    assert _who(town, town.people.tokens["giamsat1"]).language == "en"
    _do(town, administration.set_language, town.people.supervisor, "xx")
    assert _who(town, town.people.tokens["giamsat1"]).language == "vi"


# --- communes from and to a day ------------------------------------------------------------


def test_one_commune_is_given_for_several_periods(town):
    vinh = town.unit(PHO_VINH).id
    spring = UnitGrant(vinh, date(2024, 1, 1), date(2024, 3, 31))
    autumn = UnitGrant(vinh, date(2024, 9, 1), None)
    _do(town, administration.set_units, town.people.officer, town.people.second.id, [spring, autumn])
    actor = _who(town, town.people.tokens["giamsat2"])
    assert [bool(actor.units_on(day)) for day in (date(2024, 3, 31), date(2024, 4, 1), date(2024, 9, 1))] == [
        True,
        False,
        True,
    ]
    with town.reading() as session:
        rows, _ = administration.list_accounts(session, town.people.officer, search="giamsat2")
    assert rows[0].grants == (spring, autumn)


@ON_SQLITE
@pytest.mark.parametrize(
    ("periods", "wrong"),
    [
        ([(None, date(2024, 3, 31)), (date(2024, 3, 31), None)], {"1": Say.PERIODS_OVERLAP}),
        ([(None, None), (None, None)], {"1": Say.PERIODS_OVERLAP}),
        ([(date(2024, 2, 1), date(2024, 1, 1))], {"0": Say.DATE_BEFORE_START}),
        ([(None, date(2024, 3, 31)), (date(2024, 4, 1), None)], {}),
    ],
)
def test_periods_of_one_commune_do_not_overlap(town, periods, wrong):
    vinh, given = town.unit(PHO_VINH).id, (town.people.officer, town.people.second.id)
    grants = [UnitGrant(vinh, first, last) for first, last in periods]
    if wrong:
        assert _says(town, administration.set_units, *given, grants) == wrong
    else:
        _do(town, administration.set_units, *given, grants)
        assert _who(town, town.people.tokens["giamsat2"]).grants == tuple(grants)


# --- role, name, identity ------------------------------------------------------------------


def test_a_new_role_ends_the_open_sessions_and_stands_in_the_journal(town):
    _do(town, administration.set_role, town.people.administrator, town.people.second.id, Role.LEADER)
    assert _who(town, town.people.tokens["giamsat2"]) is None
    assert _who(town, sign_ins.sign_in(town, "giamsat2", PASSWORD, "a")).role is Role.LEADER
    entry = _journal(town, "set_role")
    assert (entry.before, entry.after) == ({"role": "supervisor"}, {"role": "leader"})
    assert _says(town, administration.set_role, town.people.administrator, town.people.second.id, "king") == {
        "role": Say.NOT_AN_OPTION
    }


def test_of_two_administrators_who_remove_each_other_at_one_moment_one_stays(town):
    first = town.people.administrator
    _, link = _add(town, first, "quantri2", Role.ADMINISTRATOR)
    _do(town, one_time_links.use_link, link, CHOSEN)
    with town.reading() as session:
        second = acting(session, "quantri2")

    def remove(pair):
        try:
            _do(town, administration.set_disabled, pair[0], pair[1].id, True)
        except Refused as caught:
            return caught.problems[0].say
        return "gone"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, [(first, second), (second, first)])) == sorted([Say.LAST_ADMINISTRATOR, "gone"])
    with town.reading() as session:
        active = session.exec(
            select(Account).where(Account.role == Role.ADMINISTRATOR, Account.disabled_at.is_(None))
        ).all()
    assert len(active) == 1


def test_an_administrator_by_an_old_page_removes_nobody(town):
    _, link = _add(town, town.people.administrator, "quantri2", Role.ADMINISTRATOR)
    _do(town, one_time_links.use_link, link, CHOSEN)
    with town.reading() as session:
        former = acting(session, "quantri2")
    _do(town, administration.set_role, town.people.administrator, former.id, Role.LEADER)
    assert _says(town, administration.set_role, former, town.people.administrator.id, Role.LEADER) == {
        "": Say.LAST_ADMINISTRATOR
    }


@ON_SQLITE
def test_the_name_shown_is_one_line(town):
    _do(town, administration.rename, town.people.officer, town.people.second.id, "  Cụm \r\n  Bắc\tX ")
    with town.reading() as session:
        assert session.get(Account, town.people.second.id).display_name == "Cụm Bắc X"
    assert _journal(town, "rename").before == {"display_name": "Giám sát cụm Nam"}
    assert _says(town, administration.rename, town.people.officer, town.people.second.id, "x" * 121) == {
        "display_name": Say.TOO_LONG
    }


def test_an_identity_belongs_to_one_account(town):
    chief = town.people.administrator
    _do(town, administration.set_identity, chief, town.people.second.id, " GiamSat2@Example.org ")
    assert _says(town, administration.set_identity, chief, town.people.leader.id, "giamsat2@example.ORG") == {
        "identity": Say.IDENTITY_TAKEN
    }
    _do(town, administration.set_identity, chief, town.people.second.id, "")
    _do(town, administration.set_identity, chief, town.people.leader.id, "giamsat2@example.org")
    assert _journal(town, "set_identity").after == {"identity": "giamsat2@example.org"}


# --- a long list ---------------------------------------------------------------------------


@pytest.fixture
def crowded(town):
    """Three hundred supervisors more."""
    with town.writing() as session:
        for number in range(300):
            administration.add_account(
                session,
                town.people.administrator,
                f"gs{number:03}",
                f"Giám sát thôn {number}",
                Role.SUPERVISOR,
                [town.unit(PHO_MINH if number % 100 else PHO_CUONG).id],
            )
    return town


@ON_SQLITE
def test_three_hundred_accounts_are_searched_and_paged(crowded):
    chief = crowded.people.administrator
    first, total = _listed(crowded, chief)
    assert (len(first), total) == (20, 305)
    assert _listed(crowded, chief, offset=300)[0] == ["gs298", "gs299", "lanhdao", "quantri", "tonghop"]
    assert _listed(crowded, chief, search="GS29 thon") == ([f"gs29{i}" for i in range(10)], 10)
    assert _listed(crowded, chief, search="phổ cường") == (["giamsat2", "gs000", "gs100", "gs200"], 4)
    assert _listed(crowded, chief, role=Role.LEADER) == (["lanhdao"], 1)
    assert _listed(crowded, chief, search="khong co ai") == ([], 0)
