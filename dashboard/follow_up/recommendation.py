"""One recommendation: where it is from, what happened to it, and what the person before it can do now."""

import uuid
from functools import partial

import streamlit as st

from dashboard.i18n.words import _, _n, day, moment, plain, say
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.ui.choice import choose_one
from dashboard.ui.frame import heading, main_button
from dashboard.ui.navigation import ask
from dashboard.ui.small_form import attempt, show_problems
from dashboard.ui.status_look import STANDING_LOOKS, chip
from data_model.accounts.account import names_of
from data_model.core import reason
from data_model.core.access import Actor
from data_model.core.problems import Refused
from data_model.follow_up import steps
from data_model.follow_up.listing import FollowUpRow, Opened, Standing, open_recommendation
from data_model.follow_up.proof import Proof, proofs_for
from data_model.plans.view import PlanView, view_plan
from data_model.records.tables import NOT_DONE, FollowUpState, FollowUpStep, StepAct

_attempt = partial(attempt, said="follow/said")


def draw_recommendation(actor: Actor, asked: str) -> None:
    """The recommendation that the address names, where the account may see it."""
    st.button(_("All recommendations"), icon=":material/arrow_back:", on_click=_back)
    try:
        with database().reading() as session:
            opened = open_recommendation(session, actor, uuid.UUID(asked))
            plan = view_plan(session, opened.plan_id)
            names = names_of(session, {step.account_id for step in opened.steps})
            acts = steps.acts_open(actor, opened.row)
            needs_proof = opened.row.serious and (acts & {StepAct.REPORT, StepAct.CONFIRM})
            proofs = proofs_for(session, actor, uuid.UUID(asked)) if needs_proof else []
    except (ValueError, Refused):
        st.info(
            _("This recommendation was not found, or is not among those you may see."), icon=":material/search_off:"
        )
        return
    row = opened.row
    heading(row.what, plan.unit_by_id[row.unit_id].full_name)
    _standing(plan, opened)
    if StepAct.CONFIRM in acts:
        _decide(actor, plan, opened, proofs)
    elif StepAct.REPORT in acts and row.state in NOT_DONE:
        _report(actor, plan, row, proofs)
    elif StepAct.REPORT in acts:
        _take_back(actor, row)
    st.subheader(_("Steps"), anchor=False)
    _steps(opened, names)


def _back() -> None:
    ask(rec=None)


def _standing(plan: PlanView, opened: Opened) -> None:
    row = opened.row
    st.html(chip(STANDING_LOOKS[row.standing], say(row.standing.label)))
    told = [(_("Person responsible"), row.responsible), (_("Deadline"), day(row.fix_by))]
    if row.standing in (Standing.OVERDUE, Standing.SUSPENDED):
        told.append((_("Progress so far"), say(row.state.label)))
    if row.severity:
        told.append((_("Severity"), say(row.severity.label)))
    st.markdown("  \n".join(f"{plain(label)}: **{plain(text)}**" for label, text in told))
    if row.standing is Standing.SUSPENDED:
        st.warning(
            _("The record that recommended this was returned or voided, so it is not followed up now."),
            icon=":material/undo:",
        )
    elif not row.in_record:
        st.warning(_("The record was corrected and no longer has this recommendation."), icon=":material/edit_off:")
    line = plan.line_by_activity[opened.activity_id]
    st.page_link(
        st.session_state["pages"][addresses.RECORD],
        icon=":material/article:",
        query_params={"record": row.record_id},
        label=plain(_("From: {name}, {day}", name=say(line.name), day=day(row.since))),
    )
    if opened.proof_id:
        st.page_link(
            st.session_state["pages"][addresses.RECORD],
            label=_("The record that shows it"),
            icon=":material/photo_camera:",
            query_params={"record": opened.proof_id},
        )


def _report(actor: Actor, plan: PlanView, row: FollowUpRow, proofs: list[Proof]) -> None:
    """What the field says: under way, done, or no longer applicable."""
    key = f"follow/{row.id}/{row.version}"
    names = {
        FollowUpState.IN_PROGRESS: _("Under way"),
        FollowUpState.DONE: _("Carried out"),
        FollowUpState.DROPPING: _("No longer applicable"),
    }
    with st.container(border=True):
        to = choose_one(_("How far is it?"), names, f"{key}/to")
        if to is FollowUpState.DONE:
            st.caption(_("Somebody else confirms it after you."))
        elif to is FollowUpState.DROPPING:
            st.caption(_("Give the reason; somebody else confirms it after you."))
        with _form(key):
            proof = _choose_proof(plan, row, proofs, key) if row.serious and to is FollowUpState.DONE else None
            word = _word(key, _("In a few words: what was done, what was seen"))
            st.form_submit_button(
                _("Write it down"),
                type=main_button(),
                icon=":material/check:",
                on_click=_attempt,
                key=f"{key}/report",
                args=(
                    key,
                    lambda session: steps.report(
                        session,
                        actor,
                        uuid.UUID(row.id),
                        row.version,
                        _typed(f"{key}/to"),
                        _typed(word) or "",
                        _typed(proof),
                    ),
                ),
            )


