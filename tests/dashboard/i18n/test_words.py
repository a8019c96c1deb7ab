"""Every text of the interface has its Vietnamese, once, with the same figures in it."""

import ast
import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from dashboard.i18n import words
from data_model.core.problems import Problem, Say
from tests.data_model.test_architecture import ROOMS

DASHBOARD = Path(words.__file__).parents[1]
CATALOGUES = DASHBOARD / "i18n" / "locale" / "vi"


def _rooms_of_texts() -> dict[str, set[str]]:
    """Each text with the rooms that say it; the refusals stand in core, the house's top files (app, pages) in "top"."""
    rooms: dict[str, set[str]] = {say.value: {"core"} for say in Say}
    for path in DASHBOARD.rglob("*.py"):
        room, *rest = path.relative_to(DASHBOARD).parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (many := getattr(node.func, "id", "")) in ("_", "_n"):
                for text in node.args[: 2 if many == "_n" else 1]:
                    if isinstance(text, ast.Constant):
                        rooms.setdefault(text.value, set()).add(room if rest else "top")
    return rooms


def _spoken() -> set[str]:
    return set(_rooms_of_texts())


def _catalogue(name: str = "*") -> list[tuple[str, str]]:
    messages = []
    for path in CATALOGUES.glob(f"{name}.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="vi"):
                if message.id:
                    # One Vietnamese text stands for one and for many.
                    both = (message.id, message.string) if message.pluralizable else ((message.id,), (message.string,))
                    messages += [(english, both[1][0]) for english in both[0]]
    return messages


def _home(rooms: set[str]) -> str:
    """The catalogue of a text: that of the one room that says it, of `core` for a refusal, of `ui` where several do."""
    if "core" in rooms:
        return "core"
    return next(iter(rooms)) if len(rooms) == 1 and rooms != {"top"} else "ui"


def test_each_catalogue_bears_the_name_of_a_room():
    assert {path.stem for path in CATALOGUES.glob("*.po")} <= {"core", *ROOMS["dashboard"]}


def test_a_text_stands_in_the_catalogue_of_the_room_that_says_it():
    standing = {text: path.stem for path in CATALOGUES.glob("*.po") for text, _vi in _catalogue(path.stem)}
    homes = {text: _home(rooms) for text, rooms in _rooms_of_texts().items()}
    misplaced = {text: (here, homes[text]) for text, here in standing.items() if homes.get(text, here) != here}
    assert misplaced == {}, "the catalogue where each stands, and where it belongs"


def test_every_text_has_vietnamese_and_none_is_left_over():
    translated = {english for english, vietnamese in _catalogue() if vietnamese}
    assert _spoken() - translated == set()
    assert translated - _spoken() == set()


def test_every_text_is_found_by_the_call_that_says_it():
    """A text that stands only as the plural of another is not found by `_`, which asks for it by its own name."""
    ids = []
    for path in CATALOGUES.glob("*.po"):
        with path.open("rb") as file:
            ids += [message.id for message in read_po(file, locale="vi") if message.id]
    pairs = {id for id in ids if isinstance(id, tuple)}
    singles = {id if isinstance(id, str) else id[0] for id in ids}
    for path in DASHBOARD.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (many := getattr(node.func, "id", "")) in ("_", "_n"):
                texts = tuple(text.value for text in node.args[:2] if isinstance(text, ast.Constant))
                assert not texts or (texts in pairs if many == "_n" else texts[0] in singles), (path, texts)


def test_no_text_is_translated_twice():
    assert [text for text, times in Counter(english for english, _vi in _catalogue()).items() if times > 1] == []


def test_figures_stand_in_both_languages_and_letters_are_composed():
    for english, vietnamese in _catalogue():
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", vietnamese)), english
        assert unicodedata.is_normalized("NFC", vietnamese), english


@pytest.mark.parametrize(
    ("language", "figures", "day", "share"),
    [
        ("vi", "1.234.567", "31/12/2024", "66 %"),
        ("en", "1,234,567", "31/12/2024", "66%"),
    ],
)
def test_numbers_and_days_are_written_the_languages_way(language, figures, day, share):
    words.speak(language)
    assert words.number(1234567) == figures
    assert words.day(date(2024, 12, 31)) == day
    assert words.percent(Fraction(2, 3)) == share
    words.speak("vi")


def test_a_number_of_many_digits_is_written_whole():
    assert (
        words.number(Decimal("1234567890123456789012345.123456789"), 9) == "1.234.567.890.123.456.789.012.345,123456789"
    )


@pytest.mark.parametrize(
    "value", [10**27, -(10**27), 10**98, 10**99, 10**4_000, 1e300, float("inf"), float("nan"), Fraction(10**200, 3)]
)
@pytest.mark.parametrize("decimals", [0, 2, 30])
def test_a_number_that_no_field_takes_is_shown_all_the_same(value, decimals):
    """In a draft anything may stand; its page opens."""
    assert words.number(value, decimals)
    assert words.write(value)


@pytest.mark.parametrize(("value", "said"), [(date(24, 2, 1), "01/02/0024"), (date(2024, 2, 1), "01/02/2024")])
def test_a_year_has_four_digits(value, said):
    assert words.day(value) == said and words.moment(datetime(*value.timetuple()[:3], 5, tzinfo=UTC)).startswith(said)


def test_a_share_just_below_the_whole_never_reads_as_reached():
    assert words.percent(Fraction(999, 1000)) == "99 %"
    assert words.percent(None) == "–"


def test_a_problem_speaks_vietnamese_with_its_figures():
    assert (
        words.problem(Problem("x", Say.TOO_LONG, {"most": 4000, "length": 10000}))
        == "Nhiều nhất 4.000 ký tự; đang có 10.000."
    )


def test_typed_text_cannot_act_in_markdown():
    typed = "**đậm** [x](javascript:alert(1)) <b>:red[x] $y$ `z`"
    assert words.plain(typed).replace("\\", "") == typed
    assert "**" not in words.plain(typed).replace("\\*", "")


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 1, "1 record waits to be verified"),
        ("en", 0, "0 records wait to be verified"),
        ("en", 1200, "1,200 records wait to be verified"),
        ("vi", 1, "1 bản ghi chờ xác nhận"),
        ("vi", 1200, "1.200 bản ghi chờ xác nhận"),
    ],
)
def test_what_is_counted_agrees_with_its_number(language, count, said):
    words.speak(language)
    assert words._n("{count} record waits to be verified", "{count} records wait to be verified", count) == said
