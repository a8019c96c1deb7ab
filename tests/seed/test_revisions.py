"""A corrected plan file: what it no longer has asks for nothing and counts nothing, and no record is lost (R27,
R28).
"""

import uuid
from dataclasses import replace
from fractions import Fraction

import pytest
from sqlmodel import select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.periods.periods import Period
from data_model.plans import phasing
from data_model.progress import figures
from data_model.records import listing, writing
from data_model.records.tables import FieldRecord
from data_model.review import decisions
from data_model.snapshots import freezing
from data_model.snapshots.content import LeftOut
from data_model.units.tables import Unit
from seed.load import FOLDER, load_plan
from tests.conftest import PHO_AN, PHO_VINH

FILE = FOLDER / "plans" / "duc_pho_2024.toml"
VISIT = {"visited_on": "2024-10-01", "team": "Đoàn 1"}
ROUND_2 = (
    '  { number = 2, name = { vi = "Đợt 2: chính sách, chương trình 2024", en = "Round 2: policies and programme 2024"'
    " } },\n"
)


@pytest.fixture
def correct(town, tmp_path):
    """Load Đức Phổ's file with texts replaced after a mark of the file, as a data officer would save it."""

    def write(*changes: tuple[str, str, str]):
        text = FILE.read_text(encoding="utf-8")
        for after, old, new in changes:
            head, mark, tail = text.partition(after)
            assert mark and old in tail
            text = head + mark + tail.replace(old, new, 1)
        path = tmp_path / "duc_pho_2024.toml"
        path.write_text(text, encoding="utf-8")
        with town.writing() as session:
            load_plan(session, path)

    return write


@pytest.fixture
def verified(town):
    """Send a record of Đức Phổ's plan and have it verified."""

    def send(line: str, unit: str, answers: dict, **more) -> uuid.UUID:
        with town.writing() as session:
            sent = writing.send(session, town.people.supervisor, town.entry(line, unit, answers, **more))
            decisions.verify(session, town.people.officer, sent.id, sent.version, "Đã xem")
        return sent.id

    return send


def _progress(town):
    with town.reading() as session:
        return figures.plan_progress(session, town.people.leader, town.plan().id)


def _target(town, code):
    return next(t for t in _progress(town).targets if t.line.code == code)


def _left_over(town) -> list[uuid.UUID]:
    with town.reading() as session:
        return [row.id for row in listing.left_over_records(session, town.people.leader, town.plan(), 10)]


def test_r27_two_rounds_instead_of_three_ask_two(town, correct, verified):
    first, second = town.line("DP-17a").round_ids
    counted = verified("DP-17a", PHO_VINH, VISIT, round_id=first)
    gone = verified("DP-17a", PHO_VINH, VISIT, round_id=second)
    assert (_target(town, "DP-17a").need, _target(town, "DP-17a").done.verified) == (30, 2)
    correct(
        ('id = "DP-17a"', "quantity = 2", "quantity = 1"),
        ('id = "DP-17a"', ROUND_2, ""),
        ('id = "DP-17"', "quantity = 3", "quantity = 2"),
    )
    after, whole = _target(town, "DP-17a"), _target(town, "DP-17")
    assert (after.need, after.done.verified, after.rounds_due, list(after.visited)) == (15, 1, 1, [first])
    assert (whole.need, whole.done.verified) == (30, 1)
    assert _left_over(town) == [gone] and _progress(town).left_over == 1 and counted != gone
    assert dict(town.line("DP-17a").withdrawn_rounds)[second].vi.startswith("Đợt 2")
    with pytest.raises(Refused):
        verified("DP-17a", PHO_AN, VISIT, round_id=second)


def test_r27_a_round_that_nobody_used_goes_without_a_trace_and_comes_back(town, correct):
    correct(('id = "DP-17a"', "quantity = 2", "quantity = 1"), ('id = "DP-17a"', ROUND_2, ""))
    assert town.line("DP-17a").withdrawn_rounds == () and len(town.line("DP-17a").rounds) == 1
    correct()
    assert len(town.line("DP-17a").rounds) == 2


def test_r27_an_activity_taken_out_counts_nothing_and_its_records_stay(town, correct, verified, dialogue):
    gone = verified("DP-11", PHO_VINH, dialogue())
    before, headline = _target(town, "DP-11"), len(_progress(town).targets)
    correct(('id = "DP-10"', 'id = "DP-11"', 'id = "DP-11x"'))
    progressed = _progress(town)
    assert len(progressed.targets) == headline and _target(town, "DP-11x").done.verified == 0 < before.done.verified
    assert _left_over(town) == [gone] and progressed.left_over == 1
    assert town.plan().line_by_activity[before.line.activity_id].withdrawn
    with town.writing() as session, pytest.raises(Refused) as refused:
        writing.send(
            session,
            town.people.supervisor,
            replace(town.entry("DP-11x", PHO_VINH, dialogue()), activity_id=before.line.activity_id),
        )
    assert refused.value.problems[0].say is Say.ACTIVITY_WITHDRAWN
    with town.reading() as session:
        assert session.get(FieldRecord, gone).status == "verified"
        loaded = session.exec(select(JournalEntry).where(JournalEntry.act == "load")).all()[-1]
        assert loaded.after["withdrawn"] == ["DP-11"]
        content = freezing.preview(session, town.people.leader, town.plan().id, Period.Q4).content
    assert [(one.id, one.reason) for one in content.left_out] == [(gone, LeftOut.LEFT_OVER)]
    assert gone not in {one.id for one in content.records} and sum(content.identity.records_in.values()) == 0
    correct()
    assert _target(town, "DP-11").done.verified == 1 and _left_over(town) == []


