"""What one message means, in the platform's vocabulary: what every decoder of foreign devices says.

An *observation* is a value as it stands; an *event* is something that happened now: a press, or a value that differs
from the last one in a live message. What repeats is no event, and what the broker remembered (retained) is none.
``alarm`` follows from the events: only what happened now may raise one.
"""

from dataclasses import dataclass, field
from typing import Any

from schemas.reading import Observation

Scalar = bool | float | str | None

#: Event types that are an alarm by themselves when they become true.
ALARMS = ("sos", "fall", "smoke", "water_leak", "gas", "carbon_monoxide")


#: Events that are an alarm only by a rule of this resident's (zones: docs/detectors/wandering.md).
BY_RULE = ("zone_leave",)


@dataclass(frozen=True, slots=True)
class Seen:
    """One observed value; a position is a tuple of two numbers, everything else a number, a truth or a word."""

    type: str
    value: float | bool | str | tuple[float, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: ``motion`` True, ``door_open`` False, ``button`` ``single``."""

    type: str
    value: float | bool | str


@dataclass(frozen=True, slots=True)
class Meaning:
    """One message's meaning.

    ``moved`` are a reading's further events: states that changed just now and show somebody (presence, a chair).
    ``unknown`` names what the sender said it does not know, ``implausible`` what it cannot mean. ``technical`` is a
    short word for what somebody should look at (``bridge_offline``). ``time_us`` is the device's own time, None:
    arrival. ``entities`` are what an announcement announced of
    ``announced`` devices. ``ignored``: plumbing, nothing to keep. ``facts`` are shown to whoever asks what a message
    means (``shouwang decode``), and decide nothing.
    """

    observations: tuple[Seen, ...] = ()
    events: tuple[Happened, ...] = ()
    moved: tuple[str, ...] = ()
    technical: str | None = None
    unknown: tuple[str, ...] = ()
    implausible: tuple[str, ...] = ()
    time_us: int | None = None
    claimed_us: int | None = None
    dedupe_key: str | None = None
    entities: tuple[dict[str, Any], ...] | None = None
    announced: int | None = None
    ignored: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def alarm(self) -> str | None:
        """The kind of alarm that what happened is by itself, or None."""
        true = {event.type for event in self.events if event.value is True}
        return next((kind for kind in ALARMS if kind in true), None)

    @property
    def alarm_or_rule(self) -> str | None:
        """The kind of alarm; ``by_rule``: only if people made a rule of it (who may leave a zone alone)."""
        return self.alarm or ("by_rule" if any(event.type in BY_RULE for event in self.events) else None)


NOTHING = Meaning(ignored=True)

#: What an event that ended is called among a reading's events; everything else gets ``_ended``.
_ENDED = {"door_open": "door_closed"}


def event_names(meaning: Meaning) -> tuple[str, ...]:
    """Return a reading's events: the type of what began or was pressed; of what ended, a name of its own.

    So ``sos`` among a reading's events is always a press and never a release.
    """
    names = [named(event.type, event.value) for event in meaning.events]
    names += meaning.moved
    return tuple(dict.fromkeys(names))


def named(kind: str, value: object) -> str:
    """Return the name of an event in a reading: its type, or its end's."""
    return kind if value is not False else _ENDED.get(kind, f"{kind}_ended")


def observed(meaning: Meaning) -> tuple[Observation, ...]:
    """Return a reading's observations: what was seen, and the value of each event beside its name.

    A second value of a type is ``temperature_2``: nothing that was said is written over.
    """
    seen = [*meaning.observations, *(Seen(event.type, event.value) for event in meaning.events)]
    found: dict[str, Observation] = {}
    for each in seen:
        if isinstance(each.value, tuple):
            for axis, number in zip("xyz", each.value, strict=False):
                found[f"{each.type}_{axis}"] = Observation(f"{each.type}_{axis}", number, each.unit)
        else:
            name, number = each.type, 2
            while name in found and found[name].value != each.value:  # another probe of the same device
                name, number = f"{each.type}_{number}", number + 1
            found[name] = Observation(name, each.value, each.unit)
    return tuple(found.values())
