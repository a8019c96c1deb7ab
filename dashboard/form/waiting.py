"""Two plain pages of the tablet: what waits on it, and handing in the file that a tablet saved.

The first holds nothing of the server's and is given to everybody: what it shows stands on the tablet itself.
"""

import logging
from collections.abc import Mapping
from html import escape
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from dashboard.form.routes import refused_words, write_payload
from dashboard.i18n.words import _, refusal
from dashboard.server.addresses import HAND_IN_PAGE, SIGN_IN, WAITING_PAGE
from dashboard.server.database import database
from dashboard.server.json_calls import answering, refusal_answer
from dashboard.server.limits import MOST_OF_AN_UPLOAD
from dashboard.server.middleware import COOKIE
from dashboard.server.routing import LargeRoute, OpenRoute
from dashboard.sign_in.plain_page import HEADERS, listen, page
from data_model.accounts import sign_ins
from data_model.core.access import Act, Actor
from data_model.core.problems import Refused, Say, refuse
from data_model.evidence import attachments
from data_model.evidence.content import examine
from data_model.evidence.tablet_files import MOST_FILE, TabletFile, WaitingPhoto, WaitingRecord, author_for
from data_model.records.writing import Entry

IN_MEMORY = 1024 * 1024
# Photos of the tablet's own store are shown from memory.
_POLICY = {"content-security-policy": HEADERS["content-security-policy"] + "; img-src 'self' blob:"}


async def _waiting(request: Request) -> Response:
    listen(request)
    body = '<div id="waiting"></div><script type="module" src="/assets/form/waiting_page.js"></script>' + _ways()
    return _wide(page(request, _("What waits on this tablet"), body))


async def _show_hand_in(request: Request) -> Response:
    listen(request)
    if await run_in_threadpool(_caller, request) is None:
        return RedirectResponse(f"{SIGN_IN}?next={HAND_IN_PAGE}", 303)
    whence = _(
        "The tablet saves the file under “{page}”. Each record in it is written once, however often it is handed in.",
        page=_("What waits on this tablet"),
    )
    sending = _("Being read and written; large files take some minutes…")
    failed = _("The file did not arrive. Check the connection and hand it in again: nothing is written twice.")
    body = (
        f'<p class="help">{escape(whence)}</p>'
        f'<form id="hand-in" data-sending="{escape(sending)}" data-failed="{escape(failed)}">'
        f'<label for="file">{escape(_("The file of the tablet"))}</label>'
        '<input id="file" type="file" accept=".zip" required>'
        f'<button type="submit">{escape(_("Hand it in"))}</button></form><div id="said"></div>'
        '<script type="module" src="/assets/form/hand_in_page.js"></script>'
    )
    return _wide(page(request, _("Hand in a tablet's file"), body + _ways()))


def _ways() -> str:
    return f'<p><a class="way" href="/">{escape(_("To the app"))}</a></p>'


def _wide(made: Response) -> Response:
    made.body = made.body.replace(b"<body>", b'<body class="wide">', 1)
    made.headers["content-length"] = str(len(made.body))
    made.headers.update(_POLICY)
    return made


def _caller(request: Request) -> Actor | None:
    with database().reading() as session:
        return sign_ins.who_is(session, request.cookies.get(COOKIE))


@answering
async def _hand_in(request: Request, actor: Actor) -> Response:
    actor.require(Act.WRITE_RECORD)
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > MOST_FILE:
        return refusal_answer(_too_large(), 413)
    with SpooledTemporaryFile(IN_MEMORY) as file:
        try:
            async for chunk in request.stream():
                if file.tell() + len(chunk) > MOST_FILE:
                    return refusal_answer(_too_large(), 413)
                file.write(chunk)
        except ClientDisconnect:
            return Response(status_code=400)
        return JSONResponse(await run_in_threadpool(_take_in, actor, file))


def _too_large() -> Refused:
    return refuse(Say.TABLET_FILE_TOO_LARGE, "file", most=MOST_FILE // 2**20)


def _take_in(actor: Actor, file: BinaryIO) -> dict[str, Any]:
    """Each record and photo by its own call, in a transaction of its own: one that is refused keeps no other
    back.
    """
    file.seek(0)
    found = TabletFile(file)
    lines = [_record(actor, one) for one in found.records] + [_photo(actor, found, one) for one in found.photos]
    lines += [
        {"title": title, "ok": False, "text": _("The file holds too little of it to read it.")}
        for title in found.unread
    ]
    good = sum(line["ok"] for line in lines)
    return {
        "lines": lines,
        "words": _("{good} of {all} records and photos are in the app now.", good=good, all=len(lines)),
    }


def _record(actor: Actor, one: WaitingRecord) -> dict[str, Any]:
    line = {"record": str(one.record), "title": one.title or str(one.record)}
    if not isinstance(one.payload.get("answers"), Mapping):
        only_part = _(
            "The tablet kept only part of this record. Open it on the tablet, complete it and send it from there."
        )
        return line | {"ok": False, "text": only_part}
    try:
        with database().reading() as session:
            author = author_for(session, actor, one.account_id, one.account_name)
        kept = write_payload(author, str(one.record), {**one.payload, "sends": True}, channel="file", handing_in=actor)
    except Refused as refused:
        words = [
            ": ".join(filter(None, (p["field"], p["text"]))) for p in refused_words(refused, one.payload)["problems"]
        ]
        return line | {"ok": False, "text": " ".join(words)}
    except (KeyError, TypeError, ValueError):
        logging.getLogger("so_giam_sat").warning("a record of a tablet's file could not be read", exc_info=True)
        return line | {"ok": False, "text": _(Say.NOT_UNDERSTOOD)}
    return line | {
        "ok": True,
        "version": kept["version"],
        "status": kept["status"],
        "text": kept["words"] or _("It is in the app."),
    }


def _photo(actor: Actor, found: TabletFile, one: WaitingPhoto) -> dict[str, Any]:
    line = {"evidence": str(one.id), "title": one.name}
    entry = Entry(one.record, one.plan_id, one.activity_id, one.unit_id, {}, channel="file")
    try:
        with database().reading() as session:
            author = author_for(session, actor, one.account_id, one.account_name)
            known = attachments.expect(session, author, one.id, entry)
        if known is None:
            examined = examine(found.content(one), one.name)
            with database().writing() as session:
                attachments.attach(session, author, one.id, entry, examined)
    except Refused as refused:
        return line | {"ok": False, "text": refusal(refused)}
    return line | {"ok": True, "text": _("It is in the app.")}


ROUTES = [
    OpenRoute(WAITING_PAGE, _waiting, methods=["GET"]),
    OpenRoute(HAND_IN_PAGE, _show_hand_in, methods=["GET"]),
    LargeRoute(HAND_IN_PAGE, _hand_in, methods=["POST"], most=MOST_FILE + MOST_OF_AN_UPLOAD),
]
