"""Script, style and picture files of the rooms, served from where they lie: /assets/form/form.js is
dashboard/form/form.js.
"""

import os
from pathlib import Path, PurePosixPath

from starlette.staticfiles import StaticFiles

from dashboard.server.routing import OpenMount

ROOMS = Path(__file__).parents[1]
SERVED = (".js", ".css", ".svg")
"""Nothing else of a room leaves it: no program, no template, no catalogue."""


class RoomFiles(StaticFiles):
    """Files of the rooms that a browser is meant to have, open to everybody."""

    def __init__(self) -> None:
        super().__init__(directory=ROOMS)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """As Starlette does, for endings of `SERVED` alone; anything else is not there."""
        return super().lookup_path(path) if PurePosixPath(path).suffix in SERVED else ("", None)


ROUTES = [OpenMount("/assets", RoomFiles(), name="assets")]
