"""One draft of a plan: its tables, what a check finds beside each row, paste, undo, documents, submit and issue."""

import zlib
from collections.abc import Callable
from typing import Any

import pandas
import streamlit as st

from dashboard.i18n.words import _, _n, moment, plain, problem, say
from dashboard.plans.draft_cells import as_chosen, columns_shown, is_long, options_of, pasted, with_edits
from dashboard.plans.plan_workbook import read_workbook
from dashboard.plans.routes import DOCUMENT, workbook_address
from dashboard.server.database import database
from dashboard.ui.choice import choose_one
from dashboard.ui.frame import heading, main_button
from dashboard.ui.navigation import ask
from dashboard.ui.one_file import choose_file, chosen_file, forget_file
from dashboard.ui.sheet_reading import MOST_BYTES
from data_model.core.access import Act, Actor
from data_model.core.problems import Problem, Refused, Say
from data_model.forms.fields import Choice, Field
from data_model.planning import drafts
from data_model.planning.drafts import DocumentHead
from data_model.planning.reading import Reading
from data_model.planning.sheets import MOST_LETTERS, SHEETS, Cells, Sheet
from data_model.planning.tables import DraftStatus, PlanDraft

WRONG = "wrong"
"""The column of a table that says what a check found in its row."""
MOST_PASTED = 400_000
"""Letters: every cell of a long plan, ten times over."""
MOST_SAID = 40


def draw_one(actor: Actor, draft_id: int) -> None:
    """The draft that the address names: to be written, or to be read and issued."""
    st.button(_("All plans"), icon=":material/arrow_back:", type="tertiary", on_click=lambda: ask(draft=None))
    try:
        with database().reading() as session:
            draft = drafts.open_draft(session, actor, draft_id)
            found = drafts.check(session, draft)
            undoable = drafts.can_be_undone(session, draft)
            documents = drafts.documents(session, actor, draft_id)
    except Refused as refused:
        st.error(plain(problem(refused.problems[0])), icon=":material/error:")
        return
    status = DraftStatus(draft.status)
    head = next(iter(draft.sheets.get("plan", [])), {})
    heading(
        head.get("name_vi") or _("Plan without a name yet"),
        f"{say(status.label)} · {_('Changed {when}', when=moment(draft.changed_at))}",
    )
    _told()
    if draft.based_on_id is not None and status is DraftStatus.DRAFT:
        st.info(
            _("Numbers and amounts come from the former plan: they are proposals. Look at each against the document."),
            icon=":material/history:",
        )
    writes = actor.may(Act.WRITE_PLAN) and status is DraftStatus.DRAFT
    sheet = _choose_sheet(draft, found)
    if writes:
        _written(actor, draft, sheet, found, undoable)
    else:
        _read_only(draft, sheet, found)
    _findings(found)
    _documents(actor, draft, documents)
    _steps(actor, draft, found)


def _told() -> None:
    """What the last act had to say, once."""
    for each in st.session_state.pop("draft/refused", []):
        st.error(plain(problem(each)), icon=":material/error:")
    if strange := st.session_state.get("draft/strange"):
        st.warning(
            _("Not taken over:") + "\n" + "\n".join(f"- {plain(problem(each))}" for each in strange),
            icon=":material/warning:",
        )
        st.button(_("Seen"), on_click=lambda: st.session_state.pop("draft/strange", None), key="draft/strange-seen")


def _act(key: str, act: Callable[[Any], Any], then: Callable[[], None] | None = None) -> bool:
    """Do it, or keep what was refused to be said above."""
    try:
        with database().writing() as session:
            act(session)
    except Refused as refused:
        st.session_state[key] = list(refused.problems)
        return False
    st.session_state.pop(key, None)
    if then:
        then()
    return True


def _choose_sheet(draft: PlanDraft, found: Reading) -> Sheet:
    wrong = {each.where.partition(".")[0] for each in found.problems}
    names = {
        code: f"{say(sheet.name)}{_count(draft, code)}{' ⚠' if code in wrong else ''}" for code, sheet in SHEETS.items()
    }
    return SHEETS[choose_one(_("Table"), names, f"draft-{draft.id}/sheet", label_shown=False)]


def _count(draft: PlanDraft, code: str) -> str:
    count = len([row for row in draft.sheets.get(code, []) if row])
    return f" ({count})" if count and code != Sheet.ONE else ""


