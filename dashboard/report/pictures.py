"""The report's drawings: commune map, targets as bars, cumulative lines. Drawn without a browser and without internet.

Everything that a colour tells is told again by a hatch, a marker or a word, so that a black-and-white copy says the
same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from io import BytesIO, StringIO
from math import cos, radians
from textwrap import wrap

import matplotlib
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from dashboard.i18n.words import percent, say
from dashboard.progress.colouring import share_words
from dashboard.report import words
from dashboard.ui.status_look import HAPPENED, INK, LIGHT_INK, LOOKS, STEP_INKS, STEPS, step_of_share
from data_model.counting.rules import TargetStatus

# Text stays text, so that it can be searched and is drawn in an embedded font; no random names in the file.
matplotlib.rcParams["svg.fonttype"] = "none"
matplotlib.rcParams["svg.hashsalt"] = "so-giam-sat"
matplotlib.rcParams["font.family"] = "DejaVu Sans"
matplotlib.rcParams["hatch.linewidth"] = 0.5

MM = 1 / 25.4
MAP_SHARE = 0.6
"""Of the picture's width; the legend has the rest."""
LETTER = 5.7
"""Width of a letter of a name on the map, in points."""
TWO_LINES = 20
"""Height of a name and what is said below it, in points."""
NAME_MM, ENTRY_MM, LEGEND_MM, LETTER_MM = 3.5, 6.0, 18.0, 1.6
"""Heights: a line of the list of names, an entry of the legend, its title with the room around it; width: a letter of
that list.
"""
DPI = 200
HATCHES = ("", "...", "///", "", "oo")
"""Of the five steps of a share, from nothing to all: dark to light, and neighbours each with another pattern."""
SOMETHING = -1
"""The class of communes where something happened and no number is due."""
MISSING_HATCH = "--"
PATTERNS = {"/": "////", "x": "xxxx", "+": "++++", ".": "....", "": ""}
HALO = withStroke(linewidth=2.5, foreground="#ffffff")
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES = ("-", "--", "-.", ":")


@dataclass(frozen=True)
class Drawing:
    """One picture, drawn when a file asks for it: pixels for Word and Excel, lines for PDF; `width_mm` is how wide it
    is meant.

    For one thread at a time, as its figure is: files are made one after the other.
    """

    figure: Figure
    width_mm: float

    @cached_property
    def png(self) -> bytes:
        """The picture in pixels, `DPI` to the inch; the same figure gives the same bytes."""
        FigureCanvasAgg(self.figure)
        pixels = BytesIO()
        self.figure.savefig(pixels, format="png", dpi=DPI, metadata={"Software": None})
        return pixels.getvalue()

    @cached_property
    def svg(self) -> str:
        """The picture in lines, its words as text; the same figure gives the same text."""
        lines = StringIO()
        self.figure.savefig(lines, format="svg", metadata={"Date": None, "Creator": None})
        return lines.getvalue()


Drawings = Mapping[str, Drawing]


@dataclass(frozen=True)
class MappedCommune:
    """A commune on the map: its outline (GeoJSON geometry; longitude, latitude), its share (None: no number is due
    there) and how many records it has.
    """

    name: str
    geometry: dict
    share: Fraction | None
    happened: int = 0

    @property
    def caption(self) -> str:
        """What is written under its name: a share, or how much happened where no number is due."""
        if self.share is None and self.happened:
            return f"{self.happened} {words.RECORDS_THERE}"
        return percent(self.share)


@dataclass(frozen=True)
class Bar:
    """A target as a bar: share of the year's number, and the share that was planned to date (None: not phased)."""

    name: str
    status: TargetStatus
    share: Fraction | None
    planned: Fraction | None


@dataclass(frozen=True)
class Run:
    """A line over the year: one figure for each quarter's end, None where there is none (yet)."""

    name: str
    figures: tuple[Fraction | None, ...]
    dashed: bool = False


