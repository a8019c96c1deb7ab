"""Files as evidence: what they are, their content says; programs in them are refused."""

import io
import random
import re
import struct
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook

from data_model.core.problems import Refused, Say
from data_model.evidence import documents
from data_model.evidence.content import Medium, display_name, examine
from data_model.evidence.documents import DOCX, PDF, XLSX
from tests.evidence_samples import excel, jpeg, office, pdf


def refused(raw: bytes, name: str) -> Say:
    with pytest.raises(Refused) as caught:
        examine(raw, name)
    return caught.value.problems[0].say


@pytest.mark.parametrize(
    ("raw", "name", "media_type"),
    [
        (pdf(), "bien-ban.pdf", PDF),
        (office(), "bien-ban.docx", DOCX),
        (excel(), "danh sách.xlsx", XLSX),
    ],
)
def test_files_are_kept_as_they_came(raw, name, media_type):
    kept = examine(raw, name)
    assert (kept.medium, kept.name, kept.media_type, kept.content, kept.thumbnail) == (
        Medium.FILE,
        name,
        media_type,
        raw,
        None,
    )


def test_files_that_real_programs_write_are_let_through():
    word, book = io.BytesIO(), io.BytesIO()
    Document().save(word)
    Workbook().save(book)
    assert examine(word.getvalue(), "a.docx").media_type == DOCX
    assert examine(book.getvalue(), "a.xlsx").media_type == XLSX


def test_the_content_names_the_file():
    """A wrong name among documents is put right; a photo named like a document, or the other way round, is asked
    about.
    """
    assert examine(excel(), "bien-ban.pdf").name == "bien-ban.xlsx"
    assert examine(pdf(), "bien-ban").name == "bien-ban.pdf"
    assert refused(pdf(), "anh.jpg") is Say.EVIDENCE_MISNAMED
    assert refused(jpeg(), "bien-ban.pdf") is Say.EVIDENCE_MISNAMED


@pytest.mark.parametrize(
    "raw",
    [
        office(also={"word/vbaProject.bin": b"x"}),
        office(also={"xl/macrosheets/sheet1.xml": b"x"}),
        office(also={"word/activeX/activeX1.bin": b"x"}),
        office(also={"word\\VBAPROJECT.BIN": b"x"}),
        office("application/vnd.ms-word.document.macroEnabled.main+xml"),
        office(listed='<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'),
    ],
)
def test_macros_are_refused_whatever_the_name(raw):
    assert refused(raw, "bien-ban.docx") is Say.EVIDENCE_WITH_MACROS


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (pdf()[:60], Say.EVIDENCE_DAMAGED),
        (office()[:-30], Say.EVIDENCE_DAMAGED),
        (b"PK\x03\x04" + b"x" * 200, Say.EVIDENCE_DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, Say.EVIDENCE_NOT_ACCEPTED),
        (b"MZ" + b"\0" * 500, Say.EVIDENCE_NOT_ACCEPTED),
        (office("text/html"), Say.EVIDENCE_NOT_ACCEPTED),
        (office(listed="<x>"), Say.EVIDENCE_DAMAGED),
        (office().replace(b"word/document.xml", b"word/dokument.xml"), Say.EVIDENCE_NOT_ACCEPTED),
    ],
)
def test_what_is_no_document_is_refused(raw, said):
    assert refused(raw, "bien-ban.docx") is said


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + pdf(),
        b"\r\n" + pdf(),
        b"\0" * 200 + pdf(),
        b"From: scanner\r\n\r\n" + pdf(),
        pdf() + b"\0" * 200_000,
        pdf() + b"\r\n" * 5000,
        pdf() + b"x" * 10_000,
        pdf().replace(b"%%EOF", b"startxref\n9\n%%EO"),
        pdf() + b"\n" + pdf(),
    ],
    ids=[
        "bom",
        "newline",
        "zeros before",
        "mail before",
        "zeros behind",
        "newlines behind",
        "more behind",
        "end mark cut",
        "twice",
    ],
)
def test_a_pdf_that_every_viewer_opens_is_kept_as_it_came(raw):
    kept = examine(raw, "bien-ban.pdf")
    assert kept.media_type == PDF and kept.content == raw


@pytest.mark.parametrize(
    "raw",
    [
        b"MZ" + b"\0" * 100 + pdf(),
        b"\x7fELF" + pdf(),
        b"#!/bin/sh\n" + pdf(),
        b"<html>" + pdf(),
        b"<!-- -->" + pdf(),
        b" " * 2000 + pdf(),
    ],
)
def test_a_program_or_a_page_does_not_become_a_pdf_by_holding_one(raw):
    assert refused(raw, "bien-ban.pdf") is Say.EVIDENCE_NOT_ACCEPTED


def test_a_web_pdf_cut_in_its_middle_is_damaged_though_it_has_an_end_mark_near_its_start():
    whole = pdf().replace(b"%PDF-1.4", b"%PDF-1.4\n1 0 obj<</Linearized 1>>endobj\nstartxref\n0\n%%EOF\n", 1)
    assert examine(whole, "a.pdf").media_type == PDF
    assert refused(whole[:-40] + b"q" * 5000, "a.pdf") is Say.EVIDENCE_DAMAGED


