"""What a wearable sends in a scenario: a state each minute, and acceleration only around what happens to its wearer.

A month of acceleration would be gigabytes and tell nothing that minutes around an event do not; a report says so.
Frames and messages are those of our own wire (docs/wire.md). Each event happens at its moment to the sample.
"""

import copy
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from zlib import crc32

import msgspec
import numpy as np

from device_sim.acts import FALLS, OFF, Act, act, ready
from device_sim.body import Body
from device_sim.forms.families import SENSOR_LOGGERS, USUAL_WEARABLE
from device_sim.forms.sensorlogger import BATCH_S, SensorLogger
from device_sim.frames import Block, FrameMaker, Sensor
from device_sim.play import Emission
from device_sim.postures import LYING, Array, Posture
from schemas import topics
from schemas.frame import encode
from schemas.messages import StateMessage, StatusMessage

_SECOND_US = 1_000_000
#: Acceleration is sent from so long before an event to so long after it, s.
AROUND_S = 180.0
#: Length of a frame, and how long it takes from its end to the broker, s.
FRAME_S, DELAY_S = 2.0, 0.2
#: A stretch of one doing between events, s.
STRETCH_S = 20.0
#: A device on a table knows only after a while that it is not worn, s.
KNOWS_AFTER_S = 20.0
#: Charge at the beginning, %, and what an hour costs; below 15 % it is laid on its charger over the next hour.
CHARGE, CHARGE_AN_HOUR, CHARGED_AT = (60.0, 100.0), 0.7, 15.0
#: Beats a minute at rest, in bed less, on the floor more (as device_sim.life).
HEART, HEART_ASLEEP, HEART_FALLEN = (62.0, 80.0), -8.0, 24.0
#: The device has run for so long when the scenario meets it.
UPTIME_US = 3 * 86_400 * _SECOND_US
FIRMWARE = "sim-2"


@dataclass(frozen=True, slots=True)
class Worn:
    """A wearable: its device id, where it is worn, and what its sensor can do."""

    device: str
    position: str = "wrist"
    rate_hz: float = 50.0
    range_g: float = 16.0
    state_every_s: float = 60.0
    synced: bool = True  # whether it knows the time of day
    family: str = USUAL_WEARABLE

    @property
    def id(self) -> str:
        """The id by which the platform knows it."""
        return SensorLogger(self.device, 0).id if self.family in SENSOR_LOGGERS else self.device


@dataclass(frozen=True, slots=True)
class BodyEvent:
    """Something that happens to the wearer; ``at_us`` is the impact (or what else makes it up).

    ``up_after_s``: who fell gets up by themselves so long after; None: they lie until the acceleration ends.
    ``lasts_s``: how long a device that was taken off or dropped is not worn.
    """

    at_us: int
    what: Act
    up_after_s: float | None = None
    lasts_s: float = 1800.0


def worn(events: Sequence[BodyEvent], wearable: Worn, start_us: int, end_us: int, seed: int) -> Iterator[Emission]:
    """Yield what the wearable publishes from ``start_us`` to ``end_us``, in order of time.

    Raises ValueError where two events are too close: what comes before the second one does not fit between.
    """
    ordered = sorted(events, key=attrgetter("at_us"))
    if wearable.family in SENSOR_LOGGERS:
        yield from _Telephone(wearable, start_us, end_us, seed, ordered).frames()
        return
    device = _Device(wearable, start_us, end_us, seed, ordered)
    yield device.status(start_us)
    yield from heapq.merge(device.states(), device.frames(), key=attrgetter("at_us"))


