"""Getting in: the first link, one-time links, passwords, sessions that end, and the slowing down of guesses."""

import threading
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlmodel import select

from data_model.accounts import administration, one_time_links, passwords, sign_ins
from data_model.accounts.passwords import new_password
from data_model.accounts.tables import Account, FailedTry, OneTimeLink, SignIn
from data_model.core import clock
from data_model.core.access import Role
from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from tests.conftest import CHOSEN, ON_SQLITE, PASSWORD

LONGEST = ("Đường lên bản Tày ướt sương, quả ổi rụng ở góc vườn, tiếng gà gáy vọng từ phía núi; " * 3)[:200]


def _do(database, act, *given, **more):
    with database.writing() as session:
        return act(session, *given, **more)


def _says(database, act, *given, **more) -> dict[str, Say]:
    with pytest.raises(Refused) as caught:
        _do(database, act, *given, **more)
    return {p.where: p.say for p in caught.value.problems}


def _slowed(town, name: str, address: str) -> bool:
    """Whether even the right password has to wait."""
    try:
        sign_ins.sign_in(town, name, PASSWORD, address)
    except Refused as caught:
        return caught.problems[0].say is Say.SIGN_IN_SLOWED
    return False


def _who(database, token):
    with database.reading() as session:
        return sign_ins.who_is(session, token)


@pytest.fixture
def clock_at(monkeypatch):
    """Moves the clock ahead of the real one."""
    real = clock.now

    def move(ahead: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + ahead)

    return move


# --- the first administrator ---------------------------------------------------------------


def _first(database, token, name="quantri"):
    return _do(database, one_time_links.use_link, token, CHOSEN, name, "Đinh Quản Trị")


def test_the_first_link_makes_the_first_administrator(database):
    token = _do(database, one_time_links.first_link)
    account = _first(database, token)
    assert account.role == Role.ADMINISTRATOR
    signed_in = sign_ins.sign_in(database, "quantri", PASSWORD, "10.0.0.1")
    assert _who(database, signed_in).display_name == "Đinh Quản Trị"


def test_the_first_link_works_once_and_there_is_no_second_one(database):
    token = _do(database, one_time_links.first_link)
    _first(database, token)
    assert _says(database, one_time_links.use_link, token, CHOSEN, "ke.gian", "Kẻ Gian") == {"": Say.LINK_SPENT}
    assert _do(database, one_time_links.first_link) is None


def test_every_start_gives_the_same_first_link_while_it_lasts(database, clock_at):
    first, again = _do(database, one_time_links.first_link), _do(database, one_time_links.first_link)
    assert first == again
    clock_at(timedelta(days=2, hours=1))
    later = _do(database, one_time_links.first_link)
    assert later != first, "one that runs out today is replaced"
    assert _says(database, one_time_links.open_link, first) == {"": Say.LINK_SPENT}
    assert _first(database, later).id
    with database.reading() as session:
        assert session.exec(select(OneTimeLink.printed)).all() == [None], "nothing readable is left"


@pytest.mark.parametrize("links", [1, 2])
def test_of_many_who_use_a_first_link_at_one_moment_one_becomes_administrator(database, links):
    tokens = [_do(database, one_time_links.fresh, None) for _ in range(links)]
    if links == 2:  # two processes that started at the same moment
        with database.writing() as session:
            session.add(OneTimeLink(token_digest=sign_ins.digest("other"), expires_at=clock.now() + timedelta(days=1)))
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
    token = _do(database, one_time_links.first_link)
    clock_at(timedelta(days=3, seconds=1))
    assert _says(database, one_time_links.open_link, token) == {"": Say.LINK_SPENT}
    assert _says(database, one_time_links.open_link, "unknown") == {"": Say.LINK_SPENT}


def test_a_form_filled_badly_keeps_the_link_alive(database):
    token = _do(database, one_time_links.first_link)
    assert _says(database, one_time_links.use_link, token, new_password("ngắn", "ngắn"), "A B", " ") == {
        "name": Say.BAD_SIGN_IN_NAME,
        "display_name": Say.REQUIRED,
        "password": Say.PASSWORD_SHORT,
    }
    assert _first(database, token).id


