"""Settings of an installation, read from the environment.

SO_GIAM_SAT_DATA    folder of the embedded database; default `data` beside the project
DATABASE_URL        another database, e.g. postgresql://user:password@host/name
SO_GIAM_SAT_TODAY   pins "today" (YYYY-MM-DD), for training and demonstrations
SO_GIAM_SAT_SAMPLE  set to 1 where the database holds sample data: every page says so
SO_GIAM_SAT_TILES   address template of background map tiles; none by default
SO_GIAM_SAT_SINGLE_SIGN_ON  name of the organisation whose own sign-in is offered beside ours; none by default.
                    Needs the section [auth] of Streamlit's secrets
SO_GIAM_SAT_JOURNAL_COPY  file to which the journal's head is appended after each act, or `log` for the log; none by
                          default
SO_GIAM_SAT_TIME_STAMP_SERVER  address of an RFC 3161 server that stamps the journal's head when a snapshot is issued;
                               none by default
SO_GIAM_SAT_TIME_STAMP_ROOTS   PEM file of the root certificates that its stamps are checked by
"""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def data_folder() -> Path:
    """The folder that holds the embedded database; made when it is missing."""
    folder = Path(os.environ.get("SO_GIAM_SAT_DATA") or PROJECT / "data")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def database_url() -> str:
    """SQLAlchemy address of the database; PostgreSQL goes through psycopg."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return f"sqlite:///{data_folder() / 'so_giam_sat.db'}"
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url


def pinned_today() -> str | None:
    """The day that SO_GIAM_SAT_TODAY pins, as YYYY-MM-DD, or None."""
    return os.environ.get("SO_GIAM_SAT_TODAY") or None


def is_sample() -> bool:
    """Whether this installation shows sample data."""
    return os.environ.get("SO_GIAM_SAT_SAMPLE") == "1"


def tiles() -> str | None:
    """Address template of background tiles, or None for the plain map."""
    return os.environ.get("SO_GIAM_SAT_TILES") or None


def single_sign_on() -> str | None:
    """Name of the organisation whose sign-in is offered, or None."""
    return os.environ.get("SO_GIAM_SAT_SINGLE_SIGN_ON") or None


def journal_copy() -> str | None:
    """File that takes the heads of the journal, "log" for the log, or None."""
    return os.environ.get("SO_GIAM_SAT_JOURNAL_COPY") or None


def time_stamp_server() -> str | None:
    """Address of the server that stamps heads of the journal, or None."""
    return os.environ.get("SO_GIAM_SAT_TIME_STAMP_SERVER") or None


def time_stamp_roots() -> str | None:
    """PEM file of its root certificates, or None."""
    return os.environ.get("SO_GIAM_SAT_TIME_STAMP_ROOTS") or None
