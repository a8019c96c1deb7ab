"""A backup: one file with the whole database, photos and journal included, and a manifest that proves it.

SQLite is copied by its own backup, which takes what still stands in the write-ahead log; a plain copy of the file would
lack it. PostgreSQL is written by pg_dump from the same moment that the manifest counts. A copy is restored only into an
empty place, and only after its hash was found right; then the rows are counted again.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from alembic.migration import MigrationContext
from sqlalchemy import URL, Connection, create_engine, inspect, text
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from data_model.core import clock
from data_model.core.database import Database
from data_model.core.problems import Say, refuse

MANIFEST, CONTENT = "manifest.json", "database"
ENDING = ".sgs-backup.zip"
MOST_MANIFEST = 1_000_000
"""Bytes of a manifest: what is larger is none of ours."""
CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    `system`: "sqlite" or "postgresql". `digest`: SHA-256 of the copied database. `rows`: how many each table holds.
    `newest_record`: id of the record that was changed last, None where there is none. `migration`: the tables' version.
    """

    made_at: str
    system: str
    migration: str
    digest: str
    size: int
    rows: dict[str, int]
    newest_record: str | None

    @property
    def at(self) -> datetime:
        """When it was made, in UTC."""
        return datetime.fromisoformat(self.made_at)


def back_up(database: Database, folder: Path) -> Path:
    """A new file in `folder` with the whole database as it is at one moment; gives its path. Raises Refused.

    The file bears its name only once it is whole and on disk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made_at = clock.now()
    final = folder / f"so-giam-sat-{made_at:%Y%m%d-%H%M%S-%f}{ENDING}"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as work:
        copy = Path(work) / CONTENT
        rows, newest, migration = (
            _copy_sqlite(database, copy) if _is_sqlite(database) else _dump_postgresql(database, copy)
        )
        manifest = Manifest(
            made_at.isoformat(), _system(database), migration, _digest(copy), copy.stat().st_size, rows, newest
        )
        packed = Path(work) / "packed.zip"
        # Photos and dumps are compressed already.
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
            archive.write(copy, CONTENT)
        _to_disk(packed)
        packed.replace(final)
    _to_disk(folder)
    return final


def backups(folder: Path) -> list[Path]:
    """The backups of a folder, the newest first."""
    return sorted(folder.glob(f"*{ENDING}"), reverse=True) if folder.is_dir() else []


def keep_newest(folder: Path, count: int) -> list[Path]:
    """Delete all but the `count` newest backups of a folder; gives those deleted. At least one always stays."""
    gone = backups(folder)[max(count, 1) :]
    for path in gone:
        path.unlink()
    return gone


def read_manifest(file: Path) -> Manifest:
    """What the backup says of itself. Raises Refused where the file is no backup."""
    try:
        with zipfile.ZipFile(file) as archive:
            if (
                archive.getinfo(MANIFEST).file_size > MOST_MANIFEST
                or archive.getinfo(CONTENT).compress_type != zipfile.ZIP_STORED
            ):
                raise refuse(Say.NO_BACKUP, name=file.name)
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            if manifest.system not in ("sqlite", "postgresql") or not manifest.at.tzinfo:
                raise refuse(Say.NO_BACKUP, name=file.name)
            return manifest
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, NotImplementedError):
        raise refuse(Say.NO_BACKUP, name=file.name) from None


def restore(file: Path, database: Database) -> Manifest:
    """Put the backup into the empty place that `database` names, bring it to this version, and prove it.

    Raises Refused, and leaves the place as it was, where the file is damaged, where something is there already, or
    where the place is of the other database system.
    """
    manifest = read_manifest(file)
    if manifest.system != _system(database):
        raise refuse(Say.BACKUP_OTHER_SYSTEM, system=manifest.system)
    if _holds_something(database):
        raise refuse(Say.RESTORE_NOT_EMPTY)
    with _unpacked(file, manifest) as copy:
        if _is_sqlite(database):
            _check_sqlite(copy, manifest)
            database.close()
            place = Path(database.engine.url.database or "")
            _to_disk(copy)
            shutil.move(copy, place)
        else:
            _restore_postgresql(database, copy)
    _prove(database, manifest)
    database.migrate()
    return manifest


def drill(file: Path) -> Manifest:
    """Prove a backup without touching any installation: unpack, check its hash, and, for SQLite, restore it beside and
    count.

    A PostgreSQL dump is read through by pg_restore. Raises Refused where it does not hold.
    """
    manifest = read_manifest(file)
    with _unpacked(file, manifest) as copy:
        if manifest.system == "sqlite":
            _check_sqlite(copy, manifest)
        else:
            _run("pg_restore", "--list", str(copy))
    return manifest


def _system(database: Database) -> str:
    return database.engine.dialect.name


def _is_sqlite(database: Database) -> bool:
    return _system(database) == "sqlite"


def _copy_sqlite(database: Database, copy: Path) -> tuple[dict[str, int], str | None, str]:
    with closing(sqlite3.connect(copy)) as target:
        with closing(sqlite3.connect(f"file:{database.engine.url.database}?mode=ro", uri=True)) as source:
            source.backup(target, pages=4096)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    with create_engine(f"sqlite:///{copy}", poolclass=NullPool).connect() as connection:
        return _counted(connection)


def _dump_postgresql(database: Database, copy: Path) -> tuple[dict[str, int], str | None, str]:
    with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        moment = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        found = _counted(connection)
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={moment}",
            f"--file={copy}",
            _address(database.engine.url),
            secret=database.engine.url.password,
        )
    return found


def _restore_postgresql(database: Database, copy: Path) -> None:
    url = database.engine.url
    _run(
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={_address(url)}",
        str(copy),
        secret=url.password,
    )


def _address(url: URL) -> str:
    """As PostgreSQL's own tools take it, without the password: what stands on a command line can be read by others."""
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _run(tool: str, *arguments: str, secret: object = None) -> None:
    found = shutil.which(tool)
    if found is None:
        raise refuse(Say.TOOL_MISSING, tool=tool)
    environment = os.environ | ({"PGPASSWORD": str(secret)} if secret else {})
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise refuse(Say.TOOL_FAILED, tool=tool, said=done.stderr.strip()[-500:])


