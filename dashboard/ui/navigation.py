"""Going from page to page, and what a page's address keeps of the choices made on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

Query = dict[str, str]
IN_FLIGHT = 12
"""Addresses that a browser on a slow line may still be behind by."""


@dataclass
class Address:
    """The address of the page as this session knows it.

    `written`: what the browser may still say that it shows, newest last. A tap can be on its way here while the address
    that answers the tap before it is on its way there. `kept`: the choices that `keep` put there.
    """

    page: str
    written: list[Query] = field(default_factory=list)
    kept: dict[str, str | None] = field(default_factory=dict)


def go(address: str, **query: object) -> None:
    """Leave for another page. Empty values are left out of its address."""
    st.session_state.pop("address", None)  # also where it leads to the same page
    st.switch_page(
        st.session_state["pages"][address], query_params={k: str(v) for k, v in query.items() if v is not None}
    )


def arrive(page: str) -> None:
    """Begin a run of `page`: what it keeps of the address that it was opened with, or that Back leads to."""
    known = _known()
    if known.page != page:  # what another page kept says nothing about this one
        known = st.session_state["address"] = Address(page)
    _catch_up(known)
    _note(known, st.query_params.to_dict())


def forget() -> None:
    """Ask the address anew for everything."""
    _known().kept.clear()


def asked_anew(*names: str) -> bool:
    """Whether the address says something else under `names` than `keep` put there: on arrival, by a link, by Back."""
    known = _known()
    _catch_up(known)
    return any(name not in known.kept or st.query_params.get(name) != known.kept[name] for name in names)


def keep(choices: Mapping[str, str | None]) -> None:
    """Put choices into the address (None: take it out), so that a reload, a link or Back shows the same."""
    _known().kept |= choices
    _write(choices)


def ask(**choices: str | None) -> None:
    """Ask this page for something else, as a link to it would: what draws it finds this in its address."""
    for name in choices:
        _known().kept.pop(name, None)
    _write(choices)


def _write(choices: Mapping[str, str | None]) -> None:
    known = _known()
    _catch_up(known)
    now = st.query_params.to_dict()
    wanted = {name: value for name, value in (now | choices).items() if value is not None}
    if wanted != now:
        st.query_params.from_dict(wanted)
    _note(known, wanted)


def _known() -> Address:
    return st.session_state.setdefault("address", Address(""))


def _note(known: Address, address: Query) -> None:
    if not known.written or known.written[-1] != address:
        known.written = [*known.written[1 - IN_FLIGHT :], address]


def _catch_up(known: Address) -> None:
    """Take an address that the browser left behind for what was written last, and tell the browser once more."""
    now = st.query_params.to_dict()
    if now in known.written and now != known.written[-1] and not get_script_run_ctx().is_history_navigation:
        st.query_params.from_dict(known.written[-1])
