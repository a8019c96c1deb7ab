"""The parts of the overview as HTML, in the order in which a leader asks. Every text that comes from data is escaped.

A button carries what it opens as {"page": address, ...what that page is asked}.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from html import escape

from dashboard.i18n.words import _, _n, day, money, number, percent, say
from dashboard.progress import planned_words
from dashboard.progress.due_soon import Way, ways
from dashboard.progress.headline import mean_said, nothing_behind, sentence
from dashboard.progress.reason_words import last_sent_said, reason_said
from dashboard.server import addresses
from dashboard.ui.figure_table import button
from dashboard.ui.status_look import LOOKS, Look, chip, look_of_share
from data_model.core.access import Actor
from data_model.core.clock import VIETNAM
from data_model.counting.rules import PlanProgress, TargetProgress, TargetStatus
from data_model.overview.known_by import known_by
from data_model.overview.lagging import Lack, Lagging, LaggingUnit, Reason, Why
from data_model.overview.moved import Moved
from data_model.overview.waiting import FrozenWaiting, Waiting
from data_model.plans.view import PlanView
from data_model.progress.component_money import MoneyAt, plan_money
from data_model.snapshots.approval import Step

MOST_UNITS = 4
"""Communes told one by one at first; the others unfold."""
MOST_LATE = 3
"""Targets told of one commune."""


def opens(page: str, **asked: object) -> dict[str, str]:
    """What a button leads to; empty values are left out."""
    return {"page": page} | {name: str(value) for name, value in asked.items() if value is not None}


def _section(name: str, title: str, body: str) -> str:
    return f'<section class="{name}"><h2>{escape(title)}</h2>{body}</section>'


# --- how it stands ------------------------------------------------------------------------------------------


def standing(progress: PlanProgress) -> str:
    """Targets by status as large chips, each leading to the targets; a sentence and the mean below."""
    to = opens(addresses.PROGRESS, plan=progress.plan.code)
    chips = "".join(
        button(to, _big_chip(status, count), f"{say(status.label)}: {number(count)}")
        for status in LOOKS
        if (count := progress.headline[status])
    )
    return (
        f'<div class="chips">{chips}</div>'
        f'<p class="sentence">{escape(sentence(progress))}'
        f' <span class="quiet">{escape(mean_said(progress))}.</span></p>'
    )


def _big_chip(status: TargetStatus, count: int) -> str:
    look = LOOKS[status]
    return (
        f'<span class="big" style="background:{look.colour};color:{look.ink}"><b>{escape(look.shape)} '
        f"{escape(number(count))}</b>{escape(say(status.label))}</span>"
    )


# --- what it is known by ------------------------------------------------------------------------------------


def figures(progress: PlanProgress, paid: Mapping[int, MoneyAt]) -> str:
    """The figures that the plan is known by, large, and its money."""
    tiles = [_tile(progress, target) for target in known_by(progress)]
    if (whole := plan_money(progress.plan, paid)).budget is not None or whole.paid.reported:
        tiles.append(_money_tile(progress.plan, whole))
    if not tiles:
        return f'<p class="quiet">{escape(_("Nothing has been recorded for this plan yet."))}</p>'
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _tile(progress: PlanProgress, target: TargetProgress) -> str:
    verified, reported = planned_words.done(target)
    name, look = say(target.line.name), LOOKS[target.status]
    if target.line.is_measured:
        big = number(target.measured[0] if target.measured else None)
        measure = _("planned: {said}", said=planned_words.planned(target))
    elif target.need is not None:
        big, measure = f"{verified}/{number(target.need)}", planned_words.measure_done(target)
    else:
        big, measure = verified, planned_words.measure_done(target)
    beside = [measure] if measure else []
    if reported not in (None, verified) and not target.line.is_measured:
        beside.append(_("{reported} reported", reported=reported))
    inner = (
        f'<span class="name">{escape(name)}</span><span class="figure">{escape(big)}</span>'
        f'<span class="word">{chip(look, say(target.status.label))}</span>'
        f"{_bar(target.percent, target.percent_reported, _planned(target), look)}"
        f'<span class="quiet">{escape(" · ".join(beside))}</span>'
    )
    to = opens(addresses.RECORDS, plan=progress.plan.code, activity=target.line.code, status="all")
    return f'<div class="tile">{button(to, inner, f"{name}: {big}, {say(target.status.label)}")}</div>'


def _planned(target: TargetProgress) -> Fraction | None:
    """Planned to date as a share of the year's number."""
    if target.planned_to_date is None or not target.need or target.line.is_measured:
        return None
    return target.planned_to_date / target.need


