"""Evidence over HTTP, as a tablet hands it in and as an attacker would try: every byte is guarded."""

import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from PIL import Image
from sqlmodel import func, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from dashboard.evidence import routes
from dashboard.server.database import database
from dashboard.server.middleware import COOKIE, AccessMiddleware
from dashboard.sign_in.unavailable import unavailable_page
from data_model.evidence.content import MOST_BYTES
from data_model.evidence.tables import Evidence, EvidenceBytes
from data_model.records.tables import FieldRecord
from data_model.records.writing import send
from tests.conftest import ON_SQLITE, PHO_CUONG, PHO_VINH
from tests.evidence_samples import SVG, gps, jpeg, office, pdf, png_bomb

OURS = {"x-so-giam-sat": "1"}


@pytest.fixture
def client(town, monkeypatch):
    """The evidence routes behind the middleware, on the test's database."""
    monkeypatch.setenv("DATABASE_URL", town.database.engine.url.render_as_string(hide_password=False))
    database.cache_clear()
    with TestClient(
        Starlette(
            routes=routes.ROUTES,
            middleware=[Middleware(AccessMiddleware, routes=routes.ROUTES, away_page=unavailable_page)],
        )
    ) as opened:
        yield opened
    database().close()
    database.cache_clear()


@pytest.fixture
def entry(town, dialogue):
    return town.entry("DP-11", PHO_VINH, dialogue())


class Caller:
    """Somebody at a browser: their cookie goes with every request."""

    def __init__(self, client: TestClient, token: str = ""):
        self.client, self.headers = client, {"cookie": f"{COOKIE}={token}"} if token else {}

    def ask(self, method: str, path: str, **more):
        headers = self.headers | more.pop("headers", {})
        return self.client.request(method, path, headers=headers, follow_redirects=False, **more)

    def put(
        self,
        entry,
        raw: bytes,
        name: str = "ảnh 1.jpg",
        evidence_id: object = None,
        headers: dict | None = None,
        **changed,
    ):
        asked = {
            "record": entry.id,
            "plan": entry.plan_id,
            "activity": entry.activity_id,
            "unit": entry.unit_id,
        } | changed
        query = "&".join(f"{k}={v}" for k, v in asked.items())
        told = OURS | {"x-file-name": quote(name)} if headers is None else headers
        return self.ask("PUT", f"/minh-chung/{evidence_id or uuid.uuid4()}?{query}", content=raw, headers=told)


@pytest.fixture
def supervisor(town, client) -> Caller:
    return Caller(client, town.people.tokens["giamsat1"])


@pytest.fixture
def others(town, client) -> dict[str, Caller]:
    """A stranger, and everybody whose record it is not."""
    return {
        name: Caller(client, town.people.tokens.get(name, ""))
        for name in ("", "giamsat2", "lanhdao", "tonghop", "quantri")
    }


def kept(town) -> tuple[int, int, int]:
    with town.reading() as session:
        return tuple(
            session.exec(select(func.count()).select_from(table)).one()
            for table in (FieldRecord, Evidence, EvidenceBytes)
        )


def test_a_photo_is_handed_in_listed_and_shown(supervisor, entry):
    evidence_id = uuid.uuid4()
    answer = supervisor.put(entry, jpeg(taken="2024:10:10 07:30:00", gps=gps(21.0, 105.8)), evidence_id=evidence_id)
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "id": str(evidence_id),
            "kind": "photo",
            "name": "ảnh 1.jpg",
            "bytes": answer.json()["bytes"],
            "thumbnail": f"/minh-chung/{evidence_id}/nho",
            "full": f"/minh-chung/{evidence_id}",
            "taken_at": "2024-10-10T00:30:00+00:00",
            "far": True,
        },
    )
    assert (
        supervisor.put(entry, b"", evidence_id=evidence_id).json() == answer.json()
    )  # sent again, whatever came this time
    assert supervisor.ask("GET", f"/minh-chung?record={entry.id}").json() == [answer.json()]
    full, small = (supervisor.ask("GET", answer.json()[which]) for which in ("full", "thumbnail"))
    assert len(full.content) == answer.json()["bytes"] and Image.open(io.BytesIO(full.content)).size == (640, 480)
    assert max(Image.open(io.BytesIO(small.content)).size) == 320
    for each in (full, small):
        assert each.headers["content-type"] == "image/jpeg" and each.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in each.headers["content-security-policy"]
        assert each.headers["cache-control"] == "private, no-cache" and each.headers["vary"] == "cookie"


