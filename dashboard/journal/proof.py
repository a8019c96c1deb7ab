"""The check of all seals: its button, and what it found in words."""

from functools import cache

import streamlit as st

from dashboard.i18n.words import _, language, moment, number, plain
from dashboard.server.database import database
from data_model.core.access import Actor
from data_model.core.clock import now
from data_model.core.flaws import Flaw, Wrong
from data_model.core.journal import hash_at
from data_model.snapshots.proving import verify_everything

SHOWN = 50
"""Flaws that are listed one by one; whoever has more knows enough."""


def draw(actor: Actor) -> None:
    """The check of everything, folded until it was asked for. It stands before what damaged entries could break."""
    done = st.session_state.get("everything-checked")
    with st.expander(_("Check that nothing was altered"), icon=":material/verified_user:", expanded=done is not None):
        st.markdown(
            _(
                "Every entry of the journal is sealed over the one before, every snapshot at each of its steps. The"
                " check works all seals out again."
            )
        )
        if st.button(_("Check everything"), icon=":material/verified_user:", key="check-everything"):
            with st.spinner(_("Checking")), database().reading() as session:
                done = st.session_state["everything-checked"] = verify_everything(session, actor), now()
        _compare(actor)
        if done is None:
            return
        found, when = done
        if found.intact:
            st.success(
                _(
                    "Nothing was altered: {entries} entries of the journal and {snapshots} snapshots are as they were"
                    " written.",
                    entries=number(found.head.number),
                    snapshots=number(found.snapshots),
                ),
                icon=":material/verified_user:",
            )
        else:
            tell(found.flaws)
        st.caption(_("Checked at {when}.", when=moment(when)))
        if found.head.number:
            st.caption(_("Head of the journal: number {number}, code", number=number(found.head.number)))
            st.code(found.head.hash, language=None, wrap_lines=True)


def _compare(actor: Actor) -> None:
    """The code that stands now at a number, for holding it against a printed report."""
    asked = st.number_input(
        _("Number of the journal's head on a printed report"),
        min_value=1,
        max_value=2**31 - 2,
        value=None,
        step=1,
        key="printed-head",
        width=420,
    )
    if asked is None:
        return
    with database().reading() as session:
        code = hash_at(session, actor, asked)
    if code is None:
        st.error(_("The journal has no entry of this number (any more)."), icon=":material/gpp_bad:")
    else:
        st.caption(_("Its code now. On the report stands the same one, or entries were altered since."))
        st.code(code, language=None, wrap_lines=True)


def tell(flaws: tuple[Flaw, ...]) -> None:
    """What is wrong, one by one, and what to do."""
    told = [f"- {plain(sentence(flaw))}" for flaw in flaws[:SHOWN]]
    if len(flaws) > SHOWN:
        told.append(f"- {_('and {count} more', count=number(len(flaws) - SHOWN))}")
    st.error(
        _(
            "Something was altered outside the program. Print and use nothing of it; tell your administrator, who"
            " compares it with the last backup."
        )
        + "\n\n"
        + "\n".join(told),
        icon=":material/gpp_bad:",
    )


def sentence(flaw: Flaw) -> str:
    """One flaw in words."""
    until = flaw.number if flaw.until is None else flaw.until
    told = {
        "number": number(flaw.number),
        "until": number(until),
        "snapshot": str(flaw.snapshot),
        "columns": ", ".join(_columns(language()).get(name, name) for name in flaw.columns),
    }
    return _sentences(language())[flaw.wrong, flaw.number is not None, flaw.number != until].format(**told)


