"""How the contract suite drives a detector: a story of inputs, and one way to feed any part of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from detectors.everyday import EverydayConfig
from detectors.fall import FallConfig
from detectors.fleet import FleetFalls
from detectors.host import Host
from detectors.inactivity import InactivityConfig
from detectors.wandering import WanderingConfig
from detectors.wearable import WornFrame
from detectors.whereabouts import WhereaboutsConfig
from schemas.finding import Finding
from schemas.reading import Reading, ReadingKind
from tests.detectors import everyday_days, goings, homes, signals, wanders

#: A frame, or the platform's clock. A detector that takes something else has a story of its own.
Item = WornFrame | int


class Detector(Protocol):
    """The verbs that every detector has."""

    errors: list[tuple[str, str]]

    def due(self) -> int | None: ...
    def snapshot(self) -> bytes: ...
    def restore(self, data: bytes) -> None: ...


def story() -> list[Item]:
    """Two wearers: one falls and lies, the other walks, falls, and falls silent at once; with a tick each 2 s."""
    first = signals.worn(signals.fall_story(), "r1", rate=50.0)
    quiet = signals.worn(signals.fall_story(before_s=12.2, after_s=0.6, rate=100.0), "r2", rate=100.0)
    items: list[Item] = []
    for second in range(0, 60, 2):
        end = signals.START_US + (second + 2) * 1_000_000
        for frames in (first, quiet):
            items += [frame for frame in frames if end - 2_000_000 <= frame.event_us < end]
        items.append(end)
    return items


@dataclass(frozen=True)
class Way:
    """How to make a detector, and to feed it items as one batch."""

    make: Callable[[], Any]
    feed: Callable[[Any, Sequence[Any]], list[Finding]]
    #: Items with at least two findings in them; frames unless ``frames`` is False.
    story: Callable[[], Sequence[Any]] = story
    frames: bool = True


def _feed_frames(detector: Any, items: Sequence[Item]) -> list[Finding]:
    found: list[Finding] = []
    batch: list[WornFrame] = []
    for item in items:
        if isinstance(item, int):
            found += detector.update(batch)
            batch = []
            found += detector.tick(item)
        else:
            batch.append(item)
    found += detector.update(batch)
    return found


def _feed_readings(host: Any, items: Sequence[Item]) -> list[Finding]:
    found: list[Finding] = host.update([_reading(item) for item in items])
    return found


def _reading(item: Item) -> Reading:
    if isinstance(item, int):
        return Reading(kind=ReadingKind.TICK, arrival_us=item, event_us=item, end_us=item)
    return signals.readings([item])[0]


#: Class name of a detector -> how to drive it. The suite fails for a detector that is not here.
WAYS = {
    "FallDetector": Way(make=lambda: FallConfig().build(), feed=_feed_frames),
    "FleetFalls": Way(make=lambda: FleetFalls(few=1), feed=_feed_frames),
    "Host": Way(make=Host, feed=_feed_readings),
    "InactivityDetector": Way(
        make=lambda: InactivityConfig().build(), feed=homes.feed, story=homes.story, frames=False
    ),
    "EverydayDetector": Way(
        make=lambda: EverydayConfig().build(), feed=homes.feed, story=everyday_days.story, frames=False
    ),
    "WanderingDetector": Way(
        make=lambda: WanderingConfig().build(), feed=wanders.feed, story=wanders.story, frames=False
    ),
    "WhereaboutsDetector": Way(
        make=lambda: WhereaboutsConfig().build(), feed=goings.feed, story=goings.story, frames=False
    ),
}
