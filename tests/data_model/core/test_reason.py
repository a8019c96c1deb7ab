"""The words that explain an act: one rule in every function that asks for them."""

from datetime import date

import pytest

from data_model.core.problems import Refused, Say
from data_model.core.reason import MOST, given_reason
from data_model.periods import lock
from data_model.records import writing
from data_model.review import decisions
from tests.conftest import ON_SQLITE, PHO_VINH


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Thiếu ảnh \n", "Thiếu ảnh"), ("sai", "sai"), ("2", "2"), ("Thiếu", "Thiếu"), ("ơ" * MOST, "ơ" * MOST)],
)
def test_a_reason_is_kept_composed_and_trimmed(typed, kept):
    assert given_reason(typed) == kept


@pytest.mark.parametrize("typed", ["", None, "  ", "\n\t", "...", "-", "\u200b", "\x00", "\u202e", "\ud800"])
def test_what_says_nothing_is_no_reason(typed):
    with pytest.raises(Refused) as caught:
        given_reason(typed, "word", Say.REQUIRED)
    assert [(p.where, p.say) for p in caught.value.problems] == [("word", Say.REQUIRED)]


@pytest.mark.parametrize("typed", ["x" * (MOST + 1), "x" * 10_000_000, "e" + "\u0323\u0302" * 2_000_000])
@pytest.mark.parametrize("missing", [Say.REASON_MISSING, None])
def test_what_is_too_long_is_refused_whether_needed_or_not(typed, missing):
    with pytest.raises(Refused) as caught:
        given_reason(typed, missing=missing)
    assert caught.value.problems[0].say == Say.TOO_LONG


def test_where_none_is_needed_it_may_stay_away():
    assert given_reason(None, missing=None) == given_reason(" ", missing=None) == ""


@ON_SQLITE
@pytest.mark.parametrize(
    ("typed", "say"), [("", Say.REASON_MISSING), ("…", Say.REASON_MISSING), ("x" * 1001, Say.TOO_LONG)]
)
def test_every_act_asks_the_same(town, dialogue, typed, say):
    with town.writing() as session:
        sent = writing.send(session, town.people.supervisor, town.entry("DP-11", PHO_VINH, dialogue()))
    acts = {
        "return": lambda s: decisions.return_to_author(s, town.people.leader, sent.id, 1, typed),
        "void": lambda s: decisions.void(s, town.people.leader, sent.id, 1, typed),
        "exception": lambda s: lock.give_exception(
            s, town.people.leader, sent.plan_id, town.people.second.id, date(2024, 11, 1), typed
        ),
    }
    told = {}
    for name, act in acts.items():
        with pytest.raises(Refused) as caught, town.writing() as session:
            act(session)
        told[name] = caught.value.problems[0].say
    assert set(told.values()) == {say}
