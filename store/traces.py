"""Reading back what the sensors said: frames of an interval, activity by minute, and the latest values."""

import msgspec

from schemas.frame import MAX_SAMPLES, MIN_RATE_HZ
from schemas.reading import Clock, Observation
from store.pool import Db
from store.rows import columns, record

#: No frame is longer, so one that reaches into an interval began at most this much before it.
LONGEST_FRAME_US = int(MAX_SAMPLES / MIN_RATE_HZ * 1_000_000)
#: The type under which ``latest_value`` notes the newest block of samples.
FRAME = "frame"


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """An observation's value in columns: numbers in ``value``, words in ``text_value``, truth in both (1, ``true``)."""

    value: float | None = None
    text_value: str | None = None
    unit_of_measure: str = ""

    @classmethod
    def of(cls, observation: Observation) -> "Value":
        """Return the columns of an observation."""
        if isinstance(observation.value, bool):
            text = "true" if observation.value else "false"
            return cls(value=float(observation.value), text_value=text, unit_of_measure=observation.unit)
        if isinstance(observation.value, str):
            return cls(text_value=observation.value, unit_of_measure=observation.unit)
        return cls(value=float(observation.value), unit_of_measure=observation.unit)

    def plain(self) -> float | bool | str:
        """Return the value as it was observed."""
        if self.value is not None and self.text_value is not None:
            return bool(self.value)
        return self.text_value if self.value is None else self.value  # type: ignore[return-value]  # one is set


class StoredFrame(msgspec.Struct, frozen=True, kw_only=True):
    """A block of samples as it was stored; ``payload`` decodes with schemas.frame.decode.

    ``event_us`` is the time of its first sample; sample i is at ``event_us + i * period_ns // 1000``.
    """

    device: str
    boot: int
    seq: int
    event_us: int
    end_us: int
    arrival_us: int
    period_ns: int
    clock: Clock
    position: str | None
    payload: bytes


class Minute(msgspec.Struct, frozen=True, kw_only=True):
    """A minute with data: ``activity`` is mean | |a| - 1 | in g; ``worn`` None when no device can tell."""

    minute_us: int
    activity: float
    samples: int
    worn: bool | None


class LatestValue(msgspec.Struct, frozen=True, kw_only=True):
    """The newest observation of one type. ``event_us`` is when it held, ``arrival_us`` when we heard."""

    observation: Observation
    device: str
    event_us: int
    arrival_us: int


class Latest(msgspec.Struct, frozen=True, kw_only=True):
    """What a resident's sensors say now, as far as known. ``battery`` in %."""

    values: tuple[LatestValue, ...] = ()
    last_frame_us: int | None = None
    last_arrival_us: int | None = None
    worn: bool | None = None
    battery: float | None = None


async def frames_between(
    db: Db, resident: str, start_us: int, end_us: int, *, device: str | None = None
) -> list[StoredFrame]:
    """Return a resident's frames that touch ``start_us <= t < end_us``, in order of event time."""
    rows = await db.fetch(
        f"""
        select {columns(StoredFrame)} from frame
        where resident = $1 and event_us >= $2::bigint - $4::bigint and event_us < $3 and end_us > $2
          and ($5::text is null or device = $5)
        order by event_us, device, seq
        """,  # noqa: S608  # our own column names
        resident,
        start_us,
        end_us,
        LONGEST_FRAME_US,
        device,
    )
    return [record(row, StoredFrame) for row in rows]


async def activity_by_minute(db: Db, resident: str, start_us: int, end_us: int) -> list[Minute]:
    """Return the minutes with data that begin in ``start_us <= t < end_us``, in order; a minute without is absent."""
    rows = await db.fetch(
        """
        select minute_us, abs_sum / samples as activity, samples,
               case when worn + unworn = 0 then null else worn >= unworn end as worn
        from activity_minute where resident = $1 and minute_us >= $2 and minute_us < $3 order by minute_us
        """,
        resident,
        start_us,
        end_us,
    )
    return [record(row, Minute) for row in rows]


async def latest(db: Db, resident: str) -> Latest:
    """Return the newest value of each type, and when the last block of samples ended."""
    return (await latest_of_all(db, [resident])).get(resident, Latest())


async def latest_of_all(db: Db, residents: list[str] | None = None) -> dict[str, Latest]:
    """Return the newest values of these residents (None: of all) that have any, by resident."""
    rows = await db.fetch(
        """
        select resident, type, value, text_value, unit_of_measure, device, event_us, arrival_us from latest_value
        where $1::text[] is null or resident = any($1) order by resident, type
        """,
        residents,
    )
    found: dict[str, Latest] = {}
    for row in rows:
        before = found.get(row["resident"], Latest())
        arrival_us = max(before.last_arrival_us or 0, row["arrival_us"])
        if row["type"] == FRAME:
            new = msgspec.structs.replace(before, last_frame_us=row["event_us"], last_arrival_us=arrival_us)
        else:
            plain = record(row, Value).plain()
            value = LatestValue(
                observation=Observation(row["type"], plain, row["unit_of_measure"]),
                device=row["device"],
                event_us=row["event_us"],
                arrival_us=row["arrival_us"],
            )
            new = msgspec.structs.replace(before, values=(*before.values, value), last_arrival_us=arrival_us)
            if row["type"] == "worn":
                new = msgspec.structs.replace(new, worn=bool(plain))
            if row["type"] == "battery" and isinstance(plain, float):
                new = msgspec.structs.replace(new, battery=plain)
        found[row["resident"]] = new
    return found
