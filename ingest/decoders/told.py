"""A decoded message: what it means, the readings it makes, and what is to be remembered of it. Pure.

``Telling`` puts it together: a draft for each device that the message speaks of (one message of a gateway can speak of
many), then ``told()``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ingest.decoders.draft import Draft
from ingest.decoders.meaning import NOTHING, Meaning, event_names, observed
from ingest.decoders.memory import NEW, Memory
from ingest.decoders.message import RawMessage
from schemas import ids
from schemas.quarantine import QuarantineEntry
from schemas.quarantine import entry as quarantine_entry
from schemas.reading import Clock, Reading, ReadingKind

#: Beyond a megabyte a message of a sensor is not even looked at (but for the inventory of a Zigbee bridge).
MAX_BYTES = 1_000_000
#: The same about the same device is noted in the quarantine list once in so long.
NOTED_US = 86_400_000_000
#: What somebody should look at, as a sentence for a person, by the word in a meaning's ``technical``.
SENTENCES = {
    "sensor_offline": "A sensor is not reachable: what it said last is old, and its silence means nothing.",
    "bridge_offline": "A bridge or gateway is down: nothing is heard of its sensors until it is back.",
    "state_at_start_unclear": "The broker remembered an alarm of this device that we never heard: please look.",
    "alarm_while_away": "A device called or warned while it was cut off, and tells it only now: look if somebody came.",
    "low_battery": "A sensor's battery is nearly empty: change it before the sensor falls silent.",
    "decoder_missing": "A device's bytes are not decoded by its network server: add the maker's codec there.",
    "sensor_unplugged": "The cable of a water sensor is unplugged: it would not tell a leak.",
    "device_hot": "A plug or relay is too hot inside: look at what it feeds.",
    "lorawan_error": "The LoRaWAN network server reports a fault of a device.",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What one message came to.

    ``root`` is the changed state of the family below its base, None: as it was. ``memories`` are the devices' changed
    memories, None in them: forgotten. ``readings`` have no unit yet. ``entry`` is a quarantine entry (nothing was
    understood) or a note (``kept``). ``claims`` are topics that this message announced: they are decoded by this
    family from now on, until they stand in ``releases``. A base may have thousands, so only what changed is said.
    """

    meaning: Meaning = NOTHING
    readings: tuple[Reading, ...] = ()
    entry: QuarantineEntry | None = None
    root: Any = None
    memories: Mapping[str, Memory | None] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()

    @property
    def reading(self) -> Reading | None:
        """The reading of a message that makes one at most."""
        return self.readings[0] if self.readings else None


IGNORED = Told()


def device_id(message: RawMessage, family: str, *names: str) -> str:
    """Return the id of a device that has only names; two homes on one broker may use the same ones."""
    return ids.foreign_device(family, *((message.tree,) if message.tree else ()), *names)


def bridge_id(message: RawMessage, family: str, *names: str) -> str:
    """Return the id under which a bridge or gateway is shown, and under which its announcements are kept.

    What was announced is needed to read old messages again, so readings of ids of this form are never too old for it.
    """
    return device_id(message, f"{family}-bridge", *names)


def refused(message: RawMessage, reason: str, sentence: str) -> Told:
    """Return what becomes of a message that cannot be understood: an entry in the quarantine list."""
    return Told(entry=entry(message, reason, sentence, kept=False))


def entry(message: RawMessage, reason: str, sentence: str, *, kept: bool) -> QuarantineEntry:
    """Return an entry of the quarantine list; ``kept``: only a note, the reading is there."""
    return quarantine_entry(
        message.arrival_us, message.topic, reason, sentence, message.payload, retain=message.retain, kept=kept
    )


