"""A simulated home's API: what happens to people goes by the driven clock, people at the console by the wall."""

from collections.abc import AsyncIterator

import httpx
import pytest

from api.app import build
from api.settings import ApiSettings
from tests.api.conftest import NOWHERE, PASSWORDS, START_US, Clock, Ward, running

pytestmark = pytest.mark.servers

YEAR_S = 365 * 86_400


@pytest.fixture
async def driven(ward: Ward) -> AsyncIterator[tuple[Clock, Clock, httpx.AsyncClient]]:
    """Yield the driven clock, the wall's, and a signed-in client."""
    clock, wall = Clock(START_US - YEAR_S * 1_000_000), Clock()
    dsn = ward.app.state.runtime.settings.dsn
    app = build(ApiSettings(dsn, NOWHERE, clock, wall=wall, simulated=True))
    async with (
        running(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ward") as client,
    ):
        answer = await client.post("/api/v1/session", json={"user": "nurse", "password": PASSWORDS["nurse"]})
        assert answer.status_code == 201
        yield clock, wall, client


async def test_a_session_outlives_a_year_of_driven_time_and_not_a_day_on_the_wall(
    driven: tuple[Clock, Clock, httpx.AsyncClient],
) -> None:
    clock, wall, client = driven
    clock.forward(YEAR_S)
    assert (await client.get("/api/v1/session")).status_code == 200
    wall.forward(86_400)
    assert (await client.get("/api/v1/session")).status_code == 401


async def test_the_overview_says_that_it_is_simulated_and_what_time_it_is_there(
    driven: tuple[Clock, Clock, httpx.AsyncClient], ward: Ward
) -> None:
    clock, _, client = driven
    seen = (await client.get("/api/v1/overview")).json()
    assert seen["simulated"] is True
    clock.forward(3600)
    later = (await client.get("/api/v1/overview")).json()
    assert seen["platform_time"] < later["platform_time"] < "2026-09"
    async with ward.signed_in() as live:
        assert (await live.get("/api/v1/overview")).json()["simulated"] is False
