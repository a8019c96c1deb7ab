"""Bản đồ: are we on time, where not, what is missing there, what to do now."""

from html import escape

import streamlit as st

from dashboard.i18n.words import _, _n, day, number, say
from dashboard.map import map_choice
from dashboard.map.commune_panel import draw_commune, draw_overview
from dashboard.map.map_choice import Choice
from dashboard.map.marks import marks
from dashboard.map.points import MOST_POINTS, address
from dashboard.map.scene import Scene, areas, asked_for, latest_records, load_scene, shades
from dashboard.map.widget import draw_map
from dashboard.progress import colouring, planned_words
from dashboard.progress.colouring import Shade
from dashboard.progress.due_soon import greeting
from dashboard.progress.figures import figures_of
from dashboard.progress.headline import headline_html
from dashboard.ui import figure_table
from dashboard.ui.choice import choose_one
from dashboard.ui.component import component
from dashboard.ui.frame import acting, choose_plan, top
from dashboard.ui.status_look import word
from data_model.core.access import Actor
from data_model.counting.rules import PlanProgress, TargetProgress
from data_model.kinds.registry import all_kinds
from data_model.periods.periods import Period
from data_model.plans.view import PlanView
from data_model.progress.figures import default_day
from data_model.units.tables import Unit

# Wide: the map and beside it what lags, or the commune that was chosen. Narrow: one below the other.
LAID_OUT = """<style>
.st-key-map-row { display: grid; gap: 1rem 1.5rem; align-items: start;
  grid-template: "main side" "main head" "main due" 1fr / minmax(0, 3fr) minmax(0, 2fr); }
.st-key-map-row > :has(.st-key-map-due) { grid-area: due; }
.st-key-map-row > :has(.st-key-map-head) { grid-area: head; }
.st-key-map-row > :has(.st-key-map-main) { grid-area: main; }
.st-key-map-row > :has(.st-key-map-side) { grid-area: side; }
@media (max-width: 1000px) { .st-key-map-row { grid-template: "main" "side" "head" "due" / minmax(0, 1fr); } }
.st-key-map-main button, .st-key-map-side button, .st-key-map-side a { min-height: 44px; }
.st-key-map-side a, .st-key-map-side a * { white-space: normal; overflow: visible; }
</style>"""

LINE = "transparent 0 4px,#5b6b78 4px 5px"
PATTERNS = {
    "/": f"repeating-linear-gradient(135deg,{LINE})",
    "-": f"repeating-linear-gradient(0deg,{LINE})",
    ".": "radial-gradient(#5b6b78 1px,transparent 1.4px) 0 0/6px 6px",
}
"""The patterns of map.js for the legend, as backgrounds."""


def draw(actor: Actor) -> None:
    """The plan's headline, and below it the map with what stands beside it."""
    with top(_("Map")):
        plan = choose_plan(actor)
    # Whoever arrives sees what there is now, imported boundaries too; a choice on this page asks only what changed.
    scene = _read(actor, plan, anew=not st.session_state.pop("map/choosing", False))
    # Two fragments: another colour draws the map again and leaves what stands beside it alone.
    with st.container(key="map-row"):
        with st.container(key="map-due"):
            greeting(actor, plan)
        with st.container(key="map-head"):
            st.html(headline_html(scene.progress))
        with st.container(key="map-main"):
            _map(plan)
        with st.container(key="map-side"):
            _side(plan)
    st.html(LAID_OUT)


def _read(actor: Actor, plan: PlanView, anew: bool = False) -> Scene:
    """The scene that this session keeps, read again where its figures have changed since, or `anew`."""
    figures = figures_of(actor, plan.id, map_choice.until(plan))
    kept: Scene | None = st.session_state.get("map/scene")
    if anew or kept is None or kept.figures.key != figures.key:
        kept = st.session_state["map/scene"] = load_scene(actor, figures)
    return kept


