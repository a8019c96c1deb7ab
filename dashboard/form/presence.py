"""Who this browser is signed in as, and the words that `outbox.js` and `assets/form/waiting.js` say.

They are the same words on every page and change with the language and the program alone, so a tablet that has them
(`words` in the address) is not sent them again.
"""

import json
import uuid
import zlib

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.form.form_data import damaged_words
from dashboard.i18n.words import _, language, speak
from dashboard.server.addresses import WHO
from dashboard.server.database import database
from dashboard.server.json_calls import note_tablet
from dashboard.server.middleware import COOKIE
from dashboard.server.routing import OpenRoute
from data_model.accounts import sign_ins

SERVER = uuid.uuid4().hex[:12]
"""This run of the program. A page that meets another one knows that its live connection began anew."""


async def _who(request: Request) -> Response:
    def look():
        with database().reading() as session:
            return sign_ins.who_is(session, request.cookies.get(COOKIE))

    actor = await run_in_threadpool(look)
    speak(actor.language if actor else request.cookies.get("so_giam_sat_language", "vi"))
    who = {"account": None}
    if actor:
        await run_in_threadpool(note_tablet, request, actor)
        who = {"account": actor.id, "name": actor.name, "display_name": actor.display_name}
    texts = _texts()
    words = f"{language()}-{zlib.crc32(json.dumps(texts).encode()):08x}"
    known = {} if request.query_params.get("words") == words else {"texts": texts}
    return JSONResponse({**who, "words": words, "server": SERVER, **known}, headers={"cache-control": "no-store"})


def _texts() -> dict[str, str]:
    """The tablet's words, in the language in use; placeholders are filled in the browser."""
    return {
        "language": language(),
        # the bar
        "lost": _("The connection is lost. What you typed stays on this tablet; trying again…"),
        "ended": _("Your sign-in has ended. What you typed is kept on this tablet."),
        "signIn": _("Sign in again"),
        "waiting": _("{count} records wait on this tablet to be sent.", count="{count}"),
        "waitingPhotos": _("{count} photos and files wait on this tablet to be sent.", count="{count}"),
        "went": _("Sent {count} records that had waited.", count="{count}"),
        "refused": _("Not accepted yet: {name}. Everything you typed is still there.", name="{name}"),
        "open": _("Open and correct"),
        "toCorrect": _("{count} records to correct.", count="{count}"),
        "show": _("Show them"),
        "photoRefused": _("Not accepted: {photo} ({name}).", photo="{photo}", name="{name}"),
        "photosRefused": _("{count} photos and files were not accepted.", count="{count}"),
        "look": _("Look"),
        "others": _(
            "{count} records of {name} wait here; they go when {name} signs in on this tablet.",
            count="{count}",
            name="{name}",
        ),
        "loose": _(
            "There is no room on this tablet: {names} is not kept. Leave the page open until it is sent.",
            names="{names}",
        ),
        "shut": _("This browser keeps nothing on this tablet. Leave a page open until what you wrote is sent."),
        "full": _("This tablet has no room left. What you write now is not kept when the page is closed."),
        "otherTab": _("Close the other tabs of this app on this tablet, so that it can keep what you write."),
        "restarted": _("The service was started again. If a button did nothing, press it once more."),
        # what waits on this tablet
        "nothing": _("Nothing waits on this tablet: everything was sent."),
        "records": _("Waiting to be sent"),
        "returned": _("To correct"),
        "drafts": _("Drafts on this tablet"),
        "sentList": _("Sent from this tablet"),
        "now": _("Try now"),
        "trying": _("Sending…"),
        "saveFile": _("Save what waits as one file"),
        "saveHelp": _(
            "If the tablet cannot send: save this file, and hand it in later on any device by “{page}”.",
            page=_("Hand in a tablet's file"),
        ),
        "saved": _(
            "The file holds {count} records and {photos} photos and files. They stay on this tablet too.",
            count="{count}",
            photos="{photos}",
        ),
        "saveMany": _(
            "What waits is more than one file holds. Save all {count} files, one after the other.", count="{count}"
        ),
        "savePart": _("Save file {number} of {count}", number="{number}", count="{count}"),
        "savedPart": _("File {number}:", number="{number}"),
        "incomplete": _("Not kept whole on this tablet: {name}.", name="{name}"),
        "damaged": damaged_words(),
        "lacking": _("Not in the file, because the tablet cannot read them: {names}", names="{names}"),
        "since": _("waits since {when}", when="{when}"),
        "photos": _("photos and files: {count}", count="{count}"),
        "tried": _("tried {count} times, last {when}", count="{count}", when="{when}"),
        "untried": _("not tried yet"),
        "drop": _("Remove this photo"),
        "reallyDrop": _("Remove {name} for good?", name="{name}"),
        "again": _("Try again"),
        "outcome_cut": _("no connection"),
        "outcome_slow": _("the connection was too slow"),
        "outcome_busy": _("the server was busy"),
        "outcome_wrong": _("the server had a fault"),
        "outcome_portal": _("something else answered than our server"),
        "outcome_large": _("the way to the server lets nothing so large through"),
        "outcome_signed_out": _("waits for your sign-in"),
        "outcome_unread": _("the tablet cannot read this photo any more"),
        "persisted": _("This tablet keeps what you write until it is sent."),
        "notPersisted": _(
            "This browser may clear what it keeps when the tablet is full. Put the app on the home screen, and send"
            " often."
        ),
        "version": _("Version {version}", version="{version}"),
    }


ROUTES = [OpenRoute(WHO, _who, methods=["GET"])]
