"""The demo: a small care home whose residents live an ordinary day, and now and then fall. A story to be watched.

It tells what happens line by line, so that a visitor can compare it with the console: every fall should ring once, and
a hard landing in a chair should not. All people and all movement are invented.
"""

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from device_sim.clock import Clock, wait, wall_clock
from device_sim.frames import Block
from device_sim.life import Life
from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Json, Platform, Refused, from_iso
from device_sim.replay import BINDING_SETTLE_S, MARGIN_US
from device_sim.story import Story
from device_sim.wearable import MAX_UPTIME_US, Wearable
from device_sim.world import FLOORS, SITE, Person, people
from schemas.errors import Unavailable

#: The story's day begins at this hour wherever and whenever it is played: at night everybody would be asleep.
FIRST_HOUR = 9
#: The alarms of people on the floor are looked at this often.
POLL_S = 2.0
SETUP_RETRY_S = 2.0
#: Devices start one after another within this time: real ones are not in step either.
START_SPREAD_S = 2.0
#: Two in three devices know the time; the others have only their uptime, as many do, and the platform must cope.
UNSYNCED_EVERY = 3

Say = Callable[[str], None]


async def run(
    api_url: str,
    user: str,
    password: str,
    mqtt: MqttAddress,
    stop: asyncio.Event,
    seed: int,
    *,
    say: Say | None = None,
    clock: Clock = wall_clock,
) -> None:
    """Play the demo until ``stop`` is set; a platform that restarts meanwhile is waited for.

    ``seed`` decides what happens to whom; the home and its people are always the same, so that a demo begun again in
    the same platform finds them.

    ``user`` must be an administrator. ``say`` is told one line for each thing that happens (default: standard output).
    """
    teller = say or _print
    async with Platform(api_url, user, password) as platform:
        residents = people()
        ids = await _set_up(platform, residents, stop, teller, clock)
        if ids is None:
            return
        await wait(stop, BINDING_SETTLE_S)
        teller(f"{len(residents)} residents on {len(FLOORS)} floors of {SITE}; the first fall comes within a minute.")
        await _Demo(residents, ids, platform, mqtt, seed, teller, clock).live(stop)


class _Demo:
    """The running demo: one life and one device a resident, one story over all of them."""

    def __init__(
        self,
        residents: list[Person],
        ids: dict[str, str],
        platform: Platform,
        mqtt: MqttAddress,
        seed: int,
        say: Say,
        clock: Clock,
    ) -> None:
        self._ids, self._platform, self._mqtt, self._say, self._clock = ids, platform, mqtt, say, clock
        self._began_us = clock()
        self._lives = {
            person.device: Life(person, np.random.default_rng([seed, 2, number]), self._hour)
            for number, person in enumerate(residents)
        }
        self._story = Story(self._lives, np.random.default_rng([seed, 3]))
        self._uptimes = np.random.default_rng([seed, 4]).integers(MAX_UPTIME_US, size=len(residents))

    def _hour(self) -> int:
        return int(FIRST_HOUR + self._elapsed_s() / 3600) % 24

    def _elapsed_s(self) -> float:
        return (self._clock() - self._began_us) / 1e6

    async def live(self, stop: asyncio.Event) -> None:
        """Run devices, story and the look at the alarms until ``stop``."""
        async with asyncio.TaskGroup() as tasks:
            for number, life in enumerate(self._lives.values()):
                tasks.create_task(self._device(number, life).run(stop))
            tasks.create_task(self._tell_story(stop))
            tasks.create_task(self._look_after(stop))

    def _device(self, number: int, life: Life) -> Wearable:
        device: Wearable

        def source(n: int) -> Block:
            block = life.source(n)
            for tale in life.told:
                self._say(f"{_who(life.person)} {tale}.")
                device.tell_state_now()
            life.told.clear()
            return block

        device = Wearable(
            device=life.person.device,
            mqtt=self._mqtt,
            sensor=life.sensor,
            source=source,
            vitals=life.vitals,
            synced=number % UNSYNCED_EVERY != UNSYNCED_EVERY - 1,
            uptime_us=int(self._uptimes[number]),
            start_us=self._began_us + round(START_SPREAD_S * 1e6 * number / len(self._lives)),
            clock=self._clock,
            trouble=self._say if number == 0 else None,  # one voice is enough: they share the broker
        )
        return device

    async def _tell_story(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._story.go_on(self._elapsed_s())
            await wait(stop, 0.5)

    async def _look_after(self, stop: asyncio.Event) -> None:
        """Look at the alarms: say when one rings, and help up whose alarm was resolved."""
        whose = {resident: device for device, resident in self._ids.items()}
        seen: dict[str, str] = {}
        while not stop.is_set():
            try:
                for alert in await self._platform.alerts(since_us=self._began_us):
                    device = whose.get(alert["resident"]["id"])
                    if device is not None and seen.get(alert["id"]) != alert["state"]:
                        seen[alert["id"]] = alert["state"]
                        self._heard(device, alert)
            except (Unavailable, Refused):
                # The broker's loss is told by the first device; the platform comes back, and so do we.
                await wait(stop, POLL_S)
            await wait(stop, POLL_S)

    def _heard(self, device: str, alert: Json) -> None:
        person = self._lives[device].person
        delay_s = (from_iso(alert["raised_time"]) - from_iso(alert["event_time"])) / 1e6
        after = f", {delay_s:.1f} s after it happened" if alert["state"] == "raised" else ""
        self._say(f"    the console: {alert['kind']} alarm for {_who(person)} is {alert['state']}{after}.")
        if alert["state"] in {"resolved", "closed"}:
            self._story.resolved(device, self._elapsed_s())


async def _set_up(
    platform: Platform, residents: list[Person], stop: asyncio.Event, say: Say, clock: Clock
) -> dict[str, str] | None:
    """Make the home, its people and their devices, as often as it takes; device -> resident's id, None when stopped."""
    complained = False
    while not stop.is_set():
        try:
            return await _make_home(platform, residents, clock() - MARGIN_US)
        except (Unavailable, Refused) as error:  # refused: signing in is throttled, or an account is not there yet
            if not complained:
                say(f"{error} Trying again.")
            complained = True
            await wait(stop, SETUP_RETRY_S)
    return None


async def _make_home(platform: Platform, residents: list[Person], start_us: int) -> dict[str, str]:
    site = await platform.place(SITE, "institution")
    floors = [await platform.place(name, "floor", site) for name in FLOORS]
    ids = {}
    for person in residents:
        room = await platform.place(person.room, "room", floors[person.floor])
        resident = await platform.resident(
            person.name,
            room,
            birth_year=person.birth_year,
            room=person.room,
            conditions=[person.conditions],
            mobility=person.mobility.value,
            note=f"{person.pinyin}. A simulated person.",
        )
        await platform.wear(person.device, resident, room, person.position, start_us)
        ids[person.device] = resident
    return ids


def _who(person: Person) -> str:
    return f"{person.name} {person.pinyin} (room {person.room}, {person.position})"


def _print(line: str) -> None:
    sys.stdout.write(f"{datetime.now(UTC).astimezone():%H:%M:%S}  {line}\n")
    sys.stdout.flush()