def test_r28_a_target_that_counts_in_another_measure_counts_its_records_anew(town, correct, verified):
    fair = {"type": "career_fair", "starts_on": "2024-10-01", "ends_on": "2024-10-03"}
    record = verified("DP-01", PHO_VINH, fair)
    assert _target(town, "DP-01").done.verified == 3
    correct(('id = "DP-01"', 'measure = "days"', 'measure = "events"'))
    assert (_target(town, "DP-01").done.verified, _target(town, "DP-01").happened.verified) == (1, 1)
    correct()
    assert _target(town, "DP-01").done.verified == 3
    with town.reading() as session:
        assert (session.get(FieldRecord, record).version, session.get(FieldRecord, record).quantity) == (2, 3)


def test_r28_a_condition_that_changed_is_proved_anew(town, correct, verified, dialogue):
    verified("DP-11", PHO_VINH, dialogue(attendance={"total": 55}))
    assert _target(town, "DP-11").unmet == 0
    correct(('id = "DP-11"', "at_least = 50", "at_least = 60"))
    assert _target(town, "DP-11").unmet == 1


def test_r27_what_another_kind_proves_is_another_activity(town, correct, verified, dialogue):
    gone = verified("DP-11", PHO_VINH, dialogue())
    correct(
        ('id = "DP-11"', 'kind = "dialogue_session"', 'kind = "public_event"'),
        ('id = "DP-11"', 'measure = "sessions"', 'measure = "events"'),
    )
    assert (
        _target(town, "DP-11").line.kind == "public_event"
        and _target(town, "DP-11").done.verified == 0
        and _left_over(town) == [gone]
    )


def test_r18_five_in_all_with_parts_of_one_each_is_not_done_by_two(town, correct, verified):
    course = {"started_on": "2024-09-01", "ended_on": "2024-09-02", "topic": "Rà soát"}
    verified("DP-14a", PHO_VINH, course)
    verified("DP-14b", PHO_VINH, course)
    correct(('id = "DP-14"', "quantity = 3", "quantity = 5"))
    whole = _target(town, "DP-14")
    assert (whole.need, whole.done.verified, whole.percent) == (5, 2, Fraction(2, 5))


def test_r27_a_commune_that_left_the_plan_counts_nothing_and_can_still_be_named(town, correct, verified, dialogue):
    gone = verified("DP-11", PHO_VINH, dialogue())
    unit = town.unit(PHO_VINH)
    with town.writing() as session:
        session.get(Unit, unit.id).parent_id = None
    correct(('id = "DP-05"', '"21466"', '"21442"'))
    plan = town.plan()
    assert len(plan.units) == 14 and _target(town, "DP-11").need == 14 and plan.unit_by_id[unit.id].name == unit.name
    assert _left_over(town) == [gone] and _target(town, "DP-11").done.verified == 0


def test_the_owner_area_is_no_commune_of_a_plan_that_has_communes(town, correct):
    """Whatever its code: here one that is not the name of the place."""
    owner = town.plan().owner.id
    with town.writing() as session:
        session.get(Unit, owner).code = "522"
    correct(("[plan]", 'owner = "duc_pho"', 'owner = "522"'))
    plan = town.plan()
    assert plan.owner.id == owner and len(plan.units) == 15 and owner not in plan.unit_ids
    assert owner not in _progress(town).units


@pytest.mark.parametrize("written", ["0.12345", "1234567.000001", "0.6", "5"])
def test_r4_a_quantity_is_the_decimal_that_the_file_writes(town, correct, written):
    correct(('id = "DP-03"', "quantity = 5", f"quantity = {written}"))
    assert town.line("DP-03").need == Fraction(written)


def test_r4_a_share_is_kept_as_it_was_entered(town):
    target = town.line("DP-03").target_id
    shares = {2: Fraction("0.12345"), 3: Fraction(1, 3), 4: 5 - Fraction("0.12345") - Fraction(1, 3)}
    with town.writing() as session:
        phasing.set_phasing(session, town.people.leader, town.plan().id, {target: shares})
    assert town.line("DP-03").phases == shares
