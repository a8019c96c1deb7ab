"""Vietnamese text: one stored form (NFC), and a folded form that is only for searching."""

import unicodedata


def nfc(text: str) -> str:
    """`text` in Unicode NFC without control characters except line breaks and tabs, ends trimmed.

    Halves of surrogate pairs, which no database stores, fall away too.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(c for c in composed if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def folded(text: str) -> str:
    """`text` without case and marks ("Phổ Vinh" -> "pho vinh"), for comparing in a search."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
