"""How the files of a report are called."""

import re

from data_model.core.text import folded
from data_model.periods.periods import Period

PERIODS = {
    Period.Q1: "quy-1",
    Period.Q2: "quy-2",
    Period.Q3: "quy-3",
    Period.Q4: "quy-4",
    Period.H1: "6-thang-dau",
    Period.H2: "6-thang-cuoi",
    Period.YEAR: "ca-nam",
}


def file_name(plan_code: str, period: Period, version: int, ending: str) -> str:
    """ "so-giam-sat_duc_pho_2024_quy-3_ban-2.docx": no marks, no spaces, nothing that a file system refuses."""
    plan = re.sub(r"[^a-z0-9_]+", "-", folded(plan_code)).strip("-")
    return f"so-giam-sat_{plan}_{PERIODS[period]}_ban-{version}.{ending}"
