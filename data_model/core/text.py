"""Vietnamese text: one stored form (NFC), and a folded form that is only for searching."""

import re
import unicodedata

# Unicode's categories Cc and Cs without tab and line break.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def nfc(text: str) -> str:
    """`text` in Unicode NFC without control characters except line breaks and tabs, ends trimmed.

    Halves of surrogate pairs, which no database stores, fall away too.
    """
    return _UNSHOWN.sub("", unicodedata.normalize("NFC", text)).strip()


def folded(text: str) -> str:
    """`text` without case and marks ("Phổ Vinh" -> "pho vinh"), for comparing in a search."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
