"""Every HTTP route of the app, walked by nobody, each role, and the owner of a record that is foreign to the
supervisor.

A new route belongs into `ROWS`, or a test fails. Statuses: 401 not signed in, 403 not from our own page, 404 not found
or not yours, 422 refused with what is wrong.
"""

import errno
import json
import sqlite3
import subprocess
import sys
import uuid
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from itertools import product
from pathlib import Path
from urllib.parse import quote

import anyio
import httpx
import openpyxl
import pytest
from sqlalchemy import create_engine, text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

from dashboard.app import ROUTES
from dashboard.server import database, health
from dashboard.server.middleware import COOKIE, AccessMiddleware
from dashboard.sign_in.plain_page import FORM_COOKIE
from dashboard.sign_in.unavailable import unavailable_page
from data_model.core import database as ground
from tests.conftest import signed_in
from tests.data_model.guarded_functions import SECRET, World, foreign_world

PROOF = {"x-so-giam-sat": "1"}
WALKERS = ("nobody", "supervisor", "owner", "leader", "officer", "administrator")
NAMES = {
    "supervisor": "giamsat1",
    "owner": "giamsat2",
    "leader": "lanhdao",
    "officer": "tonghop",
    "administrator": "quantri",
}


@dataclass(frozen=True)
class Row:
    """One route: a request of it, and the status for each of `WALKERS`."""

    url: str
    statuses: tuple[int, ...]
    more: dict = field(default_factory=dict)


def _public(url: str, status: int = 200, **more) -> Row:
    return Row(url, (status,) * 6, more)


def _visit(w: World) -> str:
    r = w.record
    return f"record={r.id}&plan={r.plan_id}&activity={r.activity_id}&unit={r.unit_id}"


def rows(w: World) -> dict[tuple[str, str], Row]:
    """The table, by method and path as the app declares them."""
    r, piece, place = w.record, w.evidence_id, f"plan={w.plan_id}&unit={w.record.unit_id}"
    told = {
        "plan": r.plan_id,
        "activity": r.activity_id,
        "unit": r.unit_id,
        "seen_version": 1,
        "round": r.round_id,
        "sends": True,
        "answers": {"visited_on": "2024-10-01"},
    }
    return {
        ("GET", "/login"): _public("/login"),
        ("POST", "/login"): _public("/login", 403, data={"name": "x", "password": "x"}),
        ("GET", "/logout"): _public("/logout"),
        ("POST", "/logout"): _public("/logout"),
        ("GET", "/manifest.webmanifest"): _public("/manifest.webmanifest"),
        ("GET", "/healthz"): _public("/healthz"),
        ("GET", "/readyz"): _public("/readyz"),
        ("GET", "/assets"): _public("/assets/sign_in/plain.css"),
        ("GET", "/link/{token}"): _public("/link/made-up", 410),
        ("POST", "/link/{token}"): _public("/link/made-up", 410),
        ("GET", "/login/to-chuc"): _public("/login/to-chuc", 303),
        ("GET", "/login/to-chuc/xong"): _public("/login/to-chuc/xong", 403),
        ("GET", "/assets-leaflet"): _public("/assets-leaflet/leaflet.js"),
        ("GET", "/assets-jquery"): _public("/assets-jquery/jquery.min.js"),
        ("GET", "/assets-map/{}.js"): Row(_path_like("/assets-map/"), (401, 200, 200, 200, 200, 200)),
        ("GET", "/may-bang"): _public("/may-bang"),
        ("GET", "/may-bang/mau.css"): _public("/may-bang/mau.css"),
        ("GET", "/may-bang.js"): _public("/may-bang.js"),
        ("GET", "/may-bang/du-lieu"): Row("/may-bang/du-lieu", (401, 200, 200, 422, 200, 422)),
        ("GET", "/assets-ai/toi"): _public("/assets-ai/toi"),
        ("GET", "/diem-ban-do"): Row(f"/diem-ban-do?{place}", (401, 200, 200, 200, 200, 200)),
        ("GET", "/minh-chung"): Row(f"/minh-chung?record={r.id}", (401, 200, 200, 200, 200, 200)),
        ("GET", "/minh-chung/{evidence}"): Row(f"/minh-chung/{piece}", (401, 404, 200, 200, 200, 200)),
        ("GET", "/minh-chung/{evidence}/nho"): Row(f"/minh-chung/{piece}/nho", (401, 404, 200, 200, 200, 200)),
        ("PUT", "/minh-chung/{evidence}"): Row(
            f"/minh-chung/{uuid.uuid4()}?{_visit(w)}", (401, 422, 422, 422, 422, 422), {"content": b"x"}
        ),
        ("DELETE", "/minh-chung/{evidence}"): Row(f"/minh-chung/{piece}", (401, 404, 200, 422, 404, 422)),
        ("GET", "/tai-nhat-ky"): Row("/tai-nhat-ky?first=2024-10-01&last=2024-10-31", (401, 422, 422, 200, 200, 200)),
        ("GET", "/tai-ban-ghi"): Row(
            f"/tai-ban-ghi?plan={w.plan_id}&status=sent&activity=DP-11&unit={r.unit_id}", (401, 200, 200, 200, 200, 200)
        ),
        ("GET", "/tai-mau-nguoi"): Row("/tai-mau-nguoi", (401, 422, 422, 422, 200, 200)),
        ("GET", "/tai-ke-hoach"): Row(f"/tai-ke-hoach?plan={w.plan_id}", (401, 422, 422, 200, 200, 200)),
        ("GET", "/van-ban-ke-hoach"): Row("/van-ban-ke-hoach?id=987654", (401, 422, 422, 422, 422, 422)),
        ("GET", "/tai-kien-nghi"): Row(
            f"/tai-kien-nghi?plan={w.plan_id}&unit={r.unit_id}&due=30", (401, 200, 200, 200, 200, 200)
        ),
        ("GET", "/tai-bao-cao"): Row("/tai-bao-cao?snapshot=987654&format=word", (401, 422, 422, 422, 422, 422)),
        ("GET", "/luu-ban-ghi/xa"): Row(f"/luu-ban-ghi/xa?lat=14.8&lon=108.9&{place}", (401, 200, 200, 200, 200, 200)),
        ("GET", "/luu-ban-ghi/vung"): Row(f"/luu-ban-ghi/vung?{place}", (401, 200, 200, 200, 200, 200)),
        ("GET", "/cho-gui"): _public("/cho-gui"),
        ("GET", "/nop-tep"): Row("/nop-tep", (303, 200, 200, 200, 200, 200)),
        ("POST", "/nop-tep"): Row("/nop-tep", (401, 422, 422, 422, 422, 422), {"content": b"x"}),
        ("POST", "/luu-ban-ghi/da-biet"): Row(
            "/luu-ban-ghi/da-biet",
            (401, 200, 200, 422, 200, 422),
            {"json": {"records": [str(r.id)], "pieces": [str(piece)]}},
        ),
        ("POST", "/luu-ban-ghi/{record}"): Row(f"/luu-ban-ghi/{r.id}", (401, 422, 200, 422, 422, 422), {"json": told}),
        ("DELETE", "/luu-ban-ghi/{record}"): Row(f"/luu-ban-ghi/{r.id}", (401, 422, 422, 422, 422, 422)),
    }


