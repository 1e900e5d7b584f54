"""A simulated wearable: one MQTT connection that sends each frame when its last sample is over, and again until the
platform has acknowledged it.

It behaves as a careful firmware does: status with a last will, QoS 1, one message under way at a time, the same bytes
again after a broken connection and where the platform's own ``ack`` stays out (docs/wire.md), frames kept while the
broker is away and marked as buffered when they first go out late.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiomqtt
import msgspec
import numpy as np

from device_sim.clock import Clock, wait, wall_clock
from device_sim.frames import Block, FrameMaker, Sensor
from device_sim.kept import RESEND_US, Kept, SentFrame
from device_sim.mqtt_address import MqttAddress
from device_sim.timeline import Timeline
from schemas import topics
from schemas.errors import BadPayload, Unavailable
from schemas.frame import encode
from schemas.messages import AckMessage, StateMessage, StatusMessage, parse

#: How often a device tells battery, heart rate and wear.
STATE_EVERY_US = 60_000_000
#: A PUBACK takes milliseconds; after this long the connection is taken for dead.
PUBACK_TIMEOUT_S = 10.0
#: A first sign-in; some brokers answer a wrong password by saying nothing.
PROBE_TIMEOUT_S = 4.0
#: MQTT keep-alive: the last will comes at most one and a half of this after a device falls silent.
KEEP_ALIVE_S = 20
#: Waiting before a new connection: doubles from the first to the last, with up to half of it at random on top, so that
#: hundreds of devices do not come back in one instant.
RECONNECT_S = (0.5, 15.0)
#: At its end a device waits so long for the acknowledgement of its last frames, where the platform sends any.
LINGER_S = 10.0
#: How often it looks whether they have come.
LOOK_S = 0.02
#: A device has run for up to this long when the simulation meets it.
MAX_UPTIME_US = 30 * 86_400 * 1_000_000
FIRMWARE = "sim-1"


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a state message tells; None means not measured."""

    battery: float | None = None
    heart_rate: float | None = None
    worn: bool | None = None


@dataclass(slots=True)
class Counts:
    """What a wearable has done so far."""

    frames: int = 0  # sent and acknowledged by the broker
    confirmed: int = 0  # acknowledged by the platform
    samples: int = 0
    repeated: int = 0  # sent again because no acknowledgement came
    connections: int = 0
    states: int = 0


