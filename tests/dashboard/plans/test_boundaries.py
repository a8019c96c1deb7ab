"""The page of boundaries: what speaks against a file is read before it is imported all the same; a code is found by the
property that is chosen.
"""

import json
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.plans import boundaries as page
from dashboard.server import database
from dashboard.ui.one_file import ChosenFile
from data_model.units.boundaries import outlines
from tests.conftest import ON_SQLITE, PHO_VINH, Town

pytestmark = ON_SQLITE
KEPT = f"{page.FILE}/kept"


@pytest.fixture
def drawn(town: Town, monkeypatch) -> AppTest:
    """The page as the data officer has it, a source typed. A file is chosen in the browser, which is not here."""
    database.database.cache_clear()
    monkeypatch.setattr(database, "Database", lambda: town.database)
    monkeypatch.setattr(page, "choose_file", lambda *told: None)
    made = AppTest.from_function(boundaries_page, args=(town.people.officer,), default_timeout=30).run()
    made.text_input(key="boundaries/source").set_value("Sở, 6/2024").run()
    yield made
    database.database.cache_clear()


def boundaries_page(actor):
    """The page, as a script that knows nothing of this file."""
    from dashboard.plans import boundaries

    boundaries.draw(actor)


def map_file(west: float, south: float, **properties) -> ChosenFile:
    """A small square with its lower left corner there."""
    ring = [(0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01), (0, 0)]
    shape = {"type": "Polygon", "coordinates": [[[west + x, south + y] for x, y in ring]]}
    feature = {"type": "Feature", "properties": properties, "geometry": shape}
    return ChosenFile("ranh-gioi.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}))


FAR = map_file(105.8, 21.0, code=PHO_VINH)


def around(town: Town, **properties) -> ChosenFile:
    """A square around the commune's own point."""
    unit = town.unit(PHO_VINH)
    return map_file(unit.longitude - 0.005, unit.latitude - 0.005, **properties)


def choose(drawn: AppTest, file: ChosenFile) -> None:
    drawn.session_state[KEPT] = file
    drawn.run()


def press(drawn: AppTest) -> None:
    next(button for button in drawn.button if button.label == "Nhập ranh giới").click().run()
    assert not drawn.exception


def has_outline(town: Town) -> bool:
    with town.reading() as session:
        return bool(outlines(session, [town.unit(PHO_VINH).id]))


def sure(drawn: AppTest):
    return [box for box in drawn.checkbox if box.key == "boundaries/sure"]


def code_in(drawn: AppTest):
    return [box for box in drawn.selectbox if box.key == "boundaries/code_in"]


def test_a_file_that_fits_is_imported_with_nothing_asked(town: Town, drawn: AppTest):
    assert not sure(drawn) and not code_in(drawn)
    choose(drawn, around(town, code=PHO_VINH))
    press(drawn)
    assert [said.value for said in drawn.success] == ["Đã nhập ranh giới của 1 đơn vị."] and has_outline(town)
    assert not drawn.error and KEPT not in drawn.session_state


def test_without_a_file_the_page_asks_for_one(town: Town, drawn: AppTest):
    press(drawn)
    assert "Cần điền mục này." in " ".join(said.value for said in drawn.markdown) and not has_outline(town)


def test_what_lies_far_away_is_imported_only_by_who_has_read_it(town: Town, drawn: AppTest):
    choose(drawn, FAR)
    press(drawn)
    assert "Chưa nhập được gì" in drawn.error[0].value and len(sure(drawn)) == 1 and not has_outline(town)
    press(drawn)  # without the tick: asked once more
    assert not has_outline(town)
    sure(drawn)[0].check().run()
    press(drawn)
    assert has_outline(town) and not drawn.error


def test_the_tick_speaks_for_the_file_that_was_read_and_for_no_other(town: Town, drawn: AppTest):
    choose(drawn, FAR)
    press(drawn)
    sure(drawn)[0].check().run()
    choose(drawn, map_file(105.0, 21.0, code=PHO_VINH))
    press(drawn)
    assert drawn.error and not has_outline(town)


def test_a_tick_is_asked_anew_where_the_period_is_another(town: Town, drawn: AppTest):
    choose(drawn, FAR)
    press(drawn)
    sure(drawn)[0].check().run()
    drawn.radio(key="boundaries/period").set_value("day").run()
    drawn.date_input(key="boundaries/day").set_value(date(2024, 6, 1)).run()
    press(drawn)
    assert drawn.error and not has_outline(town)


def test_the_property_with_the_code_is_chosen_where_it_has_another_name(town: Town, drawn: AppTest):
    choose(drawn, around(town, **{"KYHIEU": PHO_VINH, "<b>tên": "x"}))
    press(drawn)
    assert code_in(drawn)[0].options == ["KYHIEU", "<b>tên"] and not sure(drawn) and not has_outline(town)
    code_in(drawn)[0].select("KYHIEU").run()
    press(drawn)
    assert has_outline(town) and not drawn.error


def test_a_wrong_property_says_so_and_lets_another_be_chosen(town: Town, drawn: AppTest):
    choose(drawn, around(town, **{"KYHIEU": PHO_VINH, "<b>tên": "x"}))
    press(drawn)
    code_in(drawn)[0].select("<b>tên").run()
    press(drawn)
    assert drawn.error and len(code_in(drawn)) == 1 and not has_outline(town)
