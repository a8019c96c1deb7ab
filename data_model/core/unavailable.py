"""What keeps the database from answering, told apart from what is wrong with a question.

A locked, full, read-only, damaged or absent database is nobody's mistake and passes: whoever asked may ask again later,
and nothing was written meanwhile.
"""

import errno
import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from data_model.core.problems import Problem, Refused, Say

RETRY_AFTER_SECONDS = 10
"""After so long it is worth asking again."""

OF_DAMAGE = (Say.DATABASE_DAMAGED, Say.EVIDENCE_HARMED)
"""After these the database is examined before anything is written into it."""

_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: Say.DATABASE_BUSY,
    sqlite3.SQLITE_LOCKED: Say.DATABASE_BUSY,
    sqlite3.SQLITE_FULL: Say.DATABASE_FULL,
    sqlite3.SQLITE_READONLY: Say.DATABASE_READ_ONLY,
    sqlite3.SQLITE_PERM: Say.DATABASE_READ_ONLY,
    sqlite3.SQLITE_CORRUPT: Say.DATABASE_DAMAGED,
    sqlite3.SQLITE_NOTADB: Say.DATABASE_DAMAGED,
    sqlite3.SQLITE_CANTOPEN: Say.DATABASE_AWAY,
    sqlite3.SQLITE_IOERR: Say.DATABASE_AWAY,
    sqlite3.SQLITE_NOMEM: Say.DATABASE_AWAY,
    sqlite3.SQLITE_PROTOCOL: Say.DATABASE_BUSY,
}
# A read that ends before its page does: the file was cut.
_CUT_SHORT = sqlite3.SQLITE_IOERR_SHORT_READ

# PostgreSQL's SQLSTATE, whole or by its first two characters (its class).
_OF_POSTGRESQL = {
    "40001": Say.DATABASE_BUSY,
    "40P01": Say.DATABASE_BUSY,
    "55P03": Say.DATABASE_BUSY,
    "57014": Say.DATABASE_BUSY,
    "53100": Say.DATABASE_FULL,
    "25006": Say.DATABASE_READ_ONLY,
    "55000": Say.DATABASE_AWAY,
    "XX001": Say.DATABASE_DAMAGED,
    "XX002": Say.DATABASE_DAMAGED,
    "08": Say.DATABASE_AWAY,
    "53": Say.DATABASE_AWAY,
    "57": Say.DATABASE_AWAY,
    "58": Say.DATABASE_AWAY,
    "3D": Say.DATABASE_AWAY,
    "28": Say.DATABASE_AWAY,
}


# What is kept beside the database for a moment (a photo on its way, a list being written) finds the same disk full.
_OF_DISK = {errno.ENOSPC: Say.DATABASE_FULL, errno.EDQUOT: Say.DATABASE_FULL, errno.EROFS: Say.DATABASE_READ_ONLY}


class Unavailable(Refused):
    """The database could not be asked or written just now. Nothing was written; the same may be tried again later."""

    def __init__(self, say: Say, **figures: str):
        self.say = say
        super().__init__([Problem("", say, figures)])


def reason(error: BaseException) -> Say | None:
    """Why the database did not answer; None where `error` says something else (a rule broken, a fault of the
    program).
    """
    if isinstance(error, NoConnectionLeft):
        return Say.DATABASE_BUSY
    if isinstance(error, OSError) and error.errno is not None:
        return _OF_DISK.get(error.errno)
    raw = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(raw, sqlite3.Error):
        code = getattr(raw, "sqlite_errorcode", None)
        if code is None:
            return None
        return Say.DATABASE_DAMAGED if code == _CUT_SHORT else _OF_SQLITE.get(code & 0xFF)
    if isinstance(raw, psycopg.Error):
        state = raw.sqlstate
        if state is None:  # no server said it: the way to it is broken
            return Say.DATABASE_AWAY if isinstance(raw, psycopg.OperationalError | psycopg.InterfaceError) else None
        return _OF_POSTGRESQL.get(state) or _OF_POSTGRESQL.get(state[:2])
    return None
