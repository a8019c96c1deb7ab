"""Time stamps of the journal's head, by a server of the test's own: OpenSSL behind an address of this machine."""

import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from data_model.core import journal
from data_model.core.flaws import Flaw, Wrong
from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalStamp
from data_model.snapshots import proving, time_stamps
from tests.conftest import ON_SQLITE, Town

pytestmark = [ON_SQLITE, pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL is not installed")]
CONFIG = """
[tsa]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
accuracy = secs:1
"""


def _openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


def _authority(folder: Path) -> Path:
    """A root and a signing certificate for stamping, in `folder`; gives the root."""
    folder.mkdir()
    (folder / "serial").write_text("01")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "leaf.ext").write_text("extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n")
    new_key = ("-newkey", "rsa:2048", "-nodes")
    _openssl(
        "req",
        "-x509",
        *new_key,
        "-keyout",
        folder / "root.key",
        "-out",
        folder / "root.pem",
        "-subj",
        "/CN=Test root",
        "-days",
        "30",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
    )
    _openssl("req", *new_key, "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr", "-subj", "/CN=Test stamps")
    _openssl(
        "x509",
        "-req",
        "-in",
        folder / "tsa.csr",
        "-CA",
        folder / "root.pem",
        "-CAkey",
        folder / "root.key",
        "-CAcreateserial",
        "-out",
        folder / "tsa.pem",
        "-days",
        "30",
        "-extfile",
        folder / "leaf.ext",
    )
    return folder / "root.pem"


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("stamps") / "authority"
    _authority(folder)
    return folder


@pytest.fixture
def server(authority, monkeypatch) -> Iterator[HTTPServer]:
    """It answers as `server.answer` says."""

    class Stamping(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["content-length"]))
            made = self.server.answer(asked)
            self.send_response(200)
            self.send_header("content-length", str(len(made)))
            self.end_headers()
            self.wfile.write(made)

        def log_message(self, *_words) -> None:
            pass

    def stamped(asked: bytes) -> bytes:
        (authority / "asked.tsq").write_bytes(asked)
        _openssl(
            "ts",
            "-reply",
            "-config",
            authority / "tsa.cnf",
            "-section",
            "tsa",
            "-queryfile",
            authority / "asked.tsq",
            "-signer",
            authority / "tsa.pem",
            "-inkey",
            authority / "tsa.key",
            "-out",
            authority / "answer.tsr",
        )
        return (authority / "answer.tsr").read_bytes()

    serving = HTTPServer(("127.0.0.1", 0), Stamping)
    serving.answer = stamped
    monkeypatch.setenv("SO_GIAM_SAT_TIME_STAMP_SERVER", f"http://127.0.0.1:{serving.server_port}/")
    monkeypatch.setenv("SO_GIAM_SAT_TIME_STAMP_ROOTS", str(authority / "root.pem"))
    Thread(target=serving.serve_forever, daemon=True).start()
    yield serving
    serving.shutdown()
    serving.server_close()


def _flaws(town: Town) -> tuple[Flaw, ...]:
    with town.reading() as session:
        return proving.verify_everything(session, town.people.administrator).flaws


def _stamps(town: Town) -> list[int]:
    with town.reading() as session:
        return list(session.exec(select(JournalStamp.number)))


def test_without_a_server_nothing_is_asked(town):
    time_stamps.stamp_head(town.database, town.people.leader)
    assert _stamps(town) == [] and _flaws(town) == ()


def test_the_head_is_stamped_once_and_the_stamp_holds(town, server, monkeypatch):
    for _ in range(2):
        time_stamps.stamp_head(town.database, town.people.leader)
    with town.reading() as session:
        assert _stamps(town) == [journal.head(session).number]
    assert _flaws(town) == ()
    monkeypatch.delenv("SO_GIAM_SAT_TIME_STAMP_ROOTS")
    assert _flaws(town) == ()


def test_a_seal_other_than_the_stamped_one_is_named(town, server, monkeypatch):
    time_stamps.stamp_head(town.database, town.people.leader)
    (number,) = _stamps(town)
    with town.writing() as session:
        session.execute(text("DROP TRIGGER journal_seal_stays"))
        session.execute(
            text("UPDATE journal_seal SET hash = :other WHERE number = :number"), {"other": "0" * 64, "number": number}
        )
    assert Flaw(Wrong.STAMP_WRONG, number) in _flaws(town)
    monkeypatch.delenv("SO_GIAM_SAT_TIME_STAMP_ROOTS")
    assert Flaw(Wrong.STAMP_WRONG, number) in _flaws(town)


@pytest.mark.parametrize("garbage", ["X'00'", "X''", "'x'", "5"])
def test_a_stamp_of_garbage_is_named(town, server, garbage):
    time_stamps.stamp_head(town.database, town.people.leader)
    with town.writing() as session:
        session.execute(text("DROP TRIGGER journal_stamp_stays"))
        session.execute(text(f"UPDATE journal_stamp SET response = {garbage}"))
    assert Flaw(Wrong.STAMP_WRONG, *_stamps(town)) in _flaws(town)


def test_a_stamp_of_another_authority_is_not_taken(town, server, tmp_path, monkeypatch):
    monkeypatch.setenv("SO_GIAM_SAT_TIME_STAMP_ROOTS", str(_authority(tmp_path / "other")))
    _refused(town)


@pytest.mark.parametrize("roots", [None, "/nowhere/root.pem", __file__])
def test_without_a_root_certificate_no_stamp_is_taken(town, server, monkeypatch, roots):
    if roots is None:
        monkeypatch.delenv("SO_GIAM_SAT_TIME_STAMP_ROOTS")
    else:
        monkeypatch.setenv("SO_GIAM_SAT_TIME_STAMP_ROOTS", roots)
    _refused(town)


def test_an_answer_that_is_none_or_another_question_s_is_not_taken(town, server):
    good, kept = server.answer, []
    server.answer = lambda asked: kept.append(good(asked)) or kept[0]
    time_stamps.stamp_head(town.database, town.people.leader)
    with town.writing() as session:
        journal.note(session, town.people.leader, "rename", "account", 1)
    _refused(town, stamped=1)  # the answer of before
    server.answer = lambda asked: b"<html>"
    _refused(town, stamped=1)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "nonsense", "http://[", "ftp://127.0.0.1/"])
def test_a_server_that_is_not_there_is_said(town, monkeypatch, address):
    monkeypatch.setenv("SO_GIAM_SAT_TIME_STAMP_SERVER", address)
    _refused(town)


def _refused(town: Town, stamped: int = 0) -> None:
    with pytest.raises(Refused) as caught:
        time_stamps.stamp_head(town.database, town.people.leader)
    assert [problem.say for problem in caught.value.problems] == [Say.TIME_STAMP_FAILED] and len(
        _stamps(town)
    ) == stamped


def test_a_stamp_can_be_neither_altered_nor_taken_away(town, server):
    time_stamps.stamp_head(town.database, town.people.leader)
    for act in (
        "UPDATE journal_stamp SET response = X'00'",
        "DELETE FROM journal_stamp",
        "REPLACE INTO journal_stamp SELECT * FROM journal_stamp",
    ):
        with pytest.raises(DatabaseError, match="never altered"), town.writing() as session:
            session.execute(text(act))
