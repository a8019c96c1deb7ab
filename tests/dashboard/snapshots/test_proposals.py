"""Causes proposed from the records: what lags there, in the report's language, and nothing for what does not lag."""

from datetime import date

from dashboard.i18n import words
from dashboard.snapshots.proposals import MOST_NAMED, proposed_causes
from data_model.counting.plan import count_plan
from data_model.overview.lagging import Lack, Lagging, LaggingUnit, Reason, Why
from data_model.units.tables import Unit
from tests.data_model.small_plan import A, each, line, plan

TODAY = date(2024, 9, 30)
NOTHING = (Reason(Why.NOTHING),)


def places(progress, count: int) -> tuple[LaggingUnit, ...]:
    (target,) = progress.targets
    lack = Lack(target, target.cells[A], NOTHING)
    return tuple(
        LaggingUnit(Unit(id=n, code=str(n), name=f"Phổ {n}", kind="xã", place=""), progress.units[A], (lack,), None)
        for n in range(1, count + 1)
    )


def test_a_target_of_communes_names_them_with_why_whatever_language_is_spoken():
    progress = count_plan(plan(each(phases={2: 3})), (), (), TODAY)
    words.speak("en")
    found = Lagging(places(progress, 2), (Lack(progress.targets[0], None, (), 2),))
    assert proposed_causes(found) == {"X-10": "Xã Phổ 1: chưa có bản ghi nào; xã Phổ 2: chưa có bản ghi nào."}
    assert words.language() == "en"


def test_many_communes_are_counted_after_the_first():
    progress = count_plan(plan(each(phases={2: 3})), (), (), TODAY)
    found = Lagging(places(progress, MOST_NAMED + 3), (Lack(progress.targets[0], None, (), 8),))
    assert proposed_causes(found)["X-10"].endswith("; thêm 3 địa bàn.")


def test_a_target_of_the_whole_area_tells_its_own_reason():
    progress = count_plan(plan(line(phases={2: 5})), (), (), TODAY)
    reasons = (Reason(Why.NOT_VERIFIED, 2, date(2024, 9, 5)), Reason(Why.RUNNING, 1))
    found = Lagging((), (Lack(progress.targets[0], None, reasons),))
    assert proposed_causes(found) == {"X-10": "2 bản ghi chờ xác nhận từ 05/09/2024; 1 đang diễn ra."}


def test_nothing_is_proposed_where_nothing_is_late():
    progress = count_plan(plan(each()), (), (), TODAY)
    assert proposed_causes(Lagging(places(progress, 1), ())) == {}
