"""Evidence over HTTP in parts: asked, resumed, verified, refused; and what a tablet is told of a record and of
itself.
"""

import hashlib
import uuid
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from dashboard.evidence import routes
from dashboard.form import presence
from dashboard.form import routes as record_calls
from dashboard.form import waiting as waiting_routes
from dashboard.server import json_calls
from dashboard.server.database import database
from dashboard.server.middleware import COOKIE, AccessMiddleware
from dashboard.sign_in.unavailable import unavailable_page
from data_model.accounts import tablets
from data_model.evidence.content import MOST_BYTES
from tests.conftest import PHO_VINH
from tests.evidence_samples import jpeg

OURS = {"x-so-giam-sat": "1"}
RAW = jpeg(900, 700)
ROUTES = [*routes.ROUTES, *record_calls.ROUTES, *presence.ROUTES, *waiting_routes.ROUTES]


@pytest.fixture
def client(town, monkeypatch):
    """The tablet's routes behind the middleware, on the test's database."""
    monkeypatch.setenv("DATABASE_URL", town.database.engine.url.render_as_string(hide_password=False))
    database.cache_clear()
    json_calls._noted.clear()
    with TestClient(
        Starlette(routes=ROUTES, middleware=[Middleware(AccessMiddleware, routes=ROUTES, away_page=unavailable_page)])
    ) as opened:
        yield opened
    database().close()
    database.cache_clear()


@pytest.fixture
def ask(town, client):
    def asking(method: str, path: str, who: str = "giamsat1", headers: dict | None = None, **more):
        return client.request(
            method,
            path,
            headers=OURS | {"cookie": f"{COOKIE}={town.people.tokens[who]}"} | (headers or {}),
            follow_redirects=False,
            **more,
        )

    return asking


@pytest.fixture
def entry(town, dialogue):
    return town.entry("DP-11", PHO_VINH, dialogue())


@pytest.fixture
def put(ask, entry):
    """A PUT of `part` of `raw`, from `start`; without `part` it only asks."""

    def putting(
        evidence_id,
        start: int | None,
        part: bytes = b"",
        raw: bytes = RAW,
        who: str = "giamsat1",
        name: str = "ảnh.jpg",
        **headers,
    ):
        span = "*" if start is None else f"{start}-{start + len(part) - 1}"
        told = {
            "content-range": f"bytes {span}/{len(raw)}",
            "x-sha256": hashlib.sha256(raw).hexdigest(),
            "x-file-name": quote(name),
        }
        place = f"record={entry.id}&plan={entry.plan_id}&activity={entry.activity_id}&unit={entry.unit_id}"
        return ask(
            "PUT",
            f"/minh-chung/{evidence_id}?{place}",
            who,
            told | {k.replace("_", "-"): v for k, v in headers.items()},
            content=part,
        )

    return putting


def test_a_photo_goes_on_where_it_was_cut_and_is_kept_whole(put):
    one = uuid.uuid4()
    assert put(one, None).json() == {"id": str(one), "offset": 0}
    assert put(one, 0, RAW[:1000]).json() == {"id": str(one), "offset": 1000}
    again = put(one, 0, RAW[:1000])  # its answer was lost
    assert (again.status_code, again.json()["offset"]) == (200, 1000)
    far = put(one, 5000, RAW[5000:6000])
    assert (far.status_code, far.json()["offset"]) == (409, 1000)
    assert put(one, None).json()["offset"] == 1000
    done = put(one, 1000, RAW[1000:])
    assert done.status_code == 200 and done.json()["full"] == f"/minh-chung/{one}"
    assert put(one, None).json() == done.json() == put(one, 0, RAW[:1000]).json()


def test_a_small_photo_goes_in_one_part(put):
    one = uuid.uuid4()
    assert put(one, 0, RAW).json()["id"] == str(one)


def test_bytes_that_are_not_those_announced_come_again(put):
    one = uuid.uuid4()
    wrong = put(one, 0, RAW[:-1] + b"?")
    assert (wrong.status_code, wrong.json()["offset"]) == (409, 0)
    put(one, 0, RAW[:1000])
    spoiled = put(one, 1000, RAW[1000:-1] + b"?")
    assert (spoiled.status_code, spoiled.json()["offset"]) == (409, 0) and put(one, None).json()["offset"] == 0
    assert put(one, 0, RAW).status_code == 200


