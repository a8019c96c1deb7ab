"""Names in the two languages of the interface."""

from enum import StrEnum
from typing import NamedTuple, Self


class Label(NamedTuple):
    """A name declared once in Vietnamese (first) and English."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """The name in `language`, "vi" or "en"; Vietnamese for anything else."""
        return self.en if language == "en" else self.vi


class LabelledEnum(StrEnum):
    """Codes with a name in both languages, each member declared in one line: code, Vietnamese, English."""

    label: Label

    def __new__(cls, code: str, vi: str = "", en: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = Label(vi, en)
        return member
