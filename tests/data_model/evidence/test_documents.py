"""Files as evidence: what they are, their content says; programs in them are refused."""

import io
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook

from data_model.evidence import documents
from data_model.evidence.content import Medium, display_name, examine
from data_model.evidence.documents import DOCX, PDF, XLSX
from data_model.core.problems import Refused, Say
from tests.evidence_samples import excel, jpeg, office, pdf


def refused(raw: bytes, name: str) -> Say:
    with pytest.raises(Refused) as caught:
        examine(raw, name)
    return caught.value.problems[0].say


@pytest.mark.parametrize(("raw", "name", "media_type"), [
    (pdf(), "bien-ban.pdf", PDF), (office(), "bien-ban.docx", DOCX), (excel(), "danh sách.xlsx", XLSX),
])
def test_files_are_kept_as_they_came(raw, name, media_type):
    kept = examine(raw, name)
    assert (kept.medium, kept.name, kept.media_type, kept.content, kept.thumbnail) == (Medium.FILE, name, media_type, raw, None)


def test_files_that_real_programs_write_are_let_through():
    word, book = io.BytesIO(), io.BytesIO()
    Document().save(word)
    Workbook().save(book)
    assert examine(word.getvalue(), "a.docx").media_type == DOCX
    assert examine(book.getvalue(), "a.xlsx").media_type == XLSX


def test_the_content_names_the_file():
    """A wrong name among documents is put right; a photo named like a document, or the other way round, is asked about."""
    assert examine(excel(), "bien-ban.pdf").name == "bien-ban.xlsx"
    assert examine(pdf(), "bien-ban").name == "bien-ban.pdf"
    assert refused(pdf(), "anh.jpg") is Say.EVIDENCE_MISNAMED
    assert refused(jpeg(), "bien-ban.pdf") is Say.EVIDENCE_MISNAMED


@pytest.mark.parametrize("raw", [
    office(also={"word/vbaProject.bin": b"x"}), office(also={"xl/macrosheets/sheet1.xml": b"x"}), office(also={"word/activeX/activeX1.bin": b"x"}),
    office(also={"word\\VBAPROJECT.BIN": b"x"}), office("application/vnd.ms-word.document.macroEnabled.main+xml"),
    office(listed='<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'),
])
def test_macros_are_refused_whatever_the_name(raw):
    assert refused(raw, "bien-ban.docx") is Say.EVIDENCE_WITH_MACROS


@pytest.mark.parametrize(("raw", "said"), [
    (pdf()[:60], Say.EVIDENCE_DAMAGED), (office()[:-30], Say.EVIDENCE_DAMAGED), (b"PK\x03\x04" + b"x" * 200, Say.EVIDENCE_DAMAGED),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, Say.EVIDENCE_NOT_ACCEPTED), (b"MZ" + b"\0" * 500, Say.EVIDENCE_NOT_ACCEPTED),
    (office("text/html"), Say.EVIDENCE_NOT_ACCEPTED), (office(listed="<x>"), Say.EVIDENCE_DAMAGED),
    (office().replace(b"word/document.xml", b"word/dokument.xml"), Say.EVIDENCE_NOT_ACCEPTED),
])
def test_what_is_no_document_is_refused(raw, said):
    assert refused(raw, "bien-ban.docx") is said


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


@pytest.mark.parametrize(("typed", "shown"), [
    ("../../etc/passwd", "passwd"), ("C:\\Users\\x\\ảnh.jpg", "ảnh.jpg"), ("a/b/c.pdf", "c.pdf"), ("..", ""), ("\u202egpj.exe", "gpj.exe"),
    ("a\x00b\nc.jpg", "abc.jpg"), ("Pho\u0302\u0309 Vinh.jpg", "Phổ Vinh.jpg"), ("x" * 500 + ".docx", "x" * 115 + ".docx"), ("", ""),
    ('"><img src=x onerror=alert(1)>.jpg', '"><img src=x onerror=alert(1)>.jpg'), (".htaccess", "htaccess"),
])
def test_a_name_is_only_for_showing(typed, shown):
    assert display_name(typed) == shown


def test_what_comes_without_a_name_gets_one():
    assert (examine(jpeg(), "").name, examine(pdf(), "../").name) == ("anh.jpg", "tep.pdf")
