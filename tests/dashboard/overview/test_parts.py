"""What the overview says: no colour of alarm without a number, every text as text, every button to a page that is
there.
"""

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from dashboard.i18n import words
from dashboard.overview import page, parts
from dashboard.pages import PAGES
from dashboard.ui.status_look import LOOKS
from data_model.core.label import Label
from data_model.counting.plan import count_plan
from data_model.counting.rules import Pair, TargetStatus
from data_model.deadlines.due_soon import DueSoon
from data_model.overview.known_by import known_by
from data_model.overview.lagging import Lack, Lagging, LaggingUnit, Reason, Why
from data_model.overview.moved import Moved
from data_model.overview.waiting import NotFrozen, Waiting
from data_model.periods.periods import Period
from data_model.plans.tables import Component
from data_model.progress.component_money import MoneyAt
from data_model.units.tables import Unit
from tests.data_model.small_plan import A, done, each, line, plan

TODAY = date(2024, 11, 15)
NASTY = "<b onmouseover=alert(1)>& xã"
NOTHING_DUE = DueSoon(0, 0, 0, 0, (), ())
ALARMS = {LOOKS[status].colour for status in (TargetStatus.OVERDUE, TargetStatus.VERY_SLOW, TargetStatus.SLOW)}


def counted(*lines, tallies=(), as_of=TODAY):
    return count_plan(plan(*lines), tallies, (), as_of)


def led(html: str) -> list[dict]:
    return [json.loads(unescape(found)) for found in re.findall(r'data-open="([^"]*)"', html)]


def lagging_of(progress, *lacks, unit_name="Phổ Châu") -> Lagging:
    unit = Unit(id=A, code="1", name=unit_name, kind="xã", place="")
    return Lagging((LaggingUnit(unit, progress.units[A], lacks, date(2024, 10, 6)),), ())


def test_a_plan_without_a_number_shows_what_was_done_and_no_alarm():
    progress = counted(line(need=None), tallies=[done(quantity=1)])
    html = parts.standing(progress) + parts.figures(progress, {}) + parts.communes(progress, Lagging((), ()), {}, TODAY)
    assert not any(colour in html for colour in ALARMS) and " %" not in html
    assert '<span class="figure">1</span>' in html and 'class="bar none"' in html
    assert "không giao chỉ tiêu số cho từng địa bàn" in html


def test_an_unphased_commune_that_lacks_all_is_told_and_not_late():
    progress = counted(each())
    found = lagging_of(progress, Lack(progress.targets[0], progress.targets[0].cells[A], (Reason(Why.NOTHING),)))
    html = parts.communes(progress, found, {}, TODAY)
    assert '<article class="">' in html and not any(colour in html for colour in ALARMS)
    assert "0/1" in html and "chưa có bản ghi nào" in html and "chưa phân kỳ" in html


def test_a_late_commune_says_on_what_why_who_and_since_when():
    progress = counted(each(phases={2: 3}))
    (target,) = progress.targets
    reasons = (Reason(Why.NOT_VERIFIED, 2, date(2024, 11, 5)),)
    html = parts.communes(
        progress, lagging_of(progress, Lack(target, target.cells[A], reasons)), {A: ("Cụm Nam",)}, TODAY
    )
    assert "1 trong 3 địa bàn chậm" in html and '<article class="late">' in html
    assert "2 bản ghi chờ xác nhận từ 05/11/2024" in html
    assert "Cụm Nam · gửi gần nhất 06/10/2024, 40 ngày trước" in html
    waiting = {"page": "ban-ghi", "plan": progress.plan.code, "activity": "X-10", "unit": "1", "status": "sent"}
    assert waiting in led(html)


def test_what_people_typed_is_text():
    of = plan(replace(each(phases={2: 3}), name=Label(NASTY, NASTY)))
    progress = count_plan(of, (), (), TODAY)
    (target,) = progress.targets
    found = lagging_of(progress, Lack(target, target.cells[A], (Reason(Why.NOTHING),)), unit_name=NASTY)
    html = parts.figures(progress, {}) + parts.communes(progress, found, {A: (NASTY,)}, TODAY)
    html += parts.targets(of, Lagging((), (Lack(target, None, (), 3),)))
    html += parts.week(of, Moved(TODAY, 1, {10: 1}, 0, 0, 0))
    assert "<b onmouseover" not in html and "&lt;b onmouseover" in html


def test_every_button_leads_to_a_page_that_is_there():
    progress = counted(each(phases={2: 3}))
    (target,) = progress.targets
    waits = Waiting(2, date(2024, 11, 5), (), NotFrozen(Period.Q3, date(2024, 9, 30)), replace(NOTHING_DUE, overdue=1))
    html = (
        parts.standing(progress)
        + parts.figures(progress, {})
        + parts.communes(progress, lagging_of(progress, Lack(target, target.cells[A], ())), {}, TODAY)
        + parts.waits(None, progress.plan, waits, TODAY)
        + parts.week(progress.plan, Moved(TODAY, 1, {10: 2}, 1, 1, 1))
    )
    there = {one["page"] for one in led(html)}
    assert there <= page.LED_TO <= {one.address for one in PAGES}
    assert {"duyet", "kien-nghi", "chot-so-lieu", "ban-do", "ban-ghi"} <= there
    assert "2 bản ghi chờ xác nhận (lâu nhất 10 ngày, từ 05/11/2024)" in unescape(html)


def test_nothing_waits_and_nothing_moved():
    of = plan(line())
    nothing = Waiting(0, None, (), None, NOTHING_DUE)
    assert "Không có việc nào chờ." in parts.waits(None, of, nothing, TODAY)
    assert "Không có gì mới." in parts.week(of, Moved(TODAY, 0, {}, 0, 0, 0))


def test_money_is_a_share_only_where_every_amount_is_named():
    component = Component(id=1, plan_id=1, code="1", name_vi="Dự án 1", name_en="Project 1", position=1)
    progress = count_plan(replace(plan(line()), components=(component,)), (), (), TODAY)
    paid = Pair(40, 60)
    assert "40 %" in parts.figures(progress, {1: MoneyAt(100, None, paid)})
    unnamed = parts.figures(progress, {1: MoneyAt(None, None, paid)})
    assert "40 đồng" in unnamed and "không nêu đủ dự toán" in unnamed and "40 %" not in unnamed


def test_a_plan_is_known_by_its_largest_numbers_in_its_own_order():
    lines = [line(activity_id=10 + place, need=need) for place, need in enumerate((2, 45, None, 25, 3, 15))]
    progress = counted(*lines, tallies=[done(activity_id=12, quantity=9)])
    assert [t.need for t in known_by(progress)] == [45, 25, 3, 15]
    few = counted(*lines[:3], tallies=[done(activity_id=12, quantity=9)])
    assert [t.need for t in known_by(few)] == [2, 45, None]
    assert known_by(counted(line(need=None))) == ()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_reason_has_words(language):
    words.speak(language)
    from dashboard.progress.reason_words import reason_said

    rounds = (Label("Đợt 2: chính sách", "Round 2: policies"),)
    said = {why: reason_said(Reason(why, 1, TODAY, rounds)) for why in Why}
    assert all(said.values()) and len(set(said.values())) == len(Why)
    assert said[Why.NOT_VISITED].endswith("Đợt 2" if language == "vi" else "Round 2")
