"""What a leader writes beside frozen figures. What is typed stays until it is saved or dropped, also over other pages
and a reload.
"""

from dataclasses import dataclass, field
from datetime import date
from re import compile as pattern

import streamlit as st

from dashboard.i18n.words import _, _n, day, percent, plain, problem, refusal, say
from dashboard.progress.figures import figures_of, lagging_of
from dashboard.server.database import database
from dashboard.snapshots.proposals import proposed_causes
from dashboard.ui.component import component
from dashboard.ui.frame import main_button
from dashboard.ui.status_look import word
from data_model.core.access import Act, Actor
from data_model.core.problems import Problem, Refused, Say
from data_model.counting.urgency import BEHIND
from data_model.periods.tables import SnapshotStatus
from data_model.snapshots.approval import save_texts
from data_model.snapshots.content import TargetContent
from data_model.snapshots.reading import Head, Opened, Texts, head_of


@dataclass
class Draft:
    """Texts as they stand on this page: `typed` by field name, on top of what was saved at `base`.

    `turn` rises whenever the fields must show anew what stands here.
    """

    base: int
    typed: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    turn: int = 0
    drawn: int = 0


NUMBER, SEND_BY = "number", "send_by"
NOT_IN_A_CLASS = pattern(r"[^a-zA-Z0-9_-]")
"""What Streamlit writes as "-" in the class that it gives a widget by its key."""


def draft_of(head: Head) -> Draft:
    """This session's draft for the snapshot. With nothing typed it follows what is saved."""
    draft: Draft = st.session_state.setdefault(f"texts-{head.id}", Draft(head.row_version))
    if not draft.typed:
        draft.base = head.row_version
    return draft


def unsaved(head: Head) -> bool:
    """Whether something typed here is not saved yet."""
    return bool(draft_of(head).typed)


def may_write(actor: Actor, head: Head) -> bool:
    """Whether the texts can be changed: a draft, by those who freeze."""
    return actor.may(Act.FREEZE) and head.status is SnapshotStatus.DRAFT


def keep(actor: Actor, opened: Opened) -> None:
    """Keep what is typed in the device's own store, and take up what a reload left there. To be called before anything
    asks `unsaved`.
    """
    if not may_write(actor, opened.head):
        return
    draft, saved = draft_of(opened.head), flat(opened.texts)
    names = [
        *titles(),
        NUMBER,
        SEND_BY,
        *(f"{kind}.{t.code}" for kind in ("causes", "measures") for t in opened.content.targets),
    ]
    found = component("snapshots/texts_keeper")(
        data={
            "account": actor.id,
            "snapshot": opened.head.id,
            "base": draft.base,
            "saved": saved,
            "typed": draft.typed,
            "picked": SEND_BY,
            "cleared": draft.turn,
            "names": {NOT_IN_A_CLASS.sub("-", name): name for name in names},
        },
        key=f"texts-keeper-{opened.head.id}",
        on_found_change=lambda: None,
    ).found
    if found:
        _take_up(draft, saved, found, set(names))


def _take_up(draft: Draft, saved: dict[str, str], found: dict, names: set[str]) -> None:
    """What the device had kept, unless it was saved meanwhile. Typed on other texts than now, it meets them when it is
    saved.
    """
    typed = {
        name: said
        for name, said in found["typed"].items()
        if name in names and isinstance(said, str) and said != saved.get(name, "")
    }
    if typed and isinstance(found["base"], int):
        draft.typed, draft.base, draft.drawn = typed | draft.typed, min(draft.base, found["base"]), draft.drawn + 1


def draw(actor: Actor, opened: Opened) -> None:
    """The texts, as fields where they may be changed, else to be read."""
    if not may_write(actor, opened.head):
        _read(opened)
        return
    draft, saved = draft_of(opened.head), flat(opened.texts)
    st.caption(_("These texts go into the report. They can be changed until the snapshot is submitted."))
    _document(draft, saved)
    for name, title in titles().items():
        _field(draft, saved, name, title, height=140)
    behind = [t for t in opened.content.targets if t.status in BEHIND]
    _propose(actor, opened.head, draft, saved, [t.code for t in behind])
    _causes(draft, saved, behind, _("Causes and measures of targets that are behind"))
    others = [t for t in opened.content.targets if t.status not in BEHIND and t.part_of is None]
    with st.expander(_("Causes and measures of other targets"), icon=":material/notes:"):
        chosen = st.selectbox(
            _("Target"),
            [t.code for t in others],
            index=None,
            placeholder=_("Choose a target"),
            format_func=lambda code: say(next(t.name for t in others if t.code == code)),
            key=f"texts-other-{opened.head.id}",
        )
        written = [
            t
            for t in others
            if t.code == chosen or any(_value(draft, saved, f"{kind}.{t.code}") for kind in ("causes", "measures"))
        ]
        _causes(draft, saved, written, "")
    _save_row(actor, opened, draft, saved)


