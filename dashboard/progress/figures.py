"""The leader's figures of a plan on a day, kept in this process as long as nothing in them changes."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import streamlit as st
from sqlmodel import Session

from dashboard.i18n.words import language
from dashboard.server.database import database
from data_model.core.access import Act, Actor
from data_model.counting.rules import PlanProgress
from data_model.overview.lagging import Lagging, lagging
from data_model.plans.view import PlanView, view_plan
from data_model.progress.component_money import MoneyAt, money_tree
from data_model.progress.figures import data_version, default_day, money, own_progress, plan_progress


class Key(NamedTuple):
    """What a kept figure, and whatever is drawn from it, depends on."""

    plan_id: int
    revision: int
    records_version: int
    as_of: date
    language: str


@dataclass(frozen=True)
class Figures:
    """Progress and money of a plan on a day; `key` names them for whatever is drawn from them and kept."""

    key: Key
    progress: PlanProgress
    money: dict[int, MoneyAt]


def figures_of(actor: Actor, plan_id: int, as_of: date) -> Figures:
    """The figures, counted again only when a record or the plan has changed. Raises Refused for roles that do not
    lead.
    """
    # Kept figures are given without asking data_model again.
    actor.require(Act.READ_PROGRESS)
    with database().reading() as session:
        # The version first: what is counted after it is at least as new, and a change in between is seen at the next
        # look.
        version = data_version(session, actor, plan_id)
        key = Key(plan_id, view_plan(session, plan_id).revision, version, as_of, language())
        progress, paid = _count(key[:-1], session, actor)
    return Figures(key, progress, paid)


def own_figures(actor: Actor, plan: PlanView) -> PlanProgress:
    """Progress as far as the account's own units go, counted again only when a record or the plan has changed."""
    with database().reading() as session:
        key = (
            plan.id,
            plan.revision,
            data_version(session, actor, plan.id),
            default_day(plan),
            actor.role,
            actor.grants,
        )
        return _count_own(key, session, actor)


@st.cache_resource(show_spinner=False, max_entries=200)
def _count_own(key: tuple, _session: Session, _actor: Actor) -> PlanProgress:
    return own_progress(_session, _actor, key[0])


# Shared and never changed: handed out as they are, without a copy for every visitor.
@st.cache_resource(show_spinner=False, max_entries=50)
def _count(key: tuple, _session: Session, _actor: Actor) -> tuple[PlanProgress, dict[int, MoneyAt]]:
    plan_id, _revision, _version, as_of = key
    progress = plan_progress(_session, _actor, plan_id, as_of)
    return progress, money_tree(progress.plan, money(_session, _actor, plan_id, as_of))


def lagging_of(actor: Actor, figures: Figures) -> Lagging:
    """Where the plan lags and why, read again only when a record or the plan has changed."""
    actor.require(Act.READ_PROGRESS)
    return _lagging(figures.key[:-1], actor, figures)


# Shared and never changed: whoever leads sees the same communes.
@st.cache_resource(show_spinner=False, max_entries=50)
def _lagging(key: tuple, _actor: Actor, _figures: Figures) -> Lagging:
    with database().reading() as session:
        return lagging(session, _actor, _figures.progress)
