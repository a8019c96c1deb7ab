"""The app that `streamlit run dashboard/app.py` serves: our routes and front door around the pages."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from dashboard.form import presence, routes as record_calls
from dashboard.journal import routes as journal_calls
from dashboard.map import files, points
from dashboard.evidence import routes as evidence_calls
from dashboard.tablet import routes as tablet
from dashboard.sign_in import one_time_link, routes, single_sign_on
from dashboard.sign_in.unavailable import unavailable_page
from dashboard.server import room_files
from dashboard.server.middleware import Door
from dashboard.form import waiting
from dashboard.server.prepare import prepare
from dashboard.server.database import database
from dashboard.server.welcome import greet
from dashboard.i18n.words import _

PARTS = (room_files, routes, one_time_link, single_sign_on, presence, files, points, evidence_calls, record_calls, waiting, tablet, journal_calls)
ROUTES = [route for part in PARTS for route in part.ROUTES]
"""HTTP routes of our own beside Streamlit's."""


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict]:
    """Tables and plans before the first request; the start says where the app is."""
    single_sign_on.check()
    greet(prepare(database()))
    yield {}
    database().close()


def say_sorry(error: Exception) -> bool:
    """In place of Streamlit's English trace: what happened, in the person's language. The trace goes to the log."""
    logging.getLogger("so_giam_sat").exception("a page failed", exc_info=error)
    st.error(_("Something went wrong and nothing was written. Try again; if it stays, tell your administrator."),
             icon=":material/error:")
    return True


app = st.App("main.py", on_script_error=say_sorry, routes=ROUTES, middleware=[Middleware(Door, routes=ROUTES, away_page=unavailable_page)], lifespan=lifespan)
