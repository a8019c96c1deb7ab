"""Signing in through an organisation's own provider, with a provider of the test's own: who gets in, and who does
not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest

from data_model.accounts import administration, one_time_links, sign_ins
from data_model.core.access import Role
from data_model.core.database import Database
from seed.load import load_everything
from tests.browser.server import Server, running
from tests.conftest import CHOSEN, acting
from tests.dashboard.sign_in.organisation import Organisation, organisation

MINH = {"sub": "u-1", "email": "Minh@Example.org", "email_verified": True}


@dataclass(frozen=True)
class Joined:
    """A running app that is joined to a provider."""

    server: Server
    database: Database
    provider: Organisation

    def visitor(self) -> httpx.Client:
        """A browser without scripts: cookies are kept, redirects followed."""
        return httpx.Client(base_url=self.server.address, follow_redirects=True, timeout=20)

    def who(self, client: httpx.Client):
        with self.database.reading() as session:
            return sign_ins.who_is(session, client.cookies.get("so_giam_sat"))


@pytest.fixture(scope="module")
def joined(tmp_path_factory) -> Iterator[Joined]:
    """The app with an administrator and a leader "minh", whose identity is an e-mail address."""
    folder = tmp_path_factory.mktemp("joined")
    database = Database(f"sqlite:///{folder / 'so_giam_sat.db'}")
    database.migrate()
    with database.writing() as session:
        load_everything(session)
        one_time_links.use_link(session, one_time_links.first_link(session), CHOSEN, "quantri", "Quản trị hệ thống")
        chief = acting(session, "quantri")
        account, _link = administration.add_account(session, chief, "minh", "Lãnh đạo phòng", Role.LEADER)
        administration.set_identity(session, chief, account.id, "minh@example.org")
    with organisation() as provider:
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "secrets.toml").write_text(
            '[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret ='
            ' "a-long-secret-for-this-test-alone"\nclient_id = "so-giam-sat"\nclient_secret = "x"\nserver_metadata_url'
            f' = "{provider.address}/.well-known/openid-configuration"\n'
        )
        with running(folder, HOME=str(folder), SO_GIAM_SAT_SINGLE_SIGN_ON="Cổng tỉnh") as server:
            yield Joined(server, database, provider)
    database.close()


@pytest.fixture
def visit(joined) -> Iterator[httpx.Client]:
    joined.provider.claims, joined.provider.refuses = MINH, False
    with joined.visitor() as client:
        yield client


def test_the_sign_in_page_offers_it_and_leads_where_one_wanted_to_go(joined, visit):
    assert "Đăng nhập bằng Cổng tỉnh" in visit.get("/tien-do?plan=duc_pho_2024").text
    arrived = visit.get("/login/to-chuc?next=/tien-do")
    assert (arrived.status_code, urlsplit(str(arrived.url)).path) == (200, "/tien-do")
    assert joined.who(visit).name == "minh"
    assert [name for name in visit.cookies if name.startswith("_streamlit_user")] == [], "only our own session is left"


def test_the_session_is_like_any_other_and_is_revoked(joined, visit):
    visit.get("/login/to-chuc")
    actor = joined.who(visit)
    with joined.database.writing() as session:
        sign_ins.end_all(session, actor.id)
    assert visit.get("/tien-do").url.path == "/login"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "u-2", "email": "stranger@example.org", "email_verified": True},
        {"sub": "u-1", "email": "minh@example.org"},
        {"sub": "u-1", "email": "minh@example.org", "email_verified": False},
        {"sub": "minh@example.org2"},
        {"sub": "quantri"},
    ],
)
def test_nobody_without_a_vouched_identity_that_an_administrator_entered_gets_in(joined, visit, claims):
    joined.provider.claims = claims
    arrived = visit.get("/login/to-chuc")
    assert arrived.status_code == 403 and "Chưa có tài khoản nào gắn với" in arrived.text
    assert joined.who(visit) is None and visit.get("/tien-do").url.path == "/login"
    with joined.database.reading() as session:
        assert administration.list_accounts(session, acting(session, "quantri"))[1] == 2, "no account is made"


def test_a_disabled_account_stays_out(joined, visit):
    with joined.database.writing() as session:
        administration.set_disabled(session, acting(session, "quantri"), acting(session, "minh").id, True)
    assert visit.get("/login/to-chuc").status_code == 403 and joined.who(visit) is None
    with joined.database.writing() as session:
        administration.set_disabled(session, acting(session, "quantri"), acting(session, "minh").id, False)


def test_a_proof_kept_aside_opens_nothing_a_second_time(joined, visit):
    visit.follow_redirects = False
    step = visit.get("/login/to-chuc")
    while step.headers.get("location", "") != "/":
        step = visit.get(step.headers["location"])
    stolen = {name: value for name, value in visit.cookies.items() if name.startswith("_streamlit_user")}
    visit.follow_redirects = True
    assert visit.get("/").status_code == 200 and joined.who(visit)
    with joined.visitor() as thief:
        thief.cookies.update(stolen)
        assert "đã dùng hoặc đã quá hạn" in thief.get("/login/to-chuc/xong").text
        assert joined.who(thief) is None


@pytest.mark.parametrize("cookie", ["", "made-up", "eyJlbWFpbCI6Im1pbmhAZXhhbXBsZS5vcmcifQ.aaaa.bbbb"])
def test_a_made_up_proof_opens_nothing(joined, visit, cookie):
    visit.cookies.set("_streamlit_user", cookie)
    arrived = visit.get("/login/to-chuc/xong")
    assert arrived.status_code == 403 and joined.who(visit) is None


def test_who_is_refused_there_is_back_at_our_own_page(joined, visit):
    joined.provider.refuses = True
    assert visit.get("/login/to-chuc").url.path == "/login" and joined.who(visit) is None


def test_an_answer_that_nobody_asked_for_opens_nothing(joined, visit):
    assert visit.get("/oauth2callback?code=code0&state=made-up").url.path == "/login"


def test_the_way_on_stays_in_the_app(joined, visit):
    assert visit.get("/login/to-chuc?next=https://example.org/").url.host == "127.0.0.1"
