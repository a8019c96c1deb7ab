"""An office picks itself and its communes from the national list, and a new plan begins with them."""

import pytest
from sqlmodel import func, select

from data_model.core.problems import Refused, Say
from data_model.planning.new_plan import sheets_of_office, units_to_give
from data_model.planning.reading import read
from data_model.units.office import national_communes, national_provinces, set_office, the_office
from data_model.units.tables import NationalUnit, Unit
from tests.conftest import ON_SQLITE

QUANG_NGAI = "51"


def _set(town, code, communes=()):
    with town.writing() as session:
        set_office(session, town.people.administrator, code, communes)


def test_the_national_list_is_there_from_the_first_start(plans):
    with plans.reading() as session:
        assert len(national_provinces(session)) == 34
        assert session.exec(select(func.count()).select_from(NationalUnit)).one() == 3_355
        assert "Đức Phổ" in {unit.name for unit in national_communes(session, QUANG_NGAI)}
        assert all(unit.code.isascii() and len(unit.code) in (2, 5) for unit in session.exec(select(NationalUnit)))


def test_a_ward_supervises_itself_and_its_new_plan_begins_with_it(town):
    _set(town, "21439")
    with town.reading() as session:
        office = the_office(session)
        assert (office.unit.full_name, [unit.code for unit in office.communes]) == ("phường Đức Phổ", ["21439"])
        sheets = sheets_of_office(session, town.people.officer, 2026)
        assert sheets["plan"][0]["name_vi"] == "Kế hoạch giảm nghèo phường Đức Phổ 2026"
        found = read(session, sheets)
        assert [p.say for p in found.problems] == [Say.PLAN_EMPTY] and found.doubts == ()
        assert session.exec(select(func.count()).where(Unit.code == "21439")).one() == 2, "the old ward and the new"


def test_a_province_supervises_the_communes_it_chose(town):
    _set(town, QUANG_NGAI, ["21439", "21451", "21451"])
    with town.reading() as session:
        office = the_office(session)
        assert (office.unit.kind, {unit.code for unit in office.communes}) == ("tỉnh", {"21439", "21451"})
        assert 14 < office.unit.latitude < 16 and 107 < office.unit.longitude < 110
        assert all(unit.parent_id == office.unit.id for unit in office.communes)
        found = read(session, sheets_of_office(session, town.people.officer, 2026))
        assert [(p.where, p.say) for p in found.problems] == [("activities", Say.PLAN_EMPTY)]
        assert {u.code for u in office.communes} <= {u.code for u in units_to_give(session)}


def test_said_anew_it_is_the_other_office_and_no_unit_is_made_twice(town):
    _set(town, QUANG_NGAI, ["21439", "21451"])
    with town.reading() as session:
        before = session.exec(select(func.count()).select_from(Unit)).one()
    _set(town, QUANG_NGAI, ["21439"])
    with town.reading() as session:
        assert session.exec(select(func.count()).select_from(Unit)).one() == before
        assert [unit.code for unit in the_office(session).communes] == ["21439"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("code", "communes", "said"),
    [
        ("99999", (), [("office", Say.UNIT_NOT_LISTED)]),
        (QUANG_NGAI, (), [("communes", Say.COMMUNES_MISSING)]),
        (QUANG_NGAI, ("00004", "x"), [("communes", Say.UNIT_NOT_LISTED)] * 2),
    ],
)
def test_what_is_not_in_the_list_or_not_in_the_province_is_refused(town, code, communes, said):
    with pytest.raises(Refused) as refused:
        _set(town, code, communes)
    assert [(p.where, p.say) for p in refused.value.problems] == said
    with town.reading() as session:
        assert the_office(session) is None


@ON_SQLITE
def test_before_it_is_said_a_new_plan_begins_with_the_year_alone(town):
    with town.reading() as session:
        assert sheets_of_office(session, town.people.officer, 2026) == {
            "plan": [{"year": "2026", "starts_on": "01/01/2026", "ends_on": "31/12/2026"}]
        }
