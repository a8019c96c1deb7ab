"""The tablet's page, its service worker, and the state that it shows without a link.

Page and worker hold nothing of anybody's: they are the same for everybody and open to all. The worker keeps the files
that it names, each as it is now; another content anywhere gives another worker, which takes over when nothing is being
written.
"""

import hashlib
import json
import zlib
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboard.i18n.words import LANGUAGES, _, speak
from dashboard.map.files import FOLDERS
from dashboard.server.addresses import OF_SCRIPTS, TABLET_PAGE, TABLET_STATE, WORKER
from dashboard.server.database import database
from dashboard.server.headers import source_of_tiles
from dashboard.server.json_calls import answering
from dashboard.server.middleware import PAGE_HEADERS
from dashboard.server.page_scripts import outbox_script, page_version
from dashboard.server.room_files import ROOMS
from dashboard.server.routing import OpenRoute
from dashboard.tablet.state import tablet_state
from dashboard.ui.status_look import style_variables
from data_model.core.access import Act, Actor

HERE = Path(__file__).parent
LOOKS = f"{TABLET_PAGE}/mau.css"
CSP = (
    "default-src 'self'; img-src 'self' blob: data:{tiles}; style-src 'self' 'unsafe-inline'; frame-ancestors 'none';"
    " base-uri 'none'; form-action 'self'"
)
"""Leaflet places its tiles by style attributes, which a policy cannot tell from other inline styles."""


def _files() -> dict[str, bytes]:
    """Every file that the page needs, by its address: our scripts and styles, and Leaflet for the picture of the
    ground.
    """
    own = {
        f"/assets/{path.relative_to(ROOMS).as_posix()}": path.read_bytes()
        for room in ("form", "tablet")
        for path in sorted((ROOMS / room).glob("*.[jc]s*"))
        if path.name not in ("worker.js", "record_form.js")
    }
    for name in ("my_work/work_grid.js", "my_work/work_grid.css", "ui/element.js", "ui/icon.svg", "sign_in/plain.css"):
        own[f"/assets/{name}"] = (ROOMS / name).read_bytes()
    outbox = own.pop("/assets/form/outbox.js")
    leaflet = {
        f"/assets-leaflet/{name}": (FOLDERS["leaflet"] / name).read_bytes() for name in ("leaflet.js", "leaflet.css")
    }
    return (
        own
        | {f"/assets/form/outbox.js?v={page_version()}": outbox, LOOKS: looks().encode(), TABLET_PAGE: shell().encode()}
        | leaflet
    )


@cache
def version() -> str:
    """The version of the tablet's page: a number made of the content of all its files and of the worker."""
    content = b"".join(name.encode() + body for name, body in sorted(_files().items()))
    return f"{zlib.crc32(content + (HERE / 'worker.js').read_bytes()):08x}"


@cache
def looks() -> str:
    """Colours of statuses, and what Streamlit's theme gives to the same components on its own pages."""
    return (
        style_variables()
        + ":root{--st-background-color:#fff;--st-secondary-background-color:#eef3f5;--st-text-color:#1d2733;"
        "--st-border-color:#c3ccd3;--st-primary-color:#0b5d7a;--quiet:#52606d;"
        "--st-font:system-ui,'Segoe UI',Roboto,sans-serif}\n"
    )


@cache
def shell() -> str:
    """The page before anything is known: its frame, and its words in both languages."""
    page = Template((HERE / "page.html").read_text(encoding="utf-8"))
    spoken = {}
    for code in LANGUAGES:
        speak(code)
        spoken[code] = _words()
    speak("vi")
    # Read as text by our script: "<" is written so that nothing in it ends the element.
    words = json.dumps(spoken, ensure_ascii=False).replace("<", "\\u003c")
    return page.substitute(words=words, outbox=outbox_script(), looks=LOOKS, title=escape(spoken["vi"]["title"]))


def _words() -> dict[str, str]:
    return {
        "title": _("My work"),
        "as_of": _("As of {when}", when="{when}"),
        "offline": _("Without a connection"),
        "online": _("Connected"),
        "work": _("My work"),
        "waiting": _("What waits on this tablet"),
        "sent": _("What I sent"),
        "queue": _("To send"),
        "more": _("The whole app"),
        "plan": _("Plan"),
        "nobody": _("Sign in once with a connection; then this page opens without one too."),
        "sign_in": _("Sign in"),
        "nothing": _("This tablet has no work kept yet. Open it once with a connection."),
        "no_units": _("You have no commune in a plan of today."),
        "gone": _("This form is not kept on this tablet. Open it with a connection."),
        "back": _("Back to my work"),
        "draft": _("Drafts on this tablet"),
        "continue": _("Continue"),
        "version": _("Version {version}", version="{version}"),
        "update": _(
            "A newer version of this page is ready. It is taken once nothing is being written and nothing waits."
        ),
        "read": _("Read"),
        "correct": _("Correct it"),
        "empty": _("You have sent nothing yet."),
        "status": _("Status"),
        "reload": _("Get the newest state"),
        "ended": _("Your sign-in has ended. You can go on writing; sign in again to send."),
        "waits": _("{count} wait to be sent", count="{count}"),
        "loading": _("Opening…"),
        "no_store": _("This browser keeps nothing on this tablet. Leave a page open until what you wrote is sent."),
    }


async def _shell(request: Request) -> Response:
    return HTMLResponse(
        shell(),
        headers=PAGE_HEADERS
        | {
            "cache-control": "no-cache",
            "content-security-policy": CSP.format(tiles=source_of_tiles()),
        },
    )


async def _looks(request: Request) -> Response:
    return Response(looks(), media_type="text/css", headers={"cache-control": "no-cache"})


async def _worker(request: Request) -> Response:
    files = {address: hashlib.sha256(content).hexdigest() for address, content in sorted(_files().items())}
    head = (
        f"const VERSION = {json.dumps(version())};\nconst FILES = {json.dumps(files)};\n"
        f"const ADDRESSES = {json.dumps(OF_SCRIPTS)};\n"
    )
    return Response(
        head + (HERE / "worker.js").read_text(encoding="utf-8"),
        media_type="text/javascript",
        headers={"cache-control": "no-cache"},
    )


@answering
async def _state(request: Request, actor: Actor) -> Response:
    actor.require(Act.WRITE_RECORD)
    body = await run_in_threadpool(_read, actor)
    tag = f'"{zlib.crc32(body):08x}-{len(body)}"'
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": "cookie"}
    if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _read(actor: Actor) -> bytes:
    speak(actor.language)
    with database().reading() as session:
        state = tablet_state(session, actor)
    # The hour it is from is told beside it: the same state twice is the same bytes.
    state.pop("at")
    return json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()


PACKED = [Middleware(GZipMiddleware, minimum_size=1000)]
ROUTES = [
    OpenRoute(TABLET_PAGE, _shell, methods=["GET"], middleware=PACKED),
    OpenRoute(LOOKS, _looks, methods=["GET"]),
    OpenRoute(WORKER, _worker, methods=["GET"], middleware=PACKED),
    Route(TABLET_STATE, _state, methods=["GET"], middleware=PACKED),
]
