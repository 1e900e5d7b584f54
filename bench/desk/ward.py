"""A platform of its own with as many people, alerts and staff as are wanted, made in its database without waiting."""

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import psutil

from alerts.intake import intake
from schemas.finding import Evidence, Finding, FindingKind, Reason, Stage
from schemas.places import PlaceKind
from store import accounts, alerts, people
from store.pool import Pool, open_pool

#: Kinds that stay open side by side for one resident: one open alert of a kind each.
KINDS = (FindingKind.FALL, FindingKind.SOS, FindingKind.INACTIVITY, FindingKind.WANDERING, FindingKind.SMOKE)
#: Apart in event time, so that a call for help does not join a fall (alerts.joining).
APART_US = 3600 * 1_000_000
#: A thousand alerts to fifty at once take seconds of processor time; on a busy machine that is minutes of waiting.
CALL_S = 300.0
#: Residents of one ward; a list of all of them is what a console shows.
WARD = 40


def now_us() -> int:
    """Return wall time; the platform under test lives by it."""
    return time.time_ns() // 1000


@dataclass
class Ward:
    """The running platform: its API's address, its database, and staff by name with a session each."""

    api: str
    pool: Pool
    process: psutil.Process
    staff: dict[str, str] = field(default_factory=dict)
    made: int = 0

    async def hire(self, count: int) -> None:
        """Add ``count`` nurses who are signed in. Their password is the demo's: hashing is no part of this."""
        now = now_us()
        names = [f"bench-{index:03d}" for index in range(count)]
        await self.pool.execute(
            """
            insert into account (name, display_name, password_hash, created_us)
            select name, name, (select password_hash from account limit 1), $2 from unnest($1::text[]) as name
            """,
            names,
            now,
        )
        await self.pool.execute(
            """
            insert into account_grant (account, role, given_by, given_us)
            select name, 'nurse_in_charge', '', $2 from unnest($1::text[]) as name
            """,
            names,
            now,
        )
        for name in names:
            self.staff[name] = (await accounts.open_session(self.pool, name, now)).token

    async def fill(self, count: int) -> list[str]:
        """Raise ``count`` open alerts, five kinds a resident; return their ids."""
        ids: list[str] = []
        unit = ""
        for index in range(0, count, len(KINDS)):
            if index % (WARD * len(KINDS)) == 0:
                ward = await people.add_place(self.pool, name=f"Ward {index}", kind=PlaceKind.FLOOR, now_us=now_us())
                unit = ward.id
            lives = await people.add_resident(self.pool, name=f"Resident {index}", unit=unit, now_us=now_us())
            for number, kind in enumerate(KINDS[: count - index]):
                at_us = now_us() - (number + 1) * APART_US
                ids.append(await self.raise_one(lives.id, unit, kind, at_us))
        return ids

    async def raise_one(self, resident: str, unit: str, kind: FindingKind, at_us: int) -> str:
        """Let the desk's own rule raise an alert."""
        self.made += 1
        found = Finding(
            id=f"{self.made:08x}{os.getpid():08x}" * 2, kind=kind, stage=Stage.CONFIRMED, unit=unit, resident=resident,
            device="bench", event_us=at_us, start_us=at_us, end_us=at_us, decided_us=at_us, heard_us=now_us(),
            score=0.9, anchor="bench:1:1:frame", model="bench-1",
            evidence=Evidence(reasons=(Reason("impact", {"g": 3.1}),)),
        )  # fmt: skip
        changed = await alerts.accept(self.pool, found, now_us(), intake)
        if changed is None:
            raise RuntimeError("the desk's rule raised no alert")
        return changed.alert.id

    def browser(self, token: str) -> httpx.AsyncClient:
        """Return what one console asks with."""
        return httpx.AsyncClient(
            base_url=self.api, headers={"Authorization": f"Bearer {token}"}, timeout=CALL_S, trust_env=False
        )

    def used(self) -> dict[str, float]:
        """Return the API's memory and processor time so far."""
        cpu = self.process.cpu_times()
        return {"memory_mb": self.process.memory_info().rss / 1e6, "cpu_s": cpu.user + cpu.system}


@asynccontextmanager
async def ward_of(state: dict[str, Any]) -> AsyncIterator[Ward]:
    """Yield the ward of a running platform (its state.json)."""
    pool = await open_pool(state["dsn"])
    try:
        yield Ward(state["api"].rstrip("/"), pool, psutil.Process(state["stages"]["api"]))
    finally:
        pool.terminate()
