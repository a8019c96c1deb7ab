"""Passwords: what is too weak, and their hashes. Nothing here touches the database.

Hashing takes a twentieth of a second and 64 MB, on purpose. It is done outside of any transaction, so that nobody
waits for the database's one writer meanwhile, and a few at a time, so that strangers who try many fill no memory.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from zxcvbn import zxcvbn

from data_model.core.problems import Problem, Say
from data_model.core.text import composed, folded

LEAST = 10
MOST = 200
HASHED_AT_ONCE = 2
LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: from 3 on, guessing takes more than a hundred million tries."""
_READ_BY_ZXCVBN = 72
# What people here would try first; the library knows English.
_OF_HERE = (
    "matkhau",
    "mat khau",
    "quantri",
    "giamsat",
    "lanhdao",
    "tonghop",
    "canbo",
    "giamngheo",
    "sogiamsat",
    "so giam sat",
    "xaphuong",
    "vietnam",
    "hanoi",
    "saigon",
    "anhyeuem",
    "emyeuanh",
    "quangngai",
    "ducpho",
)

_hasher = PasswordHash.recommended()
_at_once = BoundedSemaphore(HASHED_AT_ONCE)
# Verified for unknown names too, so that the time taken tells nobody which names exist.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True)
class NewPassword:
    """A password that a person chose, typed twice, and its hash."""

    text: str = field(repr=False)
    repeated: str = field(repr=False)
    hash: str = field(repr=False)

    def problems(self, name: str) -> Iterator[Problem]:
        """What is wrong with it for the account `name`."""
        weak = _weakness(self.text, name)
        if weak:
            yield weak
        elif self.text != self.repeated:
            yield Problem("repeated", Say.PASSWORDS_DIFFER)


def new_password(text: str, repeated: str) -> NewPassword:
    """The password as chosen. It hashes: call it before a transaction begins."""
    text, repeated = _typed(text), _typed(repeated)
    with _at_once:
        return NewPassword(text, repeated, _hasher.hash(text[:MOST]))


def _typed(password: str) -> str:
    # Keyboards differ in how they send Vietnamese letters: the same word must open the same account. A letter takes
    # four at most.
    return composed(password[: 4 * MOST + 1])


def _weakness(password: str, name: str) -> Problem | None:
    if len(password) < LEAST:
        return Problem("password", Say.PASSWORD_SHORT, {"least": LEAST})
    if len(password) > MOST:
        return Problem("password", Say.TOO_LONG, {"most": MOST, "length": len(password)})
    plain = folded(password)
    if name and (name.lower() in plain or name.lower()[::-1] in plain):
        return Problem("password", Say.PASSWORD_LIKE_NAME)
    known = [name.lower(), *_OF_HERE]
    if len(set(password)) < 5 or any(
        zxcvbn(typed[:_READ_BY_ZXCVBN], known)["score"] < LEAST_SCORE for typed in {password, plain}
    ):
        return Problem("password", Say.PASSWORD_COMMON)
    return None


def matches(password: str, kept: str | None) -> bool:
    """Whether `password` made the hash `kept`; takes as long, and says no, where there is none."""
    password = _typed(password)
    tried = kept if len(password) <= MOST else None
    with _at_once:
        return _hasher.verify(password[:MOST], _NOBODY if tried is None else tried) and tried is not None
