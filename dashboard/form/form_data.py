"""A record kind's form as data, made from its declaration and nothing else; `record_form.js` draws it.

What people typed is kept as they typed it: the browser hands raw answers back, and the declaration reads them.
"""

from collections.abc import Mapping
from typing import Any

from dashboard.i18n.words import _, day, language, say
from data_model.follow_up.listing import FollowUpRow
from data_model.forms import fields as ask
from data_model.forms.kind import Kind
from data_model.kinds.registry import all_kinds
from data_model.plans.view import Line, PlanView
from data_model.records.tables import FieldRecord, FollowUpState

TYPED_FOLLOW_UP = "follow_up"
"""Under this name a draft keeps what was typed about earlier recommendations."""
_TYPES = (
    (ask.Attendance, "attendance"),
    (ask.Rows, "rows"),
    (ask.Checklist, "checklist"),
    (ask.Choice, "choice"),
    (ask.Day, "day"),
    (ask.Clock, "clock"),
    (ask.Money, "money"),
    (ask.Whole, "whole"),
    (ask.Number, "number"),
    (ask.LongText, "long"),
    (ask.Text, "text"),
)


def form_fields(form: type[ask.Form]) -> list[dict[str, Any]]:
    """The fields of `form` in order, as the browser draws them."""
    return [_field(each) for each in form.fields.values()]


def _field(each: ask.Field) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": each.name,
        "type": next(name for kind, name in _TYPES if isinstance(each, kind)),
        "label": say(each.label),
        "required": each.required,
        "help": say(each.help) if each.help else "",
        "section": say(each.section) if each.section else "",
    }
    if isinstance(each, ask.Choice):
        told["options"] = [[code, say(label)] for code, label in each.options.items()]
    elif isinstance(each, ask.Checklist):
        told["items"] = [[code, say(label)] for code, label in each.items.items()]
        told["marks"] = [[code, say(label)] for code, label in each.marks.items()]
    elif isinstance(each, ask.Attendance):
        told["fields"] = form_fields(ask.People)
    elif isinstance(each, ask.Rows):
        told |= {
            "fields": form_fields(each.of),
            "most": each.most,
            "add": say(each.add) if each.add else _("Add a row"),
        }
    elif isinstance(each, ask.Text):
        told["most"] = each.most
    return told


def form_needs(kind: type[Kind]) -> list[dict[str, Any]]:
    """What a record of the kind should have to be worth verifying: its name, fields of which one is enough, whether a
    photo or file is.
    """
    return [{"label": say(need.label), "fields": need.fields, "evidence": need.evidence} for need in kind.needs]


