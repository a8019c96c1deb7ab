"""A frozen period by commune: map, matrix and one commune's figures, from the snapshot's content alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from dashboard.i18n.words import _, _n, day, language, number, percent, plain, say
from dashboard.map.scene import ground_of
from dashboard.map.widget import Area, draw_map, tapped
from dashboard.progress import charts, colouring
from dashboard.progress.colouring import Shade
from dashboard.progress.tabs import ink
from dashboard.progress.unit_choice import in_chosen_units
from dashboard.server.database import database
from dashboard.snapshots.frozen_progress import as_progress
from dashboard.ui.figure_table import row, show, table, text
from dashboard.ui.status_look import LIGHT_INK, Look, chip
from data_model.counting.rules import PlanProgress, TargetProgress
from data_model.snapshots.reading import Opened
from data_model.units.boundaries import outlines
from data_model.units.tables import Unit


@dataclass(frozen=True)
class Communes:
    """The communes as drawn: figures by the chosen units, their outlines by unit id; `key` names it all.

    Those `ended` before the period did are not on its map: others stand where they stood.
    """

    key: str
    progress: PlanProgress
    outlines: Mapping[int, dict]
    ended: Sequence[Unit] = ()

    @property
    def units(self) -> Sequence[Unit]:
        gone = {unit.id for unit in self.ended}
        return [unit for unit in self.progress.plan.units if unit.id not in gone]


@st.cache_resource(show_spinner=False, max_entries=20)
def progress_of(digest: str, _opened: Opened) -> PlanProgress:
    """The frozen figures as progress; made once for a snapshot, which never changes."""
    return as_progress(_opened.content)


def draw(opened: Opened) -> None:
    """The map by the communes' means, below it the matrix of communes and targets, by the units of then or of today."""
    content, digest = opened.content, opened.head.content_hash
    if not content.units:
        st.info(_("This snapshot holds no commune."), icon=":material/info:")
        return
    progress = progress_of(digest, opened)
    now = in_chosen_units(progress, (digest,), "snapshot")
    if now is None:
        communes = Communes(
            digest,
            progress,
            {at: u.outline for at, u in enumerate(content.units, 1) if u.outline is not None},
            [
                unit
                for unit, frozen in zip(progress.plan.units, content.units, strict=True)
                if not content.stands(frozen)
            ],
        )
    else:
        with database().reading() as session:
            communes = Communes(
                f"{digest}-now", now.progress, outlines(session, [u.id for u in now.progress.plan.units])
            )
    _map(communes)
    _matrix(communes)


def _map(communes: Communes) -> None:
    shades = colouring.by_mean(communes.progress)
    ground = ground_of(communes.units, communes.outlines)
    chosen_key, map_key = f"frozen-unit-{communes.key}", f"frozen-map-{communes.key}"
    chosen = st.session_state.get(chosen_key)
    if ground is None:
        st.info(
            _("No commune of this snapshot has a boundary or a position, so there is no map."),
            icon=":material/location_off:",
        )
    else:
        areas = [Area(u.id, u.full_name, shades[u.id]) for u in communes.units if u.id in ground.unit_ids]
        draw_map(
            ground,
            areas,
            None,
            chosen,
            st.session_state.get(f"{map_key}-turn", 0),
            map_key,
            lambda: _tapped(map_key, chosen_key),
        )
        st.html(_legend({u.id: shades[u.id] for u in communes.units}))
        if not communes.outlines:
            st.caption(_("Schematic map, not administrative boundaries"))
    _ended(communes, chosen_key)
    unit = next((u for u in communes.progress.plan.units if u.id == st.session_state.get(chosen_key)), None)
    if unit is not None:
        _commune(communes.progress, unit)


def _ended(communes: Communes, chosen_key: str) -> None:
    """The way to the figures of communes that are not on the map."""
    if not communes.ended:
        return
    st.caption(_("These units ended before the period did. Their figures are kept apart and are not on the map:"))
    with st.container(horizontal=True, key="frozen-ended"):
        for unit in communes.ended:
            if st.button(plain(unit.full_name), key=f"ended-{communes.key}-{unit.id}"):
                st.session_state[chosen_key] = unit.id


def _tapped(map_key: str, chosen_key: str) -> None:
    unit = tapped(map_key).get("unit")
    if unit is not None:
        st.session_state[chosen_key] = unit
        st.session_state[f"{map_key}-turn"] = st.session_state.get(f"{map_key}-turn", 0) + 1


def _legend(shades: dict[int, Shade]) -> str:
    chips = (
        chip(Look(s.colour, LIGHT_INK if s.dark else charts.DARK_INK, s.shape, ""), s.words, number(count))
        for s, count in colouring.legend(shades)
    )
    return " ".join(f'<span style="display:inline-block;margin:0 0.4rem 0.4rem 0">{one}</span>' for one in chips)


def _commune(progress: PlanProgress, unit: Unit) -> None:
    """What was due and done in one commune."""
    figures = progress.units[unit.id]
    st.markdown(
        f"**{plain(unit.full_name)}**: "
        + (
            _("no numbered target is due here")
            if figures.mean is None
            else _n(
                "mean {share}, resting on {count} target",
                "mean {share}, resting on {count} targets",
                figures.rests_on,
                share=percent(figures.mean),
            )
        )
    )
    labels = [_("Target"), _("Due here"), _("Verified"), _("Reported")]
    there = [
        t for t in progress.targets if t.line.part_of_id is None and (unit.id in t.cells or unit.id in t.line.unit_ids)
    ]
    if not there:
        st.caption(_("Nothing was due here and nothing was recorded."))
        return
    rows = [row([text(say(t.line.name)), *(text(said, "number") for said in _cell(t, unit.id))], labels) for t in there]
    show(
        table(_("Figures of {unit}", unit=unit.full_name), labels, rows, frozenset({1, 2, 3}), cards=False),
        f"frozen-commune-{unit.id}",
    )


def _cell(target: TargetProgress, unit_id: int) -> tuple[str, str, str]:
    """Due, verified, reported. What nobody measured is a dash; where something is due and nothing was done, that is
    0.
    """
    cell = target.cells.get(unit_id)
    if cell is None:
        return "–", "–", "–"
    verified, reported = (
        (cell.value or (None, None)) if target.line.is_measured else (cell.done.verified, cell.done.reported)
    )
    return number(cell.need), number(verified), number(reported)


def _matrix(communes: Communes) -> None:
    progress = communes.progress
    due = [t for t in progress.targets if t.line.unit_ids and t.line.part_of_id is None]
    shown = [t for t in due if t.need is not None] or due
    if not shown:
        st.info(
            _("This plan puts no target into single communes. “{view}” shows what was done in all.", view=_("Targets")),
            icon=":material/info:",
        )
        return
    st.markdown(f"**{_('Communes by target')}**")
    st.caption(
        _(
            "Verified of what is due in each commune; blank: not due there. In brackets: on how many targets the mean"
            " rests."
        )
    )
    st.plotly_chart(
        _heat((communes.key, language()), ink(), progress, shown),
        config=charts.CONFIG,
        theme=None,
        key=f"frozen-heat-{communes.key}",
        alt=_("Communes by target, until {day}", day=day(progress.as_of)),
    )


@st.cache_resource(show_spinner=False, max_entries=20)
def _heat(key: tuple, colour: str, _progress: PlanProgress, _targets: Sequence[TargetProgress]) -> go.Figure:
    return charts.heat(_progress, _targets, colour)
