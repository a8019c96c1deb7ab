"""Texts around a report: who issues it, who signs, who receives it (Nghị định 30/2020/NĐ-CP, Annex I). Kept for each
plan.
"""

import re
from dataclasses import asdict, dataclass, fields

from sqlmodel import Session

from data_model.core import journal
from data_model.core.access import Act, Actor
from data_model.core.problems import Say, refuse
from data_model.core.text import kept_texts, nfc
from data_model.plans.view import view_plan
from data_model.snapshots.tables import ReportHeading

MOST, MOST_RECIPIENTS = 200, 50
COMMITTEE = ("uỷ ban nhân dân", "ủy ban nhân dân", "ubnd")
"""How the name of a People's Committee begins, in either spelling."""
PLACE = re.compile(r"\s(?:xã(?!\s+hội)|phường|thị trấn|thị xã|huyện|quận|thành phố|tỉnh)\s", re.IGNORECASE)
"""Where an office's own name ends and that of its place begins."""


@dataclass(frozen=True)
class ReportSettings:
    """The texts of heading and signature, as they are printed. Empty ones leave room to write by hand; no name is
    invented.
    """

    superior: str = ""
    body: str = ""
    symbol: str = "BC-UBND"
    place: str = ""
    kind: str = "BÁO CÁO"
    addressee: str = ""
    authority: str = ""
    signer_title: str = ""
    signer_name: str = ""
    recipients: tuple[str, ...] = ("- Lưu: VT.",)


def is_committee(body: str) -> bool:
    """Whether a body is a People's Committee, which has no superior body above its name (Nghị định 30/2020/NĐ-CP)."""
    return body.strip().lower().startswith(COMMITTEE)


def symbol_of(body: str, kind: str = "BC") -> str:
    """The symbol that a report of this body bears behind its number: "BC-UBND" of a People's Committee, otherwise the
    first letters of the office's own name: "BC-PLĐTBXH" of a Phòng Lao động - Thương binh và Xã hội. Empty for no name.
    """
    name = nfc(body).strip()
    if not name:
        return ""
    if is_committee(name):
        return f"{kind}-UBND"
    own = PLACE.split(f" {name} ", maxsplit=1)[0]
    letters = "".join(word[0] for word in re.findall(r"\w+", own) if word.lower() != "và")
    return f"{kind}-{letters.upper()}" if letters else ""


def report_settings(session: Session, actor: Actor, plan_id: int) -> ReportSettings:
    """The plan's texts; until somebody enters them, its issuer and place."""
    actor.require(Act.READ_SNAPSHOTS)
    plan = view_plan(session, plan_id)
    kept = session.get(ReportHeading, plan_id)
    if kept is not None:
        return ReportSettings(**{**kept.texts, "recipients": tuple(kept.texts["recipients"])})
    body = (plan.issuer or "").upper()
    return ReportSettings(body=body, symbol=symbol_of(body) or ReportSettings.symbol, place=plan.owner.name)


def set_report_settings(session: Session, actor: Actor, plan_id: int, texts: ReportSettings) -> ReportSettings:
    """Keep the texts. Raises Refused with the field that is too long."""
    actor.require(Act.FREEZE)
    view_plan(session, plan_id)
    if len(texts.recipients) > MOST_RECIPIENTS:
        raise refuse(Say.TOO_MANY_ROWS, "recipients", most=MOST_RECIPIENTS)
    names = [f.name for f in fields(texts) if f.name != "recipients"]
    told = [(name, getattr(texts, name), MOST) for name in names]
    read = kept_texts(*told, *(("recipients", line, MOST) for line in texts.recipients))
    now = ReportSettings(**dict(zip(names, read, strict=False)), recipients=tuple(filter(None, read[len(names) :])))
    before = report_settings(session, actor, plan_id)
    kept = session.get(ReportHeading, plan_id, with_for_update=True) or ReportHeading(plan_id=plan_id, version=0)
    kept.texts, kept.version = asdict(now) | {"recipients": list(now.recipients)}, kept.version + 1
    session.add(kept)
    journal.note(session, actor, "set_report_settings", "plan", plan_id, asdict(before), asdict(now))
    return now