@st.fragment
def _map(plan: PlanView) -> None:
    """The controls, the map and its legend. A rerun of this part alone asks again who acts."""
    actor = acting()
    map_choice.redraw_if_changed()
    scene = _read(actor, plan)
    choice = _choose(scene)
    target = scene.progress.by_activity.get(choice.activity_id)
    _draw_map(scene, choice, target)
    _choose_until(plan)
    map_choice.remember(plan)


@st.fragment
def _side(plan: PlanView) -> None:
    """One commune, or where the plan lags."""
    actor = acting()
    map_choice.redraw_if_changed()
    scene = _read(actor, plan)
    choice, units = map_choice.current(plan), _units(scene)
    component("map/into_view")(data={"turn": choice.turn, "chosen": choice.unit_id is not None}, key="map-into-view")
    st.selectbox(
        _("Commune"),
        list(units),
        index=None,
        format_func=lambda u: units[u].full_name,
        key=map_choice.key(plan, "unit"),
        placeholder=_("Tap the map or choose here"),
        on_change=map_choice.unit_changed,
        args=(plan,),
    )
    unit = plan.unit_by_id.get(choice.unit_id)
    if unit is None:
        draw_overview(
            actor,
            scene.progress,
            scene.lagging,
            scene.waiting,
            lambda a: map_choice.choose_target(plan, a),
            lambda u: map_choice.choose_unit(plan, u),
        )
        return
    rows, total = latest_records(actor, plan.id, unit.id)
    tapped = next((r for r in scene.points if str(r.id) == choice.record_id), None)
    draw_commune(
        actor,
        scene.progress,
        unit,
        scene.lagging,
        rows,
        total,
        asked_for(actor, plan.id, unit.id),
        tapped,
        lambda: map_choice.choose_unit(plan, None),
    )


def _choose(scene: Scene) -> Choice:
    """The controls above the map: colouring and target."""
    plan, progress = scene.plan, scene.progress
    colourings = {"mean": _("Overall progress"), "target": _("One target")}
    if colouring.has_rounds(progress):
        colourings["visits"] = _("Not visited yet")
    targets = {t.line.activity_id: t for t in _targets(progress)}
    choice = map_choice.begin(plan, list(colourings), list(targets), list(_units(scene)))
    choose_one(_("Colour the communes by"), colourings, map_choice.key(plan, "colouring"))
    if choice.colouring == "target":
        st.selectbox(
            _("Target"),
            list(targets),
            format_func=lambda a: _target_name(targets[a]),
            key=map_choice.key(plan, "activity"),
        )
    return choice


def _choose_until(plan: PlanView) -> None:
    """The same map at the end of each quarter that is over."""
    ended = map_choice.quarters_ended(plan, default_day(plan))
    if ended:
        names = {number: _("end of {quarter}", quarter=say(Period(f"q{number}").label)) for number in ended}
        choose_one(
            _("Figures until"),
            {map_choice.NOW: _("today"), **names},
            map_choice.key(plan, "until"),
            then=map_choice.changed,
        )


def _units(scene: Scene) -> dict[int, Unit]:
    """The places that can be chosen, the plan's own area last."""
    return {u.id: u for u in (*scene.units, *scene.plan.units, scene.plan.owner)}


def _targets(progress: PlanProgress) -> list[TargetProgress]:
    on_map = colouring.targets_on_map(progress)
    return on_map + [t for t in progress.targets if t not in on_map]


def _target_name(target: TargetProgress) -> str:
    return f"{target.line.code} · {say(target.line.name)}"


def _draw_map(scene: Scene, choice: Choice, target: TargetProgress | None) -> None:
    activity_id = choice.activity_id if choice.colouring == "target" else None
    drawn = areas(scene, shades(scene.figures.key, choice.colouring, activity_id, scene.progress))
    about = _about(scene, choice, target)
    if scene.ground is None:
        st.info(
            _(
                "No place of this plan has a position yet. A data officer can import boundaries on the page “{page}”.",
                page=_("Boundaries"),
            ),
            icon=":material/map:",
        )
        st.html(f"<strong>{escape(about)}</strong>" if about else "")
        return
    map_key = f"map/{scene.plan.code}"
    draw_map(
        scene.ground,
        drawn,
        address(scene.plan, choice.unit_id, scene.figures.key.records_version),
        choice.unit_id,
        choice.turn,
        map_key,
        lambda: map_choice.take_tap(scene.plan, map_key),
    )
    figure_table.show(_legend_html(scene, {a.unit_id: a.shade for a in drawn}, about), "map-legend")