def test_zeros_behind_a_document_are_no_damage():
    assert examine(office() + b"\0" * 8000, "a.docx").media_type == DOCX


ENCODINGS = [
    "utf-7",
    "utf-16",
    "utf-32",
    "klingon",
    "rot13",
    "idna",
    "punycode",
    "hex",
    "zlib",
    "undefined",
    "unicode_escape",
    "cp037",
    "shift_jis",
    "",
    "\x00",
    "a" * 300,
]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_list_of_parts_in_a_strange_encoding_is_answered(encoding):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("[Content_Types].xml", f'<?xml version="1.0" encoding="{encoding}"?><Types>ộ</Types>')
        packed.writestr("word/document.xml", "<x/>")
    assert refused(out.getvalue(), "a.docx") in (Say.EVIDENCE_DAMAGED, Say.EVIDENCE_NOT_ACCEPTED)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_grow_are_not_read_in_any_encoding(encoding):
    grown = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><Types>&b;</Types>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("[Content_Types].xml", f'<?xml version="1.0" encoding="{encoding}"?>{grown}'.encode(encoding))
    assert refused(out.getvalue(), "a.docx") is Say.EVIDENCE_DAMAGED


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 97, 9])
def test_only_what_office_programs_pack_with_is_unpacked(packing):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
    raw = re.sub(
        rb"(PK\x03\x04....|PK\x01\x02......)\x00\x00",
        lambda m: m[1] + struct.pack("<H", packing),
        out.getvalue(),
        flags=re.DOTALL,
    )
    assert refused(raw, "a.docx") is Say.EVIDENCE_DAMAGED


def _documents() -> list[bytes]:
    word, book, stored = io.BytesIO(), io.BytesIO(), io.BytesIO()
    Document().save(word)
    Workbook().save(book)
    with (
        zipfile.ZipFile(stored, "w") as packed,
        zipfile.ZipFile(book) as source,
    ):  # unpacked, so that damage reaches the XML
        for name in source.namelist():
            packed.writestr(name, source.read(name))
    return [word.getvalue(), book.getvalue(), stored.getvalue(), pdf()]


def _damaged(raw: bytes, chance: random.Random) -> bytes:
    """One to four bytes or runs of the directory, the headers or the list of parts changed, cut out or put in."""
    spots = [
        found.start()
        for found in re.finditer(rb"PK[\x01-\x06][\x02-\x06]|encoding=|<\?xml|ContentType|%PDF|startxref|obj", raw)
    ]
    made = bytearray(raw)
    for _turn in range(chance.randint(1, 4)):
        at = min(
            len(made) - 1,
            (chance.choice(spots) if chance.random() < 0.8 else chance.randrange(len(made))) + chance.randrange(48),
        )
        match chance.randrange(4):
            case 0:
                made[at] = chance.randrange(256)
            case 1:
                made[at : at + chance.randint(1, 8)] = chance.choice(
                    (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff", b'"', b"klingon", "ộ".encode("utf-16"))
                )
            case 2:
                del made[at : at + chance.randint(1, 64)]
            case 3:
                made[at:at] = chance.randbytes(chance.randint(1, 16))
    return bytes(made)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_damaged_there_is_an_answer_in_words(seed):
    """800 damaged documents: each is kept as it came or refused; no other error comes out."""
    chance, answers = random.Random(seed), set()
    raw = _documents()[seed]
    for _turn in range(200):
        handed = _damaged(raw, chance)
        try:
            assert examine(handed, "a").content == handed
        except Refused as refused_:
            answers.add(refused_.problems[0].say)
    assert answers and answers <= {
        Say.EVIDENCE_DAMAGED,
        Say.EVIDENCE_NOT_ACCEPTED,
        Say.EVIDENCE_UNPACKS_TOO_LARGE,
        Say.EVIDENCE_WITH_MACROS,
    }


def test_a_plain_archive_is_no_document():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.exe", b"MZ")
    assert refused(out.getvalue(), "a.docx") is Say.EVIDENCE_NOT_ACCEPTED


def test_an_archive_that_unpacks_without_end_is_refused_unread(monkeypatch):
    bomb = office(also={"word/media/x.bin": b"\0" * 3_000_000})
    monkeypatch.setattr(documents, "MOST_UNPACKED", 2_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *given: pytest.fail("it was unpacked"))
    assert refused(bomb, "a.docx") is Say.EVIDENCE_UNPACKS_TOO_LARGE


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\ảnh.jpg", "ảnh.jpg"),
        ("a/b/c.pdf", "c.pdf"),
        ("..", ""),
        ("\u202egpj.exe", "gpj.exe"),
        ("a\x00b\nc.jpg", "abc.jpg"),
        ("Pho\u0302\u0309 Vinh.jpg", "Phổ Vinh.jpg"),
        ("x" * 500 + ".docx", "x" * 115 + ".docx"),
        ("", ""),
        ('"><img src=x onerror=alert(1)>.jpg', '"><img src=x onerror=alert(1)>.jpg'),
        (".htaccess", "htaccess"),
    ],
)
def test_a_name_is_only_for_showing(typed, shown):
    assert display_name(typed) == shown


def test_what_comes_without_a_name_gets_one():
    assert (examine(jpeg(), "").name, examine(pdf(), "../").name) == ("anh.jpg", "tep.pdf")