def _money_tile(plan: PlanView, whole: MoneyAt) -> str:
    share = whole.share_paid
    if whole.budget is None:
        big, beside = money(whole.paid.verified), _("paid, verified; the plan does not name every amount")
    else:
        big = percent(share)
        beside = _("paid {paid} of {budget}", paid=money(whole.paid.verified), budget=money(whole.budget))
    if whole.paid.reported != whole.paid.verified:
        beside += " · " + _("{reported} reported", reported=money(whole.paid.reported))
    reported = Fraction(whole.paid.reported) / whole.budget if whole.budget else None
    inner = (
        f'<span class="name">{escape(_("Money"))}</span><span class="figure">{escape(big)}</span>'
        f"{_bar(share, reported, None, None)}"
        f'<span class="quiet">{escape(beside)}</span>'
    )
    to = opens(addresses.PROGRESS, plan=plan.code)
    return f'<div class="tile money">{button(to, inner, ", ".join((_("Money"), big, beside)))}</div>'


def _bar(verified: Fraction | None, reported: Fraction | None, planned: Fraction | None, look: Look | None) -> str:
    """Verified, reported behind it, a mark where it should stand by now; nothing where there is no number."""
    if verified is None:
        return '<span class="bar none"></span>'
    colour = f"background:{look.colour}" if look else "background:var(--st-primary-color)"

    def wide(share: Fraction | None) -> str:
        return f"{float(min(max(share or Fraction(0), Fraction(0)), Fraction(1)) * 100):.1f}%"

    mark = (
        f'<i class="planned" style="left:{wide(planned)}" title="{escape(_("planned to date"))}"></i>'
        if planned is not None
        else ""
    )
    return (
        f'<span class="bar"><i class="reported" style="{colour};width:{wide(reported)}"></i>'
        f'<i style="{colour};width:{wide(verified)}"></i>{mark}</span>'
    )


# --- where it lags, and why ---------------------------------------------------------------------------------


def communes(progress: PlanProgress, found: Lagging, holding: Mapping[int, Sequence[str]], today: date) -> str:
    """Communes that lag, worst first, each with what is late there and why; without any, what can be said instead."""
    late, others = found.late_units, [unit for unit in found.units if not unit.late]
    title = _("Where it lags")
    if late:
        title = _n(
            "{count} commune of {all} lags", "{count} communes of {all} lag", len(late), all=len(progress.plan.units)
        )
    shown = late or others
    rows = [_commune(progress.plan, unit, holding.get(unit.unit.id, ()), today) for unit in shown]
    body = "".join(rows[:MOST_UNITS])
    if rest := rows[MOST_UNITS:]:
        more = _n("{count} more commune", "{count} more communes", len(rest))
        body += f"<details><summary>{escape(more)}</summary>{''.join(rest)}</details>"
    if not late:
        body = f'<p class="sentence">{escape(_none_late(progress, found))}</p>' + body
    else:
        body += f'<p class="quiet">{escape(_not_late(others))}</p>'
    to_map = button(opens(addresses.MAP, plan=progress.plan.code), f"{escape(_('See them on the map'))} ›", _("Map"))
    return _section("communes", title, f"{body}<p>{to_map}</p>")


def _none_late(progress: PlanProgress, found: Lagging) -> str:
    """Why no commune is called late: nothing due in communes, all done, or nothing to judge by."""
    if not any(unit.mean is not None for unit in progress.units.values()):
        return _(
            "The plan puts no number into single communes, so none can be called slow. The map shows what was done."
        )
    if not found.units:
        return _("Every commune has reached what is due there.")
    return _("No commune lags.") if found.targets else nothing_behind(progress)


