"""Choosing several communes at once, a place at a time."""

from collections.abc import Iterable

import streamlit as st

from dashboard.i18n.words import _, day
from dashboard.ui.component import component
from data_model.units.tables import Unit


def unit_name(unit: Unit) -> str:
    """A unit's name, with the day from which it is valid where another had the name before."""
    return unit.full_name if unit.valid_from is None else f"{unit.full_name} ({day(unit.valid_from)})"


def choose_communes(label: str, units: Iterable[Unit], key: str, near: int | None = None) -> None:
    """Boxes to tick; opens at the place of the unit `near`. What is ticked is kept in the session under `key`."""
    places: dict[str, list[Unit]] = {}
    for unit in units:
        places.setdefault(unit.place, []).append(unit)
    named = {place: _name(found) for place, found in places.items()}
    start = next(
        (named[u.place] for found in places.values() for u in found if u.id == near), next(iter(named.values()), "")
    )
    component("ui/communes")(
        data={
            "places": [
                {"name": named[place], "units": [(u.id, unit_name(u)) for u in found]}
                for place, found in places.items()
            ],
            "start": start,
            "chosen": chosen_communes(key),
            "words": {
                "label": label,
                "place": _("District or town"),
                "chosen": _("Chosen"),
                "none": _("None chosen yet."),
            },
        },
        key=key,
        default={"chosen": []},
        on_chosen_change=lambda: None,
    )


def chosen_communes(key: str) -> list[int]:
    """The ids ticked under `key`."""
    kept = st.session_state.get(key)
    return [int(one) for one in kept.chosen or ()] if kept else []


def _name(units: list[Unit]) -> str:
    """A place is called by the unit that the others lie in."""
    above = {unit.parent_id for unit in units}
    return next((unit for unit in units if unit.id in above), units[0]).full_name