class Telling:
    """A message's meaning while it is put together."""

    def __init__(self, message: RawMessage, memories: Mapping[str, Memory]) -> None:
        self.message = message
        self.memories = memories
        self._drafts: dict[str, Draft] = {}
        self._status: set[str] = set()
        self._derived: set[str] = set()

    def of(self, device: str, *, status: bool = False, derived: bool = False) -> Draft:
        """Return the draft of a device; a reading is made of each that is asked for.

        ``status``: about the device and not about people (availability, a battery alone). ``derived``: not said by this
        device (its bridge went down), so that nothing of it was remembered by the broker.
        """
        draft = self._drafts.get(device)
        if draft is None:
            retain = self.message.retain and not derived
            memory = self.memories.get(device, NEW)
            draft = Draft.of(memory, retain=retain, arrival_us=self.message.arrival_us)
            self._drafts[device] = draft
        if status:
            self._status.add(device)
        if derived:
            self._derived.add(device)
        return draft

    def told(
        self,
        *,
        root: Any = None,
        claims: tuple[str, ...] = (),
        releases: tuple[str, ...] = (),
        note: tuple[str, str] | None = None,
    ) -> Told:
        """Return what the message came to. ``note``: a reason and a sentence for the quarantine list."""
        readings: list[Reading] = []
        memories: dict[str, Memory | None] = {}
        meanings: list[Meaning] = []
        news = {draft.technical: self._news(draft.technical) for draft in self._drafts.values() if draft.technical}
        for device, draft in self._drafts.items():
            if draft.technical is not None and news[draft.technical]:
                draft.note(draft.technical)
            meaning = draft.meaning()
            memory = draft.remembered()
            if not draft.again:
                kind = ReadingKind.STATUS if device in self._status else None
                memory, reading = reading_of(
                    memory, self.message, device, meaning, kind=kind, derived=device in self._derived
                )
                readings.append(reading)
            memories[device] = memory
            if device not in self._derived:
                meanings.append(meaning)
        whole = together(meanings)
        if note is None and whole.technical is not None and news.get(whole.technical):
            note = (whole.technical.replace("_", "-"), SENTENCES.get(whole.technical, "Please look at this device."))
        told = None if note is None else entry(self.message, *note, kept=True)
        return Told(whole, tuple(readings), told, root, memories, claims, releases)

    def _news(self, technical: str) -> bool:
        """Whether it is not known yet: a device that says each minute that its battery is low is noted once a day."""
        if technical in ("sensor_offline", "bridge_offline"):
            drafts = self._drafts.values()
            return any(each.available is False and each.memory.available is not False for each in drafts)
        last = max((draft.noted(technical) for draft in self._drafts.values()), default=0)
        return self.message.arrival_us - last >= NOTED_US


def together(meanings: list[Meaning]) -> Meaning:
    """Return what several devices said in one message, as one meaning."""
    if len(meanings) == 1:
        return meanings[0]
    return Meaning(
        observations=tuple(seen for each in meanings for seen in each.observations),
        events=tuple(event for each in meanings for event in each.events),
        moved=tuple(moved for each in meanings for moved in each.moved),
        technical=next((each.technical for each in meanings if each.technical is not None), None),
        unknown=tuple(dict.fromkeys(name for each in meanings for name in each.unknown)),
        implausible=tuple(dict.fromkeys(name for each in meanings for name in each.implausible)),
        time_us=next((each.time_us for each in meanings if each.time_us is not None), None),
        claimed_us=next((each.claimed_us for each in meanings if each.claimed_us is not None), None),
        dedupe_key=next((each.dedupe_key for each in meanings if each.dedupe_key is not None), None),
        ignored=not meanings,
        facts={key: value for each in meanings for key, value in each.facts.items()},
    )


def reading_of(
    memory: Memory,
    message: RawMessage,
    device: str,
    meaning: Meaning,
    *,
    kind: ReadingKind | None = None,
    derived: bool = False,
) -> tuple[Memory, Reading]:
    """Return the reading and the memory with its number. Arrival numbers a device's messages, for it has no counter."""
    seq = max(message.arrival_us, memory.seq + 1)
    when = message.arrival_us if meaning.time_us is None else meaning.time_us
    if kind is None:
        kind = ReadingKind.EVENT if meaning.events or meaning.moved else ReadingKind.STATE
    reading = Reading(
        kind=kind,
        arrival_us=message.arrival_us,
        event_us=when,
        end_us=when,
        device=device,
        boot=0,
        seq=seq,
        clock=Clock.ARRIVAL if meaning.time_us is None else Clock.DEVICE,
        topic=message.topic,
        payload=message.payload,
        retain=message.retain and not derived,
        observations=observed(meaning),
        events=event_names(meaning),
    )
    return msgspec.structs.replace(memory, seq=seq), reading
