"""What a frozen period says beside its figures: names of payments, records behind what is wrong, records left out and
why.
"""

from dataclasses import replace
from datetime import date

import pytest

from data_model.core import canonical
from data_model.periods.periods import Period
from data_model.records import writing
from data_model.review import decisions
from data_model.snapshots import approval, freezing, proving, reading
from data_model.snapshots.approval import Step
from data_model.snapshots.content import LeftOut, SnapshotContent
from tests.conftest import ON_SQLITE, PHO_CUONG, PHO_MINH, PHO_VINH
from tests.old_contents import as_of_the_first_declaration


def _send(town, code, unit, answers, actor=None, **more):
    with town.writing() as session:
        return writing.send(session, actor or town.people.supervisor, town.entry(code, unit, answers, **more))


def _preview(town, period=Period.Q3, plan="duc_pho_2024"):
    with town.reading() as session:
        return freezing.preview(session, town.people.leader, town.plan(plan).id, period).content


@ON_SQLITE
def test_every_record_that_does_not_count_is_named_with_its_reason(town, dialogue):
    leader, second = town.people.leader, town.people.second
    with town.database.writing(one_moment=True) as session:
        head = freezing.freeze(session, town.people.officer, town.plan().id, Period.Q2)
    for step, actor in ((Step.SUBMIT, town.people.officer), (Step.APPROVE, leader), (Step.ISSUE, leader)):
        with town.writing() as session:
            head = approval.take(session, actor, head.id, step, head.row_version)
    made = {
        name: _send(town, "DP-11", unit, dialogue(held_on=day), actor)
        for name, unit, day, actor in (
            ("counted", PHO_VINH, "2024-07-02", None),
            (LeftOut.SENT, PHO_MINH, "2024-08-20", None),
            (LeftOut.AFTER, PHO_MINH, "2024-10-01", None),
            (LeftOut.RETURNED, PHO_VINH, "2024-08-21", None),
            (LeftOut.VOID, PHO_VINH, "2024-08-22", None),
            (LeftOut.LATE, PHO_CUONG, "2024-06-03", second),
        )
    }
    made[LeftOut.RUNNING] = _send(town, "DP-03", PHO_VINH, {"started_on": "2024-08-01", "trade": "May công nghiệp"})
    with town.writing() as session:
        decisions.verify(session, leader, made["counted"].id, 1)
        decisions.return_to_author(session, leader, made[LeftOut.RETURNED].id, 1, "Thiếu ảnh")
        decisions.void(session, leader, made[LeftOut.VOID].id, 1, "Nhập nhầm")
        made[LeftOut.DRAFT] = writing.save_draft(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, {}))
        thrown = writing.save_draft(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, {}))
        writing.discard(session, town.people.supervisor, thrown.id)
    content = _preview(town)
    assert {one.id: one.reason for one in content.left_out} == {
        record.id: reason for reason, record in made.items() if reason != "counted"
    }
    notes = {note.say: note.count for note in content.quality}
    assert all(notes[one.reason.label] == 1 for one in content.left_out)
    assert content.identity.records_out == {"draft": 1, "returned": 1, "void": 1, "after": 1, "left_over": 0}
    inside = {record.id for record in content.records}
    assert {one.id for one in content.left_out} & inside == {
        made[r].id for r in (LeftOut.SENT, LeftOut.LATE, LeftOut.RUNNING)
    }


@ON_SQLITE
def test_a_payments_line_and_an_unmet_conditions_record_are_in_the_content(town, dialogue):
    line = next(line for line in town.plan().lines if line.is_money)
    owner = town.plan().owner.id
    with town.writing() as session:
        paid = writing.send(
            session,
            town.people.officer,
            replace(
                town.entry(line.code, PHO_VINH, {"paid_on": "2024-08-01", "paid": 5_000_000, "source": "central"}),
                unit_id=owner,
            ),
        )
    few = _send(town, "DP-11", PHO_VINH, dialogue(held_on="2024-08-05", attendance={"total": 12}))
    content = _preview(town)
    assert content.line_names[line.code] == line.name and {r.id for r in content.records} == {paid.id, few.id}
    assert {one.record_id for one in content.unmet} == {few.id}
    assert {row.code: row.funds and row.funds.vi for row in _preview(town, Period.Q2, "ba_to_2024").money}[
        "KP"
    ].startswith("Quyết định 699/QĐ-UBND")


@ON_SQLITE
def test_the_plans_own_document_is_named(town):
    assert _preview(town, plan="long_khanh_2024").identity.document == "1129/KH-UBND ngày 21/06/2024"
    assert _preview(town).identity.document == ""


def test_a_snapshot_of_the_first_declaration_opens_and_verifies(town, dialogue, monkeypatch):
    _send(town, "DP-11", PHO_VINH, dialogue(held_on="2024-08-05", attendance={"total": 12}))
    written = SnapshotContent.canonical
    with monkeypatch.context() as then:
        then.setattr(SnapshotContent, "canonical", lambda self: as_of_the_first_declaration(written(self)))
        with town.database.writing(one_moment=True) as session:
            head = freezing.freeze(session, town.people.officer, town.plan().id, Period.Q3)
    with town.reading() as session:
        assert b"left_out" not in reading.content_bytes(session, town.people.leader, head.id)
        assert proving.verify(session, town.people.leader, head.id).intact
        content = reading.open_snapshot(session, town.people.leader, head.id).content
    assert content.identity.schema == 1 and content.left_out == () and content.unmet[0].record_id is None
    assert [u.key for u in content.units] == [u.code for u in town.plan().units]
    assert {u.key for u in content.units} >= {next(t for t in content.targets if t.code == "DP-11").due_in[0]}


def test_what_must_be_there_is_asked_for():
    for broken in (b'{"identity":{}}', b'"texts"', b"[]"):
        with pytest.raises(ValueError):
            SnapshotContent.read(broken)
    assert canonical.from_bytes(date, b'"2024-01-01"') == date(2024, 1, 1)
