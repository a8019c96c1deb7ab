"""The page "Cơ quan": what is missing is said above the button, and an office is set with its communes."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.server import database
from data_model.core.problems import Say
from data_model.units.office import the_office
from tests.conftest import ON_SQLITE, Town

pytestmark = ON_SQLITE
QUANG_NGAI = "51"


@pytest.fixture
def drawn(town: Town, monkeypatch) -> AppTest:
    """The page as the administrator has it on the first day."""
    database.database.cache_clear()
    monkeypatch.setattr(database, "Database", lambda: town.database)
    yield AppTest.from_function(office_page, args=(town.people.administrator,), default_timeout=30).run()
    database.database.cache_clear()


def office_page(actor):
    """The page, as a script that knows nothing of this file."""
    from dashboard.accounts import office

    office.draw(actor)


def press(drawn: AppTest) -> None:
    drawn.button(key="office/press").click().run()
    assert not drawn.exception


def set_now(town: Town) -> tuple[str, list[str]] | None:
    with town.reading() as session:
        office = the_office(session)
        return office and (office.unit.code, sorted(unit.code for unit in office.communes))


def test_a_ward_is_set_and_shown(town, drawn):
    drawn.session_state["office/level"] = "commune"
    drawn.selectbox(key="office/province").set_value(QUANG_NGAI).run()
    assert drawn.button(key="office/press").disabled
    drawn.selectbox(key=f"office/commune-{QUANG_NGAI}").set_value("21439").run()
    press(drawn)
    assert set_now(town) == ("21439", ["21439"])
    assert any("phường Đức Phổ" in shown.value for shown in drawn.markdown)


def test_a_province_without_communes_is_refused_in_words_until_some_are_chosen(town, drawn):
    drawn.session_state["office/level"] = "province"
    drawn.selectbox(key="office/province").set_value(QUANG_NGAI).run()
    press(drawn)
    assert any("ít nhất một xã" in shown.value for shown in drawn.markdown), Say.COMMUNES_MISSING
    assert set_now(town) is None
    drawn.multiselect(key=f"office/communes-{QUANG_NGAI}").set_value(["21439", "21451"]).run()
    press(drawn)
    assert set_now(town) == (QUANG_NGAI, ["21439", "21451"])
    assert not any("ít nhất một xã" in shown.value for shown in drawn.markdown)
