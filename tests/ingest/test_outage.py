"""Ten minutes without a watcher: the fall in them alarms on return with its true time; one after which the person
walked becomes the lower alert."""

import asyncpg
import numpy as np
import pytest

from device_sim.body import Body
from device_sim.falling import fall
from device_sim.postures import Posture
from ingest import desk
from schemas import ids, subjects
from schemas.alert import Alert, Severity
from schemas.finding import Stage
from schemas.reading import Reading, encode_batch
from store import alerts
from tests.conftest import Database
from tests.ingest.conftest import Way, _running
from tests.ingest.falls_in_stream import RATE_HZ, SECOND_US, SENSOR, START_US, frames, movement, tick
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers
OUTAGE_US = 600 * SECOND_US
UNIT = "home-1"


def gets_up_again(seed: int) -> np.ndarray:
    """Return counts (n, 3) of somebody who walks, falls, lies for a moment, stands up and walks about."""
    body = Body(np.random.default_rng(seed), RATE_HZ, "waist", Posture.STANDING)
    parts = [body.walk(5.0), fall(body, impact_g=5.0).samples, body.rest(8.0, restless=0.0)]
    parts += [body.move_to(Posture.STANDING), body.walk(45.0)]
    return SENSOR.counts(np.concatenate(parts))


def heard_during_the_outage() -> list[Reading]:
    """Return what gateway and clock wrote in ten minutes: two people fall in the second one, one of them gets up."""
    at_us = START_US + 60 * SECOND_US
    found = frames(UNIT, "lies", movement(0, 5.0, lie_s=60.0), at_us)
    found += frames(UNIT, "walks", gets_up_again(2), at_us)
    found += [tick(us) for us in range(START_US, START_US + OUTAGE_US, SECOND_US)]
    return sorted(found, key=lambda reading: reading.arrival_us)


async def raised(database: Database) -> dict[str, Alert]:
    connection = await asyncpg.connect(database.dsn)
    try:
        return {alert.resident: alert for alert in await alerts.listed(connection, status="all")}
    finally:
        await connection.close()


async def test_the_fall_in_it_alarms_with_its_true_time_and_the_one_who_walked_is_lower(
    way: Way, database: Database
) -> None:
    readings = heard_during_the_outage()
    subject = subjects.readings(ids.partition_of(UNIT))
    for start in range(0, len(readings), 50):
        await way.js.publish(subject, encode_batch(readings[start : start + 50]))
    back_us = START_US + OUTAGE_US + SECOND_US

    async def both_told() -> dict[str, Alert] | None:
        found = await raised(database)
        told = len(found) == 2 and found["walks"].stage is Stage.RECOVERED
        return found if told else None

    async with (
        _running(
            lambda stop, ready: desk.run(
                nats_url=way.nats_url, dsn=database.dsn, clock=lambda: back_us, stop=stop, ready=ready
            )
        ),
        way.watcher(),
    ):
        found = await eventually(both_told)
    assert found is not None
    lies, walks = found["lies"], found["walks"]
    assert (lies.severity, lies.stage, lies.late) == (Severity.HIGH, Stage.CONFIRMED, True)
    assert (walks.severity, walks.stage, walks.late) == (Severity.LOW, Stage.RECOVERED, True)
    for alert in (lies, walks):
        assert 65 * SECOND_US < alert.event_us - START_US < 68 * SECOND_US
        assert alert.raised_us == back_us
        assert alert.occurrences == 1
