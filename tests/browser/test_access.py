"""Who gets in where: pages by address, records by id, HTTP routes, the live connection; sign-in and sign-out."""

import re
import select
import socket
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect
from sqlalchemy import update
from sqlmodel import select as select_rows
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from data_model.accounts import administration, sign_ins
from data_model.accounts.tables import OneTimeLink, SignIn
from data_model.core import clock
from data_model.core.access import Role
from data_model.records.writing import Entry, send
from tests.browser.conftest import PASSWORD, Staffed, idle, press, sign_in
from tests.browser.server import running, start_forked
from tests.conftest import acting, signed_in

pytestmark = pytest.mark.browser
FILE_WIDGETS = (
    "file_uploader(",
    "camera_input(",
    "audio_input(",
    "chat_input(",
    "download_button(",
    "st.image(",
    "st.audio(",
    "st.video(",
    "st.pdf(",
)


def answer(staffed: Staffed, path: str, cookie: str = "", data: bytes | None = None) -> tuple[int, str]:
    """Status and address after redirects of a bare HTTP request."""
    request = urllib.request.Request(staffed.address + path, data=data, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as found:
            return found.status, found.url
    except urllib.error.HTTPError as refused:
        return refused.code, refused.url


@pytest.mark.parametrize("path", ["/", "/viec-cua-toi", "/ban-do", "/xem?record=1", "/tai-khoan", "/loginx"])
def test_pages_lead_to_sign_in(staffed, path):
    status, address = answer(staffed, path)
    assert (status, "/login?next=" in address) == (200, True)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/auth/login", 404),
        ("/auth/logout", 404),
        ("/oauth2callback?code=x&state=y", 404),
        ("/faviconx.png", 401),
        ("/_stcore/bidi-components/x/y.js", 401),
        ("/_stcore/host-config", 401),
        ("/BAN-DO/../media/x.png", 401),
        ("/media/any.png", 404),
        ("/component/streamlit_folium.st_folium/index.html", 401),
        ("/_stcore/upload_file/a/b", 404),
        ("/_stcore/stream", 401),
        ("/ban-do/_stcore/stream", 401),
        ("/_stcore/metrics", 404),
        ("/_stcore/agent/openapi.json", 404),
        ("/app/static/x", 404),
        ("/_stcore/script-health-check", 401),
    ],
)
def test_streamlits_own_doors_ask_too(staffed, path, expected):
    assert answer(staffed, path)[0] == expected


def test_a_made_up_cookie_opens_nothing(staffed):
    assert "/login" in answer(staffed, "/ban-do", cookie="so_giam_sat=made-up")[1]


def test_a_form_posted_from_elsewhere_is_refused(staffed):
    body = f"name=lanhdao&password={PASSWORD}&token=guess".encode()
    assert answer(staffed, "/login", data=body)[0] == 403


def test_the_way_on_after_sign_in_stays_in_the_app(staffed, visit):
    page = visit()
    page.goto(f"{staffed.address}/login?next=https://example.org/")
    page.get_by_label("Tên đăng nhập").fill("giamsat1")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    press(page.get_by_role("button", name="Đăng nhập"), shows=page.get_by_role("heading", name="Việc của tôi"))
    expect(page).to_have_url(re.compile(f"^{re.escape(staffed.address)}/(?!login)"))


def test_wrong_password_and_unknown_name_say_the_same_and_are_slowed_down(staffed, visit):
    page = visit()
    page.goto(f"{staffed.address}/login")
    for attempt in range(6):
        page.get_by_label("Tên đăng nhập").fill("khong-co-ai")
        page.get_by_label("Mật khẩu").fill("sai sai sai sai")
        press(
            page.get_by_role("button", name="Đăng nhập"), loads=True
        )  # the empty boxes stood there before the answer, too
        expect(page.get_by_label("Mật khẩu")).to_have_value("")
        said = page.get_by_role("alert")
        expect(said).to_have_text(
            "Sai tên đăng nhập hoặc mật khẩu." if attempt < 5 else re.compile("Thử sai quá nhiều lần. Chờ \\d+ giây")
        )


