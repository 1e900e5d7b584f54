"""Two weak findings that meet: a fall that nobody was sure of, and then silence in the home, or another who saw it.

A possible fall, or one that was dismissed, is remembered for some hours. What comes after is weighed with it (the
rule and its numbers: detectors.meeting_odds): a second device that suspected a fall in the same minute, a wearable that
does not move, a home in which nothing moves for longer than it should. When together they make a fall likely, that is
told as a finding of its own. Whoever is seen to move in the home, or moves a lot by their wearable, is let go of.

A function of the unit's stream: findings, signs of life, frames and ticks in their order, however cut into batches.
"""

from collections.abc import Callable, Collection
from functools import partial

import msgspec

from detectors import meeting_findings as tell
from detectors.inactivity_signs import Sign
from detectors.meeting_findings import MODEL, Weak
from detectors.meeting_odds import NEAR_US, Silence, weigh
from detectors.other_snapshot import OtherSnapshot
from detectors.routine import HOUR_US, MINUTE_US
from detectors.wearable import WornFrame
from schemas.config import Sensitivity
from schemas.finding import Finding, FindingKind, Stage

#: From which probability on it is told. Above an even chance: a weak fall alone may be anything. By how soon staff want
#: to be told; chosen, since there are no recordings of homes and wearables together to measure it on.
THRESHOLDS = {Sensitivity.CALMER: 0.75, Sensitivity.NORMAL: 0.6, Sensitivity.KEENER: 0.45}
#: Signs in the first minutes are of the fall itself: who lies in view of a motion sensor stirs, and it reports late.
#: Chosen; a longer one lets ordinary movement after sitting down pass for the beginning of a silence.
SETTLE_US = 3 * MINUTE_US
#: A home's silence is weighed every five minutes from a quarter of an hour after the fall on.
FIRST_US, EACH_US = 15 * MINUTE_US, 5 * MINUTE_US
#: After so long the silence speaks for itself (detectors.inactivity), and nothing ties it to the fall.
HORIZON_US = 4 * HOUR_US
#: One that was told is followed so long for a sign that it is over.
FOLLOWED_US = 24 * HOUR_US
#: A wearable whose axes vary by this, g, is moved on purpose; so many seconds of it are no person who lies helpless.
MOVED_G, MOVED_S = 0.1, 60.0
#: Weak falls of one unit that are remembered, the latest.
KEPT = 32
#: Errors kept until somebody drains them.
_ERRORS_KEPT = 100
_NEVER = 2**63 - 1
#: Rises with every change of the state's form.
SCHEMA = 1

#: What is known of a unit's silence now; None: it cannot be judged.
Silences = Callable[[str], Silence | None]
Asked = Callable[[str, str], Sensitivity]


class _State(msgspec.Struct, frozen=True):
    schema: int
    model: str
    units: dict[str, dict[str, Weak]]


class _Head(msgspec.Struct, frozen=True):
    schema: int
    model: str


