"""Signing in and out: sessions that live in the database, and the slowing down of guesses.

A session is a random token in a browser's cookie, of which only a digest is kept here; deleting its row ends it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, delete, func, or_
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import Session, select

from data_model.accounts import passwords
from data_model.accounts.account import actor_of
from data_model.accounts.passwords import NewPassword
from data_model.accounts.tables import Account, FailedTry, SignIn
from data_model.core import clock, journal
from data_model.core.access import Actor
from data_model.core.database import Database, columns, one_at_a_time
from data_model.core.problems import Refused, Say, refuse
from data_model.core.text import nfc

FT, SI, A = columns(FailedTry), columns(SignIn), columns(Account)

SESSION_LASTS = timedelta(days=14)
FREE_TRIES = 5
SLOWDOWN_WINDOW = timedelta(minutes=15)
LONGEST_PAUSE = 300
"""Seconds that a name or an address waits at most."""
CLOCKS_DIFFER = timedelta(seconds=30)
"""So far ahead the clock of another process on the same database may be."""


@dataclass(frozen=True)
class OpenSignIn:
    """One of a person's own signed-in browsers; `here` is the one that asks."""

    device: str
    address: str
    began_at: datetime
    expires_at: datetime
    here: bool


def digest(token: str) -> str:
    """What the database keeps of a secret token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(
    database: Database, name: str, password: str, address: str, device: str = "", instead_of: str | None = None
) -> str | None:
    """A new session's token, or None for a wrong name or password. The browser's earlier one, `instead_of`, ends with
    it.

    Raises Refused while the name or the address is slowed down after failed tries. Takes the database, not a session:
    the try is booked in one short transaction, the password verified outside of any, the session begun in another.
    """
    name = nfc(name[:200]).lower()[:80]
    with database.writing() as session:
        _book(session, name, address[:80])
    with database.reading() as session:
        account = session.exec(select(Account).where(Account.name == name)).first()
    kept = account.password_hash if account and not account.disabled_at else None
    # Verified for unknown names too: both take as long.
    is_right = passwords.matches(password, kept)
    if not is_right or account is None or kept is None:
        return None
    with database.writing() as session:
        return _enter(session, account.id, kept, address, device, instead_of)


def _book(session: Session, name: str, address: str) -> None:
    """Count this try as failed before its password is looked at, so that many at one moment gain nothing.

    Raises Refused, and counts nothing, while the name or the address has to wait.
    """
    # The address first, always: two tries then never wait for each other crosswise.
    one_at_a_time(session, f"tries from {address}")
    one_at_a_time(session, f"tries of {name}")
    now = clock.now()
    wait = max(_wait(session, FT.name, name, now), _wait(session, FT.address, address, now))
    if wait > 0:
        raise refuse(Say.SIGN_IN_SLOWED, seconds=wait)
    session.execute(delete(FailedTry).where(or_(FT.at < now - SLOWDOWN_WINDOW, FT.at > now + CLOCKS_DIFFER)))
    session.add(FailedTry(name=name, address=address, at=now))


def _wait(session: Session, column: InstrumentedAttribute[str], value: str, now: datetime) -> int:
    """Seconds still to wait: doubles with every failed try after the free ones, at most five minutes.

    Tries of a clock that ran ahead of this one count for nothing: nobody is kept out until the time that it showed.
    """
    tries, latest = session.exec(
        select(func.count(), func.max(FailedTry.at)).where(
            column == value, FailedTry.at > now - SLOWDOWN_WINDOW, FailedTry.at <= now + CLOCKS_DIFFER
        )
    ).one()
    # An address may be shared by a whole office, so it gets more tries than a name.
    free = FREE_TRIES if column is FT.name else 4 * FREE_TRIES
    if tries < free:
        return 0
    pause: int = min(LONGEST_PAUSE, 2 ** min(tries - free + 1, 20))
    waited: float = max(0.0, (now - latest).total_seconds())
    return max(0, round(pause - waited))


def _enter(
    session: Session, account_id: int, kept: str, address: str, device: str, instead_of: str | None
) -> str | None:
    """Begin a session, unless the account changed while its password was verified."""
    account = session.exec(select(Account).where(Account.id == account_id).with_for_update()).one()
    if account.disabled_at or account.password_hash != kept:
        return None
    session.execute(delete(FailedTry).where(FT.name == account.name))
    return begin(session, account, address, device, instead_of)


def begin(
    session: Session, account: Account, address: str = "", device: str = "", instead_of: str | None = None
) -> str:
    """The token of a new session of `account`, whose person has just shown who they are.

    The session of the token `instead_of`, which the same browser had until now, ends, whosever it was.
    """
    now = clock.now()
    if instead_of:
        sign_out(session, instead_of)
    session.execute(delete(SignIn).where(SI.expires_at < now))
    account.last_sign_in = now
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_digest=digest(token),
            account_id=account.id,
            began_at=now,
            expires_at=now + SESSION_LASTS,
            device=nfc(device[:200])[:120],
            address=address[:80],
        )
    )
    session.flush()
    return token


# Asked at every tap, so made once.
_COLUMNS: list[Any] = [A.id, A.name, A.display_name, A.role, A.language, A.disabled_at, SI.expires_at]
_SIGNED_IN = select(*_COLUMNS).join(SignIn, SI.account_id == A.id).where(SI.token_digest == bindparam("digest"))


def who_is(session: Session, token: str | None) -> Actor | None:
    """The account signed in with `token`, or None when there is none, it ended, or the account is disabled."""
    if not token:
        return None
    found = session.execute(_SIGNED_IN, {"digest": digest(token)}).first()
    if found is None or found.expires_at < clock.now() or found.disabled_at:
        return None
    return actor_of(session, found)


def sign_out(session: Session, token: str) -> None:
    """End the session of `token`, on the server."""
    session.execute(delete(SignIn).where(SI.token_digest == digest(token)))


def end_all(session: Session, account_id: int, but: str | None = None) -> int:
    """End the sessions of an account, all or all `but` the one of that token; gives how many ended."""
    ending = delete(SignIn).where(SI.account_id == account_id)
    ended = session.execute(ending.where(SI.token_digest != digest(but)) if but else ending)
    return cast("CursorResult[Any]", ended).rowcount  # which a DELETE gives


def own_sign_ins(session: Session, actor: Actor, token: str | None) -> list[OpenSignIn]:
    """The acting person's signed-in browsers, newest first; `token` is the one that asks."""
    found = session.exec(
        select(SignIn).where(SI.account_id == actor.id, SI.expires_at >= clock.now()).order_by(SI.began_at.desc())
    )
    here = digest(token) if token else ""
    return [OpenSignIn(s.device, s.address, s.began_at, s.expires_at, s.token_digest == here) for s in found]


