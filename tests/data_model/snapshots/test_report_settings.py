"""The texts around a report: who may keep them, what is refused, what is noted; no name is invented."""

from dataclasses import replace

import pytest
from sqlmodel import select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.snapshots.report_settings import (
    ReportSettings,
    is_committee,
    report_settings,
    set_report_settings,
    symbol_of,
)
from tests.conftest import ON_SQLITE


def _keep(town, texts, actor=None):
    with town.writing() as session:
        return set_report_settings(session, actor or town.people.officer, town.plan().id, texts)


def _kept(town, plan="duc_pho_2024", actor=None):
    with town.reading() as session:
        return report_settings(session, actor or town.people.leader, town.plan(plan).id)


def _says(caught):
    return {(p.where, p.say) for p in caught.value.problems}


def test_they_are_kept_for_each_plan_and_noted_with_what_stood_before(town):
    texts = ReportSettings(
        "UBND THỊ XÃ",
        "PHÒNG",
        "BC-LĐ",
        "Đức Phổ",
        "BÁO CÁO",
        "UBND",
        "KT. TRƯỞNG PHÒNG",
        "PHÓ",
        "",
        ("- Như trên;", "- Lưu: VT."),
    )
    before = _kept(town)
    assert _keep(town, texts) == texts == _kept(town)
    changed = _keep(town, replace(texts, place="Phổ Vinh"), town.people.leader)
    assert changed.place == "Phổ Vinh" and _kept(town, "ba_to_2024").superior == ""
    with town.reading() as session:
        noted = session.exec(
            select(JournalEntry).where(JournalEntry.act == "set_report_settings").order_by(JournalEntry.id)
        ).all()
    assert [(entry.before["place"], entry.after["place"]) for entry in noted] == [
        (before.place, "Đức Phổ"),
        ("Đức Phổ", "Phổ Vinh"),
    ]


@ON_SQLITE
def test_until_somebody_enters_them_nobody_signs(town):
    for plan in ("duc_pho_2024", "long_khanh_2024"):
        texts = _kept(town, plan)
        assert (texts.signer_name, texts.signer_title, texts.authority) == ("", "", "") and texts.place


@ON_SQLITE
def test_what_is_too_long_is_named_and_nothing_kept(town):
    before = _kept(town)
    with pytest.raises(Refused) as caught:
        _keep(town, replace(before, signer_title="x" * 201, recipients=("y" * 201, "- Lưu: VT.")))
    assert _says(caught) == {("signer_title", Say.TOO_LONG), ("recipients", Say.TOO_LONG)}
    assert _kept(town) == before


@ON_SQLITE
def test_spaces_and_empty_lines_fall_away_and_letters_are_composed(town):
    decomposed = "Đu\u031b\u0301c Pho\u0302\u0309"
    kept = _keep(town, ReportSettings(place=f"  {decomposed} ", recipients=(" ", "- Lưu: VT.", "")))
    assert (kept.place, kept.recipients) == ("Đức Phổ", ("- Lưu: VT.",))


@ON_SQLITE
@pytest.mark.parametrize("who", ["supervisor", "administrator"])
def test_only_leader_and_data_officer_keep_them(town, who):
    with pytest.raises(Refused) as caught:
        _keep(town, ReportSettings(), getattr(town.people, who))
    assert _says(caught) == {("", Say.NOT_ALLOWED)}


@pytest.mark.parametrize(
    ("body", "symbol"),
    [
        ("ỦY BAN NHÂN DÂN THỊ XÃ ĐỨC PHỔ", "BC-UBND"),
        ("Uỷ ban nhân dân xã Phổ An", "BC-UBND"),
        ("UBND phường Bãi Cháy", "BC-UBND"),
        ("Phòng Lao động - Thương binh và Xã hội thị xã Đức Phổ", "BC-PLĐTBXH"),
        ("PHÒNG LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI HUYỆN BA TƠ", "BC-PLĐTBXH"),
        ("PHÒNG KINH TẾ XÃ PHỔ AN", "BC-PKT"),
        ("  ", ""),
    ],
)
def test_a_report_bears_the_sign_of_who_issues_it(body, symbol, workshop):
    assert symbol_of(body) == symbol
    assert is_committee(body) is (symbol == "BC-UBND")


def test_until_somebody_enters_one_the_sign_is_the_issuers(town):
    assert (_kept(town).symbol, _kept(town, "ba_to_2024").symbol) == ("BC-PLĐTBXH", "BC-UBND")
