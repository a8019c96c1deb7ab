"""Old figures by the units of their time or by today's: the choice, and what it means."""

import streamlit as st

from dashboard.i18n.words import _, plain, say
from dashboard.server.database import database
from dashboard.ui.choice import choose_one
from data_model.core import clock
from data_model.counting.by_other_units import InUnits, in_units_of
from data_model.counting.rules import PlanProgress


def in_chosen_units(progress: PlanProgress, key: tuple, name: str) -> InUnits | None:
    """The progress by today's units where the person asks for them, else None. No choice is shown where the units still
    stand.

    `key` says what the progress depends on, `name` tells the pages apart that ask.
    """
    now = _in_units(key, clock.today().isoformat(), progress)
    if not _differs(progress, now):
        return None
    if choose_one(_("Units"), {"then": _("Units of that time"), "now": _("Units of today")}, f"units-{name}") == "then":
        return None
    _explain(now)
    return now


# Shared and never changed; the lineage changes only with an import of units.
@st.cache_resource(show_spinner=False, max_entries=20, ttl=600)
def _in_units(key: tuple, today: str, _progress: PlanProgress) -> InUnits:
    with database().reading() as session:
        return in_units_of(session, _progress, clock.today())


def _differs(progress: PlanProgress, now: InUnits) -> bool:
    return {u.code for u in progress.plan.units} != {u.code for u in now.progress.plan.units} or any(
        len(old) > 1 for old in now.took.values()
    )


def _explain(now: InUnits) -> None:
    """Which new unit took which old ones, that nothing is counted twice, and what has no sum."""
    st.caption(
        _(
            "Every old unit is added to one new unit only, so nothing is counted twice. What is due in a new unit is"
            " the sum of what was due in the old ones."
        )
    )
    with st.expander(_("Which new unit took which old ones"), icon=":material/merge:"):
        for unit in now.progress.plan.units:
            st.markdown(f"**{plain(unit.full_name)}**: {plain(', '.join(now.took.get(unit.id, ())))}")
    names = [say(now.progress.by_activity[activity].line.name) for activity in now.unsummed]
    if names:
        st.caption(
            plain(_("Measured commune by commune and therefore without a sum: {names}.", names="; ".join(names)))
        )