def test_a_supervisor_cannot_read_or_write_elsewhere(staffed, visit):
    with staffed.database.writing() as session:
        second = acting(session, "giamsat2")
        plan = staffed.plan()
        line = next(line for line in plan.lines if line.code == "DP-11")
        other = send(
            session,
            second,
            Entry(
                id=uuid.uuid4(),
                plan_id=plan.id,
                activity_id=line.activity_id,
                unit_id=staffed.unit_id("21442"),
                answers={"held_on": "2024-10-01", "attendance": {"total": 50}},
            ),
        ).id
    page = visit()
    sign_in(page, staffed.server, "giamsat1")
    page.goto(f"{staffed.address}/xem?record={other}")
    expect(page.get_by_text("Không tìm thấy bản ghi này, hoặc bạn không được xem.")).to_be_visible()
    page.goto(f"{staffed.address}/ghi?record={other}")
    expect(page.get_by_text("Trước hết hãy chọn hoạt động và xã")).to_be_visible()
    page.goto(f"{staffed.address}/ghi?plan=duc_pho_2024&activity=DP-11&unit={staffed.unit_id('21442')}")
    idle(page)
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_text("Địa bàn này không thuộc các xã được giao cho bạn")).to_be_visible()
    page.goto(f"{staffed.address}/ban-ghi?plan=duc_pho_2024")
    expect(page.get_by_text("Chưa có bản ghi nào ở đây.")).to_be_visible()


def test_sign_out_ends_the_session_for_good(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat2", where="/toi")
    cookie = next(c for c in page.context.cookies() if c["name"] == "so_giam_sat")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    page.get_by_role("link", name="Đăng xuất").click()  # in this very tab: none is left that looks signed in
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/login")
    assert "/login" in answer(staffed, "/toi", cookie=f"so_giam_sat={cookie['value']}")[1]


def test_a_disabled_account_is_out_at_its_next_tap(staffed, visit):
    officer, admin = visit(), visit()
    sign_in(officer, staffed.server, "tonghop", where="/ban-ghi")
    sign_in(admin, staffed.server, "quantri", where="/tai-khoan")
    press(
        admin.locator(".st-key-account-5").get_by_role("button", name="Mở"),
        shows=admin.get_by_role("button", name="Khoá"),
    )
    press(
        admin.get_by_role("button", name="Khoá", exact=True),
        shows=admin.get_by_role("button", name="Khoá tài khoản này"),
    )
    press(admin.get_by_role("button", name="Khoá tài khoản này"), shows=admin.get_by_text("đã khoá từ"))
    officer.get_by_role("radio", name="Tất cả").click()
    expect(officer.get_by_text("Bạn đã đăng xuất.")).to_be_visible()
    press(admin.get_by_role("button", name="Mở lại"), hides=admin.get_by_text("đã khoá từ"))


def test_the_interface_speaks_english_by_a_switch(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "giamsat2", where="/toi")
    page.get_by_role("radio", name="English").click()
    expect(page.get_by_text("My communes")).to_be_visible()
    page.get_by_role("link", name="My work").click()
    expect(page.get_by_role("heading", name="My work")).to_be_visible()
    page.goto(f"{staffed.address}/toi")
    idle(page)
    page.get_by_role("radio", name="Tiếng Việt").click()
    expect(page.get_by_text("Xã, phường được giao")).to_be_visible()


def test_a_language_chosen_elsewhere_reaches_the_whole_page_at_its_next_tap(staffed, visit):
    page = visit()
    sign_in(page, staffed.server, "lanhdao", where="/tien-do?plan=duc_pho_2024")
    with staffed.database.writing() as session:
        administration.set_language(session, acting(session, "lanhdao"), "en")
    page.get_by_role("radio", name="Biểu đồ").click()
    expect(page.get_by_role("heading", name="Progress", exact=True)).to_be_visible()
    expect(page.get_by_role("radio", name="Chart")).to_be_checked()
    with staffed.database.writing() as session:
        administration.set_language(session, acting(session, "lanhdao"), "vi")


# --- as an attacker ------------------------------------------------------------------------

ODD_PATHS = [
    "/%2e%2e/ban-do",
    "/..%2fmedia%2fx.png",
    "//example.org/",
    "//ban-do",
    "/\\example.org",
    "/BAN-DO",
    "/ban-do/",
    "/ban-do%00",
    "/static/../ban-do",
    "/static/%2e%2e/media/x.png",
    "/login/../ban-do",
    "/link/../ban-do",
    "/assets/..%2f..%2fapp.py",
    "/assets/%2e%2e/main.py",
    "/_stcore/health/../stream",
    "/tai-khoan;x",
    "/diem-ban-do/../tai-khoan",
]


@pytest.mark.parametrize("path", ODD_PATHS)
def test_an_odd_path_shows_nobody_anything(staffed, path):
    """Sent as it stands: an ordinary client would tidy it up first."""
    with httpx.Client(base_url=staffed.address, timeout=40) as client:
        answer = client.send(httpx.Request("GET", httpx.URL(staffed.address).copy_with(raw_path=path.encode())))
    shown = answer.text if answer.status_code == 200 else ""
    assert answer.status_code in (303, 307, 400, 401, 404) or "Đăng nhập" in shown, (
        path,
        answer.status_code,
        shown[:200],
    )
    assert "SO_GIAM_SAT" not in answer.text and "import " not in answer.text
    if answer.status_code in (303, 307):
        where = httpx.URL(answer.headers["location"])
        assert where.host in ("", "127.0.0.1"), path


@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "/%09/example.org",
        "javascript:alert(1)",
        "/%0d%0aX-Evil:1",
        "/link/x",
        "/logout",
        "%00",
        "http:example.org",
        "///example.org",
        "/%5cexample.org",
    ],
)
def test_no_way_on_leads_out_of_the_app(staffed, wanted):
    with httpx.Client(base_url=staffed.address, timeout=40) as client:
        page = client.get(f"/login?next={wanted}")
        token = re.search(r'name="token" value="([^"]+)"', page.text).group(1)
        answer = client.post(f"/login?next={wanted}", data={"name": "giamsat1", "password": PASSWORD, "token": token})
    assert answer.status_code == 303 and answer.headers["location"] == "/" and "x-evil" not in answer.headers