class _Device:
    """One wearable on one body."""

    def __init__(self, wearable: Worn, start_us: int, end_us: int, seed: int, events: list[BodyEvent]) -> None:
        self.wearable, self.start_us, self.end_us, self.events = wearable, start_us, end_us, events
        self.seed = seed
        rng = self.generator("device")
        self.sensor = Sensor(round(1e9 / wearable.rate_hz), accel_scale=wearable.range_g / 32768)
        self.boot = int(rng.integers(1, 2**32))
        self.maker = FrameMaker(self.sensor, self.boot, start_us - UPTIME_US, wearable.synced)
        self.charge, self.heart = rng.uniform(*CHARGE), rng.uniform(*HEART)

    def generator(self, what: str, number: int = 0) -> np.random.Generator:
        """Return the random numbers for one purpose; not by the device's name, which differs from run to run."""
        return np.random.default_rng([self.seed, crc32(what.encode()), number])

    def status(self, at_us: int) -> Emission:
        """Return the message that the device is there."""
        message = StatusMessage(online=True, boot=self.boot, firmware=FIRMWARE)
        return Emission(at_us, self._topic(topics.STATUS), msgspec.json.encode(message), retain=True)

    def states(self) -> Iterator[Emission]:
        """Yield a state message each minute."""
        rng = self.generator("states")
        every_us = round(self.wearable.state_every_s * _SECOND_US)
        at_us, seq = self.start_us + int(rng.integers(1, every_us + 1)), 0
        while at_us < self.end_us:
            wears = self.worn_at(at_us)
            said: dict[str, Any] = {"heart_rate": round(self._heart(at_us) + rng.normal(0, 3))} if wears else {}
            message = StateMessage(
                boot=self.boot,
                seq=seq,
                t_us=self.maker.uptime_us(at_us),
                utc_us=at_us if self.wearable.synced else None,
                battery=round(self._charge(at_us), 1),
                worn=wears,
                **said,
            )
            yield Emission(at_us, self._topic(topics.STATE), msgspec.json.encode(message))
            at_us, seq = at_us + every_us, seq + 1

    def worn_at(self, at_us: int) -> bool:
        """Whether the device believes that it is worn."""
        return not any(
            event.at_us + KNOWS_AFTER_S * _SECOND_US <= at_us < event.at_us + event.lasts_s * _SECOND_US
            for event in self.events
            if event.what in OFF
        )

    def frames(self) -> Iterator[Emission]:
        """Yield the frames around all events; events whose times around them touch are lived through together."""
        together: list[BodyEvent] = []
        for event in self.events:
            if together and event.at_us - together[-1].at_us > 2 * AROUND_S * _SECOND_US:
                yield from self._around(together)
                together = []
            together.append(event)
        if together:
            yield from self._around(together)

    def _around(self, events: list[BodyEvent]) -> Iterator[Emission]:
        number = self.events.index(events[0])
        body = Body(self.generator("body", number), self.wearable.rate_hz, self.wearable.position)
        scene = _Scene(body, events[0].at_us - round(AROUND_S * _SECOND_US))
        for index, event in enumerate(events):
            scene.until(event, self.generator("act", number + index))
            scene.act(event, self.generator("act", number + index))
        samples = scene.to_end(events[-1].at_us + round(AROUND_S * _SECOND_US))
        yield from self._framed(samples, scene.start_us)

    def _framed(self, samples: Array, start_us: int) -> Iterator[Emission]:
        size = self.sensor.samples_in(FRAME_S)
        counts = self.sensor.counts(samples)
        for first in range(0, len(counts), size):
            dated_us = start_us + first * self.sensor.period_ns // 1000
            block = counts[first : first + size]
            ends_us = dated_us + len(block) * self.sensor.period_ns // 1000
            if dated_us < self.start_us or ends_us >= self.end_us:
                continue
            wears = self.worn_at(dated_us)
            frame = self.maker.make(Block(block, worn=wears, battery=round(self._charge(dated_us))), dated_us)
            yield Emission(ends_us + round(DELAY_S * _SECOND_US), self._topic(topics.IMU), encode(frame))

    def _topic(self, leaf: str) -> str:
        return topics.of(self.wearable.device, leaf)

    def _charge(self, at_us: int) -> float:
        used = CHARGE_AN_HOUR * (at_us - self.start_us) / 3.6e9
        return CHARGED_AT + (self.charge - CHARGED_AT - used) % (100.0 - CHARGED_AT)

    def _heart(self, at_us: int) -> float:
        down = any(
            e.what in FALLS and 0 <= at_us - e.at_us < (e.up_after_s or 3600.0) * _SECOND_US for e in self.events
        )
        return self.heart + (HEART_FALLEN if down else 0.0)


