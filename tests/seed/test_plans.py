"""The figures that a reader of the five plans will check first, as they stand in the loaded database."""

import tomllib
from collections import Counter
from datetime import date

import pytest
from sqlmodel import select

from data_model.counting.plan import count_plan
from data_model.plans.tables import Comparator, Plan, Scope
from data_model.plans.view import view_plan
from data_model.units.tables import Unit, UnitLineage
from seed.load import FOLDER
from tests.conftest import ON_SQLITE, TODAY

FILES = sorted((FOLDER / "plans").glob("*.toml"))
MONEY_OF_DUC_PHO = {
    "DA4": 4_305_385_000,
    "DA4.1": 2_868_578_000,
    "DA4.3": 1_436_807_000,
    "DA6.2": 253_033_000,
    "DA7": 1_359_855_000,
    "DA7.1": 874_838_000,
    "DA7.2": 485_017_000,
}


@pytest.fixture
def view(plans):
    """A loaded plan by its code."""
    with plans.reading() as session:
        views = {p.code: view_plan(session, p.id) for p in session.exec(select(Plan))}
    return views.__getitem__


def lines(plan) -> dict:
    return {line.code: line for line in plan.lines}


def numbered(plan) -> dict:
    return {line.code: (line.need, line.comparator, line.scope) for line in plan.target_lines if line.need is not None}


def places(plan, line) -> set[str]:
    return {plan.unit_by_id[u].name for u in line.unit_ids}


def budgets(plan) -> dict:
    return {plan.component_by_id[c].code: budget.amount for c, budget in plan.budgets.items()}


def test_there_are_five_plans_with_their_units(view):
    found = {
        code: Counter(u.kind for u in view(code).units)
        for code in ("duc_pho_2024", "ba_to_2024", "hong_ngu_2022", "bai_chay_2024", "long_khanh_2024")
    }
    assert found["duc_pho_2024"] == {"phường": 8, "xã": 7}
    assert found["ba_to_2024"] == {"thị trấn": 1, "xã": 18}
    assert found["hong_ngu_2022"] == {"thị trấn": 1, "xã": 9}
    assert found["bai_chay_2024"] == {"phường": 1}


# --- Đức Phổ -------------------------------------------------------------------------------


def test_duc_pho_what_is_owed(view):
    exactly, whole, each, named = Comparator.EXACTLY, Scope.WHOLE, Scope.EACH_UNIT, Scope.NAMED_UNITS
    assert numbered(view("duc_pho_2024")) == {
        "DP-01": (3, exactly, whole),
        "DP-03": (5, exactly, whole),
        "DP-04": (1, exactly, named),
        "DP-05": (1, exactly, named),
        "DP-10": (25, Comparator.AT_LEAST, whole),
        "DP-11": (1, exactly, each),
        "DP-14": (3, exactly, whole),
        "DP-14a": (1, exactly, whole),
        "DP-14b": (1, exactly, whole),
        "DP-14c": (1, exactly, whole),
        "DP-15": (2, exactly, whole),
        "DP-17": (3, exactly, each),
        "DP-17a": (2, exactly, each),
        "DP-17b": (1, exactly, each),
        "DP-19": (2, exactly, whole),
    }


@pytest.mark.parametrize(
    ("code", "kind", "measure", "total"),
    [
        ("DP-01", "public_event", "days", 3),
        ("DP-03", "vocational_class", "classes", 5),
        ("DP-04", "public_event", "events", 2),
        ("DP-05", "pano", "panos", 3),
        ("DP-10", "radio_segment", "segments", 25),
        ("DP-11", "dialogue_session", "sessions", 15),
        ("DP-14", None, None, 3),
        ("DP-15", "public_event", "events", 2),
        ("DP-17", None, None, 45),
        ("DP-17a", "monitoring_visit", "visits", 30),
        ("DP-17b", "monitoring_visit", "visits", 15),
        ("DP-19", "public_event", "events", 2),
    ],
)
@ON_SQLITE
def test_duc_pho_totals_and_what_proves_them(view, code, kind, measure, total):
    line = lines(view("duc_pho_2024"))[code]
    assert (line.kind, line.measure, line.total_need) == (kind, measure, total)


def test_duc_pho_named_communes(view):
    plan = view("duc_pho_2024")
    assert places(plan, lines(plan)["DP-04"]) == {"Phổ Cường", "Phổ Thuận"}
    assert places(plan, lines(plan)["DP-05"]) == {"Phổ Khánh", "Phổ Vinh", "Phổ Minh"}
    assert len(places(plan, lines(plan)["DP-11"])) == 15


