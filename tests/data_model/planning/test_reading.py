"""A plan written as cells and read back is the same plan; what is wrong with a cell is said at that cell."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from data_model.core.label import Label
from data_model.core.problems import Refused, Say
from data_model.kinds.registry import all_kinds
from data_model.planning.content import ActivityContent, BudgetContent, ComponentContent, content_of
from data_model.planning.reading import read, written_as_sheets
from data_model.planning.sheets import MOST_ROWS, SHEETS, tidied
from data_model.planning.writing import write_plan
from data_model.plans.tables import Comparator, Plan, Scope
from data_model.plans.view import Condition
from tests.conftest import ON_SQLITE, PHO_VINH

CODES = ("ba_to_2024", "bai_chay_2024", "duc_pho_2024", "hong_ngu_2022", "long_khanh_2024")


def content(database, code: str = "duc_pho_2024"):
    with database.reading() as session:
        return content_of(session, session.exec(select(Plan.id).where(Plan.code == code)).one())


def sheets_of(database, code: str = "duc_pho_2024"):
    with database.reading() as session:
        return written_as_sheets(session, content(database, code))


def reading(database, sheets):
    with database.reading() as session:
        return read(session, tidied(sheets))


def found(database, sheets) -> dict[str, Say]:
    """What forbids to issue these cells, by place."""
    return {each.where: each.say for each in reading(database, sheets).problems}


def row(sheets, code: str, sheet: str = "activities") -> tuple[int, dict]:
    return next((at, each) for at, each in enumerate(sheets[sheet]) if each["code"] == code)


@ON_SQLITE
@pytest.mark.parametrize("code", CODES)
def test_each_of_the_five_plans_is_the_same_after_its_cells(plans, code):
    before, back = content(plans, code), reading(plans, sheets_of(plans, code))
    assert back.problems == () and back.doubts == ()
    assert back.content == before


@pytest.mark.parametrize("code", CODES)
def test_written_anew_under_another_code_each_plan_says_the_same(plans, code):
    before = replace(content(plans, code), code="mot_ban_khac")
    with plans.writing() as session:
        plan_id = write_plan(session, None, before).plan.id
    with plans.reading() as session:
        assert content_of(session, plan_id) == before


WORDS = st.text(st.sampled_from("abcđêổ ,.-123"), min_size=1, max_size=20).map(lambda t: " ".join(t.split()) or "x")
DAYS = st.none() | st.dates(date(2024, 1, 1), date(2024, 12, 31))
NUMBERS = st.none() | st.integers(0, 10**9).map(Fraction) | st.integers(1, 10**6).map(lambda n: Fraction(n, 10**4))
LABELS = st.builds(Label, WORDS, WORDS)


@st.composite
def activities(draw, code: str, units) -> ActivityContent:
    kind = draw(st.sampled_from([kind for kind in all_kinds().values() if not kind.counts_money]))
    scope = draw(st.sampled_from(Scope))
    quantity = draw(NUMBERS)
    comparator = quantity is not None and draw(
        st.sampled_from([Comparator.EXACTLY, Comparator.AT_LEAST, Comparator.ABOUT])
    )
    first, last = sorted((draw(DAYS) or date(2024, 1, 1), draw(DAYS) or date(2024, 12, 31)))
    proofs = draw(st.lists(st.sampled_from(sorted(kind.proofs)), max_size=2)) if kind.proofs else []
    bound = st.none() | st.integers(0, 1000)
    named = draw(st.sets(st.sampled_from(units), min_size=1)) if scope is Scope.NAMED_UNITS else ()
    return ActivityContent(
        code=code,
        component="DA",
        name=draw(LABELS),
        scope=scope,
        kind=kind.code,
        measure=draw(st.sampled_from(sorted(kind.measures))),
        unit_of_measure=draw(LABELS),
        comparator=comparator or None,
        quantity=quantity,
        named_units=tuple(sorted(named, key=lambda key: key.code)),
        window_from=draw(st.sampled_from([None, first])),
        window_to=draw(st.sampled_from([None, last])),
        due=draw(DAYS),
        conditions=tuple(Condition(proof, draw(bound), draw(bound), draw(LABELS)) for proof in proofs),
        lead=draw(st.none() | WORDS),
        coordinating=tuple(draw(st.lists(WORDS, max_size=3))),
        note=draw(st.fixed_dictionaries({}, optional={"as_read": WORDS, "line": st.integers(0, 9999)})),
    )


@st.composite
def contents(draw, like):
    budget = st.builds(
        BudgetContent,
        code=st.just("KP"),
        amount=st.none() | st.integers(0, 10**13),
        by_source=st.dictionaries(st.sampled_from(["central", "province", "other"]), st.integers(0, 10**12)),
    ).filter(lambda each: each.amount is not None or not each.by_source)
    return replace(
        like,
        name=draw(LABELS),
        components=(ComponentContent("DA", draw(LABELS), budget=draw(st.none() | budget)),),
        activities=tuple(draw(activities(f"A-{n}", like.units)) for n in range(draw(st.integers(1, 5)))),
        slips=(),
        document={},
    )


@ON_SQLITE
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_plan_is_the_same_after_its_cells(plans, data):
    with plans.reading() as session:
        like = content_of(session, session.exec(select(Plan.id).where(Plan.code == "duc_pho_2024")).one())
        drawn = data.draw(contents(like))
        back = read(session, tidied(written_as_sheets(session, drawn)))
    assert back.problems == () and back.content == drawn


@ON_SQLITE
@pytest.mark.parametrize(
    ("code", "change", "where", "say"),
    [
        ("DP-11", {"kind": ""}, "kind", Say.KIND_MISSING),
        ("DP-11", {"kind": "khiêu vũ"}, "kind", Say.NOT_AN_OPTION),
        ("DP-11", {"measure": "ngày"}, "measure", Say.MEASURE_NOT_COUNTED),
        ("DP-11", {"quantity": "ba"}, "quantity", Say.NOT_A_NUMBER),
        ("DP-11", {"quantity": "-1"}, "quantity", Say.TOO_SMALL),
        ("DP-11", {"comparator": ""}, "comparator", Say.NUMBER_WITHOUT_COMPARATOR),
        ("DP-11", {"quantity": ""}, "quantity", Say.NUMBER_WITHOUT_COMPARATOR),
        ("DP-11", {"scope": ""}, "scope", Say.REQUIRED),
        ("DP-11", {"scope": "các đơn vị nêu tên"}, "named_units", Say.REQUIRED),
        ("DP-11", {"named_units": "Phổ Vinh"}, "scope", Say.UNITS_NAMED_FOR_NOTHING),
        ("DP-04", {"named_units": "21472; xã Không Có"}, "named_units", Say.UNIT_NOT_IN_PLAN),
        ("DP-11", {"component": "DA99"}, "component", Say.NO_SUCH_COMPONENT),
        ("DP-11", {"code": "DP-01"}, "code", Say.CODE_TWICE),
        ("DP-11", {"part_of": "DP-99"}, "part_of", Say.NOT_ABOVE),
        ("DP-11", {"due": "31/02/2024"}, "due", Say.NOT_A_DATE),
        ("DP-11", {"window_from": "01/06/2024", "window_to": "01/05/2024"}, "window_to", Say.DATE_BEFORE_START),
        ("DP-17a", {"quantity": "5"}, "rounds.activity", Say.ROUNDS_NEED_EACH_UNIT),
    ],
)
def test_what_cannot_be_counted_is_said_at_its_cell(plans, code, change, where, say):
    sheets = sheets_of(plans)
    at, cells = row(sheets, code)
    sheets["activities"][at] = cells | change
    if "." in where:
        sheet, column = where.split(".")
        at = next(n for n, each in enumerate(sheets[sheet]) if each["activity"] == code)
        assert found(plans, sheets)[f"{sheet}.{at}.{column}"] is say
    else:
        assert found(plans, sheets)[f"activities.{at}.{where}"] is say


@ON_SQLITE
@pytest.mark.parametrize(
    ("change", "say", "figures"),
    [
        ({"amount": "4.305.385"}, Say.AMOUNT_LOOKS_SHORTENED, {"amount": 4_305_385}),
        (
            {"amount": "4.305.385.001"},
            Say.PARTS_OF_BUDGET_DIFFER,
            {"sum": 4_305_385_000, "total": 4_305_385_001},
        ),
        (
            {"source_central": "4.000.000.000"},
            Say.SOURCES_DIFFER,
            {"sum": 4_000_000_000, "total": 4_305_385_000},
        ),
    ],
)
def test_money_that_does_not_add_up_is_a_doubt_with_its_figures(plans, change, say, figures):
    sheets = sheets_of(plans)
    at, cells = row(sheets, "DA4", "components")
    sheets["components"][at] = cells | change
    got = reading(plans, sheets)
    assert got.content is not None
    assert (f"components.{at}.amount", say, figures) in [(d.where, d.say, d.figures) for d in got.doubts]


@ON_SQLITE
def test_a_whole_that_differs_from_its_parts_and_days_outside_the_plan_are_doubts(plans):
    sheets = sheets_of(plans)
    at, cells = row(sheets, "DP-17")
    sheets["activities"][at] = cells | {"quantity": "4", "due": "05/01/2025"}
    said = {each.where: (each.say, each.figures) for each in reading(plans, sheets).doubts}
    assert said[f"activities.{at}.quantity"] == (Say.WHOLE_DIFFERS_FROM_PARTS, {"sum": 45, "total": 60})
    assert said[f"activities.{at}.due"][0] is Say.DAY_OUTSIDE_PLAN_YEAR


@ON_SQLITE
def test_phasing_must_add_up_and_stay_in_the_window(plans):
    sheets = sheets_of(plans)
    sheets["phasing"] = [{"activity": "DP-03", "q1": "1", "q2": "4"}, {"activity": "DP-11", "q2": "14"}]
    said = found(plans, sheets)
    assert said == {"phasing.0.q1": Say.PHASING_OUTSIDE_WINDOW, "phasing.1.activity": Say.PHASING_SUM}


@ON_SQLITE
def test_units_outside_the_area_are_doubted_and_unknown_ones_refused(plans):
    sheets = sheets_of(plans)
    sheets["units"] += [{"code": "06673"}, {"code": "99999"}, {"code": PHO_VINH}]
    got = reading(plans, sheets)
    assert [(p.where, p.say) for p in got.problems] == [
        ("units.16.code", Say.UNIT_UNKNOWN),
        ("units.17.code", Say.CODE_TWICE),
    ]
    assert [(d.say, d.figures) for d in got.doubts if d.where.startswith("units")] == [
        (Say.UNIT_OUTSIDE_AREA, {"code": "06673"})
    ]


@ON_SQLITE
def test_an_empty_draft_asks_for_the_plan_and_says_nothing_else(plans):
    assert found(plans, {}) == {"plan.0.code": Say.REQUIRED}


@ON_SQLITE
def test_blank_rows_between_keep_each_row_its_number(plans):
    sheets = sheets_of(plans)
    sheets["activities"][3:3] = [{}, {"code": "  "}]
    at, cells = row({"activities": [each or {"code": ""} for each in sheets["activities"]]}, "DP-11")
    sheets["activities"][at] = cells | {"kind": ""}
    assert found(plans, sheets) == {f"activities.{at}.kind": Say.KIND_MISSING}


@ON_SQLITE
def test_names_are_read_in_any_case_without_marks_and_in_both_languages(plans):
    sheets = sheets_of(plans)
    at, cells = row(sheets, "DP-04")
    sheets["activities"][at] = cells | {"scope": "NAMED UNITS", "named_units": "pho cuong;  Xã Phổ Thuận "}
    assert reading(plans, sheets).content == content(plans)


def test_more_rows_than_any_plan_are_refused(plans):
    with pytest.raises(Refused) as refused:
        tidied({"activities": [{"code": "x"}] * (MOST_ROWS + 1)})
    assert refused.value.problems[0].say is Say.TOO_MANY_ROWS


def test_every_example_row_reads_without_a_complaint():
    for sheet in SHEETS.values():
        for name, text in sheet.example.items():
            sheet.columns[name].clean(text)
