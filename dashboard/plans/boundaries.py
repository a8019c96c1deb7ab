"""Ranh giới: import the outlines of communes from a GeoJSON file; which ones are there."""

from datetime import date

import streamlit as st

from dashboard.i18n.words import _, _n, day, plain, problem, say
from dashboard.server.database import database
from dashboard.ui.frame import heading, main_button
from dashboard.ui.one_file import ChosenFile, choose_file, chosen_file, forget_file
from data_model.core.access import Actor
from data_model.core.problems import Problem, Refused, Say
from data_model.plans.view import view_plan
from data_model.progress.figures import plans_of
from data_model.units.boundaries import DOUBTS, MOST_BYTES, import_boundaries, outlines, property_names
from data_model.units.tables import Unit
from data_model.units.units import all_units

FILE = "boundaries/file"
NEW_UNITS_FROM = date(2025, 7, 1)
LAST_OLD_DAY = date(2025, 6, 30)


def draw(actor: Actor) -> None:
    """Import a file; below, what is there."""
    heading(_("Boundaries"), _("Without a boundary, the map draws a commune as a schematic cell around its point."))
    imported = st.session_state.pop("boundaries/imported", None)
    if imported:
        st.success(
            _n("{count} boundary was imported.", "{count} boundaries were imported.", imported),
            icon=":material/check_circle:",
        )
    _import_form(actor)
    _what_is_there(actor)


def _import_form(actor: Actor) -> None:
    problems: list[Problem] = st.session_state.get("boundaries/problems", [])
    choose_file(
        _("GeoJSON file, a property “code” with the unit's code in each feature"), FILE, ".geojson,.json", MOST_BYTES
    )
    _show(problems, "file")
    periods = {
        "old": _("Before {day}", day=NEW_UNITS_FROM),
        "new": _("Since {day}", day=NEW_UNITS_FROM),
        "day": _("On another day"),
    }
    period = st.radio(
        _("The codes in the file are those of the period"),
        list(periods),
        format_func=periods.__getitem__,
        horizontal=True,
        key="boundaries/period",
    )
    if period == "day":
        st.date_input(
            _("Day"), value=LAST_OLD_DAY, format="DD/MM/YYYY", key="boundaries/day", min_value=date(1975, 1, 1)
        )
    st.text_input(
        _("Where the file comes from"),
        key="boundaries/source",
        max_chars=200,
        placeholder=_("For example: agency, date of the map sheet"),
    )
    _show(problems, "source")
    rest = [p for p in problems if p.where not in ("file", "source")]
    if rest:
        lines = "\n".join(f"- {plain(problem(p))}" for p in rest)
        doubted = all(p.say in DOUBTS for p in rest)
        said = (
            _("Nothing was imported yet. Look whether file and period belong together:")
            if doubted
            else _("Nothing was imported. Correct the file and import it again:")
        )
        st.error(said + "\n" + lines, icon=":material/error:")
        if doubted:
            st.checkbox(_("I have looked at this; import it all the same"), key="boundaries/sure")
        if names := st.session_state.get("boundaries/names"):
            st.selectbox(
                _("Property that holds the code"), names, index=None, key="boundaries/code_in", placeholder=_("Choose")
            )
    st.button(_("Import"), type=main_button(), icon=":material/upload:", on_click=_press, args=(actor,))


def _code_names(file: ChosenFile, problems: list[Problem]) -> list[str]:
    """The file's properties, where the one with the code was not found."""
    missed = any(p.say in (Say.BOUNDARY_WITHOUT_CODE, Say.BOUNDARY_UNKNOWN_CODE) for p in problems)
    return property_names(file.text.encode()) if missed else []


def _show(problems: list[Problem], where: str) -> None:
    for one in problems:
        if one.where == where:
            st.markdown(f":red[:material/error: {plain(problem(one))}]")


def _press(actor: Actor) -> None:
    """Import what was chosen; problems stay until the next press."""
    file = chosen_file(FILE)
    if file is None:
        st.session_state["boundaries/problems"] = [Problem("file", Say.REQUIRED)]
        return
    days = {"old": LAST_OLD_DAY, "new": NEW_UNITS_FROM, "day": st.session_state.get("boundaries/day")}
    tried = (file, days[st.session_state["boundaries/period"]], st.session_state.get("boundaries/code_in"))
    # Sure is who has read the doubts about this very file and period.
    sure = bool(st.session_state.get("boundaries/sure")) and st.session_state.get("boundaries/doubted") == tried
    try:
        with database().writing() as session:
            count = import_boundaries(
                session, actor, file.text.encode(), tried[1], st.session_state["boundaries/source"], tried[2], sure
            )
    except Refused as refused:
        st.session_state["boundaries/problems"] = list(refused.problems)
        st.session_state["boundaries/names"] = _code_names(file, refused.problems)
        st.session_state["boundaries/doubted"] = tried
        return
    st.session_state["boundaries/problems"] = []
    st.session_state["boundaries/imported"] = count
    forget_file(FILE)


def _what_is_there(actor: Actor) -> None:
    """Per plan, and for the units since July 2025: how many have a boundary, and which do not."""
    with database().reading() as session:
        lists = [(say(head.name), list(view_plan(session, head.id).units)) for head in plans_of(session, actor)]
        lists.append(
            (
                _("Units since {day}", day=NEW_UNITS_FROM),
                [u for u in all_units(session) if u.valid_from == NEW_UNITS_FROM],
            )
        )
        known = outlines(session, {u.id for _name, units in lists for u in units}).keys()
    st.subheader(_("Boundaries that are there"), anchor=False)
    for name, units in lists:
        missing = [u for u in units if u.id not in known]
        said = _("{have} of {total} units have a boundary", have=len(units) - len(missing), total=len(units))
        icon = ":material/check_circle:" if units and not missing else ":material/radio_button_unchecked:"
        st.markdown(f"{icon} **{plain(name)}**: {plain(said)}")
        if missing and len(missing) < len(units):
            st.caption(plain(_("Without: {names}", names=", ".join(_unit_name(u) for u in missing))))


def _unit_name(unit: Unit) -> str:
    return unit.full_name if unit.valid_from is None else f"{unit.full_name} ({day(unit.valid_from)})"
