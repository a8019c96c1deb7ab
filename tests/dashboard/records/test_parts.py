"""What a list says of a record: the one figure that its kind declares."""

from types import SimpleNamespace

import pytest

from dashboard.i18n import words
from dashboard.map.marks import GLYPHS, TONES
from dashboard.records.parts import fact
from data_model.kinds.registry import all_kinds

NOTHING = {"amount": None, "people_total": None, "quantity": None, "value_over": None, "value_under": None}


def told(kind: str, measure: str, **figures: int) -> str:
    words.speak("vi")
    return fact(SimpleNamespace(measure=measure), SimpleNamespace(kind=kind, **NOTHING | figures))


@pytest.mark.parametrize(
    ("kind", "measure", "figures", "expected"),
    [
        ("dialogue_session", "sessions", {"people_total": 1055, "quantity": 1}, "1.055 người"),
        ("disbursement", "amount", {"amount": 421_600_000}, "421.600.000 đồng"),
        ("indicator_value", "rate", {"value_over": 8530, "value_under": 100}, "85,3 %"),
        ("other", "amount_done", {"quantity": 1200, "people_total": 3}, "1.200 số lượng"),
        ("radio_segment", "segments", {"quantity": 1}, "1 chuyên mục"),
    ],
)
def test_each_kind_shows_its_own_figure(kind, measure, figures, expected):
    assert told(kind, measure, **figures) == expected


@pytest.mark.parametrize("kind", all_kinds())
def test_what_has_no_figure_yet_shows_none(kind):
    assert told(kind, next(iter(all_kinds()[kind].measures))) == ""


def test_every_kind_has_a_mark_of_its_own_that_the_map_draws():
    marks = [kind.map_mark for kind in all_kinds().values()]
    assert len(set(marks)) == len(marks)
    assert all(mark.shape in GLYPHS and mark.tone in range(len(TONES)) for mark in marks)
