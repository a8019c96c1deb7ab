"""The file of last resort: what waited on a tablet that could not send it, handed in by hand.

It is a ZIP without compression: `tablet.json` names the records and photos, `photos/` holds their bytes by number. A
record in it goes through the same door as one that the tablet sends, by its own UUID, so it is written once however it
comes. It stays its author's. The author hands in what is theirs; a data officer hands in for others, the journal names
both, and nobody verifies what they handed in.
"""

import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeVar

from sqlmodel import Session, select

from data_model.accounts.account import actor_of
from data_model.accounts.tables import Account
from data_model.core.access import Act, Actor
from data_model.core.long_json import read_long_json
from data_model.core.problems import Say, refuse
from data_model.evidence.content import MOST_BYTES

T = TypeVar("T")
CONTENTS = "tablet.json"
FORMAT = 1
MOST_FILE = 1024**3
MOST_CONTENTS = 20_000_000
MOST_RECORDS = 1_000
MOST_PHOTOS = 3_000


@dataclass(frozen=True)
class WaitingPhoto:
    """A photo or file of a record: its number, the name it was chosen by, and where its record belongs."""

    id: uuid.UUID
    record: uuid.UUID
    account_id: int
    account_name: str
    name: str
    plan_id: int
    activity_id: int
    unit_id: int


@dataclass(frozen=True)
class WaitingRecord:
    """A record as the tablet would have sent it. `title` is how the tablet named it.

    `payload` may be of a former version of the tablet's page, without answers; whoever writes it says so.
    """

    record: uuid.UUID
    account_id: int
    account_name: str
    title: str
    payload: dict[str, Any] = field(hash=False)


class TabletFile:
    """A file that was handed in, its contents examined and nothing else read yet. Raises Refused for any other file.

    What is wrong with one row of it keeps no other back: `unread` has the titles and names of rows that cannot be read.
    """

    def __init__(self, file: BinaryIO):
        try:
            self._zip = zipfile.ZipFile(file)
            members = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise refuse(Say.TABLET_FILE_UNREADABLE, "file") from None
        self._sizes = {member.filename: member.file_size for member in members}
        # What is not packed cannot unpack to more than the file that was let in.
        odd = any(m.compress_type != zipfile.ZIP_STORED or m.flag_bits & 1 for m in members)
        if odd or len(members) > MOST_PHOTOS + 1 or self._sizes.get(CONTENTS, MOST_CONTENTS + 1) > MOST_CONTENTS:
            raise refuse(Say.TABLET_FILE_UNREADABLE, "file")
        try:
            told = read_long_json(self._bytes(CONTENTS).decode())
            if told["format"] != FORMAT:
                raise refuse(Say.TABLET_FILE_UNREADABLE, "file")
            rows = told["records"], told["photos"]
            if not all(isinstance(kind, list) for kind in rows):
                raise refuse(Say.TABLET_FILE_UNREADABLE, "file")
        except (ValueError, KeyError, TypeError, RecursionError):
            raise refuse(Say.TABLET_FILE_UNREADABLE, "file") from None
        if len(rows[0]) > MOST_RECORDS or len(rows[1]) > MOST_PHOTOS:
            raise refuse(Say.TABLET_FILE_UNREADABLE, "file")
        self.unread: list[str] = []
        self.records = self._those_read(_record, rows[0])
        self.photos = self._those_read(_photo, rows[1])

    def _those_read(self, read: Callable[[dict[str, Any]], T], rows: list[Any]) -> list[T]:
        found = []
        for row in rows:
            try:
                found.append(read(row))
            except (ValueError, KeyError, TypeError, AttributeError):
                named = isinstance(row, dict) and (row.get("title") or row.get("name") or row.get("record"))
                self.unread.append(str(named or "?")[:300])
        return found

    def content(self, photo: WaitingPhoto) -> bytes:
        """The bytes of one of `photos`. Raises Refused where they are missing, damaged or too many."""
        name = f"photos/{photo.id}"
        if self._sizes.get(name, MOST_BYTES + 1) > MOST_BYTES:
            raise refuse(Say.EVIDENCE_DAMAGED, "evidence", name=photo.name)
        try:
            return self._bytes(name)
        except ValueError:
            raise refuse(Say.EVIDENCE_DAMAGED, "evidence", name=photo.name) from None

    def _bytes(self, name: str) -> bytes:
        try:
            return self._zip.read(name)
        except (zipfile.BadZipFile, OSError, EOFError, KeyError, NotImplementedError) as wrong:
            raise ValueError(name) from wrong


def _record(row: dict[str, Any]) -> WaitingRecord:
    if not isinstance(row["payload"], dict):
        raise ValueError("no content")
    return WaitingRecord(
        uuid.UUID(row["record"]),
        _number(row["account"]),
        str(row["account_name"]),
        str(row.get("title", ""))[:300],
        row["payload"],
    )


def _photo(row: dict[str, Any]) -> WaitingPhoto:
    return WaitingPhoto(
        uuid.UUID(row["id"]),
        uuid.UUID(row["record"]),
        _number(row["account"]),
        str(row["account_name"]),
        str(row["name"])[:1000],
        *(_number(row[name]) for name in ("plan", "activity", "unit")),
    )


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise ValueError("no number of a row")
    return value


def author_for(session: Session, actor: Actor, account_id: int, account_name: str) -> Actor:
    """The account that wrote what `actor` hands in. Raises Refused where it may not hand in for that account, or there
    is none.
    """
    if account_id == actor.id and account_name == actor.name:
        actor.require(Act.WRITE_RECORD)
        return actor
    actor.require(Act.HAND_IN_TABLET_FILE)
    account = session.exec(select(Account).where(Account.id == account_id, Account.name == account_name)).first()
    if account is None:
        raise refuse(Say.NOT_FOUND)
    return actor_of(session, account)
