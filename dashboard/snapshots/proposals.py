"""Causes proposed for a period's text: what the records tell of each target behind. A person decides on them."""

from contextvars import copy_context

from dashboard.i18n.words import _n, say, speak
from dashboard.progress.reason_words import reason_said
from data_model.counting.rules import TargetProgress
from data_model.overview.lagging import Lack, Lagging, LaggingUnit

MOST_NAMED = 5
"""Communes told one by one."""


def proposed_causes(found: Lagging) -> dict[str, str]:
    """A cause by the code of each target that is behind and of its parts, in Vietnamese as the report is; targets of
    which the records tell nothing are left out.
    """
    return copy_context().run(_proposed, found)


def _proposed(found: Lagging) -> dict[str, str]:
    speak("vi")
    there: dict[int, list[tuple[LaggingUnit, Lack]]] = {}
    for one in found.units:
        for lack in one.lacks:
            if lack.late:
                there.setdefault(lack.target.line.activity_id, []).append((one, lack))
    causes = {lack.target.line.code: _of_target(lack.target, lack, there) for lack in found.targets}
    for places in there.values():
        causes.setdefault(places[0][1].target.line.code, _of_places(places))
    return {code: text for code, text in causes.items() if text}


def _of_target(target: TargetProgress, lack: Lack, there: dict[int, list[tuple[LaggingUnit, Lack]]]) -> str:
    ids = (target.line.activity_id, *target.line.part_ids)
    places = [place for activity in ids for place in there.get(activity, [])]
    return _of_places(places) if places else _sentence("; ".join(reason_said(reason) for reason in lack.reasons))


def _of_places(places: list[tuple[LaggingUnit, Lack]]) -> str:
    told = [
        f"{one.unit.full_name}: {_reasons(lack) or say(lack.target.line.name)}" for one, lack in places[:MOST_NAMED]
    ]
    if more := len(places) - len(told):
        told.append(_n("{count} more commune", "{count} more communes", more).lower())
    return _sentence("; ".join(told))


def _reasons(lack: Lack) -> str:
    return ", ".join(reason_said(reason) for reason in lack.reasons)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""
