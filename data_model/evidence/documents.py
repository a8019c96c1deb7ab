"""Files as evidence: PDF, Word and Excel, told by their content; none with macros or programs in it."""

import struct
import zipfile
import zlib
from io import BytesIO
from xml.etree import ElementTree

from data_model.core.problems import Say, refuse

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES = {PDF: ".pdf", DOCX: ".docx", XLSX: ".xlsx"}
_MAIN_PARTS = {f"{DOCX}.main+xml": DOCX, f"{XLSX}.main+xml": XLSX}
MOST_UNPACKED = 200_000_000
MOST_PARTS = 5_000
MOST_LIST = 1_000_000
PIECE = 64 * 1024
_ZIP = b"PK\x03\x04"
_PROGRAM_FILES = (b"MZ", b"\x7fELF", b"#!", b"PK")
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Of the parts of an office document (ISO/IEC 29500-2). Others may ask for gigabytes of memory to unpack a line."""
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ElementTree.ParseError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ArithmeticError,
    LookupError,
    ValueError,
)
"""What reading a damaged archive or a list of parts in a strange encoding raises; UnicodeError is a ValueError."""
_PROGRAMS = ("vbaproject", "vbadata", "macrosheets/", "activex/")


def looks_like_file(raw: bytes) -> bool:
    """Whether the first bytes are those of a file format that is kept here."""
    return _is_pdf(raw) or raw.startswith(_ZIP)


def _is_pdf(raw: bytes) -> bool:
    """A PDF may begin within the first 1,024 bytes (ISO 32000-1, annex H): mail and scanners put a few bytes before it.

    Not behind what is a program or a web page itself.
    """
    before, found, _rest = raw[:1024].partition(b"%PDF-")
    return bool(found) and not before.startswith(_PROGRAM_FILES) and b"<" not in before


def _ends(raw: bytes) -> bool:
    """Whether the end of a PDF is there, whatever stands behind it. One made for the web has such a mark near its start
    too.
    """
    tail = raw.rstrip(b"\0 \t\r\n")[-4096:] if b"/Linearized" in raw[:2048] else raw
    return b"%%EOF" in tail or b"startxref" in tail


def read_file(raw: bytes, name: str) -> str:
    """The media type of the file in `raw`. Raises Refused; `name` is only for saying which one."""
    if _is_pdf(raw):
        if not _ends(raw):
            raise refuse(Say.EVIDENCE_DAMAGED, "evidence", name=name)
        return PDF
    if not raw.startswith(_ZIP):
        raise refuse(Say.EVIDENCE_NOT_ACCEPTED, "evidence", name=name)
    try:
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            return _office(packed, name)
    except _BROKEN:
        raise refuse(Say.EVIDENCE_DAMAGED, "evidence", name=name) from None


class _Plain(ElementTree.TreeBuilder):
    """XML without a document type: an office document has none, and entities declared there may grow without end."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError("a document type")


def _office(packed: zipfile.ZipFile, name: str) -> str:
    """Which office document it is. Only the list of its parts is unpacked, and the rest is judged by what it says of
    itself.
    """
    parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise refuse(Say.EVIDENCE_UNPACKS_TOO_LARGE, "evidence", name=name, most=MOST_UNPACKED // 10**6)
    listed = next((part for part in parts if part.filename == "[Content_Types].xml"), None)
    if listed is None or listed.file_size > MOST_LIST:
        raise refuse(Say.EVIDENCE_NOT_ACCEPTED, "evidence", name=name)
    if listed.compress_type not in _PACKINGS:
        raise refuse(Say.EVIDENCE_DAMAGED, "evidence", name=name)
    with packed.open(listed) as file:
        content = file.read(MOST_LIST + 1)
    if len(content) > MOST_LIST:
        raise refuse(Say.EVIDENCE_NOT_ACCEPTED, "evidence", name=name)
    parser = ElementTree.XMLParser(target=_Plain())
    for start in range(0, len(content), PIECE):  # between two pieces others are served
        parser.feed(content[start : start + PIECE])
    read = parser.close()
    types = [(each.get("PartName", ""), each.get("ContentType", "")) for each in read]
    said = [kind.lower() for _part, kind in types] + [part.filename.lower().replace("\\", "/") for part in parts]
    if any("macroenabled" in each or program in each for each in said for program in _PROGRAMS):
        raise refuse(Say.EVIDENCE_WITH_MACROS, "evidence", name=name)
    names = {part.filename for part in parts}
    for part_name, kind in types:
        if kind in _MAIN_PARTS and part_name.lstrip("/") in names:
            return _MAIN_PARTS[kind]
    raise refuse(Say.EVIDENCE_NOT_ACCEPTED, "evidence", name=name)
