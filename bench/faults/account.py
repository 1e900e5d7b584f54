"""What was promised and what is there: messages by their keys, alerts by the people who fell. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

#: device, boot, sequence.
Key = tuple[str, int, int]
#: An alert's time may lie so far beside the impact, microseconds: a detector dates a fall by its largest sample, which
#: is the impact or its rebound.
SAME_MOMENT_US = 1_500_000


@dataclass
class Ledger:
    """What devices sent, and what the platform told them is on its disk."""

    sent: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    let_go: dict[tuple[str, int], set[int]] = field(default_factory=dict)

    def note_sent(self, device: str, boot: int, seq: int) -> None:
        """A frame went out."""
        self.sent.setdefault((device, boot), set()).add(seq)

    def note_acknowledged(self, device: str, boot: int, first: int, seq: int) -> None:
        """The platform said: all of this boot from ``first`` to ``seq`` is stored. The device lets go of it."""
        held, gone = self.sent.get((device, boot), set()), self.let_go.setdefault((device, boot), set())
        stored = {each for each in held if first <= each <= seq}
        held -= stored
        gone |= stored

    def acknowledged(self) -> set[Key]:
        """Return what devices have let go of: it is nowhere else any more."""
        return {(device, boot, seq) for (device, boot), seqs in self.let_go.items() for seq in seqs}

    def acknowledged_of(self, device: str) -> set[Key]:
        """Return what one device has let go of."""
        return {key for key in self.acknowledged() if key[0] == device}


def lost(promised: Iterable[Key], stored: Mapping[Key, int]) -> set[Key]:
    """Return what was promised and is not there."""
    return {key for key in promised if not stored.get(key)}


def doubled(stored: Mapping[Key, int]) -> set[Key]:
    """Return what stands more than once."""
    return {key for key, times in stored.items() if times > 1}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alert of the database."""

    resident: str
    kind: str
    event_us: int
    occurrences: int
    decided_us: int
    raised_us: int


@dataclass(frozen=True, slots=True)
class Person:
    """A test resident and what must be told of them: one alert of ``kind`` at ``event_us``, or none."""

    resident: str
    device: str
    kind: str = ""
    event_us: int = 0
    #: How far the platform's clock was off meanwhile: by its clock the same moment has this other time.
    offsets_us: tuple[int, ...] = (0,)


@dataclass
class Verdict:
    """What is wrong with the alerts of some people, with a sentence for each."""

    missed: int = 0
    doubled: int = 0
    false: int = 0
    #: Longest time from the last sample that a decision needed to the alert, seconds.
    slowest_s: float = 0.0
    sentences: list[str] = field(default_factory=list)


def judge(people: Sequence[Person], alarms: Sequence[Alarm]) -> Verdict:
    """Compare what happened with what was told; the platform's alerts about itself are not anybody's here."""
    verdict = Verdict()
    by_person: dict[str, list[Alarm]] = {}
    for alarm in alarms:
        by_person.setdefault(alarm.resident, []).append(alarm)
    for resident in by_person.keys() - {person.resident for person in people}:
        verdict.false += len(by_person[resident])
        verdict.sentences.append(f"alerts of {resident}, who is nobody")
    for person in people:
        theirs = by_person.get(person.resident, [])
        right = [alarm for alarm in theirs if person.kind and alarm.kind == person.kind and _at(person, alarm)]
        others = len(theirs) - len(right)
        if person.kind and not right:
            verdict.missed += 1
            seen = [(alarm.kind, round((alarm.event_us - person.event_us) / 1e6, 1)) for alarm in theirs]
            verdict.sentences.append(f"{person.device}: its {person.kind} is missed (alerts, s beside it: {seen})")
        again = len(right) - 1 + sum(alarm.occurrences - 1 for alarm in right) if right else 0
        if again > 0:
            verdict.doubled += again
            verdict.sentences.append(f"{person.device}: its {person.kind} is told {again + 1} times")
        if others:
            verdict.false += others
            kinds = dict(Counter(alarm.kind for alarm in theirs if alarm not in right))
            verdict.sentences.append(f"{person.device}: alerts of what did not happen: {kinds}")
        for alarm in right:
            verdict.slowest_s = max(verdict.slowest_s, (alarm.raised_us - alarm.decided_us) / 1e6)
    return verdict


def _at(person: Person, alarm: Alarm) -> bool:
    return any(abs(alarm.event_us - person.event_us - offset) <= SAME_MOMENT_US for offset in person.offsets_us)