def _not_late(others: Sequence[LaggingUnit]) -> str:
    """How the list is ordered, and who is not in it."""
    order = _("Lowest mean first. A commune lags where a target of it is late and is not reached there.")
    if not others:
        return order
    return f"{order} " + _n(
        "{count} more commune is not complete, but not late.",
        "{count} more communes are not complete, but not late.",
        len(others),
    )


def _commune(plan: PlanView, one: LaggingUnit, names: Sequence[str], today: date) -> str:
    """One commune: share and name lead to its panel on the map, each missing target to its records."""
    mean = one.progress.mean
    share = (
        ""
        if mean is None
        else f'<span class="share">{escape(look_of_share(mean).shape)} {escape(percent(mean))}</span>'
    )
    who = ", ".join(names) or _("nobody holds this commune")
    name = one.unit.full_name
    head = button(
        opens(addresses.MAP, plan=plan.code, unit=one.unit.id),
        f"{share}<b>{escape(name[:1].upper() + name[1:])}</b>",
        _("{name} on the map", name=name),
    )
    shown = ([lack for lack in one.lacks if lack.late] or list(one.lacks))[:MOST_LATE]
    said = [who, last_sent_said(one.last_sent, today)]
    if more := len(one.lacks) - len(shown):
        said.append(_n("{count} more target not complete here", "{count} more targets not complete here", more))
    about = f'<span class="quiet">{escape(" · ".join(said))}</span>'
    lacks = "".join(f"<li>{_lack(plan, lack, one.unit.id)}</li>" for lack in shown)
    late = "late" if one.late else ""
    return f'<article class="{late}"><div class="who">{head}{about}</div><ul>{lacks}</ul></article>'


def _lack(plan: PlanView, lack: Lack, unit_id: int) -> str:
    line, cell = lack.target.line, lack.cell
    asked = opens(addresses.RECORDS, plan=plan.code, activity=line.code, unit=unit_id, status="all")
    status = chip(LOOKS[lack.target.status], say(lack.target.status.label))
    figure = ""
    if cell is not None and cell.need and not line.is_measured:
        figure = f"{number(cell.done.verified)}/{number(cell.need)}"
    name = _named(asked, say(line.name), figure)
    return f"{status}<div>{name} {_reasons(plan, lack, unit_id)}</div>"


def _named(to: dict[str, str], name: str, figure: str) -> str:
    """A target by its figure and name, which lead to its records."""
    said = f'<span class="figure">{escape(figure)}</span> ' if figure else ""
    return button(to, f"{said}{escape(name)} ›", _("Records of {name}", name=name))


def _reasons(plan: PlanView, lack: Lack, unit_id: int | None) -> str:
    """Why, after a dash; what waits or came back leads to those records."""
    said = [_reason(plan, lack, reason, unit_id) for reason in lack.reasons]
    return f'<span class="why">{"; ".join(said)}</span>' if said else ""


def _reason(plan: PlanView, lack: Lack, reason: Reason, unit_id: int | None) -> str:
    status = {Why.RETURNED: "returned", Why.NOT_VERIFIED: "sent"}.get(reason.why)
    words = reason_said(reason)
    if status is None:
        return escape(words)
    to = opens(addresses.RECORDS, plan=plan.code, activity=lack.target.line.code, unit=unit_id, status=status)
    return button(to, f"{escape(words)} ›", words)


def targets(plan: PlanView, found: Lagging) -> str:
    """The plan's targets that are behind, the most urgent first, with why."""
    if not found.targets:
        return ""
    rows = "".join(f"<li>{_target(plan, lack)}</li>" for lack in found.targets)
    return _section("behind", _("Targets behind"), f"<ul>{rows}</ul>")


def _target(plan: PlanView, lack: Lack) -> str:
    target = lack.target
    verified, _reported = planned_words.done(target)
    figure = verified if target.line.is_measured or target.need is None else f"{verified}/{number(target.need)}"
    to = opens(addresses.RECORDS, plan=plan.code, activity=target.line.code, status="all")
    name = _named(to, say(target.line.name), figure)
    why = _reasons(plan, lack, None)
    if lack.short_in:
        short = _n("not reached in {count} commune", "not reached in {count} communes", lack.short_in)
        why = f'<span class="why">{escape(short)}</span>'
    return f"{chip(LOOKS[target.status], say(target.status.label))}<div>{name} {why}</div>"


