"""A small form: what was wrong stays beside its field until the next press, and is gone when it went well."""

from contextlib import contextmanager

from streamlit.testing.v1 import AppTest

from dashboard.i18n.words import speak
from dashboard.ui import small_form
from data_model.core.problems import Problem, Refused, Say


@contextmanager
def _session():
    yield None


def _page() -> None:
    from functools import partial

    import streamlit as st

    from dashboard.ui.small_form import attempt, show_problems
    from tests.dashboard.ui import test_small_form as here

    send = partial(attempt, said="form/said")
    st.text_input("word", key="word")
    show_problems("form", "word", all_but=("word", "day"))
    st.button("send", on_click=send, args=("form", lambda session: here.act(st.session_state["word"])))
    st.caption(st.session_state.get("form/said", ""))


def act(word: str) -> None:
    if not word:
        raise Refused([Problem("word", Say.REQUIRED), Problem("day", Say.REQUIRED), Problem("", Say.NOT_FOUND)])


def test_problems_stand_until_it_went_well(monkeypatch):
    speak("vi")
    monkeypatch.setattr(small_form, "database", lambda: type("", (), {"writing": staticmethod(_session)}))
    page = AppTest.from_function(_page).run()
    assert not page.markdown and not page.exception
    page.button[0].click().run()
    # The day's own problem is shown at the day, that of the whole with the word.
    assert len(page.markdown) == 2 and page.caption[0].value == ""
    page.text_input[0].input("xong").run().button[0].click().run()
    assert not page.markdown and page.caption[0].value != ""
