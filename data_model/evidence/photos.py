"""Photos as they are kept: upright, small enough, without their metadata; when and where they were taken is read out
first.

What a photo is, its content says and never its name. Nothing is decoded before its header has shown how many pixels it
has.
"""

import io
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, ImageChops, ImageCms, ImageOps, UnidentifiedImageError

from data_model.core import clock
from data_model.core.problems import Refused, Say, refuse

pillow_heif.register_heif_opener(thumbnails=False)

LONG_SIDE, THUMBNAIL_SIDE = 1600, 320
QUALITY, THUMBNAIL_QUALITY = 82, 74
OPENED = ("JPEG", "PNG", "WEBP", "HEIF")
MOST_PIXELS = {"JPEG": 110_000_000, "MPO": 110_000_000, "HEIF": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""By format. JPEG is decoded at a part of its size, the others whole; the largest of each that a phone writes goes
through.

MPO is what Pillow calls a JPEG of several pictures, as some phones write it; its first picture is the photo.
"""
MOST_PIXELS_PROGRESSIVE = 50_000_000
"""A JPEG that comes in several passes has to be held whole."""
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
_FAR_TOO_MANY = "> 178"
"""Pillow itself opens nothing with more megapixels than that, and does not say how many there are."""
_JPEGS = ("JPEG", "MPO")
_JPEG_END = b"\xff\xd9"
_FILLING = 64
"""Bytes; more than one block of pixels takes."""
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    EOFError,
    struct.error,
)
"""What Pillow's readers raise at content that is not what it claims to be."""


@dataclass(frozen=True)
class Photo:
    """A photo ready to be kept: two JPEGs, the size of the larger in pixels, and what its metadata told.

    `taken_at` and the position (degrees) are None where the metadata had none that could be true.
    """

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None


def looks_like_photo(raw: bytes) -> bool:
    """Whether the first bytes are those of a picture format that is kept here."""
    return (
        raw.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
        or (raw[:4] == b"RIFF" and raw[8:12] == b"WEBP")
        or (
            raw[4:8] == b"ftyp"
            and raw[8:12] in (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
        )
    )


def read_photo(raw: bytes, name: str) -> Photo:
    """The photo in `raw`, as it will be kept. Raises Refused; `name` is only for saying which one."""
    try:
        with Image.open(io.BytesIO(raw), formats=OPENED) as opened:
            _check_size(opened, name)
            taken_at, place = _metadata(opened)
            try:
                upright = _upright(opened)
            except OSError:
                if opened.format not in _JPEGS:
                    raise
                upright = _upright_without_end(raw)
    except Image.DecompressionBombError:
        raise refuse(
            Say.EVIDENCE_TOO_MANY_PIXELS,
            "evidence",
            name=name,
            found=_FAR_TOO_MANY,
            most=max(MOST_PIXELS.values()) // 10**6,
        ) from None
    except Refused:
        raise
    except UnidentifiedImageError:
        raise refuse(Say.EVIDENCE_NOT_ACCEPTED, "evidence", name=name) from None
    except _BROKEN:
        raise refuse(Say.EVIDENCE_DAMAGED, "evidence", name=name) from None
    with upright:
        content = _jpeg(upright, QUALITY)
        width, height = upright.size
        upright.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=2.0)
        return Photo(content, _jpeg(upright, THUMBNAIL_QUALITY), width, height, taken_at, *(place or (None, None)))


def _check_size(opened: Image.Image, name: str) -> None:
    most = MOST_PIXELS_PROGRESSIVE if opened.info.get("progressive") else MOST_PIXELS[opened.format or ""]
    pixels = opened.width * opened.height
    if pixels > most:
        raise refuse(Say.EVIDENCE_TOO_MANY_PIXELS, "evidence", name=name, found=pixels // 10**6, most=most // 10**6)


def _upright(opened: Image.Image) -> Image.Image:
    """A picture of its own, at most 1600 pixels long, turned as it was held, on white, in ordinary colours."""
    # A JPEG is decoded at a half, a quarter or an eighth. Both sides are asked small, or a long narrow one would be
    # decoded whole.
    smaller = max(1.0, max(opened.size) / LONG_SIDE)
    opened.draft("RGB", (max(1, int(opened.width / smaller)), max(1, int(opened.height / smaller))))
    if opened.mode == "P":  # a palette's numbers cannot be mixed
        opened = opened.convert("RGBA")
    opened.thumbnail((LONG_SIDE, LONG_SIDE), reducing_gap=2.0)
    turned = _turned(opened)
    coloured = _ordinary_colours(turned)
    coloured.info.clear()  # a JPEG's comment would be written again
    return coloured


def _upright_without_end(raw: bytes) -> Image.Image:
    """The picture of a JPEG that lacks its end mark, as a recovered card or a cut transfer leaves it.

    With an end mark set behind it, Pillow would give half a picture too, grey where there is nothing. So it is decoded
    with two different fillings: where all pixels are there, the filling is read by nobody. Raises OSError where it is.
    """
    pictures = []
    for filling in (b"\x55", b"\xaa"):
        with Image.open(
            io.BytesIO(raw.removesuffix(_JPEG_END[:1]) + filling * _FILLING + _JPEG_END), formats=("JPEG",)
        ) as opened:
            pictures.append(_upright(opened))
    first, second = pictures
    if ImageChops.difference(first, second).getbbox():
        raise OSError("pixels are missing")
    second.close()
    return first


def _turned(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except _BROKEN:  # metadata that cannot be read says nothing about how the tablet was held
        return picture


def _ordinary_colours(picture: Image.Image) -> Image.Image:
    """In RGB as every screen shows it. A photo's own colour profile goes with the metadata, so it is applied first."""
    profile = picture.info.get("icc_profile")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        picture = ground
    if profile and picture.mode in ("RGB", "CMYK"):
        try:
            shown = ImageCms.profileToProfile(
                picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), _SRGB, outputMode="RGB"
            )
        except (ImageCms.PyCMSError, *_BROKEN):  # a false profile: the colours as they stand
            return picture.convert("RGB")
        if shown is not None:  # as it is of one changed in place
            return shown
    return picture.convert("RGB")


Metadata = Mapping[int, Any]
"""One part of a photo's metadata, by the tags of EXIF."""
_SRGB = ImageCms.createProfile("sRGB")


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality)
    return written.getvalue()


def _metadata(opened: Image.Image) -> tuple[datetime | None, tuple[float, float] | None]:
    """When and where the photo was taken, as far as its metadata can be true. It is a hint; a false one is as good as
    none.
    """
    return _told(opened, ExifTags.IFD.Exif, _taken_at), _told(opened, ExifTags.IFD.GPSInfo, _position)


def _told(opened: Image.Image, part: int, read: Callable[[Metadata], Any]) -> Any:
    """What one part of the metadata tells, None where it cannot be read: neither the photo nor another part depends on
    it.
    """
    try:
        return read(opened.getexif().get_ifd(part))
    except _BROKEN:
        return None


def _taken_at(told: Metadata) -> datetime | None:
    """The camera's clock, in Vietnam's time unless it names its own zone; not before 2000 and not in the future."""
    for time_tag, zone_tag in (
        (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
        (ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
    ):
        text, zone = told.get(time_tag), told.get(zone_tag)
        if not isinstance(text, str):
            continue
        try:
            taken = _moment(text.strip("\x00 "), zone.strip("\x00 ") if isinstance(zone, str) else "")
        except (ValueError, OverflowError):
            continue
        if OLDEST <= taken <= clock.now() + timedelta(days=1):  # a tablet's clock may be a little ahead
            return taken
    return None


def _moment(text: str, zone: str) -> datetime:
    if re.fullmatch(r"[+-]\d\d:\d\d", zone):  # a zone that cannot be read costs the zone, not the time
        return datetime.strptime(text + zone, "%Y:%m:%d %H:%M:%S%z").astimezone(UTC)
    return datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=clock.VIETNAM).astimezone(UTC)


def _position(told: Metadata) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, south and west below zero. 0, 0 is what a receiver without a position
    writes.
    """
    tags = ExifTags.GPS
    latitude = _degrees(told.get(tags.GPSLatitude), told.get(tags.GPSLatitudeRef), "N", "S", 90)
    longitude = _degrees(told.get(tags.GPSLongitude), told.get(tags.GPSLongitudeRef), "E", "W", 180)
    if latitude is None or longitude is None or (abs(latitude) < 1e-6 and abs(longitude) < 1e-6):
        return None
    return latitude, longitude


def _degrees(parts: object, side: object, above: str, below: str, most: int) -> float | None:
    side = side.strip("\x00 ").upper() if isinstance(side, str) else None
    if side not in (above, below) or not isinstance(parts, tuple | list) or len(parts) != 3:
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    # Comparisons with NaN are false, so that it falls out here too.
    if not (0 <= degrees <= most and 0 <= minutes < 60.001 and 0 <= seconds < 60.001):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if value > most:
        return None
    return round(value if side == above else -value, 7)
