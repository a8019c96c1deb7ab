"""A reviewer's decision on one record: verify, return with a reason, void with a reason.

Every button names the record, and hands in the version that was drawn beside it: nobody decides on one they have not
seen.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboard.i18n.words import _, plain, refusal, say
from dashboard.records.parts import named
from dashboard.server.database import database
from dashboard.ui.seen_button import Asks, seen_button
from data_model.core.access import Act, Actor
from data_model.core.problems import Refused, Say
from data_model.core.reason import MOST
from data_model.plans.view import PlanView
from data_model.records.listing import RecordRow
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.review import decisions
from data_model.review.marks import Marks

DECISIONS: dict[RecordStatus, Callable] = {
    RecordStatus.VERIFIED: decisions.verify,
    RecordStatus.RETURNED: decisions.return_to_author,
    RecordStatus.VOID: decisions.void,
}


@dataclass(frozen=True)
class Tried:
    """A decision that was refused: what was said, which one it was, the version looked at where somebody else was
    faster.
    """

    words: str
    status: RecordStatus
    seen: int | None


def may_decide(actor: Actor, record: FieldRecord | RecordRow) -> bool:
    """Whether there is a decision to offer; data_model decides whether it holds."""
    return (
        record.author_id != actor.id
        and actor.may(Act.REVIEW_RECORD)
        and record.status in (RecordStatus.SENT, RecordStatus.VERIFIED)
    )


def buttons(
    actor: Actor,
    record: FieldRecord | RecordRow,
    plan: PlanView,
    marks: Marks,
    done: Callable[[], None] = lambda: None,
    *,
    verify: str = "",
) -> None:
    """The decision's buttons, and why the last try was refused; `done` is called after a decision that holds.

    `verify` is what the first button says where it means more than to verify.
    """
    tried = _tried().get(record.id)
    if tried:
        st.error(plain(tried.words), icon=":material/error:")
    decide = partial(_decide, actor, record.id, record.version, done)
    if record.status == RecordStatus.SENT:
        asks = Asks(_("Why it is verified all the same"), _(Say.WORD_FOR_MARKED), MOST) if marks else None
        seen_button(
            _key(record.id, record.version),
            named(record, plan),
            verify or _("Verify"),
            partial(decide, RecordStatus.VERIFIED),
            asks=asks,
        )
    reason = f"reason-{record.id}"
    with (
        st.expander(
            _("Return or void, with a reason"),
            icon=":material/undo:",
            expanded=bool(tried and tried.status is not RecordStatus.VERIFIED),
        ),
        st.form(f"decide-{record.id}", border=False, enter_to_submit=False),
    ):
        st.caption(plain(named(record, plan)))
        st.text_area(_("Reason"), key=reason, max_chars=MOST)
        with st.container(horizontal=True):
            for status, label, icon in (
                (RecordStatus.RETURNED, _("Return to the author"), "undo"),
                (RecordStatus.VOID, _("Void for good"), "block"),
            ):
                st.form_submit_button(
                    label,
                    icon=f":material/{icon}:",
                    key=f"{status}-{record.id}-{record.version}",
                    on_click=lambda status=status: decide(status, st.session_state.get(reason) or ""),
                )


def seen_before_refusal(record_id: uuid.UUID) -> int | None:
    """The version that was looked at when somebody else was faster, for showing what they changed; None otherwise."""
    tried = _tried().get(record_id)
    return tried.seen if tried else None


def _key(record_id: uuid.UUID, version: int) -> str:
    return f"{record_id}/{version}"


def _tried() -> dict[uuid.UUID, Tried]:
    return st.session_state.setdefault("decide/tried", {})


def _decide(
    actor: Actor, record_id: uuid.UUID, version: int, done: Callable[[], None], status: RecordStatus, words: str
) -> None:
    _tried().clear()
    try:
        with database().writing() as session:
            DECISIONS[status](session, actor, record_id, version, words)
    except Refused as refused:
        meanwhile = any(p.say is Say.CHANGED_MEANWHILE for p in refused.problems)
        _tried()[record_id] = Tried(refusal(refused), status, version if meanwhile else None)
        return
    st.toast(_("Done: the record is now {status}.", status=say(status.label)), icon=":material/check_circle:")
    done()
