"""The files of a snapshot: made beside the pages, with their steps shown, found again by who asked for them, then
downloaded.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from sqlmodel import Session

from dashboard.i18n.words import _, moment, number, plain, refusal
from dashboard.server.database import database
from dashboard.ui.frame import acting, main_button
from dashboard.ui.long_work import Key, Stage, Tell, TooMuchWork, Work, long_work
from data_model.core.access import Actor
from data_model.core.clock import VIETNAM
from data_model.core.journal import head as journal_head
from data_model.core.problems import Refused
from data_model.periods.tables import SnapshotStatus
from data_model.plans.view import view_plan
from data_model.snapshots.content import SnapshotContent
from data_model.snapshots.proving import require_intact
from data_model.snapshots.reading import Head, open_snapshot
from data_model.snapshots.report_settings import ReportSettings, report_settings

FILES_PATH = "/tai-bao-cao"
OWN_STEPS = 2
"""Reading and drawing, before the writer of the format counts its own steps."""


@dataclass(frozen=True)
class Format:
    """A kind of file that is made of a snapshot."""

    code: str
    icon: str
    ending: str
    mime: str

    @property
    def label(self) -> str:
        return {
            "word": _("Word report"),
            "excel": _("Excel tables"),
            "pdf": _("PDF report"),
            "picture": _("One-page picture"),
        }[self.code]

    @property
    def use(self) -> str:
        """What it is good for, in one line."""
        return {
            "word": _("to be edited and signed, laid out as an official document"),
            "excel": _("every figure as a number, with the records"),
            "pdf": _("the same as in Word, to be read and sent on"),
            "picture": _("for a meeting or a chat group"),
        }[self.code]


_OFFICE = "application/vnd.openxmlformats-officedocument."
FORMATS = (
    Format("word", "description", "docx", f"{_OFFICE}wordprocessingml.document"),
    Format("excel", "table_view", "xlsx", f"{_OFFICE}spreadsheetml.sheet"),
    Format("pdf", "picture_as_pdf", "pdf", "application/pdf"),
    Format("picture", "image", "png", "image/png"),
)


@dataclass(frozen=True)
class Wanted:
    """What a file is made of: the snapshot as it stands, and the texts around it."""

    head: Head
    plan_code: str
    settings: ReportSettings

    def key(self, actor: Actor, one: Format) -> Key:
        """Another key whenever the file would be another."""
        return actor.id, one.code, self.head.id, self.head.row_version, self.settings

    def file_name(self, one: Format) -> str:
        return f"{self.plan_code}-{self.head.period}-ban-{self.head.version}.{one.ending}"


def wanted_of(session: Session, actor: Actor, head: Head) -> Wanted:
    """What the files of that snapshot are made of now."""
    return Wanted(head, view_plan(session, head.plan_id).code, report_settings(session, actor, head.plan_id))


def draw(actor: Actor, head: Head) -> None:
    """A row for each format: to be made, under way, or ready. It asks again by itself only while something is under
    way.
    """
    with database().reading() as session:
        wanted = wanted_of(session, actor, head)
    busy = any((work := long_work.find(wanted.key(actor, one))) and work.is_busy for one in FORMATS)
    st.caption(
        _("Making a file takes some seconds. You may leave this page meanwhile; the file waits here for half an hour.")
    )
    st.fragment(_rows, run_every=1.0 if busy else None)(wanted, busy)


def _rows(wanted: Wanted, was_busy: bool) -> None:
    actor = acting()
    works = {one: long_work.find(wanted.key(actor, one)) for one in FORMATS}
    for one, work in works.items():
        with st.container(border=True, key=f"file-{one.code}"):
            _row(actor, wanted, one, work)
    if was_busy and not any(work and work.is_busy for work in works.values()):
        st.rerun()


def _row(actor: Actor, wanted: Wanted, one: Format, work: Work | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/{one.icon}: **{one.label}**  \n{one.use}", width="stretch")
        if work is None or work.stage is Stage.FAILED:
            if st.button(_("Make the file"), key=f"make-{one.code}", icon=":material/play_arrow:"):
                _start(actor, wanted, one)
        elif work.stage is Stage.DONE:
            _download(actor, wanted, one, work)
    if work is not None and work.is_busy:
        st.progress(work.step / work.of if work.of else 0.0, text=_stage(work))
    elif work is not None and work.stage is Stage.FAILED:
        why = (
            refusal(work.error)
            if isinstance(work.error, Refused)
            else _("The file could not be made. Try again; if it stays, tell your administrator.")
        )
        st.error(plain(why), icon=":material/error:")


def _stage(work: Work) -> str:
    if work.stage is Stage.WAITING:
        return _("Waiting: another file is being made first.")
    if work.step <= 1:
        return _("Reading the snapshot")
    if work.step == OWN_STEPS:
        return _("Drawing the map and the charts")
    return _("Writing the file: step {step} of {of}", step=work.step - OWN_STEPS, of=work.of - OWN_STEPS)


def _start(actor: Actor, wanted: Wanted, one: Format) -> None:
    try:
        long_work.start(wanted.key(actor, one), lambda tell: make_file(actor, wanted.head.id, one, tell))
    except TooMuchWork:
        st.error(_("Many files are being made just now. Try again in a minute."), icon=":material/error:")
        return
    st.rerun()


def _download(actor: Actor, wanted: Wanted, one: Format, work: Work) -> None:
    size = _("{size} MB", size=number(len(work.made) / 1_000_000, 1))
    st.link_button(
        f"{_('Download')} ({size})",
        f"{FILES_PATH}?{urlencode({'snapshot': wanted.head.id, 'format': one.code})}",
        icon=":material/download:",
        type=main_button(),
    )
    if st.button(_("Make it anew"), key=f"anew-{one.code}", type="tertiary", icon=":material/refresh:"):
        long_work.forget(wanted.key(actor, one))
        _start(actor, wanted, one)


def make_file(actor: Actor, snapshot_id: int, one: Format, tell: Tell) -> bytes:
    """The file's bytes, from the database as it is now. Raises Refused where `actor` may not read it, or where it was
    altered.
    """
    # At first use: drawing and writing bring libraries that take more than a second to load, and most visits never
    # print.
    tell(1, OWN_STEPS + 1)
    writer = import_module(f"dashboard.report.{one.code}")
    with database().reading() as session:
        require_intact(session, actor, snapshot_id)
        opened = open_snapshot(session, actor, snapshot_id)
        settings = report_settings(session, actor, opened.head.plan_id)
        head = journal_head(session)
    tell(OWN_STEPS, OWN_STEPS + 1)
    made = _drawn(Printed(opened.head, settings, opened.content)).with_journal_head(head.number, head.hash)
    return writer.make(made.report, made.drawings, lambda step, of: tell(OWN_STEPS + step, OWN_STEPS + of))


@dataclass(frozen=True)
class Printed:
    """What a report is made of. The head's seals stand for the content, which is not compared."""

    head: Head
    settings: ReportSettings
    content: SnapshotContent = field(compare=False, repr=False)


# Whoever takes one format often takes another: the drawings, most of the work, are made once for them.
@lru_cache(maxsize=1)
def _drawn(printed: Printed) -> Any:
    contents = import_module("dashboard.report.content")
    return contents.make(printed.content, printed.settings, contents.Standing(**_standing(printed.head)))


def _standing(head: Head) -> dict:
    """What the report says of the snapshot beside its content; in Vietnamese, as the report is."""
    return {
        "status": head.status.label.vi,
        "issued": head.status in (SnapshotStatus.ISSUED, SnapshotStatus.SUPERSEDED),
        "full_hash": head.content_hash,
        "approved": f"{head.approved_by}, {moment(head.approved_at)}" if head.approved_by else "",
        "issued_on": head.issued_at.astimezone(VIETNAM).date() if head.issued_at else None,
    }
