"""The gateway: MQTT in, readings of units out to JetStream; acknowledged only when stored.

One flush at a time: take what is there, decode, bind, store everything (READINGS by partition, QUARANTINE), then
acknowledge in the order of arrival. While one flush is stored the next one's messages gather by themselves, so batches
grow with the load and an idle system waits for nothing. The gateway is the one writer of ticks, the platform's clock in
each partition; in a simulated home it makes none by itself, and time is what the player says (ingest.driven_clock).
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

import msgspec

from ingest.acknowledger import Acknowledger
from ingest.binder import Binder
from ingest.connections import JetStreamLink, MqttAddress, open_jetstream
from ingest.decoders import own, owntracks, zigbee2mqtt
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from ingest.decoders.own import NEW_DEVICE, DeviceState
from ingest.driven_clock import DrivenClock, Driver, tick_reading
from ingest.family_memory import FamilyMemory
from ingest.health import Health, report, stopped_within, together
from ingest.mqtt_reader import Delivery, Inbox, MqttReader
from ingest.overflow import Overflow
from ingest.publishing import AWAY, Publisher, batches
from ingest.repeats import Stored
from ingest.streams import ensure
from schemas import ids, subjects, topics
from schemas.errors import BadPayload, Unavailable
from schemas.quarantine import QuarantineEntry
from schemas.quarantine import entry as quarantine_entry
from schemas.reading import Reading

log = logging.getLogger("shouwang.gateway")

#: One flush: a few megabytes in flight to JetStream, and a wait of milliseconds for those behind.
FLUSH_MESSAGES, FLUSH_BYTES = 512, 4 * 1024 * 1024
#: Under load, how long to let messages gather, seconds: each store costs a sync of the disk, and a wake-up of each
#: stage downstream, some milliseconds of CPU in all. Who comes alone never waits.
LINGER_SECONDS = 0.02
#: In a simulated home whoever plays waits for each step, so only a flush of many messages means load there.
BUSY_MESSAGES, BUSY_LINGER_SECONDS = 8, 0.005
SECOND_US = 1_000_000
#: How often the decoders' memory is saved, seconds: soon after a device began to count anew, since old frames may come
#: first after a restart; else, for clocks known a little better than before, now and then. It is one value of all
#: devices, written whole each time: to the disk, and into a block that JetStream holds in memory.
SAVE_SECONDS, SAVE_BETTER_SECONDS = 10.0, 60.0
#: Devices whose clocks are remembered; beyond, the longest silent one is forgotten. About 100 bytes each, in one value.
DEVICES_REMEMBERED = 20_000


async def run(
    *,
    mqtt: MqttAddress,
    nats_url: str,
    clock: Callable[[], int],
    stop: asyncio.Event,
    ready: Callable[[], None],
    name: str = "gateway",
    bases: Sequence[str] = (zigbee2mqtt.DEFAULT_BASE,),
    phones: str = owntracks.DEFAULT_BASE,
    trees: Sequence[str] = (),
    wall: Callable[[], int] | None = None,
) -> None:
    """Run until ``stop``. Raises Unavailable when it cannot go on; started again, it loses nothing.

    ``bases`` are the topics below which Zigbee2MQTT bridges publish, ``phones`` the one of OwnTracks, ``trees`` what is
    listened to beside them for all other families (``""``: the whole broker). A DrivenClock as ``clock`` makes it the
    gateway of a simulated home. ``wall`` is what processes are judged by, where that is not ``clock``.
    """
    link = await open_jetstream(nats_url, name=name, log=log, stop=stop)
    try:
        js = link.nc.jetstream()
        await ensure(js)
        families = Families(bases, phones=phones, trees=("",) if isinstance(clock, DrivenClock) else trees)
        gateway = Gateway(link, name=name, clock=clock, stop=stop, families=families, wall=wall or clock)
        await gateway.run(mqtt, ready)
    finally:
        await link.close()


class Gateway:
    """One gateway's memory and its loop."""

    def __init__(
        self,
        link: JetStreamLink,
        *,
        name: str,
        clock: Callable[[], int],
        stop: asyncio.Event,
        families: Families,
        wall: Callable[[], int],
    ) -> None:
        self._link, self._name, self._clock, self._stop, self._wall = link, name, clock, stop, wall
        self._js = link.nc.jetstream()
        self.health = Health(name, log)
        self._driver = Driver(clock, link.nc, self.health) if isinstance(clock, DrivenClock) else None
        self._publisher = Publisher(self._js, self.health, stop)
        self._binder = Binder(link, self._js, log)
        self._stored = Stored()
        self._acknowledger = Acknowledger()
        self._overflow = Overflow()
        self._devices: OrderedDict[str, DeviceState] = OrderedDict()
        self._saved: bytes = b""
        self._anew = False  # a device began to count anew since the last save
        self._families = families
        self._memory = FamilyMemory(self._js, families, name=name, health=self.health, stop=stop)
        self._inbox = Inbox(asyncio.get_running_loop())
        self._next_tick_us = 0

    async def run(self, address: MqttAddress, ready: Callable[[], None]) -> None:
        """Load what was remembered, then read until stopped."""
        await self._load()
        await self._memory.load(log)
        foreign = self._families.subscriptions  # of the whole broker, our own devices are a part
        wanted = foreign if topics.EVERYTHING in foreign else (topics.SUBSCRIPTION, *foreign)
        reader = MqttReader(address, f"shouwang-{self._name}", self._inbox, self._clock, log, wanted)
        async with together() as tasks:
            tasks.create_task(self._binder.follow(self._stop), name="bindings")
            tasks.create_task(report(self.health, self._js, self._wall, self._stop, self._lag), name="status")
            tasks.create_task(self._save_often(), name="save")
            tasks.create_task(self._wake_on_stop(), name="stop")
            if self._driver is not None:
                tasks.create_task(self._driver.keep_often(self._stop), name="clock")
            await self._until(self._binder.loaded)
            reader.start()
            tasks.create_task(self._tell_ready(reader, ready), name="ready")
            try:
                await self._flush_until_stopped(reader)
            finally:
                self._stop.set()
                await asyncio.to_thread(reader.stop)
        await self._save()

    async def _tell_ready(self, reader: MqttReader, ready: Callable[[], None]) -> None:
        await self._until(reader.subscribed)
        if not self._stop.is_set():
            ready()

    async def _until(self, event: asyncio.Event) -> None:
        while not event.is_set() and not self._stop.is_set():
            await stopped_within(self._stop, 0.01)

    async def _wake_on_stop(self) -> None:
        await self._stop.wait()
        self._inbox.wake()

    async def _flush_until_stopped(self, reader: MqttReader) -> None:
        self._next_tick_us = self._clock()
        linger = 0.0
        while not self._stop.is_set():
            if linger > 0:
                await asyncio.sleep(linger)
            deliveries = await self._inbox.take(FLUSH_MESSAGES, FLUSH_BYTES, self._seconds_to_tick())
            began = time.monotonic()
            stored = await self._flush(deliveries)
            reader.acknowledge(deliveries)
            reader.tell(self._acknowledger.stored(stored))
            if self._driver is not None and (reached := await self._driver.stored()) is not None:
                reader.tell([(topics.REACHED, reached)])
            self._watch(reader)
            linger = self._linger(len(deliveries), time.monotonic() - began)

    def _linger(self, took: int, spent: float) -> float:
        """Return how long to let messages gather, seconds: stores follow each other by LINGER_SECONDS at the least."""
        if self._driver is not None:
            return BUSY_LINGER_SECONDS if took >= BUSY_MESSAGES else 0.0
        return LINGER_SECONDS - spent if took else 0.0

    def _seconds_to_tick(self) -> float:
        if self._driver is not None:
            return 1.0
        return min(max(self._next_tick_us - self._clock(), 0) / SECOND_US, 1.0)

    def _watch(self, reader: MqttReader) -> None:
        self.health.counts["dropped_qos0"] = self._inbox.dropped
        if reader.connected:
            self.health.troubles.pop("mqtt", None)  # the reader has said it
        else:
            self.health.troubles.setdefault("mqtt", "Not connected to the MQTT broker.")
        if wild := self._overflow.shut_out(self._clock()):
            sentence = f"{wild[0][:80]} sends more than any device has to say and is not read until it is quiet."
            self.health.trouble("flood", f"{sentence} ({len(wild)} such)")
        else:
            self.health.mended("flood", "Nobody floods us any more.")
        if reader.refused:
            self.health.troubles["subscriptions"] = f"The MQTT broker refuses us {', '.join(reader.refused)}."
        else:
            self.health.troubles.pop("subscriptions", None)
        if not reader.alive:
            raise Unavailable("The MQTT reader ended; the gateway must be started again.")
        if self._link.closed.is_set():
            raise Unavailable("JetStream closed the connection for good; the gateway must be started again.")

    async def _flush(self, deliveries: list[Delivery]) -> list[Reading]:
        """Decode and store; returns, when all of it is on the disk, what that is, repetitions included."""
        flush = _Flush()
        for delivery in deliveries:
            message = delivery.message
            if self._driver is not None:
                if message.topic == topics.CLOCK:
                    self._turn(self._driver, message, flush)
                    continue
                message = RawMessage(message.topic, message.payload, message.retain, self._driver.clock())
            elif self._overflow.refuses(own.device_of(message.topic) or message.topic, message.arrival_us):
                self.health.counts["refused_flood"] += 1
                continue
            self._decode(message, flush)
        if self._driver is None and self._is_tick_due():
            flush.tick(tick_reading(self._clock()))
        if flush.groups:
            await self._publisher.store({subject: batches(group) for subject, group in flush.groups.items()})
        if flush.entries:
            await self._publisher.quarantine(flush.entries)
        await self._memory.save()
        for reading in flush.readings:
            self._stored.add(reading)
        self.health.counts["messages"] += len(deliveries)
        self.health.counts["readings"] += len(flush.readings)
        self.health.counts["repeats"] += len(flush.repeats)
        return flush.repeats + flush.readings

    def _turn(self, driver: Driver, message: RawMessage, flush: "_Flush") -> None:
        """Let the clock be turned in its place; one that the broker remembers of some other time is no order."""
        if message.retain:
            return
        try:
            tick = driver.turn(message.payload)
        except BadPayload as error:
            flush.entries.append(
                quarantine_entry(driver.clock(), message.topic, error.reason, str(error), message.payload)
            )
        else:
            if tick is not None:
                flush.tick(tick)

    def _decode(self, message: RawMessage, flush: "_Flush") -> None:
        if not message.topic.startswith(topics.OURS):
            self._decode_foreign(message, flush)
            return
        device = own.device_of(message.topic)
        before = self._devices.get(device, NEW_DEVICE)
        after, decoded = own.decode(before, message)
        if after is not before:
            self._anew |= [each.boot for each in after.boots] != [each.boot for each in before.boots]
            self._remember(device, after)
        self._take(() if decoded.reading is None else (decoded.reading,), decoded.entry, flush)

    def _decode_foreign(self, message: RawMessage, flush: "_Flush") -> None:
        """Decode a message of a foreign device. One that our decoder fails on is kept, and stops nobody else."""
        try:
            told = self._families.decode(message)
        except Exception as error:
            log.exception("A decoder failed on a message of %s.", message.topic)
            sentence = f"Our decoder failed on this message ({type(error).__name__}): please report it to us."
            flush.entries.append(
                quarantine_entry(
                    message.arrival_us,
                    message.topic,
                    "decoder-failed",
                    sentence,
                    message.payload,
                    retain=message.retain,
                )
            )
            return
        self.health.counts["nobodys"] += not told
        for each in told:
            self._take(each.readings, each.entry, flush)

    def _take(self, readings: Sequence[Reading], entry: QuarantineEntry | None, flush: "_Flush") -> None:
        if entry is not None:
            flush.entries.append(entry)
        for reading in readings:
            if reading in self._stored:
                flush.repeats.append(reading)
            else:
                flush.add(self._binder.bind(reading))

    def _remember(self, device: str, state: DeviceState) -> None:
        self._devices[device] = state
        self._devices.move_to_end(device)
        if len(self._devices) > DEVICES_REMEMBERED:
            self._devices.popitem(last=False)

    def _is_tick_due(self) -> bool:
        """Whether the platform's second has turned since the last tick."""
        now_us = self._clock()
        # A clock set back must not silence the ticks until it has caught up.
        if now_us < self._next_tick_us and self._next_tick_us - now_us <= 2 * SECOND_US:
            return False
        self._next_tick_us = (now_us // SECOND_US + 1) * SECOND_US
        return True

    async def _lag(self) -> int:
        return len(self._inbox)

    async def _load(self) -> None:
        """Read what the decoders remembered; anything unreadable is forgotten and learnt anew."""
        try:
            bucket = await self._js.key_value(subjects.DECODERS)
            value = (await bucket.get(self._name)).value or b""
            self._devices = OrderedDict(_decoder.decode(value))
            self._saved = value
        except (msgspec.ValidationError, msgspec.DecodeError):
            log.warning("What the decoders remembered cannot be read; device clocks are learnt anew.")
        except AWAY as error:
            log.debug("Nothing remembered: %s", error)

    async def _save(self) -> None:
        self._anew, value = False, _encoder.encode(self._devices)
        if value == self._saved:
            return
        try:
            bucket = await self._js.key_value(subjects.DECODERS)
            await bucket.put(self._name, value)
            self._saved = value
        except AWAY as error:
            self._anew = True
            log.debug("The decoders' memory could not be saved: %s", error)

    async def _save_often(self) -> None:
        saved_at = time.monotonic()
        while not await stopped_within(self._stop, SAVE_SECONDS):
            if self._anew or time.monotonic() - saved_at >= SAVE_BETTER_SECONDS:
                await self._save()
                saved_at = time.monotonic()


class _Flush:
    """What one flush came to, by subject in the order of its messages."""

    def __init__(self) -> None:
        self.groups: dict[str, list[Reading]] = {}
        self.readings: list[Reading] = []
        self.repeats: list[Reading] = []
        self.entries: list[QuarantineEntry] = []

    def add(self, reading: Reading) -> None:
        """Put a reading in its place."""
        self.readings.append(reading)
        self.groups.setdefault(_subject(reading), []).append(reading)

    def tick(self, tick: Reading) -> None:
        """Put the platform's clock behind what every partition has so far."""
        for subject in _PARTITIONS:
            self.groups.setdefault(subject, []).append(tick)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(dict[str, DeviceState])
_PARTITIONS = tuple(subjects.readings(partition) for partition in range(ids.PARTITIONS))


def _subject(reading: Reading) -> str:
    if reading.unit is None:
        return subjects.unbound(reading.device)
    return subjects.readings(ids.partition_of(reading.unit))
