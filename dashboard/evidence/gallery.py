"""Evidence on a page: photos as a grid of small pictures, whole on a tap, and files to take away."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.evidence.routes import full_address, thumbnail_address
from dashboard.i18n.words import _, moment, number, say
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.ui.component import component
from dashboard.ui.navigation import go
from data_model.core.access import Actor
from data_model.evidence import attachments
from data_model.evidence.attachments import Piece
from data_model.evidence.content import Medium
from data_model.plans.view import PlanView


@dataclass(frozen=True)
class Thumb:
    """What a list shows of a record's evidence: the address of its first photo (None: files only), how many pieces
    there are.
    """

    address: str | None
    count: int


def gallery(actor: Actor, record_id: uuid.UUID) -> int:
    """A record's photos and files, as far as the account may see them; gives how many, and draws nothing where there is
    none.
    """
    with database().reading() as session:
        pieces = attachments.list_evidence(session, actor, record_id)
        waiting = attachments.on_the_way(session, actor, [record_id]).get(record_id, 0)
    show(pieces, f"evidence-{record_id}", taken)
    if waiting:
        st.caption(_("{count} photos and files are still on the tablet and will follow.", count=waiting))
    return len(pieces)


def thumbs(actor: Actor, record_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Thumb]:
    """First photo and number of pieces for the records of a list; records without evidence are left out."""
    with database().reading() as session:
        found = attachments.covers(session, actor, record_ids)
    return {
        record_id: Thumb(thumbnail_address(cover.photo_id) if cover.photo_id else None, cover.count)
        for record_id, cover in found.items()
    }


def latest(actor: Actor, plan: PlanView, unit_id: int) -> None:
    """The newest photos of a commune, each leading on to its record."""
    with database().reading() as session:
        found = attachments.latest_photos(session, actor, plan.id, unit_id)
    if not found:
        return
    st.markdown(f"**{_('Latest photos')}**")
    name_of = {piece.id: say(plan.line_by_activity[activity_id].name) for piece, activity_id in found}
    show(
        [piece for piece, _activity in found],
        f"photos-{plan.code}-{unit_id}",
        lambda piece: [name_of[piece.id], *taken(piece)],
        opens_record=True,
    )


def show(pieces: Sequence[Piece], key: str, lines: Callable[[Piece], list[str]], opens_record: bool = False) -> None:
    """Draw pieces, each photo with its `lines` below; with `opens_record` a photo leads on to its record."""
    if not pieces:
        return
    photos = [_photo(piece, lines(piece), opens_record) for piece in pieces if piece.medium is Medium.PHOTO]
    files = [
        {"name": p.name, "full": full_address(p.id), "size": _size(p.size)} for p in pieces if p.medium is Medium.FILE
    ]
    opened = component("evidence/gallery")(
        data={"photos": photos, "files": files, "words": _words()}, key=key, on_open_change=lambda: None
    ).open
    wanted = opened.get("record") if isinstance(opened, dict) else None
    if wanted in {photo["opens"]["record"] for photo in photos if photo["opens"]}:
        go(addresses.RECORD, record=wanted)


def taken(piece: Piece) -> list[str]:
    """When a photo was taken, as far as it says so itself; otherwise when it came."""
    return [
        _("taken {when}", when=moment(piece.taken_at))
        if piece.taken_at
        else _("added {when}", when=moment(piece.added_at))
    ]


def _photo(piece: Piece, lines: list[str], opens_record: bool) -> dict:
    return {
        "thumbnail": thumbnail_address(piece.id),
        "full": full_address(piece.id),
        "far": piece.far,
        "lines": lines,
        "alt": _("Photo {name}, {facts}", name=piece.name, facts=", ".join(lines)),
        "opens": {"record": str(piece.record_id)} if opens_record else None,
    }


def _words() -> dict[str, str]:
    return {
        "far": _("taken far from this commune"),
        "close": _("Close the photo"),
        "next": _("Next photo"),
        "previous": _("Previous photo"),
        "loading": _("Loading…"),
        "missing": _("The photo cannot be loaded now. Check the connection and try again."),
        "record": _("Open its record"),
    }


def _size(count: int) -> str:
    return f"{number(count / 1e6, 1)} MB" if count >= 100_000 else f"{number(max(count / 1000, 1), 0)} kB"