# --- passwords -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "say"),
    [
        ("", Say.PASSWORD_SHORT),
        ("123456789", Say.PASSWORD_SHORT),
        ("aaaaaaaaaaaa", Say.PASSWORD_COMMON),
        ("1212121212121", Say.PASSWORD_COMMON),
        ("Giamsat1-2024-mat-khau", Say.PASSWORD_LIKE_NAME),
        ("Giám sát giamsat1 nhé", Say.PASSWORD_LIKE_NAME),
        ("2024-1tasmaig-2024", Say.PASSWORD_LIKE_NAME),
        ("x1y2z3" * 40, Say.TOO_LONG),
        ("\u0301" * 100_000, Say.PASSWORD_COMMON),
        *(
            (each, Say.PASSWORD_COMMON)
            for each in (
                "0123456789",
                "9876543210",
                "1234567890a",
                "abcdefghij",
                "qwertyuiop",
                "1q2w3e4r5t",
                "abcabcabcabc",
                "Password123",
                "P@ssw0rd123",
                "matkhau123",
                "Mật khẩu 123",
                "anhyeuem123",
                "vietnam2024",
                "19/05/1990aa",
                "Abc@123456",
                "quantri2024",
                "02/09/1945 ",
                "aaaabbbbccccdddd",
            )
        ),
    ],
)
def test_weak_passwords_are_refused(password, say):
    assert [(p.where, p.say) for p in new_password(password, password).problems("giamsat1")] == [("password", say)]


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "Mới tinh 2025",
        "ngã ba sông",
        "mot-cau-dai-de-nho",
        "con trâu 7 màu",
        "x7#Kq2!vLp",
        "mây bay trên núi",
    ],
)
def test_a_few_words_or_a_random_row_are_taken(password):
    assert list(new_password(password, password).problems("giamsat1")) == []


@ON_SQLITE
def test_the_two_passwords_are_the_same(database):
    token = _do(database, one_time_links.first_link)
    assert _says(database, one_time_links.use_link, token, new_password(PASSWORD, PASSWORD + "x"), "quantri", "Q") == {
        "repeated": Say.PASSWORDS_DIFFER
    }


@ON_SQLITE
@pytest.mark.parametrize("password", ["Mật khẩu dài của tôi", LONGEST])
def test_a_password_opens_however_the_keyboard_sends_its_letters(database, password):
    token = _do(database, one_time_links.first_link)
    _do(
        database,
        one_time_links.use_link,
        token,
        new_password(password, unicodedata.normalize("NFD", password)),
        "quantri",
        "Q",
    )
    assert sign_ins.sign_in(database, "QuanTri", unicodedata.normalize("NFD", password), "a")
    assert sign_ins.sign_in(database, "quantri", password + "x", "a") is None


def test_no_password_and_no_token_is_kept_readable(town):
    with town.reading() as session:
        kept = str(
            [a.model_dump() for a in session.exec(select(Account))]
            + [s.model_dump() for s in session.exec(select(SignIn))]
        )
    assert PASSWORD not in kept and all(token not in kept for token in town.people.tokens.values())


# --- signing in and out --------------------------------------------------------------------


def test_a_session_lives_in_the_database_and_ends_on_sign_out(town):
    token = sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.1")
    assert _who(town, token).name == "giamsat1"
    _do(town, sign_ins.sign_out, token)
    assert _who(town, token) is None
    assert _who(town, town.people.tokens["giamsat1"]).name == "giamsat1", "the other device stays signed in"


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u2060", "\u00ad", "\u3164", "\u202e", "\u2800"])
def test_a_name_with_an_unseen_letter_behind_is_the_same_name(town, unseen):
    assert _who(town, sign_ins.sign_in(town, f"giamsat1{unseen}", PASSWORD, "10.0.0.1")).name == "giamsat1"
    with town.reading() as session:
        found, _total = administration.list_accounts(session, town.people.officer, search=f"giamsat2{unseen}")
    assert [row.account.name for row in found] == ["giamsat2"]


@pytest.mark.parametrize("token", [None, "", "x" * 43])
def test_without_a_session_nobody_is_there(town, token):
    assert _who(town, token) is None


def test_a_session_runs_out(town, clock_at):
    clock_at(timedelta(days=13, hours=23))
    assert _who(town, town.people.tokens["giamsat1"])
    clock_at(timedelta(days=14, seconds=1))
    assert _who(town, town.people.tokens["giamsat1"]) is None