def _take_back(actor: Actor, row: FollowUpRow) -> None:
    key = f"follow/{row.id}/{row.version}"
    with st.container(border=True):
        st.markdown(_("You reported this. Somebody else confirms it; until then you can take it back."))
        with _form(key):
            word = _word(key, _("Why is it taken back?"))
            st.form_submit_button(
                _("Take it back"),
                icon=":material/undo:",
                on_click=_attempt,
                key=f"{key}/back",
                args=(
                    key,
                    lambda session: steps.report(
                        session, actor, uuid.UUID(row.id), row.version, FollowUpState.IN_PROGRESS, _typed(word) or ""
                    ),
                ),
            )


def _decide(actor: Actor, plan: PlanView, opened: Opened, proofs: list[Proof]) -> None:
    """Confirm or send back what somebody else reported."""
    row, key = opened.row, f"follow/{opened.row.id}/{opened.row.version}"
    done = row.state is FollowUpState.DONE
    with st.container(border=True):
        st.markdown(
            "**"
            + (
                _("Reported as done. Do you confirm it?")
                if done
                else _("Reported as no longer applicable. Do you confirm it?")
            )
            + "**"
        )
        shown = opened.proof_id if opened.proof_id in {p.record_id for p in proofs} else None
        with _form(key):
            proof = _choose_proof(plan, row, proofs, key, shown) if row.serious and done else None
            word = _word(key, _("A word, needed when you do not accept it"))
            with st.container(horizontal=True):
                st.form_submit_button(
                    _("Confirm"),
                    type=main_button(),
                    icon=":material/verified:",
                    on_click=_attempt,
                    key=f"{key}/confirm",
                    args=(
                        key,
                        lambda session: steps.confirm(
                            session, actor, uuid.UUID(row.id), row.version, _typed(word) or "", _typed(proof)
                        ),
                    ),
                )
                st.form_submit_button(
                    _("Do not accept"),
                    icon=":material/undo:",
                    on_click=_attempt,
                    key=f"{key}/no",
                    args=(
                        key,
                        lambda session: steps.send_back(
                            session, actor, uuid.UUID(row.id), row.version, _typed(word) or ""
                        ),
                    ),
                )


def _form(key: str):
    """Fields that are read together with the press of their button."""
    return st.form(f"{key}/form", border=False, enter_to_submit=False)


def _word(key: str, label: str) -> str:
    st.text_area(label, key=f"{key}/word", max_chars=reason.MOST, height=90)
    show_problems(key, "word", all_but=("word", "proof"))  # those of the whole stand with the words
    return f"{key}/word"


def _choose_proof(
    plan: PlanView, row: FollowUpRow, proofs: list[Proof], key: str, shown: uuid.UUID | None = None
) -> str:
    """Which later record of the commune shows it; a serious one needs one with a photo or a file."""
    named = {
        p.record_id: (
            f"{day(p.happened_on)} · {say(plan.line_by_activity[p.activity_id].name)} · "
            + _n("{count} photo or file", "{count} photos and files", p.evidence)
        )
        for p in proofs
    }
    ids = list(named)
    if ids:
        st.selectbox(
            _("Record that shows it (serious: needed)"),
            ids,
            index=ids.index(shown) if shown else None,
            format_func=named.__getitem__,
            placeholder=_("Choose"),
            key=f"{key}/proof",
        )
    else:
        st.info(
            _(
                "Serious: it is closed only with a record of this commune from {day} on that has a photo or a file, for"
                " example the next visit. There is none yet.",
                day=day(row.since),
            ),
            icon=":material/photo_camera:",
        )
    show_problems(key, "proof")
    return f"{key}/proof"


def _typed(key: str | None) -> object:
    return st.session_state.get(key) if key else None


def _steps(opened: Opened, names: dict[int, str]) -> None:
    """Who did what when, the newest on top; at the bottom the visit itself."""
    for step in reversed(opened.steps):
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{plain(_step_words(step))}**  \n{_when(step)} · {plain(names.get(step.account_id, ''))}")
            if step.act == StepAct.CORRECT and step.word:
                st.markdown(_("It read before: {text}", text=plain(step.word)))
            elif step.word:
                st.markdown(plain(step.word).replace("\n", "  \n"))
            if step.asked:
                st.page_link(
                    st.session_state["pages"][addresses.RECORD],
                    label=_("At the visit on {day}", day=day(step.on_day)),
                    icon=":material/fact_check:",
                    query_params={"record": step.record_id},
                )
    st.markdown(_("{day}: recommended at the visit", day=day(opened.row.since)))


def _when(step: FollowUpStep) -> str:
    """When it was written; before that the day it belongs to, where that is another."""
    written = moment(step.at)
    return (
        written
        if written.startswith(day(step.on_day))
        else _("{day}, written {when}", day=day(step.on_day), when=written)
    )


def _step_words(step: FollowUpStep) -> str:
    told = say(StepAct(step.act).label)
    told = told[:1].upper() + told[1:]
    return told if step.from_state == step.to_state else f"{told}: {say(FollowUpState(step.to_state).label)}"
