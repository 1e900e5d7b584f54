"""Reading messages for a person at the console: those pasted, and those that arrive at the broker while they listen.

What the API is given of this (``api.interpreting``). All of it is bounded: messages and CPU of what is pasted, and of
an ear what is read and what is shown in a second. What is heard is read in a thread, not in the event loop.
"""

import asyncio
import codecs
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from paho.mqtt.client import topic_matches_sub

from ingest import topic_filters
from ingest.connections import MqttAddress
from ingest.decoders import owntracks
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from ingest.decoders.values import iso_of
from ingest.ear import Ear
from ingest.given import Given, message_of
from ingest.interpreter import USUAL_BASES, Interpreter
from schemas import topics

#: CPU seconds of one request that are spent on finding what was not used; further messages are read without it.
PARTS_SECONDS = 1.0
#: Messages of an ear that are read in a second, and that are shown: nobody reads faster.
MOST_READ, MOST_SHOWN = 200, 20
#: Bytes taken at once; an inventory of 300 devices has some 600 kB.
_TAKEN_BYTES = 1_000_000
#: Beyond so many messages lost in a second the ear costs more than it tells.
MOST_LOST = 2000
#: What of a payload is shown, bytes; and of an inventory, devices.
SHOWN_BYTES, SHOWN_ENTITIES = 4096, 20
#: Topics of which the broker's memory is told apart from a second copy of it.
MOST_REMEMBERED = 1000
#: Where schemas are announced: heard beside what is asked for, so that it is understood; not shown.
_ANNOUNCEMENTS = ("+/bridge/devices", "homeassistant/+/+/config", "homeassistant/+/+/+/config", "tasmota/discovery/+/+")


@dataclass(slots=True)
class _Second:
    """What was done in the running second."""

    began: float = 0.0
    read: int = 0
    shown: int = 0
    dropped: int = 0


class Interpreting:
    """``bases``, ``phones`` and ``trees`` are the gateway's; ``clock`` is platform time in microseconds since 1970."""

    def __init__(
        self,
        mqtt: MqttAddress,
        *,
        clock: Callable[[], int],
        bases: Iterable[str] = USUAL_BASES,
        phones: str = owntracks.DEFAULT_BASE,
        trees: Iterable[str] = ("",),
    ) -> None:
        self._mqtt, self._clock = mqtt, clock
        self._bases, self._phones, self._trees = tuple(bases), phones, tuple(trees)
        families = Families(self._bases, phones=phones, trees=self._trees)
        self.within = (topics.SUBSCRIPTION, *families.subscriptions)

    def read(self, messages: Sequence[Any]) -> list[dict[str, Any]]:
        """Return what each of these JSON objects (``message_of``) means; takes CPU. Raises ValueError, a sentence."""
        given = [message_of(each) for each in messages]
        # Whatever tree it is from: a message of another installation can be pasted too.
        reader = Interpreter(self._bases, phones=self._phones, trees=(*self._trees, ""), clock=self._clock)
        until = time.thread_time() + PARTS_SECONDS
        found = []
        for each in given:
            said = reader.say(each, parts=time.thread_time() < until)
            said["why"]["heard"] = any(_matches(one, each.topic) for one in self.within)
            found.append(said)
        return found

    def check(self, topic_filter: str) -> None:
        """Raise ValueError, with a sentence, where nobody may listen to this."""
        topic_filters.check(topic_filter, self.within)

    def listen(self, topic_filter: str) -> "Hearing":
        """Return an ear for what matches; in the event loop. Raises ValueError as ``check``."""
        self.check(topic_filter)
        reader = Interpreter(self._bases, phones=self._phones, trees=self._trees, clock=self._clock)
        beside = self._announcements(topic_filter)
        return Hearing(Ear(self._mqtt, topic_filter, self._clock, beside=beside), reader, topic_filter)

    def _announcements(self, topic_filter: str) -> list[str]:
        wanted = [f"{base}/bridge/devices" for base in self._bases]
        for tree in self._trees:
            wanted += [f"{tree}/{each}" if tree else each for each in _ANNOUNCEMENTS]
        apart = dict.fromkeys(each for each in wanted if not topic_filters.covers(topic_filter, each))
        return [each for each in apart if not any(other != each and _matches(other, each) for other in apart)]