def test_what_the_browser_keeps_is_shown_only_to_who_may_still_see_it(supervisor, others, entry):
    full = supervisor.put(entry, jpeg()).json()["full"]
    for address in (full, f"{full}/nho"):
        asked = {"if-none-match": supervisor.ask("GET", address).headers["etag"]}
        again = supervisor.ask("GET", address, headers=asked)
        assert (again.status_code, again.content) == (304, b"")
        # Photos of a record that was not sent are their author's alone; a stranger has no sign-in.
        assert {name: other.ask("GET", address, headers=asked).status_code for name, other in others.items()} == {
            "": 401,
            "giamsat2": 404,
            "lanhdao": 404,
            "tonghop": 404,
            "quantri": 404,
        }
    supervisor.ask("DELETE", full, headers=OURS)
    assert supervisor.ask("GET", full, headers=asked).status_code == 404


def test_a_file_is_only_ever_handed_out(supervisor, entry):
    answer = supervisor.put(entry, pdf(), 'Biên bản "số 1".pdf').json()
    assert (answer["kind"], answer["thumbnail"]) == ("file", None)
    full = supervisor.ask("GET", answer["full"])
    assert full.content == pdf() and full.headers["content-type"] == "application/pdf"
    assert (
        full.headers["content-disposition"] == 'attachment; filename="Bi_n_b_n__s__1_.pdf";'
        " filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n%20%22s%E1%BB%91%201%22.pdf"
    )
    assert full.headers["cache-control"] == "no-store" and "sandbox" in full.headers["content-security-policy"]
    assert supervisor.ask("GET", f"{answer['full']}/nho").status_code == 404


def test_taken_away_and_gone_from_sight(supervisor, entry):
    full = supervisor.put(entry, jpeg()).json()["full"]
    assert supervisor.ask("DELETE", full).status_code == 403  # from a foreign page
    assert [supervisor.ask("DELETE", full, headers=OURS).status_code for _twice in range(2)] == [200, 200]
    assert (
        supervisor.ask("GET", full).status_code == 404
        and supervisor.ask("GET", f"/minh-chung?record={entry.id}").json() == []
    )


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (b"", "anh.jpg", "EVIDENCE_EMPTY"),
        (pdf(), "anh.jpg", "EVIDENCE_MISNAMED"),
        (SVG, "hinh.svg", "EVIDENCE_NOT_ACCEPTED"),
        (png_bomb(), "x.png", "EVIDENCE_TOO_MANY_PIXELS"),
        (jpeg()[:2000], "x.jpg", "EVIDENCE_DAMAGED"),
        (office(also={"word/vbaProject.bin": b"x"}), "x.docx", "EVIDENCE_WITH_MACROS"),
        (b"<html><script>alert(1)</script>", "x.jpg", "EVIDENCE_NOT_ACCEPTED"),
    ],
)
@ON_SQLITE
def test_bad_input_is_said_clearly_and_leaves_nothing(town, supervisor, entry, raw, name, said):
    answer = supervisor.put(entry, raw, name)
    (problem,) = answer.json()["problems"]
    assert (answer.status_code, problem["say"], problem["where"]) == (422, said, "evidence")
    assert name in problem["text"]
    assert kept(town) == (0, 0, 0)


@ON_SQLITE
def test_what_is_too_large_is_refused_before_it_is_read(town, supervisor, entry, monkeypatch):
    monkeypatch.setattr(routes, "examine", lambda *given: pytest.fail("it was read"))
    given = []

    def body(size):
        for _ in range(size // 1_000_000):
            given.append(1_000_000)
            yield b"\xff\xd8\xff" + b"x" * 999_997

    declared = supervisor.put(entry, b"x" * 60_000_000, "to.jpg")
    streamed = supervisor.put(entry, body(60_000_000), "to.jpg")  # says nothing of its length
    for answer in (declared, streamed):
        assert answer.status_code == 413 and answer.json()["problems"][0]["text"].startswith("“to.jpg” lớn hơn 25 MB.")
    assert kept(town) == (0, 0, 0)


@ON_SQLITE
def test_exactly_the_most_is_not_too_large(supervisor, entry):
    filler = b"%PDF-1.4\n" + b" " * (MOST_BYTES - 15) + b"%%EOF\n"
    assert len(filler) == MOST_BYTES and supervisor.put(entry, filler, "x.pdf").status_code == 200


@ON_SQLITE
def test_thirty_photos_at_once_are_all_kept(town, supervisor, entry):
    raw = jpeg(3000, 2000)
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda number: supervisor.put(entry, raw, f"{number}.jpg"), range(30)))
    assert {a.status_code for a in answers} == {200} and kept(town) == (1, 30, 30)