def test_a_form_of_another_site_is_refused_even_with_a_token_of_its_own(staffed):
    with httpx.Client(base_url=staffed.address, timeout=40) as client:
        token = re.search(r'name="token" value="([^"]+)"', client.get("/login").text).group(1)
        told = {"name": "giamsat1", "password": PASSWORD, "token": token}
        assert (
            client.post(
                "/login", data=told, headers={"sec-fetch-site": "cross-site", "origin": "https://example.org"}
            ).status_code
            == 403
        )
        client.cookies.clear()
        assert client.post("/login", data=told).status_code == 403, "the token without its cookie"
        assert (
            client.post("/login", data=told | {"token": ""}, headers={"cookie": "so_giam_sat_form="}).status_code == 403
        )
        assert (
            client.post("/login", data=told | {"token": "ký"}, headers={"cookie": "so_giam_sat_form=x"}).status_code
            == 403
        )


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
def test_behind_a_proxy_of_this_machine_the_cookie_is_secure_under_https(staffed, scheme, secure):
    with httpx.Client(base_url=staffed.address, timeout=40, headers={"x-forwarded-proto": scheme}) as client:
        cookies = client.get("/login").headers.get_list("set-cookie")
    assert [("secure" in cookie.lower()) for cookie in cookies] == [secure] * 2 and all(
        "samesite" in c.lower() for c in cookies
    )


def test_a_proxy_that_is_not_trusted_is_not_believed(staffed, tmp_path):
    """FORWARDED_ALLOW_IPS names the proxies; this server's names another machine."""
    with (
        running(tmp_path / "own", start=start_forked, FORWARDED_ALLOW_IPS="10.9.9.9") as server,
        httpx.Client(base_url=server.address, timeout=40) as client,
    ):
        cookies = client.get(
            "/login", headers={"x-forwarded-proto": "https", "x-forwarded-for": "1.2.3.4"}
        ).headers.get_list("set-cookie")
        assert not any("secure" in cookie.lower() for cookie in cookies)
        token = re.search(r'name="token" value="([^"]+)"', client.get("/login").text).group(1)
        for number in range(20):
            client.post(
                "/login",
                data={"name": f"nobody{number}", "password": "x", "token": token},
                headers={"x-forwarded-for": f"1.2.3.{number}"},
            )
        answer = client.post(
            "/login", data={"name": "nobody", "password": "x", "token": token}, headers={"x-forwarded-for": "1.2.3.99"}
        )
        assert answer.status_code == 429, "a made-up address does not get around the slowing down"


