"""What was heard last: of each device (so that it can be paired and missed), and of each resident's values.

Retained messages and last wills are the broker's, not the device's: they register a device but never make it alive.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from schemas.frame import BATTERY_UNKNOWN, Frame
from schemas.reading import Observation, Reading, ReadingKind
from store.pool import Connection
from store.traces import FRAME, Value

UNKNOWN, WEARABLE = "unknown", "wearable"
#: What a device is that said this, surest first, until a person says something else: for whoever looks for the one
#: they just installed. Battery, temperature and the like tell nothing: most devices have them.
_KINDS = {
    "bridge_available": "bridge",
    "smoke": "smoke",
    "gas": "gas",
    "carbon_monoxide": "gas",
    "water_leak": "leak",
    "door_open": "door",
    "presence": "presence",
    "motion": "motion",
    "switch": "plug",
    "vibration": "vibration",
    "sos": "button",
    "button": "button",
}


@dataclass(slots=True)
class _Device:
    kind: str
    registered_us: int
    seen_us: int | None = None
    last_event_us: int | None = None
    battery: float | None = None
    worn: bool | None = None


def _observed(reading: Reading, frame: Frame | None) -> Iterator[Observation]:
    yield from reading.observations
    if frame is None:
        return
    if frame.battery != BATTERY_UNKNOWN:
        yield Observation("battery", float(frame.battery), "%")
    if frame.worn is not None:
        yield Observation("worn", frame.worn)


def _alive(reading: Reading) -> bool:
    return not reading.retain and reading.kind is not ReadingKind.STATUS


def _pairs(
    framed: Sequence[Reading], frames: Sequence[Frame], others: Iterable[Reading]
) -> Iterator[tuple[Reading, Frame | None]]:
    yield from zip(framed, frames, strict=True)
    yield from ((reading, None) for reading in others)


def _kind(reading: Reading) -> str:
    said = {observation.type for observation in reading.observations}
    return next((kind for name, kind in _KINDS.items() if name in said), UNKNOWN)


async def note_devices(
    conn: Connection, framed: Sequence[Reading], frames: Sequence[Frame], others: Sequence[Reading]
) -> None:
    """Register devices never heard before, and note when each was heard, with its battery and whether it is worn."""
    heard: dict[str, _Device] = {}
    for reading, frame in sorted(_pairs(framed, frames, others), key=lambda pair: pair[0].end_us):
        if not reading.device:
            continue
        kind = WEARABLE if frame is not None else _kind(reading)
        device = heard.setdefault(reading.device, _Device(kind, reading.arrival_us))
        if frame is not None or device.kind == UNKNOWN:
            device.kind = kind
        if not _alive(reading):
            continue
        device.seen_us = max(device.seen_us or 0, reading.arrival_us)
        device.last_event_us = reading.end_us
        for observation in _observed(reading, frame):
            if observation.type == "battery" and not isinstance(observation.value, str):
                device.battery = float(observation.value)
            elif observation.type == "worn":
                device.worn = bool(observation.value)
    await _upsert_devices(conn, dict(sorted(heard.items())))


async def _upsert_devices(conn: Connection, heard: dict[str, _Device]) -> None:
    # greatest() ignores null; battery and worn only move forward in event time.
    await conn.executemany(
        """
        insert into device as d (id, kind, registered_us, seen_us, last_event_us, battery, worn)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (id) do update set
            kind = case when d.kind = 'unknown' then excluded.kind else d.kind end,
            seen_us = greatest(d.seen_us, excluded.seen_us),
            battery = case when excluded.last_event_us >= coalesce(d.last_event_us, 0)
                           then coalesce(excluded.battery, d.battery) else d.battery end,
            worn = case when excluded.last_event_us >= coalesce(d.last_event_us, 0)
                        then coalesce(excluded.worn, d.worn) else d.worn end,
            last_event_us = greatest(d.last_event_us, excluded.last_event_us)
        """,
        [
            (name, item.kind, item.registered_us, item.seen_us, item.last_event_us, item.battery, item.worn)
            for name, item in heard.items()
        ],
    )


async def note_latest(
    conn: Connection, framed: Sequence[Reading], frames: Sequence[Frame], others: Sequence[Reading]
) -> None:
    """Note the newest value of each type of each resident; an older one never replaces it."""
    newest: dict[tuple[str, str], tuple[object, ...]] = {}
    for reading, frame in sorted(_pairs(framed, frames, others), key=lambda pair: pair[0].end_us):
        if reading.resident is None or not _alive(reading):
            continue
        seen = [(observation.type, Value.of(observation)) for observation in _observed(reading, frame)]
        if frame is not None:
            seen.append((FRAME, Value()))
        for name, value in seen:
            newest[reading.resident, name] = (
                reading.resident, name, value.value, value.text_value, value.unit_of_measure, reading.device,
                reading.end_us, reading.arrival_us,
            )  # fmt: skip
    await conn.executemany(
        """
        insert into latest_value as l
            (resident, type, value, text_value, unit_of_measure, device, event_us, arrival_us)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (resident, type) do update set value = excluded.value, text_value = excluded.text_value,
            unit_of_measure = excluded.unit_of_measure, device = excluded.device, event_us = excluded.event_us,
            arrival_us = excluded.arrival_us
        where excluded.event_us >= l.event_us
        """,
        [newest[key] for key in sorted(newest)],
    )