def _path_like(start: str) -> str:
    return next(route.path for route in ROUTES if route.path.startswith(start))


def _declared() -> set[tuple[str, str]]:
    found = set()
    for route in ROUTES:
        path = "/assets-map/{}.js" if route.path.startswith("/assets-map/") else route.path
        methods = {"GET"} if isinstance(route, Mount) else route.methods - {"HEAD"}
        found |= {(method, path) for method in methods}
    return found


@pytest.fixture
def site(town, monkeypatch):
    """Our routes behind our middleware, on the town's database; the visit of the second supervisor."""
    for module in _users_of_the_database():
        monkeypatch.setattr(module, "database", lambda: town.database)
    with town.writing() as session:
        world = foreign_world(session, town)
        tokens = {who: signed_in(session, name) for who, name in NAMES.items()}
    return (
        Starlette(routes=ROUTES, middleware=[Middleware(AccessMiddleware, routes=ROUTES, away_page=unavailable_page)]),
        world,
        tokens,
    )


def _users_of_the_database() -> list:
    return [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("dashboard.") and getattr(module, "database", None) is database.database
    ]


def _ask(app, method: str, row: Row, token: str | None, headers: dict) -> httpx.Response:
    cookie = {"cookie": "; ".join(filter(None, (headers.get("cookie"), token and f"{COOKIE}={token}")))}

    async def asking() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://so-giam-sat") as client:
            return await client.request(method, row.url, headers=headers | cookie, **row.more)

    return anyio.run(asking)


def test_every_route_stands_in_the_table(site):
    assert set(rows(site[1])) == _declared()