def _about(scene: Scene, choice: Choice, target: TargetProgress | None) -> str:
    """What the colours stand for as a whole: the target's standing, or the rounds that are counted."""
    if choice.colouring == "visits":
        rounds = [name for t in colouring.rounds_due(scene.progress) for _id, name in t.line.rounds]
        return _("Rounds counted so far: {names}", names="; ".join(say(n) for n in rounds))
    if choice.colouring != "target" or target is None:
        return ""
    said = [word(target.status)]
    if target.need is not None and not target.line.is_measured:
        said.append(colouring.done_of_need(target.done, target.need, say(target.line.unit_of_measure)))
    elif target.line.is_measured:
        said.append(planned_words.done(target)[0])
    else:
        said.append(_("{count} recorded", count=target.happened.reported))
    if target.line.due:
        said.append(_("due {day}", day=day(target.line.due)))
    return " · ".join(said)


def _legend_html(scene: Scene, coloured: dict[int, Shade], about: str) -> str:
    """The colours in shapes and words, with how many communes have each; the kinds of points; what the map is not."""
    item = '<span style="display:inline-flex;align-items:center;gap:6px;margin:0 16px 6px 0">{}</span>'
    swatch = (
        '<span style="background:{};border:1px {} #5b6b78;'
        'width:22px;height:18px;border-radius:3px;display:inline-block;print-color-adjust:exact"></span>'
    )
    places = "".join(
        item.format(
            swatch.format(_swatch(s), "dashed" if s.neutral else "solid")
            + f"<span>{escape(s.shape)} {escape(s.words)}: {escape(number(count))}</span>"
        )
        for s, count in colouring.legend(coloured)
    )
    kinds, there = all_kinds(), {row.kind for row in scene.points}
    points = "".join(
        item.format(f"{glyph} {escape(say(kinds[k].label))}")
        for k, (_form, glyph, _colour) in marks(scene.plan).items()
        if k in there
    )
    titled = [(_("Communes by colour:"), places)]
    if points:
        titled.append((_("Points of records, filled when verified and hollow while they wait for it:"), points))
    notes = "".join(f"<div>{escape(note)}</div>" for note in _notes(scene))
    whole = f"<p><strong>{escape(about)}</strong></p>" if about else ""
    parts = "".join(f"<div>{escape(title)}</div><div>{shown}</div>" for title, shown in titled)
    return f'<div style="font-size:0.9rem">{whole}{parts}{notes}</div>'


def _swatch(shade: Shade) -> str:
    """A colour with the pattern that the map draws upon it."""
    return (PATTERNS[shade.hatch] + "," if shade.hatch else "") + shade.colour


def _notes(scene: Scene) -> list[str]:
    """What the map is not: no administrative boundary, not every point."""
    notes = [_("On a touch screen one finger scrolls the page; two fingers move the map.")]
    if scene.schematic == scene.ground.unit_ids:
        notes.append(_("Schematic map, not administrative boundaries"))
    elif scene.schematic:
        notes.append(
            _n(
                "Schematic for {count} commune without an imported boundary; there it is no administrative boundary.",
                "Schematic for {count} communes without an imported boundary; there it is no administrative boundary.",
                len(scene.schematic),
            )
        )
    missing = [u.full_name for u in scene.units if u.id not in scene.ground.unit_ids]
    if missing:
        notes.append(_("Not on the map, since no position is known: {names}", names=", ".join(missing)))
    if scene.points_in_all > MOST_POINTS:
        notes.append(_("The latest {shown} of {total} points are shown.", shown=MOST_POINTS, total=scene.points_in_all))
    return notes
