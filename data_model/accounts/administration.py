"""Giving people their accounts: role, communes, one-time links; disabling. Each act stands in the journal.

A data officer manages supervisors; an administrator everybody. Nobody changes the own role or closes the own account,
and the last administrator who can sign in stays.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from data_model.accounts import one_time_links
from data_model.accounts.account import added, checked_name, checked_shown_name
from data_model.accounts.sign_ins import end_all
from data_model.accounts.tables import Account, AccountUnit
from data_model.core import clock, journal
from data_model.core.access import Act, Actor, Role, UnitGrant
from data_model.core.database import columns, one_at_a_time
from data_model.core.problems import Problem, Refused, Say, refuse
from data_model.core.text import folded, nfc, visible
from data_model.units.tables import Unit

AU, U, A = columns(AccountUnit), columns(Unit), columns(Account)

MOST_IDENTITY = 255
MOST_PERIODS = 400
MOST_SEARCHED = 200
"""Characters of a search that are looked for."""
_OPEN_START, _OPEN_END = date.min, date.max


@dataclass(frozen=True)
class AccountRow:
    """An account in the list, with its units of all days, first those that begin first."""

    account: Account
    grants: tuple[UnitGrant, ...]


def set_language(session: Session, actor: Actor, language: str) -> None:
    """Remember the interface language of the acting account."""
    session.get_one(Account, actor.id).language = "en" if language == "en" else "vi"


def _may_manage(actor: Actor, role: str) -> None:
    actor.require(Act.MANAGE_SUPERVISORS if role == Role.SUPERVISOR else Act.MANAGE_ACCOUNTS)


def list_accounts(
    session: Session,
    actor: Actor,
    search: str = "",
    role: Role | None = None,
    limit: int = 20,
    offset: int = 0,
) -> tuple[list[AccountRow], int]:
    """A page of the accounts that `actor` manages, by sign-in name, and how many there are in all.

    `search` finds every word in names and communes, whatever its case and marks ("pho vinh" finds Phổ Vinh).
    """
    actor.require(Act.MANAGE_SUPERVISORS)
    query = select(Account).order_by(Account.name)
    if not actor.may(Act.MANAGE_ACCOUNTS):
        query = query.where(Account.role == Role.SUPERVISOR)
    if role:
        query = query.where(Account.role == role)
    found = session.exec(query).all()
    if wanted := folded(nfc(search[:MOST_SEARCHED])).split():
        texts = _searched_texts(session, found)
        found = [account for account in found if all(word in texts[account.id] for word in wanted)]
    page = found[offset : offset + limit]
    grants = _grants(session, [account.id for account in page])
    return [AccountRow(account, grants.get(account.id, ())) for account in page], len(found)


def _searched_texts(session: Session, found: Iterable[Account]) -> dict[int, str]:
    # Folding is not the database's: on a list of people it costs less than a column kept in step would.
    places: dict[int, list[str]] = {}
    for account_id, name in session.exec(select(AU.account_id, U.name).join(Unit, U.id == AU.unit_id)):
        places.setdefault(account_id, []).append(name)
    return {a.id: folded(" ".join((a.name, a.display_name, *places.get(a.id, ())))) for a in found}


def _grants(session: Session, account_ids: list[int]) -> dict[int, tuple[UnitGrant, ...]]:
    given: dict[int, list[UnitGrant]] = {}
    for row in session.exec(select(AccountUnit).where(AU.account_id.in_(account_ids)).order_by(AU.id)):
        given.setdefault(row.account_id, []).append(UnitGrant(row.unit_id, row.first, row.last))
    return {i: tuple(sorted(grants, key=lambda g: g.first or _OPEN_START)) for i, grants in given.items()}


def open_account(session: Session, actor: Actor, account_id: int) -> AccountRow:
    """One account that `actor` manages."""
    account = _managed(session, actor, account_id)
    return AccountRow(account, _grants(session, [account.id]).get(account.id, ()))


def add_account(
    session: Session,
    actor: Actor,
    name: str,
    display_name: str,
    role: str,
    unit_ids: list[int] | None = None,
    first: date | None = None,
    last: date | None = None,
) -> tuple[Account, str]:
    """A new account and the token of the one-time link with which its person sets a password. Raises Refused with
    every problem; `where` is "name", "display_name", "role", "units" or "last".
    """
    problems: list[Problem] = []
    if role not in set(Role):
        raise refuse(Say.NOT_AN_OPTION, "role")
    _may_manage(actor, role)
    name = checked_name(session, name, problems)
    display_name = checked_shown_name(display_name, problems)
    if role == Role.SUPERVISOR and not unit_ids:
        problems.append(Problem("units", Say.REQUIRED))
    grants = [UnitGrant(unit_id, first, last) for unit_id in dict.fromkeys(unit_ids or [])]
    # One period for all of them: what is wrong with it is said once.
    wrong = {("units" if p.say is Say.NOT_FOUND else "last"): p.say for p in _wrong_grants(session, grants)}
    problems += [Problem(where, said) for where, said in wrong.items()]
    if problems:
        raise Refused(problems)
    account = added(session, Account(name=name, display_name=display_name, role=role))
    _give(session, account, grants)
    journal.note(
        session,
        actor,
        "create",
        "account",
        account.id,
        after={"name": name, "display_name": display_name, "role": role, "units": _written(grants)},
    )
    return account, one_time_links.fresh(session, account.id)


def _wrong_grants(session: Session, grants: list[UnitGrant]) -> Iterator[Problem]:
    """What is wrong with a list of units and periods, `where` being its place in the list."""
    known = set(session.exec(select(U.id).where(U.id.in_({g.unit_id for g in grants}))))
    for place, grant in enumerate(grants):
        if grant.unit_id not in known:
            yield Problem(f"{place}", Say.NOT_FOUND)
        if grant.first and grant.last and grant.last < grant.first:
            yield Problem(f"{place}", Say.DATE_BEFORE_START)
        elif any(_overlap(grant, other) for other in grants[:place]):
            yield Problem(f"{place}", Say.PERIODS_OVERLAP)


def _overlap(one: UnitGrant, other: UnitGrant) -> bool:
    return (
        one.unit_id == other.unit_id
        and (one.first or _OPEN_START) <= (other.last or _OPEN_END)
        and (other.first or _OPEN_START) <= (one.last or _OPEN_END)
    )


def _give(session: Session, account: Account, grants: list[UnitGrant]) -> None:
    session.add_all(AccountUnit(account_id=account.id, unit_id=g.unit_id, first=g.first, last=g.last) for g in grants)


def _written(grants: Iterable[UnitGrant]) -> list[dict[str, Any]]:
    return [
        {"unit": g.unit_id, "first": g.first and g.first.isoformat(), "last": g.last and g.last.isoformat()}
        for g in grants
    ]


def set_units(session: Session, actor: Actor, account_id: int, grants: list[UnitGrant]) -> None:
    """Give a supervisor these units in these periods and no others. One unit may stand there for several periods.

    Raises Refused with problems whose `where` is the place in `grants`.
    """
    account = _managed(session, actor, account_id)
    if not grants:
        raise refuse(Say.REQUIRED, "units")
    if len(grants) > MOST_PERIODS:
        raise refuse(Say.TOO_MANY_ROWS, "units", most=MOST_PERIODS)
    problems = list(_wrong_grants(session, grants))
    if problems:
        raise Refused(problems)
    rows = session.exec(select(AccountUnit).where(AU.account_id == account.id).order_by(AU.id)).all()
    before = [UnitGrant(r.unit_id, r.first, r.last) for r in rows]
    if before == grants:
        return
    for row in rows:
        session.delete(row)
    session.flush()
    _give(session, account, grants)
    journal.note(
        session,
        actor,
        "set_units",
        "account",
        account.id,
        before={"units": _written(before)},
        after={"units": _written(grants)},
    )


def set_role(session: Session, actor: Actor, account_id: int, role: str) -> None:
    """Give a person another role; their sessions end, so that no open page goes on in the old one.

    Raises Refused for no role (`where` "role"), for oneself and for the last administrator.
    """
    actor.require(Act.MANAGE_ACCOUNTS)
    if role not in set(Role):
        raise refuse(Say.NOT_AN_OPTION, "role")
    account = _managed(session, actor, account_id)
    if account.role == role:
        return
    _not_oneself(actor, account)
    _an_administrator_stays(session, actor, account)
    before, account.role = account.role, role
    end_all(session, account.id)
    journal.note(session, actor, "set_role", "account", account.id, before={"role": before}, after={"role": role})


def rename(session: Session, actor: Actor, account_id: int, display_name: str) -> None:
    """Correct the name that others see. Raises Refused; `where` is "display_name"."""
    account = _managed(session, actor, account_id)
    problems: list[Problem] = []
    display_name = checked_shown_name(display_name, problems)
    if problems:
        raise Refused(problems)
    if account.display_name == display_name:
        return
    before, account.display_name = account.display_name, display_name
    journal.note(
        session,
        actor,
        "rename",
        "account",
        account.id,
        before={"display_name": before},
        after={"display_name": display_name},
    )


def set_identity(session: Session, actor: Actor, account_id: int, identity: str) -> None:
    """Say by which e-mail address or subject the organisation's sign-in names this person; "" for none.

    Raises Refused, `where` "identity", for one that is too long or names somebody else already.
    """
    actor.require(Act.MANAGE_ACCOUNTS)
    account = _managed(session, actor, account_id)
    identity = visible(identity[: 8 * MOST_IDENTITY]).replace(" ", "")
    identity = identity.lower() if "@" in identity else identity
    if len(identity) > MOST_IDENTITY:
        raise refuse(Say.TOO_LONG, "identity", most=MOST_IDENTITY, length=len(identity))
    if (account.organisation_identity or "") == identity:
        return
    before = account.organisation_identity
    try:
        with session.begin_nested():
            account.organisation_identity = identity or None
    except IntegrityError:
        raise refuse(Say.IDENTITY_TAKEN, "identity") from None
    journal.note(
        session,
        actor,
        "set_identity",
        "account",
        account.id,
        before={"identity": before},
        after={"identity": identity or None},
    )


def new_link(session: Session, actor: Actor, account_id: int) -> str:
    """Token of a new one-time link: the person sets a new password with it."""
    account = _managed(session, actor, account_id)
    journal.note(session, actor, "new_link", "account", account.id)
    return one_time_links.fresh(session, account.id)


def set_disabled(session: Session, actor: Actor, account_id: int, disabled: bool) -> None:
    """Disable an account (its sessions end at once, its links are worth nothing) or let it in again."""
    account = _managed(session, actor, account_id)
    if bool(account.disabled_at) == disabled:
        return
    _not_oneself(actor, account)
    if disabled:
        _an_administrator_stays(session, actor, account)
        end_all(session, account.id)
        one_time_links.spend(session, account.id)
    account.disabled_at = clock.now() if disabled else None
    journal.note(session, actor, "disable" if disabled else "enable", "account", account.id)


def _managed(session: Session, actor: Actor, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        actor.require(Act.MANAGE_SUPERVISORS)
        raise refuse(Say.NOT_FOUND)
    _may_manage(actor, account.role)
    return account


def _not_oneself(actor: Actor, account: Account) -> None:
    if account.id == actor.id:
        raise refuse(Say.NOT_ONESELF)


def _an_administrator_stays(session: Session, actor: Actor, leaving: Account) -> None:
    """Raises Refused when nobody who administers could sign in any more after `leaving` left.

    Two administrators who remove each other at one moment come one after the other: the second is no administrator
    any more by then.
    """
    if leaving.role != Role.ADMINISTRATOR:
        return
    one_at_a_time(session, "administrators")
    staying = set(
        session.exec(
            select(A.id).where(
                A.role == Role.ADMINISTRATOR,
                A.disabled_at.is_(None),
                A.id != leaving.id,
                func.coalesce(A.password_hash, A.organisation_identity).is_not(None),
            )
        )
    )
    if actor.id not in staying:
        raise refuse(Say.LAST_ADMINISTRATOR)
