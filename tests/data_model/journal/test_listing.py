"""The journal as a whole: found by days, person, act and subject; named in words; nothing secret in it."""

import ast
import hashlib
import importlib
import inspect
import json
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from sqlmodel import select

from data_model.accounts import administration, one_time_links, sign_ins
from data_model.core import clock
from data_model.core.access import Role, UnitGrant
from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.journal import listing, subjects
from data_model.journal.acts import ACTS, CHANNELS, SUBJECTS
from data_model.journal.listing import JournalFilter
from data_model.records import writing
from data_model.review import decisions
from tests.conftest import CHOSEN, ON_SQLITE, PASSWORD, PHO_VINH

ROOT = Path(__file__).parents[3]


def _days(**more) -> JournalFilter:
    today = clock.now().astimezone(clock.VIETNAM).date()
    return JournalFilter(today - timedelta(days=1), today + timedelta(days=1), **more)


def _listed(town, asked=None, actor=None, **more):
    with town.reading() as session:
        return listing.entries(session, actor or town.people.leader, asked or _days(), **more)


@pytest.fixture
def decided(town, dialogue):
    with town.writing() as session:
        sent = writing.send(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue()))
        return decisions.return_to_author(session, town.people.leader, sent.id, 1, "Thiếu danh sách")


def test_the_latest_comes_first_with_who_and_what(town, decided):
    latest, before = _listed(town, limit=1)
    assert (latest.act, latest.who, before.act, before.who) == (
        "returned",
        "Lãnh đạo phòng",
        "send",
        "Giám sát cụm Đông",
    )
    assert (latest.what.name.vi, latest.what.place, latest.what.day) == (
        "Đối thoại chính sách tại xã, phường",
        "phường Phổ Vinh",
        date(2024, 10, 10),
    )


def test_every_filter_leaves_out_the_others(town, decided):
    assert {row.subject for row in _listed(town, _days(subject="account"))} == {"account"}
    assert [row.act for row in _listed(town, _days(subject="record", act="send"))] == ["send"]
    assert [row.act for row in _listed(town, _days(account_id=town.people.leader.id))] == ["returned"]
    later = clock.now().date() + timedelta(days=3)
    assert _listed(town, JournalFilter(later, later)) == []


def test_a_day_is_a_day_of_vietnam(town, decided):
    with town.reading() as session:
        day = listing.latest_day(session, town.people.leader)
    assert decided.reviewed_at.astimezone(clock.VIETNAM).date() == day
    assert (
        _listed(town, JournalFilter(day, day))[0].act == "returned"
        and _listed(town, JournalFilter(day + timedelta(days=1), day + timedelta(days=2))) == []
    )


def test_pages_hold_every_entry_once(town, decided):
    whole = [row.id for row in _listed(town, limit=1000)]
    found, after = [], None
    while page := _listed(town, after=after, limit=4)[:4]:
        found += [row.id for row in page]
        after = page[-1].cursor
    assert found == whole and len(set(found)) == len(found) > 8
    with town.reading() as session:
        assert [e.row.id for e in listing.all_entries(session, town.people.leader, _days())] == whole


def test_long_journals_are_read_in_pieces(town, decided, monkeypatch):
    monkeypatch.setattr(listing, "CHUNK", 3)
    with town.reading() as session:
        read = [e.row.id for e in listing.all_entries(session, town.people.leader, _days())]
    assert read == [row.id for row in _listed(town, limit=1000)]


def test_an_opened_entry_tells_before_and_after(town, decided):
    with town.reading() as session:
        opened = listing.open_entry(session, town.people.leader, _listed(town)[0].id)
    assert (opened.before["status"], opened.after, opened.kind) == (
        "sent",
        {"status": "returned", "reason": "Thiếu danh sách"},
        "dialogue_session",
    )


@ON_SQLITE
def test_somebody_elses_draft_is_not_read_in_the_journal(town):
    with town.writing() as session:
        writing.save_draft(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, {"place": "chưa xong"}))
    row = _listed(town)[0]
    assert row.act == "save_draft"
    with town.reading() as session:
        opened = listing.open_entry(session, town.people.leader, row.id)
        exported = next(listing.all_entries(session, town.people.leader, _days()))
    for entry in (opened, exported):
        assert entry.hidden and entry.before is entry.after is None


@ON_SQLITE
def test_supervisors_read_no_journal(town):
    with town.reading() as session:
        for ask in (
            lambda a: listing.entries(session, a, _days()),
            lambda a: listing.open_entry(session, a, 1),
            lambda a: list(listing.all_entries(session, a, _days())),
            lambda a: listing.people(session, a),
            lambda a: listing.latest_day(session, a),
        ):
            with pytest.raises(Refused) as caught:
                ask(town.people.supervisor)
            assert caught.value.problems[0].say == Say.NOT_ALLOWED
            ask(town.people.administrator)


