"""When each play of a run starts, and under which mark.

A driven clock only goes forward, so a play whose date is past starts at the first later moment of the same weekday and
local time: lives have weekends, and a night is a night. Plays of one run start in the same week, so that they are
played at once. On a live home all start now, whatever their files say. What a file says with a date moves along with
the rest of it. A play that cannot be made of a file from there on is left out, with a sentence; the others are played.
"""

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from device_sim.play import Emission, Play, Staging
from device_sim.runner.names import mark_of
from device_sim.runner.saying import moment
from schemas.errors import Unavailable

#: Making people and devices known takes platform time too; a play begins after it.
LEAD_US = 120_000_000
WEEK_US = 7 * 86_400 * 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Script:
    """A scenario before it is compiled: what must be known to place it, and how to compile it."""

    id: str
    seed: int
    start_us: int  # the file's own
    timezone: str
    compile: Callable[[Staging], Play]


@dataclass(frozen=True, slots=True)
class Staged:
    """A play with its place in the run. ``later_us``: how much later than its file says it starts."""

    play: Play
    staging: Staging
    later_us: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """What is played, and a sentence for each scenario that cannot be."""

    plays: tuple[Staged, ...]
    left_out: tuple[str, ...] = ()


def stage(scripts: Sequence[Script], now_us: int, taken: Collection[str] = ()) -> Placed:
    """Return the plays for a platform whose driven clock stands at ``now_us``; ``taken`` are marks of earlier runs."""
    if not scripts:
        return Placed(())
    from_us = max(now_us + LEAD_US, min(script.start_us for script in scripts))
    starts_us = [same_time_after(script.start_us, from_us, script.timezone) for script in scripts]
    return _staged(scripts, starts_us, taken)


def stage_now(scripts: Sequence[Script], start_us: int) -> Placed:
    """Return the plays for a live home, all from ``start_us`` on."""
    return _staged(scripts, [start_us] * len(scripts), ())


def same_time_after(own_us: int, from_us: int, timezone: str) -> int:
    """Return the first moment from ``from_us`` on with the weekday and local time of ``own_us``."""
    zone = ZoneInfo(timezone)
    own = _EPOCH + timedelta(microseconds=own_us)
    local = own.astimezone(zone)
    # Weeks before the file's date too: of several plays, those with later dates come to the first one's week.
    weeks = (from_us - own_us) // WEEK_US - 1
    while True:
        # Wall time in its zone: a week with a change of summer time in it has another length.
        moved = (local + timedelta(weeks=weeks)).astimezone(UTC)
        moved_us = (moved - _EPOCH) // timedelta(microseconds=1)
        if moved_us >= from_us:
            return moved_us
        weeks += 1


@dataclass(frozen=True, slots=True)
class _ToTheEnd:
    """What a play sends. Raises Unavailable where, in the middle, its people cannot do what the file makes them do."""

    play: str
    sent: Iterable[Emission]

    def __iter__(self) -> Iterator[Emission]:
        try:
            yield from self.sent
        except ValueError as error:
            raise Unavailable(f"{self.play} cannot be played to its end: {error}") from error


def _staged(scripts: Sequence[Script], starts_us: Sequence[int], taken: Collection[str]) -> Placed:
    found: list[Staged] = []
    left_out: list[str] = []
    used = set(taken)
    for script, start_us in zip(scripts, starts_us, strict=True):
        mark = next(
            mark for n in itertools.count() if (mark := mark_of(script.id, script.seed, start_us, n)) not in used
        )
        staging = Staging(start_us=start_us, mark=mark, base=f"sim-{mark}")
        try:
            play = script.compile(staging)
            next(iter(play.emissions), None)  # what nobody can do in this life shows when its first message is made
        except ValueError as error:
            left_out.append(f"{script.id} cannot be played from {moment(start_us, script.timezone)} on: {error}")
            continue
        used.add(mark)
        play = replace(play, emissions=_ToTheEnd(play.id, play.emissions))
        found.append(Staged(play, staging, start_us - script.start_us))
    return Placed(tuple(found), tuple(left_out))