# --- what waits, what moved ---------------------------------------------------------------------------------


def waits(actor: Actor, plan: PlanView, found: Waiting, today: date) -> str:
    """What waits for the account, each one tap from the act."""
    items = [
        *(_frozen(plan, one) for one in found.frozen),
        *_not_frozen(plan, found),
        *_to_verify(plan, found, today),
        *(_way(way) for way in ways(actor, plan, found.due)),
    ]
    body = f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""
    said = body or f'<p class="sentence">{escape(_("Nothing waits for you."))}</p>'
    return _section("waits", _("What waits for me"), said)


def _frozen(plan: PlanView, one: FrozenWaiting) -> str:
    head = one.head
    about = {"name": say(head.period.label), "who": head.submitted_by or head.made_by}
    said = {
        Step.APPROVE: _("{name} waits for approval: {who} submitted it on {day}", **about, day=_on(head.submitted_at)),
        Step.ISSUE: _("{name} is approved and waits to be issued", **about),
        Step.SUBMIT: _("{name} is a draft and waits to be submitted", **about),
    }[one.step]
    return button(opens(addresses.SNAPSHOT, plan=plan.code, snapshot=head.id), f"{escape(said)} ›", said)


def _on(moment: datetime | None) -> str:
    return day(None if moment is None else moment.astimezone(VIETNAM).date())


def _not_frozen(plan: PlanView, found: Waiting) -> Iterable[str]:
    if one := found.not_frozen:
        said = _("{name} ended on {day} and is not frozen yet", name=say(one.period.label), day=day(one.ended_on))
        yield button(opens(addresses.SNAPSHOTS, plan=plan.code, period=one.period.value), f"{escape(said)} ›", said)


def _to_verify(plan: PlanView, found: Waiting, today: date) -> Iterable[str]:
    if found.to_verify:
        said = _n("{count} record waits to be verified", "{count} records wait to be verified", found.to_verify)
        if found.sent_since is not None:
            said += " " + _n(
                "(the longest for {count} day, since {day})",
                "(the longest for {count} days, since {day})",
                (today - found.sent_since).days,
                day=day(found.sent_since),
            )
        yield button(opens(addresses.REVIEW, plan=plan.code), f"{escape(said)} ›", said)


def _way(way: Way) -> str:
    return (
        button({"page": way.page, **way.query}, f"{escape(way.label)} ›", way.label) if way.page else escape(way.label)
    )


def week(plan: PlanView, found: Moved) -> str:
    """What moved in seven days, one line each."""
    to = opens(addresses.RECORDS, plan=plan.code, status="all")
    items = []
    if found.sent:
        said = _n("{count} record came in", "{count} records came in", found.sent)
        items.append(button(to, f"{escape(said)} ›", said))
    if found.verified:
        names = "; ".join(
            f"{number(count)} {say(plan.line_by_activity[activity].name)}"
            for activity, count in sorted(found.verified.items(), key=lambda pair: -pair[1])[:3]
        )
        count = sum(found.verified.values())
        said = _n("{count} record verified: {names}", "{count} records verified: {names}", count, names=names)
        items.append(button(opens(addresses.RECORDS, plan=plan.code, status="verified"), f"{escape(said)} ›", said))
    if found.returned:
        said = _n("{count} record returned", "{count} records returned", found.returned)
        items.append(button(opens(addresses.RECORDS, plan=plan.code, status="returned"), f"{escape(said)} ›", said))
    if found.asked or found.closed:
        said = _("Recommendations: {asked} new, {closed} confirmed", asked=found.asked, closed=found.closed)
        items.append(button(opens(addresses.FOLLOW_UP, plan=plan.code), f"{escape(said)} ›", said))
    body = f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""
    empty = f'<p class="sentence">{escape(_("Nothing moved."))}</p>'
    return _section("week", _("Since {day}", day=day(found.since)), body or empty)


def tools() -> str:
    """Print this page, or fill a wall's screen with it."""
    return (
        f'<p class="tools"><button type="button" data-print>{escape(_("Print this page"))}</button>'
        f'<button type="button" data-wall>{escape(_("Whole screen"))}</button></p>'
    )
