"""The interface's words: gettext catalogues, and Vietnamese or English numbers, dates and money.

Code holds the English text; `locale/vi/*.po` hold the Vietnamese. Names declared with
both languages (record kinds, plans) come as `Label`.
"""

import gettext as gettext_library
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from re import compile as pattern

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from data_model.core.clock import VIETNAM
from data_model.core.label import Label
from data_model.core.problems import Problem, Refused

LOCALE = Path(__file__).parent / "locale"
MOST_DIGITS = 100
"""Of a number that is written the language's way; a draft may hold a longer one, which stands as it was typed."""
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}

_language: ContextVar[str] = ContextVar("language", default="vi")


def speak(language: str) -> None:
    """Use `language` ("vi" or "en") for the rest of this request or page run."""
    _language.set("en" if language == "en" else "vi")


def language() -> str:
    """The language in use."""
    return _language.get()


@cache
def _translations() -> gettext_library.NullTranslations:
    whole = Catalog(locale="vi")
    for path in sorted((LOCALE / "vi").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="vi"):
                if message.id:
                    whole[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return gettext_library.GNUTranslations(compiled)


def load_words() -> None:
    """Read the catalogues now, and not when the first visitor asks."""
    _translations()


def _(text: str, /, **figures: object) -> str:
    """`text` in the language in use, with `figures` written its way in the {placeholders}."""
    spoken = _translations().gettext(text) if language() == "vi" else text
    return spoken.format(**{name: write(value) for name, value in figures.items()}) if figures else spoken


def _n(one: str, many: str, count: int, /, **figures: object) -> str:
    """`_` for a text that counts: `one` where {count} is one and the language tells one from many, else `many`."""
    spoken = _translations().ngettext(one, many, count) if language() == "vi" else one if count == 1 else many
    return spoken.format(**{name: write(value) for name, value in (figures | {"count": count}).items()})


def say(label: Label) -> str:
    """A declared name in the language in use."""
    return label.in_language(language())


def write(value: object) -> str:
    """A value as a person of this language writes it; text stays as it is."""
    if isinstance(value, Label):
        return say(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float | Decimal | Fraction):
        return number(value)
    return str(value)


def number(value: int | float | Decimal | Fraction | None, decimals: int = 2) -> str:
    """1.234.567,5 in Vietnamese; an en dash where there is no number."""
    return "–" if value is None else _written(value, decimals, language())


# A page writes the same few numbers again and again, and writing one takes Babel long.
@lru_cache(maxsize=10_000)
def _written(value: int | float | Decimal | Fraction, decimals: int, spoken: str) -> str:
    with localcontext(prec=MOST_DIGITS):
        exact = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(value)
        if not exact.is_finite() or exact.adjusted() + decimals >= MOST_DIGITS - 1:
            return str(value)
        exact = value if isinstance(value, float) else exact
        return format_decimal(exact, format="#,##0." + "#" * decimals if decimals else "#,##0", locale=spoken)


_PLAIN_DIGITS = pattern(r"-?\d+(/\d+)?")


def kept_figure(figure: str) -> str:
    """A figure that the snapshot keeps as plain digits, with its day, the way a person of this language writes it."""
    digits, bracket, rest = figure.partition(" (")
    return f"{number(Fraction(digits))}{bracket}{rest}" if _PLAIN_DIGITS.fullmatch(digits) else figure or "–"


def percent(share: Fraction | None) -> str:
    """A share of 1 as whole percent, cut and never rounded up to a 100 that was not reached."""
    if share is None:
        return "–"
    return f"{number(int(share * 100), 0)} %" if language() == "vi" else f"{number(int(share * 100), 0)}%"


def money(amount: int | Fraction | None) -> str:
    """Whole đồng: 4.305.385.000 đồng."""
    return "–" if amount is None else f"{number(int(amount), 0)} đồng"


def day(value: date | None) -> str:
    """31/12/2024; the year always has four digits, so that 24 and 2024 stay apart."""
    return "–" if value is None else f"{value:%d/%m}/{value.year:04}"


def moment(value: datetime | None) -> str:
    """31/12/2024 08:30, Vietnam's time."""
    return "–" if value is None else f"{day(value.astimezone(VIETNAM))} {value.astimezone(VIETNAM):%H:%M}"


def problem(one: Problem) -> str:
    """What is wrong and what to do, in the language in use."""
    return _(one.say, **one.figures)


def refusal(refused: Refused) -> str:
    """All of a refusal in one sentence each."""
    return " ".join(problem(one) for one in refused.problems)


_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]#!|<>~$:"})


def plain(text: str | None) -> str:
    """Typed text made safe for a Markdown element: shown letter by letter, nothing in it acts."""
    return (text or "").translate(_MARKDOWN)
