"""One-time links instead of default passwords: the first administrator's, and everybody's who needs a new password."""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import Session, select

from data_model.accounts.account import added, checked_name, checked_shown_name
from data_model.accounts.passwords import NewPassword
from data_model.accounts.sign_ins import digest, end_all
from data_model.accounts.tables import Account, OneTimeLink
from data_model.core import clock, journal
from data_model.core.access import Role
from data_model.core.database import columns, one_at_a_time
from data_model.core.problems import Problem, Refused, Say, refuse

OTL = columns(OneTimeLink)

LINK_LASTS = timedelta(days=3)


def first_link(session: Session) -> str | None:
    """Token of the link for the first administrator, or None when an account exists.

    Starts give the same one until it has less than a day left; then a fresh one takes its place.
    """
    one_at_a_time(session, "first link")
    if session.exec(select(func.count()).select_from(Account)).one():
        return None
    lasts = clock.now() + timedelta(days=1)
    there = session.exec(
        select(OTL.printed).where(_of(None), OTL.used_at.is_(None), OTL.printed.is_not(None), OTL.expires_at > lasts)
    ).first()
    return there or fresh(session, None)


def fresh(session: Session, account_id: int | None) -> str:
    """Token of a fresh link; older ones of the account that nobody used are worth nothing from now on."""
    spend(session, account_id)
    token = secrets.token_urlsafe(24)
    session.add(
        OneTimeLink(
            token_digest=digest(token),
            account_id=account_id,
            expires_at=clock.now() + LINK_LASTS,
            printed=token if account_id is None else None,
        )
    )
    return token


def spend(session: Session, account_id: int | None) -> None:
    """Take the worth from every link of the account that nobody used."""
    session.execute(delete(OneTimeLink).where(_of(account_id), OTL.used_at.is_(None)))


def _of(account_id: int | None) -> ColumnElement[bool]:
    of: ColumnElement[bool] = OTL.account_id.is_(None) if account_id is None else OTL.account_id == account_id
    return of


def open_link(session: Session, token: str) -> tuple[OneTimeLink, Account | None]:
    """The link of `token` and its account; raises Refused when it is spent, old or unknown."""
    link = session.get(OneTimeLink, digest(token))
    if link is None or link.used_at or link.expires_at < clock.now():
        raise refuse(Say.LINK_SPENT)
    if link.account_id is None:
        if session.exec(select(func.count()).select_from(Account)).one():
            raise refuse(Say.LINK_SPENT)
        return link, None
    account = session.get_one(Account, link.account_id)
    if account.disabled_at:
        raise refuse(Say.LINK_SPENT)
    return link, account


def use_link(session: Session, token: str, chosen: NewPassword, name: str = "", display_name: str = "") -> Account:
    """Set the password through a one-time link; the first link also makes the administrator `name`. Raises Refused
    (LINK_SPENT), or with every problem beside "name", "display_name", "password" or "repeated".
    """
    held = session.get(OneTimeLink, digest(token))
    if held:
        # Held until this transaction ends: of two people who use a link (or two first links) at once, one comes second.
        session.exec(
            select(OneTimeLink)
            .where(_of(held.account_id))
            .order_by(OneTimeLink.token_digest)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
    link, account = open_link(session, token)
    problems: list[Problem] = []
    if account is None:
        name = checked_name(session, name, problems)
        display_name = checked_shown_name(display_name, problems)
    problems += chosen.problems(account.name if account else name)
    if problems:
        raise Refused(problems)
    if account is None:
        account = added(session, Account(name=name, display_name=display_name, role=Role.ADMINISTRATOR))
        journal.note(
            session, None, "create", "account", account.id, after={"name": name, "role": account.role}, channel="first"
        )
    account.password_hash = chosen.hash
    link.used_at, link.printed = clock.now(), None
    session.flush()
    spend(session, link.account_id)
    end_all(session, account.id)
    journal.note(session, None, "set_password", "account", account.id, channel="link")
    return account
