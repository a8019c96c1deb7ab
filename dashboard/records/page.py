"""Bản ghi: records as a list, narrowed by what one looks for; each is opened to decide on it. Take the table away."""

import streamlit as st

from dashboard.evidence.gallery import Thumb, thumbs
from dashboard.i18n.words import _, day, plain, say
from dashboard.records.parts import fact, mark_words
from dashboard.records.routes import Narrowed, query_of, workbook_address
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.ui.choice import choose_one, choose_or_all
from dashboard.ui.frame import choose_plan, heading
from dashboard.ui.navigation import asked_anew, go, keep
from dashboard.ui.pager import numbered_pager
from data_model.core.access import Act, Actor
from data_model.kinds.registry import all_kinds
from data_model.plans.view import PlanView
from data_model.records.listing import RecordRow, list_records
from data_model.records.tables import RecordStatus
from data_model.records.writing import LIVING
from data_model.review.marks import Marks, marks_of

PAGE = 20
PICTURE = (
    '<img src="{address}" alt="" loading="lazy" style="width:4rem;height:3rem;object-fit:cover;border-radius:.3rem">'
)


def draw(actor: Actor) -> None:
    """A page of rows, newest first."""
    heading(_("Records"), _("Tap a record to read it, its history, and to decide on it."))
    plan = choose_plan(actor)
    narrowed = _narrow(actor, plan)
    page = st.session_state.setdefault("records_page", 0)
    if st.session_state.get("records_narrowed") != (plan.id, narrowed):
        st.session_state["records_narrowed"], page = (plan.id, narrowed), 0
    with database().reading() as session:
        rows, total = list_records(session, actor, plan.id, **query_of(plan, narrowed), limit=PAGE, offset=page * PAGE)
        marks = marks_of(session, actor, [row.id for row in rows if row.status in LIVING])
    st.session_state["records_page"] = page
    if not rows:
        st.info(
            _("No record here yet. Records appear when supervisors send them from “{page}”.", page=_("My work")),
            icon=":material/inbox:",
        )
        return
    st.caption(
        _("{first} to {last} of {total} records", first=page * PAGE + 1, last=page * PAGE + len(rows), total=total)
    )
    pictures = thumbs(actor, [row.id for row in rows])
    for row in rows:
        _row(plan, row, pictures.get(row.id), marks.get(row.id, Marks()))
    numbered_pager("records_page", page, (page + 1) * PAGE < total)
    _download(plan, narrowed)


def _narrow(actor: Actor, plan: PlanView) -> Narrowed:
    status_of = {
        "all": _("All"),
        "sent": _("To verify"),
        "verified": _("Verified"),
        "returned": _("Returned"),
        "draft": _("My drafts"),
    }
    asked = st.query_params
    if asked_anew("status"):
        usual = (
            "sent" if actor.may(Act.REVIEW_RECORD) and not asked.get("activity") and not asked.get("unit") else "all"
        )
        st.session_state["records_status"] = asked["status"] if asked.get("status") in status_of else usual
    status = choose_one(_("Status"), status_of, "records_status")
    keep({"status": status})
    with st.container(horizontal=True):
        line = choose_or_all(
            _("Activity"), {x.code: f"{x.code} · {say(x.name)}" for x in reversed(plan.all_lines)}, "activity"
        )
        place = choose_or_all(_("Commune"), {str(u.id): u.full_name for u in (*plan.all_units, plan.owner)}, "unit")
    return status, line, int(place) if place else None


def _row(plan: PlanView, row: RecordRow, thumb: Thumb | None, marks: Marks) -> None:
    line, kind = plan.line_by_activity[row.activity_id], all_kinds()[row.kind]
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"row-{row.id}"):
        facts = [day(row.happened_on), plain(plan.unit_by_id[row.unit_id].full_name), plain(row.author_name)]
        if told := fact(line, row):
            facts.append(told)
        if row.running:
            facts.append(_("running"))
        facts += [f":orange[{plain(words)}]" for words in mark_words(marks)]
        if thumb and thumb.address:
            st.html(PICTURE.format(address=thumb.address), width="content")
        # Beside the button, or above it where there is no room for both.
        st.markdown(
            f":material/{kind.icon}: **{plain(say(line.name))}** · {say(RecordStatus(row.status).label)}  \n"
            + " · ".join(facts),
            width="stretch",
        )
        if st.button(_("Open"), key=f"see-{row.id}"):
            go(addresses.RECORD, record=row.id)


def _download(plan: PlanView, narrowed: Narrowed) -> None:
    st.link_button(_("Take the records as Excel"), workbook_address(plan, narrowed), icon=":material/download:")