def test_a_one_time_link_opens_once(staffed):
    with staffed.database.writing() as session:
        _account, token = administration.add_account(
            session, acting(session, "quantri"), "motlan", "Một lần", Role.LEADER
        )
    with httpx.Client(base_url=staffed.address, timeout=40) as client:
        form = re.search(r'name="token" value="([^"]+)"', client.get(f"/link/{token}").text).group(1)
        told = {"password": PASSWORD, "repeated": PASSWORD, "token": form}
        assert client.post(f"/link/{token}", data=told).status_code == 303
        again = client.post(
            f"/link/{token}", data=told | {"password": "ke gian doi mat khau", "repeated": "ke gian doi mat khau"}
        )
        assert again.status_code == 410 and client.get(f"/link/{token}").status_code == 410
    assert sign_ins.sign_in(staffed.database, "motlan", PASSWORD, "test")


def _signed_in(staffed, name: str) -> str:
    with staffed.database.writing() as session:
        return signed_in(session, name)


def _live(staffed, token: str, origin: str | None = None):
    return connect(
        f"{staffed.address.replace('http', 'ws')}/_stcore/stream",
        additional_headers={"Cookie": f"so_giam_sat={token}"},
        origin=origin,
        subprotocols=["streamlit"],
        open_timeout=30,
    )


def _refused(staffed, token: str, origin: str | None = None) -> bool:
    try:
        with _live(staffed, token, origin) as live:
            live.recv(timeout=20)
    except (InvalidStatus, ConnectionClosed):
        return True
    return False


def test_the_live_connection_asks_who_it_is(staffed):
    token = _signed_in(staffed, "giamsat1")
    assert _refused(staffed, "") and _refused(staffed, "made-up") and _refused(staffed, token + "x")
    assert _refused(staffed, token, "https://example.org"), "another site's page, even in a signed-in browser"
    with staffed.database.writing() as session:
        session.execute(
            update(SignIn).where(SignIn.token_digest == sign_ins.digest(token)).values(expires_at=clock.now())
        )
    assert _refused(staffed, token), "run out"


def test_a_tap_after_the_session_ended_does_nothing(staffed, visit):
    """Streamlit runs a button's callback before the page's script: the middleware must not let the tap get that far."""
    page = visit()
    sign_in(page, staffed.server, "quantri", where="/tai-khoan?account=2")
    idle(page)
    with staffed.database.writing() as session:
        chief = acting(session, "quantri")
        links = len(session.exec(select_rows(OneTimeLink)).all())
        sign_ins.end_all(session, chief.id)
    page.get_by_role("button", name="Đường dẫn mới").click()
    expect(page.get_by_text("Bạn đã đăng xuất.")).to_be_visible()
    with staffed.database.reading() as session:
        assert len(session.exec(select_rows(OneTimeLink)).all()) == links


@pytest.mark.parametrize("who", ["", "lanhdao"])
def test_streamlits_doors_for_files_are_shut_to_everybody(staffed, who):
    """No page uses them: photos, files and downloads have routes of our own, which ask who acts."""
    cookie = {"cookie": f"so_giam_sat={_signed_in(staffed, who)}"} if who else {}
    with httpx.Client(base_url=staffed.address, timeout=40, headers=cookie) as client:
        for method in ("PUT", "DELETE", "OPTIONS", "POST", "GET"):
            for path in ("/_stcore/upload_file/session/file", "/media/any.png", "/media/", "/_stcore/upload_file"):
                assert client.request(method, path).status_code in (404, 401), (method, path)
                assert client.request(method, path).status_code == 404 or not who


def test_no_page_needs_streamlits_doors_for_files():
    used = [
        path.name
        for path in Path("dashboard").rglob("*.py")
        for word in FILE_WIDGETS
        if word in path.read_text(encoding="utf-8")
    ]
    assert used == []


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:{other}",
        "http://127.0.0.1",
        "http://localhost:{port}",
        "http://127.0.0.1:{port}.evil.example",
        "https://evil.example:{port}",
        "http://evil.example",
        "http://127.0.0.1:{port}@evil.example",
        "http://x@127.0.0.1:{port}",
        "http://127.0.0.1:{port}/",
        "http://127.0.0.1:{port}?x",
        "ws://127.0.0.1:{port}",
        "null",
        "",
        "file://",
        "127.0.0.1:{port}",
        "http://127.0.0.1:{port}:{port}",
        "http://127.0.0.1:99999",
        "http://[::1]:{port}",
    ],
)
def test_only_a_page_of_this_very_origin_gets_the_live_connection(staffed, origin):
    port = int(staffed.address.rpartition(":")[2])
    token = _signed_in(staffed, "giamsat1")
    assert _refused(staffed, token, origin.format(port=port, other=port + 1)), origin
    assert not _refused_at_once(staffed, token, staffed.address)