class _Telephone(_Device):
    """A telephone with Sensor Logger: it says nothing of itself, and its samples in batches of its own.

    One recording from beginning to end: its batches are numbered on, whatever lies between what happens.
    """

    def __init__(self, wearable: Worn, start_us: int, end_us: int, seed: int, events: list[BodyEvent]) -> None:
        super().__init__(wearable, start_us, end_us, seed, events)
        self.app = SensorLogger(wearable.device, seed, SENSOR_LOGGERS[wearable.family])

    def _framed(self, samples: Array, start_us: int) -> Iterator[Emission]:
        size, period_us = round(BATCH_S * self.wearable.rate_hz), 1e6 / self.wearable.rate_hz
        for first in range(0, len(samples), size):
            block, dated_us = samples[first : first + size], start_us + round(first * period_us)
            if self.start_us <= dated_us and dated_us + len(block) * period_us < self.end_us:
                yield from self.app.batch(block, dated_us, period_us, round(self._charge(dated_us)))


class _Scene:
    """A stretch of life of one body, sample by sample, in which events fall on their moments."""

    def __init__(self, body: Body, start_us: int) -> None:
        self.body, self.start_us = body, start_us
        self.parts: list[Array] = []
        self.n = 0
        self.fallen, self.up_at = False, -1  # whether the person lies, and the sample at which they get up

    def until(self, event: BodyEvent, rng: np.random.Generator) -> None:
        """Live until the act must begin, for its moment to be the event's."""
        moment = round((event.at_us - self.start_us) * self.body.rate_hz / _SECOND_US)
        self._live(moment - self._lead(event, rng))
        # What the body has come to do may have changed how the act begins: by way of another posture.
        lead = self._lead(event, rng)
        self._live(moment - lead)
        if self._lead(event, rng) != moment - self.n:
            raise ValueError(f"{event.what} comes too soon after what happened before; leave 40 seconds at least.")

    def act(self, event: BodyEvent, rng: np.random.Generator) -> None:
        """Let it happen, with the random numbers that ``until`` reckoned with."""
        self.body.rng, kept = rng, self.body.rng
        self._put(act(self.body, event.what).samples)
        self.body.rng = kept
        if event.what in FALLS:
            self.fallen = True
            self.up_at = -1 if event.up_after_s is None else self.n + self.body.count(event.up_after_s)
        if event.what in OFF:
            self.up_at = self.n + self.body.count(event.lasts_s)

    def to_end(self, until_us: int) -> Array:
        """Live on until then; return all samples."""
        end = round((until_us - self.start_us) * self.body.rate_hz / _SECOND_US)
        self._live(end)
        return np.concatenate(self.parts)[:end]

    def _lead(self, event: BodyEvent, rng: np.random.Generator) -> int:
        """Return how many samples of the act come before its moment, as things stand now."""
        tried = copy.deepcopy(self.body)
        tried.rng = copy.deepcopy(rng)
        return act(tried, event.what).moment

    def _live(self, until: int) -> None:
        """Live on to this sample: sit, walk a little, lie where one fell until one gets up."""
        while self.n < until:
            left_s = (until - self.n) / self.body.rate_hz
            if 0 <= self.up_at <= self.n:
                self._get_up(left_s)
            elif self.body.posture is Posture.TABLE:
                self._put(self.body.idle(self._stretch(left_s)))
            elif self.fallen or self.body.posture in LYING:
                self._put(self.body.rest(self._stretch(left_s), restless=0.1 if self.fallen else 0.0))
            else:
                self._put(self.body.rest(self._stretch(left_s)))

    def _stretch(self, left_s: float) -> float:
        stretch = min(left_s, STRETCH_S)
        if self.up_at > self.n:
            stretch = min(stretch, (self.up_at - self.n) / self.body.rate_hz)
        return stretch

    def _get_up(self, left_s: float) -> None:
        """Come up from the floor, or put the device on again, and walk about: that one is well can be seen."""
        self.up_at = -1
        was_fallen, self.fallen = self.fallen, False
        parts = [ready(self.body, Posture.SITTING), self.body.rest(5.0)]
        if was_fallen:
            parts += [ready(self.body, Posture.STANDING), self.body.walk(45.0), self.body.sit_down()]
        samples = np.concatenate(parts)
        if len(samples) > left_s * self.body.rate_hz:
            samples = samples[: round(left_s * self.body.rate_hz)]
        self._put(samples)

    def _put(self, samples: Array) -> None:
        self.parts.append(samples)
        self.n += len(samples)