def _counted(connection: Connection) -> tuple[dict[str, int], str | None, str]:
    """How many rows each table holds, the record changed last, the version of the tables."""
    quote = connection.dialect.identifier_preparer.quote
    rows = {
        name: connection.execute(text(f"SELECT count(*) FROM {quote(name)}")).scalar_one()
        for name in sorted(_tables(connection))
    }
    newest = (
        connection.execute(text("SELECT id FROM field_record ORDER BY changed_at DESC, id LIMIT 1")).scalar()
        if "field_record" in rows
        else None
    )
    version = MigrationContext.configure(connection).get_current_revision() or ""
    return rows, None if newest is None else str(newest).replace("-", ""), version


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) & set(SQLModel.metadata.tables)


def _holds_something(database: Database) -> bool:
    if _is_sqlite(database) and not Path(database.engine.url.database or "").exists():
        return False
    with database.engine.connect() as connection:
        return bool(inspect(connection).get_table_names())


def _prove(database: Database, manifest: Manifest) -> None:
    with database.engine.connect() as connection:
        rows, newest, _version = _counted(connection)
    if newest != manifest.newest_record or any(rows.get(name) != count for name, count in manifest.rows.items()):
        raise refuse(Say.BACKUP_DAMAGED)


def _check_sqlite(copy: Path, manifest: Manifest) -> None:
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as connection:
        try:
            sound = connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
            counted = all(
                connection.execute(f'SELECT count(*) FROM "{name}"').fetchone() == (count,)
                for name, count in manifest.rows.items()
            )
        except sqlite3.DatabaseError:
            sound = counted = False
    if not (sound and counted):
        raise refuse(Say.BACKUP_DAMAGED)


@contextmanager
def _unpacked(file: Path, manifest: Manifest) -> Iterator[Path]:
    """The copied database out of the file, in a folder of its own, its hash found right."""
    with tempfile.TemporaryDirectory(prefix="so-giam-sat-") as work:
        copy = Path(work) / CONTENT
        try:
            with zipfile.ZipFile(file) as archive, archive.open(CONTENT) as packed, copy.open("wb") as out:
                shutil.copyfileobj(packed, out, CHUNK)
        except (OSError, zipfile.BadZipFile, EOFError):
            raise refuse(Say.BACKUP_DAMAGED) from None
        if copy.stat().st_size != manifest.size or _digest(copy) != manifest.digest:
            raise refuse(Say.BACKUP_DAMAGED)
        yield copy


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