def _propose(actor: Actor, head: Head, draft: Draft, saved: dict[str, str], codes: list[str]) -> None:
    """Offer what the records tell as causes, for those targets that have none typed yet."""
    empty = [code for code in codes if not _value(draft, saved, f"causes.{code}")]
    if not empty:
        return
    proposed = proposed_causes(lagging_of(actor, figures_of(actor, head.plan_id, head.ends_on)))
    causes = {f"causes.{code}": proposed[code] for code in empty if code in proposed}
    if causes:
        st.button(
            _n("Propose {count} cause from the records", "Propose {count} causes from the records", len(causes)),
            icon=":material/lightbulb:",
            key=f"texts-propose-{head.id}",
            help=_("Only empty fields are filled. Read and change them before you save."),
            on_click=_fill,
            args=(draft, causes),
        )


def _fill(draft: Draft, causes: dict[str, str]) -> None:
    draft.typed |= causes
    draft.drawn += 1


def titles() -> dict[str, str]:
    """The three texts of a report, as it names them."""
    return {
        "difficulties": _("Difficulties and their causes"),
        "proposals": _("Proposals"),
        "next_tasks": _("Tasks of the next period"),
    }


def flat(texts: Texts) -> dict[str, str]:
    """Texts by field name: "difficulties", "causes.<code>"."""
    found = {name: getattr(texts, name) for name in (*titles(), NUMBER)} | {
        SEND_BY: texts.send_by.isoformat() if texts.send_by else ""
    }
    return found | {
        f"{kind}.{code}": said for kind in ("causes", "measures") for code, said in getattr(texts, kind).items()
    }


def _texts(values: dict[str, str]) -> Texts:
    by_kind: dict[str, dict[str, str]] = {"causes": {}, "measures": {}}
    for name, said in values.items():
        kind, _dot, code = name.partition(".")
        if code:
            by_kind[kind][code] = said
    until = values.get(SEND_BY)
    return Texts(
        *(values.get(name, "") for name in titles()),
        **by_kind,
        number=values.get(NUMBER, ""),
        send_by=date.fromisoformat(until) if until else None,
    )


def _value(draft: Draft, saved: dict[str, str], name: str) -> str:
    return draft.typed.get(name, saved.get(name, ""))


def _key(draft: Draft, name: str) -> str:
    return f"text-{draft.base}-{draft.turn + draft.drawn}-{name}"


def _document(draft: Draft, saved: dict[str, str]) -> None:
    """The number and the last day of the document, side by side."""
    left, right = st.columns(2)
    with left:
        key = _key(draft, NUMBER)
        st.text_input(
            _("Number of the document"),
            value=_value(draft, saved, NUMBER),
            key=key,
            on_change=_take,
            args=(draft, saved, NUMBER, key),
            help=_("Only the number, or with its symbol: 05/BC-UBND. Empty leaves room to write by hand."),
        )
        _problems(draft, NUMBER)
    with right:
        key, until = _key(draft, SEND_BY), _value(draft, saved, SEND_BY)
        st.date_input(
            _("To be sent by"),
            value=date.fromisoformat(until) if until else None,
            format="DD/MM/YYYY",
            key=key,
            on_change=_take,
            args=(draft, saved, SEND_BY, key),
        )


def _field(draft: Draft, saved: dict[str, str], name: str, title: str, height: int = 90) -> None:
    key = _key(draft, name)
    st.text_area(
        title, value=_value(draft, saved, name), key=key, height=height, on_change=_take, args=(draft, saved, name, key)
    )
    _problems(draft, name)


def _problems(draft: Draft, name: str) -> None:
    for one in draft.problems:
        if one.where == name:
            st.error(plain(problem(one)), icon=":material/error:")


def _take(draft: Draft, saved: dict[str, str], name: str, key: str) -> None:
    """What was typed, kept beside the widget: a widget that is not shown loses what it holds."""
    if key not in st.session_state:  # a late word of a field that has gone meanwhile: the device itself kept it
        return
    typed = st.session_state[key]
    typed = typed.isoformat() if isinstance(typed, date) else typed or ""
    if typed == saved.get(name, ""):
        draft.typed.pop(name, None)
    else:
        draft.typed[name] = typed