def _said(found: Reading, sheet: str) -> dict[tuple[int, str], str]:
    """What a check found in a sheet: (row, column) -> words."""
    said = {}
    for each in (*found.doubts, *found.problems):
        place = each.where.split(".")
        if place[0] == sheet and len(place) == 3:
            said[int(place[1]), place[2]] = problem(each)
    return said


def _written(actor: Actor, draft: PlanDraft, sheet: Sheet, found: Reading, undoable: bool) -> None:
    rows: list[Cells] = draft.sheets.get(sheet.code, [])
    said = _said(found, sheet.code)
    if sheet.code == Sheet.ONE:
        _fields(actor, draft, sheet, 0, rows[0] if rows else {}, said)
    else:
        view = choose_one(
            _("View"), {"table": _("Table"), "row": _("One row at a time")}, "draft/view", label_shown=False
        )
        if view == "table":
            _table(actor, draft, sheet, rows, said)
        else:
            _one_row(actor, draft, sheet, rows, said)
        _paste(actor, draft, sheet, rows)
    with st.container(horizontal=True):
        st.button(
            _("Undo"),
            icon=":material/undo:",
            disabled=not undoable,
            key="draft/undo",
            on_click=_act,
            args=("draft/refused", lambda s: drafts.undo_draft(s, actor, draft.id, draft.version), _turn),
        )
        st.link_button(
            _("Take it as Excel, with what the check found"),
            workbook_address(draft_id=draft.id),
            icon=":material/download:",
        )


def _turn() -> None:
    """Draw the tables anew from what is kept."""
    st.session_state["draft/turn"] = st.session_state.get("draft/turn", 0) + 1


def _save(actor: Actor, draft: PlanDraft, sheet: Sheet, rows: list[Cells]) -> bool:
    sheets = dict(draft.sheets) | {sheet.code: rows}
    return _act("draft/refused", lambda s: drafts.save_draft(s, actor, draft.id, draft.version, sheets))


def _table(actor: Actor, draft: PlanDraft, sheet: Sheet, rows: list[Cells], said: dict[tuple[int, str], str]) -> None:
    everything = st.toggle(_("Every column"), key=f"draft/everything-{sheet.code}")
    columns = columns_shown(sheet, everything)
    key = f"draft-{draft.id}/grid-{sheet.code}-{everything}-{st.session_state.get('draft/turn', 0)}"
    shown = [{name: as_chosen(column, row.get(name, "")) for name, column in columns.items()} for row in rows]
    for at, row in enumerate(shown):
        row[WRONG] = "; ".join(
            f"{say(sheet.columns[name].label)}: {words}" for (number, name), words in said.items() if number == at
        )
    frame = pandas.DataFrame(shown, columns=[*columns, WRONG], dtype="string").replace("", None)
    st.data_editor(
        frame,
        key=key,
        num_rows="dynamic",
        hide_index=True,
        height=min(40 + 36 * (len(rows) + 2), 560),
        on_change=_take,
        args=(key, actor, draft, sheet, columns),
        placeholder="",
        alt=say(sheet.name),
        column_config={name: _column(sheet, column, rows) for name, column in columns.items()}
        | {WRONG: st.column_config.TextColumn(_("To look at"), disabled=True, width="large")},
    )
    st.caption(_("Double-click a cell to write. A new row is begun at the foot of the table. All is kept at once."))


def _column(sheet: Sheet, column: Field[Any], rows: list[Cells]) -> Any:
    label = f"{say(column.label)} *" if column.required else say(column.label)
    told = say(column.help) if column.help else None
    width = "large" if is_long(column) or column.name == "name_vi" else "medium" if len(label) > 9 else "small"
    pinned = column.name in ("code", "activity")
    if isinstance(column, Choice):
        return st.column_config.SelectboxColumn(label, options=options_of(column, rows), help=told, width="medium")
    return st.column_config.TextColumn(label, help=told, width=width, pinned=pinned, max_chars=MOST_LETTERS)


def _take(key: str, actor: Actor, draft: PlanDraft, sheet: Sheet, columns: dict[str, Field[Any]]) -> None:
    """The grid's edits, kept before the page is drawn. Added and deleted rows are the grid's only until then."""
    edits = st.session_state.get(key) or {}
    saved = _save(actor, draft, sheet, with_edits(draft.sheets.get(sheet.code, []), edits, columns))
    if not saved or edits.get("added_rows") or edits.get("deleted_rows"):
        _turn()


