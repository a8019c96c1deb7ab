"""Whom an organisation's own sign-in (OpenID Connect) brings: only people to whom an administrator gave an account.

The proof itself is checked where it arrives (dashboard/single_sign_on.py). From here on a session is like any other.
"""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from data_model.accounts.sign_ins import begin, digest
from data_model.accounts.tables import Account, UsedProof
from data_model.core import clock
from data_model.core.database import columns
from data_model.core.problems import Say, refuse

UP, A = columns(UsedProof), columns(Account)

PROOF_LASTS = timedelta(minutes=10)


def enter(
    session: Session, claims: Mapping[str, object], proof: str, address: str, device: str, instead_of: str | None = None
) -> str:
    """The token of a new session for the person whom `claims` name, shown by `proof`, a text that opens once.

    The browser's earlier session, `instead_of`, ends with it.

    Raises Refused for a proof used before and for a person without an active account; no account is ever made here.
    """
    now = clock.now()
    session.execute(delete(UsedProof).where(UP.expires_at < now))
    try:
        with session.begin_nested():
            # Kept longer than a proof lasts, so that clocks which differ a little open nothing twice.
            session.add(UsedProof(proof_digest=digest(proof), expires_at=now + 2 * PROOF_LASTS))
    except IntegrityError:
        raise refuse(Say.IDENTITY_SPENT) from None
    account = session.exec(
        select(Account).where(A.organisation_identity.in_(identities(claims)), A.disabled_at.is_(None))
    ).first()
    if account is None:
        raise refuse(Say.IDENTITY_UNKNOWN, identity=next(iter(identities(claims)), "?"))
    return begin(session, account, address, device, instead_of)


def identities(claims: Mapping[str, object]) -> list[str]:
    """By what an account may name this person: the e-mail address where the organisation vouches for it, the
    subject.
    """
    email, subject = claims.get("email"), claims.get("sub")
    vouched = claims.get("email_verified") is True
    named = [email.strip().lower()] if vouched and isinstance(email, str) else []
    return [*named, *([subject] if isinstance(subject, str) and subject else [])]
