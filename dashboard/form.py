"""A record kind's form, drawn from its declaration and nothing else.

Every widget's key is the record's UUID and the field's path, so that what was typed stays
through refusals, added rows and reruns. `typed` reads the whole form back as raw answers.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboard.words import _, plain, problem, say
from data_model import fields as ask
from data_model.problems import Problem, Refused

SHORT = (ask.Whole, ask.Number, ask.Day, ask.Clock)
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)


class FormDrawing:
    """One drawing of a form: where its widgets' values start, how many rows it has, what is wrong with them."""

    def __init__(self, key: str, answers: Mapping[str, Any], rows: dict[str, int], problems: Mapping[str, Problem]):
        self.key, self.answers, self.rows, self.problems = key, answers, rows, dict(problems)

    def draw(self, form: type[ask.Form], add_row) -> None:
        """All fields of `form`, sections as they are declared. `add_row(field_name)` is called by the "add" buttons."""
        section = None
        for group in _in_groups(form):
            if group[0].section != section:
                section = group[0].section
                if section:
                    st.subheader(plain(say(section)), anchor=False, divider="gray")
            if isinstance(group[0], ask.Attendance):
                self._attendance(group[0])
            elif isinstance(group[0], ask.Rows):
                self._rows(group[0], add_row)
            elif isinstance(group[0], ask.Checklist):
                self._checklist(group[0])
            else:
                self._line(group, self.answers, "")

    def _line(self, group: list[ask.Field], answers: Mapping[str, Any], inside: str) -> None:
        places = st.columns(len(group)) if len(group) > 1 else [st.container()]
        for each, place in zip(group, places, strict=True):
            with place:
                self._widget(each, answers.get(each.name), f"{inside}{each.name}")

    def _widget(self, each: ask.Field, stored: Any, path: str) -> None:
        # Declared labels are ours: as they are, since a screen reader reads them letter by letter.
        label = say(each.label) + (" *" if each.required else "")
        common = {"label": label, "key": f"{self.key}/{path}", "help": say(each.help) if each.help else None}
        if isinstance(each, ask.Day):
            st.date_input(value=_read(each, stored), format="DD/MM/YYYY", min_value=FIRST_DAY, max_value=LAST_DAY, **common)
        elif isinstance(each, ask.Clock):
            st.time_input(value=_read(each, stored), step=300, **common)
        elif isinstance(each, ask.Choice):
            options = list(each.options)
            draw = st.segmented_control if len(options) <= 4 else st.selectbox
            chosen = stored if stored in options else None
            start = {"default": chosen} if draw is st.segmented_control else {
                "index": options.index(chosen) if chosen else None, "placeholder": _("Choose")}
            draw(options=options, format_func=lambda code: say(each.options[code]), **start, **common)
        elif isinstance(each, ask.LongText):
            st.text_area(value=_text(stored), height=110, **common)
        else:
            # "phone" brings a tablet's digit keys; its own icon and example are replaced.
            digits = {"type": "phone", "icon": ":material/tag:", "placeholder": " "} if isinstance(each, ask.Whole | ask.Number) else {}
            st.text_input(value=_text(stored), autocomplete="off", **digits, **common)
        self._wrong(path)

    def _wrong(self, path: str) -> None:
        one = self.problems.pop(path, None)
        if one:
            st.markdown(f":red[:material/error: {plain(problem(one))}]")

    def _attendance(self, each: ask.Attendance) -> None:
        st.markdown(f"**{plain(say(each.label))}**")
        st.caption(_("Leave empty what was not counted: empty is not zero."))
        people = self.answers.get(each.name) or {}
        parts = list(ask.People.fields.values())
        for group in ([parts[0], parts[1]], parts[2:5], parts[5:]):
            self._line(group, people, f"{each.name}.")
        self._wrong(each.name)

    def _checklist(self, each: ask.Checklist) -> None:
        st.markdown(f"**{plain(say(each.label))}**")
        marked = self.answers.get(each.name) or {}
        for item, label in each.items.items():
            st.segmented_control(
                say(label), list(each.marks), default=marked.get(item) if marked.get(item) in each.marks else None,
                format_func=lambda mark: say(each.marks[mark]), key=f"{self.key}/{each.name}.{item}",
            )
            self._wrong(f"{each.name}.{item}")

    def _rows(self, each: ask.Rows, add_row) -> None:
        st.markdown(f"**{plain(say(each.label))}**", help=say(each.help) if each.help else None)
        stored = self.answers.get(each.name) or []
        for number in range(self.rows[each.name]):
            with st.container(border=True):
                answers = stored[number] if number < len(stored) and isinstance(stored[number], Mapping) else {}
                for group in _in_groups(each.of):
                    self._line(group, answers, f"{each.name}.{number}.")
        self._wrong(each.name)
        st.form_submit_button(
            say(each.add) if each.add else _("Add a row"), icon=":material/add:", key=f"{self.key}/{each.name}.add",
            on_click=add_row, args=(each.name,),
        )

    def rest(self) -> list[Problem]:
        """Problems that no drawn field has shown."""
        return list(self.problems.values())


def row_counts(form: type[ask.Form], answers: Mapping[str, Any]) -> dict[str, int]:
    """How many rows of each list are shown at first: those that were filled, one where none was."""
    lists = [f for f in form.fields.values() if isinstance(f, ask.Rows)]
    return {f.name: max(1, len(answers.get(f.name) or [])) for f in lists}


def typed(form: type[ask.Form], key: str, rows: Mapping[str, int]) -> dict[str, Any]:
    """Everything in the form's widgets now, as raw answers."""
    def one(path: str) -> Any:
        return st.session_state.get(f"{key}/{path}")

    answers: dict[str, Any] = {}
    for name, each in form.fields.items():
        if isinstance(each, ask.Attendance):
            answers[name] = {part: one(f"{name}.{part}") for part in ask.People.fields}
        elif isinstance(each, ask.Checklist):
            answers[name] = {item: one(f"{name}.{item}") for item in each.items if one(f"{name}.{item}")}
        elif isinstance(each, ask.Rows):
            answers[name] = [{n: one(f"{name}.{number}.{n}") for n in each.of.fields} for number in range(rows[name])]
        else:
            answers[name] = one(name)
    return answers


def _in_groups(form: type[ask.Form]) -> Iterator[list[ask.Field]]:
    """Fields in order; short ones of one section stand together, at most three in a line."""
    group: list[ask.Field] = []
    for each in form.fields.values():
        joins = group and isinstance(each, SHORT) and isinstance(group[-1], SHORT) and group[-1].section == each.section
        if group and not (joins and len(group) < 3):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _read(each: ask.Field, stored: Any) -> Any:
    """A stored answer as the widget's value; None where it cannot be read."""
    try:
        return each.clean(stored)
    except Refused:
        return None


def _text(stored: Any) -> str:
    return "" if stored is None else str(stored)
