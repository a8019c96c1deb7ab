"""Names in the two languages of the interface."""

from typing import NamedTuple


class Label(NamedTuple):
    """A name declared once in Vietnamese (first) and English."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """The name in `language`, "vi" or "en"; Vietnamese for anything else."""
        return self.en if language == "en" else self.vi
