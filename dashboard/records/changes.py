"""What changed between two versions of a record, as a person reads it: what, before, after."""

from html import escape

import streamlit as st

from dashboard.i18n.words import _, say
from dashboard.records.answers import change_in_words
from data_model.plans.view import PlanView
from data_model.records.versions import Difference, Position

Row = tuple[str, str, str]
"""What differs, before, after; empty where nothing was given."""

STYLE = """<style>
.so-changes { width: 100%; border-collapse: collapse; margin: 0.25rem 0 0.75rem; }
.so-changes th, .so-changes td { text-align: left; vertical-align: top; padding: 0.4rem 0.8rem 0.4rem 0;
  overflow-wrap: anywhere; white-space: pre-line; font-weight: 400; width: 36%;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
.so-changes th:first-child { width: 28%; }
.so-changes thead th { font-size: 0.88rem; opacity: 0.85; }
.so-changes .new { font-weight: 600; }
.so-changes .old { text-decoration: line-through; text-decoration-thickness: 1px; opacity: 0.85; }
@media (max-width: 600px) {
  .so-changes, .so-changes tbody, .so-changes tr, .so-changes th, .so-changes td {
    display: block; width: auto; border: 0; padding: 0; }
  .so-changes thead { position: absolute; clip-path: inset(50%); }
  .so-changes tr { padding: 0.4rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
  .so-changes tbody th { font-size: 0.88rem; opacity: 0.85; }
}
</style>"""


def change_rows(difference: Difference, plan: PlanView) -> list[Row]:
    """Every change of a record of `plan`, place and round first."""
    rows = []
    if difference.unit:
        rows.append(
            (_("Commune"), *(plan.unit_by_id[u].full_name if u in plan.unit_by_id else "" for u in difference.unit))
        )
    if difference.round:
        names = {
            round_id: say(name) for line in plan.all_lines for round_id, name in (*line.rounds, *line.withdrawn_rounds)
        }
        rows.append((_("Monitoring round"), *(names.get(r, "") for r in difference.round)))
    if difference.position:
        rows.append((_("Position"), *(position_text(p) for p in difference.position)))
    rows += [change_in_words(change) for change in difference.answers]
    rows += [(_("Photos and files"), name, "") for name in difference.removed]
    rows += [(_("Photos and files"), "", name) for name in difference.added]
    return rows


def position_text(position: Position) -> str:
    """Latitude and longitude in degrees; empty text where there is none."""
    latitude, longitude = position
    return "" if latitude is None or longitude is None else f"{latitude:.5f}, {longitude:.5f}"


def draw_changes(rows: list[Row]) -> None:
    """The changes as a table."""
    titles = (_("What"), _("Before"), _("After"))
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    body = "".join(
        f'<tr><th scope="row">{escape(what)}</th>'
        f'<td class="old">{_or_empty(before)}</td><td class="new">{_or_empty(after)}</td></tr>'
        for what, before, after in rows
    )
    st.html(f'{STYLE}<table class="so-changes"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')


def _or_empty(text: str) -> str:
    return escape(text) if text else f'<span style="text-decoration:none;opacity:0.7">{escape(_("(empty)"))}</span>'
