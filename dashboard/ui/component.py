"""Parts of pages that Streamlit has no widget for, as components (v2) with their own script and style files."""

from functools import cache
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parents[1] / "components"


@cache
def component(name: str):
    """The component `name`, made of name.js and name.css of this folder; once a process."""
    script = (FOLDER / f"{name}.js").read_text(encoding="utf-8")
    style = FOLDER / f"{name}.css"
    return st.components.v2.component(
        f"so_giam_sat.{name}", html="<div class='root'></div>", js=script,
        css=style.read_text(encoding="utf-8") if style.exists() else None,
    )
