"""The tables of accounts, their units, sign-ins and one-time links."""

import uuid
from datetime import date, datetime

from sqlalchemy import Uuid
from sqlmodel import Field, SQLModel

from data_model.core.database import UtcTime

MOST_SHOWN_NAME = 120


class Account(SQLModel, table=True):
    """A person's way in. Without `password_hash` the person has not used the one-time link yet.

    `organisation_identity` is how the organisation's own sign-in names the person (an e-mail address it vouches for,
    or its subject); None where the person signs in with a password only.
    """

    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=40)
    display_name: str = Field(max_length=MOST_SHOWN_NAME)
    role: str = Field(max_length=20)
    language: str = Field(default="vi", max_length=5)
    password_hash: str | None = None
    organisation_identity: str | None = Field(default=None, index=True, unique=True, max_length=255)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    last_sign_in: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)


class AccountUnit(SQLModel, table=True):
    """A unit given to an account, from/to a day. One unit may be given for several periods."""

    __tablename__ = "account_unit"

    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    first: date | None = None
    last: date | None = None


class SignIn(SQLModel, table=True):
    """A signed-in browser. Only the digest of its token is kept."""

    __tablename__ = "sign_in"

    token_digest: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    began_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)
    device: str = Field(max_length=120)
    address: str = Field(max_length=80)


class FailedTry(SQLModel, table=True):
    """A sign-in that failed, by name and by address; one that is being checked counts until it is found right."""

    __tablename__ = "failed_try"

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=80, index=True)
    address: str = Field(max_length=80, index=True)
    at: datetime = Field(sa_type=UtcTime)


class OneTimeLink(SQLModel, table=True):
    """A link with which a person sets a password. `account_id` None: it makes the first administrator.

    Of that one the token itself is kept too, in `printed`, so that every process that starts on an empty database
    prints the same link. It is worth nothing once an account exists, and is forgotten then.
    """

    __tablename__ = "one_time_link"

    token_digest: str = Field(primary_key=True, max_length=64)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    expires_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    printed: str | None = Field(default=None, max_length=64)


class UsedProof(SQLModel, table=True):
    """A proof of the organisation that opened a session already: it opens no second one."""

    __tablename__ = "used_proof"

    proof_digest: str = Field(primary_key=True, max_length=64)
    expires_at: datetime = Field(sa_type=UtcTime)


class Tablet(SQLModel, table=True):
    """A browser that keeps records, by the number it made for itself; one row for each account that used it."""

    id: uuid.UUID = Field(primary_key=True, sa_type=Uuid)
    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_column_kwargs={"autoincrement": False})
    device: str = Field(max_length=120)
    page_version: str = Field(max_length=20)
    waiting: int
    waiting_since: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    heard_at: datetime = Field(sa_type=UtcTime)
