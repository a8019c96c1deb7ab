"""The report's three sentences: what is said follows from the figures, and nothing is called slow or on time that is
not.
"""

import dataclasses
from datetime import date
from fractions import Fraction

import pytest

from dashboard.i18n import words as speech
from dashboard.report.front import front
from dashboard.report.summary import sentences
from data_model.core.label import Label
from data_model.counting.rules import TargetStatus
from data_model.snapshots.content import SnapshotContent
from tests.dashboard.report_content import quarter


@pytest.fixture(autouse=True)
def vietnamese():
    speech.speak("vi")


@pytest.fixture(scope="module")
def content() -> SnapshotContent:
    return quarter()


def said_of(content: SnapshotContent) -> tuple[str, ...]:
    """The sentences, with ordinary spaces before "%" and "đồng"."""
    return tuple(sentence.replace("\u00a0", " ") for sentence in sentences(content))


def standing(content: SnapshotContent, *targets: dict) -> str:
    """The second sentence, where the first target stands as each of `targets` says."""
    first = next(t for t in content.targets if t.part_of is None)
    changed = tuple(
        dataclasses.replace(first, name=Label(f"Việc {at}", ""), **one) for at, one in enumerate(targets, 1)
    )
    return said_of(dataclasses.replace(content, targets=changed))[1]


def test_three_sentences_made_from_the_figures(content):
    said = said_of(content)
    assert len(said) == 3 and "52 %" in said[0] and "30/09/2024" in said[0] and "đã xác nhận" in said[0]
    assert said[1].startswith("Không đạt: “Việc số") and "; chậm nhất là chỉ tiêu “Việc số" in said[1]
    assert "3.000.003 đồng" in said[2] and "4.305.385.000 đồng" in said[2]
    assert not any(" %" in sentence or " đồng" in sentence for sentence in sentences(content)), (
        "no line ends before its unit"
    )


@pytest.mark.parametrize(
    ("means", "told"),
    [
        ((1, 0, 2), "địa bàn đạt thấp nhất là xã Phổ 1 (0 %)."),
        ((0, 0, 2), "địa bàn đạt thấp nhất là xã Phổ 0, xã Phổ 1 (0 %)."),
        ((0, 0, 0, 0, 2), "4 địa bàn cùng đạt thấp nhất (0 %), trong đó có xã Phổ 0, xã Phổ 1, xã Phổ 2."),
        ((1, 1, 1), "các địa bàn đạt bằng nhau (50 %)."),
        ((0,), "; xã Phổ 0 đạt 0 %."),
        ((None, None), "không địa bàn nào có chỉ tiêu số riêng để so sánh."),
    ],
)
def test_communes_that_share_the_lowest_mean_are_all_told_of(content, means, told):
    units = tuple(
        dataclasses.replace(unit, mean=None if mean is None else Fraction(mean, 2))
        for unit, mean in zip(content.units, means, strict=False)
    )
    assert said_of(dataclasses.replace(content, units=units))[1].endswith(told)


def test_a_commune_that_no_longer_stands_is_not_the_lowest(content):
    gone, *others = (dataclasses.replace(unit, mean=Fraction(at, 9)) for at, unit in enumerate(content.units[:3]))
    units = (dataclasses.replace(gone, valid_to=date(2024, 8, 1)), *others)
    assert said_of(dataclasses.replace(content, units=units))[1].endswith("địa bàn đạt thấp nhất là xã Phổ 1 (11 %).")


def test_the_slowest_is_judged_as_its_status_is(content):
    half, quarter_of = Fraction(1, 2), Fraction(1, 4)
    slow = {"status": TargetStatus.VERY_SLOW, "percent": quarter_of, "percent_of_planned": half}
    slower = {"status": TargetStatus.VERY_SLOW, "percent": half, "percent_of_planned": quarter_of}
    assert standing(content, slow, slower).startswith(
        "Chậm nhất là chỉ tiêu “Việc 2” (rất chậm, 25 % kế hoạch luỹ kế, 50 % cả năm)"
    )
    late = {"status": TargetStatus.OVERDUE, "percent": half, "percent_of_planned": Fraction(1)}
    assert standing(content, slow, late, late).startswith(
        "Chậm nhất là 2 chỉ tiêu ở cùng mức, trong đó có “Việc 2” (trễ hạn, 50 % cả năm)"
    )


def test_a_target_that_is_not_met_is_not_called_slow(content):
    failed = {
        "status": TargetStatus.NOT_MET,
        "is_measured": True,
        "measured": Fraction(3),
        "percent": None,
        "unit_of_measure": Label("hộ", "households"),
    }
    assert standing(content, failed, failed | {"measured": Fraction(70)}).startswith(
        "Không đạt: “Việc 1” (3 hộ), “Việc 2” (70 hộ); địa bàn"
    )
    assert standing(content, *[failed] * 4).startswith(
        "4 chỉ tiêu không đạt, trong đó có “Việc 1” (3 hộ), “Việc 2” (3 hộ), “Việc 3” (3 hộ); "
    )


def test_what_cannot_be_judged_is_not_called_on_time(content):
    unknown, fine = {"status": TargetStatus.UNPHASED}, {"status": TargetStatus.ON_TRACK}
    assert standing(content, unknown, {"status": TargetStatus.NO_DATA}).startswith(
        "Chưa đánh giá được nhanh hay chậm: 2 chỉ tiêu chưa phân kỳ"
    )
    assert standing(content, unknown, fine).startswith(
        "Không có chỉ tiêu nào chậm, trễ hạn hoặc không đạt, chưa kể 1 chỉ tiêu chưa phân kỳ"
    )
    assert standing(content, fine).startswith("Không có chỉ tiêu nào chậm, trễ hạn hoặc không đạt; ")


def test_the_one_page_lists_first_what_the_sentence_calls_the_slowest(content):
    half, fourth = Fraction(1, 2), Fraction(1, 4)
    one = next(t for t in content.targets if t.part_of is None)
    slow, slower = (
        dataclasses.replace(
            one, name=Label(name, ""), status=TargetStatus.VERY_SLOW, percent=percent, percent_of_planned=planned
        )
        for name, percent, planned in (("Việc 1", fourth, half), ("Việc 2", half, fourth))
    )
    page = front(dataclasses.replace(content, targets=(slow, slower)), "a" * 64, "nháp")
    assert [row.cells[0].text for row in page.rows] == ["Việc 2", "Việc 1"]
