"""Our own devices: frames and JSON under ``sw/v1/<device>/<leaf>`` (docs/wire.md).

``(state, message) -> (state, decoded)``, pure: what must be remembered of a device is in its DeviceState, so a gateway
that starts again continues where it was, and a message can be decoded again years later.
"""

from dataclasses import dataclass

import msgspec

from ingest.decoders import event_time
from ingest.decoders.boot_clock import BootMap
from ingest.decoders.event_time import Claim
from ingest.decoders.message import RawMessage
from schemas import frame, messages, topics
from schemas.errors import BadPayload
from schemas.frame import FrameFlag
from schemas.quarantine import QuarantineEntry
from schemas.quarantine import entry as quarantine_entry
from schemas.reading import Clock, Observation, Reading, ReadingKind

#: No message of ours comes near; beyond it is not even looked at.
MAX_BYTES = 1_000_000


class DeviceState(msgspec.Struct, frozen=True, array_like=True):
    """What the decoder remembers of one device: the clocks of its last boots, newest first."""

    boots: tuple[BootMap, ...] = ()


NEW_DEVICE = DeviceState()


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a message means: a reading (unit not yet known), a quarantine entry, both, or neither (nothing to keep)."""

    reading: Reading | None = None
    entry: QuarantineEntry | None = None


NOTHING = Decoded()


def device_of(topic: str) -> str:
    """Return the key under which the state for a message on ``topic`` is kept; empty for a foreign topic."""
    parsed = topics.parse(topic)
    return "" if parsed is None else parsed.device


def decode(state: DeviceState, message: RawMessage) -> tuple[DeviceState, Decoded]:
    """Return the device's state after the message, and what it means. Never raises on what a sender wrote."""
    parsed = topics.parse(message.topic)
    if parsed is None:
        sentence = "Below sw/v1/ only the topics <device>/<leaf> of our own devices are known."
        return state, Decoded(entry=_entry(message, "foreign-topic", sentence))
    if parsed.leaf == topics.ACK:
        return state, NOTHING
    if len(message.payload) > MAX_BYTES:
        sentence = f"A message has at most {MAX_BYTES} bytes, this has {len(message.payload)}."
        return state, Decoded(entry=_entry(message, "too-large", sentence))
    try:
        return _LEAVES[parsed.leaf](state, parsed.device, message)
    except BadPayload as error:
        return state, Decoded(entry=_entry(message, error.reason, str(error)))


def _entry(message: RawMessage, reason: str, sentence: str, *, kept: bool = False) -> QuarantineEntry:
    return quarantine_entry(
        message.arrival_us, message.topic, reason, sentence, message.payload, retain=message.retain, kept=kept
    )


def _frame(state: DeviceState, device: str, message: RawMessage) -> tuple[DeviceState, Decoded]:
    block = frame.decode(message.payload)
    claim = Claim(
        boot=block.boot,
        device_us=block.t0_us,
        last_us=block.last_us,
        utc_us=block.utc_us if block.flags & FrameFlag.CLOCK_SYNCED else None,
        live=not message.retain and not block.flags & FrameFlag.BUFFERED,
    )
    return _timed(state, device, message, ReadingKind.FRAME, claim, block.seq, block.duration_us)


def _state(state: DeviceState, device: str, message: RawMessage) -> tuple[DeviceState, Decoded]:
    body = messages.parse(message.payload, messages.StateMessage)
    return _timed(state, device, message, ReadingKind.STATE, _claim(body, message), body.seq, 0, _observed(body))


def _event(state: DeviceState, device: str, message: RawMessage) -> tuple[DeviceState, Decoded]:
    body = messages.parse(message.payload, messages.EventMessage)
    # A retained event is what happened some day, told again because we subscribed: kept, and never as if now.
    events = () if message.retain else (body.type,)
    seen = () if body.certainty is None else (Observation("certainty", body.certainty),)
    return _timed(state, device, message, ReadingKind.EVENT, _claim(body, message), body.seq, 0, seen, events)


def _claim(body: messages.StateMessage | messages.EventMessage, message: RawMessage) -> Claim:
    if body.t_us > frame.MAX_UPTIME_US:
        raise BadPayload(
            "bad-clock", f"The device says it has been up for {body.t_us} microseconds, over a hundred years."
        )
    return Claim(body.boot, body.t_us, body.t_us, body.utc_us, live=not message.retain)


def _timed(
    state: DeviceState,
    device: str,
    message: RawMessage,
    kind: ReadingKind,
    claim: Claim,
    seq: int,
    duration_us: int,
    observations: tuple[Observation, ...] = (),
    events: tuple[str, ...] = (),
) -> tuple[DeviceState, Decoded]:
    boots, when = event_time.resolve(state.boots, claim, message.arrival_us)
    reading = Reading(
        kind=kind,
        arrival_us=message.arrival_us,
        event_us=when.event_us,
        end_us=when.event_us + duration_us,
        device=device,
        boot=claim.boot,
        seq=seq,
        clock=when.clock,
        topic=message.topic,
        payload=message.payload,
        retain=message.retain,
        observations=observations,
        events=events,
    )
    entry = None if when.note is None else _entry(message, *when.note, kept=True)
    after = state if boots is state.boots else DeviceState(boots)
    return after, Decoded(reading, entry)


#: Field of StateMessage -> unit of its observation, in the platform's vocabulary.
_UNITS = {
    "battery": "%",
    "worn": "",
    "charging": "",
    "heart_rate": "1/min",
    "skin_temperature": "°C",
    "steps": "",
    "rssi": "dBm",
}


def _observed(body: messages.StateMessage) -> tuple[Observation, ...]:
    values = ((name, getattr(body, name), unit) for name, unit in _UNITS.items())
    return tuple(Observation(name, value, unit) for name, value, unit in values if value is not None)


def _status(state: DeviceState, device: str, message: RawMessage) -> tuple[DeviceState, Decoded]:
    if not message.payload:
        return state, NOTHING  # a retained status was deleted: no error and no reading
    body = messages.parse(message.payload, messages.StatusMessage)
    observations = [Observation("available", body.online)]
    if body.firmware:
        if not body.firmware.isprintable():
            raise BadPayload("bad-field", "The firmware's name has characters that cannot be printed.")
        observations.append(Observation("firmware", body.firmware))
    return state, Decoded(
        Reading(
            kind=ReadingKind.STATUS,
            arrival_us=message.arrival_us,
            event_us=message.arrival_us,
            end_us=message.arrival_us,
            device=device,
            boot=-1 if body.boot is None else body.boot,
            clock=Clock.ARRIVAL,
            topic=message.topic,
            payload=message.payload,
            retain=message.retain,
            observations=tuple(observations),
        )
    )


_LEAVES = {topics.IMU: _frame, topics.STATE: _state, topics.EVENT: _event, topics.STATUS: _status}
