"""What was handed in as evidence, examined by its content: a photo made ready, a file let through, or a clear no."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

from data_model.core.label import Label
from data_model.core.problems import Refused, Say, refuse
from data_model.core.text import nfc
from data_model.evidence.documents import SUFFIXES, looks_like_file, read_file
from data_model.evidence.photos import looks_like_photo, read_photo

MOST_BYTES = 25_000_000
MOST_NAME = 120
JPEG = "image/jpeg"
_PHOTO_NAMES = frozenset(
    {".jpg", ".jpeg", ".jfif", ".png", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff", ".svg"}
)
_FILE_NAMES = frozenset({".pdf", ".doc", ".docx", ".xls", ".xlsx"})
_IS_PHOTO, _IS_FILE = Label("ảnh chụp", "a photo"), Label("tệp văn bản hoặc bảng tính", "a document")
_NAMELESS = {True: "anh", False: "tep"}


class Medium(StrEnum):
    """A photo has a thumbnail and is shown; a file is only handed out."""

    PHOTO = "photo"
    FILE = "file"


@dataclass(frozen=True)
class Examined:
    """Evidence ready to be kept. `digest` is the SHA-256 of the bytes as they were handed in, before a photo was made
    smaller.
    """

    medium: Medium
    name: str
    media_type: str
    content: bytes
    digest: str
    thumbnail: bytes | None = None
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def examine(raw: bytes, typed_name: str) -> Examined:
    """Tell by its content what `raw` is and make it ready. Raises Refused, where "evidence"; nothing is kept then."""
    name = display_name(typed_name)
    shown = name or "?"
    if not raw:
        raise refuse(Say.EVIDENCE_EMPTY, "evidence", name=shown)
    if len(raw) > MOST_BYTES:
        raise too_large(typed_name)
    is_photo = looks_like_photo(raw)
    if not is_photo and not looks_like_file(raw):
        raise refuse(Say.EVIDENCE_NOT_ACCEPTED, "evidence", name=shown)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in (_FILE_NAMES if is_photo else _PHOTO_NAMES):
        raise refuse(Say.EVIDENCE_MISNAMED, "evidence", name=shown, really=_IS_PHOTO if is_photo else _IS_FILE)
    digest = hashlib.sha256(raw).hexdigest()
    if not is_photo:
        media_type = read_file(raw, shown)
        return Examined(Medium.FILE, _with_suffix(name, SUFFIXES[media_type], False), media_type, raw, digest)
    photo = read_photo(raw, shown)
    return Examined(
        Medium.PHOTO,
        _with_suffix(name, ".jpg", True),
        JPEG,
        photo.content,
        digest,
        photo.thumbnail,
        photo.width,
        photo.height,
        photo.taken_at,
        photo.latitude,
        photo.longitude,
    )


def too_large(typed_name: str) -> Refused:
    """The refusal of what has more than 25 MB; whoever reads a stream says it as soon as it is sure."""
    return refuse(Say.EVIDENCE_TOO_LARGE, "evidence", name=display_name(typed_name) or "?", most=MOST_BYTES // 10**6)


def display_name(typed: str) -> str:
    """A file name as it is shown: its last part alone, in NFC, without what does not show or turns the reading
    direction.
    """
    last = nfc(typed[:1000]).replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp"))
    seen = " ".join(seen.split()).lstrip(".")
    if len(seen) <= MOST_NAME:
        return seen
    suffix = PurePosixPath(seen).suffix[:10]
    return seen[: MOST_NAME - len(suffix)] + suffix


def _with_suffix(name: str, suffix: str, is_photo: bool) -> str:
    """`name` ending as what is really kept: a photo of an iPhone is kept as JPEG."""
    path = PurePosixPath(name)
    known = path.suffix.lower() in _PHOTO_NAMES | _FILE_NAMES
    return ((path.stem if known else name) or _NAMELESS[is_photo]) + suffix
