"""A reviewer's decision on one record: verify, return with a reason, void with a reason.

Every button hands in the version that was drawn beside it, so that nobody decides on one they have not seen.
"""

import uuid
from collections.abc import Callable

import streamlit as st

from dashboard.ui.frame import main_button
from dashboard.server.database import database
from dashboard.i18n.words import _, plain, refusal, say
from data_model.records import review
from data_model.core.access import Act, Actor
from data_model.core.problems import Refused, Say
from data_model.records.listing import RecordRow
from data_model.records.tables import FieldRecord, RecordStatus

DECISIONS: dict[RecordStatus, Callable] = {
    RecordStatus.VERIFIED: review.verify, RecordStatus.RETURNED: review.return_to_author, RecordStatus.VOID: review.void,
}


def may_decide(actor: Actor, record: FieldRecord | RecordRow) -> bool:
    """Whether there is a decision to offer; data_model decides whether it holds."""
    return record.author_id != actor.id and actor.may(Act.REVIEW_RECORD) and record.status in (RecordStatus.SENT, RecordStatus.VERIFIED)


def buttons(actor: Actor, record: FieldRecord | RecordRow, done: Callable[[], None] = lambda: None, *, verify: str = "") -> None:
    """The decision's buttons, and why the last try was refused; `done` is called after a decision that holds.

    `verify` is what the first button says where it means more than to verify.
    """
    refused = st.session_state.get("decide/refused", {}).get(record.id)
    if refused:
        st.error(plain(refused[0]), icon=":material/error:")
    if record.status == RecordStatus.SENT:
        st.button(verify or _("Verify"), type=main_button(), icon=":material/verified:", key=f"verify-{record.id}",
                  on_click=_decide, args=(actor, record.id, record.version, RecordStatus.VERIFIED, done))
    reason = f"reason-{record.id}"
    with st.expander(_("Return or void, with a reason"), icon=":material/undo:", expanded=bool(refused and refused[1] is None)):
        with st.form(f"decide-{record.id}", border=False, enter_to_submit=False):
            st.text_area(_("Reason"), key=reason, max_chars=1000)
            with st.container(horizontal=True):
                for status, label, icon in (
                    (RecordStatus.RETURNED, _("Return to the author"), "undo"), (RecordStatus.VOID, _("Void for good"), "block"),
                ):
                    st.form_submit_button(label, icon=f":material/{icon}:", on_click=_decide, key=f"{status}-{record.id}",
                                          args=(actor, record.id, record.version, status, done))


def seen_before_refusal(record_id: uuid.UUID) -> int | None:
    """The version that was looked at when somebody else was faster, for showing what they changed; None otherwise."""
    refused = st.session_state.get("decide/refused", {}).get(record_id)
    return refused[1] if refused else None


def _decide(actor: Actor, record_id: uuid.UUID, version: int, status: RecordStatus, done: Callable[[], None]) -> None:
    with_reason = () if status is RecordStatus.VERIFIED else (st.session_state.get(f"reason-{record_id}") or "",)
    refusals = st.session_state.setdefault("decide/refused", {})
    refusals.clear()
    try:
        with database().writing() as session:
            DECISIONS[status](session, actor, record_id, version, *with_reason)
    except Refused as refused:
        meanwhile = any(p.say is Say.CHANGED_MEANWHILE for p in refused.problems)
        refusals[record_id] = (refusal(refused), version if meanwhile else None)
        return
    st.toast(_("Done: the record is now {status}.", status=say(status.label)), icon=":material/check_circle:")
    done()
