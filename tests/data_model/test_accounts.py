"""Getting in: the first link, one-time links, passwords, sessions that end, and the slowing down of guesses."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlmodel import select

from data_model import accounts, clock
from data_model.access import Role
from data_model.accounts import Account, FailedTry, OneTimeLink, SignIn
from data_model.journal import JournalEntry
from data_model.problems import Refused, Say
from tests.conftest import ON_SQLITE, PASSWORD, PHO_CUONG, PHO_VINH


def _do(database, act, *given, **more):
    with database.writing() as session:
        return act(session, *given, **more)


def _says(database, act, *given, **more) -> dict[str, Say]:
    with pytest.raises(Refused) as caught:
        _do(database, act, *given, **more)
    return {p.where: p.say for p in caught.value.problems}


def _who(database, token):
    with database.reading() as session:
        return accounts.who_is(session, token)


@pytest.fixture
def clock_at(monkeypatch):
    """Moves the clock ahead of the real one."""
    real = clock.now

    def move(ahead: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + ahead)

    return move


# --- the first administrator ---------------------------------------------------------------

def _first(database, token, name="quantri"):
    return _do(database, accounts.use_link, token, PASSWORD, PASSWORD, name, "Đinh Quản Trị")


def test_the_first_link_makes_the_first_administrator(database):
    token = _do(database, accounts.first_link)
    account = _first(database, token)
    assert account.role == Role.ADMINISTRATOR
    signed_in = _do(database, accounts.sign_in, "quantri", PASSWORD, "10.0.0.1")
    assert _who(database, signed_in).display_name == "Đinh Quản Trị"


def test_the_first_link_works_once_and_there_is_no_second_one(database):
    token = _do(database, accounts.first_link)
    _first(database, token)
    assert _says(database, accounts.use_link, token, PASSWORD, PASSWORD, "ke.gian", "Kẻ Gian") == {"": Say.LINK_SPENT}
    assert _do(database, accounts.first_link) is None


def test_a_second_start_makes_the_earlier_link_worthless(database):
    earlier, later = _do(database, accounts.first_link), _do(database, accounts.first_link)
    assert _says(database, accounts.open_link, earlier) == {"": Say.LINK_SPENT}
    assert _first(database, later).id


@pytest.mark.parametrize("links", [1, 2])
def test_of_many_who_use_a_first_link_at_one_moment_one_becomes_administrator(database, links):
    tokens = [_do(database, accounts._new_link, None) for _ in range(links)]
    if links == 2:  # two processes that started at the same moment
        with database.writing() as session:
            session.add(OneTimeLink(token_digest=accounts._digest("other"), expires_at=clock.now() + timedelta(days=1)))
        tokens = [tokens[-1], "other"]

    def try_one(number):
        try:
            return _first(database, tokens[number % links], f"nguoi{number}").name
        except Refused as caught:
            return caught.problems[0].say

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(try_one, range(4)))
    assert outcomes.count(Say.LINK_SPENT) == 3
    with database.reading() as session:
        assert len(session.exec(select(Account)).all()) == 1


def test_a_link_runs_out(database, clock_at):
    token = _do(database, accounts.first_link)
    clock_at(timedelta(days=3, seconds=1))
    assert _says(database, accounts.open_link, token) == {"": Say.LINK_SPENT}
    assert _says(database, accounts.open_link, "unknown") == {"": Say.LINK_SPENT}


def test_a_form_filled_badly_keeps_the_link_alive(database):
    token = _do(database, accounts.first_link)
    assert _says(database, accounts.use_link, token, "ngắn", "ngắn", "A B", " ") == {
        "name": Say.BAD_SIGN_IN_NAME, "display_name": Say.REQUIRED, "password": Say.PASSWORD_SHORT}
    assert _first(database, token).id


# --- passwords -----------------------------------------------------------------------------

@pytest.mark.parametrize(("password", "say"), [
    ("", Say.PASSWORD_SHORT), ("123456789", Say.PASSWORD_SHORT), ("aaaaaaaaaaaa", Say.PASSWORD_COMMON), ("1212121212121", Say.PASSWORD_COMMON),
    ("Giamsat1-2024-mat-khau", Say.PASSWORD_LIKE_NAME), ("x1y2z3" * 40, Say.TOO_LONG),
])
def test_weak_passwords_are_refused(password, say):
    with pytest.raises(Refused) as caught:
        accounts.check_password(password, "giamsat1")
    assert [(p.where, p.say) for p in caught.value.problems] == [("password", say)]


@ON_SQLITE
def test_the_two_passwords_are_the_same(database):
    token = _do(database, accounts.first_link)
    assert _says(database, accounts.use_link, token, PASSWORD, PASSWORD + "x", "quantri", "Q") == {"repeated": Say.PASSWORDS_DIFFER}


@ON_SQLITE
@pytest.mark.parametrize("password", ["Mật khẩu dài của tôi", "mật khẩu. " * 20])
def test_a_password_opens_however_the_keyboard_sends_its_letters(database, password):
    token = _do(database, accounts.first_link)
    _do(database, accounts.use_link, token, password, unicodedata.normalize("NFD", password), "quantri", "Q")
    assert _do(database, accounts.sign_in, "QuanTri", unicodedata.normalize("NFD", password), "a")
    assert _do(database, accounts.sign_in, "quantri", password + "x", "a") is None


def test_no_password_and_no_token_is_kept_readable(town):
    with town.reading() as session:
        kept = str([a.model_dump() for a in session.exec(select(Account))] + [s.model_dump() for s in session.exec(select(SignIn))])
    assert PASSWORD not in kept and all(token not in kept for token in town.people.tokens.values())


# --- signing in and out --------------------------------------------------------------------

def test_a_session_lives_in_the_database_and_ends_on_sign_out(town):
    token = _do(town, accounts.sign_in, "giamsat1", PASSWORD, "10.0.0.1")
    assert _who(town, token).name == "giamsat1"
    _do(town, accounts.sign_out, token)
    assert _who(town, token) is None
    assert _who(town, town.people.tokens["giamsat1"]).name == "giamsat1", "the other device stays signed in"


@pytest.mark.parametrize("token", [None, "", "x" * 43])
def test_without_a_session_nobody_is_there(town, token):
    assert _who(town, token) is None


def test_a_session_runs_out(town, clock_at):
    clock_at(timedelta(days=13, hours=23))
    assert _who(town, town.people.tokens["giamsat1"])
    clock_at(timedelta(days=14, seconds=1))
    assert _who(town, town.people.tokens["giamsat1"]) is None


def test_disabling_ends_every_session_at_once_and_closes_the_door(town):
    supervisor = town.people.supervisor
    link = _do(town, accounts.new_link, town.people.administrator, supervisor.id)
    _do(town, accounts.set_disabled, town.people.administrator, supervisor.id, True)
    assert _who(town, town.people.tokens["giamsat1"]) is None
    assert _do(town, accounts.sign_in, "giamsat1", PASSWORD, "10.0.0.1") is None
    assert _says(town, accounts.open_link, link) == {"": Say.LINK_SPENT}
    _do(town, accounts.set_disabled, town.people.administrator, supervisor.id, False)
    assert _do(town, accounts.sign_in, "giamsat1", PASSWORD, "10.0.0.1")


def test_a_disabled_person_is_nobody_even_with_a_session_left_over(town):
    with town.writing() as session:
        session.get(Account, town.people.supervisor.id).disabled_at = clock.now()
    assert _who(town, town.people.tokens["giamsat1"]) is None


def test_a_new_password_ends_the_sessions_of_the_old_one(town):
    link = _do(town, accounts.new_link, town.people.administrator, town.people.supervisor.id)
    _do(town, accounts.use_link, link, "Mới tinh 2025", "Mới tinh 2025")
    assert _who(town, town.people.tokens["giamsat1"]) is None
    assert _do(town, accounts.sign_in, "giamsat1", PASSWORD, "a") is None
    assert _do(town, accounts.sign_in, "giamsat1", "Mới tinh 2025", "a")


def test_of_two_links_for_one_person_only_the_newer_opens_and_only_once(town):
    older = _do(town, accounts.new_link, town.people.administrator, town.people.supervisor.id)
    newer = _do(town, accounts.new_link, town.people.administrator, town.people.supervisor.id)
    assert _says(town, accounts.open_link, older) == {"": Say.LINK_SPENT}
    _do(town, accounts.use_link, newer, PASSWORD, PASSWORD)
    assert _says(town, accounts.use_link, newer, PASSWORD, PASSWORD) == {"": Say.LINK_SPENT}


def test_guessing_a_name_is_slowed_down_more_and_more(town, clock_at):
    for _ in range(5):
        assert _do(town, accounts.sign_in, "giamsat1", "sai", "10.0.0.9") is None
    with pytest.raises(Refused) as caught:
        _do(town, accounts.sign_in, "giamsat1", PASSWORD, "10.0.0.8")
    assert caught.value.problems[0].say == Say.SIGN_IN_SLOWED and 0 < caught.value.problems[0].figures["seconds"] <= 2
    assert _do(town, accounts.sign_in, "giamsat2", PASSWORD, "10.0.0.9"), "a colleague at the same address gets in"
    clock_at(timedelta(seconds=3))
    assert _do(town, accounts.sign_in, "giamsat1", "sai", "10.0.0.9") is None
    assert _says(town, accounts.sign_in, "giamsat1", PASSWORD, "10.0.0.9") == {"": Say.SIGN_IN_SLOWED}
    clock_at(timedelta(seconds=8))
    assert _do(town, accounts.sign_in, "giamsat1", PASSWORD, "10.0.0.9")


@ON_SQLITE
def test_guessing_many_names_from_one_address_is_slowed_down(town):
    for number in range(20):
        _do(town, accounts.sign_in, f"nobody{number}", "sai", "10.0.0.9")
    assert _says(town, accounts.sign_in, "giamsat1", PASSWORD, "10.0.0.9") == {"": Say.SIGN_IN_SLOWED}
    assert _do(town, accounts.sign_in, "giamsat1", PASSWORD, "10.0.0.1")


@ON_SQLITE
def test_old_tries_are_forgotten(town, clock_at):
    _do(town, accounts.sign_in, "giamsat1", "sai", "10.0.0.9")
    clock_at(timedelta(minutes=16))
    _do(town, accounts.sign_in, "giamsat2", "sai", "10.0.0.9")
    with town.reading() as session:
        assert session.exec(select(FailedTry.name)).all() == ["giamsat2"]


# --- managing ------------------------------------------------------------------------------

def _add(town, actor, name="moi", role=Role.SUPERVISOR, units=None, **more):
    units = [town.unit(PHO_VINH).id] if units is None and role == Role.SUPERVISOR else units
    return _do(town, accounts.add_account, actor, name, "Người Mới", role, units, **more)


def test_a_new_supervisor_gets_in_by_link_with_the_communes_given(town):
    _, link = _add(town, town.people.officer, first=date(2024, 10, 1), last=date(2024, 10, 31))
    _do(town, accounts.use_link, link, PASSWORD, PASSWORD)
    actor = _who(town, _do(town, accounts.sign_in, "moi", PASSWORD, "a"))
    assert actor.units_on(date(2024, 10, 31)) == {town.unit(PHO_VINH).id} and actor.units_on(date(2024, 11, 1)) == frozenset()


@pytest.mark.parametrize("who", ["supervisor", "leader"])
def test_who_manages_nobody_is_refused(town, who):
    actor, other = getattr(town.people, who), town.people.second.id
    assert _says(town, accounts.add_account, actor, "moi", "M", Role.SUPERVISOR, [1]) == {"": Say.NOT_ALLOWED}
    assert _says(town, accounts.list_accounts, actor) == {"": Say.NOT_ALLOWED}
    assert _says(town, accounts.new_link, actor, other) == {"": Say.NOT_ALLOWED}
    assert _says(town, accounts.set_disabled, actor, other, True) == {"": Say.NOT_ALLOWED}
    assert _says(town, accounts.set_units, actor, other, [1]) == {"": Say.NOT_ALLOWED}


def test_a_data_officer_manages_supervisors_and_nobody_above(town):
    officer, chief = town.people.officer, town.people.administrator
    for role in (Role.LEADER, Role.DATA_OFFICER, Role.ADMINISTRATOR):
        assert _says(town, accounts.add_account, officer, "moi", "M", role) == {"": Say.NOT_ALLOWED}
    assert _says(town, accounts.new_link, officer, chief.id) == {"": Say.NOT_ALLOWED}
    assert _says(town, accounts.set_disabled, officer, town.people.leader.id, True) == {"": Say.NOT_ALLOWED}
    with town.reading() as session:
        assert [a.name for a, _ in accounts.list_accounts(session, officer)] == ["giamsat1", "giamsat2"]
        assert len(accounts.list_accounts(session, chief)) == 5


def test_nobody_locks_the_own_door(town):
    assert _says(town, accounts.set_disabled, town.people.administrator, town.people.administrator.id, True) == {"": Say.NOT_ALLOWED}


def test_what_is_wrong_with_a_new_account_is_told_at_once(town):
    assert _says(town, accounts.add_account, town.people.administrator, "Giamsat1", " ", Role.SUPERVISOR, []) == {
        "name": Say.NAME_TAKEN, "display_name": Say.REQUIRED, "units": Say.REQUIRED}
    assert _says(town, accounts.add_account, town.people.administrator, "moi", "M", Role.SUPERVISOR, [987_654],
                 date(2024, 2, 1), date(2024, 1, 1)) == {"units": Say.NOT_FOUND, "last": Say.DATE_BEFORE_START}
    assert _says(town, accounts.add_account, town.people.administrator, "moi", "M", "king") == {"role": Say.NOT_AN_OPTION}


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
    _do(town, accounts.set_units, town.people.officer, town.people.second.id, [vinh, vinh])
    assert _who(town, town.people.tokens["giamsat2"]).units_on(date(2024, 10, 15)) == {vinh}
    with town.reading() as session:
        entry = session.exec(select(JournalEntry).where(JournalEntry.act == "set_units")).one()
    assert entry.before == {"units": [cuong]} and entry.account_id == town.people.officer.id
    assert _says(town, accounts.set_units, town.people.officer, town.people.second.id, [987_654]) == {"units": Say.NOT_FOUND}
    assert _says(town, accounts.set_units, town.people.officer, 987_654, [vinh]) == {"": Say.NOT_FOUND}


def test_the_language_is_remembered(town):
    _do(town, accounts.set_language, town.people.supervisor, "en")
    assert _who(town, town.people.tokens["giamsat1"]).language == "en"
    _do(town, accounts.set_language, town.people.supervisor, "xx")
    assert _who(town, town.people.tokens["giamsat1"]).language == "vi"
