"""Accounts, sign-in sessions that live in the database, and one-time links instead of default passwords."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from pwdlib import PasswordHash
from sqlalchemy import delete, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, select

from data_model import clock, journal
from data_model.access import Act, Actor, Role, UnitGrant
from data_model.database import UtcTime
from data_model.problems import Problem, Refused, Say, refuse
from data_model.text import nfc
from data_model.units import Unit

LEAST_PASSWORD = 10
MOST_PASSWORD = 200
SESSION_LASTS = timedelta(days=14)
LINK_LASTS = timedelta(days=3)
FREE_TRIES = 5
SLOWDOWN_WINDOW = timedelta(minutes=15)

_hasher = PasswordHash.recommended()
# Verified for unknown names too, so that the time taken tells nobody which names exist.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class Account(SQLModel, table=True):
    """A person's way in. Without `password_hash` the person has not used the one-time link yet."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=40)
    display_name: str = Field(max_length=120)
    role: str = Field(max_length=20)
    language: str = Field(default="vi", max_length=5)
    password_hash: str | None = None
    disabled_at: object = Field(default=None, sa_type=UtcTime, nullable=True)
    last_sign_in: object = Field(default=None, sa_type=UtcTime, nullable=True)


class AccountUnit(SQLModel, table=True):
    """A unit given to an account, from/to a day."""

    __tablename__ = "account_unit"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    first: date | None = None
    last: date | None = None


class SignIn(SQLModel, table=True):
    """A signed-in browser. Only the digest of its token is kept."""

    __tablename__ = "sign_in"

    token_digest: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    expires_at: object = Field(sa_type=UtcTime)


class OneTimeLink(SQLModel, table=True):
    """A link with which a person sets a password. `account_id` None: it makes the first administrator."""

    __tablename__ = "one_time_link"

    token_digest: str = Field(primary_key=True, max_length=64)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    expires_at: object = Field(sa_type=UtcTime)
    used_at: object = Field(default=None, sa_type=UtcTime, nullable=True)


class FailedTry(SQLModel, table=True):
    """A failed sign-in, by name and by address."""

    __tablename__ = "failed_try"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80, index=True)
    address: str = Field(max_length=80, index=True)
    at: object = Field(sa_type=UtcTime)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _actor(session: Session, account: Account) -> Actor:
    grants = session.exec(
        select(AccountUnit.unit_id, AccountUnit.first, AccountUnit.last).where(AccountUnit.account_id == account.id)
    )
    return Actor(
        id=account.id, name=account.name, display_name=account.display_name, role=Role(account.role),
        language=account.language, grants=tuple(UnitGrant(*g) for g in grants),
    )


def _typed(password: str) -> str:
    # Keyboards differ in how they send Vietnamese letters: the same word must open the same door.
    return unicodedata.normalize("NFC", password)


def check_password(password: str, name: str) -> None:
    """Raises Refused when `password` is too weak for the account `name`, or longer than is read."""
    if len(password) < LEAST_PASSWORD:
        raise refuse(Say.PASSWORD_SHORT, "password", least=LEAST_PASSWORD)
    if len(password) > MOST_PASSWORD:
        raise refuse(Say.TOO_LONG, "password", most=MOST_PASSWORD, length=len(password))
    if name and name.lower() in password.lower():
        raise refuse(Say.PASSWORD_LIKE_NAME, "password")
    if len(set(password)) < 5:
        raise refuse(Say.PASSWORD_COMMON, "password")


def first_link(session: Session) -> str | None:
    """Token of a fresh link for the first administrator, or None when an account exists. Older ones are spent."""
    if session.exec(select(func.count()).select_from(Account)).one():
        return None
    return _new_link(session, None)


def _new_link(session: Session, account_id: int | None) -> str:
    """Token of a fresh link; older ones of the account that nobody used are worth nothing from now on."""
    session.execute(delete(OneTimeLink).where(_of(account_id), OneTimeLink.used_at.is_(None)))
    token = secrets.token_urlsafe(24)
    session.add(OneTimeLink(token_digest=_digest(token), account_id=account_id, expires_at=clock.now() + LINK_LASTS))
    return token


def _of(account_id: int | None):
    return OneTimeLink.account_id.is_(None) if account_id is None else OneTimeLink.account_id == account_id


def open_link(session: Session, token: str) -> tuple[OneTimeLink, Account | None]:
    """The link of `token` and its account; raises Refused when it is spent, old or unknown."""
    link = session.get(OneTimeLink, _digest(token))
    if link is None or link.used_at or link.expires_at < clock.now():
        raise refuse(Say.LINK_SPENT)
    if link.account_id is None:
        if session.exec(select(func.count()).select_from(Account)).one():
            raise refuse(Say.LINK_SPENT)
        return link, None
    account = session.get(Account, link.account_id)
    if account.disabled_at:
        raise refuse(Say.LINK_SPENT)
    return link, account


