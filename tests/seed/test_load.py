"""The loader: run again without harm; a corrected file corrects in place and keeps what was recorded."""

import shutil
from dataclasses import replace
from fractions import Fraction

import pytest
from sqlmodel import SQLModel, func, select

from data_model.core.tables import JournalEntry
from data_model.plans import phasing
from data_model.plans.tables import Activity, Plan
from data_model.records import writing
from data_model.records.tables import FieldRecord
from seed.load import FOLDER, load_everything, load_plan
from tests.conftest import PHO_VINH


def _counts(database) -> dict[str, int]:
    with database.reading() as session:
        return {
            name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in SQLModel.metadata.tables.items()
        }


@pytest.fixture
def corrected(tmp_path):
    """Đức Phổ's file with a text replaced, as a data officer would save it."""

    def write(*changes: tuple[str, str]):
        text = (FOLDER / "plans" / "duc_pho_2024.toml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "duc_pho_2024.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def _load(town, path):
    with town.writing() as session:
        return load_plan(session, path)


def test_run_again_it_changes_nothing(plans):
    before = _counts(plans)
    with plans.writing() as session:
        assert load_everything(session) == []
    assert _counts(plans) == before
    with plans.reading() as session:
        assert set(session.exec(select(Plan.revision))) == {1}


def test_read_anew_for_another_reason_it_doubles_nothing(plans, tmp_path):
    shutil.copytree(FOLDER, tmp_path / "seed")
    for path in (tmp_path / "seed" / "plans").glob("*.toml"):
        path.write_text(path.read_text(encoding="utf-8") + "\n# xem lại\n", encoding="utf-8")
    before = _counts(plans)
    with plans.writing() as session:
        assert len(load_everything(session, tmp_path / "seed")) == 5
    after = _counts(plans)
    assert {name: n - before[name] for name, n in after.items() if n != before[name]} == {
        "journal": 5,
        "journal_seal": 5,
    }


def test_a_corrected_number_raises_the_revision_and_keeps_the_records(town, corrected, dialogue):
    entry = town.entry("DP-03", PHO_VINH, {"started_on": "2024-09-01", "ended_on": "2024-10-01", "trade": "May"})
    with town.writing() as session:
        sent = writing.send(session, town.people.supervisor, entry)
    before = town.line("DP-03")
    assert _load(town, corrected(("quantity = 5\n", "quantity = 6\n"))) == "duc_pho_2024"
    after = town.line("DP-03")
    assert (town.plan().revision, before.need, after.need) == (2, 5, 6)
    assert (after.activity_id, after.target_id) == (before.activity_id, before.target_id)
    with town.reading() as session:
        assert session.get(FieldRecord, sent.id).activity_id == after.activity_id
        assert session.exec(select(JournalEntry).where(JournalEntry.act == "load")).all()[-1].after["revision"] == 2


def test_a_phasing_that_still_fits_stays_and_one_that_does_not_is_dropped(town, corrected):
    classes, dialogues = town.line("DP-03").target_id, town.line("DP-11").target_id
    with town.writing() as session:
        phasing.set_phasing(
            session,
            town.people.leader,
            town.plan().id,
            {classes: {2: Fraction(2), 4: Fraction(3)}, dialogues: {2: Fraction(15)}},
        )
    _load(town, corrected(("quantity = 5\n", "quantity = 6\n")))
    assert (town.line("DP-03").phases, town.line("DP-11").phases) == ({}, {2: 15})
    with town.reading() as session:
        dropped = session.exec(select(JournalEntry).where(JournalEntry.act == "drop_phasing")).one()
    assert dropped.before == {str(classes): {"2": "2", "4": "3"}}


def test_a_commune_named_anew_takes_the_place_of_the_old_one(town, corrected):
    _load(town, corrected(('named_units = ["21472", "21448"]', 'named_units = ["21472", "21442"]')))
    assert {town.plan().unit_by_id[u].name for u in town.line("DP-04").unit_ids} == {"Phổ Cường", "Phổ An"}


def test_an_activity_taken_out_of_the_file_goes_unless_something_was_recorded(town, corrected):
    renamed = corrected(('id = "DP-12"', 'id = "DP-12x"'))
    _load(town, renamed)
    codes = {line.code for line in town.plan().lines}
    assert "DP-12x" in codes and "DP-12" not in codes
    with town.writing() as session:
        writing.send(
            session,
            town.people.supervisor,
            replace(town.entry("DP-12x", PHO_VINH, {"type": "contest", "starts_on": "2024-10-01"})),
        )
    _load(town, FOLDER / "plans" / "duc_pho_2024.toml")
    plan = town.plan()
    codes, withdrawn = ({line.code for line in lines} for lines in (plan.lines, plan.withdrawn_lines))
    assert "DP-12" in codes and "DP-12x" not in codes and withdrawn == {"DP-12x"}


@pytest.mark.parametrize(
    "change",
    [
        ('measure = "days"', 'measure = "sessions"'),
        ('proof = "minutes"', 'proof = "hours"'),
        ('comparator = "exactly"\n', ""),
        ('comparator = "exactly"', 'comparator = "roughly"'),
        ('named_units = ["21472", "21448"]', 'named_units = ["99999"]'),
        (
            'quantity = 2\ncomparator = "exactly"\nscope = "each_unit"',
            'quantity = 3\ncomparator = "exactly"\nscope = "each_unit"',
        ),
    ],
)
def test_a_file_that_could_not_be_counted_is_refused_whole(town, corrected, change):
    before = _counts(town.database)
    with pytest.raises((ValueError, KeyError)):
        _load(town, corrected(change))
    assert _counts(town.database) == before and town.plan().revision == 1


def test_two_loads_of_one_plan_keep_every_activity_once(plans):
    with plans.reading() as session:
        twice = session.execute(
            select(Activity.plan_id, Activity.code).group_by(Activity.plan_id, Activity.code).having(func.count() > 1)
        )
        assert twice.all() == []
