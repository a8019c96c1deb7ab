"""A record as a person reads it, for its own page and for the review: where it stands, what it says, what is beside
it.
"""

from fractions import Fraction
from html import escape

import streamlit as st

from dashboard.i18n.words import _, _n, day, moment, money, number, plain, say
from dashboard.map.where_picture import where
from dashboard.records.answers import answered
from dashboard.records.changes import change_rows, draw_changes, position_text
from dashboard.ui.status_look import CAME_BACK, FAR, LACKING, LATE, RECORD_LOOKS, SIMILAR, UNMET, Look, chip
from data_model.forms.kind import Fact
from data_model.journal.acts import ACTS, CHANNELS
from data_model.kinds.registry import all_kinds
from data_model.plans.view import Line, PlanView
from data_model.records.listing import RecordRow
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.versions import Difference, Resent, Step
from data_model.records.writing import unmet_conditions
from data_model.review.marks import Marks
from data_model.units.distances import distance_m

# As text and not as Markdown: what people typed stands here letter by letter.
ANSWERS = """<style>
dl.so-answers { margin: 0; padding: 0; }
dl.so-answers dt { margin: 0; padding: 0; font-weight: 600; }
dl.so-answers dd { margin: 0 0 0.8rem; padding: 0; white-space: pre-line; overflow-wrap: anywhere; }
</style>"""


def named(record: FieldRecord | RecordRow, plan: PlanView) -> str:
    """ "Đối thoại chính sách, phường Phổ Vinh, 10/10/2024": which record it is."""
    line, unit = plan.line_by_activity[record.activity_id], plan.unit_by_id[record.unit_id]
    return f"{say(line.name)}, {unit.full_name}, {day(record.happened_on)}"


def standing(record: FieldRecord, names: dict[int, str], marks: Marks) -> None:
    """Status, author, times, what to notice; the reason of a return or a voiding before everything else."""
    if record.reason:
        st.warning(_("Reason: {reason}", reason=plain(record.reason)), icon=":material/undo:")
    status = RecordStatus(record.status)
    said = [_("entered by {name}", name=names.get(record.author_id, ""))]
    if record.sent_at:
        said.append(_("sent {when}", when=moment(record.sent_at)))
    if record.reviewer_id:
        said.append(
            _("decided by {name}, {when}", name=names.get(record.reviewer_id, ""), when=moment(record.reviewed_at))
        )
    chips = [chip(RECORD_LOOKS[status], say(status.label)), *(chip(look, text) for look, text in _told(marks))]
    st.html(f"{' '.join(chips)} <span>{escape(' · '.join(said))}</span>")


def late_words() -> str:
    """What is said of a record that came after its period had been issued."""
    return _("late: its period was issued")


def fact(line: Line, row: RecordRow) -> str:
    """The one figure that tells a record in a list, as its kind declares it; "" where it has none (yet)."""
    kind = all_kinds()[row.kind]
    if kind.fact is Fact.MONEY:
        return "" if row.amount is None else money(row.amount)
    if kind.fact is Fact.PEOPLE:
        return "" if row.people_total is None else _n("{count} person", "{count} people", row.people_total)
    if kind.fact is Fact.VALUE:
        return (
            ""
            if row.value_over is None
            else f"{number(Fraction(row.value_over, row.value_under))} {say(kind.measures[line.measure])}"
        )
    return "" if row.quantity is None else f"{number(row.quantity)} {say(kind.measures[line.measure])}"


def _told(marks: Marks) -> list[tuple[Look, str]]:
    told = []
    if marks.late:
        told.append((LATE, late_words()))
    if marks.similar:
        told.append((SIMILAR, _("possible duplicate")))
    if marks.unmet:
        told.append((UNMET, _n("{count} condition not met", "{count} conditions not met", marks.unmet)))
    if marks.far:
        told.append((FAR, _("far from its commune")))
    if marks.lacking:
        told.append((LACKING, _("lacks {what}", what=", ".join(say(label) for label in marks.lacking))))
    return told


def mark_chips(marks: Marks, came_back: bool = False) -> list[tuple[str, str, str]]:
    """What a reviewer should notice about a record, for a component: text, colour, ink. That it came back is no
    mark.
    """
    told = _told(marks) + ([(CAME_BACK, _("sent again"))] if came_back else [])
    return [(f"{look.shape} {text}", look.colour, look.ink) for look, text in told]


