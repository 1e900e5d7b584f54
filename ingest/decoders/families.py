"""Which family a message belongs to, and what each family remembers: the router of all foreign devices.

In this order: what somebody announced (a discovery message says "my state is on this topic"), what is below a base
that people gave or a bridge announced, and what a topic's structure and content say by themselves. Nothing depends on a
fixed first level alone, and nothing that is announced makes us subscribe to anything: the gateway hears its *trees*
(the whole broker of a home; ``homes/17`` where homes share one), an announcement only says how to read what is heard
of the same tree. What nobody claims is held for a while where the broker remembered it, since its announcement may come
later.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ingest.decoders import (
    bthome,
    chirpstack,
    espresense,
    hadiscovery,
    meshtastic,
    owntracks,
    senml,
    sensorlogger,
    shelly,
    sparkplug,
    tasmota,
    theengs,
    traccar,
    ttn,
    wearables,
    zigbee2mqtt,
)
from ingest.decoders.family import Family
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import Told

#: In the order in which they are asked whether a topic is theirs: those that are surest first.
FAMILIES: tuple[Family, ...] = (
    zigbee2mqtt,
    owntracks,
    tasmota,
    sparkplug,
    senml,
    traccar,
    meshtastic,
    chirpstack,
    ttn,
    theengs,
    espresense,
    shelly,
    hadiscovery,
    sensorlogger,
    wearables,
    bthome,
)
#: Devices remembered below one base; the longest silent one is forgotten first. The largest networks have some 300.
MOST_DEVICES = 1000
#: Bases at once: a home has some ten, a city's broker a few for each home. The longest known is forgotten first.
MOST_ROOTS = 4096
#: Topics that one base's announcements may claim; a home of 300 sensors with ten entities each has 3,000.
MOST_TOPICS = 5000
#: Topics whose family is remembered, so that nobody is asked again.
MOST_CLAIMS = 20_000
#: Longest topic of a device; MQTT allows 65,535, no device comes near.
LONGEST_TOPIC = 512
#: What the broker remembered and nobody understands yet: messages, and the size of each. Two megabytes at most.
MOST_WAITING, WAITING_BYTES = 1000, 2048

#: The tree, the family's name, the base.
Key = tuple[str, str, str]


@dataclass(slots=True)
class Known:
    """What a family knows below one base."""

    state: Any
    memories: OrderedDict[str, Memory] = field(default_factory=OrderedDict)
    topics: dict[str, None] = field(default_factory=dict)


class Families:
    """All families of one gateway.

    ``bases`` are those of Zigbee2MQTT and ``phones`` of OwnTracks that people gave. ``trees`` are what is listened to
    beside them, ``""`` the whole broker; none: only what was given. ``dirty`` says that what must not be forgotten
    has changed: it is saved before the messages are acknowledged, so that after a crash yesterday's state is never
    heard as news. ``changed`` are the roots, and the devices of them, that have changed since the last save.
    """

    def __init__(
        self,
        bases: Iterable[str] = (),
        *,
        phones: str = "",
        trees: Iterable[str] = (),
        modules: tuple[Family, ...] = FAMILIES,
    ) -> None:
        self.modules = {module.NAME: module for module in modules}
        self.trees = tuple(sorted({tree.strip("/") for tree in trees}, key=lambda each: (-len(each), each)))
        given = [(zigbee2mqtt.NAME, base) for base in bases] + [(owntracks.NAME, phones)]
        self._given: list[Key] = [("", name, base.strip("/")) for name, base in given if base.strip("/")]
        self.roots: OrderedDict[Key, Known] = OrderedDict()
        self._prefixes: list[tuple[str, Key]] = []
        self._announced: dict[tuple[str, str], Key] = {}
        self._claims: OrderedDict[str, Key] = OrderedDict()
        self._waiting: OrderedDict[tuple[str, str], RawMessage] = OrderedDict()
        self.dirty = False
        self.changed: set[tuple[Key, str | None]] = set()
        self._order_prefixes()

    @property
    def bases(self) -> tuple[str, ...]:
        """The Zigbee2MQTT bases that are known, given or announced."""
        known = [key for key in (*self._given, *self.roots) if key[1] == zigbee2mqtt.NAME]
        return tuple(dict.fromkeys(_below(key[0], key[2]) for key in known))

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """What must be subscribed to: no filter stands below another, else messages come twice."""
        wanted = [*self.trees, *(_below(key[0], key[2]) for key in self._given)]
        apart = [each for each in wanted if not any(each != other and _is_below(each, other) for other in wanted)]
        return tuple(f"{each}/#" if each else "#" for each in dict.fromkeys(apart))

    def decode(self, message: RawMessage, *, as_if_just_arrived: bool = False) -> list[Told]:
        """Return what a message came to, and behind it those that had waited for it; nothing: it is nobody's.

        ``as_if_just_arrived``: where the device tells a time, it is taken for the arrival (for whoever asks what a
        message of some other day means).
        """
        message = self.in_tree(message)
        key = self.claim(message)
        if key is None:
            self._hold(message)
            return []
        told = self._decode(key, message, as_if_just_arrived)
        if not told.claims:
            return [told]
        return [told, *self._waited(key)]

    def claim(self, message: RawMessage) -> Key | None:
        """Return whose a message is, None: nobody's."""
        topic = message.topic
        known = self._claims.get(topic)
        if known is not None:
            return known
        key = self._announced.get((message.tree, message.local)) or self._by_base(topic)
        if key is None and self._listened(message):
            key = self._by_structure(message)
        if key is None:
            return None
        self._claims[topic] = key
        if len(self._claims) > MOST_CLAIMS:
            self._claims.popitem(last=False)
        return key

    def in_tree(self, message: RawMessage) -> RawMessage:
        """Return the message with the home's tree that its topic is in."""
        tree = next((tree for tree in self.trees if _is_below(message.topic, tree)), "")
        return replace(message, tree=tree) if tree else message

    def known_by(self, message: RawMessage, key: Key) -> str:
        """Return how it is known whose a message is: ``announced``, ``configured``, ``base`` or ``structure``.

        ``base``: it stands below a base that was recognised before. For whoever asks why; before it is decoded.
        """
        if self._announced.get((message.tree, message.local)) == key:
            return "announced"
        if self._by_base(message.topic) != key:
            return "structure"
        return "configured" if key in self._given else "base"

    def _listened(self, message: RawMessage) -> bool:
        return bool(self.trees) and _is_below(message.topic, message.tree) and (message.tree != "" or "" in self.trees)

    def _by_base(self, topic: str) -> Key | None:
        return next((key for base, key in self._prefixes if topic.startswith(base)), None)

    def _by_structure(self, message: RawMessage) -> Key | None:
        local, payload = message.local, message.payload
        if len(local) > LONGEST_TOPIC or local.startswith(("$", "sw/")):
            return None
        for module in self.modules.values():
            base = module.recognise(local, payload)
            if base is not None:
                return (message.tree, module.NAME, base)
        return None

    def _decode(self, key: Key, message: RawMessage, as_if_just_arrived: bool = False) -> Told:
        module = self.modules[key[1]]
        known = self.roots.get(key)
        if known is None:
            known = Known(module.NEW_ROOT)
        told = module.decode(known.state, known.memories, message, key[2])
        if as_if_just_arrived and told.meaning.claimed_us is not None:
            message = replace(message, arrival_us=told.meaning.claimed_us)
            told = module.decode(known.state, known.memories, message, key[2])
        if key not in self.roots and (told.root is not None or told.memories):
            self._learn(key, known)
        self._remember(key, known, told, message)
        return told

    def _learn(self, key: Key, known: Known) -> None:
        self.roots[key] = known
        if len(self.roots) > MOST_ROOTS:
            self.forget(next(iter(self.roots)))
        if self.modules[key[1]].OWNS_BASE:
            self._order_prefixes()

    def known(self, key: Key) -> Known:
        """Return what is known below a base; KeyError: of no family."""
        if key not in self.roots:
            self.roots[key] = Known(self.modules[key[1]].NEW_ROOT)
        return self.roots[key]

    def restored(self) -> None:
        """Make the routes anew from what was announced, after roots were put in their places from outside."""
        self._announced = {(key[0], topic): key for key, known in self.roots.items() for topic in known.topics}
        self._order_prefixes()

    def forget(self, key: Key) -> None:
        """Forget all that is known below one base."""
        known = self.roots.pop(key)
        self.changed.add((key, None))
        self.changed.update((key, device) for device in known.memories)
        self._release(key, known, tuple(known.topics))
        self._order_prefixes()

    def _order_prefixes(self) -> None:
        owned = [key for key in (*self._given, *self.roots) if self.modules[key[1]].OWNS_BASE]
        pairs = {f"{_below(key[0], key[2])}/": key for key in reversed(owned)}
        self._prefixes = sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0]))
        self._claims.clear()

    def _remember(self, key: Key, known: Known, told: Told, message: RawMessage) -> None:
        if told.root is not None and told.root != known.state:
            known.state = told.root
            self.changed.add((key, None))
            self.dirty = True
        for device, memory in told.memories.items():
            self.changed.add((key, device))
            if memory is None:
                known.memories.pop(device, None)
                continue
            known.memories[device] = memory
            known.memories.move_to_end(device)
        while len(known.memories) > MOST_DEVICES:
            self.changed.add((key, known.memories.popitem(last=False)[0]))
        if told.claims or told.releases:
            self._release(key, known, told.releases)
            self._claim_topics(key, known, told.claims)
            self.changed.add((key, None))
            self.dirty = True
        if told.meaning.events or told.meaning.moved or (message.retain and told.memories):
            self.dirty = True

    def _release(self, key: Key, known: Known, topics: tuple[str, ...]) -> None:
        for topic in topics:
            known.topics.pop(topic, None)
            if self._announced.get((key[0], topic)) == key:
                del self._announced[(key[0], topic)]
                self._claims.pop(_below(key[0], topic), None)

    def _claim_topics(self, key: Key, known: Known, topics: tuple[str, ...]) -> None:
        """Let the base claim more topics. Nobody takes a topic that is another's, ours, or no plain topic."""
        for topic in topics:
            if len(known.topics) >= MOST_TOPICS or not self._admits(key, topic):
                continue
            known.topics[topic] = None
            self._announced[(key[0], topic)] = key
            self._claims.pop(_below(key[0], topic), None)

    def _admits(self, key: Key, topic: str) -> bool:
        if not 0 < len(topic) <= LONGEST_TOPIC or topic.startswith(("$", "sw/")):
            return False
        if any(char in topic for char in "+#\0") or self._announced.get((key[0], topic), key) != key:
            return False
        owner = self._by_base(_below(key[0], topic))
        return owner is None or owner == key

    def _hold(self, message: RawMessage) -> None:
        if message.retain and self._listened(message) and 0 < len(message.payload) <= WAITING_BYTES:
            self._waiting[(message.tree, message.local)] = message
            if len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)

    def _waited(self, key: Key) -> list[Told]:
        """Decode what the broker had remembered of topics that are announced only now."""
        mine = [where for where in self._waiting if self._announced.get(where) == key]
        return [self._decode(key, self._waiting.pop(where)) for where in mine]


def _below(tree: str, topic: str) -> str:
    return f"{tree}/{topic}" if tree and topic else tree or topic


def _is_below(topic: str, tree: str) -> bool:
    return not tree or topic.startswith(f"{tree}/")