def test_every_route_answers_each_as_the_table_says(site):
    app, world, tokens = site
    wrong = []
    # Reading first: deleting what the others look for comes last.
    for (method, path), row in sorted(rows(world).items(), key=lambda each: each[0][0] != "GET"):
        for who, expected in zip(WALKERS, row.statuses, strict=True):
            answer = _ask(app, method, row, tokens.get(who), PROOF)
            if answer.status_code != expected:
                wrong.append((method, path, who, answer.status_code, answer.text[:120]))
            if who in ("nobody", "supervisor") and (SECRET in answer.text or str(world.record.id) in answer.text):
                wrong.append((method, path, who, "told of the foreign visit"))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize(
    "path", ["/tai-ban-ghi?plan={}&status=all", "/tai-kien-nghi?plan={}", "/tai-kien-nghi?plan={}&who=" + quote(SECRET)]
)
def test_a_workbook_holds_what_its_reader_may_read(site, path):
    app, world, tokens = site
    for who, holds in (("supervisor", False), ("owner", True), ("officer", True)):
        answer = _ask(app, "GET", Row(path.format(world.plan_id), ()), tokens[who], {})
        book = openpyxl.load_workbook(BytesIO(answer.content))
        told = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
        assert (SECRET in told) is holds, (who, told[:300])
        assert answer.headers["cache-control"] == "no-store" and answer.headers["content-disposition"].startswith(
            "attachment"
        )


def test_no_route_writes_for_a_foreign_page(site):
    app, world, tokens = site
    for (method, path), row in rows(world).items():
        if method == "GET" or path.startswith(("/login", "/logout", "/link")):
            continue
        for headers in ({}, PROOF | {"sec-fetch-site": "cross-site"}, PROOF | {"sec-fetch-site": "same-site"}):
            assert _ask(app, method, row, tokens["owner"], headers).status_code == 403, (method, path, headers)


NEEDS_NO_DATABASE = (
    "/may-bang",
    "/may-bang/mau.css",
    "/may-bang.js",
    "/cho-gui",
    "/login",
    "/logout",
    "/manifest.webmanifest",
    "/assets",
    "/login/to-chuc",
    "/login/to-chuc/xong",
)