def use_link(session: Session, token: str, password: str, repeated: str, name: str = "", display_name: str = "") -> Account:
    """Set the password through a one-time link; the first link also makes the administrator `name`."""
    held = session.get(OneTimeLink, _digest(token))
    if held:
        # Held until this transaction ends: of two people who use a link (or two first links) at once, one comes second.
        session.exec(
            select(OneTimeLink).where(_of(held.account_id)).order_by(OneTimeLink.token_digest)
            .with_for_update().execution_options(populate_existing=True)
        ).all()
    link, account = open_link(session, token)
    password, repeated = _typed(password), _typed(repeated)
    problems = []
    if account is None:
        name = _checked_name(session, name, problems)
        if not nfc(display_name):
            problems.append(Problem("display_name", Say.REQUIRED))
    try:
        check_password(password, account.name if account else name)
    except Refused as refused:
        problems += refused.problems
    else:
        if password != repeated:
            problems.append(Problem("repeated", Say.PASSWORDS_DIFFER))
    if problems:
        raise Refused(problems)
    if account is None:
        account = _added(session, Account(name=name, display_name=nfc(display_name)[:120], role=Role.ADMINISTRATOR))
        journal.note(session, None, "create", "account", account.id, after={"name": name, "role": account.role}, door="first")
    account.password_hash = _hasher.hash(password)
    link.used_at = clock.now()
    session.flush()
    session.execute(delete(OneTimeLink).where(_of(link.account_id), OneTimeLink.used_at.is_(None)))
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))
    journal.note(session, None, "set_password", "account", account.id, door="link")
    return account


def _checked_name(session: Session, name: str, problems: list[Problem]) -> str:
    name = nfc(name).lower()
    if not re.fullmatch(r"[a-z0-9._-]{3,40}", name):
        problems.append(Problem("name", Say.BAD_SIGN_IN_NAME))
    elif session.exec(select(Account).where(Account.name == name)).first():
        problems.append(Problem("name", Say.NAME_TAKEN))
    return name


def sign_in(session: Session, name: str, password: str, address: str) -> str | None:
    """A new session's token, or None for a wrong name or password (the failed try is noted in this transaction).

    Raises Refused while the name or the address is slowed down after failed tries.
    """
    name, address, now = nfc(name).lower()[:80], address[:80], clock.now()
    wait = max(_wait(session, FailedTry.name, name, now), _wait(session, FailedTry.address, address, now))
    if wait > 0:
        raise refuse(Say.SIGN_IN_SLOWED, seconds=wait)
    account = session.exec(select(Account).where(Account.name == name)).first()
    password = _typed(password)
    known = account and account.password_hash and not account.disabled_at and len(password) <= MOST_PASSWORD
    right = _hasher.verify(password[:MOST_PASSWORD], account.password_hash if known else _NOBODY)
    if not (known and right):
        session.execute(delete(FailedTry).where(FailedTry.at < now - SLOWDOWN_WINDOW))
        session.add(FailedTry(name=name, address=address, at=now))
        return None
    session.execute(delete(FailedTry).where(FailedTry.name == name))
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    account.last_sign_in = now
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_digest=_digest(token), account_id=account.id, expires_at=now + SESSION_LASTS))
    return token


def _wait(session: Session, column, value: str, now: datetime) -> int:
    """Seconds still to wait: doubles with every failed try after the free ones, at most five minutes."""
    tries, latest = session.exec(
        select(func.count(), func.max(FailedTry.at)).where(column == value, FailedTry.at > now - SLOWDOWN_WINDOW)
    ).one()
    # An address may be shared by a whole office, so it gets more tries than a name.
    free = FREE_TRIES if column is FailedTry.name else 4 * FREE_TRIES
    if tries < free:
        return 0
    pause = min(300, 2 ** (tries - free + 1))
    return max(0, round(pause - (now - latest).total_seconds()))


def who_is(session: Session, token: str | None) -> Actor | None:
    """The account signed in with `token`, or None when there is none, it ended, or the account is disabled."""
    if not token:
        return None
    row = session.exec(
        select(Account, SignIn.expires_at).join(SignIn, SignIn.account_id == Account.id)
        .where(SignIn.token_digest == _digest(token))
    ).first()
    if row is None or row[1] < clock.now() or row[0].disabled_at:
        return None
    return _actor(session, row[0])


def sign_out(session: Session, token: str) -> None:
    """End the session of `token`, on the server."""
    ended = session.get(SignIn, _digest(token))
    if ended:
        session.delete(ended)


def set_language(session: Session, actor: Actor, language: str) -> None:
    """Remember the interface language of the acting account."""
    session.get(Account, actor.id).language = "en" if language == "en" else "vi"


