"""Phasing: how much of a target each quarter owes, entered by a leader (rule R23 of `counting`).

The plans themselves give only windows; until a leader enters or accepts shares, a target has no
planned-to-date.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from sqlmodel import Session, select

from data_model.core import clock, journal
from data_model.core.access import Act, Actor
from data_model.core.problems import Problem, Refused, Say
from data_model.plans.quantities import exact
from data_model.plans.tables import Phase
from data_model.plans.view import Line, PlanView, revise, view_plan

Shares = Mapping[int, Fraction]


def set_phasing(session: Session, actor: Actor, plan_id: int, shares: dict[int, dict[int, Fraction]]) -> None:
    """Set the quarters' shares of some targets: target id -> quarter (1 to 4) -> quantity, {} for no phasing.

    Raises Refused with every problem, `where` being "target id" or "target id.quarter"; nothing is written then.
    """
    actor.require(Act.SET_PHASING)
    plan = view_plan(session, plan_id)
    line_of = {line.target_id: line for line in plan.target_lines}
    wanted = {t: {q: exact(share) for q, share in by_quarter.items()} for t, by_quarter in shares.items()}
    problems = [p for t, by_quarter in wanted.items() for p in _problems(plan, line_of.get(t), t, by_quarter)]
    if problems:
        raise Refused(problems)
    changed = {
        t: _kept(plan, line_of[t], q) for t, q in wanted.items() if _kept(plan, line_of[t], q) != line_of[t].phases
    }
    if not changed:
        return
    revision = revise(session, plan_id).revision
    for target_id, by_quarter in changed.items():
        _write(session, actor, target_id, by_quarter)
    journal.note(
        session,
        actor,
        "set_phasing",
        "plan",
        plan_id,
        before={"phasing": _written({t: line_of[t].phases for t in changed})},
        after={"phasing": _written(changed), "revision": revision},
    )


def _problems(plan: PlanView, line: Line | None, target_id: int, shares: Shares) -> Iterator[Problem]:
    if line is None or line.need is None:
        yield Problem(f"{target_id}", Say.NOT_FOUND)
        return
    if not shares:
        return
    reached = window_quarters(plan, line)
    for quarter, share in shares.items():
        if share < 0:
            yield Problem(f"{target_id}.{quarter}", Say.TOO_SMALL, {"least": 0})
        elif quarter not in reached and share:
            yield Problem(f"{target_id}.{quarter}", Say.PHASING_OUTSIDE_WINDOW)
    total = line.total_need
    if sum(shares.values()) != total:
        yield Problem(f"{target_id}", Say.PHASING_SUM, {"sum": sum(shares.values()), "total": total})


def _kept(plan: PlanView, line: Line, shares: Shares) -> dict[int, Fraction]:
    # A grid hands in 0 for the quarters that the window does not reach: nothing is due there.
    reached = window_quarters(plan, line)
    return {quarter: share for quarter, share in shares.items() if quarter in reached}


def _write(session: Session, actor: Actor, target_id: int, shares: Shares) -> None:
    for old in session.exec(select(Phase).where(Phase.target_id == target_id)):
        session.delete(old)
    session.flush()
    now = clock.now()
    session.add_all(
        Phase(target_id=target_id, quarter=quarter, quantity=share, accepted_by=actor.id, accepted_at=now)
        for quarter, share in shares.items()
    )
    session.flush()


def _written(shares: Mapping[int, Shares]) -> dict[str, dict[str, str]]:
    return {str(t): {str(q): str(share) for q, share in sorted(by_quarter.items())} for t, by_quarter in shares.items()}


def propose_even(plan: PlanView, line: Line) -> dict[int, Fraction]:
    """An even phasing over the quarters that the window reaches into; the first quarters take what is left over.

    Empty where there is nothing to phase: no number, or a measured target.
    """
    need = line.total_need
    if need is None or line.is_measured:
        return {}
    quarters = window_quarters(plan, line)
    base, left = divmod(need, len(quarters))
    return {q: base + max(Fraction(0), min(Fraction(1), left - i)) for i, q in enumerate(quarters)}


def window_quarters(plan: PlanView, line: Line) -> list[int]:
    """Quarters (1 to 4) that the target's window reaches into; all four without a window."""
    begins = [plan.starts_on, *plan.quarter_ends[:3]]
    first, last = line.window_from or plan.starts_on, line.window_to or line.due or plan.ends_on
    reached = [
        q
        for q, (after, end) in enumerate(zip(begins, plan.quarter_ends, strict=True), 1)
        if first <= end and (last > after or (q == 1 and last >= after))
    ]
    return reached or [4]
