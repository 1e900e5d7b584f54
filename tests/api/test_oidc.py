"""Signing in by way of an identity server: who gets in, who does not and why, and what happens while it is away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api import oidc as way
from api.app import build
from api.oidc_token import OLDEST_S, SKEW_S
from api.settings import ApiSettings, OidcSettings
from store import accounts, identities
from tests.api.conftest import NOWHERE, PASSWORDS, SECOND_US, Ward, running
from tests.api.identity_server import CLIENT, SECRET, IdentityServer, go_there, identity_server

pytestmark = pytest.mark.servers
CONSOLE = "http://ward"


@pytest.fixture
async def server(ward: Ward) -> AsyncIterator[IdentityServer]:
    async with identity_server(ward.clock() // SECOND_US) as made:
        yield made


@asynccontextmanager
async def trusting(ward: Ward, server: IdentityServer, **settings: str) -> AsyncIterator[Ward]:
    """Yield the ward with an API that believes the server; ``nurse`` is li.mei there."""
    await identities.set_identity(ward.pool, "nurse", "Li.Mei")
    known = OidcSettings(server.issuer, CLIENT, CONSOLE, SECRET, name="院内账号")
    own: ApiSettings = ward.app.state.runtime.settings
    app = build(ApiSettings(own.dsn, NOWHERE, ward.clock, own.console_dir, oidc=replace(known, **settings)))
    async with running(app):
        yield replace(ward, app=app)


async def begin(client: httpx.AsyncClient) -> httpx.Response:
    begun = await client.get("/api/v1/session/oidc/begin")
    assert begun.status_code == 303
    return begun


async def sign_in(client: httpx.AsyncClient) -> str:
    """Go the whole way as a browser does; return where one ends."""
    begun = await begin(client)
    if begun.headers["location"].startswith("/"):
        return begun.headers["location"]
    back = await client.get(await go_there(client, begun))
    assert back.status_code == 303
    return back.headers["location"]


async def signed_in_as(client: httpx.AsyncClient) -> str | None:
    answer = await client.get("/api/v1/session")
    return answer.json()["user"]["name"] if answer.status_code == 200 else None


async def test_whoever_an_administrator_entered_gets_in_with_the_rights_of_their_account(
    ward: Ward, server: IdentityServer
) -> None:
    async with trusting(ward, server) as there, there.client() as client:
        assert (await client.get("/api/v1/session/oidc")).json() == {"oidc": {"name": "院内账号"}}
        assert await sign_in(client) == "/"
        assert await signed_in_as(client) == "nurse"
        assert (await client.get("/api/v1/residents")).status_code == 200
        assert (await client.get("/api/v1/accounts")).status_code == 403
    row = await ward.pool.fetchrow("select account, data from audit where act = 'sign_in'")
    assert row is not None
    assert (row["account"], '"by": "oidc"' in row["data"]) == ("nurse", True)


async def test_without_a_setting_there_is_no_other_way_in(ward: Ward) -> None:
    async with ward.client() as client:
        assert (await client.get("/api/v1/session/oidc")).json() == {"oidc": None}
        for path in ("begin", "return?state=x&code=y"):
            answer = await client.get(f"/api/v1/session/oidc/{path}")
            assert (answer.status_code, answer.headers["location"]) == (303, "/?signin=oidc_off")


async def test_the_cookies_are_out_of_reach_of_scripts_and_the_challenge_is_a_hash(
    ward: Ward, server: IdentityServer
) -> None:
    async with trusting(ward, server) as there, there.client() as client:
        begun = await begin(client)
        cookie = begun.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
        assert asked["redirect_uri"] == ["http://ward/api/v1/session/oidc/return"]
        assert len(asked["code_challenge"][0]) == 43
        assert asked["prompt"] == ["login"], "a ward's screen is many people's"
        back = await client.get(await go_there(client, begun))
        cookies = " ".join(back.headers.get_list("set-cookie")).lower()
        assert "shouwang_session=" in cookies
        assert "samesite=strict" in cookies


LIES = [
    ({"nonce": "of-another-sign-in"}, "another nonce"),
    ({"nonce": None}, "no nonce"),
    ({"exp": -SKEW_S - 1}, "expired"),
    ({"exp": None}, "no end"),
    ({"exp": float("inf")}, "no end either"),
    ({"iat": SKEW_S + 5}, "of the future"),
    ({"iat": -OLDEST_S - SKEW_S - 5}, "an old copy"),
    ({"nbf": SKEW_S + 5}, "not yet"),
    ({"aud": "another-client"}, "for somebody else"),
    ({"aud": [CLIENT, "another-client"]}, "for several, given to nobody"),
    ({"aud": CLIENT, "azp": "another-client"}, "given to somebody else"),
    ({"aud": None}, "for nobody"),
    ({"iss": "https://evil.example"}, "another issuer"),
    ({"sub": None}, "nobody"),
    ({"sub": 7}, "no text"),
]


@pytest.mark.parametrize(("lie", "what"), LIES, ids=[what for _, what in LIES])
async def test_a_token_that_does_not_fit_opens_nothing(
    ward: Ward, server: IdentityServer, lie: dict[str, object], what: str
) -> None:
    now_s = server.now_s
    times = {name for name, value in lie.items() if name in ("exp", "iat", "nbf") and isinstance(value, int)}
    server.lies = {name: now_s + value if name in times else value for name, value in lie.items()}  # type: ignore[operator]
    async with trusting(ward, server) as there, there.client() as client:
        assert await sign_in(client) == "/?signin=oidc_invalid", what
        assert await signed_in_as(client) is None


@pytest.mark.parametrize("alg", ["none", "HS256"])
async def test_a_token_that_anybody_could_have_signed_opens_nothing(
    ward: Ward, server: IdentityServer, alg: str
) -> None:
    server.alg = alg
    async with trusting(ward, server) as there, there.client() as client:
        assert await sign_in(client) == "/?signin=oidc_invalid"


async def test_a_clock_that_is_a_little_off_keeps_nobody_out(ward: Ward, server: IdentityServer) -> None:
    async with trusting(ward, server) as there, there.client() as client:
        for ahead in (SKEW_S - 2, -SKEW_S + 2):
            server.lies = {"iat": server.now_s + ahead, "exp": server.now_s + ahead + 1}
            assert await sign_in(client) == "/"


async def test_new_keys_are_fetched_when_a_token_names_one_and_forged_ones_ask_nobody_again_and_again(
    ward: Ward, server: IdentityServer
) -> None:
    async with trusting(ward, server) as there, there.client() as client:
        assert await sign_in(client) == "/"
        ward.clock.forward(60)
        server.rotate()
        assert await sign_in(client) == "/"
        assert server.asked.count("keys") == 2
        ward.clock.forward(60)
        server.rotate(published=False)
        for _ in range(5):
            assert await sign_in(client) == "/?signin=oidc_invalid"
        assert server.asked.count("keys") == 3


async def test_a_state_works_once_in_its_own_browser_and_not_for_long(ward: Ward, server: IdentityServer) -> None:
    async with trusting(ward, server) as there, there.client() as client, there.client() as thief:
        path = await go_there(client, await begin(client))
        stolen = await thief.get(path)
        assert stolen.headers["location"] == "/?signin=oidc_stale", "an answer that was begun elsewhere"
        assert "token" not in server.asked, "nor is the code given away for it"
        assert (await client.get(path)).headers["location"] == "/"
        assert (await client.get(path)).headers["location"] == "/?signin=oidc_stale", "twice"
        for made_up in ("state=x&code=y", "code=y", ""):
            assert (await client.get(f"/api/v1/session/oidc/return?{made_up}")).headers["location"].endswith("stale")
        late = await go_there(client, await begin(client))
        ward.clock.forward(way.PENDING_US / SECOND_US + 1)
        assert (await client.get(late)).headers["location"] == "/?signin=oidc_stale"


async def test_an_answer_that_names_another_issuer_is_not_believed(ward: Ward, server: IdentityServer) -> None:
    async with trusting(ward, server) as there, there.client() as client:
        path = (await go_there(client, await begin(client))).split("&iss=")[0]
        mixed_up = await client.get(f"{path}&iss=https%3A%2F%2Fevil.example")
        assert mixed_up.headers["location"] == "/?signin=oidc_invalid"
        assert "token" not in server.asked


async def test_nobody_gets_in_who_was_not_entered_whatever_they_are_called(ward: Ward, server: IdentityServer) -> None:
    async with trusting(ward, server) as there, there.client() as client:
        for name in ("admin", "wang", "nurse", "somebody"):
            server.said = {"sub": f"u-{name}", "preferred_username": name}
            assert await sign_in(client) == "/?signin=oidc_nobody", "the name of an account is no invitation"
        assert await ward.pool.fetchval("select count(*) from account_identity where subject is not null") == 0


async def test_a_newcomer_who_gets_a_former_name_does_not_get_the_former_account(
    ward: Ward, server: IdentityServer
) -> None:
    async with trusting(ward, server) as there, there.client() as client:
        assert await sign_in(client) == "/"
        server.said = {"sub": "u-2", "preferred_username": "li.mei"}
        assert await sign_in(client) == "/?signin=oidc_other"
        server.said = {"sub": "u-1", "preferred_username": "li.mei-married"}
        assert await sign_in(client) == "/", "and who is called otherwise now is still who they were"
        await identities.set_identity(ward.pool, "nurse", "li.mei")  # an administrator lets go
        server.said = {"sub": "u-2", "preferred_username": "li.mei"}
        assert await sign_in(client) == "/"


async def test_a_disabled_account_stays_shut_by_this_way_too(ward: Ward, server: IdentityServer) -> None:
    async with trusting(ward, server) as there, there.client() as client:
        assert await sign_in(client) == "/"
        await accounts.set_disabled(ward.pool, "nurse", ward.clock())
        assert await signed_in_as(client) is None
        assert await sign_in(client) == "/?signin=oidc_nobody"


async def test_a_password_that_somebody_else_drew_is_not_asked_about_here(ward: Ward, server: IdentityServer) -> None:
    await ward.pool.execute("update account set must_change = true where name = 'nurse'")
    async with trusting(ward, server) as there, there.client() as client:
        assert await sign_in(client) == "/"
        assert (await client.get("/api/v1/session")).json()["user"]["must_change"] is False
        assert (await client.get("/api/v1/residents")).status_code == 200
    async with ward.signed_in() as by_password:
        assert (await by_password.get("/api/v1/residents")).status_code == 403


async def test_what_the_token_leaves_out_is_asked_for_and_must_be_of_the_same_person(
    ward: Ward, server: IdentityServer
) -> None:
    server.apart = ("preferred_username",)
    async with trusting(ward, server) as there, there.client() as client:
        assert await sign_in(client) == "/"
        server.userinfo = {"sub": "u-9"}
        assert await sign_in(client) == "/?signin=oidc_invalid"
        server.userinfo = {"preferred_username": None}
        assert await sign_in(client) == "/?signin=oidc_no_claim"


async def test_an_address_counts_only_when_the_server_has_checked_it(ward: Ward, server: IdentityServer) -> None:
    server.said = {"sub": "u-1", "email": "li.mei@example.org", "email_verified": False}
    async with trusting(ward, server, claim="email") as there, there.client() as client:
        await identities.set_identity(ward.pool, "nurse", "li.mei@example.org")
        assert await sign_in(client) == "/?signin=oidc_no_claim"
        server.said["email_verified"] = True
        assert await sign_in(client) == "/"


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("description", "oidc_away"),
        ("token", "oidc_away"),
        ("issuer", "oidc_invalid"),
        ("plain", "oidc_invalid"),
        ("consent", "oidc_refused"),
    ],
)
async def test_while_it_is_not_well_the_page_says_so_and_passwords_work(
    ward: Ward, server: IdentityServer, broken: str, code: str
) -> None:
    server.broken = broken
    async with trusting(ward, server) as there, there.client() as client:
        assert await sign_in(client) == f"/?signin={code}"
        answer = await client.post("/api/v1/session", json={"user": "nurse", "password": PASSWORDS["nurse"]})
        assert answer.status_code == 201
        server.broken = None
        ward.clock.forward(way.AWAY_US / SECOND_US)
        assert await sign_in(client) == "/", "it is asked again by itself"


async def test_a_server_that_is_gone_costs_nobody_a_wait_each(ward: Ward) -> None:
    async with identity_server(ward.clock() // SECOND_US) as gone:
        pass
    async with trusting(ward, gone) as there, there.client() as client:
        for _ in range(3):
            assert await sign_in(client) == "/?signin=oidc_away"


async def test_begun_sign_ins_are_forgotten_before_they_fill_the_memory(
    ward: Ward, server: IdentityServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way, "MOST_PENDING", 3)
    async with trusting(ward, server) as there, there.client() as client:
        first = await go_there(client, await begin(client))
        for _ in range(3):
            async with there.client() as other:
                await begin(other)
        assert (await client.get(first)).headers["location"] == "/?signin=oidc_stale"


async def test_an_administrator_enters_who_somebody_is_there_each_once(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        entered = await admin.put("/api/v1/accounts/nurse/identity", json={"said": "li.mei@example.org"})
        assert entered.json()["identity"] == {"said": "li.mei@example.org", "bound": False}
        twice = await admin.put("/api/v1/accounts/wang/identity", json={"said": "LI.MEI@example.org"})
        assert (twice.status_code, twice.json()["error"]["code"]) == (409, "said_taken")
        listed = {each["name"]: each["identity"] for each in (await admin.get("/api/v1/accounts")).json()["accounts"]}
        assert listed["nurse"] == {"said": "li.mei@example.org", "bound": False}
        assert listed["wang"] is None
        assert (await admin.put("/api/v1/accounts/nurse/identity", json={"said": None})).json()["identity"] is None
    async with ward.signed_in() as nurse:
        assert (await nurse.put("/api/v1/accounts/nurse/identity", json={"said": "x"})).status_code == 403
