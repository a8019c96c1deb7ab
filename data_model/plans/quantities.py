"""Quantities as plans write them: exact fractions, kept as text (rule R4 of counting)."""

from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator


class Exact(TypeDecorator[Fraction]):
    """A quantity as the plan writes it: kept as text ("0.12345", "1/3"), given as the fraction that it is."""

    impl = String(80)
    cache_ok = True

    def process_bind_param(
        self, value: "int | float | str | Decimal | Fraction | None", dialect: Dialect
    ) -> str | None:
        return None if value is None else written(exact(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        return None if value is None else Fraction(value)


def exact(quantity: int | float | str | Decimal | Fraction) -> Fraction:
    """A quantity as the fraction it stands for: 0.1 is 1/10. Raises ValueError for what is no number."""
    return Fraction(str(quantity)) if isinstance(quantity, float) else Fraction(quantity)


def written(quantity: Fraction) -> str:
    """A fraction as a plan would write it: "0.12345" where it is a decimal, else "1/3"."""
    twos, fives, rest = 0, 0, quantity.denominator
    while rest % 2 == 0:
        twos, rest = twos + 1, rest // 2
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    if rest != 1:
        return f"{quantity.numerator}/{quantity.denominator}"
    places = max(twos, fives)
    digits = f"{abs(quantity.numerator) * 10**places // quantity.denominator:0{places + 1}}"
    sign = "-" if quantity < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
