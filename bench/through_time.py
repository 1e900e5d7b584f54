"""A month in minutes: simulated homes played through the whole way by a driven clock, as fast as the platform follows.

``python -m bench through_time [--homes 20] [--days 30]``: starts a simulated platform of its own in a temporary folder,
lets homes of six sensors each live a simple random life, and says how many messages a second went through, and how
much of a core each part took. What is measured is the way of the data, not how well anybody is watched.
"""

import argparse
import asyncio
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Platform
from device_sim.runner.line import Line

SECOND_US = 1_000_000
MINUTE_US, DAY_US = 60 * SECOND_US, 86_400 * SECOND_US
#: A Monday, 2026-03-02 00:00 in Shanghai.
START_US = 1_772_380_800 * SECOND_US
BASE = "sim-month"
ROOMS = ("bedroom", "living", "kitchen", "bathroom", "hall")
#: A motion sensor of this kind holds its "occupied" for so long after the last movement.
BLIND_US = 90 * SECOND_US
#: Stays in a room: mean length awake and asleep. With ten of a home's twenty-four hours asleep some 270 stays a day,
#: two messages each and a door now and then: about 550 messages a day, as the recorded homes have.
AWAKE_S, ASLEEP_S = 120.0, 3600.0
WAKES_H, SLEEPS_H = 7, 22
#: Of all stays, so many lead out of the outer door.
OUT = 0.01
START_PATIENCE_S, STOP_PATIENCE_S, SETTLE_PATIENCE_S = 90.0, 30.0, 300.0


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of a sensor."""

    at_us: int
    topic: str
    payload: bytes


@dataclass
class Took:
    """What a play took. ``cpu_s`` by part; ``seconds`` until all was stored, ``through_s`` until all was worked off."""

    homes: int
    days: float
    messages: int = 0
    clock_messages: int = 0
    seconds: float = 0.0
    through_s: float = 0.0
    findings: int = 0
    cpu_s: dict[str, float] = field(default_factory=dict)


def address(home: int, sensor: int) -> str:
    """Return a sensor's Zigbee address."""
    return f"0x00158d00{home:04x}{sensor:04x}"


def home_life(home: int, days: float, rng: random.Random) -> Iterator[Sent]:
    """Return the messages of one home in order of time: somebody who walks about, sleeps, and goes out at times."""
    end_us = START_US + round(days * DAY_US)
    at_us, battery = START_US + rng.randrange(MINUTE_US), 100
    while at_us < end_us:
        awake = WAKES_H <= (at_us - START_US) // 3_600_000_000 % 24 < SLEEPS_H
        room = rng.randrange(len(ROOMS)) if awake else rng.choice((0, 0, 0, 3))
        stay_us = round(rng.expovariate(1 / (AWAKE_S if awake else ASLEEP_S)) * SECOND_US) + 5 * SECOND_US
        topic = f"{BASE}/{address(home, room)}"
        said = {"battery": battery, "illuminance": rng.randrange(400), "linkquality": rng.randrange(40, 200)}
        yield Sent(at_us, topic, json.dumps({**said, "occupancy": True, "voltage": 3005}).encode())
        until_us = at_us + stay_us + BLIND_US
        yield Sent(until_us, topic, json.dumps({**said, "occupancy": False, "voltage": 3005}).encode())
        at_us = until_us
        if awake and rng.random() < OUT:
            door = f"{BASE}/{address(home, len(ROOMS))}"
            for contact in (False, True):
                at_us += 8 * SECOND_US
                yield Sent(at_us, door, json.dumps({"battery": 98, "contact": contact, "linkquality": 90}).encode())
            at_us += round(rng.uniform(600, 5400) * SECOND_US)


def month(homes: int, days: float, seed: int) -> list[Sent]:
    """Return the messages of all homes in order of time."""
    rng = random.Random(seed)
    sent = [each for home in range(homes) for each in home_life(home, days, random.Random(rng.getrandbits(64)))]
    return sorted(sent, key=lambda each: (each.at_us, each.topic))


async def set_up(platform: Platform, homes: int) -> None:
    """Make the homes, a test resident in each, and their sensors known."""
    for home in range(homes):
        unit = await platform.new_place(f"Home {home}", "home", None, f"month-home-{home}")
        await platform.new_resident(f"Resident {home}", unit, id=f"month-resident-{home}", test=True)
        for number, room in enumerate((*ROOMS, "door")):
            place = await platform.new_place(room, "room", unit, f"month-{home}-{room}")
            await platform.stand(f"z2m-{address(home, number)}", place, unit, START_US - DAY_US)


