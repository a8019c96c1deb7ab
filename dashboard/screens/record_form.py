"""The form of one record: activity, commune and today are filled in; send it, or keep it as a draft."""

import uuid
from typing import Any

import streamlit as st

from dashboard.components import component
from dashboard.form import FormDrawing, row_counts, typed
from dashboard.frame import heading, main_button
from dashboard.navigation import go
from dashboard.store import database
from dashboard.words import _, plain, problem, refusal, say
from data_model import clock
from data_model.access import Actor
from data_model.fields import Day
from data_model.kinds import Kind, all_kinds
from data_model.plans import Line, PlanView, view_plan
from data_model.problems import Refused, Say
from data_model.progress import plans_of
from data_model.record_list import list_records, open_record
from data_model.records import Entry, FieldRecord, discard, save_draft, send, unmet_conditions


def draw(actor: Actor) -> None:
    """The form that the address names: an open record, or a new one of an activity in a unit."""
    state = _opened(actor)
    plan, line, kind = state["plan"], state["line"], all_kinds()[state["line"].kind]
    unit = plan.unit_by_id[state["unit_id"]]
    heading(say(line.name), f"{unit.full_name} · {say(kind.label)} · {say(plan.name)}")
    _notices(state, line)
    _position(state)
    drawing = FormDrawing(state["key"], state["answers"], state["rows"], state["problems"])
    with st.form(f"form-{state['key']}", border=False, enter_to_submit=False):
        if line.rounds:
            _round(state, line, drawing)
        drawing.draw(kind, lambda name: _add_row(state, name))
        for one in drawing.rest():
            st.error(plain(problem(one)), icon=":material/error:")
            if one.say == Say.CHANGED_MEANWHILE:
                st.link_button(_("See the newer version"), f"/xem?record={state['key']}")
        with st.container(horizontal=True):
            st.form_submit_button(
                _("Send"), type=main_button(), icon=":material/send:", key=f"{state['key']}/send",
                on_click=_press, args=(actor, state, kind, True),
            )
            st.form_submit_button(
                _("Keep as draft"), icon=":material/save:", key=f"{state['key']}/draft",
                on_click=_press, args=(actor, state, kind, False),
            )
    with st.container(horizontal=True):
        if st.button(_("Back to my work"), icon=":material/arrow_back:"):
            _leave(state)
        if state["version"] and state["status"] == "draft" and st.button(_("Throw the draft away"), icon=":material/delete:"):
            _throw_away(actor, state)
    if state["done"]:
        st.session_state["sent_message"] = state["done"]
        _leave(state)


def _leave(state: dict[str, Any]) -> None:
    for name in [n for n in st.session_state if str(n).startswith(f"{state['key']}/")]:
        del st.session_state[name]
    st.session_state.pop(f"form-state-{state['key']}", None)
    go("viec-cua-toi", plan=state["plan"].code)


def _opened(actor: Actor) -> dict[str, Any]:
    """What the form holds between reruns. Its UUID stands in the address, so that a reload finds it again."""
    asked = st.query_params.get("record")
    try:
        key = str(uuid.UUID(asked)) if asked else str(uuid.uuid4())
    except ValueError:
        _nothing_here()
    known = st.session_state.get(f"form-state-{key}")
    if known is None:
        known = st.session_state[f"form-state-{key}"] = _open(actor, uuid.UUID(key)) | {"key": key}
    if asked != key:
        st.query_params["record"] = key
    return known


def _open(actor: Actor, record_id: uuid.UUID) -> dict[str, Any]:
    with database().reading() as session:
        try:
            record = open_record(session, actor, record_id)
        except Refused:
            record = None
        if record is not None:
            if record.author_id != actor.id:
                go("xem", record=record_id)
            plan = view_plan(session, record.plan_id)
            return _state(plan, plan.line_by_activity[record.activity_id], record.unit_id, record.answers, record)
        plan, line, unit_id = _asked_place(actor, session)
        visited = [row.round_id for row in list_records(session, actor, plan.id, unit_id=unit_id, activity_ids=[line.activity_id])[0]]
    answers = {}
    main_day = next((f for f in all_kinds()[line.kind].fields.values() if isinstance(f, Day) and f.required), None)
    if main_day and plan.starts_on <= clock.today() <= plan.ends_on:
        answers[main_day.name] = clock.today().isoformat()
    state = _state(plan, line, unit_id, answers, None)
    state["round_id"] = next((r for r in line.round_ids if r not in visited), None)
    return state


def _asked_place(actor: Actor, session) -> tuple[PlanView, Line, int]:
    """Plan, line and unit that the address asks for. Whether the account may write there is decided on sending."""
    head = next((p for p in plans_of(session, actor) if p.code == st.query_params.get("plan")), None)
    plan = view_plan(session, head.id) if head else None
    line = next((x for x in plan.lines if x.code == st.query_params.get("activity") and x.kind), None) if plan else None
    unit = st.query_params.get("unit", "")
    if line is None or not unit.isdigit() or int(unit) not in plan.unit_by_id:
        _nothing_here()
    return plan, line, int(unit)


