"""The journal's head, written outside the database after each act, where whoever alters the database does not reach it.

A line is "number hash moment". Where it goes is a setting: a file, best on a disk that this machine may only append
to, or the log.
"""

import logging
import os
import sys
from collections.abc import Iterator

from data_model.core import clock, settings

LOG = "log"
_log = logging.getLogger("so_giam_sat.journal")


def append(number: int, digest: str) -> None:
    """Write a line. A copy that cannot be written is told in the log: the act it belongs to stands already."""
    place = settings.journal_copy()
    if place is None:
        return
    line = f"{number} {digest} {clock.now().isoformat(timespec='seconds')}\n"
    if place == LOG:
        sys.stderr.write(f"journal {line}")
        return
    try:
        file = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode())  # at once, so that lines of several processes never mix
        finally:
            os.close(file)
    except OSError:
        _log.exception("the head of the journal, number %s, could not be copied to %s", number, place)


def copied() -> Iterator[tuple[int, str] | None]:
    """Number and hash of each line, None for a line that is none. Nothing where no file is set. Raises OSError."""
    place = settings.journal_copy()
    if place in (None, LOG):
        return
    with open(place, "rb") as file:
        for line in file:
            number, *digest = line.decode("ascii", "replace").split()[:2] or [""]
            yield (
                (int(number), digest[0])
                if number.isascii() and number.isdigit() and len(number) < 19 and digest
                else None
            )