def _one_row(actor: Actor, draft: PlanDraft, sheet: Sheet, rows: list[Cells], said: dict[tuple[int, str], str]) -> None:
    """One row with a field for each column: for a phone, and for who does not write in tables."""
    wrong = {number for number, _name in said}
    places = list(range(len(rows) + 1))
    chosen = f"draft-{draft.id}/row-{sheet.code}"
    at = min(st.session_state.get(chosen, 0), len(rows))

    def name(at: int) -> str:
        if at == len(rows):
            return _("A new row")
        row = rows[at]
        code = row.get("code") or row.get("activity") or ""
        return f"{at + 1}. {code} {row.get('name_vi', row.get('name', ''))}{' ⚠' if at in wrong else ''}"

    # A box knows its choice by its words: where these change as the row is written, another box keeps the same row.
    box = f"{chosen}-{zlib.crc32(repr([name(place) for place in places]).encode())}"
    st.selectbox(
        _("Row"),
        places,
        index=at,
        format_func=name,
        key=box,
        on_change=lambda: st.session_state.update({chosen: st.session_state[box]}),
    )
    _fields(actor, draft, sheet, at, rows[at] if at < len(rows) else {}, said)
    if at < len(rows):
        rest = [row for number, row in enumerate(rows) if number != at]
        st.button(
            _("Delete this row"),
            icon=":material/delete:",
            type="tertiary",
            key=f"draft/delete-{sheet.code}-{at}",
            on_click=lambda: (_save(actor, draft, sheet, rest), _turn()),
        )


def _fields(
    actor: Actor, draft: PlanDraft, sheet: Sheet, at: int, cells: Cells, said: dict[tuple[int, str], str]
) -> None:
    turn = st.session_state.get("draft/turn", 0)
    main, more = columns_shown(sheet, False), columns_shown(sheet, True)

    def field(name: str, column: Field[Any]) -> None:
        key = f"draft-{draft.id}/{sheet.code}-{at}-{name}-{turn}"
        label = f"{say(column.label)} *" if column.required else say(column.label)
        given: dict[str, Any] = {
            "key": key,
            "help": say(column.help) if column.help else None,
            "on_change": _take_field,
            "args": (key, actor, draft, sheet, at, name),
        }
        text = as_chosen(column, cells.get(name, ""))
        if isinstance(column, Choice):
            options = options_of(column, [cells])
            st.selectbox(label, options, index=options.index(text) if text else None, placeholder=_("Choose"), **given)
        elif is_long(column):
            st.text_area(label, value=text, max_chars=MOST_LETTERS, height=80, **given)
        else:
            st.text_input(label, value=text, max_chars=MOST_LETTERS, autocomplete="off", **given)
        if (at, name) in said:
            st.markdown(f":red[:material/error: {plain(said[at, name])}]")

    for name, column in main.items():
        field(name, column)
    others = {name: column for name, column in more.items() if name not in main}
    if others:
        hidden_wrong = any((at, name) in said for name in others)
        with st.expander(_("Notes, the document's own words, English"), expanded=hidden_wrong):
            for name, column in others.items():
                field(name, column)


def _take_field(key: str, actor: Actor, draft: PlanDraft, sheet: Sheet, at: int, name: str) -> None:
    rows = [dict(row) for row in draft.sheets.get(sheet.code, [])]
    while len(rows) <= at:
        rows.append({})
    text = st.session_state.get(key)
    rows[at].pop(name, None)
    if text:
        rows[at][name] = text
    _save(actor, draft, sheet, rows)


def _paste(actor: Actor, draft: PlanDraft, sheet: Sheet, rows: list[Cells]) -> None:
    with st.expander(_("Paste rows from Excel, or read a workbook anew"), icon=":material/content_paste:"):
        columns = columns_shown(sheet, False)
        order = ", ".join(say(column.label) for column in columns.values())
        st.caption(plain(_("With a row of column names, or in this order: {order}.", order=order)))
        key = f"draft-{draft.id}/paste-{sheet.code}-{st.session_state.get('draft/turn', 0)}"
        st.text_area(_("Rows copied from Excel"), key=key, height=120, max_chars=MOST_PASTED)
        st.button(
            _("Add these rows"),
            icon=":material/playlist_add:",
            key=f"draft/add-{sheet.code}",
            on_click=_press_paste,
            args=(key, actor, draft, sheet, rows),
        )
        file_key = f"draft-{draft.id}/file"
        choose_file(_("A workbook in place of everything here"), file_key, ".xlsx", MOST_BYTES, as_bytes=True)
        if chosen_file(file_key):
            st.button(
                _("Take the workbook in place of all tables"),
                key="draft/take-workbook",
                on_click=_press_workbook,
                args=(file_key, actor, draft),
            )


