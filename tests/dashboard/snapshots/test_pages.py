"""What the quarter's pages draw of a frozen content, how texts typed beside it survive, and who gets its files."""

import zipfile
from dataclasses import replace
from datetime import date
from fractions import Fraction
from io import BytesIO

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.i18n.words import kept_figure, percent
from dashboard.progress.colouring import by_mean
from dashboard.progress.headline import headline_html, nothing_behind
from dashboard.records import decide
from dashboard.server import database as store
from dashboard.snapshots import figure_tables, files, year_chart
from dashboard.snapshots.frozen_progress import as_progress
from dashboard.snapshots.period_tabs import period_name
from dashboard.ui.status_look import SNAPSHOT_LOOKS, word
from data_model.core.label import Label
from data_model.core.problems import Refused
from data_model.counting.by_other_units import in_units_of
from data_model.counting.rules import Pair, TargetStatus
from data_model.periods.periods import Period
from data_model.periods.tables import SnapshotStatus
from data_model.progress.figures import plan_progress
from data_model.records.tables import FieldRecord
from data_model.records.writing import send
from data_model.review.decisions import verify
from data_model.snapshots.approval import Step, save_texts, take
from data_model.snapshots.content import SnapshotContent
from data_model.snapshots.freezing import freeze
from data_model.snapshots.reading import Head, Texts, open_snapshot
from tests.conftest import ON_SQLITE, PHO_VINH, Town
from tests.dashboard.report_content import quarter

NASTY = "<b onmouseover=alert(1)>& *chữ*"


@pytest.fixture
def frozen(town: Town, dialogue, monkeypatch) -> Head:
    """The third quarter of Đức Phổ with one dialogue, frozen by the officer; the pages read the same database."""
    with town.writing() as session:
        send(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue(held_on="2024-08-10")))
    with town.database.writing(one_moment=True) as session:
        head = freeze(session, town.people.officer, town.plan().id, Period.Q3)
    store.database.cache_clear()
    monkeypatch.setattr(store, "Database", lambda: town.database)
    yield head
    store.database.cache_clear()


def cells(html: str, name: str) -> str:
    """The row of a table that names `name`."""
    return next(line for line in html.split("<tr") if name in line)


def test_the_figures_drawn_are_the_frozen_ones():
    content = quarter()
    progress = as_progress(content)
    assert [(t.need, t.done, t.status) for t in progress.targets] == [
        (t.need, t.done, t.status) for t in content.targets
    ]
    assert [progress.units[u.id].mean for u in progress.plan.units] == [u.mean for u in content.units]
    assert percent(content.mean) in headline_html(progress)
    # A commune without a numbered target is neutral, never 0 %.
    shades = by_mean(progress)
    assert [shades[u.id].neutral for u in progress.plan.units] == [u.mean is None for u in content.units]


@pytest.mark.parametrize("status", TargetStatus)
def test_a_status_that_came_into_the_program_later_stands_in_no_old_headline(status):
    content = quarter()
    old = replace(content, headline={known: count for known, count in content.headline.items() if known is not status})
    progress = as_progress(SnapshotContent.read(old.canonical()))
    assert f"{word(status)}: <strong>" not in headline_html(progress)
    assert nothing_behind(progress)


def test_a_target_without_a_number_has_a_dash_and_no_percentage():
    content = quarter()
    without = next(t for t in content.targets if t.need is None and not t.is_measured)
    shown = cells(figure_tables.targets(content), f">{without.name.vi}")
    assert "không giao số" in shown
    assert " %" not in shown


def test_reported_stands_beside_verified_only_where_it_differs():
    content = quarter(targets=1)
    same = replace(
        content, targets=tuple(replace(t, done=Pair(3, 3), done_in_period=Pair(1, 1)) for t in content.targets)
    )
    assert "báo cáo 2" in figure_tables.targets(content)
    assert "báo cáo" not in figure_tables.targets(same)


def test_not_collected_is_told_apart_from_nobody_came():
    shown = cells(figure_tables.attendance(quarter()), "Việc số 0")
    assert "không thu thập" in shown
    assert ">0<" in shown


@pytest.mark.parametrize(
    "draw",
    [
        figure_tables.targets,
        lambda c: figure_tables.recommendations(c, 0, 50),
        lambda c: figure_tables.unmet(c, 0, 50),
    ],
)
def test_what_people_typed_cannot_act_in_a_table(draw):
    content = quarter(names=(NASTY,), typed=NASTY)
    html = draw(replace(content, targets=tuple(replace(t, name=Label(NASTY, NASTY)) for t in content.targets)))
    assert "<b onmouseover" not in html
    assert "&lt;b onmouseover" in html