class Meeting:
    """Weak falls of many units, and what they meet."""

    def __init__(self) -> None:
        self.changed: set[str] = set()  # units whose state may be another one since somebody emptied this
        self.errors: list[tuple[str, str]] = []  # what went wrong by message key, until drained
        self.waiting: dict[str, dict[str, Weak]] = {}  # by unit and finding, the latest last
        self._next_us = _NEVER  # nothing is due before

    def hear(self, told: Finding, asked: Asked) -> list[Finding]:
        """Take what another part found; return what it is together with what was found before."""
        if told.kind is not FindingKind.FALL or told.model == MODEL:
            return []
        return self._safely(told.unit, told.anchor, lambda: self._hear(told, asked))

    def sign(self, sign: Sign) -> list[Finding]:
        """Take a sign of life in a home: whoever moves does not lie helpless. A call for help is none."""
        if not sign.moved or sign.unit not in self.waiting:
            return []
        over = [weak for weak in self.waiting[sign.unit].values() if sign.event_us >= weak.event_us + SETTLE_US]
        return [each for weak in over for each in self._let_go(sign.unit, weak, sign.event_us)]

    def wear(self, frame: WornFrame) -> None:
        """Take a frame of somebody whose unit waits: who moves a lot is let go of, unless it was told."""
        for weak in list(self.waiting.get(frame.unit, {}).values()):
            mine = weak.finding.resident == frame.resident and frame.event_us >= weak.event_us + SETTLE_US
            # What arrived before the finding was heard of may or may not have been seen with it, as batches are cut.
            if not mine or weak.told or frame.arrival_us <= weak.heard_us or frame.worn is False:
                continue
            if float(frame.acc.std(axis=0).max()) * frame.accel_scale >= MOVED_G:
                self.changed.add(frame.unit)
                weak.moved_s += frame.duration_us / 1_000_000
                if weak.moved_s >= MOVED_S:
                    self._forget(frame.unit, weak)

    def due(self) -> int | None:
        """Return the earliest platform time at which ``tick`` may decide something, None when nothing waits."""
        return min((weak.due_us for unit in self.waiting.values() for weak in unit.values()), default=None)

    def _safely(self, unit: str, key: str, work: Callable[[], list[Finding]]) -> list[Finding]:
        """Let go of one unit's weak falls where something breaks: it must not stop the others."""
        try:
            return work()
        except Exception as error:
            self.changed.add(unit)
            self.waiting.pop(unit, None)
            self.errors.append((key, f"{type(error).__name__}: {error}"))
            del self.errors[:-_ERRORS_KEPT]
            return []

    def tick(self, now_us: int, silences: Silences, asked: Asked) -> list[Finding]:
        """Take the platform's clock; return what the weak falls are that silence has met."""
        if now_us < self._next_us:
            return []
        found: list[Finding] = []
        for unit in sorted(self.waiting):
            for weak in [each for each in self.waiting[unit].values() if each.due_us <= now_us]:
                key = weak.finding.anchor
                found += self._safely(unit, key, partial(self._look, unit, weak, now_us, silences, asked))
        due = self.due()
        self._next_us = _NEVER if due is None else due
        return found

    def _look(self, unit: str, weak: Weak, now_us: int, silences: Silences, asked: Asked) -> list[Finding]:
        self.changed.add(unit)
        if weak.told or now_us > weak.event_us + HORIZON_US:
            self._forget(unit, weak)
            return []
        return self._judge(unit, weak, now_us, silences(unit), asked)

    def units(self) -> set[str]:
        """Return the units of which something is kept."""
        return set(self.waiting)

    def states(self, units: Collection[str]) -> dict[str, bytes]:
        """Return these units' state as bytes; none where nothing is kept."""
        kept = {unit: self.waiting[unit] for unit in units if unit in self.waiting}
        return {unit: msgspec.msgpack.encode(_State(SCHEMA, MODEL, {unit: weak})) for unit, weak in kept.items()}

    def take_over(self, state: bytes) -> None:
        """Add the units of a state to those there are. Raises OtherSnapshot."""
        try:
            head = msgspec.msgpack.decode(state, type=_Head)
            if (head.schema, head.model) != (SCHEMA, MODEL):
                raise OtherSnapshot(
                    f"The snapshot of meetings is of schema {head.schema} and model {head.model}; "
                    f"this version has {SCHEMA} and {MODEL}."
                )
            self.waiting |= msgspec.msgpack.decode(state, type=_State).units
            self._next_us = -1  # looked at with the next tick
        except msgspec.DecodeError as error:
            raise OtherSnapshot(f"This is no snapshot of meetings: {error}.") from None

    # -- one weak fall -----------------------------------------------------------------------------------------------

    def _hear(self, told: Finding, asked: Asked) -> list[Finding]:
        kept = self.waiting.get(told.unit, {})
        known = kept.get(told.id)
        # One that is told mildly (perhaps the watch was dropped) is looked at, not run to: it may still meet a silence.
        if told.stage is Stage.RECOVERED or (told.stage is Stage.CONFIRMED and not told.mild):
            # It has an alert of its own, which others join; or the person is up again.
            near = [weak for weak in kept.values() if weak.same_event(told)]
            if told.stage is Stage.CONFIRMED:
                for weak in near:
                    self._forget(told.unit, weak)
                return []
            return [each for weak in near for each in self._let_go(told.unit, weak, told.decided_us)]
        weak = tell.weak(told, FIRST_US) if known is None else known.renewed(told)
        self.changed.add(told.unit)
        kept = self.waiting.setdefault(told.unit, kept)
        kept.pop(told.id, None)
        kept[told.id] = weak
        self._next_us = min(self._next_us, weak.due_us)
        while len(kept) > KEPT:
            del kept[next(iter(kept))]
        return [] if weak.told else self._judge(told.unit, weak, told.decided_us, None, asked, told.heard_us)

    def _judge(
        self, unit: str, weak: Weak, now_us: int, silence: Silence | None, asked: Asked, heard_us: int = 0
    ) -> list[Finding]:
        others = [other for other in self.waiting[unit].values() if weak.met_by(other)]
        odds = weigh(weak.finding, [other.finding for other in others], silence, now_us)
        if weak.due_us <= now_us:
            weak.due_us += EACH_US * (1 + (now_us - weak.due_us) // EACH_US)
        person = next((each.finding.resident for each in (weak, *others) if each.finding.resident != unit), unit)
        if not odds.met or odds.probability < THRESHOLDS[asked(unit, person)]:
            return []
        for each in (weak, *others):
            each.told, each.due_us = True, each.event_us + FOLLOWED_US
        # The meeting is of the one that speaks most; the others are named in it.
        weak.said = tell.met(weak, others, person, odds, now_us)
        return [msgspec.structs.replace(weak.said, heard_us=heard_us)]

    def _let_go(self, unit: str, weak: Weak, at_us: int) -> list[Finding]:
        self._forget(unit, weak)
        return [] if weak.said is None else [tell.over(weak.said, at_us)]

    def _forget(self, unit: str, weak: Weak) -> None:
        self.changed.add(unit)
        kept = self.waiting.get(unit, {})
        kept.pop(weak.finding.id, None)
        if not kept:
            self.waiting.pop(unit, None)


__all__ = ["MODEL", "NEAR_US", "Meeting", "Silence"]
