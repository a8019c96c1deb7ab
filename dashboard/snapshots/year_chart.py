"""A figure over the year, cumulative by quarter's end, with what would be reached at the present pace behind it,
dashed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import plotly.graph_objects as go

from dashboard.i18n.words import _, day, money, number, percent, say
from dashboard.progress import charts
from dashboard.snapshots.frozen_progress import as_progress
from data_model.counting.forecast import at_pace
from data_model.plans.view import PlanView, quarter_days, quarter_ends
from data_model.snapshots.content import SnapshotContent, TargetContent

QUARTERS = range(1, 5)


@dataclass(frozen=True)
class YearLine:
    """What is drawn: a figure by each quarter's end (None: not known then), a forecast from the last known one on, the
    year's number.
    """

    name: str
    reached: tuple[Fraction | int | None, ...]
    forecast: tuple[Fraction | int | None, ...]
    need: Fraction | None
    write: Callable[[Fraction | int | None], str]
    quarters: tuple[str, ...]

    @property
    def at_end(self) -> Fraction | int | None:
        """What the forecast comes to at the year's end; None without one."""
        return self.forecast[-1] if self.forecast[-1] is not None and self.reached[-1] is None else None


def lines_of(content: SnapshotContent) -> dict[str, YearLine]:
    """The lines that a snapshot has: the mean, the payments, and every counted target by its code."""
    found = {}
    if any(point.mean is not None for point in content.trend):
        found["mean"] = _from_trend(content, "mean", _("Mean of the targets"), percent)
    if any(point.paid for point in content.trend):
        found["paid"] = _from_trend(content, "paid", _("Payments"), money)
    plan = as_progress(content).plan
    found |= {
        t.code: _of_target(content, plan, t)
        for t in content.targets
        if not t.is_measured and any(pair is not None for pair in t.by_quarter)
    }
    return found


def _from_trend(content: SnapshotContent, name: str, title: str, write: Callable) -> YearLine:
    told = {point.quarter: point for point in content.trend}
    known = tuple(getattr(told[q], name) if q in told and not told[q].is_forecast else None for q in QUARTERS)
    ahead = tuple(getattr(told[q], name) if q in told and told[q].is_forecast else None for q in QUARTERS)
    return YearLine(title, known, _joined(known, ahead), None, write, _quarters(content))


def _of_target(content: SnapshotContent, plan: PlanView, target: TargetContent) -> YearLine:
    until = content.identity.ends_on
    ends = quarter_ends(plan.year, plan.quarter_rule)
    pairs = (*target.by_quarter, *[None] * 4)[:4]
    known = tuple(
        pair.verified if pair is not None and end <= until else None for pair, end in zip(pairs, ends, strict=True)
    )
    ahead = tuple(at_pace(target.done.verified, plan, until, end) if end > until else None for end in ends)
    return YearLine(
        f"{say(target.name)} ({say(target.unit_of_measure)})",
        known,
        _joined(known, ahead),
        target.need,
        number,
        _quarters(content),
    )


def _quarters(content: SnapshotContent) -> tuple[str, ...]:
    """The quarters' names, with their days where these are not the calendar's."""
    names = (_("Quarter I"), _("Quarter II"), _("Quarter III"), _("Quarter IV"))
    known = content.identity
    if known.own_days is None:
        return names
    days = quarter_days(known.year, known.quarter_rule, known.starts_on)
    return tuple(f"{name}<br>({day(first)}–{day(last)})" for name, (first, last) in zip(names, days, strict=True))


def _joined(known: tuple, ahead: tuple) -> tuple:
    """The forecast beginning where the figures end, so that the two lines meet; empty where nothing is known."""
    last = max((place for place, value in enumerate(known) if value is not None), default=None)
    if last is None:
        return (None,) * len(known)
    return tuple(
        known[place] if place == last and any(v is not None for v in ahead) else value
        for place, value in enumerate(ahead)
    )


def draw(line: YearLine, ink: str) -> go.Figure:
    """The line and, dashed and named as such, its forecast."""
    names = list(line.quarters)
    figure = go.Figure(
        [
            charts.line_of(
                names,
                line.forecast,
                _("Forecast at the present pace"),
                {"color": charts.REPORTED, "width": 3, "dash": "dash"},
                "circle-open",
                line.write,
            ),
            charts.line_of(
                names,
                line.reached,
                _("Verified, cumulative"),
                {"color": charts.VERIFIED, "width": 4},
                "circle",
                line.write,
            ),
        ]
    )
    figure.data[-1].update(
        mode="lines+markers+text",
        text=figure.data[-1].customdata,
        textposition="top center",
        textfont={"size": 15, "color": ink},
    )
    ahead = figure.data[0].customdata or ()
    figure.data[0].update(
        mode="lines+markers+text",
        textposition="top center",
        textfont={"size": 14, "color": ink},
        text=[
            "" if told is None or known is not None else charts.safe(_("forecast {value}", value=told))
            for told, known in zip(ahead, line.reached, strict=True)
        ],
    )
    if line.need is not None:
        figure.add_hline(
            y=float(line.need),
            line={"color": charts.OUTLINE, "width": 1.5, "dash": "dot"},
            annotation_position="top left",
            annotation={
                "text": charts.safe(_("whole year {number}", number=line.need)),
                "showarrow": False,
                "font": {"color": ink},
            },
        )
    values = [float(v) for v in (*line.reached, *line.forecast, line.need) if v is not None]
    top = max([*values, 0.01])
    charts.lay_out(
        figure,
        380,
        ink,
        {"l": 24, "r": 24, "t": 8, "b": 70},
        hovermode="x unified",
        legend={"orientation": "h", "y": -0.14, "x": 0, "font": {"size": 14, "color": ink}},
    )
    figure.update_layout(showlegend=True)
    figure.update_yaxes(range=[-top * 0.06, top * 1.25], showticklabels=False, zeroline=False)
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=names, range=[-0.4, len(names) - 0.6])
    return figure