@dataclass(kw_only=True)
class Wearable:
    """One device. ``source(n)`` gives the next at most n samples as a Block, or None when there are no more.

    ``log(device, seq, wall_us)`` is told the wall time just before each sending of a frame,
    ``sent(seq, end_us, wall_us)`` also the date of the frame's end, ``acked(first, seq)`` from where to where the
    platform has just said that frames are on its disk. ``start_us`` is when the first sample happens (default: now);
    ``total`` and ``speed`` are the Timeline's. ``trouble`` hears a sentence when the broker is lost.
    """

    device: str
    mqtt: MqttAddress
    sensor: Sensor
    source: Callable[[int], Block | None]
    vitals: Callable[[], Vitals] | None = None
    frame_seconds: float = 2.0
    synced: bool = True
    speed: float = 1.0
    total: int | None = None
    start_us: int | None = None
    uptime_us: int = 0
    boot: int = field(default_factory=lambda: secrets.randbits(32))  # never from a seed: a boot comes once
    resend_us: int = RESEND_US
    clock: Clock = wall_clock
    log: Callable[[str, int, int], None] | None = None
    sent: Callable[[int, int, int], None] | None = None
    acked: Callable[[int, int], None] | None = None
    trouble: Callable[[str], None] | None = None
    counts: Counts = field(default_factory=Counts)

    def __post_init__(self) -> None:
        self._position = 0
        self._block: Block | None = None  # measured, not yet a frame: a connection that breaks meanwhile loses nothing
        self._complained = False
        self._state_seq = 0
        self._state_due_us = 0
        self._pending: SentFrame | None = None  # made, and not yet taken by the broker
        self._kept = Kept(self.resend_us)
        self._rng = np.random.default_rng(self.boot)

    async def run(self, stop: asyncio.Event) -> None:
        """Play until the source ends or ``stop`` is set; says that it goes offline, and disconnects cleanly."""
        now_us = self.clock()
        start_us = now_us if self.start_us is None else self.start_us
        self._timeline = Timeline(start_us, self.sensor.period_ns, self.speed, self.total)
        booted_us = min(now_us, self._timeline.first_us) - self.uptime_us
        self._maker = FrameMaker(self.sensor, self.boot, booted_us, self.synced)
        delay_s = RECONNECT_S[0]
        while not stop.is_set():
            connected_us = self.clock()
            try:
                async with self._connection() as client:
                    connected_us = self.clock()
                    await self._while_connected(client, stop)
                    return
            except aiomqtt.MqttError as error:
                self._complain(error)
                if self.clock() - connected_us > RECONNECT_S[1] * 1e6:
                    delay_s = RECONNECT_S[0]
                await wait(stop, delay_s * self._rng.uniform(1.0, 1.5))
                delay_s = min(RECONNECT_S[1], 2 * delay_s)

    def _complain(self, error: aiomqtt.MqttError) -> None:
        if self.trouble is not None and not self._complained:
            self.trouble(f"{self.device} has lost the broker ({error}) and tries again.")
        self._complained = True

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiomqtt.Client]:
        topic = topics.of(self.device, topics.STATUS)
        will = aiomqtt.Will(topic, self._status(online=False), qos=1, retain=True)
        async with aiomqtt.Client(
            self.mqtt.host,
            self.mqtt.port,
            username=self.mqtt.user or None,
            password=self.mqtt.password or None,
            identifier=self.device,
            will=will,
            keepalive=KEEP_ALIVE_S,
            timeout=PUBACK_TIMEOUT_S,
        ) as client:
            self.counts.connections += 1
            self._complained = False
            await client.subscribe(topics.of(self.device, topics.ACK), qos=0)
            await client.publish(topic, self._status(online=True), qos=1, retain=True)
            yield client
            await client.publish(topic, self._status(online=False), qos=1, retain=True)

    def _status(self, *, online: bool) -> bytes:
        return msgspec.json.encode(StatusMessage(online=online, boot=self.boot, firmware=FIRMWARE))

    async def _while_connected(self, client: aiomqtt.Client, stop: asyncio.Event) -> None:
        """Play; raises MqttError as soon as the connection is lost: a publish alone would wait for its timeout."""
        play, lost = asyncio.create_task(self._play(client, stop)), asyncio.create_task(self._listen(client))
        try:
            await asyncio.wait({play, lost}, return_when=asyncio.FIRST_COMPLETED)
            (play if play.done() else lost).result()
        finally:
            play.cancel()
            lost.cancel()
            await asyncio.gather(play, lost, return_exceptions=True)

    async def _listen(self, client: aiomqtt.Client) -> None:
        """Take acknowledgements until the connection is lost: then MqttError is raised."""
        async for message in client.messages:
            try:
                ack = parse(bytes(message.payload), AckMessage)
            except (BadPayload, TypeError):
                continue
            if ack.boot == self.boot and ack.leaf == topics.IMU:
                self.counts.confirmed += self._kept.acknowledged(ack.seq, ack.first)
                if self.acked is not None:
                    self.acked(ack.first, ack.seq)

    async def _play(self, client: aiomqtt.Client, stop: asyncio.Event) -> None:
        await self._again(client, [frame for frame in self._kept.all() if frame is not self._pending])
        if self._pending is not None:
            self.counts.repeated += 1
            await self._send(client)
        while True:
            if self._block is None:
                self._block = self.source(self.sensor.samples_in(self.frame_seconds))
            if self._block is None:
                await self._linger(client, stop)
                return
            end = self._position + len(self._block.samples)
            await wait(stop, (self._timeline.due_us(end) - self.clock()) / 1e6)
            if stop.is_set():
                return
            self._prepare(self._block, end)
            self._block = None
            await self._again(client, self._kept.overdue(self.clock()))
            await self._send(client)
            await self._tell_state(client)

    async def _linger(self, client: aiomqtt.Client, stop: asyncio.Event) -> None:
        """Wait for the acknowledgement of the last frames, sending again; not where the platform sends none."""
        until_us = self.clock() + round(LINGER_S * 1e6)
        while self._kept.heard and len(self._kept) and not stop.is_set() and self.clock() < until_us:
            await self._again(client, self._kept.overdue(self.clock()))
            await wait(stop, LOOK_S)

    async def _again(self, client: aiomqtt.Client, frames: list[SentFrame]) -> None:
        for frame in frames:
            if frame in self._kept:  # else acknowledged meanwhile
                self.counts.repeated += 1
                await self._publish(client, frame)

    def _prepare(self, block: Block, end: int) -> None:
        now_us = self.clock()
        lost = self._timeline.dropped(end, now_us)
        self._timeline = self._timeline.later(lost) if lost else self._timeline
        buffered = self._timeline.buffered(end, now_us)
        frame = self._maker.make(block, self._timeline.dated_us(self._position), buffered=buffered, lost=lost)
        self._pending = SentFrame(encode(frame), frame.seq, frame.n, self._timeline.dated_us(end))
        self._position = end

    async def _send(self, client: aiomqtt.Client) -> None:
        if self._pending is None:
            return
        frame = self._pending
        await self._publish(client, frame)
        self._pending = None
        self.counts.frames += 1
        self.counts.samples += frame.samples

    async def _publish(self, client: aiomqtt.Client, frame: SentFrame) -> None:
        """Return when the broker has it. Kept from before: the platform's word may come before the broker's."""
        now_us = self.clock()
        if self.log is not None:
            self.log(self.device, frame.seq, now_us)
        if self.sent is not None:
            self.sent(frame.seq, frame.end_us, now_us)
        self._kept.sent(frame, now_us)
        await client.publish(topics.of(self.device, topics.IMU), frame.payload, qos=1)

    async def _tell_state(self, client: aiomqtt.Client) -> None:
        now_us = self.clock()
        if self.vitals is None or now_us < self._state_due_us:
            return
        told = self.vitals()
        message = StateMessage(
            boot=self.boot,
            seq=self._state_seq,
            t_us=self._maker.uptime_us(now_us),
            utc_us=now_us if self.synced else None,
            battery=told.battery,
            heart_rate=told.heart_rate,
            worn=told.worn,
        )
        self._state_seq += 1
        await client.publish(topics.of(self.device, topics.STATE), msgspec.json.encode(message), qos=1)
        self._state_due_us = now_us + STATE_EVERY_US
        self.counts.states += 1

    def tell_state_now(self) -> None:
        """Let the next frame be followed by a state message: something changed (taken off, put on)."""
        self._state_due_us = 0


async def probe(mqtt: MqttAddress) -> None:
    """Sign in to the broker once; raises Unavailable with a sentence: a wrong password is not tried for ever."""
    try:
        async with aiomqtt.Client(
            mqtt.host, mqtt.port, username=mqtt.user or None, password=mqtt.password or None, timeout=PROBE_TIMEOUT_S
        ):
            return
    except aiomqtt.MqttError as error:
        raise Unavailable(
            f"The broker at {mqtt.host}:{mqtt.port} cannot be used ({error}); is it up, are name and password right?"
        ) from None
