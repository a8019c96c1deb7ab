"""Files as evidence: PDF, Word and Excel, told by their content; none with macros or programs in it."""

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
_PROGRAMS = ("vbaproject", "vbadata", "macrosheets/", "activex/")


def looks_like_file(raw: bytes) -> bool:
    """Whether the first bytes are those of a file format that is kept here."""
    return raw.startswith((b"%PDF-", b"PK\x03\x04"))


def read_file(raw: bytes, name: str) -> str:
    """The media type of the file in `raw`. Raises Refused; `name` is only for saying which one."""
    if raw.startswith(b"%PDF-"):
        if b"%%EOF" not in raw[-4096:]:
            raise refuse(Say.EVIDENCE_DAMAGED, "evidence", name=name)
        return PDF
    if not raw.startswith(b"PK\x03\x04"):
        raise refuse(Say.EVIDENCE_NOT_ACCEPTED, "evidence", name=name)
    try:
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            return _office(packed, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ElementTree.ParseError, UnicodeDecodeError, OSError):
        raise refuse(Say.EVIDENCE_DAMAGED, "evidence", name=name) from None


def _office(packed: zipfile.ZipFile, name: str) -> str:
    """Which office document it is. Only the list of its parts is unpacked, and the rest is judged by what it says of itself."""
    parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise refuse(Say.EVIDENCE_UNPACKS_TOO_LARGE, "evidence", name=name, most=MOST_UNPACKED // 10**6)
    listed = next((part for part in parts if part.filename == "[Content_Types].xml"), None)
    if listed is None or listed.file_size > MOST_LIST:
        raise refuse(Say.EVIDENCE_NOT_ACCEPTED, "evidence", name=name)
    with packed.open(listed) as file:
        content = file.read(MOST_LIST + 1)
    if len(content) > MOST_LIST or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise refuse(Say.EVIDENCE_NOT_ACCEPTED, "evidence", name=name)
    types = [(each.get("PartName", ""), each.get("ContentType", "")) for each in ElementTree.fromstring(content)]
    said = [kind.lower() for _part, kind in types] + [part.filename.lower().replace("\\", "/") for part in parts]
    if any("macroenabled" in each or program in each for each in said for program in _PROGRAMS):
        raise refuse(Say.EVIDENCE_WITH_MACROS, "evidence", name=name)
    names = {part.filename for part in parts}
    for part_name, kind in types:
        if kind in _MAIN_PARTS and part_name.lstrip("/") in names:
            return _MAIN_PARTS[kind]
    raise refuse(Say.EVIDENCE_NOT_ACCEPTED, "evidence", name=name)
