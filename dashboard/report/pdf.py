"""The report as a tagged PDF with its letters embedded, set by typst; needs no LibreOffice and no font of the
system.
"""

import json
from functools import cache
from pathlib import Path

import typst
from matplotlib import get_data_path

from dashboard.report import words
from dashboard.report.parts import As, Block, Picture, Report, Section, Table, Text
from dashboard.report.pictures import Drawings
from dashboard.report.word import LEFT, PAGE, RIGHT, Tell

TEMPLATE = Path(__file__).with_name("report.typ")


def make(report: Report, drawings: Drawings, tell: Tell = lambda step, of: None) -> bytes:
    """A PDF of `report`; the same report gives the same bytes. `tell` hears of its two steps: preparing and setting."""
    tell(1, 2)
    written = json.dumps(_written(report, drawings), ensure_ascii=False)
    tell(2, 2)
    return typeset(TEMPLATE, written, report, "pdf")


def typeset(template: Path, written: str, report: Report, form: str, ppi: float | None = None) -> bytes:
    """`template` with its data as a "pdf" or "png"."""
    # Typed text comes in as data, never as a part of the template: nothing in it can act.
    compiler = typst.Compiler(
        template.read_bytes(), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"report": written}
    )
    return compiler.compile(format=form, ppi=ppi, timestamp=int(report.made_at.timestamp()))


@cache
def _fonts() -> typst.Fonts:
    # typst brings Libertinus Serif, like Times and with all Vietnamese letters; matplotlib the shapes of the statuses.
    return typst.Fonts(include_system_fonts=False, font_paths=[str(Path(get_data_path()) / "fonts" / "ttf")])


def _written(report: Report, drawings: Drawings) -> dict:
    return {
        "heading": vars(report.heading),
        "signature": vars(report.signature),
        "marks": report.marks,
        "foot": report.foot,
        "author": report.author,
        "words": {"nation": words.NATION, "motto": words.MOTTO, "to": words.TO, "recipients": words.RECIPIENTS},
        "body": [_section(section, to_end=number == len(report.body)) for number, section in enumerate(report.body, 1)],
        "annexes": [
            _section(section) | {"number": words.annex(number), "attached": words.attached_to(report.heading)}
            for number, section in enumerate(report.annexes, 1)
        ],
        "drawings": {name: {"svg": drawing.svg, "width": drawing.width_mm} for name, drawing in drawings.items()},
    }


def _section(section: Section, to_end: bool = False) -> dict:
    """The section; with `to_end` its last table stays with what comes behind it, so that no signature stands alone."""
    blocks = [_block(block, section.wide) for block in section.blocks]
    if to_end and section.blocks and isinstance(last := section.blocks[-1], Table):
        blocks[-1]["leads_on"] = last.leads_on
    return {"title": section.title, "wide": section.wide, "blocks": blocks}


def _block(block: Block, wide: bool) -> dict:
    if isinstance(block, Text):
        return {"what": "text", "label": block.label, "lines": block.lines}
    if isinstance(block, Picture):
        return {"what": "picture", "most": PAGE[wide] - LEFT - RIGHT, **vars(block)}
    return {"what": "table", **_table(block.on_paper)}


def _table(table: Table) -> dict:
    return {
        "title": table.title,
        "small": table.small,
        "notes": table.notes,
        "empty": table.empty,
        "whole": table.kept_whole,
        "leads_on": False,
        "columns": [vars(column) for column in table.columns],
        "rows": [
            {
                "strong": row.strong,
                "heading": row.heading,
                "cells": [
                    {"text": cell.text, "fill": cell.fill, "ink": cell.ink, "left": cell.kind is As.TEXT}
                    for cell in row.cells
                ],
            }
            for row in table.rows
        ],
    }
