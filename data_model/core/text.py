"""Vietnamese text: one stored form (NFC) of what is seen, and a folded form that is only for searching.

What nobody sees is dropped, never refused: people paste it without knowing. So a text of nothing else is empty, and a
name or number with such a letter in it is the same name or number. Kept are the joiner and the variation selectors
inside emoji, which change what is seen.
"""

import re
import unicodedata
from itertools import groupby

from data_model.core.problems import Problem, Refused, Say

_EMOJI = re.compile("[\u203c-\u3299\U0001f000-\U0001faff]")
_KEYCAPS = frozenset("#*0123456789\u00a9\u00ae")
_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"
# One class of letters: alternatives would be tried at every place of a text, which takes ten times as long.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, except tab and line break
    "\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b\u200c\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufff8"  # no width
    "\u200e\u200f\u202a-\u202e\u2066-\u2069"  # turn the reading direction
    "\ufff9-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # marks for programs
    "\ud800-\udfff"  # halves of surrogate pairs, which no database stores
    f"{_JOINER}\ufe00-\ufe0f]"  # what may stand inside an emoji
)
# Letters that are drawn as nothing (U+FFFC stands where a picture was pasted), and the separators that only some
# programs know as line breaks.
_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0\ufffc\U00016fe4\U0001d159]")
_LINE_BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")


# Characters that stand on the one before them: the basic ones, and those of rarer scripts as ranges.
_BASIC_MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.combining(chr(code)))
_RARE_MARKS = "".join(
    f"{chr(codes[0])}-{chr(codes[-1])}"
    for _gap, run in groupby(
        enumerate(code for code in range(0x10000, 0x1E94B) if unicodedata.combining(chr(code))),
        lambda at: at[1] - at[0],
    )
    if (codes := [code for _at, code in run])
)
# Ordering a run of marks takes the square of its length. No language writes so many on one letter (Unicode's UAX 15:
# 30).
MOST_MARKS = 30
_LONG_RUN = re.compile(f"([{_BASIC_MARKS}{_RARE_MARKS}]{{{MOST_MARKS}}})[{_BASIC_MARKS}{_RARE_MARKS}]+")
# Found ten times as fast, and nearly never: a run of what may be marks.
_MAY_RUN = re.compile(f"[{_BASIC_MARKS}\U00010000-\U0001efff]{{{MOST_MARKS + 1}}}")
# What shows nothing or turns the reading direction, beside the categories that say so themselves.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(c) for c in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10))
}
_NEVER_SEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


# What no database stores and no answer can carry.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def _without_long_runs(text: str) -> str:
    return _LONG_RUN.sub(r"\1", text) if _MAY_RUN.search(text) else text


def composed(text: str) -> str:
    """`text` in Unicode NFC, in a time that grows with its length only: marks past the thirtieth on one letter fall
    away.

    So do NUL and halves of surrogate pairs.
    """
    return unicodedata.normalize("NFC", _without_long_runs(_NO_TEXT.sub("", text)))


def _in_emoji(found: re.Match[str]) -> str:
    """What is unseen and stays: a joiner between two emoji, a variation selector behind one; else nothing."""

    def is_emoji(one: str) -> bool:
        return _EMOJI.match(one) is not None

    letter, at, text = found[0], found.start(), found.string
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if letter == _JOINER:
        stays = (before == _EMOJI_STYLE or is_emoji(before)) and is_emoji(after)
    else:
        stays = "\ufe00" <= letter <= "\ufe0f" and (before in _KEYCAPS or is_emoji(before))
    return letter if stays else ""


def nfc(text: str) -> str:
    """`text` in Unicode NFC without what nobody sees except line breaks and tabs, ends trimmed."""
    seen = _UNSEEN.sub(_in_emoji, _BLANK.sub(" ", _LINE_BREAK.sub("\n", text)))
    return composed(seen).strip()


def visible(text: str) -> str:
    """`text` as one line of what is seen of it, for names: nothing in it is invisible or turns what stands around
    it.
    """
    shown = "".join(
        " " if c.isspace() else c
        for c in composed(text)
        if c.isspace() or (unicodedata.category(c) not in _NEVER_SEEN and c not in _BLANKS)
    )
    return " ".join(shown.split())


def folded(text: str) -> str:
    """`text` without case and marks ("Phổ Vinh" -> "pho vinh"), for comparing in a search."""
    decomposed = unicodedata.normalize("NFD", _without_long_runs(text).casefold().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def kept_texts(*typed: tuple[str, str | None, int]) -> list[str]:
    """Typed texts as they are kept (`nfc`). Each comes with where it was typed and the most characters it may have.

    Raises Refused with every one that is too long. It is measured before it is composed: a text takes time by its
    length, and none of these needs more than four characters for a letter.
    """
    kept, problems = [], []
    for where, text, most in typed:
        text = text or ""
        text = nfc(text) if len(text) <= 4 * most else text
        if len(text) > most:
            problems.append(Problem(where, Say.TOO_LONG, {"most": most, "length": len(text)}))
        kept.append(text)
    if problems:
        raise Refused(problems)
    return kept


def kept_text(text: str | None, most: int, where: str) -> str:
    """One text of `kept_texts`."""
    return kept_texts((where, text, most))[0]
