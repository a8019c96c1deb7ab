"""The server's half of a button that acts on what was seen: what a browser claims is held against what this session
drew, and when.
"""

from types import SimpleNamespace

import pytest

from dashboard.ui import seen_button as module
from dashboard.ui.seen_button import MOMENT, MOST_KEPT, Asks, seen_button, shown, was_seen


@pytest.fixture
def session(monkeypatch):
    """A session whose clock stands until it is moved, and the last button that it drew."""
    kept = SimpleNamespace(session_state={}, said=[], now=100.0, drawn=None)
    kept.toast = lambda words, icon: kept.said.append(words)

    def component(_name):
        def draw(data, key, on_pressed_change):
            kept.drawn = SimpleNamespace(data=data, key=key, hear=on_pressed_change)

        return draw

    monkeypatch.setattr(module, "st", kept)
    monkeypatch.setattr(module, "component", component)
    monkeypatch.setattr(module.time, "monotonic", lambda: kept.now)
    return kept


def _press(session, told):
    session.session_state[session.drawn.key] = told
    session.drawn.hear()


def _claim(named, **changed):
    return {"pressed": {"key": named, "seen": MOMENT * 1000, "word": ""} | changed}


def test_what_was_seen_for_a_moment_is_acted_on_with_its_word(session):
    heard = []
    seen_button("a/1", "Bản ghi A", "Xác nhận", heard.append, asks=Asks("Vì sao", "Ghi", 9))
    session.now += MOMENT
    _press(session, _claim("a/1", word="đã xem"))
    assert (heard, session.said, session.drawn.data["about"]) == (["đã xem"], [], "Bản ghi A")


@pytest.mark.parametrize(
    "claim",
    [
        {"key": "b/1"},
        {"key": "a/2"},
        {"key": None},
        {"seen": 0},
        {"seen": MOMENT * 1000 - 1},
        {"seen": -1},
        {"seen": None},
        {"seen": "9999"},
        {"seen": float("nan")},
        {"seen": [1]},
    ],
)
def test_what_was_not_shown_or_not_long_enough_is_not_acted_on(session, claim):
    heard = []
    seen_button("a/1", "A", "Xác nhận", heard.append)
    session.now += MOMENT
    _press(session, _claim("a/1", **claim))
    assert heard == [] and len(session.said) == 1


def test_a_browser_that_claims_to_have_seen_it_before_it_was_drawn_is_not_believed(session):
    heard = []
    seen_button("a/1", "A", "Xác nhận", heard.append)
    session.now += MOMENT - 0.1
    _press(session, _claim("a/1", seen=60_000))
    assert heard == []
    before = session.drawn.data["turn"]
    seen_button("a/1", "A", "Xác nhận", heard.append)
    assert session.drawn.data["turn"] == before + 1, "it can be pressed again"
    session.now += 0.1  # drawn again, it has been there since it was drawn first
    _press(session, _claim("a/1"))
    assert heard == [""]


@pytest.mark.parametrize("told", [None, {}, {"pressed": None}, {"pressed": "a/1"}])
def test_a_late_tap_on_what_has_gone_is_nothing(session, told):
    heard = []
    seen_button("a/1", "A", "Xác nhận", heard.append)
    session.now += MOMENT
    _press(session, told)
    assert heard == [] and session.said == []


def test_what_a_session_has_drawn_is_kept_within_bounds(session):
    for number in range(3 * MOST_KEPT):
        shown(f"{number}")
    session.now += MOMENT
    assert len(session.session_state["seen-buttons"]) == MOST_KEPT
    assert was_seen(f"{3 * MOST_KEPT - 1}") and not was_seen("0")
