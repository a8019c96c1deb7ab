"""Adding a whole list of people from Excel: the template, the check of every row, and their one-time links."""

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from dashboard.i18n.words import _, _n, plain, problem, say
from dashboard.server.database import database
from dashboard.ui.frame import main_button
from dashboard.ui.one_file import choose_file, chosen_file, forget_file
from dashboard.ui.sheet_reading import MOST_BYTES, below_head, read_pages
from dashboard.ui.workbook import head_format, opened
from data_model.accounts.people_list import MOST_PEOPLE, PersonRow, add_people
from data_model.core.access import Actor
from data_model.core.label import Label
from data_model.core.problems import Problem, Refused, Say
from data_model.forms.fields import Choice
from data_model.planning.new_plan import units_to_give
from data_model.units.tables import Unit

TEMPLATE = "/tai-mau-nguoi"
FILE = "people/file"
PAGE = Label("Danh sách người", "People")
LISTS = Label("Danh mục", "Lists")


def people_template(units: list[Unit]) -> bytes:
    """The workbook to fill in: a row for each person, roles to choose from, and the communes that can be given."""
    content = BytesIO()
    with opened(content, in_memory=True) as book:
        head, text = head_format(book), book.add_format({"num_format": "@", "text_wrap": True})
        page = book.add_worksheet(say(PAGE))
        page.freeze_panes(1, 0)
        for place, column in enumerate(PersonRow.fields.values()):
            page.write_string(0, place, f"{say(column.label)} *" if column.required else say(column.label), head)
            page.set_column(place, place, 34 if place else 18, text)
            if column.help:
                page.write_comment(0, place, say(column.help), {"x_scale": 2})
            if isinstance(column, Choice):
                names = [say(label) for label in column.options.values()]
                page.data_validation(1, place, MOST_PEOPLE, place, {"validate": "list", "source": names})
        lists = book.add_worksheet(say(LISTS))
        lists.set_column(0, 1, 34, text)
        for row, unit in enumerate(units):
            lists.write_string(row, 0, unit.code)
            lists.write_string(row, 1, unit.full_name)
    return content.getvalue()


def read_people(content: bytes, name: str) -> tuple[list[dict[str, str]], list[Problem]]:
    """The rows of the first sheet that is no list of ours, and what in it belongs to no column. Raises Refused."""
    pages = read_pages(content, name, MOST_PEOPLE)
    strange: list[Problem] = []
    for page_name, rows in pages.items():
        if page_name not in LISTS:
            return below_head(PersonRow.fields, rows, strange, "file", PAGE), strange
    return [], strange


def draw_people(actor: Actor) -> None:
    """Choose the filled-in list; every fault of every row is said, and nobody is added until there is none."""
    _links()
    with st.expander(_("Add a list of people from Excel"), icon=":material/group_add:"):
        st.link_button(_("Take the template"), TEMPLATE, icon=":material/download:")
        choose_file(_("The list, filled in (at most {most} people)", most=MOST_PEOPLE), FILE, ".xlsx", MOST_BYTES, True)
        problems: list[Problem] = st.session_state.get("people/problems", [])
        if problems:
            st.error(
                _("Nobody was added. Set these right and choose the file again:") + "\n" + _listed(problems),
                icon=":material/error:",
            )
        st.button(
            _("Add everybody and make the links"), type=main_button(), key="people/add", on_click=_press, args=(actor,)
        )


def _listed(problems: list[Problem]) -> str:
    return "\n".join(f"- {plain(_where(each))}{plain(problem(each))}" for each in problems)


def _where(each: Problem) -> str:
    number, _dot, name = each.where.partition(".")
    if not number.isdigit():
        return ""
    column = PersonRow.fields.get(name)
    words = _("row {number}", number=int(number) + 1)
    return f"{words}, {say(column.label)}: " if column else f"{words}: "


def _press(actor: Actor) -> None:
    file = chosen_file(FILE)
    if file is None:
        st.session_state["people/problems"] = [Problem("file", Say.REQUIRED)]
        return
    try:
        rows, strange = read_people(file.content, file.name)
        if strange:
            raise Refused(strange)
        with database().writing() as session:
            added = add_people(session, actor, rows, units_to_give(session))
            links = [(account.display_name, account.name, f"/link/{token}") for account, token in added]
    except Refused as refused:
        st.session_state["people/problems"] = list(refused.problems)
        return
    st.session_state.pop("people/problems", None)
    st.session_state["people/links"] = links
    forget_file(FILE)


def _links() -> None:
    links: list[tuple[Any, ...]] = st.session_state.get("people/links", [])
    if not links:
        return
    here = urlsplit(st.context.url or "")
    st.success(
        _n(
            "{count} person was added. Give each person only their own link; it works once, within 3 days:",
            "{count} people were added. Give each person only their own link; it works once, within 3 days:",
            len(links),
        ),
        icon=":material/key:",
    )
    lines = [f"{shown}\t{name}\t{here.scheme}://{here.netloc}{path}" for shown, name, path in links]
    st.code("\n".join(lines), language=None, wrap_lines=True)
    st.button(_("Done, hide the links"), on_click=lambda: st.session_state.pop("people/links", None))