def _press_paste(key: str, actor: Actor, draft: PlanDraft, sheet: Sheet, rows: list[Cells]) -> None:
    new, strange = pasted(sheet, st.session_state.get(key, ""), columns_shown(sheet, False))
    if not new:
        st.session_state["draft/refused"] = [*strange, Problem("", Say.NOTHING_PASTED)]
        return
    if _save(actor, draft, sheet, [*rows, *new]):
        st.session_state["draft/strange"] = strange
        st.session_state["plans/said"] = _n("{count} row was added.", "{count} rows were added.", len(new))
        _turn()


def _press_workbook(key: str, actor: Actor, draft: PlanDraft) -> None:
    file = chosen_file(key)
    if file is None:
        return
    try:
        read = read_workbook(file.content, file.name)
    except Refused as refused:
        st.session_state["draft/refused"] = list(refused.problems)
        return
    if _act("draft/refused", lambda s: drafts.save_draft(s, actor, draft.id, draft.version, read.sheets)):
        st.session_state["draft/strange"] = list(read.strange)
        forget_file(key)
        _turn()


def _read_only(draft: PlanDraft, sheet: Sheet, found: Reading) -> None:
    rows: list[Cells] = draft.sheets.get(sheet.code, [])
    columns = {
        name: column for name, column in columns_shown(sheet, True).items() if any(row.get(name) for row in rows)
    }
    if not columns:
        st.caption(_("Nothing here."))
    elif sheet.code == Sheet.ONE:
        for name, column in columns.items():
            st.markdown(f"**{plain(say(column.label))}**: {plain(as_chosen(column, rows[0][name]))}")
    else:
        shown = [
            {say(column.label): as_chosen(column, row.get(name, "")) for name, column in columns.items()}
            for row in rows
        ]
        st.dataframe(pandas.DataFrame(shown), hide_index=True, alt=say(sheet.name))
    st.link_button(_("Take it as Excel"), workbook_address(draft_id=draft.id), icon=":material/download:")


def _findings(found: Reading) -> None:
    """Everything that the check found, by place."""
    if not found.problems and not found.doubts:
        st.success(_("The check found nothing. The plan can be submitted and issued."), icon=":material/check_circle:")
        return
    if found.problems:
        count = len(found.problems)
        said = _n(
            "{count} point must be set right before it can be issued:",
            "{count} points must be set right before it can be issued:",
            count,
        )
        st.error(f"{said}\n{_listed(found.problems)}", icon=":material/error:")
    if found.doubts:
        said = _n(
            "{count} point to look at again; it may still be what the document says:",
            "{count} points to look at again; they may still be what the document says:",
            len(found.doubts),
        )
        st.warning(f"{said}\n{_listed(found.doubts)}", icon=":material/visibility:")


def _listed(problems: tuple[Problem, ...]) -> str:
    lines = [f"- {plain(_place(each))}: {plain(problem(each))}" for each in problems[:MOST_SAID]]
    if len(problems) > MOST_SAID:
        lines.append("- " + _("and {count} more", count=len(problems) - MOST_SAID))
    return "\n".join(lines)


def _place(each: Problem) -> str:
    """ "Hoạt động, chỉ tiêu, dòng 4, Số lượng": where a cell is."""
    sheet, *rest = each.where.split(".")
    if sheet not in SHEETS:
        return _("Plan")
    words = [say(SHEETS[sheet].name)]
    if len(rest) == 2:
        if sheet != Sheet.ONE:
            words.append(_("row {number}", number=int(rest[0]) + 1))
        if rest[1] in SHEETS[sheet].columns:
            words.append(say(SHEETS[sheet].columns[rest[1]].label))
    return ", ".join(words)