def commune_map(communes: Sequence[MappedCommune], note: str = "") -> Drawing | None:
    """The communes by the mean of their targets; None where no commune has an outline."""
    if not communes:
        return None
    areas = [shape(commune.geometry) for commune in communes]
    west, south, east, north = shapely.union_all(areas).bounds
    # A degree of longitude is shorter than one of latitude, by the cosine of the latitude.
    stretch = 1 / cos(radians((north + south) / 2))
    width = 165.0
    height = min(max(width * MAP_SHARE * (north - south) * stretch / max(east - west, 1e-9), 80), 125)
    figure = Figure(figsize=(width * MM, height * MM))
    axes = figure.add_axes((0.0, 0.05, MAP_SHARE, 0.94))
    axes.set_aspect(stretch)
    axes.set_axis_off()
    for commune, area in zip(communes, areas, strict=True):
        _fill(axes, area, _class(commune))
    axes.autoscale_view()
    axes.apply_aspect()
    small = [(commune, area) for commune, area in zip(communes, areas, strict=True) if not _name(axes, area, commune)]
    for key, (commune, area) in enumerate(small, 1):
        _label(axes, area, commune, str(key))
    entries = _map_legend(figure, communes)
    foot = _map_names(figure, axes, [commune for commune, _area in small], entries)
    if note:
        figure.text(0.01, foot + 0.01, note, fontsize=7.5, style="italic", color=INK)
    return Drawing(figure, width)


def _class(commune: MappedCommune) -> int | None:
    """Which of `STEPS` a commune belongs to; without a number `SOMETHING` where something happened, else None."""
    if commune.share is not None:
        return step_of_share(int(commune.share * 100))
    return SOMETHING if commune.happened else None


def _fill(axes: Axes, area: BaseGeometry, step: int | None) -> None:
    for polygon in shapely.get_parts(area):
        rings = [polygon.exterior, *polygon.interiors]
        outline = Outline.make_compound_path(*(Outline(list(ring.coords), closed=True) for ring in rings))
        axes.add_patch(PathPatch(outline, **_look(step), linewidth=0.8))


def _look(step: int | None) -> dict:
    if step is None:
        return {"facecolor": "#ffffff", "edgecolor": "#6b7780", "hatch": MISSING_HATCH}
    if step == SOMETHING:
        return {"facecolor": HAPPENED.colour, "edgecolor": INK, "hatch": ""}
    return {"facecolor": STEPS[step][1], "edgecolor": INK, "hatch": HATCHES[step]}


def _name(axes: Axes, area: BaseGeometry, commune: MappedCommune) -> bool:
    """Writes the commune's name and share where its outline has room for them; gives whether it had."""
    spot = area.representative_point()
    (left, _height), (right, _same) = axes.transData.transform([(area.bounds[0], spot.y), (area.bounds[2], spot.y)])
    row = area.intersection(shapely.LineString([(area.bounds[0], spot.y), (area.bounds[2], spot.y)]))
    room = (right - left) * row.length / max(area.bounds[2] - area.bounds[0], 1e-9)
    column = area.intersection(shapely.LineString([(spot.x, area.bounds[1]), (spot.x, area.bounds[3])]))
    (_x, low), (_same, high) = axes.transData.transform([(spot.x, column.bounds[1]), (spot.x, column.bounds[3])])
    point = axes.figure.dpi / 72
    if room < max(len(commune.name), len(commune.caption)) * LETTER * point or high - low < TWO_LINES * point:
        return False
    _label(axes, area, commune, f"{commune.name}\n{commune.caption}")
    return True


def _label(axes: Axes, area: BaseGeometry, commune: MappedCommune, text: str) -> None:
    spot = area.representative_point()
    step = _class(commune)
    dark = step is not None and step != SOMETHING and STEP_INKS[step] == LIGHT_INK
    axes.annotate(
        text,
        (spot.x, spot.y),
        ha="center",
        va="center",
        fontsize=7.5,
        linespacing=1.1,
        fontweight="bold",
        color=LIGHT_INK if dark else INK,
        path_effects=[withStroke(linewidth=2.2, foreground=STEPS[step][1] if dark else "#ffffff")],
    )