def _nothing_here() -> None:
    st.info(_("Choose an activity and a commune in “{page}” first.", page=_("My work")), icon=":material/info:")
    if st.button(_("Back to my work"), type=main_button()):
        go("viec-cua-toi")
    st.stop()


def _state(plan: PlanView, line: Line, unit_id: int, answers: dict, record: FieldRecord | None) -> dict[str, Any]:
    return {
        "plan": plan, "line": line, "unit_id": unit_id, "answers": answers, "problems": {}, "done": "", "said": "",
        "rows": row_counts(all_kinds()[line.kind], answers),
        "version": record.version if record else 0, "status": record.status if record else "",
        "reason": record.reason if record else None, "round_id": record.round_id if record else None,
        "position": (record.latitude, record.longitude, record.accuracy_m) if record and record.latitude is not None else None,
    }


def _notices(state: dict[str, Any], line: Line) -> None:
    if state["reason"]:
        st.warning(_("Returned: {reason}", reason=plain(state["reason"])), icon=":material/undo:")
    if state["problems"]:
        st.error(_("Not sent yet. To correct: {count}. Everything you typed is still here.", count=len(state["problems"])),
                 icon=":material/error:")
    if state["said"]:
        st.success(plain(state["said"]), icon=":material/check_circle:")
    if line.conditions:
        st.caption(_("The plan asks: {conditions}", conditions=plain("; ".join(say(c.text) for c in line.conditions))))


def _position(state: dict[str, Any]) -> None:
    """The tablet's own position, when the person asks for it."""
    result = component("position")(
        key=f"{state['key']}/position",
        data={
            "ask": _("Take my position"), "again": _("Take it again"), "taking": _("Looking for the position…"),
            "refused": _("The tablet gave no position. Allow it in the browser, or go on without."),
            "taken": _("Position taken, accurate to {meters} m.", meters=round(state["position"][2] or 0)) if state["position"] else "",
        },
        on_taken_change=lambda: None,
    )
    if result.taken:
        state["position"] = tuple(result.taken)
        st.rerun()


def _round(state: dict[str, Any], line: Line, drawing: FormDrawing) -> None:
    names = dict(line.rounds)
    st.radio(
        _("Monitoring round"), list(names), format_func=lambda r: say(names[r]), key=f"{state['key']}/round",
        index=list(names).index(state["round_id"]) if state["round_id"] in names else None,
    )
    wrong = drawing.problems.pop("round", None)
    if wrong:
        st.markdown(f":red[:material/error: {plain(problem(wrong))}]")


def _gather(state: dict[str, Any], kind: type[Kind]) -> None:
    state["answers"] = typed(kind, state["key"], state["rows"])
    if state["line"].rounds:
        state["round_id"] = st.session_state.get(f"{state['key']}/round")


def _add_row(state: dict[str, Any], name: str) -> None:
    state["rows"][name] += 1
    state["problems"], state["said"] = {}, ""


def _press(actor: Actor, state: dict[str, Any], kind: type[Kind], sends: bool) -> None:
    """What the two buttons do. A second press finds the record sent and changes nothing."""
    if state["done"]:
        return
    _gather(state, kind)
    entry = Entry(
        id=uuid.UUID(state["key"]), plan_id=state["plan"].id, activity_id=state["line"].activity_id,
        unit_id=state["unit_id"], round_id=state["round_id"], answers=state["answers"], position=state["position"],
        seen_version=state["version"],
    )
    try:
        with database().writing() as session:
            record = (send if sends else save_draft)(session, actor, entry)
    except Refused as refused:
        state["problems"], state["said"] = {p.where: p for p in refused.problems}, ""
        return
    state["problems"], state["version"], state["status"] = {}, record.version, record.status
    if sends:
        state["done"] = _sent_words(state, record)
    else:
        state["said"] = _("Draft kept. You can continue it on any device.")


def _sent_words(state: dict[str, Any], record: FieldRecord) -> str:
    kind = say(all_kinds()[record.kind].label)
    said = _("Sent: 01 {kind} in {unit}.", kind=kind[0].lower() + kind[1:], unit=state["plan"].unit_by_id[record.unit_id].full_name)
    filled = record.form
    if filled.running:
        said += " " + _("It will count when it has ended.")
    else:
        lacking = [say(condition.text) for condition, _figure in unmet_conditions(state["line"], filled)]
        if lacking:
            said += " " + _("It counts, but does not meet: {conditions}.", conditions="; ".join(lacking))
    return said


def _throw_away(actor: Actor, state: dict[str, Any]) -> None:
    try:
        with database().writing() as session:
            discard(session, actor, uuid.UUID(state["key"]))
    except Refused as refused:
        st.error(refusal(refused))
        return
    st.session_state["sent_message"] = _("The draft was thrown away.")
    _leave(state)