def test_duc_pho_conditions(view):
    found = {
        code: [(c.proof, c.at_least, c.at_most) for c in line.conditions]
        for code, line in lines(view("duc_pho_2024")).items()
        if line.conditions
    }
    assert found == {"DP-10": [("minutes", 10, 15), ("broadcasts", 2, None)], "DP-11": [("participants", 50, None)]}


def test_duc_pho_three_rounds_are_45_visits(view):
    plan = view("duc_pho_2024")
    whole = count_plan(plan, [], [], TODAY).by_activity[lines(plan)["DP-17"].activity_id]
    assert whole.need == 45 and {cell.need for cell in whole.cells.values()} == {3} and len(whole.cells) == 15
    assert (len(lines(plan)["DP-17a"].rounds), len(lines(plan)["DP-17b"].rounds)) == (2, 1)


def test_duc_pho_three_named_classes_make_the_three(view):
    found = lines(view("duc_pho_2024"))
    assert set(found["DP-14"].part_ids) == {found[code].activity_id for code in ("DP-14a", "DP-14b", "DP-14c")}
    assert len({found[code].name.vi for code in ("DP-14a", "DP-14b", "DP-14c")}) == 3


def test_duc_pho_budgets_and_their_sums(view):
    found = budgets(view("duc_pho_2024"))
    assert found == MONEY_OF_DUC_PHO
    assert found["DA4"] == found["DA4.1"] + found["DA4.3"] and found["DA7"] == found["DA7.1"] + found["DA7.2"]


def test_duc_pho_windows(view):
    for code in ("DP-01", "DP-03", "DP-10", "DP-11", "DP-17"):
        line = lines(view("duc_pho_2024"))[code]
        assert (line.window_from, line.window_to, line.due) == (
            date(2024, 4, 1),
            date(2024, 12, 31),
            date(2024, 12, 31),
        )


def test_slips_stand_beside_the_figure_as_read(view):
    found = lines(view("duc_pho_2024"))
    assert found["DP-07a"].source_note["as_read"] == "2.868.578 triệu đồng"
    assert "nghìn đồng" in found["DP-07a"].source_note["slip"]["vi"]
    assert "Tiểu dự án 3" in found["DP-20b"].source_note["slip"]["vi"]
    assert len(view("duc_pho_2024").slips) == 5


# --- the other four ------------------------------------------------------------------------


def test_ba_to(view):
    plan = view("ba_to_2024")
    assert numbered(plan) == {
        "BT-01": (15, Comparator.EXACTLY, Scope.WHOLE),
        "BT-08": (4, Comparator.ABOUT, Scope.WHOLE),
    }
    panos, trip = lines(plan)["BT-01"], lines(plan)["BT-08"]
    assert panos.unit_ids == () and [(c.proof, c.at_least) for c in panos.conditions] == [("sides", 2)]
    assert (trip.kind, trip.measure) == ("public_event", "days")
    assert budgets(plan) == {"KP": 2_444_771_300, "DA6.2": 378_000_000, "DA7.1": 1_470_000_000, "DA7.2": 596_771_300}
    assert 378_000_000 + 1_470_000_000 + 596_771_300 == 2_444_771_300


def test_hong_ngu(view):
    plan = view("hong_ngu_2022")
    percent = {
        code: need for code, (need, comparator, _) in numbered(plan).items() if comparator is Comparator.PERCENTAGE
    }
    assert percent == {"HN-01": percent["HN-01"], "HN-02": 100, "HN-03": 100, "HN-04": 100, "HN-25": 100}
    assert percent["HN-01"] * 10 == 6 and lines(plan)["HN-01"].measure == "reduction"
    assert (lines(plan)["HN-26"].due, lines(plan)["HN-27"].due) == (date(2022, 6, 9), date(2022, 11, 9))
    left = {c.code: c.not_carried_out for c in plan.components if c.not_carried_out}
    assert set(left) == {"DA1", "DA4.1", "DA4.2", "DA5"} and all(
        reason["vi"] and reason["en"] for reason in left.values()
    )


def test_bai_chay(view):
    plan = view("bai_chay_2024")
    assert numbered(plan) == {
        "BC-01": (0, Comparator.KEEP_ZERO, Scope.WHOLE),
        "BC-02": (0, Comparator.KEEP_ZERO, Scope.WHOLE),
        "BC-05": (100, Comparator.PERCENTAGE, Scope.WHOLE),
    }
    assert plan.owner.full_name == "phường Bãi Cháy" and [u.id for u in plan.units] == [plan.owner.id]


def test_in_a_plan_of_one_ward_every_line_can_be_recorded_there(view):
    plan = view("bai_chay_2024")
    assert [line.code for line in plan.lines if not plan.owes(line, plan.owner.id)] == []


