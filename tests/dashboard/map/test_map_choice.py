"""The quarters at whose end the map can be looked at."""

from datetime import date

from dashboard.map.map_choice import quarters_ended
from tests.data_model.small_plan import line, plan


def test_only_quarters_that_are_over_are_offered():
    of = plan(line())
    assert quarters_ended(of, date(2024, 3, 31)) == {}  # its last day is still under way
    assert quarters_ended(of, date(2024, 4, 1)) == {"1": date(2024, 3, 31)}
    assert list(quarters_ended(of, date(2025, 1, 1))) == ["1", "2", "3", "4"]


def test_quarters_by_the_rule_of_the_15th_end_on_the_14th():
    assert quarters_ended(plan(line(), rule="15_to_14"), date(2024, 6, 15)) == {
        "1": date(2024, 3, 14),
        "2": date(2024, 6, 14),
    }