def test_a_file_that_is_refused_leaves_nothing_behind(put):
    one, raw = uuid.uuid4(), b"neither a photo nor a file" * 100
    assert put(one, 0, raw[:100], raw).json()["offset"] == 100
    refused = put(one, 100, raw[100:], raw, name="IMG.avif")
    assert refused.status_code == 422 and "IMG.avif" in refused.json()["problems"][0]["text"]
    assert put(one, None, b"", raw).json()["offset"] == 0


@pytest.mark.parametrize(
    "header",
    [
        {"content_range": "bytes 0-9"},
        {"content_range": "items 0-9/10"},
        {"x_sha256": "no"},
        {"content_range": "bytes 0-9/5"},
        {"content_range": "bytes 5-2/10"},
    ],
)
def test_headers_that_make_no_sense_are_refused(put, header):
    assert put(uuid.uuid4(), 0, RAW[:10], **header).status_code == 422


def test_more_than_a_file_may_have_is_refused_before_it_is_read(put):
    answer = put(uuid.uuid4(), 0, b"x", content_range=f"bytes 0-0/{MOST_BYTES + 1}")
    assert answer.status_code == 413 and answer.json()["problems"]


def test_a_part_of_anothers_upload_is_not_found(put):
    one = uuid.uuid4()
    put(one, 0, RAW[:1000])
    assert put(one, 1000, RAW[1000:], who="giamsat2").status_code == 422
    assert put(one, None).json()["offset"] == 1000


def told(entry, **more) -> dict:
    return {
        "plan": entry.plan_id,
        "activity": entry.activity_id,
        "unit": entry.unit_id,
        "seen_version": 0,
        "sends": True,
        "round": None,
        "answers": entry.answers,
    } | more


def test_the_answer_proves_which_record_and_version_is_here(ask, entry):
    for _twice in range(2):
        answer = ask("POST", f"/luu-ban-ghi/{entry.id}", json=told(entry))
        assert {k: answer.json()[k] for k in ("record", "version", "status")} == {
            "record": str(entry.id),
            "version": 1,
            "status": "sent",
        }


def test_a_refusal_names_the_field_as_the_form_does(ask, entry):
    answer = ask(
        "POST",
        f"/luu-ban-ghi/{entry.id}",
        json=told(entry, answers={"held_on": "10/10/2024", "attendance": {"total": "x"}}),
    )
    assert answer.status_code == 422 and [(p["where"], p["field"]) for p in answer.json()["problems"]] == [
        ("attendance.total", "Người tham dự")
    ]


@pytest.mark.parametrize("named", ["x", [1], ["no number"], [str(uuid.uuid4())] * 61])
def test_photos_named_in_no_way_that_can_be_read_are_refused(ask, entry, named):
    assert ask("POST", f"/luu-ban-ghi/{entry.id}", json=told(entry, evidence=named)).status_code == 422


def test_a_page_of_one_account_is_not_answered_under_another(ask, town, entry):
    answer = ask(
        "POST", f"/luu-ban-ghi/{entry.id}", headers={"x-account": str(town.people.second.id)}, json=told(entry)
    )
    assert answer.status_code == 401 and answer.json()["signed_out"] is True


def test_who_is_here_sends_its_words_once_and_says_which_run_it_is(ask, town):
    first = ask("GET", "/assets-ai/toi").json()
    assert (first["account"], first["name"], first["display_name"]) == (
        town.people.supervisor.id,
        "giamsat1",
        "Giám sát cụm Đông",
    )
    again = ask("GET", f"/assets-ai/toi?words={first['words']}").json()
    assert "texts" not in again and again["words"] == first["words"] and again["server"] == first["server"]


@pytest.mark.parametrize(
    "said", ["", "x", "1 2 3", f"{uuid.UUID(int=7)} v x 1", f"{uuid.UUID(int=8)} v 1 {'9' * 400}", f"{'z' * 36} v 1 1"]
)
def test_a_tablet_that_says_nonsense_is_answered_all_the_same(ask, town, said):
    assert ask("GET", "/assets-ai/toi", headers={"x-tablet": said}).status_code == 200


def test_what_a_tablet_says_is_kept(ask, town):
    tablet = uuid.UUID(int=7)
    for waiting in (2, 2, 1):
        ask("GET", "/minh-chung?record=x", headers={"x-tablet": f"{tablet} abc {waiting} 60"})
    with town.reading() as session:
        assert [
            (r.tablet_id, r.page_version, r.waiting) for r in tablets.list_tablets(session, town.people.officer)
        ] == [(tablet, "abc", 1)]