def _causes(draft: Draft, saved: dict[str, str], targets: list[TargetContent], title: str) -> None:
    if not targets:
        return
    if title:
        st.markdown(f"**{title}**")
    for target in targets:
        with st.container(border=True, key=f"cause-{target.code}"):
            share = f" · {percent(target.percent)}" if target.percent is not None else ""
            st.markdown(f"{plain(word(target.status))} · **{plain(say(target.name))}**{share}")
            first, second = st.columns(2)
            with first:
                _field(draft, saved, f"causes.{target.code}", _("Cause"))
            with second:
                _field(draft, saved, f"measures.{target.code}", _("Measure"))


def _save_row(actor: Actor, opened: Opened, draft: Draft, saved: dict[str, str]) -> None:
    conflict = st.session_state.get(f"texts-conflict-{opened.head.id}")
    if conflict:
        _conflict(actor, opened, draft, saved)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="texts-save"):
        if st.button(_("Save the texts"), type=main_button(), icon=":material/save:", disabled=not draft.typed):
            _save(actor, opened.head, draft, saved, draft.base)
        if st.button(_("Drop the changes"), type="tertiary", disabled=not draft.typed):
            _begin_again(opened.head, opened.head.row_version)
            st.rerun()
        if draft.typed:
            st.caption(
                _n(
                    "{count} text changed and not saved yet.",
                    "{count} texts changed and not saved yet.",
                    len(draft.typed),
                )
            )


def _save(actor: Actor, head: Head, draft: Draft, saved: dict[str, str], seen: int) -> None:
    try:
        with database().writing() as session:
            now = save_texts(session, actor, head.id, _texts(saved | draft.typed), seen)
    except Refused as refused:
        draft.problems = refused.problems
        if any(one.say is Say.SNAPSHOT_CHANGED for one in refused.problems):
            st.session_state[f"texts-conflict-{head.id}"] = True
            st.rerun()
        if not any(one.where for one in refused.problems):
            st.error(plain(refusal(refused)), icon=":material/error:")
            return
        st.rerun()
    _begin_again(head, now.row_version)
    st.session_state["snapshot_said"] = _("The texts are saved.")
    st.rerun()


def _begin_again(head: Head, base: int) -> None:
    former = draft_of(head)
    st.session_state[f"texts-{head.id}"] = Draft(base, turn=former.turn + former.drawn + 1)
    st.session_state.pop(f"texts-conflict-{head.id}", None)


def _conflict(actor: Actor, opened: Opened, draft: Draft, saved: dict[str, str]) -> None:
    """Somebody saved in between: both texts are shown, the person decides."""
    st.warning(
        _("Somebody saved other texts meanwhile. Yours are still here; below is what was saved."),
        icon=":material/difference:",
    )
    for name, typed in draft.typed.items():
        if saved.get(name, "") != typed:
            with st.container(border=True):
                st.markdown(
                    f"**{_('Saved')}:** {plain(saved.get(name, '')) or '–'}  \n**{_('Yours')}:** {plain(typed) or '–'}"
                )
    with st.container(horizontal=True):
        if st.button(_("Save mine over it"), icon=":material/save:"):
            with database().reading() as session:
                now = head_of(session, actor, opened.head.id)
            st.session_state.pop(f"texts-conflict-{opened.head.id}")
            _save(actor, opened.head, draft, saved, now.row_version)
        if st.button(_("Take what was saved"), icon=":material/undo:"):
            _begin_again(opened.head, opened.head.row_version)
            st.rerun()


def _read(opened: Opened) -> None:
    values = flat(opened.texts)
    if values[NUMBER]:
        st.markdown(f"**{_('Number of the document')}:** {plain(values[NUMBER])}")
    if opened.texts.send_by:
        st.markdown(f"**{_('To be sent by')}:** {day(opened.texts.send_by)}")
    names = {t.code: say(t.name) for t in opened.content.targets}
    for name, title in titles().items():
        st.markdown(
            f"**{title}**  \n" + (plain(values[name]).replace("\n", "  \n") or f"*{_('Nothing was written.')}*")
        )
    for code in dict.fromkeys([*opened.texts.causes, *opened.texts.measures]):
        told = [f"**{plain(names.get(code, code))}**"]
        told += [
            f"{label}: {plain(values[f'{kind}.{code}'])}"
            for kind, label in (("causes", _("Cause")), ("measures", _("Measure")))
            if values.get(f"{kind}.{code}")
        ]
        st.markdown("  \n".join(told))
