"""Has imported what the app needs, and forks an app for every line that it reads (see server.start_forked).

A line is JSON: the command behind `streamlit`, the environment, the file to write the log into. The answer is the
process's id. At the end of its input it ends what still runs.
"""

import importlib
import json
import logging
import os
import pkgutil
import signal
import sys

import streamlit.web.bootstrap
import streamlit.web.cli
import streamlit.web.server.starlette.starlette_app

import dashboard
import data_model
import tests.quick_passwords  # noqa: F401

NOT_YET = ("dashboard.main", "data_model.migrations")
"""What runs only within Streamlit or Alembic."""


def import_all() -> None:
    """Every module of the app, and with them the libraries. Streamlit warns that it is not at work yet, which is so.

    What says something to Streamlit when it is imported is forgotten again, so that each app says it to its own.
    """
    logging.disable()
    for room in (data_model, dashboard):
        for each in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not each.name.startswith(NOT_YET):
                importlib.import_module(each.name)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("dashboard", "streamlit_folium")]:
        del sys.modules[name]
    logging.disable(logging.NOTSET)


def become(command: list[str], environment: dict[str, str], log: str) -> None:
    """Turn this process into the app."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output, nothing = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["streamlit", *command]
    streamlit.web.cli.main(command)


def main() -> None:
    """Fork until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an import prints is no answer
    import_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended ones are not kept
    children = []
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            become(*json.loads(line))
            os._exit(0)
        children.append(child)
        answers.write(f"{child}\n")
        answers.flush()
    for child in children:
        try:
            os.kill(child, signal.SIGTERM)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