def _map_legend(figure: Figure, communes: Sequence[MappedCommune]) -> int:
    """Beside the map: what the fills mean; gives how many there are."""
    found = [_class(commune) for commune in communes]
    names = {step: share_words(step) for step in range(len(STEPS))}
    names |= {SOMETHING: words.HAPPENED_THERE, None: f"– {words.NO_NUMBER_THERE}"}
    handles = [
        Patch(**_look(step), label=f"{text} ({found.count(step)} {words.COMMUNES})")
        for step, text in names.items()
        if step in found
    ]
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(MAP_SHARE, 0.99),
        fontsize=7.5,
        frameon=False,
        title=words.MEAN_OF_COMMUNE,
        title_fontsize=8.5,
        handlelength=2.4,
        handleheight=1.4,
        labelspacing=0.6,
        alignment="left",
    )
    return len(handles)


def _map_names(figure: Figure, axes: Axes, communes: Sequence[MappedCommune], entries: int) -> float:
    """The communes whose names had no room, by number: under the legend of so many `entries`, or all below the map in
    columns.

    Gives the share of the picture's height that is below the map.
    """
    width, height = (inches / MM for inches in figure.get_size_inches())
    style = {"fontsize": 7.5, "linespacing": 1.3, "color": INK}
    if len(communes) * NAME_MM <= height - LEGEND_MM - entries * ENTRY_MM:
        figure.text(
            MAP_SHARE + 0.02, 0.04, "\n".join(_numbered(communes, width * (0.97 - MAP_SHARE))), va="bottom", **style
        )
        return 0
    columns = 2 if len(communes) <= 50 else 3
    rows, names = -(-len(communes) // columns), _numbered(communes, width * 0.95 / columns)
    below = rows * NAME_MM + 6
    figure.set_size_inches(width * MM, (height + below) * MM)
    box = axes.get_position(original=True)
    axes.set_position(
        (
            box.x0,
            (below + box.y0 * height) / (height + below),
            box.width,
            box.height * height / (height + below),
        )
    )
    for column in range(columns):
        figure.text(
            0.02 + 0.97 * column / columns,
            (below - 2) / (height + below),
            "\n".join(names[column * rows : (column + 1) * rows]),
            va="top",
            **style,
        )
    return below / (height + below)


def _numbered(communes: Sequence[MappedCommune], width: float) -> list[str]:
    """ "3. Phổ An: 40 %", a longer name cut so that the line stays within `width` millimetres."""

    def line(number: int, commune: MappedCommune) -> str:
        room = int(width / LETTER_MM) - len(f"{number}. : {commune.caption}")
        name = commune.name if len(commune.name) <= room else commune.name[: room - 1] + "…"
        return f"{number}. {name}: {commune.caption}"

    return [line(number, commune) for number, commune in enumerate(communes, 1)]


def target_bars(bars: Sequence[Bar]) -> Drawing | None:
    """Numbered targets against the year's number, with what was planned to date; None without one."""
    if not bars:
        return None
    names = ["\n".join(wrap(bar.name, 44)[:2]) + ("…" if len(wrap(bar.name, 44)) > 2 else "") for bar in bars]
    width, height = 165.0, 24 + 8.2 * len(bars)
    figure = Figure(figsize=(width * MM, height * MM), layout="constrained")
    axes = figure.add_subplot()
    rows = range(len(bars))
    axes.barh(
        rows,
        [_length(bar.share) for bar in bars],
        height=0.62,
        linewidth=0.7,
        edgecolor=INK,
        color=[LOOKS[bar.status].colour for bar in bars],
        hatch=[PATTERNS[LOOKS[bar.status].pattern] for bar in bars],
    )
    for row, bar in zip(rows, bars, strict=True):
        _bar_words(axes, row, bar)
    planned = [(_length(bar.planned), row) for row, bar in zip(rows, bars, strict=True) if bar.planned is not None]
    marks = axes.scatter(
        [x for x, _y in planned],
        [y for _x, y in planned],
        marker="|",
        s=170,
        linewidths=2.4,
        color="#000000",
        label=words.PLANNED_MARK,
        zorder=3,
        path_effects=[HALO],
    )
    axes.set_yticks(list(rows), names, fontsize=7.5)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(0, 150)
    axes.set_xticks([0, 25, 50, 75, 100], [f"{mark} %" for mark in (0, 25, 50, 75, 100)], fontsize=7.5)
    axes.axvline(100, color=INK, linewidth=0.8, linestyle="--")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    _status_legend(figure, bars, [marks] if planned else [])
    return Drawing(figure, width)


def _length(share: Fraction | None) -> float:
    """In percent; a bar ends at 120, its words say the rest."""
    return 0 if share is None else float(min(share, Fraction(6, 5)) * 100)


def _bar_words(axes: Axes, row: int, bar: Bar) -> None:
    look = LOOKS[bar.status]
    text = f"{look.shape} {percent(bar.share)}" if bar.share is not None else f"{look.shape} {say(bar.status.label)}"
    axes.text(
        max(_length(bar.share), _length(bar.planned)) + 2.5,
        row,
        text,
        va="center",
        fontsize=7.5,
        color=INK,
        path_effects=[HALO],
    )


def _status_legend(figure: Figure, bars: Sequence[Bar], more: list) -> None:
    used = {bar.status for bar in bars}
    handles = [
        Patch(
            facecolor=look.colour,
            edgecolor=INK,
            hatch=PATTERNS[look.pattern],
            label=f"{look.shape} {say(status.label)}",
        )
        for status, look in LOOKS.items()
        if status in used
    ]
    figure.legend(
        handles=[*handles, *more], loc="outside lower center", ncols=4, fontsize=7.5, frameon=False, handlelength=2.2
    )


def year_lines(runs: Sequence[Run], write: Callable[[Fraction], str]) -> Drawing | None:
    """Figures by the end of each quarter; a line stops where there is no figure yet. None where all is missing or 0."""
    if not any(figure for run in runs for figure in run.figures):
        return None
    width = 150.0
    figure = Figure(figsize=(width * MM, 78 * MM), layout="constrained")
    axes = figure.add_subplot()
    for number, run in enumerate(runs):
        found = [(quarter, value) for quarter, value in enumerate(run.figures, 1) if value is not None]
        axes.plot(
            [q for q, _v in found],
            [float(v) for _q, v in found],
            label=run.name,
            color=INK if not run.dashed else LOOKS[TargetStatus.ON_TRACK].colour,
            linestyle=LINES[number % len(LINES)],
            marker=MARKERS[number % len(MARKERS)],
            markersize=6,
            linewidth=1.8,
            markerfacecolor="white" if run.dashed else None,
        )
        for quarter, value in found:
            axes.annotate(
                write(value),
                (quarter, float(value)),
                textcoords="offset points",
                xytext=(0, 8 if not number % 2 else -14),
                ha="center",
                fontsize=7.5,
                path_effects=[HALO],
            )
    last = max(len(run.figures) for run in runs)
    axes.set_xticks(range(1, last + 1), [words.quarter_end(q) for q in range(1, last + 1)], fontsize=8)
    axes.set_xlim(0.7, last + 0.3)
    axes.set_ylim(0, max(float(value) for run in runs for value in run.figures if value is not None) * 1.22)
    axes.tick_params(axis="y", labelsize=7.5)
    axes.yaxis.set_major_formatter(lambda value, _place: write(Fraction(value).limit_denominator(1000)))
    axes.grid(axis="y", linewidth=0.4, color="#9aa5ae")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.legend(loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    return Drawing(figure, width)
