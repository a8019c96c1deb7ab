"""The script that Streamlit runs at every visit and tap: who acts, which pages they have, the chosen page."""

import streamlit as st

from dashboard.pages import pages_for
from dashboard.ui.frame import acting, sample_notice
from dashboard.ui.navigation import arrive

st.set_page_config(layout="wide", initial_sidebar_state="collapsed")
actor = acting()
page = st.navigation(pages_for(actor), position="top")
# Without an icon: the page that the browser got names ours already (server/middleware.py).
st.set_page_config(page_title=" · ".join(dict.fromkeys((page.title, "Sổ giám sát"))))
arrive(page.url_path)
with st.container(key="page"):  # named for its style, see server/middleware.py
    sample_notice()
    page.run()
