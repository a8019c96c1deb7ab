"""Plotly figures of a plan's progress. They take figures already counted and only draw them.

Plotly reads labels and hover texts as HTML, so every text that comes from data is escaped here. Colours stand on
both themes; the text takes its colour from Streamlit's theme.
"""

import textwrap
from collections.abc import Callable, Sequence
from fractions import Fraction
from html import escape
from itertools import count

import plotly.graph_objects as go

from dashboard.i18n.words import _, day, language, number, percent, say
from dashboard.progress import planned_words
from dashboard.progress.colouring import Shade, by_mean, by_target
from dashboard.ui.status_look import INK, LIGHT_INK, LOOKS, NEUTRAL, word
from data_model.counting.by_quarter import QuarterEnd
from data_model.counting.rules import PlanProgress, TargetProgress
from data_model.units.tables import Unit

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}
"""No tool bar, and nothing that would catch a finger that only wants to scroll."""

OUTLINE, QUIET, CLEAR = "#6b7a87", "rgba(128,140,150,0.2)", "rgba(0,0,0,0)"
INKS = {"light": INK, "dark": "#e8eef2"}
"""Text on the page in each theme: Streamlit's own text in charts is too faint to read."""
# No statuses: which of the three figures a bar is, whatever its status.
VERIFIED, REPORTED, PLANNED = "#2f7fc1", "#8fb4d6", "#d9822b"
FONT = '"Source Sans", sans-serif'
ROW, THICK = 98, 0.28
_revision = count(1)


def safe(text: str) -> str:
    """`text` as it reads, in a label or hover text of Plotly."""
    return escape(text, quote=False)


def wrapped(text: str, width: int) -> str:
    """`text` escaped, in lines of about `width` letters."""
    return "<br>".join(safe(line) for line in textwrap.wrap(text, width)) or " "


def lay_out(figure: go.Figure, height: int, ink: str, margin: dict, **more) -> None:
    """What every figure has in common: height and room around it in pixels, its ink, nothing that holds on to a
    finger.
    """
    figure.update_layout(
        height=height,
        dragmode=False,
        showlegend=False,
        separators=",." if language() == "vi" else ".,",
        font={"size": 14, "color": ink, "family": FONT},
        hoverlabel={"font": {"size": 14, "color": LIGHT_INK}, "bgcolor": INK, "align": "left"},
        **more,
    )
    # Streamlit hands a figure to Plotly twice. Under one revision and without a template, which always counts as
    # another, Plotly finds nothing new the second time and draws once.
    figure.update_layout(datarevision=next(_revision), paper_bgcolor=CLEAR, plot_bgcolor=CLEAR)
    figure.layout.template = None
    # The room around is given: measuring it would make the browser draw everything several times.
    figure.update_layout(margin={"autoexpand": False} | margin)
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(
            automargin=False,
            ticklabeloverflow="allow",
            fixedrange=True,
            tickfont={"size": 14, "color": ink},
            gridcolor=QUIET,
            showline=False,
            ticks="",
        )


def _percent_of(share: Fraction | None) -> float | None:
    return None if share is None else float(share * 100)


# --- a bullet per target ------------------------------------------------------------------------------------