def count_marks(marked: list[Marks]) -> str:
    """ "thiếu thông tin hoặc minh chứng: 2; có thể trùng: 1": how many of several records have which mark."""
    told = {
        late_words(): [m.late for m in marked],
        _("possible duplicate"): [m.similar for m in marked],
        _("condition not met"): [m.unmet for m in marked],
        _("far from its commune"): [m.far for m in marked],
        _("information or evidence missing"): [m.lacking for m in marked],
    }
    return "; ".join(f"{words}: {number(count)}" for words, each in told.items() if (count := sum(map(bool, each))))


def mark_words(marks: Marks) -> list[str]:
    """The marks as words, each behind its shape."""
    return [f"{look.shape} {text}" for look, text in _told(marks)]


def content(record: FieldRecord, plan: PlanView) -> None:
    """Unmet conditions, the round, the day that counts, the answers, the position."""
    line, filled = plan.line_by_activity[record.activity_id], record.form
    for condition, figure in [] if filled.running else unmet_conditions(line, filled):
        found = _("not collected") if figure is None else number(figure)
        st.warning(
            _("Counts, but does not meet: {condition} ({found})", condition=plain(say(condition.text)), found=found),
            icon=":material/rule:",
        )
    if filled.running:
        st.info(_("Still running: it will count when it has ended."), icon=":material/hourglass:")
    rounds = dict((*line.rounds, *line.withdrawn_rounds))
    pairs = [(_("Monitoring round"), say(rounds[record.round_id]))] if record.round_id in rounds else []
    pairs += [] if filled.running else [(_("Counts on"), day(record.happened_on))]
    pairs += [*answered(filled), *position_told(record, plan)]
    told = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in pairs)
    st.html(f'{ANSWERS}<dl class="so-answers">{told}</dl>')
    where(record, plan)


def position_told(record: FieldRecord, plan: PlanView) -> list[tuple[str, str]]:
    """The position with its accuracy and how far it lies from the unit's point, under its label."""
    if record.latitude is None:
        return []
    told = [position_text((record.latitude, record.longitude))]
    if record.accuracy_m is not None:
        told.append(_("accurate to {meters} m", meters=round(record.accuracy_m)))
    unit = plan.unit_by_id[record.unit_id]
    if unit.latitude is not None and unit.longitude is not None:
        metres = distance_m(record.latitude, record.longitude, unit.latitude, unit.longitude)
        told.append(_("{distance} km from the middle of {unit}", distance=round(metres / 1000, 1), unit=unit.full_name))
    return [(_("Position"), " · ".join(told))]


def sent_again(resent: Resent, plan: PlanView, names: dict[int, str]) -> None:
    """What the author changed since it was sent back, or sent before."""
    since = resent.since
    who, when = plain(names.get(since.account_id, "")), moment(since.at)
    if since.act == RecordStatus.RETURNED:
        st.markdown(f"**{_('Changed since {name} returned it on {when}', name=who, when=when)}**")
        st.caption(_("Reason: {reason}", reason=plain(since.reason)))
    else:
        st.markdown(f"**{_('Changed since it was sent on {when}', when=when)}**")
    _changed(resent.difference, plan)


def changed_since_seen(difference: Difference | None, plan: PlanView, seen: int, now: int) -> None:
    """For somebody who acted on an older version: which one they saw, and what is different now."""
    st.warning(
        _("You were looking at version {seen}; now there is version {now}.", seen=seen, now=now),
        icon=":material/compare_arrows:",
    )
    if difference is not None:
        _changed(difference, plan)


def _changed(difference: Difference, plan: PlanView) -> None:
    if difference:
        draw_changes(change_rows(difference, plan))
    else:
        st.caption(_("Nothing in it was changed."))


def history(steps: list[Step], plan: PlanView, names: dict[int, str]) -> None:
    """Every step, the latest first: who did what, when, from which way in; reasons and changes below."""
    for step in reversed(steps):
        who = plain(names.get(step.account_id, "")) if step.account_id else _("the program")
        label = ACTS.get(("record", step.act))
        did = say(label) if label else step.act
        version = " · " + _("version {number}", number=step.version) if step.version else ""
        channel = (
            ""
            if step.channel == "page"
            else f" · {say(CHANNELS[step.channel]) if step.channel in CHANNELS else plain(step.channel)}"
        )
        st.markdown(
            f"{moment(step.at)} · {who} · **{did}**{version}{channel}"
            + (f"  \n{_('Reason: {reason}', reason=plain(step.reason))}" if step.reason else "")
        )
        if step.difference:
            draw_changes(change_rows(step.difference, plan))