@dataclass(slots=True)
class Hearing:
    """One person's ear: what it hears, read. ``heard`` and ``skipped`` (too fast to be shown) count messages."""

    ear: Ear
    reader: Interpreter
    topic_filter: str
    heard: int = 0
    flooded: bool = False
    _unshown: int = 0
    _second: _Second = field(default_factory=_Second)
    _remembered: dict[str, bytes] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """``connecting``, ``listening``, ``away``, ``refused``, or ``flooded``: too much comes to be heard at all."""
        return "flooded" if self.flooded else str(self.ear.state)

    @property
    def skipped(self) -> int:
        """How many messages were heard and not shown."""
        return self._unshown + self.ear.dropped

    async def take(self, wait: float) -> list[dict[str, Any]]:
        """Return what has come and is to be shown, waiting up to ``wait`` seconds for the first."""
        second, now = self._second, asyncio.get_running_loop().time()
        if now - second.began >= 1:
            lost, ran = self.ear.dropped - second.dropped, now - second.began
            self.flooded = self.flooded or lost > MOST_LOST * ran
            self._second = second = _Second(now, dropped=self.ear.dropped)
        elif second.read >= MOST_READ:
            await asyncio.sleep(max(0.0, min(wait, second.began + 1 - now)))
            return []
        messages = await self.ear.take(MOST_READ - second.read, _TAKEN_BYTES, wait)
        if not messages:
            return []
        second.read += len(messages)
        return await asyncio.to_thread(self._read, messages, second)

    def close(self) -> None:
        """Hang up."""
        self.ear.close()

    def _read(self, messages: Sequence[RawMessage], second: _Second) -> list[dict[str, Any]]:
        shown = []
        # What is only heard to understand the rest first: brokers mix what they remember of several filters.
        told = [(_matches(self.topic_filter, each.topic), each) for each in messages]
        for wanted, message in sorted(told, key=lambda pair: pair[0]):
            if self._is_second_copy(message):
                continue
            room = wanted and second.shown < MOST_SHOWN
            said = self.reader.say(
                Given(message.topic, message.payload, message.retain, message.arrival_us), parts=room
            )
            self.heard += wanted
            if room:
                second.shown += 1
                shown.append(_shown(message, said))
            else:
                self._unshown += wanted
        return shown

    def _is_second_copy(self, message: RawMessage) -> bool:
        """Whether a broker sends what matches two of our filters twice: only what is remembered is told apart so."""
        if not message.retain:
            return False
        again = self._remembered.get(message.topic) == message.payload
        if len(self._remembered) < MOST_REMEMBERED:
            self._remembered[message.topic] = message.payload
        return again


def _matches(topic_filter: str, topic: str) -> bool:
    return bool(topic_matches_sub(topic_filter, topic))


def _shown(message: RawMessage, said: dict[str, Any]) -> dict[str, Any]:
    if "entities" in said:
        said = {**said, "entities": said["entities"][:SHOWN_ENTITIES]}
    return {
        "topic": message.topic,
        **shown_payload(message.payload),
        "size": len(message.payload),
        "retain": message.retain,
        "arrival": iso_of(message.arrival_us),
        "said": said,
    }


def shown_payload(payload: bytes) -> dict[str, str]:
    """Return a payload's beginning as text where it is text (``payload_raw``), else in hexadecimal."""
    head = payload[:SHOWN_BYTES]
    try:  # a sign of several bytes may be cut at the end
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) == len(payload))
    except UnicodeDecodeError:
        return {"payload_hex": head.hex()}
    return {"payload_hex": head.hex()} if "\0" in text else {"payload_raw": text}