def _may_manage(actor: Actor, role: str) -> None:
    actor.require(Act.MANAGE_SUPERVISORS if role == Role.SUPERVISOR else Act.MANAGE_ACCOUNTS)


def list_accounts(session: Session, actor: Actor) -> list[tuple[Account, list[AccountUnit]]]:
    """Accounts that `actor` manages, with their units, by name."""
    actor.require(Act.MANAGE_SUPERVISORS)
    query = select(Account).order_by(Account.name)
    if not actor.may(Act.MANAGE_ACCOUNTS):
        query = query.where(Account.role == Role.SUPERVISOR)
    given: dict[int, list[AccountUnit]] = {}
    for grant in session.exec(select(AccountUnit)):
        given.setdefault(grant.account_id, []).append(grant)
    return [(account, given.get(account.id, [])) for account in session.exec(query)]


def add_account(
    session: Session, actor: Actor, name: str, display_name: str, role: str,
    unit_ids: list[int] | None = None, first: date | None = None, last: date | None = None,
) -> tuple[Account, str]:
    """A new account and the token of the one-time link with which its person sets a password."""
    problems: list[Problem] = []
    if role not in set(Role):
        raise refuse(Say.NOT_AN_OPTION, "role")
    _may_manage(actor, role)
    name = _checked_name(session, name, problems)
    if not nfc(display_name):
        problems.append(Problem("display_name", Say.REQUIRED))
    if role == Role.SUPERVISOR and not unit_ids:
        problems.append(Problem("units", Say.REQUIRED))
    problems += _wrong_grant(session, unit_ids or [], first, last)
    if problems:
        raise Refused(problems)
    account = _added(session, Account(name=name, display_name=nfc(display_name)[:120], role=role))
    _grant(session, account, unit_ids or [], first, last)
    journal.note(session, actor, "create", "account", account.id,
                 after={"name": name, "role": role, "units": unit_ids or []})
    return account, _new_link(session, account.id)


def _added(session: Session, account: Account) -> Account:
    """The new account, stored; raises Refused when somebody took the name at the same moment."""
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        raise refuse(Say.NAME_TAKEN, "name") from None
    return account


def _wrong_grant(session: Session, unit_ids: list[int], first: date | None, last: date | None) -> Iterator[Problem]:
    if first and last and last < first:
        yield Problem("last", Say.DATE_BEFORE_START)
    if set(unit_ids) - set(session.exec(select(Unit.id).where(Unit.id.in_(unit_ids)))):
        yield Problem("units", Say.NOT_FOUND)


def _grant(session: Session, account: Account, unit_ids: list[int], first: date | None, last: date | None) -> None:
    session.add_all(
        AccountUnit(account_id=account.id, unit_id=unit_id, first=first, last=last) for unit_id in dict.fromkeys(unit_ids)
    )


def set_units(session: Session, actor: Actor, account_id: int, unit_ids: list[int],
              first: date | None = None, last: date | None = None) -> None:
    """Give a supervisor these units and no others, from/to a day."""
    account = _managed(session, actor, account_id)
    if not unit_ids:
        raise refuse(Say.REQUIRED, "units")
    problems = list(_wrong_grant(session, unit_ids, first, last))
    if problems:
        raise Refused(problems)
    before = []
    for grant in session.exec(select(AccountUnit).where(AccountUnit.account_id == account.id)):
        before.append(grant.unit_id)
        session.delete(grant)
    _grant(session, account, unit_ids, first, last)
    journal.note(session, actor, "set_units", "account", account.id, before={"units": before}, after={"units": unit_ids})


def new_link(session: Session, actor: Actor, account_id: int) -> str:
    """Token of a new one-time link: the person sets a new password with it."""
    account = _managed(session, actor, account_id)
    journal.note(session, actor, "new_link", "account", account.id)
    return _new_link(session, account.id)


def set_disabled(session: Session, actor: Actor, account_id: int, disabled: bool) -> None:
    """Disable an account (its sessions end at once) or let it in again."""
    account = _managed(session, actor, account_id)
    if account.id == actor.id:
        raise refuse(Say.NOT_ALLOWED)
    account.disabled_at = clock.now() if disabled else None
    if disabled:
        session.execute(delete(SignIn).where(SignIn.account_id == account.id))
    journal.note(session, actor, "disable" if disabled else "enable", "account", account.id)


def _managed(session: Session, actor: Actor, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise refuse(Say.NOT_FOUND)
    _may_manage(actor, account.role)
    return account


def names_of(session: Session, account_ids: set[int | None]) -> dict[int, str]:
    """Display names of accounts, for showing who did what."""
    rows = session.exec(select(Account.id, Account.display_name).where(Account.id.in_([i for i in account_ids if i])))
    return dict(rows.all())