async def play(
    line: Line,
    messages: list[Sent],
    end_us: int,
    *,
    breathe: Callable[[int], Awaitable[None]] | None = None,
) -> None:
    """Send everything with a tick a minute; ``breathe`` is called before each message, with how many went before."""
    await line.send(f"{BASE}/bridge/state", b'{"state":"online"}', qos=1, retain=False)
    tick_us, now_us = START_US, START_US - 1
    for count, sent in enumerate(messages):
        if breathe is not None:
            await breathe(count)
        while tick_us <= sent.at_us:
            await line.clock(tick_us, tick=True)
            now_us = tick_us
            tick_us += MINUTE_US
        if sent.at_us > now_us:
            await line.clock(sent.at_us, tick=False)
            now_us = sent.at_us
        await line.send(sent.topic, sent.payload, qos=1, retain=False)
    while tick_us <= end_us:
        await line.clock(tick_us, tick=True)
        tick_us += MINUTE_US
    await line.settled()


class Running:
    """A simulated platform in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self._log = (folder / "platform.log").open("wb")
        command = [str(Path(sys.executable).with_name("shouwang")), "up", "--simulated", "--home", str(self.home)]
        self.process = subprocess.Popen(command, stdout=self._log, stderr=subprocess.STDOUT, start_new_session=True)  # noqa: S603
        deadline = time.monotonic() + START_PATIENCE_S
        while not (self.home / "run/state.json").exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The platform does not start: {Path(self._log.name).read_text()}")
            time.sleep(0.1)
        self.state: dict[str, Any] = json.loads((self.home / "run/state.json").read_text())

    def cpu_s(self) -> dict[str, float]:
        """Return the seconds of a core that each part has taken so far; a server's workers count to it."""
        found = {}
        for name, pid in {**self.state["servers"], **self.state["stages"]}.items():
            top = psutil.Process(pid)
            found[name] = sum(_spent(each) for each in (top, *top.children(recursive=True)))
        return found

    def platform(self) -> Platform:
        """Return a client of its API, as administrator."""
        account = next(each for each in self.state["accounts"] if each["role"] == "administrator")
        return Platform(self.state["api"], account["user"], account["password"])

    def line(self, name: str) -> Line:
        """Return a line to its broker."""
        mqtt = self.state["mqtt"]
        return Line(MqttAddress(mqtt["host"], mqtt["port"], mqtt["user"], mqtt["password"]), name, driven=True)

    def stop(self) -> None:
        """Take it down."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_PATIENCE_S)
        self._log.close()


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


async def worked_off(platform: Platform) -> int:
    """Wait until no stage has anything unread; return how many alerts there are."""
    deadline = time.monotonic() + SETTLE_PATIENCE_S
    quiet = 0
    while quiet < 2 and time.monotonic() < deadline:
        await asyncio.sleep(5)  # the stages report every 5 s
        lags = [stage["lag"] or 0 for stage in (await platform.overview())["stages"]]
        quiet = quiet + 1 if max(lags) < 64 else 0
    return len(await platform.alerts(since_us=START_US - DAY_US, limit=1000))


async def measure(running: Running, homes: int, days: float, seed: int) -> Took:
    """Play ``homes`` for ``days`` and return what it took."""
    took, messages = Took(homes, days), month(homes, days, seed)
    async with running.platform() as platform, running.line("bench-through-time") as line:
        await line.clock(START_US - MINUTE_US, tick=False)
        await line.settled()
        await set_up(platform, homes)
        before, began = running.cpu_s(), time.monotonic()
        own = time.process_time()
        await play(line, messages, START_US + round(days * DAY_US))
        took.seconds = time.monotonic() - began
        took.cpu_s["player"] = time.process_time() - own
        took.findings = await worked_off(platform)
        took.through_s = time.monotonic() - began
        took.messages, took.clock_messages = line.messages, line.clock_messages
        took.cpu_s |= {name: spent - before.get(name, 0.0) for name, spent in running.cpu_s().items()}
    return took


def main(arguments: list[str]) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="bench through_time", description=__doc__.splitlines()[0])
    parser.add_argument("--homes", type=int, default=20)
    parser.add_argument("--days", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="shouwang-month-"))
    running = Running(folder)
    try:
        took = asyncio.run(measure(running, given.homes, given.days, given.seed))
    finally:
        running.stop()
        shutil.rmtree(folder)
    sent = took.messages + took.clock_messages
    print(f"{took.homes} homes, {took.days:g} days: {took.messages} messages and {took.clock_messages} of the clock")
    print(f"stored in {took.seconds:.1f} s, {sent / took.seconds:.0f}/s; worked off after {took.through_s:.1f} s")
    print(f"{took.days * 86_400 / took.through_s:.0f} times real time; {took.findings} alerts")
    for name, spent in sorted(took.cpu_s.items(), key=lambda each: -each[1]):
        print(f"  {name:10} {spent:8.1f} s of a core, {spent / max(sent, 1) * 1e6:6.0f} us a message")
    return 0
