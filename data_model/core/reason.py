"""Words that explain an act: why something is returned, voided, corrected, let through or kept. Checked in this one
place.
"""

from data_model.core.problems import Say, refuse
from data_model.core.text import nfc

MOST = 1000
"""Characters."""


def given_reason(typed: str | None, where: str = "reason", missing: Say | None = Say.REASON_MISSING) -> str:
    """The words as they are kept. Raises Refused at `where` when they are too long, or with `missing` when there are
    none.

    With `missing=None` they may stay away and are "" then.
    """
    typed = typed or ""
    if len(typed) > 4 * MOST:  # composing takes long: not what no writing of these words can need
        raise refuse(Say.TOO_LONG, where, most=MOST, length=len(typed))
    words = nfc(typed)
    if len(words) > MOST:
        raise refuse(Say.TOO_LONG, where, most=MOST, length=len(words))
    if missing is not None and not any(letter.isalnum() for letter in words):
        raise refuse(missing, where)
    return words