def form_answers(form: type[ask.Form], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as texts in the form's boxes: days as 31/12/2024. What cannot be read stays as it was typed."""
    return {name: _answer(each, stored[name]) for name, each in form.fields.items() if stored.get(name) is not None}


def _answer(each: ask.Field, value: Any) -> Any:
    if isinstance(each, ask.Rows) and isinstance(value, list):
        return [form_answers(each.of, row) for row in value if isinstance(row, Mapping)]
    if isinstance(each, ask.Attendance) and isinstance(value, Mapping):
        return form_answers(ask.People, value)
    if isinstance(each, ask.Checklist):
        return dict(value) if isinstance(value, Mapping) else {}
    if isinstance(each, ask.Day):
        try:
            read = each.clean(value)
            return day(read) if read else ""
        except ask.Refused:
            return str(value)
    return str(value)


def main_day(kind: type[Kind]) -> str | None:
    """The name of the day that a new record of the kind begins with, filled in as today."""
    return next((name for name, each in kind.fields.items() if isinstance(each, ask.Day) and each.required), None)


def line_form(plan: PlanView, line: Line) -> dict[str, Any]:
    """What a form needs to know of the line of the plan that it is for."""
    return {
        "plan": plan.id,
        "plan_code": plan.code,
        "activity": line.activity_id,
        "activity_code": line.code,
        "activity_name": say(line.name),
        "conditions": (
            _("The plan asks: {conditions}", conditions="; ".join(say(c.text) for c in line.conditions))
            if line.conditions
            else ""
        ),
        "rounds": [[round_id, say(name)] for round_id, name in line.rounds],
    }


def record_form(record: FieldRecord) -> dict[str, Any]:
    """A record that is there already, as its form goes on with it."""
    stored = dict(record.answers)
    return {
        "record": str(record.id),
        "answers": form_answers(all_kinds()[record.kind], stored),
        "follow_up": stored.get(TYPED_FOLLOW_UP, []),
        "version": record.version,
        "status": record.status,
        "round": record.round_id,
        "reason": _("Returned: {reason}", reason=record.reason) if record.reason else "",
        "position": [record.latitude, record.longitude, record.accuracy_m] if record.latitude is not None else None,
    }


def earlier_form(row: FollowUpRow) -> dict[str, Any]:
    """An earlier recommendation, as a visit's form asks how it stands."""
    return {
        "id": row.id,
        "what": row.what,
        "who": row.responsible,
        "day": day(row.fix_by),
        "overdue": row.overdue,
        "state": row.state.value,
        "standing": say(row.standing.label),
        "needs": (
            _("Serious: it is closed only when a photo or a file shows it. Add one to this visit if it is done.")
            if row.serious
            else ""
        ),
    }


def states() -> list[list[str]]:
    """The states that a visit can tell of a recommendation."""
    return [
        [state.value, say(state.label)] for state in (FollowUpState.OPEN, FollowUpState.IN_PROGRESS, FollowUpState.DONE)
    ]


def damaged_words() -> str:
    """Of a record that a former version of the page kept incompletely: what happened, and what can still be done."""
    return _(
        "An earlier version of this page kept this record only in part, so it was never sent. Open it: what can still"
        " be read is filled in. Complete it and press Send. Nothing of it was deleted from this tablet."
    )


def form_texts() -> dict[str, str]:
    """The form's own words, in the language in use."""
    return {
        "language": language(),
        "send": _("Send"),
        "keep": _("Keep as draft"),
        "leave": _("Back to my work"),
        "discard": _("Throw the draft away"),
        "reallyDiscard": _("Throw this draft away for good?"),
        "round": _("Monitoring round"),
        "choose": _("Choose"),
        "empty": _("Leave empty what was not counted: empty is not zero."),
        "remove": _("Remove this row"),
        "calendar": _("Open the calendar"),
        "clock": _("Open the clock"),
        "lacks": _(
            "Still missing: {what}. It can be sent all the same; the reviewer sees that it is missing.", what="{what}"
        ),
        "wrong": _("Not sent yet. To correct: {count}. Everything you typed is still here.", count="{count}"),
        "kept": _("Draft kept. You can continue it on any device."),
        "local": _("No connection: what you typed is kept on this tablet."),
        "queued": _(
            "No connection: the record waits on this tablet and is sent by itself when the link is back. You may close"
            " the page."
        ),
        "queuedLinked": _(
            "The server has not confirmed it yet: the record waits on this tablet and is sent again by itself. You may"
            " close the page."
        ),
        "sentWhileTyping": _(
            "What you had pressed Send for is sent. What you changed since is still here: press Send again."
        ),
        "photosNotKept": _(
            "The record waits on this tablet, but there is no room for {names}: leave this page open until it is sent.",
            names="{names}",
        ),
        "notRemoved": _("No connection: it was not removed. Try again when the link is back."),
        "photoNotKept": _("NOT kept on this tablet: leave this page open until it is sent"),
        "full": _(
            "This tablet has no room to keep what you type. Send it, or keep it as a draft, before you leave the page."
        ),
        "noRoom": _(
            "No connection, and no room on this tablet to let the record wait. Leave the page open and press Send when"
            " the link is back."
        ),
        "restored": _("Restored what you typed on {when}.", when="{when}"),
        "fresh": _("Drop it and start anew"),
        "signIn": _("Your sign-in has ended. What you typed is kept on this tablet."),
        "signInAgain": _("Sign in again"),
        "failed": _("The server could not keep it. What you typed is kept; try again in a moment."),
        "position": _("Position"),
        "take": _("Take my position"),
        "again": _("Take it again"),
        "taking": _("Looking for the position…"),
        "refused": _("The tablet gave no position. Allow it in the browser, or go on without."),
        "taken": _("Position taken, accurate to {meters} m.", meters="{meters}"),
        "placed": _("Position set on the map."),
        "onMap": _("Choose on the map"),
        "mapHelp": _("Tap the place on the map."),
        "hideMap": _("Hide the map"),
        "schematic": _("Schematic map, not administrative boundaries"),
        "far": _("This position lies far outside {unit}. If it is right, say why in the note.", unit="{unit}"),
        "photos": _("Photos and files"),
        "addPhotos": _("Take or choose photos, files"),
        "photoHelp": _("Photos, PDF, Word or Excel; up to 25 MB each."),
        "uploading": _("being sent…"),
        "waiting": _("waits for the connection"),
        "drop": _("Remove"),
        "tooLarge": _("Above 25 MB. Choose a smaller file."),
        "earlier": _("Recommendations still open here"),
        "by": _("by {who}, until {day}", who="{who}", day="{day}"),
        "stands": _("How it stands"),
        "found": _("What you found"),
        "overdue": _("overdue"),
        "damaged": damaged_words(),
        "conflict": _(
            "{name} changed this record on {when}. Your text is still here; compare the two.",
            name="{name}",
            when="{when}",
        ),
        "closed": _(
            "It is {status} now and can no longer be changed. Your text stays here to copy from.", status="{status}"
        ),
        "mine": _("Mine"),
        "theirs": _("Newer version"),
        "takeTheirs": _("Take the newer one"),
        "goOn": _("Go on with mine"),
        "blank": _("nothing"),
    }
