"""A fleet's frames as they come over the wire, two seconds at a time: payloads, whose they are, and when they came.

Some are late, repeated or missing; every device's clock counts from its own boot, runs a little fast or slow, and half
of them know no UTC.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.speed.people import ACTIVITIES, RATE_HZ, SCALE, Counts, Fleet
from detectors.fleet_heads import header_of
from detectors.fleet_wire import Roster
from schemas import frame as wire
from schemas.reading import Reading, ReadingKind

FRAME_S = 2
N = FRAME_S * RATE_HZ
PERIOD_NS = 1_000_000_000 // RATE_HZ
FRAME_US = FRAME_S * 1_000_000
START_US = 1_800_000_000_000_000
#: Of all frames: missing, repeated, and late by one round. More than a good network shows, less than a bad one.
MISSING, REPEATED, LATE = 0.0005, 0.0005, 0.0005
#: How far a device's quartz is off at most, parts of a million, and how long a message takes, seconds (mean).
PPM, DELAY_S = 40, 0.2
WRIST, WAIST = "wrist", "waist"
PEOPLE_OF_UNIT = 40
_SIZE = wire.HEADER_LENGTH + 6 * N + wire.CRC_LENGTH


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """What came within two seconds. ``number`` (k,) whose, ``arrival_us`` (k,), ``payloads`` one for each."""

    number: NDArray[np.int64]
    arrival_us: NDArray[np.int64]
    payloads: list[bytes]


class Traffic:
    """The frames of ``count`` wearers. Seeded: the same for the same arguments."""

    def __init__(
        self, count: int, fleet: Fleet, pieces: Mapping[str, list[Counts]], seed: int = 5, position: str = WRIST
    ) -> None:
        rng = self._rng = np.random.default_rng(seed)
        self.count, self.position, self._seq = count, position, 0
        what = rng.choice(len(ACTIVITIES), count, p=fleet.shares)
        self._stack = [np.stack(pieces[each]) for each in ACTIVITIES]
        self._of = [np.flatnonzero(what == index) for index in range(len(ACTIVITIES))]
        self._piece = np.array([rng.integers(len(self._stack[each])) for each in what.tolist()])
        self._offset = rng.integers(0, self._stack[0].shape[1], count)
        self._booted_us = rng.integers(0, 30 * 86_400_000_000, count)
        self._ppm = rng.uniform(-PPM, PPM, count)
        self._synced = rng.random(count) < 0.5
        self._late: list[tuple[int, bytes]] = []
        names = [f"{number:06d}" for number in range(count)]
        self.roster = Roster(
            unit=np.array([f"unit-{number // PEOPLE_OF_UNIT:05d}" for number in range(count)], object),
            resident=np.array([f"resident-{name}" for name in names], object),
            device=np.array([f"watch-{name}" for name in names], object),
            position=np.array([position] * count, object),
        )

    def next(self) -> Round:
        """Return the next two seconds."""
        rng, seq = self._rng, self._seq
        self._seq += 1
        fate = rng.random(self.count)
        payloads = self._payloads(seq)
        late, self._late = self._late, [(i, payloads[i]) for i in np.flatnonzero(fate < LATE).tolist()]
        came = np.flatnonzero(fate >= LATE + MISSING)
        again = came[fate[came] > 1 - REPEATED]
        number = np.concatenate([came, again, np.array([i for i, _ in late], np.int64)])
        sent = [*(payloads[i] for i in came.tolist()), *(payloads[i] for i in again.tolist()), *(p for _, p in late)]
        end_us = START_US + (seq + 1) * FRAME_US
        arrival_us = end_us + (rng.exponential(DELAY_S, len(number)) * 1e6).astype(np.int64)
        return Round(number, arrival_us, sent)

    def readings(self, came: Round) -> list[Reading]:
        """Return the same as the gateway and the binder make it."""
        made = []
        for number, arrival_us, payload in zip(
            came.number.tolist(), came.arrival_us.tolist(), came.payloads, strict=True
        ):
            frame = wire.decode(payload)
            event_us = START_US + frame.seq * FRAME_US
            made.append(
                Reading(
                    kind=ReadingKind.FRAME,
                    arrival_us=arrival_us,
                    event_us=event_us,
                    end_us=event_us + frame.duration_us,
                    # each message brings names of its own
                    device=f"watch-{number:06d}",
                    unit=f"unit-{number // PEOPLE_OF_UNIT:05d}",
                    resident=f"resident-{number:06d}",
                    boot=frame.boot,
                    seq=frame.seq,
                    payload=payload,
                    position=self.position,
                )
            )
        return made

    def _payloads(self, seq: int) -> list[bytes]:
        acc = np.empty((self.count, N, 3), np.int16)
        for stack, mine in zip(self._stack, self._of, strict=True):
            at = (self._offset[mine, None] + seq * N + np.arange(N)) % stack.shape[1]
            acc[mine] = stack[self._piece[mine, None], at]
        heads = np.zeros(self.count, header_of(_SIZE))
        samples: NDArray[np.int16] = np.ndarray(acc.shape, "<i2", heads, wire.HEADER_LENGTH, (_SIZE, 6, 2))
        samples[:] = acc
        heads["magic"], heads["header_length"], heads["boot"], heads["seq"] = wire.MAGIC, wire.HEADER_LENGTH, 1, seq
        heads["t0_us"] = (self._booted_us + seq * FRAME_US * (1 + self._ppm / 1e6)).astype(np.int64)
        heads["utc_us"] = np.where(self._synced, START_US + seq * FRAME_US, 0)
        heads["flags"] = np.where(self._synced, int(wire.FrameFlag.CLOCK_SYNCED), 0)
        heads["period_ns"], heads["n"], heads["channels"], heads["battery"] = PERIOD_NS, N, 3, 80
        heads["accel_scale"] = SCALE
        whole = heads.tobytes()
        bodies = (whole[at : at + _SIZE - wire.CRC_LENGTH] for at in range(0, len(whole), _SIZE))
        return [body + zlib.crc32(body).to_bytes(wire.CRC_LENGTH, "little") for body in bodies]
