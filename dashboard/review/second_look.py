"""The second look: draw a sample of verified records, look at each again, see with how many one agreed."""

from functools import partial

import streamlit as st

from dashboard.evidence.gallery import gallery
from dashboard.i18n.words import _, day, moment, number, plain, refusal, say
from dashboard.records.parts import content, named, standing
from dashboard.server import addresses
from dashboard.server.addresses import row_number
from dashboard.server.database import database
from dashboard.ui.navigation import asked_anew, go, keep
from dashboard.ui.row_list import ListRow, row_list
from dashboard.ui.seen_button import seen_button
from dashboard.ui.status_look import OUTCOME_LOOKS
from data_model.accounts.account import names_of
from data_model.core.access import Actor
from data_model.core.problems import Refused
from data_model.core.reason import MOST
from data_model.periods.periods import Period, span
from data_model.plans.view import PlanView
from data_model.records.listing import open_record
from data_model.review.marks import Marks, marks_of
from data_model.review.second_look import (
    MOST_DRAWN,
    Looked,
    Outcome,
    Sample,
    draw_second_look,
    look_again,
    open_second_look,
    second_looks,
)

_SAID, _REFUSED, _CHOSEN = "again/said", "again/refused", "again/chosen"


def draw(actor: Actor, plan: PlanView) -> None:
    """Draw a sample; the samples drawn; one of them with its records."""
    with database().reading() as session:
        samples = second_looks(session, actor, plan.id)
    with st.expander(_("Draw a sample"), icon=":material/casino:", expanded=not samples):
        _draw_one(actor, plan)
    for key, tell, icon in ((_SAID, st.success, "check_circle"), (_REFUSED, st.error, "error")):
        if st.session_state.get(key):
            tell(plain(st.session_state[key]), icon=f":material/{icon}:")
    if not samples:
        st.info(
            _(
                "No sample was drawn yet. A sample of verified records is looked at again by somebody else than who"
                " verified them."
            ),
            icon=":material/casino:",
        )
        return
    sample = _choose(samples)
    with database().reading() as session:
        records = open_second_look(session, actor, sample.id)
    st.markdown(
        plain(
            _(
                "Drawn by {name} on {when}: {drawn} of {lot} records verified from {first} to {last}. Seed {seed}.",
                name=sample.drawn_by,
                when=moment(sample.drawn_at),
                drawn=sample.drawn,
                lot=sample.out_of,
                first=day(sample.first),
                last=day(sample.last),
                seed=str(sample.seed),
            )
        )
    )
    st.markdown(
        "**"
        + _(
            "Looked at again: {looked} of {drawn}. Agreed: {agreed}. Not agreed: {not_agreed}.",
            looked=sample.looked,
            drawn=sample.drawn,
            agreed=sample.agreed,
            not_agreed=sample.looked - sample.agreed,
        )
        + "**"
    )
    chosen = next((one for one in records if str(one.row.id) == st.session_state.get(_CHOSEN)), None)
    chosen = chosen or next((one for one in records if one.outcome is Outcome.WAITING and not one.own), records[0])
    with st.container(key="review-sides"):
        with st.container(key="review-list"):
            row_list(
                _("Records of the sample"),
                [_row(plan, one) for one in records],
                str(chosen.row.id),
                f"again-rows-{sample.id}",
                _open,
                scrolls=True,
            )
        with st.container(key="review-one"):
            _one(actor, plan, sample, chosen)


