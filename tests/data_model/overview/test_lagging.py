"""Which communes lag, in which order, and the reason that their records tell."""

from datetime import date

import pytest

from data_model.core.problems import Refused
from data_model.counting.rules import TargetStatus
from data_model.overview.lagging import Lack, Lagging, Why, lagging, supervisors
from data_model.plans import phasing
from data_model.progress.figures import plan_progress
from data_model.records import writing
from data_model.review import decisions
from tests.conftest import PHO_CUONG, PHO_MINH, PHO_VINH, Town
from tests.data_model.visits import send_visit


def look(town: Town, plan: str = "duc_pho_2024", as_of: date | None = None) -> Lagging:
    with town.reading() as session:
        progress = plan_progress(session, town.people.leader, town.plan(plan).id, as_of)
        return lagging(session, town.people.leader, progress)


def lack(found: Lagging, unit: str, code: str) -> Lack:
    there = next(one for one in found.units if one.unit.code == unit)
    return next(each for each in there.lacks if each.target.line.code == code)


def whys(one: Lack) -> list[Why]:
    return [reason.why for reason in one.reasons]


def phase(town: Town, code: str, *shares: int) -> None:
    """A phasing of one target by quarter."""
    line = town.line(code)
    with town.writing() as session:
        phasing.set_phasing(session, town.people.leader, town.plan().id, {line.target_id: dict(enumerate(shares, 1))})


@pytest.fixture
def send(town, dialogue):
    def sending(unit=PHO_VINH, verified=False, **answers):
        with town.writing() as session:
            record = writing.send(session, town.people.supervisor, town.entry("DP-11", unit, dialogue(**answers)))
            if verified:
                decisions.verify(session, town.people.leader, record.id, record.version, "Đã xem")
            return record

    return sending


def test_an_empty_plan_is_late_nowhere_and_says_that_nothing_came(town):
    found = look(town)
    assert len(found.units) == 15
    assert found.late_units == () and found.targets == ()  # nothing is phased: nothing can be called slow
    assert whys(lack(found, PHO_VINH, "DP-11")) == [Why.NOTHING]
    assert {unit.last_sent for unit in found.units} == {None}


@pytest.mark.parametrize("plan", ["ba_to_2024", "long_khanh_2024", "bai_chay_2024"])
def test_a_commune_without_a_number_of_its_own_does_not_lag(town, plan):
    assert look(town, plan) == Lagging((), ())


def test_what_was_sent_and_not_verified_is_the_reason_with_its_day(town, send, today):
    send()
    (reason,) = lack(look(town), PHO_VINH, "DP-11").reasons
    assert (reason.why, reason.count) == (Why.NOT_VERIFIED, 1) and reason.since is not None


def test_what_came_back_is_the_reason_and_nothing_else_is_missing(town, send):
    record = send()
    with town.writing() as session:
        decisions.return_to_author(session, town.people.leader, record.id, record.version, "Thiếu ảnh buổi họp")
    (reason,) = lack(look(town), PHO_VINH, "DP-11").reasons
    assert (reason.why, reason.count) == (Why.RETURNED, 1) and reason.since is not None


def test_a_reached_target_leaves_the_list_and_a_condition_not_met_stays_told(town, send):
    send(verified=True, attendance={"total": 38})
    assert "DP-11" not in [one.target.line.code for u in look(town).units if u.unit.code == PHO_VINH for one in u.lacks]
    send(unit=PHO_MINH, attendance={"total": 38})
    assert whys(lack(look(town), PHO_MINH, "DP-11")) == [Why.NOT_VERIFIED, Why.UNMET]


def test_a_missing_visit_names_its_rounds(town):
    send_visit(town)
    here, there = (lack(look(town), unit, "DP-17a") for unit in (PHO_VINH, PHO_MINH))
    assert whys(here) == [Why.NOT_VERIFIED, Why.NOT_VISITED] and here.reasons[1].count == 1
    assert whys(there) == [Why.NOT_VISITED] and there.reasons[0].count == 2
    assert here.reasons[1].rounds == there.reasons[0].rounds[1:]


def test_only_what_is_behind_is_late_and_the_worst_commune_stands_first(town, send):
    phase(town, "DP-11", 0, 15, 0, 0)
    send(unit=PHO_VINH, verified=True)
    found = look(town)
    assert len(found.late_units) == 14 and all(unit.unit.code != PHO_VINH for unit in found.late_units)
    assert found.units[-1].unit.code == PHO_VINH and not found.units[-1].late  # owes visits, none of them late
    first = found.units[0].lacks[0]
    assert (first.target.line.code, first.target.status) == ("DP-11", TargetStatus.VERY_SLOW)
    (behind,) = found.targets
    assert (behind.target.line.code, behind.short_in, behind.reasons) == ("DP-11", 14, ())


def test_a_target_of_the_whole_area_tells_its_own_reason(town):
    phase(town, "DP-10", 0, 13, 12, 0)
    (behind,) = look(town).targets
    assert (behind.target.line.code, behind.short_in, whys(behind)) == ("DP-10", 0, [Why.NOTHING])


def test_later_records_explain_nothing(town, send):
    send(held_on="2024-10-10")
    assert whys(lack(look(town, as_of=date(2024, 10, 9)), PHO_VINH, "DP-11")) == [Why.NOTHING]


def test_a_measured_target_says_that_nobody_measured(town):
    found = look(town, "hong_ngu_2022")
    measured = [one for unit in found.units for one in unit.lacks if one.target.line.is_measured]
    assert measured and {tuple(whys(one)) for one in measured} == {(Why.NOT_MEASURED,)}
    assert not any(one.late for one in measured)  # without a value nothing can be called late


def test_who_holds_a_commune_today(town):
    ids = {code: town.unit(code).id for code in (PHO_VINH, PHO_CUONG, "21442")}
    with town.reading() as session:
        found = supervisors(session, town.people.leader, ids.values())
    assert found == {ids[PHO_VINH]: ("Giám sát cụm Đông",), ids[PHO_CUONG]: ("Giám sát cụm Nam",)}


def test_only_who_may_read_progress(town):
    with town.reading() as session:
        progress = plan_progress(session, town.people.leader, town.plan().id)
        with pytest.raises(Refused):
            lagging(session, town.people.supervisor, progress)