@ON_SQLITE
def test_no_password_and_no_token_stands_in_the_journal(town):
    secrets = [PASSWORD, *town.people.tokens.values()]
    with town.writing() as session:
        account, made = administration.add_account(
            session, town.people.administrator, "moi", "Người mới", Role.SUPERVISOR, [town.unit(PHO_VINH).id]
        )
        renewed = administration.new_link(session, town.people.administrator, account.id)
        one_time_links.use_link(session, renewed, CHOSEN)
        administration.set_units(
            session, town.people.administrator, account.id, [UnitGrant(town.unit(PHO_VINH).id, None, None)]
        )
        token = sign_ins.begin(session, account, "10.0.0.1", "Chrome")
        administration.set_disabled(session, town.people.administrator, account.id, True)
        secrets += [made, renewed, token, account.password_hash]
    with town.reading() as session:
        written = json.dumps([(e.before, e.after, e.subject_id) for e in session.exec(select(JournalEntry))])
    assert "moi" in written and [s for s in secrets if s in written] == []
    assert [s for s in secrets if hashlib.sha256(s.encode()).hexdigest() in written] == []


# --- every act has a word ---

SOURCES = [path for folder in ("data_model", "seed", "dashboard") for path in sorted((ROOT / folder).rglob("*.py"))]


def _notes() -> list[tuple[Path, ast.Call, ast.FunctionDef, ast.Module]]:
    found = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            found += [
                (path, node, function, tree)
                for node in ast.walk(function)
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal.note"
            ]
    return found


def _module(path: Path):
    return importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def _values(node: ast.expr, path: Path, function: ast.FunctionDef, tree: ast.Module) -> set[str]:
    """What an expression of an act or subject can be: a word, one of two, a constant of the module, a parameter by its
    calls or its type.
    """
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return _values(node.body, path, function, tree) | _values(node.orelse, path, function, tree)
    if isinstance(node, ast.Attribute):
        if node.attr == "value":
            return _values(node.value, path, function, tree)
        return {str(eval(ast.unparse(node), vars(_module(path))))}
    if isinstance(node, ast.JoinedStr):
        made = {""}
        for part in node.values:
            inner = _values(part.value if isinstance(part, ast.FormattedValue) else part, path, function, tree)
            made = {before + after for before in made for after in inner}
        return made
    assert isinstance(node, ast.Name), f"{path.name}: an act written as {ast.unparse(node)} is not understood here"
    places = [argument.arg for argument in function.args.args]
    if node.id not in places:
        return {str(getattr(_module(path), node.id))}
    declared = inspect.signature(getattr(_module(path), function.name)).parameters[node.id].annotation
    if isinstance(declared, type) and issubclass(declared, StrEnum):
        return {member.value for member in declared}
    calls = [call for call in ast.walk(tree) if isinstance(call, ast.Call) and ast.unparse(call.func) == function.name]
    return {value for call in calls for value in _values(call.args[places.index(node.id)], path, function, tree)}


def test_every_act_that_is_written_anywhere_has_a_word():
    written = set()
    for path, call, function, tree in _notes():
        _session, _actor, act, subject = call.args[:4]
        written |= {(s, a) for s in _values(subject, path, function, tree) for a in _values(act, path, function, tree)}
    # A decision's status stands in the journal as its act; a draft and a sending are noted as what they are.
    never = {("record", "draft"), ("record", "sent")}
    assert len(written) > 40
    assert sorted(written - never - ACTS.keys()) == []
    migrated = {("snapshot", "snapshot_taken_over")}
    assert sorted(ACTS.keys() - written - migrated) == []
    assert {subject for subject, _act in written} == set(SUBJECTS)


def test_every_way_in_has_a_word():
    calls = [
        node
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    given = [keyword.value for call in calls for keyword in call.keywords if keyword.arg == "channel"]
    parts = [
        part for value in given for part in ((value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,))
    ]
    assert {part.value for part in parts if isinstance(part, ast.Constant)} | {"page"} == set(CHANNELS)


def test_every_subject_can_be_named():
    assert set(subjects._NAMING) == set(SUBJECTS)


@pytest.mark.parametrize("label", [*ACTS.values(), *SUBJECTS.values(), *CHANNELS.values()], ids=lambda label: label.en)
def test_a_word_stands_in_both_languages(label):
    assert label.vi and label.en and label.vi != label.en
