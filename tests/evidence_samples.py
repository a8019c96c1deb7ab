"""Photos and files that tests hand in, made small and on the spot."""

import io
import struct
import zipfile
import zlib
from datetime import datetime

from PIL import ExifTags, Image

RED, BLUE = (200, 30, 30), (30, 30, 200)
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def half_red(width: int = 640, height: int = 480) -> Image.Image:
    """Red on the left, blue on the right: which way it is turned can be seen."""
    picture = Image.new("RGB", (width, height), BLUE)
    picture.paste(RED, (0, 0, width // 2, height))
    return picture


def metadata(
    orientation: int | None = None,
    taken: str | None = None,
    zone: str | None = None,
    gps: dict[int, object] | None = None,
) -> Image.Exif:
    """EXIF as a camera writes it."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "May anh bi mat"
    if orientation:
        exif[ExifTags.Base.Orientation] = orientation
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    if taken:
        inner[ExifTags.Base.DateTimeOriginal] = taken
    if zone:
        inner[ExifTags.Base.OffsetTimeOriginal] = zone
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(gps or {})
    return exif


def gps(north: float, east: float) -> dict[int, object]:
    """GPS tags of a position in degrees, with the letters of its side of the world."""

    def parts(value: float) -> tuple[float, float, float]:
        minutes, seconds = divmod(round(abs(value) * 3600, 4), 60)
        return (minutes // 60, minutes % 60, seconds)

    return {1: "N" if north >= 0 else "S", 2: parts(north), 3: "E" if east >= 0 else "W", 4: parts(east)}


def written(picture: Image.Image, form: str = "JPEG", **options) -> bytes:
    """The picture as bytes of a format."""
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def jpeg(width: int = 640, height: int = 480, **told) -> bytes:
    """A small photo; `told` goes into its metadata."""
    return (
        written(half_red(width, height), exif=metadata(**told), comment=b"loi nhan bi mat")
        if told
        else written(half_red(width, height))
    )


def png_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few bytes whose header promises 900 million pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def pdf() -> bytes:
    """The least that opens as a PDF."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count"
        b" 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def office(
    main: str = WORD_MAIN, part: str = "word/document.xml", also: dict[str, bytes] | None = None, listed: str = ""
) -> bytes:
    """A Word or Excel file of the fewest parts; `also` adds parts, `listed` adds to the list of their types."""
    out = io.BytesIO()
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{part}" ContentType="{main}"/>{listed}</Types>'
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", types)
        packed.writestr(part, "<x/>")
        for name, content in (also or {}).items():
            packed.writestr(name, content)
    return out.getvalue()


def excel() -> bytes:
    """The least that is an Excel workbook."""
    return office(EXCEL_MAIN, "xl/workbook.xml")


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
LONG_AGO = datetime(2024, 10, 10, 7, 30)
