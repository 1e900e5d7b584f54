"""What a Tasmota device announces of itself (``tasmota/discovery/<MAC>/config``): where it speaks, and in which words.

Source: arendst/Tasmota ``xdrv_12_discovery.ino``, and hatasmota, which reads it for Home Assistant. FullTopic has any
order and any levels; the three prefixes and all words can be renamed. Pure.
"""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from ingest.decoders.values import word

#: Cards remembered in one home; further devices are understood by their topics' structure alone.
MOST_CARDS = 200
#: Relays, switches and buttons whose topics are claimed; the firmware has 32 of a kind at most.
_MOST_OF_A_KIND = 32
#: Longest FullTopic of the firmware is 100 characters, a topic 32.
_LONGEST_PATH = 200
_MAC = re.compile(r"[0-9A-Fa-f]{12}")
#: What a relay or an input says where nobody has renamed it.
WORDS = ("OFF", "ON", "TOGGLE", "HOLD")
#: Last levels of what is published unasked, below the tele prefix.
TELE = ("SENSOR", "STATE", "LWT", "RESULT", "INFO1", "INFO2", "INFO3", "UPTIME", "LOGGING", "HASS_STATE")
#: Last levels below the stat prefix; relays, switches and buttons are added with their numbers.
STAT = ("RESULT", "STATUS", *(f"STATUS{number}" for number in range(14)), "DEEPSLEEP", "POWER", "LOGGING")


class Card(msgspec.Struct, frozen=True, array_like=True):
    """One announced device. ``tele``, ``stat`` and ``cmnd`` end in ``/``; ``words`` are off, on, toggle and hold.

    ``switches`` are the inputs' names where they have any (SwitchText), by number from 1. ``sleeps``: it sleeps deeply
    between its messages, so that it is not reachable most of the time.
    """

    mac: str
    name: str = ""
    model: str = ""
    tele: str = ""
    stat: str = ""
    cmnd: str = ""
    online: str = "Online"
    offline: str = "Offline"
    words: tuple[str, ...] = WORDS
    switches: dict[str, int] = {}
    relays: int = 0
    inputs: int = 0
    sleeps: bool = False

    def topics(self) -> tuple[str, ...]:
        """Return all topics that the device can publish on."""
        stat = [*STAT]
        stat += [f"POWER{number}" for number in range(1, self.relays + 1)]
        for number in range(1, self.inputs + 1):
            stat += [f"SWITCH{number}", f"SWITCH{number}T", f"BUTTON{number}", f"BUTTON{number}T"]
        told = [*(self.tele + last for last in TELE), *(self.stat + last for last in stat)]
        return tuple(dict.fromkeys(told))


def is_mac(text: str) -> bool:
    """Whether ``text`` is an address as the announcement's topic has it."""
    return _MAC.fullmatch(text) is not None


def card_of(body: dict[str, Any], mac: str, lead: str = "") -> Card | None:
    """Return the announced card, None where it does not say on which topics the device speaks.

    ``lead`` are the levels in front of the announcement's own topic (a broker that is bridged into another).
    """
    paths = _paths(body, mac, lead)
    if paths is None:
        return None
    states = _texts(body.get("state"))
    names = body.get("swn")
    switches = {name: number for number, name in enumerate(names, 1) if word(name)} if isinstance(names, list) else {}
    modes = body.get("swc")
    buttons = body.get("btn")
    return Card(
        mac=mac.lower(),
        name=word(body.get("dn")) or "",
        model=word(body.get("md")) or "",
        tele=paths[2],
        stat=paths[1],
        cmnd=paths[0],
        online=word(body.get("onln")) or "Online",
        offline=word(body.get("ofln")) or "Offline",
        words=states if len(states) == len(WORDS) else WORDS,
        switches=dict(list(switches.items())[:_MOST_OF_A_KIND]),
        relays=_last(body.get("rl"), lambda mode: mode > 0),
        inputs=max(_last(modes, lambda mode: mode >= 0), _last(buttons, lambda mode: mode > 0)),
        sleeps=body.get("dslp") == 1,
    )


def _paths(body: dict[str, Any], mac: str, lead: str) -> tuple[str, str, str] | None:
    """Return the paths below which it is asked, answers and tells."""
    full, topic, prefixes = body.get("ft"), body.get("t"), _texts(body.get("tp"))
    if not isinstance(full, str) or not isinstance(topic, str) or len(prefixes) != 3 or "%prefix%" not in full:
        return None
    if not 0 < len(full) + len(topic) <= _LONGEST_PATH or len(set(prefixes)) != 3:
        return None
    host = body.get("hn")
    known = {"%topic%": topic, "%hostname%": host if isinstance(host, str) else "", "%id%": mac[-6:]}
    for token, value in known.items():
        full = full.replace(token, value)
    asked, answers, tells = (f"{lead}{full.replace('%prefix%', prefix).rstrip('/')}/" for prefix in prefixes)
    return asked, answers, tells


def _texts(listed: Any) -> tuple[str, ...]:
    texts = listed if isinstance(listed, list) else []
    return tuple(text for text in texts if word(text)) if all(isinstance(text, str) for text in texts) else ()


def _last(modes: Any, used: Callable[[int], bool]) -> int:
    """Return the number of the last one that is used, from 1; 0: none."""
    listed = modes[:_MOST_OF_A_KIND] if isinstance(modes, list) else []
    return max((number for number, mode in enumerate(listed, 1) if isinstance(mode, int) and used(mode)), default=0)