@cache
def _sentences(_spoken: str) -> dict[tuple[Wrong, bool, bool], str]:
    """By kind, whether it has a number, and whether that number begins a range."""
    one, several, none = (True, False), (True, True), (False, False)
    told = {
        (Wrong.ENTRY_ALTERED, *one): _(
            "Journal, entry no. {number}: this entry, its seal or the seal before it was altered."
        ),
        (Wrong.ENTRY_DAMAGED, *one): _("Journal, entry no. {number}: cannot be read any more ({columns})."),
        (Wrong.ENTRY_MISSING, *one): _("Journal, entry no. {number}: deleted; only its seal is there."),
        (Wrong.ENTRY_UNSEALED, *one): _("Journal, row {number}: has no seal, so the program did not write it."),
        (Wrong.NUMBERS_MISSING, *one): _("Journal: entry no. {number} is missing, with its seal."),
        (Wrong.NUMBERS_MISSING, *several): _("Journal: entries no. {number} to {until} are missing, with their seals."),
        (Wrong.COPY_DIFFERS, *one): _("Journal, entry no. {number}: the copy outside the database has another code."),
        (Wrong.COPY_DIFFERS, *several): _(
            "Journal, entries no. {number} to {until}: the copy outside the database has other codes."
        ),
        (Wrong.STAMP_WRONG, *one): _(
            "Journal, entry no. {number}: the time stamp is not one of this entry's code, or of no server that is"
            " trusted."
        ),
        (Wrong.COPY_DAMAGED, *one): _(
            "The copy outside the database: line {number} cannot be read (0: the whole copy)."
        ),
        (Wrong.SNAPSHOT_ALTERED, *none): _("Snapshot no. {snapshot}: altered ({columns})."),
        (Wrong.SNAPSHOT_DAMAGED, *none): _("Snapshot no. {snapshot}: cannot be read any more ({columns})."),
        (Wrong.SNAPSHOT_MISSING, *none): _("Snapshot no. {snapshot}: deleted."),
        (Wrong.VERSION_MISSING, *one): _("Version {number} before snapshot no. {snapshot} is missing."),
        (Wrong.VERSION_MISSING, *several): _(
            "Versions {number} to {until} before snapshot no. {snapshot} are missing."
        ),
        (Wrong.TWO_ISSUED, *none): _("Snapshot no. {snapshot}: stands issued beside another version of its period."),
        (Wrong.CONTENT_ALTERED, *none): _("Snapshot no. {snapshot}: the frozen figures were altered."),
        (Wrong.CONTENT_MISSING, *none): _("Snapshot no. {snapshot}: the frozen figures were deleted."),
        (Wrong.STEP_ALTERED, *one): _("Snapshot no. {snapshot}: step {number} was altered."),
        (Wrong.STEP_ALTERED, *none): _("Snapshot no. {snapshot}: a step was altered."),
        (Wrong.STEP_MISSING, *one): _("Snapshot no. {snapshot}: step {number} is missing."),
        (Wrong.STEP_MISSING, *several): _("Snapshot no. {snapshot}: steps {number} to {until} are missing."),
        (Wrong.STEP_MISSING, *none): _("Snapshot no. {snapshot}: a step that the journal noted is missing."),
        (Wrong.STEP_NOT_NOTED, *one): _(
            "Snapshot no. {snapshot}: step {number} is not the one that the journal noted."
        ),
        (Wrong.GUARD_MISSING, *none): _("The database does not guard what is sealed any more ({columns})."),
    }
    return told


@cache
def _columns(_spoken: str) -> dict[str, str]:
    """Columns in words; what has none here is told by its own name."""
    return {
        "plan_id": _("Plan"),
        "period": _("Period"),
        "starts_on": _("first day"),
        "ends_on": _("last day"),
        "version": _("Version"),
        "replaces_id": _("the version that it replaces"),
        "content_hash": _("Seal of the figures"),
        "cut_off": _("Cut-off"),
        "made_by": _("Frozen by"),
        "made_at": _("time of freezing"),
        "status": _("Status"),
        "texts": _("the texts"),
        "texts_hash": _("Seal of the texts"),
        "reason": _("Reason"),
        "returned_reason": _("reason of sending back"),
        "submitted_by": _("Submitted by"),
        "submitted_at": _("time of submitting"),
        "approved_by": _("Approved by"),
        "approved_at": _("time of approval"),
        "issued_by": _("Released by"),
        "issued_at": _("time of release"),
        "row_version": _("number of steps"),
        "at": _("time"),
        "door": _("way in"),
        "act": _("What was done"),
        "before": _("Before"),
        "after": _("After"),
    }