def test_long_lists_are_shown_in_pages():
    content = quarter()
    assert figure_tables.unmet(content, 0, 1).count("<tr") == figure_tables.unmet(content, 1, 1).count("<tr") == 2
    assert figure_tables.unmet(content, 0, 1) != figure_tables.unmet(content, 1, 1)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("421600000 (28/06/2024)", "421.600.000 (28/06/2024)"),
        ("985/10 (01/07/2024)", "98,5 (01/07/2024)"),
        ("", "–"),
        ("– (01/07/2024)", "– (01/07/2024)"),
    ],
)
def test_kept_digits_are_written_as_people_write_them(kept, said):
    assert kept_figure(kept) == said


def test_a_forecast_begins_where_the_figures_end_and_says_what_it_is():
    line = year_chart.lines_of(quarter())["mean"]
    assert line.reached == (Fraction(1, 7), Fraction(1, 3), Fraction(11, 21), None)
    assert line.forecast == (None, None, Fraction(11, 21), Fraction(5, 7))
    ahead, known = year_chart.draw(line, "#000000").data
    assert (ahead.line.dash, known.line.dash) == ("dash", None)
    assert "dự báo" in ahead.name.lower()
    assert "dự báo" in ahead.text[-1]
    assert "dự báo" not in "".join(text or "" for text in known.text)


def test_a_plan_without_numbers_has_no_forecast_of_a_mean():
    lines = year_chart.lines_of(quarter(numbers=False))
    assert "mean" not in lines
    assert lines["paid"].at_end is None


def test_statuses_of_a_snapshot_differ_in_shape_too():
    assert set(SNAPSHOT_LOOKS) == set(SnapshotStatus)
    assert len({look.shape for look in SNAPSHOT_LOOKS.values()}) == len(SNAPSHOT_LOOKS)


@pytest.mark.parametrize(
    ("period", "said"),
    [(Period.Q3, "Quý III năm 2024"), (Period.H1, "6 tháng đầu năm 2024"), (Period.YEAR, "Cả năm 2024")],
)
def test_a_period_is_named_as_officers_name_it(period, said):
    assert period_name(period, 2024) == said


@ON_SQLITE
@pytest.mark.parametrize("form", files.FORMATS, ids=lambda form: form.code)
def test_every_file_is_made_with_its_steps_told(town: Town, frozen: Head, form):
    told = []
    made = files.make_file(town.people.leader, frozen.id, form, lambda step, of: told.append((step, of)))
    assert made.startswith({"word": b"PK", "excel": b"PK", "pdf": b"%PDF", "picture": b"\x89PNG"}[form.code])
    if form.ending in ("docx", "xlsx"):
        assert zipfile.ZipFile(BytesIO(made)).testzip() is None
    assert [step for step, _of in told] == sorted({step for step, _of in told})
    assert told[-1][0] <= told[-1][1]


@ON_SQLITE
def test_who_may_not_read_snapshots_gets_no_file(town: Town, frozen: Head):
    with pytest.raises(Refused):
        files.make_file(town.people.supervisor, frozen.id, files.FORMATS[1], lambda step, of: None)


@ON_SQLITE
def test_a_file_is_kept_for_one_person_and_one_state(town: Town, frozen: Head):
    word = files.FORMATS[0]
    with town.reading() as session:
        settings = files.report_settings(session, town.people.leader, frozen.plan_id)
    wanted = files.Wanted(frozen, "duc_pho_2024", settings)
    others = [
        wanted.key(town.people.officer, word),
        wanted.key(town.people.leader, files.FORMATS[1]),
        replace(wanted, head=replace(frozen, row_version=2)).key(town.people.leader, word),
        replace(wanted, settings=replace(settings, signer_name="Người ký")).key(town.people.leader, word),
    ]
    assert wanted.key(town.people.leader, word) not in others


@ON_SQLITE
def test_a_frozen_quarter_by_todays_units_counts_everything_once(town: Town, frozen: Head):
    with town.reading() as session:
        then = as_progress(open_snapshot(session, town.people.leader, frozen.id).content)
        now = in_units_of(session, then, date(2025, 8, 1))
    assert (len(then.plan.units), len(now.progress.plan.units)) == (15, 5)
    assert sorted(name for names in now.took.values() for name in names) == sorted(
        unit.full_name for unit in then.plan.units
    )
    for before, after in zip(then.targets, now.progress.targets, strict=True):
        for figure in (lambda cell: cell.need or 0, lambda cell: cell.done.reported, lambda cell: cell.happened):
            assert sum(map(figure, before.cells.values())) == sum(map(figure, after.cells.values()))