def bullets(targets: Sequence[TargetProgress], ink: str = INKS["light"]) -> go.Figure:
    """One row per target: verified bar, reported bar behind it, the planned-to-date mark, the line at 100 %."""
    size = len(targets)
    verified = [_percent_of(t.percent) for t in targets]
    reported = [_percent_of(t.percent_reported) for t in targets]
    planned = [_planned_share(t) for t in targets]
    reach = max([100, *(v for v in (*verified, *reported, *planned) if v is not None)])
    figure = go.Figure([_bars(targets, reported, verified), _bullet_marks(targets, planned, ink)])
    # A finger anywhere in a row means that row.
    lay_out(
        figure,
        ROW * size + 50,
        ink,
        {"l": 18, "r": 18, "t": 4, "b": 36},
        barmode="overlay",
        hovermode="y",
        hoverdistance=-1,
        shapes=[_rails(size)],
    )
    ticks = list(range(0, int(reach) + 1, 25 if reach <= 150 else 50 * (1 + int(reach) // 500)))
    figure.update_xaxes(
        range=[-reach * 0.02, reach * 1.04],
        tickvals=ticks,
        ticktext=[percent(Fraction(t, 100)) for t in ticks],
        zeroline=False,
    )
    figure.update_yaxes(range=[-size + 0.7, 0.85], visible=False)
    return figure


def _rails(size: int) -> dict:
    """What each row's bars run on, from 0 to 100 %: one shape for all rows."""
    path = "".join(f"M0,{-i - THICK / 2}H100V{-i + THICK / 2}H0Z" for i in range(size))
    return {"type": "path", "path": path, "fillcolor": QUIET, "line": {"width": 0}, "layer": "below"}


def _bars(
    targets: Sequence[TargetProgress], reported: Sequence[float | None], verified: Sequence[float | None]
) -> go.Bar:
    """Reported bars and upon them verified ones as one trace: the browser takes its time for every trace."""
    size, colours = len(targets), [LOOKS[t.status].colour for t in targets] * 2
    return go.Bar(
        x=[*reported, *verified],
        y=[-i for i in range(size)] * 2,
        orientation="h",
        name="bars",
        width=THICK,
        hoverinfo="skip",
        marker={
            "color": colours,
            "opacity": [0.4] * size + [1] * size,
            "line": {"color": OUTLINE, "width": 1},
            "pattern": {
                "shape": [""] * size + [LOOKS[t.status].pattern for t in targets],
                "fillmode": "overlay",
                "fgcolor": [LOOKS[t.status].ink for t in targets] * 2,
                "fgopacity": 0.45,
                "size": 9,
                "solidity": 0.2,
            },
        },
    )


def _bullet_marks(targets: Sequence[TargetProgress], planned: Sequence[float | None], ink: str) -> go.Scatter:
    """The line at 100 %, the planned-to-date mark and the words of every row, as one trace: annotations would take the
    browser several times as long.
    """
    size, places = len(targets), [-i for i in range(len(targets))]

    def each(whole: object, mark: object, words: object) -> list:
        return [whole] * size + [mark] * size + [words] * size

    return go.Scatter(
        x=[*[100] * size, *planned, *[0] * size],
        y=[*places, *places, *(place + 0.16 for place in places)],
        name="marks",
        mode="markers+text",
        text=[*[""] * (2 * size), *(_bullet_label(t) for t in targets)],
        textposition="top right",
        textfont={"size": 14, "color": ink},
        customdata=[_bullet_hover(t) for t in targets] * 3,
        hovertemplate="%{customdata}<extra></extra>",
        cliponaxis=False,
        marker={
            "symbol": each("line-ns", "diamond-tall", "circle"),
            "size": each(26, 18, 0),
            "opacity": each(1, 1, 0),
            "color": "#ffffff",
            "line": {"color": each(ink, INK, ink), "width": 2},
        },
    )


def _planned_share(target: TargetProgress) -> float | None:
    if target.planned_to_date is None or not target.need or target.line.is_measured:
        return None
    return _percent_of(target.planned_to_date / target.need)


def _bullet_label(target: TargetProgress) -> str:
    name = f"{LOOKS[target.status].shape} {say(target.line.name)}"
    if target.line.part_of_id:
        name = f"– {name}"
    share = f"<b>{safe(percent(target.percent))}</b> · " if target.percent is not None else ""
    return f"{wrapped(name, 46)}<br>{share}{safe(_of_planned(target))} · {safe(say(target.status.label))}"


def _of_planned(target: TargetProgress) -> str:
    verified, reported = planned_words.done(target)
    if target.line.is_measured:
        asked = _("planned: {said}", said=planned_words.planned(target))
        lacks = target.measured is None or target.measured[0] is None
        return asked if lacks and target.coverage is None else f"{verified} ({asked})"
    said = f"{verified}/{number(target.need)} {planned_words.measure_done(target)}"
    return said if reported in (None, verified) else f"{said} ({_('reported {figure}', figure=reported)})"


def _bullet_hover(target: TargetProgress) -> str:
    verified, reported = planned_words.done(target)
    lines = [
        f"<b>{wrapped(say(target.line.name), 40)}</b>",
        safe(_("planned: {said}", said=planned_words.planned(target))),
        safe(_("planned to date: {said}", said=planned_words.planned_to_date(target))),
        safe(_("verified: {figure}", figure=verified)),
        safe(_("reported: {figure}", figure=reported or "–")),
        safe(word(target.status)),
    ]
    return "<br>".join(lines)


# --- quarter by quarter -------------------------------------------------------------------------------------


def quarter_name(end: QuarterEnd) -> str:
    """ "Quý III", or what came after the fourth quarter's end; with its days where they are not the calendar's."""
    said = (_("after quarter IV"), _("Quarter I"), _("Quarter II"), _("Quarter III"), _("Quarter IV"))[
        end.quarter if end.quarter <= 4 else 0
    ]
    return said if end.by_calendar else f"{said} ({day(end.starts_on)}–{day(end.ends_on)})"


def quarters(ends: Sequence[QuarterEnd], need: Fraction | None, ink: str = INKS["light"]) -> go.Figure:
    """Cumulative done, verified and reported, against the phased plan; nothing is drawn for quarters that have not
    begun.
    """
    names = [quarter_name(end).replace(" (", "<br>(") for end in ends]
    planned = [end.planned for end in ends]
    verified, reported = ([end.done and getattr(end.done, side) for end in ends] for side in ("verified", "reported"))
    figure = go.Figure(
        [
            line_of(
                names, planned, _("Planned"), {"color": PLANNED, "width": 3, "shape": "hv", "dash": "dot"}, "diamond"
            ),
            line_of(names, reported, _("Reported"), {"color": REPORTED, "width": 3, "dash": "dash"}, "circle-open"),
            line_of(names, verified, _("Verified"), {"color": VERIFIED, "width": 4}, "circle"),
        ]
    )
    figure.data[-1].update(
        mode="lines+markers+text",
        text=figure.data[-1].customdata,
        textposition="top center",
        textfont={"size": 15, "color": ink},
    )
    if need is not None:
        figure.add_hline(
            y=float(need),
            line={"color": OUTLINE, "width": 1.5, "dash": "dot"},
            annotation={
                "text": safe(_("whole year {number}", number=need)),
                "showarrow": False,
                "font": {"color": ink},
            },
            annotation_position="top left",
        )
    top = max(
        [float(need or 0), 1.0, *(float(v or 0) for end in ends for v in (end.planned, end.done and end.done.reported))]
    )
    lay_out(
        figure,
        380,
        ink,
        {"l": 44, "r": 16, "t": 8, "b": 70},
        hovermode="x unified",
        legend={"orientation": "h", "y": -0.14, "x": 0, "font": {"size": 14, "color": ink}},
    )
    figure.update_layout(showlegend=True)
    figure.update_yaxes(range=[-top * 0.06, top * 1.2], nticks=6, zeroline=False, tickformat=",~r")
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=names, range=[-0.35, len(names) - 0.65])
    return figure


def line_of(
    names: list[str],
    values: Sequence[Fraction | None],
    name: str,
    line: dict,
    symbol: str,
    write: Callable[[Fraction], str] = number,
) -> go.Scatter:
    """A line through what is known, each figure said by `write`; no line where nothing is known."""
    said = [None if v is None else write(v) for v in values]
    return go.Scatter(
        x=names,
        y=[None if v is None else float(v) for v in values],
        name=safe(name),
        mode="lines+markers",
        line=line,
        marker={"symbol": symbol, "size": 11, "line": {"width": 2, "color": line["color"]}},
        customdata=said,
        hovertemplate="%{customdata}",
        connectgaps=False,
        cliponaxis=False,
        visible=any(v is not None for v in values),
    )


# --- communes by targets ------------------------------------------------------------------------------------


def heat_units(progress: PlanProgress, targets: Sequence[TargetProgress]) -> list[Unit]:
    """The communes that owe or did something of these targets, those that lack most first."""
    there = [u for u in progress.plan.units if any(u.id in t.line.unit_ids or u.id in t.cells for t in targets)]
    return sorted(there, key=lambda u: (progress.units[u.id].mean is None, progress.units[u.id].mean or 0, u.name))


def heat(progress: PlanProgress, targets: Sequence[TargetProgress], ink: str = INKS["light"]) -> go.Figure:
    """Commune by target, each cell with shape and figure; blank where a commune owes nothing. Last the commune's
    mean.
    """
    units = heat_units(progress, targets)
    columns = [by_target(progress, target) for target in targets] + [by_mean(progress)]
    cells = [
        [_heat_cell(target, unit, column[unit.id]) for target, column in zip([*targets, None], columns, strict=True)]
        for unit in units
    ]
    colours = sorted({shade.colour for line in cells for shade in line if shade})
    last = max(len(colours) - 1, 1)
    z = [[None if shade is None else colours.index(shade.colour) for shade in line] for line in cells]
    names = [wrapped(say(t.line.name), 24) for t in targets] + [safe(_("Mean (targets)"))]
    figure = go.Figure(
        go.Heatmap(
            z=z,
            x=list(range(len(names))),
            y=list(range(len(units))),
            zmin=0,
            zmax=last,
            colorscale=_steps(colours),
            showscale=False,
            xgap=3,
            ygap=3,
            hoverinfo="skip",
        )
    )
    figure.add_trace(_heat_figures(progress, units, targets, cells))
    top, left = _room([line for name in names for line in name.split("<br>")]), _room([u.name for u in units])
    lay_out(figure, 46 * len(units) + top + 8, ink, {"l": left, "r": 4, "t": top, "b": 4})
    shared = {"tickmode": "array", "showgrid": False, "zeroline": False}
    figure.update_layout(hoverdistance=-1)  # a finger anywhere in a cell means that cell
    figure.update_xaxes(
        side="top",
        tickvals=list(range(len(names))),
        ticktext=names,
        tickangle=-90,
        range=[-0.5, len(names) - 0.5],
        **shared,
    )
    figure.update_yaxes(
        tickvals=list(range(len(units))),
        ticktext=[safe(u.name) for u in units],
        range=[len(units) - 0.5, -0.5],
        **shared,
    )
    return figure


def _room(names: Sequence[str]) -> int:
    return int(max((len(name) for name in names), default=0) * 7.7) + 14


def _heat_figures(
    progress: PlanProgress, units: Sequence[Unit], targets: Sequence[TargetProgress], cells: list[list[Shade | None]]
) -> go.Scatter:
    """The cells' texts, which are also what a finger meets."""
    there = [
        (x, y, unit, shade)
        for y, (unit, line) in enumerate(zip(units, cells, strict=True))
        for x, shade in enumerate(line)
    ]
    return go.Scatter(
        x=[x for x, *_rest in there],
        y=[y for _x, y, *_rest in there],
        mode="markers+text",
        cliponaxis=False,
        text=[_heat_text(progress, unit, shade, x == len(targets)) if shade else "" for x, _y, unit, shade in there],
        textfont={"size": 13, "color": [LIGHT_INK if shade and shade.dark else INK for *_rest, shade in there]},
        marker={"symbol": "square", "size": 44, "opacity": 0},
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[_heat_hover(unit, targets[x] if x < len(targets) else None, shade) for x, _y, unit, shade in there],
    )


def _heat_cell(target: TargetProgress | None, unit: Unit, shade: Shade) -> Shade | None:
    """The cell's look; None where nothing is due and nothing was done: missing is not zero."""
    return None if target is not None and shade.neutral and unit.id not in target.line.unit_ids else shade


def _heat_text(progress: PlanProgress, unit: Unit, shade: Shade, is_mean: bool) -> str:
    figures = progress.units[unit.id]
    # A shape that is all there is to say is said once.
    figure = " ".join(dict.fromkeys(shade.figure.split(" ")))
    return safe(figure) + (f"<br>({number(figures.rests_on)})" if is_mean and figures.mean is not None else "")


def _heat_hover(unit: Unit, target: TargetProgress | None, shade: Shade | None) -> str:
    name = say(target.line.name) if target else _("Mean of the commune's targets")
    lines = shade.lines if shade else (_("not due here"),)
    return "<br>".join([f"<b>{safe(unit.full_name)}</b>", wrapped(name, 40), *(safe(one) for one in lines)])


def _steps(colours: Sequence[str]) -> list[list]:
    """A colour scale without transitions: one flat step per colour."""
    count = max(len(colours), 2)
    shown = [*colours, *colours][:count] or [NEUTRAL] * count
    return [[edge, colour] for i, colour in enumerate(shown) for edge in (i / count, (i + 1) / count)]
