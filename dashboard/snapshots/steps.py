"""A snapshot's way: what the account may do with it now, and what was done with it so far."""

import streamlit as st

from dashboard.i18n.words import _, day, moment, plain, refusal, say
from dashboard.server.database import database
from dashboard.ui.frame import main_button
from data_model.core.access import Actor
from data_model.core.label import Label
from data_model.core.problems import Refused
from data_model.core.tables import JournalEntry
from data_model.journal.acts import ACTS
from data_model.snapshots.approval import Step, needs_reason, steps_open, take
from data_model.snapshots.reading import Head
from data_model.snapshots.time_stamps import stamp_head

ICONS = {
    Step.SUBMIT: "send",
    Step.SEND_BACK: "undo",
    Step.APPROVE: "approval",
    Step.ISSUE: "publish",
    Step.DISCARD: "delete",
}
FORWARD = (Step.SUBMIT, Step.APPROVE, Step.ISSUE)


def explained(step: Step) -> str:
    """What the step means, in one sentence."""
    return {
        Step.SUBMIT: _(
            "Submitting seals what was written beside the figures; a leader then approves it or sends it back."
        ),
        Step.SEND_BACK: _("Sent back, it is a draft again and its texts can be changed."),
        Step.APPROVE: _("Approving says that the figures and texts are right. It is not issued yet."),
        Step.ISSUE: _("Issuing locks the period: later entries for its days are marked as late and wait for a leader."),
        Step.DISCARD: _("A discarded draft stays in the list and can no longer be used."),
    }[step]


def draw(actor: Actor, head: Head, unsaved: bool) -> None:
    """The steps that are open; `unsaved` texts must be saved before it is submitted."""
    steps = steps_open(actor, head)
    # There also when it is empty: what stands below keeps its place, unfolded or not.
    with st.container(border=bool(steps), key="snapshot-steps"):
        for step in steps:
            if step in FORWARD:
                _forward(actor, head, step, unsaved and step is Step.SUBMIT)
        for step in steps:
            if step not in FORWARD:
                _aside(actor, head, step)


def _forward(actor: Actor, head: Head, step: Step, unsaved: bool) -> None:
    if step is Step.ISSUE:
        _asking(actor, head, step)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(explained(step), width="stretch")
        if st.button(
            say(step.label), type=main_button(), icon=f":material/{ICONS[step]}:", disabled=unsaved, key=f"step-{step}"
        ):
            _take(actor, head, step)
    if unsaved:
        st.caption(_("Save the texts first."))


def _asking(actor: Actor, head: Head, step: Step) -> None:
    """A step that nothing takes back is asked for once, with what it does to which days."""
    asked = f"asked-{step}-{head.id}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(explained(step), width="stretch")
        if not st.session_state.get(asked):
            st.button(
                say(step.label),
                type=main_button(),
                icon=f":material/{ICONS[step]}:",
                key=f"step-{step}",
                on_click=st.session_state.update,
                args=({asked: True},),
            )
            return
    st.warning(
        _(
            "{name}, {first} to {last}, version {version}, will be locked for good. What comes later for these days is"
            " late; a correction is a new version with a reason.",
            name=say(head.period.label),
            first=day(head.starts_on),
            last=day(head.ends_on),
            version=head.version,
        ),
        icon=":material/lock:",
    )
    with st.container(horizontal=True):
        if st.button(_("Yes: {step}", step=say(step.label).lower()), type=main_button(), key=f"sure-{step}"):
            st.session_state.pop(asked)
            _take(actor, head, step)
        st.button(_("Not now"), key=f"unsure-{step}", on_click=st.session_state.pop, args=(asked, None))


def _aside(actor: Actor, head: Head, step: Step) -> None:
    with st.expander(say(step.label), icon=f":material/{ICONS[step]}:"):
        st.markdown(explained(step))
        reason = st.text_area(_("Reason"), key=f"reason-{step}-{head.id}") if needs_reason(step) else ""
        if st.button(
            _("Yes: {step}", step=say(step.label).lower()), icon=f":material/{ICONS[step]}:", key=f"step-{step}"
        ):
            _take(actor, head, step, reason)


def _take(actor: Actor, head: Head, step: Step, reason: str = "") -> None:
    try:
        with database().writing() as session:
            now = take(session, actor, head.id, step, head.row_version, reason)
    except Refused as refused:
        st.error(plain(refusal(refused)), icon=":material/error:")
        return
    st.session_state["snapshot_said"] = _("Now: {status}.", status=say(now.status.label)) + (
        _stamp(actor) if step is Step.ISSUE else ""
    )
    st.rerun()


def _stamp(actor: Actor) -> str:
    """Have the journal's head stamped, where a server is set; what failed, in words. The issue stands either way."""
    try:
        stamp_head(database(), actor)
    except Refused as refused:
        return f" {refusal(refused)}"
    return ""


def history(past: list[JournalEntry], names: dict[int, str]) -> None:
    """What was done, by whom, when; oldest first."""
    for entry in past:
        reason = (entry.after or {}).get("reason")
        why = f" · {plain(_('Reason: {reason}', reason=reason))}" if reason else ""
        did = say(ACTS.get((entry.subject, entry.act), Label(entry.act, entry.act)))
        st.markdown(
            f"{moment(entry.at)} · {plain(names.get(entry.account_id, ''))} **{plain(did)}** {_('this version')}{why}"
        )