def _refused_at_once(staffed, token: str, origin: str) -> bool:
    try:
        with _live(staffed, token, origin):
            return False
    except InvalidStatus:
        return True


def _session_of(staffed, token: str, named: str | None = None) -> str:
    """The session that a connection gets, which names `named` as the one that it was cut off from."""
    protocols = ["streamlit", "x", named] if named else ["streamlit"]
    with connect(
        f"{staffed.address.replace('http', 'ws')}/_stcore/stream",
        additional_headers={"Cookie": f"so_giam_sat={token}"},
        subprotocols=protocols,
        open_timeout=30,
    ) as live:
        run = BackMsg()
        run.rerun_script.query_string = ""
        live.send(run.SerializeToString())
        while True:
            told = ForwardMsg.FromString(live.recv(timeout=30))
            if told.WhichOneof("type") == "new_session":
                return told.new_session.initialize.session_id


def test_whoever_names_anothers_session_begins_anew(staffed):
    hers, again, his = (_signed_in(staffed, name) for name in ("lanhdao", "lanhdao", "giamsat1"))
    session = _session_of(staffed, hers)
    assert _session_of(staffed, hers, session) == session, "who was cut off goes on"
    for thief in (his, again):
        assert _session_of(staffed, thief, session) != session
    assert _session_of(staffed, hers, session) == session


def test_a_post_that_is_too_large_is_refused_before_it_is_read(staffed):
    with httpx.Client(base_url=staffed.address, timeout=40) as client:
        for path in ("/login", "/link/x", "/logout", "/assets-ai/toi", "/static/x", "/nowhere"):
            began = time.monotonic()
            answer = client.post(
                path,
                content=("name=" + "\u0301" * 50_000).encode(),
                headers={"content-type": "application/x-www-form-urlencoded"},
            )
            assert answer.status_code in (413, 401), path
            chunks = client.post(path, content=(b"x" * 1000 for _ in range(100)))
            assert chunks.status_code < 500, path
            assert time.monotonic() - began < 2, path


def _open_post(staffed, head: bytes) -> socket.socket:
    host, _, port = staffed.address.removeprefix("http://").rpartition(":")
    opened = socket.create_connection((host, int(port)), timeout=40)
    opened.sendall(head)
    return opened


def test_posts_that_never_end_are_ended_and_the_others_are_served_meanwhile(staffed):
    cookie = f"Cookie: so_giam_sat={_signed_in(staffed, 'giamsat1')}\r\nx-so-giam-sat: 1\r\n"
    heads = [
        (
            "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length:"
            " 900\r\n\r\nname="
        ),
        (
            "POST /link/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type:"
            " application/x-www-form-urlencoded\r\n\r\n5\r\nname=\r\n"
        ),
        f"POST /luu-ban-ghi/{uuid.uuid4()} HTTP/1.1\r\nHost: x\r\n{cookie}Content-Length: 900\r\n\r\n{{",
        (
            f"PUT /minh-chung/{uuid.uuid4()}?record={uuid.uuid4()}&plan=1&activity=1&unit=1 HTTP/1.1\r\nHost:"
            f" x\r\n{cookie}Content-Length: 9000000\r\n\r\nx"
        ),
        f"POST /nowhere HTTP/1.1\r\nHost: x\r\n{cookie}Content-Length: 900\r\n\r\nx",
    ]
    began = time.monotonic()
    posts = [_open_post(staffed, head.encode()) for head in heads for _ in range(12)]
    drips = [_open_post(staffed, heads[0].encode()) for _ in range(12)]
    took = []
    while drips and time.monotonic() - began < 45:
        clock_began = time.monotonic()
        assert answer(staffed, "/login")[0] == 200
        took.append(time.monotonic() - clock_began)
        for drip in list(drips):
            try:
                drip.sendall(b"x")
                if select.select([drip], [], [], 0)[0] and drip.recv(4096) == b"":
                    drips.remove(drip)
            except OSError:
                drips.remove(drip)
        time.sleep(0.5)  # a slow sender is what is tried here
    assert not drips and time.monotonic() - began < 45
    assert sorted(took)[len(took) // 2] < 0.5
    for post in posts:
        post.settimeout(10)
        said = b""
        while part := post.recv(65536):
            said += part
        assert said.startswith((b"HTTP/1.1 408", b"HTTP/1.1 4")), said[:80]
