"""An API on a database of its own: a clock that is set, a signed-in client, a resident with a device, and alerts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from alerts.intake import intake
from api.app import build
from api.settings import ApiSettings
from schemas.alert import Alert
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from schemas.places import Binding, PlaceKind
from store import alerts, people
from tests.conftest import Database

START_US = 1_790_000_000_000_000
SECOND_US = 1_000_000
PASSWORDS = {"nurse": "three-small-owls", "wang": "seven-grey-cats", "admin": "one-tall-crane"}
ROLES = {"nurse": "carer", "wang": "carer", "admin": "administrator"}
NOWHERE = "nats://127.0.0.1:1"


@dataclass
class Clock:
    """Platform time that only a test moves."""

    now_us: int = START_US

    def __call__(self) -> int:
        return self.now_us

    def forward(self, seconds: float) -> None:
        self.now_us += round(seconds * SECOND_US)


@dataclass
class Ward:
    """The API under test, its clock and database, and who lives there."""

    app: FastAPI
    clock: Clock
    pool: "asyncpg.Pool[asyncpg.Record]"
    unit: str = ""
    resident: str = ""
    falls: int = field(default=0)

    def client(self) -> httpx.AsyncClient:
        """Return a browser without a session."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://ward")

    @asynccontextmanager
    async def signed_in(self, user: str = "nurse") -> AsyncIterator[httpx.AsyncClient]:
        """Yield a browser with a session."""
        async with self.client() as client:
            answer = await client.post("/api/v1/session", json={"user": user, "password": PASSWORDS[user]})
            assert answer.status_code == 201, answer.text
            yield client

    async def fall(self, resident: str | None = None, kind: FindingKind = FindingKind.FALL) -> Alert:
        """Let the resident fall, now."""
        self.falls += 1
        finding = fall(resident or self.resident, self.unit, self.clock(), self.falls, kind)
        changed = await alerts.accept(self.pool, finding, self.clock(), intake)
        assert changed is not None
        return changed.alert


def fall(resident: str, unit: str, event_us: int, number: int, kind: FindingKind = FindingKind.FALL) -> Finding:
    return Finding(
        id=f"{number:08x}" * 4,
        kind=kind,
        stage=Stage.CONFIRMED,
        unit=unit,
        resident=resident,
        device="w1",
        event_us=event_us,
        start_us=event_us - SECOND_US,
        end_us=event_us + SECOND_US,
        decided_us=event_us + SECOND_US,
        heard_us=event_us + SECOND_US,
        score=0.93,
        anchor="w1:1:1:frame",
        model="test-1",
        evidence=Evidence(
            phases=(Phase("impact", event_us, event_us + 200_000),),
            reasons=(Reason("impact", {"g": 3.1}),),
            features={"peak_g": 3.1},
        ),
    )


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Run the application's loops, as a server would."""
    async with app.router.lifespan_context(app):
        yield


@pytest.fixture(scope="session")
def hashed() -> dict[str, str]:
    """Hash the passwords once and cheaply: argon2 is slow on purpose, and tests sign in a hundred times."""
    from pwdlib import PasswordHash  # noqa: PLC0415
    from pwdlib.hashers.argon2 import Argon2Hasher  # noqa: PLC0415

    hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    return {user: hasher.hash(password) for user, password in PASSWORDS.items()}


@pytest.fixture
async def ward(database: Database, hashed: dict[str, str], tmp_path: Path) -> AsyncIterator[Ward]:
    clock = Clock()
    pool = await asyncpg.create_pool(database.dsn, min_size=1, max_size=4)
    for user, password_hash in hashed.items():
        await pool.execute(
            "insert into account (name, display_name, password_hash, created_us) values ($1, $2, $3, 0)",
            user, user.title(), password_hash,
        )  # fmt: skip
        await pool.execute(
            "insert into account_grant (account, role, given_by, given_us) values ($1, $2, '', 0)", user, ROLES[user]
        )
    console = tmp_path / "console"
    (console / "assets").mkdir(parents=True)
    (console / "index.html").write_text("<!doctype html><title>守望</title>", encoding="utf-8")
    (console / "assets" / "main-ABCDEFGH.js").write_text("1", encoding="utf-8")
    app = build(ApiSettings(database.dsn, NOWHERE, clock, console))
    made = Ward(app, clock, pool)
    unit = await people.add_place(pool, name="二楼", kind=PlaceKind.FLOOR, now_us=clock())
    lives = await people.add_resident(pool, name="陈桂兰", unit=unit.id, now_us=clock(), conditions=["dementia"])
    made.unit, made.resident = unit.id, lives.id
    await people.add_device(pool, device_id="w1", kind="wearable", now_us=clock())
    bound = Binding(device="w1", unit=unit.id, resident=lives.id, start_us=START_US - 3600 * SECOND_US)
    await people.bind(pool, bound, clock())
    async with running(app):
        yield made
    async with asyncio.timeout(5):
        await pool.close()
