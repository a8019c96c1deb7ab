"""The report's map: the names for which a commune has no room stand beside the map or below it, all of them and nothing
over them.
"""

from fractions import Fraction
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.legend import Legend
from matplotlib.text import Text

from dashboard.i18n import words as speech
from dashboard.report.pictures import Drawing, MappedCommune, commune_map

SIDE = 0.02
NOTE = "Ô vẽ theo toạ độ điểm"


@pytest.fixture(autouse=True)
def vietnamese():
    speech.speak("vi")


def communes(count: int, name: str) -> list[MappedCommune]:
    """Squares side by side, five in a row."""

    def square(at: int) -> list[list[float]]:
        x, y = 108 + SIDE * (at % 5), 14 + SIDE * (at // 5)
        return [[x, y], [x + SIDE, y], [x + SIDE, y + SIDE], [x, y + SIDE], [x, y]]

    return [
        MappedCommune(
            f"{name} {at}",
            {"type": "Polygon", "coordinates": [square(at)]},
            None if at % 6 == 5 else Fraction(at, count),
            at % 12 // 11,
        )
        for at in range(count)
    ]


def boxes(drawing: Drawing) -> list:
    """Where the lists, the legend, the note and the map itself stand, in pixels."""
    drawing.figure.canvas = FigureCanvasAgg(drawing.figure)
    drawing.figure.canvas.draw()
    (legend,) = drawing.figure.findobj(Legend)
    texts = [text for text in drawing.figure.texts if text.get_text()]
    return [
        legend.get_window_extent(),
        *(text.get_window_extent() for text in texts),
        drawing.figure.axes[0].get_window_extent(),
    ]


def listed(drawing: Drawing) -> list[str]:
    return [
        line
        for text in drawing.figure.findobj(Text)
        for line in text.get_text().split("\n")
        if ". " in line and ": " in line
    ]


@pytest.mark.parametrize(
    "name", ["Phường Nguyễn Nghiêm", "Xã có một cái tên rất dài trước khi sắp xếp (từ 01/11/2024)"]
)
@pytest.mark.parametrize("count", [1, 10, 14, 15, 19, 30, 60, 100])
def test_every_name_without_room_is_listed_and_nothing_stands_over_anything(count, name):
    drawing = commune_map(communes(count, name), NOTE)
    numbers = [int(line.split(".")[0]) for line in listed(drawing)]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) in (0, count)
    there = boxes(drawing)
    assert not [pair for pair in combinations(there, 2) if pair[0].overlaps(pair[1])]
    whole = drawing.figure.bbox
    assert all(whole.x0 <= box.x0 and box.x1 <= whole.x1 and whole.y0 <= box.y0 and box.y1 <= whole.y1 for box in there)


def test_a_name_is_cut_before_what_is_said_of_it():
    lines = listed(commune_map(communes(19, "Xã có một cái tên rất dài trước khi sắp xếp (từ 01/11/2024)")))
    assert all("…" in line for line in lines) and lines[0].endswith(": 0 %") and lines[18].endswith(": 94 %")
