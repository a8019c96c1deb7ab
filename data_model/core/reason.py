"""Words that explain an act: why something is returned, voided, corrected, let through or kept. Checked in this one
place.
"""

from data_model.core.problems import Say, refuse
from data_model.core.text import kept_text

MOST = 1000
"""Characters."""


def given_reason(typed: str | None, where: str = "reason", missing: Say | None = Say.REASON_MISSING) -> str:
    """The words as they are kept. Raises Refused at `where` when they are too long, or with `missing` when there are
    none.

    With `missing=None` they may stay away and are "" then.
    """
    words = kept_text(typed, MOST, where)
    if missing is not None and not any(letter.isalnum() for letter in words):
        raise refuse(missing, where)
    return words