def test_long_khanh(view):
    plan = view("long_khanh_2024")
    assert numbered(plan) == {} and lines(plan)["LK-04"].kind == "staff_class"
    assert (lines(plan)["LK-04"].window_from, lines(plan)["LK-04"].window_to) == (date(2024, 10, 1), date(2024, 10, 31))
    on = {day: sum(u.exists_on(day) for u in plan.units) for day in (date(2024, 10, 31), date(2024, 11, 1))}
    assert on == {date(2024, 10, 31): 15, date(2024, 11, 1): 13}


def test_what_has_no_number_is_there_as_such(view):
    without = {
        code: sum(line.need is None for line in view(code).target_lines)
        for code in ("duc_pho_2024", "ba_to_2024", "hong_ngu_2022", "bai_chay_2024", "long_khanh_2024")
    }
    assert without == {
        "duc_pho_2024": 21,
        "ba_to_2024": 12,
        "hong_ngu_2022": 43,
        "bai_chay_2024": 36,
        "long_khanh_2024": 12,
    }


# --- the data files ------------------------------------------------------------------------


def _read(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_every_commitment_stands_once():
    ids = Counter(
        each["id"]
        for path in FILES
        for part in ("activity", "budget", "left_out")
        for each in _read(path).get(part, [])
    )
    assert set(ids.values()) == {1} and len(ids) == 173


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_says_where_it_comes_from_in_both_languages(path):
    data = _read(path)
    for each in data["activity"]:
        assert (
            each["section"]
            and each["line"]
            and each["name"]["vi"]
            and each["name"]["en"]
            and each["unit_of_measure"]["vi"]
        ), each["id"]
        assert len(each["name"]["vi"]) <= 80, f"{each['id']}: a short name of our own, not the source's sentence"
    for each in data.get("left_out", []):
        assert each["reason"]["vi"] and each["reason"]["en"], each["id"]


TOLD = {
    "hong_ngu_2022": [
        ("V.1", 197),
        ("V.2", 201),
        ("V.2", 203),
        ("V.3", 207),
        ("V.4", 213),
        ("V.5", 217),
        ("V.5", 219),
        ("V.6", 223),
    ],
    "bai_chay_2024": [
        ("II.5.2.c", 133),
        ("II.6", 147),
        ("IV.1", 165),
        ("IV.3", 187),
        ("IV.5", 195),
        *(("IV.9", n) for n in (219, 221, 223, 225, 227)),
    ],
    "ba_to_2024": [("III.1", 91)],
    "duc_pho_2024": [("VI.2", 209)],
    "long_khanh_2024": [("IV.3", 75)],
}
"""Sections of the plans in which somebody is told to do something, with the line of the source."""


@pytest.mark.parametrize(
    ("code", "section", "number"), [(code, *where) for code, told in TOLD.items() for where in told]
)
def test_what_a_section_tells_somebody_to_do_stands_in_the_plan_or_is_left_out_with_a_reason(code, section, number):
    data = _read(FOLDER / "plans" / f"{code}.toml")
    found = [
        each
        for part in ("activity", "left_out")
        for each in data.get(part, [])
        if (each.get("section"), each.get("line")) == (section, number)
    ]
    assert found and all(each["name"]["vi"] and each["name"]["en"] for each in found)


def test_a_line_that_tells_several_things_is_taken_apart():
    """Data, monitoring and the yearly review in one sentence of Bãi Cháy; assistance, a survey and a drive in
    another.
    """
    lines = Counter(each["line"] for each in _read(FOLDER / "plans" / "bai_chay_2024.toml")["activity"])
    assert lines[133] == 3 and lines[147] == 3


# --- units ---------------------------------------------------------------------------------


def test_the_fifteen_of_duc_pho_became_five(plans):
    with plans.reading() as session:
        unit = {u.id: u for u in session.exec(select(Unit))}
        became = {}
        for link in session.exec(select(UnitLineage)):
            if unit[link.old_id].place == "duc_pho":
                became.setdefault(unit[link.new_id].name, set()).add(unit[link.old_id].name)
    assert sum(map(len, became.values())) == 15
    assert set(became) == {"Đức Phổ", "Trà Câu", "Nguyễn Nghiêm", "Khánh Cường", "Sa Huỳnh"}
    assert became["Nguyễn Nghiêm"] == {
        "Phổ Phong",
        "Phổ Nhơn",
    }, "the name moved: the old ward of that name is elsewhere"
    assert "Nguyễn Nghiêm" in became["Đức Phổ"]


def test_a_unit_is_its_code_in_a_period(plans):
    with plans.reading() as session:
        periods = Counter((u.code, u.valid_from) for u in session.exec(select(Unit)))
        assert set(periods.values()) == {1}
        for link in session.exec(select(UnitLineage)):
            old, new = session.get(Unit, link.old_id), session.get(Unit, link.new_id)
            assert old.valid_to < new.valid_from
