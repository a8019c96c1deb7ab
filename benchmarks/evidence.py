"""What evidence costs: a photo arriving, 300 of them one after another, and lists beside 20,000 photos."""

import io
import statistics
import time
import urllib.request
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psutil
from PIL import Image, ImageChops
from sqlalchemy import insert
from sqlmodel import Session, select

from benchmarks.world import World
from data_model.accounts import sign_ins
from data_model.accounts.account import actor_of
from data_model.accounts.tables import Account
from data_model.core.access import Actor, Role
from data_model.core.database import Database
from data_model.evidence import attachments
from data_model.evidence.tables import Evidence, EvidenceBytes
from data_model.plans.tables import Plan
from data_model.plans.view import view_plan
from data_model.records.listing import list_records
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.review.queue import queue
from seed.load import load_everything
from seed.sample_bulk import fill
from tests.browser.server import Server

PHOTOS, WARM, PER_RECORD = 300, 30, 50
FEW, MANY, PHOTOS_EACH = 50, 5_000, 4
MEGAPIXELS_12 = (4000, 3000)
Figure = tuple[float, str, float | None, float | None]
"""Found, unit, floor, at most."""


def arriving(world: World, server: Server) -> dict[str, Figure]:
    """300 photos of 12 megapixels handed in over HTTP: time of one, and what they leave behind in the server's
    memory.
    """
    raw, process = twelve_megapixels(), psutil.Process(server.process.pid)
    supervisor = world.actors[Role.SUPERVISOR]
    with world.database.writing() as session:
        token = sign_ins.begin(session, session.get(Account, supervisor.id), "127.0.0.1", "benchmark")
        plan = view_plan(session, world.plan_id)
        line = next(line for line in plan.lines if line.kind == "dialogue_session")
        unit = next(u for u in plan.units if u.id in supervisor.units_on(plan.starts_on) and plan.owes(line, u.id))
    seconds, warm = [], 0.0
    for number in range(PHOTOS):
        if number % PER_RECORD == 0:
            asked = f"record={uuid.uuid4()}&plan={plan.id}&activity={line.activity_id}&unit={unit.id}"
        began = time.perf_counter()
        _put(server, token, asked, raw)
        seconds.append(time.perf_counter() - began)
        if number == WARM:
            warm = process.memory_info().rss / 1e6
    grown = process.memory_info().rss / 1e6 - warm
    return {
        f"12-megapixel photo of {len(raw) / 1e6:.1f} MB, arrived to kept, median": (
            statistics.median(seconds),
            "s",
            None,
            1,
        ),
        "  (the slowest of 300)": (max(seconds), "s", None, None),
        f"memory grown from photo {WARM} to photo {PHOTOS}": (grown, "MB", None, 30),
    }


def twelve_megapixels() -> bytes:
    """A photo with as much detail as a camera's: coarse shapes and grain."""
    coarse = Image.merge("RGB", [Image.effect_noise((80, 60), 120) for _ in range(3)]).resize(
        MEGAPIXELS_12, Image.Resampling.BICUBIC
    )
    grain = Image.merge("RGB", [Image.effect_noise(MEGAPIXELS_12, 18)] * 3)
    out = io.BytesIO()
    ImageChops.blend(coarse, grain, 0.4).save(out, "JPEG", quality=92)
    return out.getvalue()


def _put(server: Server, token: str, asked: str, raw: bytes) -> None:
    request = urllib.request.Request(
        f"{server.address}/minh-chung/{uuid.uuid4()}?{asked}",
        data=raw,
        method="PUT",
        headers={"x-so-giam-sat": "1", "x-file-name": "anh.jpg", "cookie": f"so_giam_sat={token}"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()


def lists(folder: Path, median_ms: Callable[[Callable[[], object]], float]) -> dict[str, Figure]:
    """Review queue, commune panel and one record's gallery beside 5,000 records with 20,000 photos, against 50 with
    200.
    """
    few, many = (
        _opening(Database(f"sqlite:///{folder / f'evidence-{count}.db'}"), count, median_ms) for count in (FEW, MANY)
    )
    return {
        f"{name}, {MANY:,} records, {MANY * PHOTOS_EACH:,} photos": (many[name], "ms", few[name], None) for name in few
    }


def _opening(database: Database, count: int, median_ms: Callable) -> dict[str, float]:
    database.migrate()
    with database.writing() as session:
        load_everything(session)
        actors = {role: _employed(session, role) for role in (Role.SUPERVISOR, Role.LEADER)}
        plan_id = session.exec(select(Plan.id).where(Plan.code == "duc_pho_2024")).one()
        fill(session, actors, plan_id, count, 1)
        _photograph(session, actors[Role.SUPERVISOR])
    leader = actors[Role.LEADER]
    with database.reading() as session:
        session.connection().exec_driver_sql("ANALYZE")
    with database.reading() as session:
        unit_id = session.exec(select(FieldRecord.unit_id).where(FieldRecord.status == RecordStatus.VERIFIED)).first()
        record_id = session.exec(select(FieldRecord.id).where(FieldRecord.sent_at.is_not(None))).first()
        waiting = [row.id for row in queue(session, leader, plan_id).waiting]
        found = {
            "review queue with thumbnails": median_ms(lambda: _review_queue(session, leader, plan_id)),
            "  (the thumbnails' part of it)": median_ms(lambda: attachments.covers(session, leader, waiting)),
            "commune panel with photos": median_ms(lambda: _panel(session, leader, plan_id, unit_id)),
            "  (the photos' part of it)": median_ms(
                lambda: attachments.latest_photos(session, leader, plan_id, unit_id)
            ),
            "gallery of one record": median_ms(lambda: attachments.list_evidence(session, leader, record_id)),
        }
    database.close()
    return found


def _review_queue(session: Session, leader: Actor, plan_id: int) -> None:
    page = queue(session, leader, plan_id)
    attachments.covers(session, leader, [row.id for row in page.waiting])


def _panel(session: Session, leader: Actor, plan_id: int, unit_id: int) -> None:
    list_records(session, leader, plan_id, unit_id=unit_id, limit=8)
    attachments.latest_photos(session, leader, plan_id, unit_id)


def _employed(session: Session, role: Role) -> Actor:
    account = Account(name=role.value, display_name=role.value, role=role.value)
    session.add(account)
    session.flush()
    return actor_of(session, account)


def _photograph(session: Session, author: Actor) -> None:
    """Four photos of two kilobytes for each record, past the door for writing: only their number matters here."""
    now, rows = datetime.now(UTC), []
    for record_id in session.exec(select(FieldRecord.id)):
        rows += [
            {
                "id": uuid.uuid4(),
                "record_id": record_id,
                "medium": "photo",
                "name": "anh.jpg",
                "media_type": "image/jpeg",
                "size": 2000,
                "digest": "0" * 64,
                "latitude": 14.8,
                "longitude": 108.95,
                "added_by": author.id,
                "added_at": now,
            }
            for _ in range(PHOTOS_EACH)
        ]
    session.execute(insert(Evidence.__table__), rows)
    session.execute(
        insert(EvidenceBytes.__table__),
        [{"evidence_id": row["id"], "thumbnail": b"x" * 500, "content": b"x" * 2000} for row in rows],
    )
