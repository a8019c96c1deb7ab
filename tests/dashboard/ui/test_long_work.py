"""Long work goes on beside the pages, one piece at a time, and is found again."""

import threading

import pytest

from dashboard.i18n import words
from dashboard.ui import long_work
from dashboard.ui.long_work import KEPT_FOR, LongWork, Stage, TooMuchWork

PATIENCE = 10


class Now:
    def __init__(self):
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_it_can_be_left_and_found_again_with_its_steps():
    works, begun, go_on = LongWork(), threading.Event(), threading.Event()

    def make(tell) -> bytes:
        tell(1, 3)
        begun.set()
        go_on.wait(PATIENCE)
        return b"made"

    works.start(("leader", "word"), make)
    assert begun.wait(PATIENCE)
    found = works.find(("leader", "word"))
    assert (found.stage, found.step, found.of, found.made) == (Stage.RUNNING, 1, 3, None)
    go_on.set()
    assert found.future.result(PATIENCE) == b"made"
    assert (works.find(("leader", "word")).stage, found.made) == (Stage.DONE, b"made")


def test_nobody_finds_what_another_account_had_made():
    works = LongWork()
    works.start(("leader", "word"), lambda tell: b"made").future.result(PATIENCE)
    assert works.find(("officer", "word")) is None


def test_one_piece_at_a_time_and_the_same_is_not_made_twice():
    works, go_on, times = LongWork(), threading.Event(), []

    def make(tell) -> bytes:
        times.append(1)
        go_on.wait(PATIENCE)
        return b"x"

    first, second = works.start(("a",), make), works.start(("b",), make)
    assert works.start(("a",), make) is first
    assert second.stage is Stage.WAITING
    go_on.set()
    second.future.result(PATIENCE)
    assert len(times) == 2


def test_a_failure_is_said_and_may_be_tried_again():
    works = LongWork()
    work = works.start(("a",), lambda tell: 1 // 0)
    assert isinstance(work.future.exception(PATIENCE), ZeroDivisionError)
    assert (work.stage, work.made) == (Stage.FAILED, None)
    assert isinstance(work.error, ZeroDivisionError)
    assert works.start(("a",), lambda tell: b"well").future.result(PATIENCE) == b"well"


def test_more_than_it_can_take_is_refused(monkeypatch):
    monkeypatch.setattr(long_work, "MOST_WAITING", 1)
    works, go_on = LongWork(), threading.Event()
    works.start(("a",), lambda tell: go_on.wait(PATIENCE) and b"x")
    with pytest.raises(TooMuchWork):
        works.start(("b",), lambda tell: b"y")
    go_on.set()


def test_old_results_and_too_many_bytes_are_dropped():
    now = Now()
    works = LongWork(now, most_bytes=10)
    for name in "ab":
        now.seconds += 1
        works.start((name,), lambda tell: b"123456").future.result(PATIENCE)
    assert works.find(("b",)) is not None
    assert works.find(("a",)) is None
    now.seconds += KEPT_FOR + 1
    assert works.find(("b",)) is None


def test_the_words_keep_the_language_of_who_asked():
    words.speak("en")
    work = LongWork().start(("a",), lambda tell: words.language().encode())
    words.speak("vi")
    assert work.future.result(PATIENCE) == b"en"
