"""Backing up, restoring and proving backups from the command line: `make backup`, `make restore FILE=...`, `make
drill`.
"""

import argparse
import sys
from pathlib import Path

from dashboard.i18n.words import _, refusal
from data_model.backup.copies import Manifest, back_up, backups, drill, keep_newest, restore
from data_model.core import settings
from data_model.core.database import Database
from data_model.core.problems import Refused

KEPT = 30
"""Backups that stay in the folder when a newer one is made."""


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; gives 0, or 1 with one sentence that says what to do."""
    asked = argparse.ArgumentParser(prog="backup", description=__doc__)
    asked.add_argument("act", choices=("make", "restore", "drill"))
    asked.add_argument("file", nargs="?", type=Path, help="the backup to restore or to prove; by default the newest")
    asked.add_argument("--folder", type=Path, default=settings.data_folder() / "backups")
    asked.add_argument("--keep", type=int, default=KEPT, help="how many backups stay in the folder")
    told = asked.parse_args(arguments)
    sys.stdout.reconfigure(errors="replace")
    try:
        print(_done(told.act, told.file, told.folder, told.keep))
    except Refused as refused:
        print(refusal(refused))
        return 1
    return 0


def _done(act: str, file: Path | None, folder: Path, keep: int) -> str:
    if act == "make":
        database = Database()
        try:
            made = back_up(database, folder)
        finally:
            database.close()
        manifest = drill(made)
        keep_newest(folder, keep)
        return "\n".join((_("Backed up: {path}", path=str(made)), _holds(manifest), _proved()))
    chosen = file or next(iter(backups(folder)), None)
    if chosen is None:
        return _("No backup stands in {folder} yet.", folder=str(folder))
    if act == "drill":
        return "\n".join((str(chosen), _holds(drill(chosen)), _proved()))
    database = Database()
    try:
        manifest = restore(chosen, database)
    finally:
        database.close()
    return "\n".join((_("Restored from {path}.", path=str(chosen)), _holds(manifest), _proved()))


def _holds(manifest: Manifest) -> str:
    rows = manifest.rows
    return _(
        "{records} records, {photos} photos and files, {entries} journal entries, as of {at}.",
        records=rows.get("field_record", 0),
        photos=rows.get("evidence", 0),
        entries=rows.get("journal", 0),
        at=manifest.at,
    )


def _proved() -> str:
    return _("Proved: the hash is right and every table holds as many rows as the backup says.")


if __name__ == "__main__":
    sys.exit(main())
