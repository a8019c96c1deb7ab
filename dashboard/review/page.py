"""Duyệt: the queue of what waits to be verified, beside it one record with all that a decision needs; the second look
at what was.
"""

import uuid
from dataclasses import dataclass, field

import streamlit as st

from dashboard.evidence.gallery import Thumb, gallery, thumbs
from dashboard.i18n.words import _, day, moment, number, plain, refusal, say
from dashboard.records.decide import buttons, seen_before_refusal
from dashboard.records.parts import changed_since_seen, content, count_marks, mark_chips, named, sent_again, standing
from dashboard.review import second_look
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.ui.choice import choose_tab
from dashboard.ui.frame import choose_plan, top
from dashboard.ui.navigation import asked_anew, go, keep
from dashboard.ui.pager import pager
from dashboard.ui.row_list import ListRow, Ticking, row_list
from dashboard.ui.seen_button import seen_button, was_seen
from dashboard.ui.seen_button import shown as note_shown
from data_model.accounts.account import names_of
from data_model.core.access import Actor
from data_model.core.problems import Refused
from data_model.plans.view import PlanView
from data_model.records.listing import RecordRow, open_record
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.versions import Difference, Resent, resent, since
from data_model.records.writing import LIVING
from data_model.review.batch import Latest, latest_batch, undo_batch, verify_batch
from data_model.review.duplicates import similar
from data_model.review.marks import Marks, marks_of
from data_model.review.queue import MOST_COUNTED, Cursor, Narrowed, QueuePage, Waiting, own_waiting, queue

PAGE = 25
# The list beside the record; held upright, above it.
SIDES = """<style>
.st-key-review-sides { display: grid; grid-template-columns: minmax(19rem, 25rem) minmax(0, 1fr);
  gap: 1.5rem; align-items: start; }
.st-key-review-sides > * { min-width: 0; width: 100%; }
.st-key-review-sides button, .st-key-review-narrow button { min-height: 44px; }
@media (max-width: 1000px) { .st-key-review-sides { grid-template-columns: minmax(0, 1fr); gap: 1rem; } }
</style>"""


@dataclass
class Looking:
    """Where a reviewer is in the queue: beginnings of the pages gone through, the chosen record, what could not be
    verified.
    """

    of: tuple
    cursors: list[Cursor | None] = field(default_factory=lambda: [None])
    chosen: str | None = None
    message: str = ""
    refused: list[str] = field(default_factory=list)

    def quiet(self) -> None:
        """Say no more of the act before."""
        self.message, self.refused = "", []


@dataclass(frozen=True)
class Chosen:
    """All that is read for the record that is shown."""

    record: FieldRecord
    names: dict[int, str]
    marks: Marks
    similar: list[RecordRow]
    resent: Resent | None
    seen: int | None
    difference: Difference | None


def draw(actor: Actor) -> None:
    """Choose what to look at; the list; the chosen record."""
    with top(_("Review")):
        view = choose_tab({"queue": _("Waiting"), "again": _("Second look")}, "review-view")
    if view == "again":
        plan = choose_plan(actor)
        st.html(SIDES)
        second_look.draw(actor, plan)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        plan = choose_plan(actor)
        with st.popover(_("Narrow down"), icon=":material/filter_alt:"):
            narrowed, told = _narrow(plan)
    if told:
        st.caption(_("Only: {what}", what=plain(" · ".join(told))))
    looking = _looking(plan, narrowed)
    page = _page(actor, plan, narrowed, looking)
    just_done = bool(looking.message)
    _outcome(looking)
    if just_done:
        _way_back(actor, plan, looking)
    if not page.waiting:
        _nothing(actor, plan, narrowed)
        _way_back(actor, plan, looking, drawn=just_done)
        return
    chosen = next((w for w in page.waiting if str(w.id) == looking.chosen), page.waiting[0])
    st.html(SIDES)
    with st.container(key="review-sides"):
        with st.container(key="review-list"):
            _list(actor, plan, looking, page, chosen)
        with st.container(key="review-one"):
            _one(actor, plan, looking, page, chosen)
    _way_back(actor, plan, looking, drawn=just_done)


def _narrow(plan: PlanView) -> tuple[Narrowed, list[str]]:
    """What of the queue to look at, and the same in words."""
    only = {"duplicates": _("Possible duplicates"), "returned": _("Sent again")}
    lines = {line.code: line for line in reversed(plan.all_lines) if line.kind}
    units = {unit.id: unit.full_name for unit in (*plan.units, plan.owner)}
    with st.container(key="review-narrow"):
        unit_id = st.selectbox(
            _("Commune"),
            list(units),
            index=None,
            format_func=units.__getitem__,
            placeholder=_("All"),
            key=f"review-unit-{plan.code}",
        )
        code = st.selectbox(
            _("Activity"),
            list(lines),
            index=None,
            format_func=lambda c: f"{c} · {say(lines[c].name)}",
            placeholder=_("All"),
            key=f"review-activity-{plan.code}",
        )
        marked = st.pills(
            _("Only"), list(only), selection_mode="multi", format_func=only.__getitem__, key="review-only"
        )
    ids = (lines[code].part_ids or (lines[code].activity_id,)) if code else None
    told = [units[unit_id]] if unit_id else []
    told += [say(lines[code].name)] if code else []
    return Narrowed(unit_id, ids, duplicates="duplicates" in marked, returned="returned" in marked), told + [
        only[m] for m in marked
    ]


