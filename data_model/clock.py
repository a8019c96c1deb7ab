"""Today in Vietnam, now in UTC."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from data_model import settings

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def today() -> date:
    """The Asia/Ho_Chi_Minh date, or the day that the settings pin."""
    pinned = settings.pinned_today()
    return date.fromisoformat(pinned) if pinned else datetime.now(VIETNAM).date()


def now() -> datetime:
    """This moment, in UTC, to the second's fraction."""
    return datetime.now(UTC)
