"""Passwords: what is too weak, and their hashes. Nothing here touches the database.

Hashing takes a twentieth of a second and much memory, on purpose. It is done outside of any transaction, so that
nobody waits for the database's one writer meanwhile.
"""

import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from pwdlib import PasswordHash

from data_model.core.problems import Problem, Say

LEAST = 10
MOST = 200

_hasher = PasswordHash.recommended()
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
    return NewPassword(text, repeated, _hasher.hash(text[:MOST]))


def _typed(password: str) -> str:
    # Keyboards differ in how they send Vietnamese letters: the same word must open the same door.
    return unicodedata.normalize("NFC", password)


def _weakness(password: str, name: str) -> Problem | None:
    if len(password) < LEAST:
        return Problem("password", Say.PASSWORD_SHORT, {"least": LEAST})
    if len(password) > MOST:
        return Problem("password", Say.TOO_LONG, {"most": MOST, "length": len(password)})
    if name and name.lower() in password.lower():
        return Problem("password", Say.PASSWORD_LIKE_NAME)
    if len(set(password)) < 5:
        return Problem("password", Say.PASSWORD_COMMON)
    return None


def matches(password: str, kept: str | None) -> bool:
    """Whether `password` made the hash `kept`; takes as long, and says no, where there is none."""
    password = _typed(password)
    known = kept is not None and len(password) <= MOST
    return _hasher.verify(password[:MOST], kept if known else _NOBODY) and known
