"""Work that takes seconds: done beside the pages, one piece at a time, left running and found again.

What was made is kept in this process for a while. A restart loses only what was made from the data, never the data.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from enum import StrEnum

Key = tuple[Hashable, ...]
"""Who asked and what for: account, then whatever the result depends on."""
Tell = Callable[[int, int], None]
"""Called by the work with the step that begins (from 1) and how many there are."""

MOST_WAITING = 12
MOST_BYTES = 96 * 1024 * 1024
KEPT_FOR = 30 * 60.0
"""Seconds that a result stays after it was last asked for."""


class Stage(StrEnum):
    """How far a piece of work has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class TooMuchWork(Exception):
    """More pieces wait already than are taken on."""


@dataclass
class Work:
    """One piece of work; `step` of `of` is what it said last (0: nothing yet)."""

    key: Key
    asked_at: float
    step: int = 0
    of: int = 0
    future: Future = field(default_factory=Future, repr=False)

    @property
    def stage(self) -> Stage:
        if not self.future.done():
            return Stage.RUNNING if self.future.running() else Stage.WAITING
        return Stage.FAILED if self.future.cancelled() or self.future.exception() else Stage.DONE

    @property
    def is_busy(self) -> bool:
        return self.stage in (Stage.WAITING, Stage.RUNNING)

    @property
    def made(self) -> bytes | None:
        """The result, once it is there."""
        return self.future.result() if self.stage is Stage.DONE else None

    @property
    def error(self) -> BaseException | None:
        """Why it failed."""
        return self.future.exception() if self.stage is Stage.FAILED and not self.future.cancelled() else None


class LongWork:
    """The pieces of work of this process. One at a time: the pages of other people go on beside it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most_bytes: int = MOST_BYTES):
        self._clock, self._most_bytes = clock, most_bytes
        self._works: dict[Key, Work] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="long-work")

    def start(self, key: Key, make: Callable[[Tell], bytes]) -> Work:
        """Have `make` done, unless the same is under way or made already. Raises TooMuchWork."""
        with self._lock:
            self._tidy()
            known = self._works.get(key)
            if known is not None and known.stage is not Stage.FAILED:
                return known
            if sum(work.is_busy for work in self._works.values()) >= MOST_WAITING:
                raise TooMuchWork
            work = self._works[key] = Work(key, self._clock())
            # The words' language goes along into the other thread.
            work.future = self._pool.submit(copy_context().run, make, lambda step, of: _tell(work, step, of))
        work.future.add_done_callback(lambda _done: _log(work))
        return work

    def find(self, key: Key) -> Work | None:
        """The piece of work of `key`, under way or done; None where there is none, or no longer."""
        with self._lock:
            self._tidy()
            work = self._works.get(key)
            if work is not None:
                work.asked_at = self._clock()
            return work

    def forget(self, key: Key) -> None:
        """Drop a result; a piece under way is finished first and then dropped as old."""
        with self._lock:
            work = self._works.get(key)
            if work is not None and not work.is_busy:
                del self._works[key]

    def _tidy(self) -> None:
        """Drop what nobody asked for lately, then the oldest results until the rest fits."""
        now, kept = self._clock(), 0
        for work in sorted(self._works.values(), key=lambda w: w.asked_at, reverse=True):
            if work.is_busy:
                continue
            kept += len(work.made or b"")
            if now - work.asked_at > KEPT_FOR or kept > self._most_bytes:
                del self._works[work.key]


def _tell(work: Work, step: int, of: int) -> None:
    work.step, work.of = step, of


def _log(work: Work) -> None:
    if work.error is not None:
        logging.getLogger("so_giam_sat").error("long work failed: %s", work.key, exc_info=work.error)


long_work = LongWork()
"""The one of this process."""
