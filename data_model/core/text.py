"""Vietnamese text: one stored form (NFC) of what is seen, and a folded form that is only for searching.

What nobody sees is dropped, never refused: people paste it without knowing. So a text of nothing else is empty, and a
name or number with such a letter in it is the same name or number. Kept are the joiner and the variation selectors
inside emoji, which change what is seen.
"""

import re
import unicodedata

_EMOJI = "\u203c-\u3299\U0001f000-\U0001faff"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, except tab and line break
    "\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b\u200c\u2060-\u2064\u206a-\u206f\ufeff"  # no width
    "\u200e\u200f\u202a-\u202e\u2066-\u2069"  # turn the reading direction
    "\ufff9-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # marks for programs
    "\ud800-\udfff]"  # halves of surrogate pairs, which no database stores
    f"|(?<![\ufe0f{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])|(?<![#*0-9\u00a9\u00ae{_EMOJI}])[\ufe00-\ufe0f]"
)
# Letters that are drawn as nothing, and the separators that only some programs know as line breaks.
_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
_LINE_BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")


# Characters that stand on the one before them, as ranges of a pattern's class.
_MARKS = "".join(chr(code) for code in range(0x300, 0x1E94B) if unicodedata.combining(chr(code)))
# Ordering a run of marks takes the square of its length. No language writes so many on one letter (Unicode's UAX 15:
# 30).
MOST_MARKS = 30
_LONG_RUN = re.compile(f"([{_MARKS}]{{{MOST_MARKS}}})[{_MARKS}]+")
# What shows nothing or turns the reading direction, beside the categories that say so themselves.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(c) for c in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10))
}
_NEVER_SEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


# What no database stores and no answer can carry.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def composed(text: str) -> str:
    """`text` in Unicode NFC, in a time that grows with its length only: marks past the thirtieth on one letter fall
    away.

    So do NUL and halves of surrogate pairs.
    """
    return unicodedata.normalize("NFC", _LONG_RUN.sub(r"\1", _NO_TEXT.sub("", text)))


def nfc(text: str) -> str:
    """`text` in Unicode NFC without what nobody sees except line breaks and tabs, ends trimmed."""
    seen = _UNSEEN.sub("", _BLANK.sub(" ", _LINE_BREAK.sub("\n", text)))
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
    decomposed = unicodedata.normalize("NFD", _LONG_RUN.sub(r"\1", text).casefold().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
