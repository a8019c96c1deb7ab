"""Why a number is not reached, in words: "2 bản ghi chờ xác nhận từ 05/11/2024"."""

from datetime import date

from dashboard.i18n.words import _, _n, day, say
from data_model.overview.lagging import Reason, Why


def reason_said(reason: Reason) -> str:
    """One reason, with its count and the day since when."""
    count, since = reason.count, day(reason.since)
    match reason.why:
        case Why.RETURNED:
            return _n(
                "{count} record returned on {day}, not sent again",
                "{count} records returned, the first on {day}, not sent again",
                count,
                day=since,
            )
        case Why.NOT_VERIFIED:
            return _n(
                "{count} record waits to be verified since {day}",
                "{count} records wait to be verified since {day}",
                count,
                day=since,
            )
        case Why.RUNNING:
            return _("{count} under way", count=count)
        case Why.NOT_VISITED:
            if count == 1:
                return _("not visited in {name}", name=short_round(say(reason.rounds[0])))
            return _n("not visited in {count} round", "not visited in {count} rounds", count)
        case Why.NOT_MEASURED:
            return _("nobody measured yet")
        case Why.BELOW:
            return _("the value of {day} does not reach it", day=since)
        case Why.NOTHING:
            return _("nothing recorded yet")
        case Why.NO_MORE:
            return _("nothing more since {day}", day=since)
        case Why.UNMET:
            return _n("{count} record fails a condition", "{count} records fail a condition", count)


def short_round(name: str) -> str:
    """A round by its number alone, where its name goes on behind a colon: "Đợt 2"."""
    return name.partition(":")[0].strip() or name


def last_sent_said(last: date | None, today: date) -> str:
    """When the last record came, and how long ago that is."""
    if last is None:
        return _("no record has come yet")
    days = (today - last).days
    if days <= 0:
        return _("last record today")
    return _n("last record {day}, {count} day ago", "last record {day}, {count} days ago", days, day=day(last))
