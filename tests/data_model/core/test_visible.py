"""Text that strangers send costs no more than its length; names show all that is in them, and nothing turns them
round.
"""

import contextlib
import time
import unicodedata

import pytest

from data_model.accounts import administration
from data_model.accounts.account import checked_shown_name
from data_model.accounts.tables import Account
from data_model.core.problems import Problem, Refused, Say
from data_model.core.text import composed, folded, nfc, visible
from data_model.kinds.registry import all_kinds
from data_model.records.typed_answers import as_typed

HOSTILE = {
    "marks": "a" + "\u0301\u0323" * 50_000,
    "marks of many classes": "a" + "".join(chr(0x300 + n % 70) for n in range(100_000)),
    "marks beyond the first plane": "a" + "\U0001d165\U0001d16d" * 50_000,
    "spaces": " " * 100_000,
    "spaces before a letter": "1" + " " * 99_999 + "x",
    "digits": "1" * 100_000,
    "groups": "1.000" * 20_000,
    "commas": "1," * 50_000,
    "dashes": "-" * 100_000,
    "nulls": "\x00" * 100_000,
    "Jamo": "\u1100\u1161\u11a8" * 33_000,
    "days": "1/" * 50_000,
    "times": "8:" * 50_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    "read",
    [nfc, folded, visible, composed, lambda t: as_typed({"a": t})],
    ids=["nfc", "folded", "visible", "composed", "a draft"],
)
def test_a_long_text_takes_no_more_than_its_length(read, text):
    began = time.process_time()
    read(text)
    assert time.process_time() - began < 0.25


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_field_of_any_form_keeps_the_others_waiting(text):
    each_way_of_reading = {type(field): field for kind in all_kinds().values() for field in kind.fields.values()}
    slow = []
    for way, field in each_way_of_reading.items():
        began = time.process_time()
        with contextlib.suppress(Refused):
            field.clean(text)
        if time.process_time() - began > 0.25:
            slow.append((way.__name__, field.name, time.process_time() - began))
    assert slow == []


@pytest.mark.parametrize("text", ["Nguyễn Thị Ánh", "Phổ Vinh", "ệ ộ ẫ", "Ba Tơ – xã 2"])
def test_vietnamese_stays_as_it_is(text):
    assert nfc(unicodedata.normalize("NFD", text)) == visible(unicodedata.normalize("NFD", text)) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("An\u202eB\u202c", "AnB"),
        ("\u2066An\u2069", "An"),
        ("A\u200bn\u200d\ufeff", "An"),
        ("An\u00ad\u034f", "An"),
        ("\u3164An\u2800", "An"),
        ("An\u2028Bình\u2029", "An Bình"),
        ("An\nBình\t ", "An Bình"),
        ("An\ud800", "An"),
        ("An\ue000\U000e0041", "An"),
        ("An\u00a0Bình", "An Bình"),
        ("An\ufe0f", "An"),
    ],
)
def test_nothing_in_a_name_is_invisible_or_turns_it_round(typed, kept):
    problems: list[Problem] = []
    assert visible(typed) == checked_shown_name(typed, problems) == kept and problems == []


def test_an_identity_hides_nothing(town):
    with town.writing() as session:
        administration.set_identity(session, town.people.administrator, town.people.second.id, " A\u202e@b.vn\u200b ")
    with town.reading() as session:
        assert session.get(Account, town.people.second.id).organisation_identity == "a@b.vn"


@pytest.mark.parametrize("typed", ["\u202e", "\u200b\u200b", "\u3164", " \u00a0"])
def test_a_name_of_which_nothing_is_seen_is_no_name(typed):
    problems: list[Problem] = []
    checked_shown_name(typed, problems)
    assert [p.say for p in problems] == [Say.REQUIRED]
