"""Parts of pages that Streamlit has no widget for, as components (v2) with their own script and style files."""

from functools import cache

import streamlit as st

from dashboard.server.room_files import ROOMS
from dashboard.ui.status_look import style_variables


@cache
def component(name: str):
    """The component `name` ("room/file"), made of file.js and file.css of that room; once a process."""
    script = (ROOMS / f"{name}.js").read_text(encoding="utf-8")
    style = ROOMS / f"{name}.css"
    return st.components.v2.component(
        f"so_giam_sat.{name.replace('/', '.')}", html="<div class='root'></div>", js=script,
        css=style_variables() + style.read_text(encoding="utf-8") if style.exists() else None,
    )
