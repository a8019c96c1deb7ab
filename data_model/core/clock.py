"""Today in Vietnam, now in UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from data_model.core import settings

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def today() -> date:
    """The Asia/Ho_Chi_Minh date, or the day that the settings pin."""
    if (moment := _standing.get()) is not None:
        return moment.astimezone(VIETNAM).date()
    pinned = settings.pinned_today()
    return date.fromisoformat(pinned) if pinned else datetime.now(VIETNAM).date()


def now() -> datetime:
    """This moment, in UTC, to the second's fraction."""
    return _standing.get() or datetime.now(UTC)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """The clock stands at `moment` for what runs inside, in this thread alone: how a sample year passes in seconds.

    Raises ValueError for a moment without its time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    before = _standing.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _standing.reset(before)