def end_others(session: Session, actor: Actor, token: str) -> int:
    """Sign the acting person out everywhere but here; gives how many browsers that were."""
    ended = end_all(session, actor.id, but=token)
    journal.note(session, actor, "sign_out_others", "account", actor.id, after={"ended": ended})
    return ended


def change_password(
    database: Database,
    actor: Actor,
    token: str,
    old: str,
    chosen: NewPassword,
    address: str = "",
) -> None:
    """Replace the acting person's own password; every other session of theirs ends.

    A wrong old password counts as a failed try: whoever finds an open tablet cannot guess at leisure either. Raises
    Refused; `where` is "old", "password" or "repeated", or "" while tries are slowed down.
    """
    problems = list(chosen.problems(actor.name))
    if problems:
        raise Refused(problems)
    with database.writing() as session:
        _book(session, actor.name, address[:80])
    with database.reading() as session:
        kept = session.exec(select(Account.password_hash).where(Account.id == actor.id)).one()
    if not passwords.matches(old, kept):
        raise refuse(Say.OLD_PASSWORD_WRONG, "old")
    with database.writing() as session:
        account = session.exec(select(Account).where(Account.id == actor.id).with_for_update()).one()
        if account.disabled_at or account.password_hash != kept:
            raise refuse(Say.OLD_PASSWORD_WRONG, "old")
        session.execute(delete(FailedTry).where(FT.name == account.name))
        account.password_hash = chosen.hash
        end_all(session, account.id, but=token)
        journal.note(session, actor, "set_password", "account", account.id)
