"""Which snapshot this is, from what it was made, and the proof that nobody altered it."""

import streamlit as st

from dashboard.i18n.words import _, day, moment, number, plain, say
from dashboard.journal.proof import tell
from dashboard.server.database import database
from data_model.core.access import Actor
from data_model.core.clock import now
from data_model.records.tables import RecordStatus
from data_model.snapshots.proving import Verdict, verify
from data_model.snapshots.reading import Head, Opened


def identity(actor: Actor, opened: Opened) -> None:
    """The identity block, folded; the check stands in it."""
    head, known = opened.head, opened.content.identity
    short = head.content_hash[:12]
    with st.expander(_("Identity and proof · {code}", code=short), icon=":material/fingerprint:"):
        st.markdown("  \n".join(f"**{label}:** {said}" for label, said in _facts(opened)))
        st.caption(_("Seal (SHA-256) of the figures:"))
        st.code(head.content_hash, language=None, wrap_lines=True)
        st.button(
            _("Check the seal"),
            icon=":material/verified_user:",
            key=f"verify-{head.id}",
            on_click=_check,
            args=(actor, head.id),
        )
        if f"verdict-{head.id}" in st.session_state:
            found, when = st.session_state[f"verdict-{head.id}"]
            _say(found, head)
            st.caption(_("Checked at {when}.", when=moment(when)))
        if known.is_sample:
            st.caption(_("Made from sample data."))


def _facts(opened: Opened) -> list[tuple[str, str]]:
    head, known = opened.head, opened.content.identity
    version = (
        _("{number}, replaces version {former}", number=known.version, former=known.replaces)
        if known.replaces
        else number(known.version)
    )
    facts = [
        (_("Plan"), plain(_("{name}, revision {number}", name=say(known.plan_name), number=known.plan_revision))),
        (_("Issued by"), plain(known.issuer or "–")),
        (_("Version"), version),
        (_("Cut-off"), moment(known.cut_off)),
        (_("Frozen by"), plain(f"{known.author.name} ({say(known.author.role)})")),
    ]
    if head.reason:
        facts.append((_("Reason"), plain(head.reason)))
    for label, who, when in (
        (_("Submitted by"), head.submitted_by, head.submitted_at),
        (_("Approved by"), head.approved_by, head.approved_at),
        (_("Released by"), head.issued_by, head.issued_at),
    ):
        if who:
            facts.append((label, f"{plain(who)}, {moment(when)}"))
    facts += [
        (_("Records counted"), _by_status(known.records_in)),
        (_("Records left out"), _by_status(known.records_out)),
        (
            _("Judged by"),
            _(
                "on track from {on_track} %, slow from {slow} % of what was planned to date",
                on_track=known.on_track_percent,
                slow=known.slow_percent,
            ),
        ),
        (
            _("Quarters"),
            {"calendar": _("of the calendar"), "15_to_14": _("from the 15th to the 14th")}.get(
                known.quarter_rule, plain(known.quarter_rule)
            ),
        ),
    ]
    if opened.texts.number:
        facts.append((_("Number of the document"), plain(opened.texts.number)))
    if opened.texts.send_by:
        facts.append((_("To be sent by"), day(opened.texts.send_by)))
    return facts


def _by_status(counts: dict[str, int]) -> str:
    told = [f"{number(count)} {_named(status)}" for status, count in counts.items() if count]
    return ", ".join(told) or number(0)


def _named(one: str) -> str:
    return say(RecordStatus(one).label) if one in set(RecordStatus) else _("after the period")


def _check(actor: Actor, snapshot_id: int) -> None:
    with database().reading() as session:
        st.session_state[f"verdict-{snapshot_id}"] = verify(session, actor, snapshot_id), now()


def _say(verdict: Verdict, head: Head) -> None:
    if verdict.intact:
        st.success(
            _(
                "The snapshot is exactly as it was frozen on {when}: figures, texts and every step.",
                when=moment(head.made_at),
            ),
            icon=":material/verified_user:",
        )
    else:
        tell(verdict.flaws)