def _looking(plan: PlanView, narrowed: Narrowed) -> Looking:
    known = st.session_state.get("review-looking")
    if known is None or known.of != (plan.id, narrowed):
        known = st.session_state["review-looking"] = Looking((plan.id, narrowed), chosen=st.query_params.get("record"))
    elif asked_anew("record"):
        known.chosen = st.query_params.get("record") or known.chosen
    return known


def _page(actor: Actor, plan: PlanView, narrowed: Narrowed, looking: Looking) -> QueuePage:
    with database().reading() as session:
        page = queue(session, actor, plan.id, narrowed, looking.cursors[-1], PAGE)
        while not page.waiting and len(looking.cursors) > 1:  # the last page was decided on, to its end
            looking.cursors.pop()
            page = queue(session, actor, plan.id, narrowed, looking.cursors[-1], PAGE)
    return page


def _outcome(looking: Looking) -> None:
    """What became of an act on several at once, shown until the next act."""
    if looking.message:
        st.success(looking.message, icon=":material/verified:")
    if looking.refused:
        st.error(
            _("Left as they were: {count}.", count=len(looking.refused))
            + "\n\n"
            + "\n".join(f"- {plain(line)}" for line in looking.refused),
            icon=":material/error:",
        )


def _way_back(actor: Actor, plan: PlanView, looking: Looking, drawn: bool = False) -> None:
    """The way back from the last act on several: on top right after it, below everything from then on."""
    if drawn:
        return
    with database().reading() as session:
        latest = latest_batch(session, actor, plan.id)
    if latest:
        with st.container(border=True, key="review-undo"):
            seen_button(
                f"undo/{latest.batch_id}",
                _("You verified {count} records together at {when}.", count=latest.count, when=moment(latest.at)),
                _("Take all of it back"),
                lambda _word: _undo(actor, looking, latest),
                inline=True,
            )


def _undo(actor: Actor, looking: Looking, latest: Latest) -> None:
    looking.quiet()
    try:
        with database().writing() as session:
            done = undo_batch(session, actor, latest.batch_id)
    except Refused as why:
        looking.refused = [refusal(why)]
        return
    looking.message = _("Waiting again: {count}.", count=len(done.record_ids))
    looking.refused = [refusal(why) for why in done.refused.values()]


def _nothing(actor: Actor, plan: PlanView, narrowed: Narrowed) -> None:
    if narrowed != Narrowed():
        st.info(
            _("Nothing that waits fits this choice. Take a choice back to see the others."),
            icon=":material/filter_alt_off:",
        )
        return
    st.info(
        _("Nothing waits to be verified in this plan. What supervisors send appears here."), icon=":material/task_alt:"
    )
    _own_note(actor, plan)
    if st.button(_("See all records"), icon=":material/list_alt:"):
        go(addresses.RECORDS, plan=plan.code, status="all")


def _own_note(actor: Actor, plan: PlanView) -> None:
    with database().reading() as session:
        own = own_waiting(session, actor, plan.id)
    if own:
        st.caption(_("What you sent yourself waits for somebody else and is not listed here."))


def _list(actor: Actor, plan: PlanView, looking: Looking, page: QueuePage, chosen: Waiting) -> None:
    before = len(looking.cursors) - 1
    count = _("more than {most}", most=MOST_COUNTED) if page.count > MOST_COUNTED else number(page.count)
    first = before * PAGE + 1
    st.caption(
        _("{first} to {last} of {count} that wait", first=first, last=first + len(page.waiting) - 1, count=count)
    )
    shown = {str(w.id): w for w in page.waiting}
    pictures = thumbs(actor, [w.id for w in page.waiting])

    for w in page.waiting:
        note_shown(_seen_as(w.id, w.version))

    def open_one(row_id: str) -> None:
        looking.quiet()
        if row_id in shown:
            looking.chosen = row_id

    row_list(
        _("Records that wait"),
        [_row(plan, w, pictures.get(w.id)) for w in page.waiting],
        str(chosen.id),
        f"review-rows-{plan.code}",
        open_one,
        scrolls=True,
        ticking=_ticking(page),
        on_act=lambda ticked: _verify_ticked(actor, plan, looking, shown, ticked),
    )
    last = page.waiting[-1]
    pager(
        "review-page", not before, page.more, lambda step: _turn(looking, (last.sent_at, last.id) if step > 0 else None)
    )


def _turn(looking: Looking, after: Cursor | None) -> None:
    """Go on to the page that begins after `after`; back to the one before with None."""
    looking.chosen = None
    looking.quiet()
    if after is None:
        looking.cursors.pop()
    else:
        looking.cursors.append(after)


