"""The script that Streamlit runs at every visit and tap: who acts, which pages they have, the chosen page."""

from pathlib import Path

import streamlit as st

from dashboard.ui.frame import acting, sample_notice
from dashboard.ui.navigation import arrive
from dashboard.pages import pages_for

# A file of ours: an icon by name would be fetched from the internet.
ICON = Path(__file__).parent / "ui" / "icon.svg"

st.set_page_config(page_title="Sổ giám sát", page_icon=str(ICON), layout="wide", initial_sidebar_state="collapsed")
actor = acting()
page = st.navigation(pages_for(actor), position="top")
arrive(page.url_path)
with st.container(key="page"):  # named for its style, see door.py
    sample_notice()
    page.run()