def _draw_one(actor: Actor, plan: PlanView) -> None:
    periods = {
        period.value: say(period.label)
        for period in (Period.YEAR, *(each for each in Period if each is not Period.YEAR))
    }
    with st.form("draw-sample", border=False, enter_to_submit=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            period = st.selectbox(
                _("Verified records of"), list(periods), format_func=periods.__getitem__, width=220, key="again/period"
            )
            count = st.number_input(_("How many"), 1, MOST_DRAWN, 10, step=1, width=150, key="again/count")
            pressed = st.form_submit_button(_("Draw"), icon=":material/casino:")
        st.caption(
            _(
                "The lot is drawn by the program with a new seed, which is kept with the sample: anybody can draw it"
                " again."
            )
        )
    if not pressed:
        return
    days = span(plan, Period(period))
    _quiet()
    try:
        with database().writing() as session:
            look = draw_second_look(session, actor, plan.id, days.first, days.last, int(count))
            st.session_state["again/sample"] = look.id
    except Refused as refused:
        st.session_state[_REFUSED] = refusal(refused)
    st.rerun()


def _choose(samples: list[Sample]) -> Sample:
    by_id = {sample.id: sample for sample in samples}
    if asked_anew("sample") and (asked := row_number(st.query_params.get("sample"))):
        st.session_state["again/sample"] = asked
    if st.session_state.get("again/sample") not in by_id:
        st.session_state["again/sample"] = samples[0].id
    chosen = st.session_state["again/sample"]
    if len(samples) > 1:
        st.session_state["again/sample"] = chosen  # in every run: Streamlit forgets it on pages without this box
        chosen = st.selectbox(
            _("Sample"),
            list(by_id),
            key="again/sample",
            on_change=_quiet,
            format_func=lambda key: _(
                "no. {number}, {day}: {looked} of {drawn} looked at again",
                number=number(key),
                day=moment(by_id[key].drawn_at),
                looked=by_id[key].looked,
                drawn=by_id[key].drawn,
            ),
        )
    keep({"sample": str(chosen)})
    return by_id[chosen]


def _row(plan: PlanView, one: Looked) -> ListRow:
    line, unit, look = (
        plan.line_by_activity[one.row.activity_id],
        plan.unit_by_id[one.row.unit_id],
        OUTCOME_LOOKS[one.outcome],
    )
    return ListRow(
        str(one.row.id),
        say(line.name),
        (f"{unit.full_name} · {day(one.row.happened_on)}", _("verified by {name}", name=one.verified_by)),
        ((f"{look.shape} {say(one.outcome.label)}", look.colour, look.ink),),
    )


def _one(actor: Actor, plan: PlanView, sample: Sample, one: Looked) -> None:
    with database().reading() as session:
        record = open_record(session, actor, one.row.id)
        marks = marks_of(session, actor, [record.id]).get(record.id, Marks())
        names = names_of(session, {record.author_id, record.reviewer_id})
    st.subheader(plain(say(plan.line_by_activity[record.activity_id].name)), anchor=False)
    st.markdown(f"{plain(plan.unit_by_id[record.unit_id].full_name)} · {day(record.happened_on)}")
    standing(record, names, marks)
    if one.looked_by:
        st.info(
            plain(
                _(
                    "{name} looked at it again on {when}: {outcome}.",
                    name=one.looked_by,
                    when=moment(one.looked_at),
                    outcome=say(one.outcome.label),
                )
                + (" " + _("Reason: {reason}", reason=one.reason) if one.reason else "")
            ),
            icon=":material/visibility:",
        )
    elif one.outcome is Outcome.CHANGED:
        st.info(
            _("It was returned, corrected or voided since it was drawn, and is not looked at again."),
            icon=":material/info:",
        )
    elif one.own:
        st.info(_("You verified or entered it: somebody else looks at it again."), icon=":material/info:")
    else:
        _say(actor, plan, sample, one)
    gallery(actor, record.id)
    content(record, plan)
    if st.button(_("Open its page, with its history"), icon=":material/article:", key=f"page-{record.id}"):
        go(addresses.RECORD, record=record.id)


def _say(actor: Actor, plan: PlanView, sample: Sample, one: Looked) -> None:
    look = partial(_look, actor, sample.id, one)
    name = named(one.row, plan)
    seen_button(
        f"again/{sample.id}/{one.row.id}/{one.row.version}",
        name,
        _("Agreed: it deserved it"),
        lambda _word: look(True, ""),
    )
    reason = f"again/reason/{one.row.id}"
    with (
        st.expander(
            _("Not agreed, with a reason"), icon=":material/thumb_down:", expanded=bool(st.session_state.get(_REFUSED))
        ),
        st.form(f"again-{sample.id}-{one.row.id}", border=False, enter_to_submit=False),
    ):
        st.caption(plain(name))
        st.text_area(_("Reason"), key=reason, max_chars=MOST)
        st.form_submit_button(
            _("Not agreed"),
            icon=":material/thumb_down:",
            on_click=lambda: look(False, st.session_state.get(reason) or ""),
        )


def _look(actor: Actor, look_id: int, one: Looked, agreed: bool, reason: str) -> None:
    _quiet()
    try:
        with database().writing() as session:
            look_again(session, actor, look_id, one.row.id, one.row.version, agreed, reason)
    except Refused as refused:
        st.session_state[_REFUSED] = refusal(refused)
        return
    st.session_state.pop(_CHOSEN, None)
    st.session_state[_SAID] = _(
        "Kept: {outcome}.", outcome=say((Outcome.AGREED if agreed else Outcome.NOT_AGREED).label)
    )


def _open(row_id: str) -> None:
    _quiet()
    st.session_state[_CHOSEN] = row_id


def _quiet() -> None:
    st.session_state.pop(_SAID, None)
    st.session_state.pop(_REFUSED, None)