def test_signing_in_anew_ends_the_session_that_the_browser_had(town):
    here, elsewhere = (sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.1") for _ in range(2))
    anew = sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.1", instead_of=here)
    assert _who(town, here) is None and _who(town, anew) and _who(town, elsewhere)
    other = sign_ins.sign_in(town, "lanhdao", PASSWORD, "10.0.0.1", instead_of=anew)
    assert _who(town, anew) is None and _who(town, other).name == "lanhdao"
    assert sign_ins.sign_in(town, "lanhdao", "not this one", "10.0.0.1", instead_of=other) is None
    assert _who(town, other), "a failed try ends nothing"


def test_disabling_ends_every_session_at_once_and_closes_the_door(town):
    supervisor = town.people.supervisor
    link = _do(town, administration.new_link, town.people.administrator, supervisor.id)
    _do(town, administration.set_disabled, town.people.administrator, supervisor.id, True)
    assert _who(town, town.people.tokens["giamsat1"]) is None
    assert sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.1") is None
    assert _says(town, one_time_links.open_link, link) == {"": Say.LINK_SPENT}
    _do(town, administration.set_disabled, town.people.administrator, supervisor.id, False)
    assert sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.1")


def test_a_disabled_person_is_nobody_even_with_a_session_left_over(town):
    with town.writing() as session:
        session.get(Account, town.people.supervisor.id).disabled_at = clock.now()
    assert _who(town, town.people.tokens["giamsat1"]) is None


def test_a_new_password_ends_the_sessions_of_the_old_one(town):
    link = _do(town, administration.new_link, town.people.administrator, town.people.supervisor.id)
    _do(town, one_time_links.use_link, link, new_password("Mới tinh 2025", "Mới tinh 2025"))
    assert _who(town, town.people.tokens["giamsat1"]) is None
    assert sign_ins.sign_in(town, "giamsat1", PASSWORD, "a") is None
    assert sign_ins.sign_in(town, "giamsat1", "Mới tinh 2025", "a")


def test_of_two_links_for_one_person_only_the_newer_opens_and_only_once(town):
    older = _do(town, administration.new_link, town.people.administrator, town.people.supervisor.id)
    newer = _do(town, administration.new_link, town.people.administrator, town.people.supervisor.id)
    assert _says(town, one_time_links.open_link, older) == {"": Say.LINK_SPENT}
    _do(town, one_time_links.use_link, newer, CHOSEN)
    assert _says(town, one_time_links.use_link, newer, CHOSEN) == {"": Say.LINK_SPENT}


def test_guessing_a_name_is_slowed_down_more_and_more(town, clock_at):
    for _ in range(5):
        assert sign_ins.sign_in(town, "giamsat1", "sai", "10.0.0.9") is None
    with pytest.raises(Refused) as caught:
        sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.8")
    assert caught.value.problems[0].say == Say.SIGN_IN_SLOWED and 0 < caught.value.problems[0].figures["seconds"] <= 2
    assert sign_ins.sign_in(town, "giamsat2", PASSWORD, "10.0.0.9"), "a colleague at the same address gets in"
    clock_at(timedelta(seconds=3))
    assert sign_ins.sign_in(town, "giamsat1", "sai", "10.0.0.9") is None
    assert _slowed(town, "giamsat1", "10.0.0.9")
    clock_at(timedelta(seconds=8))
    assert sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.9")


@ON_SQLITE
@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=400), timedelta(minutes=2)])
def test_a_clock_that_ran_ahead_keeps_nobody_out_once_it_is_right_again(town, clock_at, ahead):
    clock_at(ahead)
    for number in range(30):
        with suppress(Refused):
            sign_ins.sign_in(town, "giamsat1", "sai", "10.0.0.9")
        with suppress(Refused):
            sign_ins.sign_in(town, f"khac{number}", "sai", "10.0.0.9")
    assert _slowed(town, "giamsat1", "10.0.0.9")
    clock_at(timedelta(0))
    assert sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.9")


def test_nobody_waits_longer_than_the_longest_pause(town, clock_at):
    now = clock.now()
    with town.writing() as session:
        session.add_all(
            FailedTry(name="giamsat1", address="10.0.0.9", at=now + timedelta(seconds=20)) for _ in range(3000)
        )
    with pytest.raises(Refused) as caught:
        sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.9")
    assert 0 < caught.value.problems[0].figures["seconds"] <= sign_ins.LONGEST_PAUSE
    clock_at(timedelta(seconds=sign_ins.LONGEST_PAUSE + 21))
    assert sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.9")


def test_guessing_many_names_from_one_address_is_slowed_down(town):
    for number in range(20):
        sign_ins.sign_in(town, f"nobody{number}", "sai", "10.0.0.9")
    assert _slowed(town, "giamsat1", "10.0.0.9")
    assert sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.1")