@ON_SQLITE
def test_a_frozen_commune_lacks_what_it_lacked_on_that_day(town: Town, frozen: Head, dialogue):
    with town.writing() as session:
        held = send(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue(held_on="2024-05-10")))
        verify(session, town.people.leader, held.id, held.version)
    with town.database.writing(one_moment=True) as session:
        head = freeze(session, town.people.officer, town.plan().id, Period.H1)
    with town.reading() as session:
        then = as_progress(open_snapshot(session, town.people.leader, head.id).content)
        day = plan_progress(session, town.people.leader, head.plan_id, head.ends_on)
    of_then, of_day = ([[t.line.code for t in one.lacking(unit.id)] for unit in one.plan.units] for one in (then, day))
    assert of_then == of_day
    assert len({len(codes) for codes in of_then}) > 1, "one commune lacks less than the others"


def texts_page(actor, snapshot_id):
    """The page of the texts, as a script that knows nothing of this file."""
    from dashboard.server.database import database
    from dashboard.snapshots import texts as snapshot_texts
    from data_model.snapshots.reading import open_snapshot as opening

    with database().reading() as session:
        opened = opening(session, actor, snapshot_id)
    snapshot_texts.draw(actor, opened)


@pytest.fixture
def texts(town: Town, frozen: Head) -> AppTest:
    return AppTest.from_function(texts_page, args=(town.people.officer, frozen.id), default_timeout=30).run()


def saved(town: Town, frozen: Head) -> Texts:
    with town.reading() as session:
        return open_snapshot(session, town.people.officer, frozen.id).texts


@ON_SQLITE
def test_texts_are_saved_by_the_button_alone(town: Town, frozen: Head, texts: AppTest):
    texts.text_area[0].set_value("Mưa lũ").run()
    assert saved(town, frozen).difficulties == ""
    press(texts, "Lưu thuyết minh")
    assert saved(town, frozen).difficulties == "Mưa lũ"


@ON_SQLITE
def test_texts_of_two_people_are_both_shown_and_none_is_lost(town: Town, frozen: Head, texts: AppTest):
    texts.text_area[0].set_value("của tôi").run()
    with town.writing() as session:
        save_texts(
            session, town.people.leader, frozen.id, Texts("của lãnh đạo", "đề xuất của lãnh đạo"), frozen.row_version
        )
    press(texts, "Lưu thuyết minh")
    assert saved(town, frozen).difficulties == "của lãnh đạo"
    shown = " ".join(one.value for one in texts.markdown)
    assert "của tôi" in shown
    assert "của lãnh đạo" in shown
    press(texts, "Lưu đè phần của tôi")
    # Only what was typed here goes over the other's text.
    assert (saved(town, frozen).difficulties, saved(town, frozen).proposals) == ("của tôi", "đề xuất của lãnh đạo")


@ON_SQLITE
def test_a_text_that_is_too_long_says_so_at_its_field(town: Town, frozen: Head, texts: AppTest):
    texts.text_area[1].set_value("x" * 10_001).run()
    press(texts, "Lưu thuyết minh")
    assert [one.value for one in texts.error] == ["Nhiều nhất 10.000 ký tự; đang có 10.001."]
    assert saved(town, frozen).proposals == ""
    assert len(texts.text_area[1].value) == 10_001


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def late_page(actor, plan):
    """The list of late entries, as a script that knows nothing of this file."""
    from dashboard.snapshots import late_tabs

    late_tabs.late(actor, plan)


@ON_SQLITE
def test_a_late_entry_is_accepted_only_in_the_version_that_was_seen(town: Town, frozen: Head, dialogue, monkeypatch):
    """The author sends it again between the leader's look and the leader's press: what they have not seen is not
    accepted.
    """
    # How long it must be in view is the button's own matter, and tested there; here it is pressed at once.
    monkeypatch.setattr(
        decide,
        "seen_button",
        lambda key, about, act, on_press, **more: st.button(act, key=key, on_click=on_press, args=("đã đối chiếu",)),
    )
    head = frozen
    for step, actor in (
        (Step.SUBMIT, town.people.officer),
        (Step.APPROVE, town.people.leader),
        (Step.ISSUE, town.people.leader),
    ):
        with town.writing() as session:
            head = take(session, actor, head.id, step, head.row_version)
    entry = town.entry("DP-11", PHO_VINH, dialogue(held_on="2024-09-02"))
    with town.writing() as session:
        send(session, town.people.supervisor, entry)
    page = AppTest.from_function(late_page, args=(town.people.leader, town.plan()), default_timeout=30).run()
    with town.writing() as session:
        send(session, town.people.supervisor, replace(entry, answers=dialogue(held_on="2024-09-03"), seen_version=1))
    press(page, "Chấp nhận")
    assert any("Giám sát cụm Đông" in one.value for one in page.error)
    with town.reading() as session:
        assert session.get(FieldRecord, entry.id).status == "sent"
    press(page, "Chấp nhận")
    with town.reading() as session:
        assert session.get(FieldRecord, entry.id).status == "verified"