def _row(plan: PlanView, row: Waiting, thumb: Thumb | None) -> ListRow:
    line, unit = plan.line_by_activity[row.activity_id], plan.unit_by_id[row.unit_id]
    return ListRow(
        str(row.id),
        say(line.name),
        (f"{unit.full_name} · {day(row.happened_on)} · {row.author_name}",),
        tuple(mark_chips(row.marks, row.came_back)),
        row.version,
        thumb.address if thumb else None,
        tickable=not row.marks,
    )


def _ticking(page: QueuePage) -> Ticking:
    """Only what has no mark is ticked; the question says how many have one, and which."""
    marked = [w.marks for w in page.waiting if w.marks]
    left = (
        _(
            "Left out, to be opened one by one: {count} with a mark ({which}).",
            count=len(marked),
            which=count_marks(marked),
        )
        if marked
        else ""
    )
    return Ticking(
        _("Tick"),
        _("All without a mark"),
        _("Verify {n} records", n="{n}"),
        _("Verify these {n} records, all in one act?", n="{n}"),
        left,
        _("Not ticked: {m}.", m="{m}"),
        _("Yes, verify {n} records", n="{n}"),
        _("No"),
    )


def _seen_as(record_id: uuid.UUID, version: int) -> str:
    return f"row/{record_id}/{version}"


def _verify_ticked(actor: Actor, plan: PlanView, looking: Looking, shown: dict[str, Waiting], ticked: list) -> None:
    looking.quiet()
    # Only what this page showed, at the version that it showed, for a moment at least.
    seen = {shown[row_id].id: version for row_id, version in ticked if row_id in shown and isinstance(version, int)}
    seen = {record_id: version for record_id, version in seen.items() if was_seen(_seen_as(record_id, version))}
    try:
        with database().writing() as session:
            done = verify_batch(session, actor, plan.id, seen)
    except Refused as why:
        looking.refused = [refusal(why)]
        return
    looking.message = _("Verified: {count}.", count=len(done.record_ids)) if done.record_ids else ""
    looking.refused = [
        f"{named(shown[str(record_id)], plan)}: {refusal(why)}" for record_id, why in done.refused.items()
    ]


def _one(actor: Actor, plan: PlanView, looking: Looking, page: QueuePage, chosen: Waiting) -> None:
    """The chosen record: what it is, what to notice, the decision, then everything that it says."""
    at = next(n for n, w in enumerate(page.waiting) if w.id == chosen.id)
    followers = [str(w.id) for w in (*page.waiting[at + 1 :], *reversed(page.waiting[:at]))]
    before = str(page.waiting[at - 1].id) if at else None
    after = str(page.waiting[at + 1].id) if at + 1 < len(page.waiting) else None
    try:
        known = _read(actor, chosen.id)
    except Refused as refused:
        st.info(plain(refusal(refused)), icon=":material/search_off:")
        return
    keep({"record": str(chosen.id)})
    line, unit = plan.line_by_activity[known.record.activity_id], plan.unit_by_id[known.record.unit_id]
    st.subheader(plain(say(line.name)), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{plain(unit.full_name)} · {day(known.record.happened_on)}", width="stretch")
        st.button(
            _("Previous"),
            icon=":material/chevron_left:",
            disabled=before is None,
            on_click=_choose,
            args=(looking, before),
        )
        st.button(
            _("Next"), icon=":material/chevron_right:", disabled=after is None, on_click=_choose, args=(looking, after)
        )
    standing(known.record, known.names, known.marks)
    if known.seen is not None:
        changed_since_seen(known.difference, plan, known.seen, known.record.version)
    _alike(known.similar)
    if known.record.status == RecordStatus.SENT:
        buttons(actor, known.record, plan, known.marks, lambda: _choose(looking, followers[0] if followers else None))
    if known.resent:
        sent_again(known.resent, plan, known.names)
    gallery(actor, known.record.id)
    content(known.record, plan)
    if st.button(_("Open its page, with its history"), icon=":material/article:", key=f"page-{chosen.id}"):
        go(addresses.RECORD, record=chosen.id)


def _choose(looking: Looking, record_id: str | None) -> None:
    looking.chosen = record_id
    looking.quiet()


def _read(actor: Actor, record_id: uuid.UUID) -> Chosen:
    with database().reading() as session:
        record = open_record(session, actor, record_id)
        back = resent(session, actor, record)
        seen = seen_before_refusal(record_id)
        difference = since(session, actor, record, seen) if seen is not None else None
        names = names_of(session, {record.author_id, record.reviewer_id, back.since.account_id if back else None})
        marks = marks_of(session, actor, [record.id] if record.status in LIVING else []).get(record.id, Marks())
        return Chosen(record, names, marks, similar(session, actor, record), back, seen, difference)


def _alike(rows: list[RecordRow]) -> None:
    if not rows:
        return
    with st.container(border=True):
        st.markdown(f":material/content_copy: **{_('Possibly the same, entered twice')}**")
        for row in rows:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    f"{day(row.happened_on)} · {plain(row.author_name)} · {say(RecordStatus(row.status).label)}",
                    width="stretch",
                )
                if st.button(_("Open"), key=f"alike-{row.id}"):
                    go(addresses.RECORD, record=row.id)
