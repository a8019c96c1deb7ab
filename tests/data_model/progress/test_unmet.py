"""Records that count and fail a condition, found again with the figure; and figures quarter by quarter."""

import pytest

from data_model.core.problems import Refused
from data_model.counting.by_quarter import by_quarter
from data_model.counting.plan import count_plan
from data_model.counting.rules import Pair
from data_model.progress.unmet import unmet_records
from data_model.records import writing
from data_model.review import decisions
from tests.conftest import PHO_MINH, PHO_VINH
from tests.data_model.small_plan import done, line, plan


def send(town, code, unit, answers, verified=True):
    with town.writing() as session:
        record = writing.send(session, town.people.supervisor, town.entry(code, unit, answers))
        if verified:
            decisions.verify(session, town.people.leader, record.id, record.version, "Đã xem")
        return record.id


def found(town, **more):
    with town.reading() as session:
        return unmet_records(session, town.people.leader, town.plan().id, **more)


def test_each_unmet_condition_comes_with_its_figure(town, dialogue):
    few = send(town, "DP-11", PHO_VINH, dialogue(attendance={"total": 38}))
    none = send(town, "DP-11", PHO_MINH, dialogue(held_on="2024-10-11", attendance={}), verified=False)
    send(town, "DP-11", PHO_VINH, dialogue(attendance={"total": 50}))
    assert [(r.record_id, r.figure, r.verified) for r in found(town)] == [(none, None, False), (few, 38, True)]


def test_later_records_are_left_out(town, dialogue, today):
    send(town, "DP-11", PHO_VINH, dialogue(held_on="2024-10-10", attendance={"total": 38}))
    assert found(town, as_of=today.replace(day=9)) == []


def test_only_who_may_read_progress(town):
    with town.reading() as session, pytest.raises(Refused):
        unmet_records(session, town.people.supervisor, town.plan().id)


def test_an_unknown_plan_is_not_found(town):
    with town.reading() as session, pytest.raises(Refused):
        unmet_records(session, town.people.leader, 987_654)


def test_quarters_add_up_and_stop_at_the_day():
    of = plan(line(need=4, phases={2: 3, 3: 1}))
    progress = count_plan(of, [done(quantity=1), done(quantity=2, quarter=3, verified=False)], (), of.quarter_ends[2])
    ends = by_quarter(progress, progress.targets[0])
    assert [e.planned for e in ends] == [0, 3, 4, 4]
    assert [e.done for e in ends] == [Pair(0, 0), Pair(1, 1), Pair(1, 3), None]


def test_a_whole_asks_for_what_its_parts_ask_for():
    of = plan(
        line(need=3, activity_id=10, part_ids=(11, 12)),
        line(need=2, activity_id=11, part_of=10, phases={2: 2}),
        line(need=1, activity_id=12, part_of=10, phases={4: 1}),
    )
    progress = count_plan(of, (), (), of.ends_on)
    assert [e.planned for e in by_quarter(progress, progress.by_activity[10])] == [0, 2, 2, 3]


def test_days_after_the_fourth_quarter_stand_apart():
    of = plan(line(need=4), rule="15_to_14")
    progress = count_plan(of, [done(quarter=5, quantity=2)], (), of.ends_on)
    assert [(e.quarter, e.done.verified) for e in by_quarter(progress, progress.targets[0])] == [
        (1, 0),
        (2, 0),
        (3, 0),
        (4, 0),
        (5, 2),
    ]