def _documents(actor: Actor, draft: PlanDraft, documents: list[DocumentHead]) -> None:
    st.subheader(_("The document itself"), anchor=False)
    under_way = draft.status in (DraftStatus.DRAFT, DraftStatus.SUBMITTED)
    if not documents:
        st.caption(_("Keep the signed document (PDF or Word) beside the plan, so that figures can be held against it."))
    for each in documents:
        with st.container(horizontal=True, vertical_alignment="center", key=f"document-{each.id}"):
            st.link_button(each.name, f"{DOCUMENT}?id={each.id}", icon=":material/description:")
            if under_way and actor.may(Act.WRITE_PLAN):
                st.button(
                    _("Take away"),
                    type="tertiary",
                    key=f"draft/remove-{each.id}",
                    on_click=_act,
                    args=("draft/refused", lambda s, i=each.id: drafts.remove_document(s, actor, i)),
                )
    if under_way and actor.may(Act.WRITE_PLAN):
        key = f"draft-{draft.id}/document"
        choose_file(
            _("PDF or Word (.docx), at most {most} MB", most=drafts.MOST_DOCUMENT_BYTES // 1_000_000),
            key,
            ".pdf,.docx",
            drafts.MOST_DOCUMENT_BYTES,
            as_bytes=True,
        )
        if file := chosen_file(key):
            st.button(
                _("Keep it beside the plan"),
                key="draft/attach",
                on_click=_act,
                args=(
                    "draft/refused",
                    lambda s: drafts.attach_document(s, actor, draft.id, file.name, file.content),
                    lambda: forget_file(key),
                ),
            )


def _steps(actor: Actor, draft: PlanDraft, found: Reading) -> None:
    """What comes next, and who can do it."""
    status = DraftStatus(draft.status)
    if actor.may(Act.WRITE_PLAN) and status in (DraftStatus.DRAFT, DraftStatus.SUBMITTED):
        with st.container(horizontal=True):
            if status is DraftStatus.DRAFT:
                st.button(
                    _("Submit to the leaders"),
                    type=main_button(),
                    icon=":material/send:",
                    disabled=bool(found.problems),
                    key="draft/submit",
                    on_click=_act,
                    args=("draft/refused", lambda s: drafts.submit_draft(s, actor, draft.id, draft.version)),
                )
            else:
                st.button(
                    _("Take back to change it"),
                    icon=":material/undo:",
                    key="draft/take-back",
                    on_click=_act,
                    args=("draft/refused", lambda s: drafts.take_back_draft(s, actor, draft.id, draft.version), _turn),
                )
            with st.popover(_("Discard the draft")):
                st.markdown(plain(_("It leaves this list for good.")))
                st.button(
                    _("Discard it"),
                    key="draft/discard",
                    on_click=_act,
                    args=(
                        "draft/refused",
                        lambda s: drafts.discard_draft(s, actor, draft.id, draft.version),
                        lambda: ask(draft=None),
                    ),
                )
    if status is DraftStatus.SUBMITTED and not actor.may(Act.ISSUE_PLAN):
        st.info(_("Next: a leader opens this page and issues the plan with number and day."), icon=":material/info:")
    if status is DraftStatus.SUBMITTED and actor.may(Act.ISSUE_PLAN):
        _issue(actor, draft, found)


def _issue(actor: Actor, draft: PlanDraft, found: Reading) -> None:
    st.subheader(_("Issue the plan"), anchor=False)
    head = next(iter(draft.sheets.get("plan", [])), {})
    key = f"draft-{draft.id}/issue"
    problems: list[Problem] = st.session_state.get(f"{key}/problems", [])
    st.text_input(
        _("Number of the document"),
        value=head.get("document_number", ""),
        key=f"{key}/number",
        max_chars=80,
        autocomplete="off",
    )
    _wrong(problems, "number")
    st.date_input(_("Day of the document"), value=None, format="DD/MM/YYYY", key=f"{key}/day")
    _wrong(problems, "day")
    if found.doubts:
        st.checkbox(_("I have looked at the points above; the figures are those of the document"), key=f"{key}/sure")
    for each in problems:
        if each.where not in ("number", "day"):
            st.error(plain(f"{_place(each)}: {problem(each)}"), icon=":material/error:")
    st.button(
        _("Issue the plan"),
        type=main_button(),
        icon=":material/verified:",
        key=f"{key}/press",
        on_click=_press_issue,
        args=(actor, draft, key),
    )


def _wrong(problems: list[Problem], where: str) -> None:
    for each in problems:
        if each.where == where:
            st.markdown(f":red[:material/error: {plain(problem(each))}]")


def _press_issue(actor: Actor, draft: PlanDraft, key: str) -> None:
    number, day = st.session_state.get(f"{key}/number", ""), st.session_state.get(f"{key}/day")
    sure = bool(st.session_state.get(f"{key}/sure"))
    done = _act(f"{key}/problems", lambda s: drafts.issue(s, actor, draft.id, draft.version, number, day, sure))
    if done:
        st.session_state["plans/said"] = _("The plan is issued and in force.")
        ask(draft=None)
