"""From a home sensor's event to an alert: of a unit's own sensor, and of a device that nobody has bound."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ingest import desk
from schemas import ids, subjects
from schemas.alert import Alert, Severity
from schemas.finding import FindingKind
from schemas.reading import Reading, ReadingKind, encode_batch
from store import alerts, people
from store.pool import Pool, open_pool
from tests.conftest import Database
from tests.ingest.conftest import Way, _running, now_us
from tests.ingest.waiting import eventually
from tests.store.making import a_home

pytestmark = pytest.mark.servers


def event(name: str, *, unit: str | None, place: str | None = None, retain: bool = False) -> Reading:
    now = now_us()
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=now, event_us=now, end_us=now, device="z2m-0x00158d0001a2b3c4", unit=unit,
        place=place, boot=0, seq=now, events=(name,), retain=retain,
    )  # fmt: skip


@asynccontextmanager
async def _desk(way: Way, dsn: str) -> AsyncIterator[None]:
    async with _running(
        lambda stop, ready: desk.run(nats_url=way.nats_url, dsn=dsn, clock=now_us, stop=stop, ready=ready)
    ):
        yield


async def raised(way: Way, pool: Pool, dsn: str, *heard: Reading) -> list[Alert]:
    """Return the alerts, in the order of ids, once what was heard has been through watcher and desk."""
    wanted = sum(not reading.retain for reading in heard)
    async with way.watcher(), _desk(way, dsn):
        for reading in heard:
            subject = subjects.unbound(reading.device)
            if reading.unit is not None:
                subject = subjects.readings(ids.partition_of(reading.unit))
            await way.js.publish(subject, encode_batch([reading]))

        async def there() -> bool:
            return len(await alerts.listed(pool)) >= wanted

        await eventually(there)
        return sorted(await alerts.listed(pool), key=lambda alert: alert.kind)


async def test_a_button_on_the_wall_calls_for_the_one_who_lives_there_and_for_the_unit_of_a_couple(
    way: Way, database: Database
) -> None:
    pool = await open_pool(database.dsn)
    await a_home(pool)
    await people.add_device(pool, device_id="z2m-0x00158d0001a2b3c4", kind="button", now_us=0)
    sole, couple = event("sos", unit="pl_2", place="pl_2"), event("smoke", unit="pl_1", place="pl_1")
    smoke, sos = await raised(way, pool, database.dsn, sole, couple, event("sos", unit="pl_2", retain=True))
    assert (sos.kind, sos.unit, sos.resident, sos.place) == (FindingKind.SOS, "pl_2", "re_3", "pl_2")
    assert (smoke.kind, smoke.unit, smoke.resident, smoke.severity) == (
        FindingKind.SMOKE,
        "pl_1",
        "pl_1",
        Severity.HIGH,
    )
    pool.terminate()


async def test_a_call_from_a_device_that_nobody_has_bound_is_heard(way: Way, database: Database) -> None:
    pool = await open_pool(database.dsn)
    [alert] = await raised(way, pool, database.dsn, event("sos", unit=None), event("sos", unit=None, retain=True))
    assert (alert.kind, alert.unit, alert.resident) == (FindingKind.SOS, "unbound", "z2m-0x00158d0001a2b3c4")
    pool.terminate()
