"""The app that `streamlit run dashboard/app.py` serves: our routes and middleware around the pages."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from anyio.to_thread import current_default_thread_limiter
from starlette.middleware import Middleware
from streamlit.errors import StreamlitAuthError

from dashboard.accounts import routes as account_routes
from dashboard.evidence import routes as evidence_calls
from dashboard.follow_up import routes as follow_up_routes
from dashboard.form import presence, waiting
from dashboard.form import routes as record_calls
from dashboard.i18n.words import _, load_words, plain, refusal
from dashboard.journal import routes as journal_calls
from dashboard.map import files, points
from dashboard.plans import routes as plan_routes
from dashboard.records import routes as record_routes
from dashboard.server import health, room_files
from dashboard.server.database import database
from dashboard.server.middleware import AccessMiddleware
from dashboard.server.prepare import CannotStart, check_database, check_settings, prepare
from dashboard.server.slow_headers import end_slow_headers
from dashboard.server.welcome import end, greet
from dashboard.sign_in import one_time_link, routes, single_sign_on
from dashboard.sign_in.unavailable import unavailable_page
from dashboard.snapshots import routes as snapshot_routes
from dashboard.tablet import routes as tablet
from data_model.core.unavailable import Unavailable

PARTS = (
    room_files,
    health,
    routes,
    one_time_link,
    single_sign_on,
    presence,
    files,
    points,
    evidence_calls,
    record_calls,
    waiting,
    tablet,
    journal_calls,
    record_routes,
    plan_routes,
    account_routes,
    follow_up_routes,
    snapshot_routes,
)
ROUTES = [route for part in PARTS for route in part.ROUTES]
"""HTTP routes of our own beside Streamlit's."""
THREADS = 120
"""More than may wait for the database's one writer (database.MOST_WAITING), so that readers always find one."""


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict]:
    """Tables and plans before the first request; the start says where the app is, or in one sentence why it cannot
    be.
    """
    current_default_thread_limiter().total_tokens = THREADS
    try:
        check_settings()
        single_sign_on.check()
        check_database()
        link = prepare(database())
    except CannotStart as why:
        end(str(why))
    except StreamlitAuthError as incomplete:
        end(f"Không khởi động được: mục [auth] của secrets.toml chưa đủ / Cannot start: {incomplete}")
    greet(link)
    end_slow_headers()
    settle()
    yield {}
    database().close()


def settle() -> None:
    """Do once, before anybody waits for it, what would hold everybody up later: the catalogues are read, and what the
    start made, which stays as long as the process, is taken out of the collector's hands. Each full collection of
    garbage walks all that is in them, and nothing else runs meanwhile.
    """
    load_words()
    gc.collect()
    gc.freeze()


def say_sorry(error: Exception) -> bool:
    """In place of Streamlit's English trace: what happened, in the person's language. A fault's trace goes to the
    log.
    """
    if isinstance(error, Unavailable):
        logging.getLogger("so_giam_sat").warning("a page: %s", error.say.name)
        st.error(plain(refusal(error)), icon=":material/cloud_off:")
        st.button(_("Try again"), icon=":material/refresh:", key="database-away")  # any tap runs the page anew
        return True
    logging.getLogger("so_giam_sat").exception("a page failed", exc_info=error)
    st.error(
        _("Something went wrong and nothing was written. Try again; if it stays, tell your administrator."),
        icon=":material/error:",
    )
    return True


app = st.App(
    "main.py",
    on_script_error=say_sorry,
    routes=ROUTES,
    middleware=[Middleware(AccessMiddleware, routes=ROUTES, away_page=unavailable_page)],
    lifespan=lifespan,
)
