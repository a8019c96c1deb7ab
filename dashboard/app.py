"""The app that `streamlit run dashboard/app.py` serves: our routes and front door around the pages."""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from dashboard import map_points, maps_files, signin
from dashboard.door import Door
from dashboard.prepare import prepare
from dashboard.store import database
from dashboard.words import _


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict]:
    """Tables, plans and the first administrator's link, before the first request."""
    link = prepare(database())
    if link:
        port = st.get_option("server.port")
        sys.stdout.write(
            "\n  Make the first administrator / Tạo tài khoản quản trị đầu tiên:\n"
            f"  http://localhost:{port}{link}\n\n"
        )
        sys.stdout.flush()
    yield {}
    database().close()


def say_sorry(error: Exception) -> bool:
    """In place of Streamlit's English trace: what happened, in the person's language. The trace goes to the log."""
    logging.getLogger("so_giam_sat").exception("a page failed", exc_info=error)
    st.error(_("Something went wrong and nothing was written. Try again; if it stays, tell your administrator."),
             icon=":material/error:")
    return True


app = st.App(
    "main.py", on_script_error=say_sorry, routes=[*signin.ROUTES, *maps_files.ROUTES, *map_points.ROUTES], middleware=[Middleware(Door)], lifespan=lifespan,
)
