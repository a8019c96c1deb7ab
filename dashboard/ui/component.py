"""Parts of pages that Streamlit has no widget for, as components (v2) with their own script and style files."""

import re
from functools import cache
from pathlib import Path

import streamlit as st

from dashboard.server.room_files import ROOMS
from dashboard.ui.status_look import style_variables

_IMPORT = re.compile(r'^import \{ [\w, ]+ \} from "(\.{1,2}/[\w./]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function |const )", re.MULTILINE)


def _script(file: Path) -> str:
    """The text of `file`, with what it imports in its place: a component's script comes from no address to import
    from.
    """
    return _IMPORT.sub(
        lambda found: _EXPORT.sub("", (file.parent / found[1]).read_text(encoding="utf-8")),
        file.read_text(encoding="utf-8"),
    )


@cache
def component(name: str):
    """The component `name` ("room/file"), made of file.js and file.css of that room; once a process."""
    style = ROOMS / f"{name}.css"
    return st.components.v2.component(
        f"so_giam_sat.{name.replace('/', '.')}",
        html="<div class='root'></div>",
        js=_script(ROOMS / f"{name}.js"),
        css=style_variables() + style.read_text(encoding="utf-8") if style.exists() else None,
    )
