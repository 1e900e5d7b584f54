"""Which Tasmota device a topic is of, by the cards that were announced or by structure alone. Pure."""

import re

import msgspec

from ingest.decoders.tasmota_cards import Card

#: Levels between which nobody else publishes what this firmware does.
PREFIXES = frozenset({"tele", "stat"})
#: A bridge's sub-topic for one Zigbee device (SetOption89) where it has no name.
_SHORT = re.compile(r"[0-9A-Fa-f]{4}")


class Gate(msgspec.Struct, frozen=True, array_like=True):
    """The devices that are heard through one Tasmota device; ``radio``: some of them by radio, so it is a gateway."""

    children: tuple[str, ...] = ()
    radio: bool = False


class Root(msgspec.Struct, frozen=True, array_like=True):
    """What was announced, by address, and which devices are heard through which Tasmota device."""

    cards: dict[str, Card] = {}
    gates: dict[str, Gate] = {}


class Place(msgspec.Struct, frozen=True):
    """Where a message was published: which device, below which prefix, and what stands behind it."""

    prefix: str
    names: tuple[str, ...]
    rest: str
    sub: str = ""
    card: Card | None = None

    @classmethod
    def of(cls, root: Root, topic: str, levels: list[str]) -> "Place | None":
        """Return the place of a topic, None: it is a command."""
        known = max((card for card in root.cards.values() if topic.startswith(card.tele)), key=_tele, default=None)
        path, prefix = ("", "tele") if known is None else (known.tele, "tele")
        if known is None:
            known = max((card for card in root.cards.values() if topic.startswith(card.stat)), key=_stat, default=None)
            path, prefix = ("", "stat") if known is None else (known.stat, "stat")
        if known is not None:
            sub, _, rest = topic[len(path) :].rpartition("/")
            return cls(prefix, (known.mac,), rest, sub, known)
        at = next((i for i, level in enumerate(levels[:-1]) if level in PREFIXES), None)
        if at is None:
            return None
        names = [*levels[:at], *levels[at + 1 : -1]]
        sub = names.pop() if len(names) > 1 and _SHORT.fullmatch(names[-1]) else ""
        return cls(levels[at], tuple(names), levels[-1], sub)


def _tele(card: Card) -> int:
    return len(card.tele)


def _stat(card: Card) -> int:
    return len(card.stat)
