"""When it happened: the ladder from the device's own UTC down to arrival. Pure.

1. the device's UTC, when it says that its clock is set and the time is within 7 days before to 5 minutes after arrival;
2. its monotonic clock, mapped by the boot's fastest arrivals (boot_clock);
3. arrival.

A claimed UTC outside the window (1970, 2099) is not believed: rung 2 with Clock.CLAMPED, and a note.
"""

from dataclasses import dataclass

from ingest.decoders import boot_clock
from ingest.decoders.boot_clock import BootMap
from schemas.reading import Clock

SECOND_US = 1_000_000
#: A device's buffer holds days, not weeks; older is a clock that was never set.
OLDEST_US = 7 * 86_400 * SECOND_US
#: A clock set by the network is right to seconds; minutes ahead is drift, more is a wrong clock.
NEWEST_US = 5 * 60 * SECOND_US


@dataclass(frozen=True, slots=True)
class Claim:
    """What a message says about time.

    ``device_us`` and ``utc_us`` are of the same moment, the message's first sample; ``last_us`` is the device's clock
    at its last sample. ``utc_us`` is None when the clock is not set. ``live`` is False for what tells nothing about
    the present: buffered and retained messages.
    """

    boot: int
    device_us: int
    last_us: int
    utc_us: int | None
    live: bool


@dataclass(frozen=True, slots=True)
class EventTime:
    """The answer. ``note`` is None or (reason, sentence) for the quarantine list; the reading is kept in any case."""

    event_us: int
    clock: Clock
    note: tuple[str, str] | None = None


def resolve(boots: tuple[BootMap, ...], claim: Claim, arrival_us: int) -> tuple[tuple[BootMap, ...], EventTime]:
    """Return the boots' mappings after this message, and when it happened."""
    known = boot_clock.of(boots, claim.boot)
    if claim.live:
        known = _learnt(known, claim, arrival_us)
        boots = boot_clock.with_map(boots, known)
    if claim.utc_us is not None and believable(claim.utc_us, arrival_us):
        return boots, EventTime(claim.utc_us, Clock.DEVICE)
    event_us, clock = _mapped(known, claim, arrival_us)
    if claim.utc_us is not None:
        sentence = (
            f"A UTC of {claim.utc_us} µs is not within 7 days before to 5 minutes after arrival; it is not believed."
        )
        return boots, EventTime(event_us, Clock.CLAMPED, ("clock-implausible", sentence))
    if clock is Clock.ARRIVAL:
        sentence = "Not live, without a set clock, and in a boot that we have never heard live: arrival is used."
        return boots, EventTime(event_us, clock, ("time-unknown", sentence))
    return boots, EventTime(event_us, clock)


def believable(utc_us: int, arrival_us: int) -> bool:
    """Whether a device's UTC can be true, seen from arrival."""
    return arrival_us - OLDEST_US <= utc_us <= arrival_us + NEWEST_US


def _learnt(known: BootMap | None, claim: Claim, arrival_us: int) -> BootMap:
    heard = boot_clock.heard(known, claim.boot, claim.last_us, arrival_us)
    # A live message cannot be days old: the device's clock jumped, so what was learnt of it is worth nothing.
    if not believable(claim.device_us + heard.offset_us, arrival_us):
        return boot_clock.restarted(claim.boot, claim.last_us, arrival_us)
    return heard


def _mapped(known: BootMap | None, claim: Claim, arrival_us: int) -> tuple[int, Clock]:
    span_us = claim.last_us - claim.device_us
    if known is None:
        return arrival_us - span_us, Clock.ARRIVAL
    event_us = claim.device_us + known.offset_us
    if not believable(event_us, arrival_us):
        return arrival_us - span_us, Clock.ARRIVAL
    return min(event_us, arrival_us - span_us), Clock.BOOT
