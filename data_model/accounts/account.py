"""The rows of accounts, and who acts by one of them. Every other file about accounts stands on this one."""

import re
from collections.abc import Iterable

from sqlalchemy import bindparam
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from data_model.accounts.tables import MOST_SHOWN_NAME, Account, AccountUnit
from data_model.core.access import Actor, Role, UnitGrant
from data_model.core.database import AnyRow, columns
from data_model.core.problems import Problem, Say, refuse
from data_model.core.text import nfc, visible

AU, A = columns(AccountUnit), columns(Account)

# Asked at every tap, so made once.
_GRANTS = select(AU.unit_id, AU.first, AU.last).where(AU.account_id == bindparam("account"))


def actor_of(session: Session, account: Account | AnyRow) -> Actor:
    """The account (or a row of its columns) as the one who acts, with its units of all days."""
    grants = session.execute(_GRANTS, {"account": account.id})
    return Actor(
        id=account.id,
        name=account.name,
        display_name=account.display_name,
        role=Role(account.role),
        language=account.language,
        grants=tuple(UnitGrant(*g) for g in grants),
    )


def checked_name(session: Session, name: str, problems: list[Problem]) -> str:
    """A sign-in name as it is kept; what is wrong with it is added to `problems`."""
    name = nfc(name[: 4 * MOST_SHOWN_NAME]).lower()
    if not re.fullmatch(r"[a-z0-9._-]{3,40}", name):
        problems.append(Problem("name", Say.BAD_SIGN_IN_NAME))
    elif session.exec(select(Account.id).where(Account.name == name)).first():
        problems.append(Problem("name", Say.NAME_TAKEN))
    return name


def checked_shown_name(shown: str, problems: list[Problem]) -> str:
    """A name shown to others as it is kept: one line of what is seen of it. What is wrong with it is added to
    `problems`.
    """
    shown = visible(shown[: 100 * MOST_SHOWN_NAME])
    if not shown:
        problems.append(Problem("display_name", Say.REQUIRED))
    elif len(shown) > MOST_SHOWN_NAME:
        problems.append(Problem("display_name", Say.TOO_LONG, {"most": MOST_SHOWN_NAME, "length": len(shown)}))
    return shown


def added(session: Session, account: Account) -> Account:
    """The new account, stored; raises Refused when somebody took the name at the same moment."""
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        raise refuse(Say.NAME_TAKEN, "name") from None
    return account


def names_of(session: Session, account_ids: Iterable[int | None]) -> dict[int, str]:
    """Display names of accounts, for showing who did what."""
    rows = session.exec(select(A.id, A.display_name).where(A.id.in_([i for i in account_ids if i])))
    return dict(rows.all())
