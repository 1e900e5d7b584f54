"""Recordings played as wearables: each record a resident of its own, through the whole platform, and what came of it.

Nothing is invented: the samples go out as they are in the file, and when they end the device goes offline.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from device_sim.clock import Clock, wait, wall_clock
from device_sim.frames import Block
from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Platform
from device_sim.recordings import Recordings
from device_sim.replay_report import Played
from device_sim.wearable import MAX_UPTIME_US, Wearable
from schemas.errors import Unavailable

#: A new binding reaches the gateway within about a second; frames sent before that would be nobody's.
BINDING_SETTLE_S = 3.0
#: Alerts may come for this long after the last frame: a detector that waits for more data gives up after some 15 s.
GRACE_S = 20.0
POLL_S = 2.0
#: At the end, a platform that is away for longer is not waited for: its restart takes seconds.
GIVE_UP_US = 60_000_000
#: Bindings begin this long before the first sample, so that no rounding leaves it outside.
MARGIN_US = 60_000_000
#: Setting up asks for a few things at a time; more would only queue in the platform.
SETUP_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Options:
    """How to play. ``at_once`` devices at a time; ``run`` is a word that keeps this run's names apart from others'."""

    run: str
    at_once: int = 50
    speed: float = 1.0
    seed: int = 0
    frame_seconds: float = 2.0
    synced: bool = True  # whether devices know the time of day; else the platform goes by their uptime
    grace_s: float = GRACE_S
    settle_s: float = BINDING_SETTLE_S


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a replay is, for a progress bar. ``note`` is a sentence that is worth a line."""

    done: int
    total: int
    phase: str
    note: str = ""


class Replay:
    """One replay of some records of one file, against one platform.

    ``tell`` hears the Progress; ``log`` the wall time of each sending (device, seq, microseconds).
    """

    def __init__(
        self,
        recordings: Recordings,
        platform: Platform,
        mqtt: MqttAddress,
        options: Options,
        *,
        clock: Clock = wall_clock,
        tell: Callable[[Progress], None] = lambda _progress: None,
        log: Callable[[str, int, int], None] | None = None,
    ) -> None:
        self._recordings = recordings
        self._platform = platform
        self._mqtt = mqtt
        self._options = options
        self._clock = clock
        self._tell = tell
        self._log = log
        self._rng = np.random.default_rng(options.seed)
        self._done = 0

    async def run(self, indexes: list[int], stop: asyncio.Event) -> list[Played]:
        """Play the records, wait for the last alerts, and return what each raised, in the order given.

        Raises Unavailable or Refused when the setting up fails; after that a platform that is away is waited for.
        """
        played = await self._set_up(indexes)
        await wait(stop, self._options.settle_s)
        since_us = min((self._earliest_us(one) for one in played), default=self._clock())
        over = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch_alerts(played, since_us, over))
            await self._play_all(played, stop)
            self._say(len(played), len(played), "waiting for the last alerts")
            await wait(stop, self._options.grace_s)
            over.set()
        return played

    async def _set_up(self, indexes: list[int]) -> list[Played]:
        home = await self._platform.place("Replays", "institution")
        gate, ready = asyncio.Semaphore(SETUP_AT_ONCE), 0

        async def prepare(index: int) -> Played:
            nonlocal ready
            async with gate:
                one = await self._person(index, home)
            ready += 1
            self._say(ready, len(indexes), "making residents")
            return one

        async with asyncio.TaskGroup() as tasks:
            made = [tasks.create_task(prepare(index)) for index in indexes]
        return [task.result() for task in made]

    async def _person(self, index: int, home: str) -> Played:
        """Make the resident, in a home of its own so that all partitions are used, with the device worn."""
        name = f"Replay {self._recordings.name} {index:04d}"
        device = f"replay-{self._options.run}-{index:04d}"
        unit = await self._platform.new_place(f"{name} ({self._options.run})", "home", home)
        resident = await self._platform.new_resident(name, unit, test=True, note="Plays a recording.")
        position = self._recordings.position(index)
        await self._platform.new_device(device, position)
        one = Played(
            index=index,
            kind=self._recordings.kind(index),
            expected=self._recordings.is_fall(index),
            seconds=self._recordings.seconds(index),
            device=device,
            resident=resident,
            unit=unit,
        )
        await self._platform.bind(device, resident, unit, position, self._earliest_us(one))
        return one

    def _earliest_us(self, one: Played) -> int:
        """A time before which no sample of the record can be dated."""
        history_s = one.seconds if self._options.speed > 1 else 0.0
        return self._clock() - MARGIN_US - round(history_s * 1e6)

    async def _play_all(self, played: list[Played], stop: asyncio.Event) -> None:
        todo = iter(played)

        async def player(number: int) -> None:
            # Real devices are not in step: their starts are spread over one frame.
            await wait(stop, self._options.frame_seconds * number / self._options.at_once)
            for one in todo:
                if stop.is_set():
                    return
                await self._play(one, stop)
                self._done += 1
                self._say(self._done, len(played), "playing")

        self._say(0, len(played), "playing")
        async with asyncio.TaskGroup() as tasks:
            for number in range(min(self._options.at_once, len(played))):
                tasks.create_task(player(number))

    async def _play(self, one: Played, stop: asyncio.Event) -> None:
        samples, cursor = self._recordings.samples(one.index), 0

        def source(n: int) -> Block | None:
            nonlocal cursor
            block = samples[cursor : cursor + n]
            cursor += len(block)
            return Block(block) if len(block) else None

        wearable = Wearable(
            device=one.device,
            mqtt=self._mqtt,
            sensor=self._recordings.sensor(one.index),
            source=source,
            frame_seconds=self._options.frame_seconds,
            synced=self._options.synced,
            speed=self._options.speed,
            total=len(samples),
            uptime_us=int(self._rng.integers(MAX_UPTIME_US)),
            clock=self._clock,
            log=self._log,
            sent=lambda _seq, end_us, wall_us: one.sent.append((end_us, wall_us)),
            trouble=lambda sentence: self._say(self._done, 0, "playing", sentence),
        )
        await wearable.run(stop)
        one.samples = wearable.counts.samples
        one.complete = one.samples == len(samples)

    async def _watch_alerts(self, played: list[Played], since_us: int, over: asyncio.Event) -> None:
        """Ask again and again, and keep what was seen: the API lists only so many at once."""
        whose = {one.resident: one for one in played}
        away_since_us: int | None = None
        while True:
            last = over.is_set()
            try:
                for alert in await self._platform.alerts(since_us=since_us):
                    if (one := whose.get(alert["resident"]["id"])) is not None:
                        one.see(alert)
                away_since_us = None
            except Unavailable as error:
                if away_since_us is None:
                    away_since_us = self._clock()
                    self._say(self._done, len(played), "playing", str(error))
                if last and self._clock() - away_since_us > GIVE_UP_US:
                    raise
            if last and away_since_us is None:
                return
            await (asyncio.sleep(POLL_S) if last else wait(over, POLL_S))

    def _say(self, done: int, total: int, phase: str, note: str = "") -> None:
        self._tell(Progress(done, total, phase, note))


def length_us(recordings: Recordings, indexes: list[int], options: Options) -> int:
    """Return about how long playing will take, microseconds: for telling somebody before it starts."""
    lanes = [0.0] * max(1, min(options.at_once, len(indexes)))
    for index in indexes:
        lane = lanes.index(min(lanes))
        lanes[lane] += recordings.seconds(index) / options.speed
    return round((max(lanes) + options.settle_s + options.grace_s) * 1e6)