@ON_SQLITE
def test_old_tries_are_forgotten(town, clock_at):
    sign_ins.sign_in(town, "giamsat1", "sai", "10.0.0.9")
    clock_at(timedelta(minutes=16))
    sign_ins.sign_in(town, "giamsat2", "sai", "10.0.0.9")
    with town.reading() as session:
        assert session.exec(select(FailedTry.name)).all() == ["giamsat2"]


def test_many_wrong_tries_at_one_moment_are_looked_at_no_more_often_than_one_after_the_other(town, monkeypatch):
    looked_at = []

    def matches(password, kept):
        looked_at.append(password)
        time.sleep(0.05)  # as hashing would
        return False

    monkeypatch.setattr(passwords, "matches", matches)

    def try_one(number):
        try:
            return sign_ins.sign_in(town, "giamsat1", f"sai {number}", f"10.0.0.{number % 3}")
        except Refused:
            return "slowed"

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(try_one, range(24)))
    assert len(looked_at) == outcomes.count(None) == sign_ins.FREE_TRIES
    assert outcomes.count("slowed") == 24 - sign_ins.FREE_TRIES


def test_nobody_waits_for_the_writer_while_a_password_is_verified(town, monkeypatch):
    verifying, done = threading.Event(), threading.Event()

    def matches(password, kept):
        verifying.set()
        assert done.wait(20)
        return True

    monkeypatch.setattr(passwords, "matches", matches)
    with ThreadPoolExecutor(1) as pool:
        signing = pool.submit(sign_ins.sign_in, town, "giamsat1", PASSWORD, "10.0.0.9")
        assert verifying.wait(20)
        with town.writing() as session:  # would wait for the lock, and the lock for `done`
            administration.set_language(session, town.people.second, "en")
        done.set()
        assert _who(town, signing.result()).name == "giamsat1"


def test_who_is_disabled_while_the_password_is_verified_stays_out(town, monkeypatch):
    def matches(password, kept):
        _do(town, administration.set_disabled, town.people.administrator, town.people.supervisor.id, True)
        return True

    monkeypatch.setattr(passwords, "matches", matches)
    assert sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.9") is None


# --- one's own sessions and password -------------------------------------------------------


def test_a_person_sees_the_own_sign_ins_and_ends_all_others(town):
    here = sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.7", "Chrome, Android")
    with town.reading() as session:
        seen = sign_ins.own_sign_ins(session, town.people.supervisor, here)
    assert [(s.device, s.address, s.here) for s in seen] == [
        ("Chrome, Android", "10.0.0.7", True),
        ("Chrome, Android", "10.0.0.1", False),
    ]
    assert _do(town, sign_ins.end_others, town.people.supervisor, here) == 1
    assert _who(town, here) and _who(town, town.people.tokens["giamsat1"]) is None
    assert _who(town, town.people.tokens["giamsat2"]), "nobody else is signed out"


def _change(town, old, new="Nước suối 2025", token="", address="10.0.0.1"):
    sign_ins.change_password(town, town.people.supervisor, token, old, new_password(new, new), address)


def test_the_own_password_is_changed_with_the_old_one_and_ends_other_sessions(town):
    here = sign_ins.sign_in(town, "giamsat1", PASSWORD, "10.0.0.7")
    _change(town, PASSWORD, token=here)
    assert _who(town, here) and _who(town, town.people.tokens["giamsat1"]) is None
    assert sign_ins.sign_in(town, "giamsat1", PASSWORD, "a") is None
    assert sign_ins.sign_in(town, "giamsat1", "Nước suối 2025", "a")
    with town.reading() as session:
        entry = session.exec(
            select(JournalEntry).where(JournalEntry.act == "set_password").order_by(JournalEntry.id.desc())
        ).first()
    assert entry.account_id == town.people.supervisor.id and entry.after is None, "no trace of the password itself"


def test_guessing_the_old_password_is_slowed_down_too(town):
    for _ in range(sign_ins.FREE_TRIES):
        with pytest.raises(Refused) as caught:
            _change(town, "sai")
        assert [(p.where, p.say) for p in caught.value.problems] == [("old", Say.OLD_PASSWORD_WRONG)]
    with pytest.raises(Refused) as caught:
        _change(town, PASSWORD)
    assert caught.value.problems[0].say is Say.SIGN_IN_SLOWED


@ON_SQLITE
def test_a_weak_new_password_is_refused_before_anything(town):
    with pytest.raises(Refused) as caught:
        _change(town, PASSWORD, "ngắn")
    assert [(p.where, p.say) for p in caught.value.problems] == [("password", Say.PASSWORD_SHORT)]
