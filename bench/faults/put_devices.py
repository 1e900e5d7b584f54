"""Faults of devices and of data: a flood, repetitions, a backlog, poison, and a row that the database refuses."""

import asyncio
import contextlib
import json
import random
import secrets
import sys
import time

import aiomqtt
import msgspec
import numpy as np

from bench.faults import stored
from bench.faults.account import Person
from bench.faults.scene import Scene
from bench.faults.wearers import RATE_HZ, Repeating, falling
from device_sim.clock import wall_clock
from schemas import subjects, topics
from schemas.messages import EventMessage

FLOOD_RATE, FLOOD_S = 10_000, 5.0
#: How long the platform may take to say what it did with something.
SAID_S = 30.0
#: How long a device may take to hand in its backlog: it sends one frame after the other and waits for the broker each
#: time, which is the simulator's pace on a busy machine and not the platform's.
HANDED_IN_S = 120.0
REPEATS = 10
BACKLOG_S, FELL_BEFORE_S = 3500, 1800
REFUSED_S = 8.0
_SECOND_US = 1_000_000


async def flood(scene: Scene) -> list[str]:
    """One device sends FLOOD_RATE frames a second."""
    device = scene.named("flood")
    scene.people.append(Person(await scene.resident(device), device))
    at = scene.crowd.mqtt
    argv = [at.host, str(at.port), at.user, at.password, device, str(FLOOD_RATE), str(FLOOD_S)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.faults.flood", *argv, stdout=asyncio.subprocess.PIPE
    )
    try:
        out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode != 0:
        return ["the flood did not run"]
    told = json.loads(out)
    scene.remarks.append(f"{told['sent']} frames in {told['seconds']} s, the broker took {told['acknowledged']}")
    return []


async def repeats(scene: Scene) -> list[str]:
    """One device says everything ten times, its wearer's fall too; another's press for help comes ten times."""
    device, other = scene.named("repeats"), scene.named("presses")
    impact_us = wall_clock() + 4 * _SECOND_US
    scene.people.append(Person(await scene.resident(device), device, "fall", impact_us))
    source, start_us = falling(scene.rng.randrange(2**31), impact_us, scene.crowd.stop)
    scene.crowd.wear(device, source, start_us, Repeating)
    now_us = wall_clock()
    scene.people.append(Person(await scene.resident(other), other, "sos", now_us))
    press = EventMessage(boot=secrets.randbits(32), seq=0, t_us=3600 * _SECOND_US, utc_us=now_us, type="sos")
    await _publish(scene, [(topics.of(other, topics.EVENT), msgspec.json.encode(press))] * REPEATS, every_s=0.5)
    await asyncio.sleep(3)
    return []


async def backlog(scene: Scene) -> list[str]:
    """A device comes back with an hour of frames; half an hour ago its wearer fell, and has lain there since."""
    device = scene.named("backlog")
    now_us = wall_clock()
    impact_us = now_us - FELL_BEFORE_S * _SECOND_US
    resident = await scene.resident(device)
    before_s = BACKLOG_S - FELL_BEFORE_S
    moves = scene.moves[0]
    before = np.resize(moves, (before_s * RATE_HZ, moves.shape[1]))
    source, start_us = falling(scene.rng.randrange(2**31), impact_us, scene.crowd.stop, before)
    scene.people.append(Person(resident, device, "fall", impact_us))
    scene.crowd.wear(device, source, start_us)
    until = time.monotonic() + HANDED_IN_S
    while (handed_in := len(scene.crowd.ledger.acknowledged_of(device))) < BACKLOG_S - 10:
        if time.monotonic() > until:
            return [f"only {handed_in} frames of the backlog are acknowledged in {HANDED_IN_S:g} s"]
        await asyncio.sleep(0.5)
    return []


async def poison(scene: Scene) -> list[str]:
    """What no decoder can read, from devices and in the streams themselves."""
    before = {reason: await stored.quarantined(scene.platform, reason) for reason in ("bad-batch", "bad-finding")}
    rng = random.Random(scene.rng.randrange(2**31))
    device = scene.named("poison")
    scene.people.append(Person(await scene.resident(device), device))
    junk = [rng.randbytes(rng.randrange(1, 2000)) for _ in range(100)]
    junk += [
        b"[" * 5000,
        b'{"boot":1,"seq":1,"t_us":1,"battery":NaN}',
        b"\xff\xfe\x00",
        b"",
        b"null",
        rng.randbytes(900_000),
    ]
    places = [topics.of(device, leaf) for leaf in (topics.IMU, topics.EVENT, topics.STATE, topics.STATUS)]
    places += ["zigbee2mqtt/faults motion", "zigbee2mqtt/\u5b88\u671b \U0001f4a3", f"sw/v1/{device}/firmware"]
    await _publish(scene, [(place, body) for body in junk for place in places])
    js = scene.platform.nats.jetstream()
    for number in range(16):
        await js.publish(subjects.readings(number), rng.randbytes(200))
    await js.publish(subjects.findings(3), rng.randbytes(200))
    await js.publish(subjects.QUARANTINE_ALL, rng.randbytes(200))
    wanted = {"bad-batch": before["bad-batch"] + 17, "bad-finding": before["bad-finding"] + 1}
    return [
        f"{reason}: only {count} quarantined"
        for reason in wanted
        if (count := await _count(scene, reason, wanted[reason]))
    ]


async def _count(scene: Scene, reason: str, wanted: int) -> int:
    """Return 0 when so many are quarantined in time, else how many are."""
    until = time.monotonic() + SAID_S
    while (found := await stored.quarantined(scene.platform, reason)) < wanted:
        if time.monotonic() > until:
            return found or -1
        await asyncio.sleep(0.3)
    return 0


async def refused_row(scene: Scene) -> list[str]:
    """The database refuses all frames of one device (a trigger of ours); they go to quarantine, the others go on."""
    device = scene.named("refused")
    scene.people.append(Person(await scene.resident(device), device))
    scene.refused.add(device)
    await scene.platform.rows(
        f"""
        create or replace function faults_refuse() returns trigger language plpgsql as $do$
        begin
            if new.device = '{device}' then
                raise exception 'this row is refused' using errcode = 'check_violation';
            end if;
            return new;
        end $do$
        """
    )
    await scene.platform.rows(
        "create trigger faults_refuse before insert on frame for each row execute function faults_refuse()"
    )
    scene.steady(device, scene.moves[0])
    await asyncio.sleep(REFUSED_S)
    found = await stored.quarantined(scene.platform, "refused-by-store", topics.of(device, topics.IMU))
    return [] if found else ["nothing of what the database refused is in the quarantine"]


async def _publish(scene: Scene, messages: list[tuple[str, bytes]], every_s: float = 0.0) -> None:
    at = scene.crowd.mqtt
    with contextlib.suppress(aiomqtt.MqttError):
        async with aiomqtt.Client(
            at.host, at.port, username=at.user, password=at.password, identifier=scene.named("hand")
        ) as client:
            for topic, payload in messages:
                await client.publish(topic, payload, qos=1)
                await asyncio.sleep(every_s)