def _away(town):
    """Takes the database away; gives what brings it back."""
    if town.dialect == "sqlite":
        path = Path(town.database.engine.url.database)
        hidden = path.rename(path.with_suffix(".hidden"))
        return lambda: hidden.rename(path)
    name, server = town.database.engine.url.database, PostgresServer(town)
    server.do(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    server.do(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    return lambda: server.do(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


class PostgresServer:
    """The server of the town's database, asked through another one."""

    def __init__(self, town):
        self.engine = create_engine(town.database.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")

    def do(self, statement: str) -> None:
        with self.engine.connect() as connection:
            connection.execute(text(statement))


def test_a_tablets_file_is_taken_up_to_its_own_bound_and_from_nobody(site):
    """As large as waiting photos make it; a stranger's body ends at a sign-in form's."""
    app, _world, tokens = site
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("tablet.json", json.dumps({"format": 1, "records": [], "photos": []}))
        packed.writestr(f"photos/{uuid.uuid4()}", bytes(3 * 1024 * 1024))
    row = Row("/nop-tep", (), {"content": file.getvalue()})
    answer = _ask(app, "POST", row, tokens["owner"], PROOF)
    assert (answer.status_code, answer.json()["lines"]) == (200, [])
    assert _ask(app, "POST", row, None, PROOF).status_code == 401
    assert _ask(app, "POST", Row("/luu-ban-ghi/da-biet", (), row.more), tokens["owner"], PROOF).status_code == 413


def _says_later(answer: httpx.Response) -> bool:
    told = answer.json()["problems"][0]
    return (
        answer.status_code == 503 and int(answer.headers["retry-after"]) > 0 and "cơ sở dữ liệu" in told["text"].lower()
    )


def test_while_the_database_is_away_every_call_says_so_and_afterwards_all_is_as_before(site, town):
    app, world, tokens = site
    back = _away(town)
    for (method, path), row in rows(world).items():
        if path.startswith(("/assets", "/healthz", "/readyz")) or (
            path in NEEDS_NO_DATABASE and row.url.startswith(path)
        ):
            continue
        answer = _ask(app, method, row, tokens["owner"], PROOF)
        if path == "/link/{token}" or (method, path) == ("GET", "/nop-tep"):
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "10"), (method, path)
            continue
        assert _says_later(answer), (method, path, answer.status_code, answer.text[:200])
    for address in ("/", "/viec-cua-toi", "/xem?record=1"):
        page = _ask(app, "GET", Row(address, ()), tokens["owner"], {"accept": "text/html"})
        assert page.status_code == 503 and page.headers["retry-after"] == page.headers["refresh"] == "10"
        assert "Hiện chưa mở được sổ giám sát" in page.text and "Hiện không kết nối được cơ sở dữ liệu" in page.text
    assert _ask(app, "GET", Row("/assets-ai/toi", ()), tokens["owner"], {}).status_code == 503
    health._looked.clear()
    assert _ask(app, "GET", Row("/healthz", ()), None, {}).json() == {"status": "unavailable", "database": "away"}
    assert _ask(app, "GET", Row("/readyz", ()), None, {}).status_code == 503
    back()
    health._looked.clear()
    test_every_route_answers_each_as_the_table_says(site)


def test_while_the_database_is_locked_what_reads_is_answered_and_what_writes_is_told_to_come_again(
    site, town, monkeypatch
):
    if town.dialect != "sqlite":
        pytest.skip("PostgreSQL locks rows, which test_unavailable.py looks at")
    app, world, tokens = site
    monkeypatch.setattr(ground, "WAIT_SECONDS", 0.2)
    lock = sqlite3.connect(town.database.engine.url.database, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    table = rows(world)
    for (method, path), row in table.items():
        if method == "GET" and not path.startswith(("/readyz", "/healthz")):
            assert _ask(app, method, row, tokens["owner"], PROOF).status_code == row.statuses[WALKERS.index("owner")], (
                path
            )
    for method, path in (
        ("DELETE", "/minh-chung/{evidence}"),
        ("POST", "/luu-ban-ghi/{record}"),
        ("DELETE", "/luu-ban-ghi/{record}"),
    ):
        assert _says_later(_ask(app, method, table[method, path], tokens["owner"], PROOF)), (method, path)
    form = {"cookie": f"{FORM_COOKIE}=x"}
    login = _ask(
        app, "POST", Row("/login", (), {"data": {"name": "giamsat1", "password": "x", "token": "x"}}), None, form
    )
    assert (
        login.status_code == 503
        and login.headers["retry-after"] == "10"
        and "giamsat1" in login.text
        and "đang bận" in login.text
    )
    health._looked.clear()
    assert _ask(app, "GET", Row("/healthz", ()), None, {}).status_code == 200
    assert _ask(app, "GET", Row("/readyz", ()), None, {}).json()["database"] == "busy"
    lock.close()
    health._looked.clear()
    test_every_route_answers_each_as_the_table_says(site)


def _of_a_full_disk(*_given, **_more) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_while_the_disk_is_full_what_is_kept_for_a_moment_is_told_to_come_again(site, monkeypatch):
    """A photo on its way, a tablet's file, a list being written: nothing of it is a fault of the program."""
    app, world, tokens = site
    monkeypatch.setattr("tempfile.TemporaryFile", _of_a_full_disk)
    large = {"content": bytes(3 * 1024 * 1024)}
    for method, url, who, more in (
        ("PUT", f"/minh-chung/{uuid.uuid4()}?{_visit(world)}", "owner", large),
        ("POST", "/nop-tep", "owner", large),
        ("GET", "/tai-nhat-ky?first=2024-10-01&last=2024-10-31", "leader", {}),
    ):
        answer = _ask(app, method, Row(url, (), more), tokens[who], PROOF)
        assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0, (method, url, answer.text)
        assert "đầy" in answer.json()["problems"][0]["text"]


@pytest.mark.parametrize("key", ["\\ud800", "\\udfff x", "answers\\ud83d"])
@pytest.mark.parametrize("where", ["top", "answers", "value", "inside"])
def test_half_a_letter_in_a_call_is_refused_and_breaks_nothing(site, key, where):
    app, world, tokens = site
    r = world.record
    told = {
        "plan": r.plan_id,
        "activity": r.activity_id,
        "unit": r.unit_id,
        "seen_version": 0,
        "round": r.round_id,
        "answers": {"visited_on": "2024-10-01"},
    }
    extra = {"top": f'"{key}": 1, ', "answers": "", "value": "", "inside": ""}[where]
    inner = {
        "top": "",
        "answers": f'"{key}": 1, ',
        "value": f'"note": "{key}", ',
        "inside": f'"findings": [{{"{key}": "{key}"}}], ',
    }[where]
    for sends in ("true", "false"):
        body = (
            json.dumps(told | {"sends": None})
            .replace('"sends": null', f'{extra}"sends": {sends}')
            .replace('"answers": {', '"answers": {' + inner)
        )
        answer = _ask(app, "POST", Row(f"/luu-ban-ghi/{uuid.uuid4()}", (), {"content": body}), tokens["owner"], PROOF)
        assert answer.status_code in (200, 422), (answer.status_code, answer.text)
        answer.json()


ATTACKS = ["%2e%2e%2f%2e%2e", "%00", "²", "1" * 40, "-1", "1%27%20OR%201=1", "%F0%9F%98%80"]


@pytest.mark.parametrize(
    "path",
    [
        "/minh-chung/{}",
        "/minh-chung/{}/nho",
        "/luu-ban-ghi/{}",
        "/diem-ban-do?plan={}",
        "/minh-chung?record={}",
        "/luu-ban-ghi/xa?lat=1&lon=1&plan={0}&unit={0}",
        "/tai-ban-ghi?plan=3&status={}",
        "/tai-ban-ghi?plan={}",
        "/tai-ban-ghi?plan=3&activity={0}&unit={0}",
        "/tai-ke-hoach?plan={}",
        "/tai-ke-hoach?draft={}",
        "/van-ban-ke-hoach?id={}",
        "/tai-kien-nghi?plan=3&standing={}",
        "/tai-kien-nghi?plan=3&who={0}&due={0}",
        "/tai-bao-cao?snapshot={0}&format={0}",
        "/luu-ban-ghi/vung?plan={0}&unit={0}",
    ],
)
def test_an_address_typed_by_an_attacker_is_refused_and_breaks_nothing(site, path):
    app, _world, tokens = site
    for typed, method in product(ATTACKS, ("GET", "PUT", "DELETE", "POST")):
        asked = Row(path.format(typed), ())
        answer = _ask(app, method, asked, tokens["supervisor"], PROOF)
        assert answer.status_code in (200, 400, 404, 405, 422), (method, asked.url, answer.status_code)
        assert answer.status_code != 200 or answer.json() == []


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("first=0001-01-01&last=9999-12-31", 200),
        ("first=9999-12-31&last=9999-12-31", 200),
        ("first=0001-01-01&last=0001-01-01", 200),
        ("first=2024-12-31&last=2024-01-01", 200),
        ("first=2024-10-01&last=2024-10-31&act=%00", 422),
        ("first=2024-10-01&last=2024-10-31&subject=%00", 422),
        ("first=2024-10-01&last=2024-10-31&subject=record%00", 422),
        ("first=2024-10-01&last=2024-10-31&act=no_act", 422),
        ("first=2024-02-30&last=x", 422),
    ],
)
def test_the_journals_file_is_given_for_any_days_and_refused_for_what_is_no_act(site, asked, status):
    app, _world, tokens = site
    assert _ask(app, "GET", Row(f"/tai-nhat-ky?{asked}", ()), tokens["leader"], PROOF).status_code == status


@pytest.mark.parametrize(
    "asks", [{}, {"range": "bytes=0-99"}, {"range": "bytes=0-1,5-9"}, {"range": "bytes=99999999-"}, {"range": "x"}]
)
def test_the_journals_file_leaves_no_copy_behind(site, asks, tmp_path, monkeypatch):
    app, _world, tokens = site
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    row = Row("/tai-nhat-ky?first=2024-10-01&last=2024-10-31", ())
    answer = _ask(app, "GET", row, tokens["leader"], PROOF | asks)
    assert (
        answer.status_code == 200
        and answer.content.startswith(b"PK")
        and answer.headers["content-length"] == str(len(answer.content))
    )
    assert 'filename="nhat-ky-20241001-20241031.xlsx"' in answer.headers["content-disposition"]
    assert list(tmp_path.iterdir()) == []


def test_half_a_letter_in_a_key_of_a_sent_form_is_answered(site):
    app, world, tokens = site
    r = world.record
    told = (
        '{"plan": %d, "activity": %d, "unit": %d, "seen_version": 1, "sends": %s, "answers": {"visited_on":'
        ' "01/10/2024", "x\\\\ud800": "\\\\udfff"}}'
    )
    for sends in ("true", "false"):
        body = (told % (r.plan_id, r.activity_id, r.unit_id, sends)).replace("\\\\", "\\").encode()
        answer = _ask(app, "POST", Row(f"/luu-ban-ghi/{uuid.uuid4()}", (), {"content": body}), tokens["owner"], PROOF)
        assert answer.status_code == (422 if sends == "true" else 200), answer.text


def test_the_routes_load_no_map_before_a_page_does():
    """A component that is declared before Streamlit runs is never found: the map's page would stay empty."""
    asked = "import sys, dashboard.app; print('streamlit_folium' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60)
    assert told.stdout.strip().endswith("False"), told.stderr[-500:]
