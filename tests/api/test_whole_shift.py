"""Desk, API, notify and PostgreSQL at random: one owner, nothing lost, nothing twice, and always somebody next."""

import asyncio
import os
from collections import Counter
from contextlib import AsyncExitStack, ExitStack

import httpx
import pytest

from api.app import build
from api.settings import ApiSettings
from schemas.ladder import Ladder, LadderStep
from store import contacts
from store.pool import Pool, open_pool
from tests.api.conftest import NOWHERE, PASSWORDS, Clock, running
from tests.api.shift_parts import deaths_at_commits
from tests.api.whole_shift import MUST_HAVE_MET, WholeShift
from tests.conftest import PlatformServers, fresh_database
from tests.ingest.conftest import now_us
from tests.store.making import NOW, a_home

pytestmark = [pytest.mark.servers, pytest.mark.timeout(6 * 3600)]

#: What fits in a minute of CPU, the server's with it; the 100,000 of the issue run in `make nightly` (tests/nightly).
STEPS = int(os.environ.get("SHOUWANG_WHOLE_SHIFT_STEPS", "4000"))
#: A fresh database each: a shift, and not a year of them in one table.
STEPS_EACH = 4000
SEEDS = tuple(range(20261201, 20261201 + max(1, STEPS // STEPS_EACH)))
#: Shifts that run beside each other, each in its own database: one waits for its server while another one works.
TOGETHER = 4
GROUPS = tuple(SEEDS[first : first + TOGETHER] for first in range(0, len(SEEDS), TOGETHER))
STAFF = ("li", "wang", "zhao")
CHECK_EVERY = 100


async def staff(pool: Pool, password_hash: str) -> None:
    for user in STAFF:
        sql = "insert into account (name, display_name, password_hash, created_us) values ($1, $1, $2, 0)"
        await pool.execute(sql, user, password_hash)
        # In charge, so that somebody also takes an alert from its owner, and closes it.
        role = "nurse_in_charge" if user == "zhao" else "carer"
        await pool.execute(
            "insert into account_grant (account, role, given_by, given_us) values ($1, $2, '', 0)", user, role
        )


async def a_shift(number: int, dsn: str, password_hash: str, open_things: AsyncExitStack) -> WholeShift:
    clock, pool = Clock(NOW), await open_pool(dsn, max_size=6)
    open_things.callback(pool.terminate)
    await a_home(pool)
    await staff(pool, password_hash)
    steps = tuple(
        LadderStep(recipient=name, address=f"http://127.0.0.1/{name}", after_s=60.0 if index else 0.0)
        for index, name in enumerate(STAFF)
    )
    await contacts.set_ladder(pool, "pl_1", Ladder(steps=steps), NOW)
    app = build(ApiSettings(dsn, NOWHERE, clock, wall=now_us))
    await open_things.enter_async_context(running(app))
    clients = {}
    for user in STAFF:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ward")
        clients[user] = await open_things.enter_async_context(client)
        answer = await client.post("/api/v1/session", json={"user": user, "password": PASSWORDS["nurse"]})
        assert answer.status_code == 201, answer.text
    return WholeShift(number, pool, dsn, clock, clients)


async def work(shift: WholeShift, seed: int) -> None:
    for index in range(min(STEPS, STEPS_EACH)):
        await shift.step()
        if index % CHECK_EVERY == CHECK_EVERY - 1:
            await shift.check()
    await shift.end()
    met = shift.counts | Counter({"calls": shift.phones.calls, "again": shift.phones.again})
    print(f"seed {seed}: {dict(sorted(met.items()))}", flush=True)  # noqa: T201
    if STEPS >= STEPS_EACH:
        missing = [what for what in MUST_HAVE_MET if not met[what]]
        assert not missing, f"seed {seed} never met {missing}"


@pytest.mark.parametrize("seeds", GROUPS, ids=str)
async def test_whatever_people_timers_and_deaths_do_nothing_is_lost_nor_twice_and_somebody_is_next(
    seeds: tuple[int, ...],
    platform_servers: PlatformServers,
    _migrated_template: str,
    hashed: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deaths_at_commits(monkeypatch)
    with ExitStack() as databases:
        dsns = [databases.enter_context(fresh_database(platform_servers, _migrated_template)).dsn for _ in seeds]
        async with AsyncExitStack() as open_things:
            made = zip(seeds, dsns, strict=True)
            shifts = {seed: await a_shift(seed, dsn, hashed["nurse"], open_things) for seed, dsn in made}
            async with asyncio.TaskGroup() as tasks:
                for seed, shift in shifts.items():
                    tasks.create_task(work(shift, seed), name=f"seed {seed}")
