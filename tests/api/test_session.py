"""Signing in: who gets in, who does not, and how often they may try."""

import httpx
import pytest

from api import throttle
from store.accounts import SESSION_US
from tests.api.conftest import PASSWORDS, Ward

pytestmark = pytest.mark.servers


async def sign_in(client: httpx.AsyncClient, user: str, password: str) -> httpx.Response:
    return await client.post("/api/v1/session", json={"user": user, "password": password})


async def test_the_right_password_opens_a_session_by_cookie_and_by_token(ward: Ward) -> None:
    async with ward.client() as client:
        answer = await sign_in(client, "nurse", PASSWORDS["nurse"])
        assert answer.status_code == 201
        assert answer.json()["user"] == {"name": "nurse", "role": "carer", "display_name": "Nurse",
            "grants": [{"role": "carer", "place": None, "resident": None}], "must_change": False}  # fmt: skip
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert (await client.get("/api/v1/session")).json()["user"]["name"] == "nurse"
    async with ward.client() as other:
        bearer = {"Authorization": f"Bearer {answer.json()['token']}"}
        assert (await other.get("/api/v1/session", headers=bearer)).status_code == 200


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(ward: Ward) -> None:
    async with ward.client() as client:
        wrong = await sign_in(client, "nurse", "guess")
        unknown = await sign_in(client, "nobody", "guess")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert "set-cookie" not in wrong.headers


async def test_a_session_ends_when_it_is_closed(ward: Ward) -> None:
    async with ward.signed_in() as client:
        token = client.cookies["shouwang_session"]
        assert (await client.delete("/api/v1/session", headers={"X-Requested-With": "t"})).status_code == 204
        again = await client.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"})
    assert again.status_code == 401


async def test_a_session_ends_by_itself(ward: Ward) -> None:
    async with ward.signed_in() as client:
        ward.clock.forward(SESSION_US / 1e6 - 1)
        assert (await client.get("/api/v1/session")).status_code == 200
        ward.clock.forward(1)
        assert (await client.get("/api/v1/session")).status_code == 401


async def test_a_name_that_no_database_can_hold_is_malformed(ward: Ward) -> None:
    async with ward.client() as client:
        for name in ("nur\0se", "", "x" * 65):
            assert (await sign_in(client, name, "guess")).status_code == 422
        assert (await sign_in(client, "nurse", "gu\0ess")).status_code == 401


async def test_a_made_up_token_opens_nothing(ward: Ward) -> None:
    async with ward.client() as client:
        for token in ("", "x", "é" * 10, "a" * 5000):
            answer = await client.get(
                "/api/v1/session", headers={b"Authorization": f"Bearer {token}".encode("latin-1")}
            )
            assert answer.status_code == 401


async def test_guessing_is_made_slow_and_the_wait_ends(ward: Ward) -> None:
    async with ward.client() as client:
        for _ in range(throttle.FREE_FAILURES):
            assert (await sign_in(client, "nurse", "guess")).status_code == 401
        refused = await sign_in(client, "nurse", PASSWORDS["nurse"])
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) == 2
        assert (await sign_in(client, "wang", PASSWORDS["wang"])).status_code == 201
        ward.clock.forward(2)
        assert (await sign_in(client, "nurse", PASSWORDS["nurse"])).status_code == 201


async def test_a_foreign_page_cannot_act_with_our_cookie(ward: Ward) -> None:
    alert = await ward.fall()
    path = f"/api/v1/alerts/{alert.id}/claim"
    async with ward.signed_in() as client:
        foreign = {"Origin": "http://evil", "Content-Type": "text/plain"}
        refused = await client.post(path, content="{}", headers=foreign)
        assert refused.status_code == 403
        assert refused.json()["error"]["code"] == "forged"
        assert (await client.post(path, headers={"Origin": "http://ward"})).status_code == 200
        assert (await client.post(path, json={})).status_code == 200


async def test_a_cookie_goes_over_https_only_where_that_is_served(ward: Ward) -> None:
    assert ward.app.state.runtime.settings.secure_cookies is False
    async with ward.client() as client:
        answer = await sign_in(client, "nurse", PASSWORDS["nurse"])
    assert "secure" not in answer.headers["set-cookie"].lower()
