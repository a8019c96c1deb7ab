"""The quarter on one page, as a PNG of 1600 x 2200 pixels, for a meeting or a chat group."""

import json
from dataclasses import asdict
from pathlib import Path

from dashboard.report import words
from dashboard.report.parts import Report
from dashboard.report.pdf import typeset
from dashboard.report.pictures import Drawings
from dashboard.report.word import Tell
from dashboard.ui.status_look import INK, LOOKS
from data_model.counting.rules import TargetStatus

TEMPLATE = Path(__file__).with_name("picture.typ")
PPI = 144
"""Two pixels to a point of the page's 800 x 1100."""


def make(report: Report, drawings: Drawings, tell: Tell = lambda step, of: None) -> bytes:
    """A .png of the report's first figures; the same report gives the same bytes."""
    tell(1, 1)
    drawing = drawings.get("map")
    front = report.front
    written = {
        "marks": report.marks,
        "body": report.heading.body,
        "title": front.heading,
        "subtitle": front.plan,
        "dates": front.dates,
        "counts": [asdict(count) for count in front.counts],
        "sentences": front.sentences,
        "map": drawing.svg if drawing else None,
        "map_words": words.MAP,
        "no_map": words.NO_MAP,
        "targets_title": words.FIRST_TARGETS,
        "targets_head": [column.title for column in front.columns],
        "targets": [
            [{"text": cell.text, "fill": cell.fill, "ink": cell.ink} for cell in row.cells] for row in front.rows
        ],
        "foot": front.foot,
        "ink": INK,
        "alarm": LOOKS[TargetStatus.OVERDUE].colour,
    }
    return typeset(TEMPLATE, json.dumps(written, ensure_ascii=False), report, "png", PPI)
