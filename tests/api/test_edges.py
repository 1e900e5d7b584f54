"""The edge holds: safe headers, errors of one shape, limits, the console's files, and a world that is away."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from api.app import build
from api.body_limit import MAX_BODY_BYTES
from api.settings import ApiSettings
from tests.api.conftest import NOWHERE, Clock, Ward, running

pytestmark = pytest.mark.servers

AWAY = "postgresql://nobody@127.0.0.1:1/none"


async def test_every_answer_carries_the_safe_headers(ward: Ward) -> None:
    async with ward.client() as client:
        for path in ("/", "/residents/x", "/api/v1/alerts", "/healthz", "/assets/main-ABCDEFGH.js", "/missing.js"):
            headers = (await client.get(path)).headers
            policy = headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["cache-control"]


async def test_the_console_is_served_with_its_own_pages_and_its_assets_are_kept(ward: Ward) -> None:
    async with ward.client() as client:
        for page in ("/", "/residents/re_1", "/index.html"):
            answer = await client.get(page)
            assert answer.status_code == 200
            assert "守望" in answer.text
            assert answer.headers["cache-control"] == "no-cache"
        asset = await client.get("/assets/main-ABCDEFGH.js")
        assert "immutable" in asset.headers["cache-control"]
        assert asset.headers["content-type"].startswith("text/javascript")
        assert (await client.get("/assets/main-OLDOLDOL.js")).status_code == 404
        assert (await client.post("/residents/re_1", json={})).status_code == 405


async def test_no_path_leaves_the_console_folder(ward: Ward, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    async with ward.client() as client:
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/%00", "//etc/passwd"):
            assert "secret" not in (await client.get(path)).text


async def test_an_unbuilt_console_says_how_to_build_it(tmp_path: Path) -> None:
    for folder in (None, tmp_path / "none"):
        app = build(ApiSettings(AWAY, NOWHERE, Clock(), folder))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ward") as client:
            answer = await client.get("/")
            assert "make install" in answer.text
            assert "<script" not in answer.text


async def test_a_large_body_is_refused(ward: Ward) -> None:
    async with ward.signed_in("admin") as client:
        answer = await client.post("/api/v1/residents", json={"name": "x" * MAX_BODY_BYTES, "unit": ward.unit})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")

        async def unending() -> AsyncIterator[bytes]:
            while True:
                yield b"x" * 1000

        async with asyncio.timeout(5):
            assert (await client.post("/api/v1/residents", content=unending())).status_code == 413


MALFORMED_BODIES = (
    b"", b"{", b"[]", b"null", b'{"name": "x"}', b'{"name": 1, "unit": "u"}', b'{"name": "", "unit": "u"}',
    b'{"name": "x", "unit": "a b"}', b'{"name": "x", "unit": "u", "admin": true}', b"\xff\xfe",
    b'{"name": "x", "unit": "u", "birth_year": 1066}', b'{"name": "a\\u0000b", "unit": "u"}',
    b'{"name": "x", "unit": "u", "timezone": "Mars/Olympus"}', b"[" * 5000, b'{"name": "\\ud800", "unit": "u"}',
)  # fmt: skip


async def test_a_malformed_body_is_422_in_the_one_shape(ward: Ward) -> None:
    json_type = {"Content-Type": "application/json"}
    async with ward.signed_in("admin") as client:
        for body in MALFORMED_BODIES:
            answer = await client.post("/api/v1/residents", content=body, headers=json_type)
            assert answer.status_code == 422, (body, answer.text)
            assert set(answer.json()["error"]) == {"code", "message"}
            assert answer.json()["error"]["code"] == "malformed"


async def test_a_malformed_query_is_422_and_names_the_field(ward: Ward) -> None:
    async with ward.signed_in() as client:
        for field, value in (
            ("status", "none"), ("since", "yesterday"), ("since", "2026-01-01T00:00:00"), ("since", "5"),
            ("limit", "0"), ("limit", "99999"),
        ):  # fmt: skip
            answer = await client.get("/api/v1/alerts", params={field: value})
            assert answer.status_code == 422
            assert field in answer.json()["error"]["message"]


async def test_what_nobody_foresaw_is_500_with_a_number_and_no_trace(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise KeyError("the password is swordfish")

    monkeypatch.setattr("api.routes.alerts.alerts.listed", broken)
    async with ward.signed_in() as client:
        answer = await client.get("/api/v1/alerts")
    assert answer.status_code == 500
    assert "swordfish" not in answer.text
    number = answer.json()["error"]["message"].split()[-1].rstrip(".")
    assert number in caplog.text
    assert "swordfish" in caplog.text


async def test_a_database_that_hangs_even_while_it_is_given_up_holds_no_probe_back(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = asyncio.Event()

    async def hangs(_: object) -> dict[str, int]:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue  # as the driver does, which asks the server to cancel and waits for its answer
        return {}

    monkeypatch.setattr("api.routes.probes._ANSWER_SECONDS", 0.01)
    monkeypatch.setattr("api.routes.probes.alerts.open_count", hangs)
    async with ward.client() as client, asyncio.timeout(5):
        ready = await client.get("/readyz")
        assert "database" in ready.json()["missing"]
        assert "shouwang_database_up 0.0" in (await client.get("/metrics")).text
    released.set()


async def test_without_a_database_everything_says_so_and_nothing_breaks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = build(ApiSettings(AWAY, NOWHERE, Clock(), tmp_path))
    async with (
        running(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ward") as client,
    ):
        assert (await client.get("/healthz")).json() == {"ok": True}
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["missing"]) == (503, ["database", "jetstream", "live stream"])
        signing = await client.post("/api/v1/session", json={"user": "nurse", "password": "x"})
        assert (signing.status_code, signing.json()["error"]["code"]) == (503, "unavailable")
        assert signing.json()["error"]["message"].count(".") >= 1
        numbers = (await client.get("/metrics")).text
        assert "shouwang_database_up 0.0" in numbers
        assert "shouwang_open_alerts{" not in numbers
    assert "Traceback" not in caplog.text