def test_strangers_find_nothing(town, supervisor, others, entry):
    piece = supervisor.put(entry, jpeg()).json()
    with town.writing() as session:
        send(session, town.people.supervisor, entry)
    for name, caller in others.items():
        sees = name in ("lanhdao", "tonghop", "quantri")
        for path in (piece["full"], piece["thumbnail"]):
            assert caller.ask("GET", path).status_code == (401 if not name else 200 if sees else 404), (name, path)
        listed = caller.ask("GET", f"/minh-chung?record={entry.id}")
        assert listed.status_code == 401 if not name else listed.json() == ([piece] if sees else [])
        expected = {"": 401, "giamsat2": 404, "tonghop": 404}.get(name, 422)
        assert caller.ask("DELETE", piece["full"], headers=OURS).status_code == expected, name
        for taken in (piece["id"], None):  # over the known one, and a new one into the same record
            assert caller.put(entry, jpeg(), evidence_id=taken).status_code == (401 if not name else 422), name
    assert kept(town) == (1, 1, 1)
    assert supervisor.ask("GET", piece["full"]).status_code == 200


@ON_SQLITE
def test_a_draft_is_its_authors_alone(supervisor, others, entry):
    piece = supervisor.put(entry, jpeg()).json()
    for name, caller in others.items():
        assert caller.ask("GET", piece["full"]).status_code == (404 if name else 401)


@ON_SQLITE
@pytest.mark.parametrize(
    "headers",
    [{}, {"x-so-giam-sat": "0"}, OURS | {"sec-fetch-site": "cross-site"}, OURS | {"sec-fetch-site": "same-site"}],
)
def test_another_site_hands_in_nothing(town, supervisor, entry, headers):
    assert supervisor.put(entry, jpeg(), headers=headers).status_code == 403
    assert kept(town) == (0, 0, 0)


@ON_SQLITE
@pytest.mark.parametrize(
    "changed",
    [
        {"record": "x"},
        {"record": ""},
        {"plan": ""},
        {"plan": "²"},
        {"plan": "9" * 30},
        {"activity": "-1"},
        {"unit": "1;drop"},
        {"plan": 999},
        {"activity": 999_999},
        {"unit": 999_999},
    ],
)
def test_made_up_addresses_write_nothing(town, supervisor, entry, changed):
    assert supervisor.put(entry, jpeg(), **changed).status_code == 422
    assert kept(town) == (0, 0, 0)


@ON_SQLITE
@pytest.mark.parametrize(
    "path", ["/minh-chung/x", f"/minh-chung/{uuid.UUID(int=9)}", f"/minh-chung/{uuid.UUID(int=9)}/nho"]
)
def test_made_up_ids_are_not_found(supervisor, path):
    assert supervisor.ask("GET", path).status_code == 404


@ON_SQLITE
def test_another_commune_takes_no_photo(town, supervisor, entry):
    answer = supervisor.put(entry, jpeg(), unit=town.unit(PHO_CUONG).id)
    assert (answer.status_code, answer.json()["problems"][0]["say"]) == (422, "UNIT_OUTSIDE_YOURS")
    assert kept(town) == (0, 0, 0)


@ON_SQLITE
def test_a_name_is_cleaned_and_never_a_path(supervisor, entry):
    assert supervisor.put(entry, jpeg(), "../../../etc/cron.d/anh.jpg").json()["name"] == "anh.jpg"
    nasty = '"><img src=x onerror=alert(1)>.jpg'
    answer = supervisor.put(entry, jpeg(), nasty).json()
    assert answer["name"] == nasty  # shown as text; in a header it is encoded
    disposition = supervisor.ask("GET", answer["full"]).headers["content-disposition"]
    assert "<" not in disposition and "\n" not in disposition
