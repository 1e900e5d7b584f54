"""Floods: when one recipient is told of many devices that failed of one cause, one message says how many and where.

Only what concerns devices and the sight of a home is ever gathered, and nothing that is high: a fall, a call for help,
a fire each ring by themselves, however many there are.
"""

from collections.abc import Sequence

from schemas.alert import Severity
from schemas.finding import FindingKind

#: So many in a minute each come by themselves: as many devices do fail by accident.
FEW, WINDOW_S = 3, 60.0
#: How long the others of a flood are waited for: a bridge's devices are missed within one pass of a detector. What is
#: gathered is medium, and people have half an hour for it.
GATHER_S = 20.0
#: Names that a message has room for.
_NAMED = 3
#: Reasons that speak of devices, not of a person.
_OF_DEVICES = frozenset({"sensors_dead", "sensor_quiet"})


def cause_of(kind: FindingKind, code: str, severity: Severity) -> str | None:
    """Return what an alert shares with others that come of the same cause, None where it rings alone."""
    if severity is Severity.HIGH:
        return None
    if kind is FindingKind.PLATFORM:
        return str(kind)
    return code if kind is FindingKind.INACTIVITY and code in _OF_DEVICES else None


def is_flood(sent_s: Sequence[float], now_s: float) -> bool:
    """Whether another message of this cause to this recipient is one too many; ``sent_s``: when the others went."""
    return sum(0 <= now_s - at < WINDOW_S for at in sent_s) >= FEW


def common_place(places: Sequence[str]) -> str:
    """Return what the names of places have in common, from the top down; the first two where that is nothing."""
    paths = [place.split(" ") for place in dict.fromkeys(places)]
    same = 0
    while all(len(path) > same and path[same] == paths[0][same] for path in paths):
        same += 1
    return " ".join(paths[0][:same]) or ", ".join(" ".join(path) for path in paths[:2])


def summary(what: tuple[str, str], names: Sequence[str], places: Sequence[str], at: str) -> dict[str, str]:
    """Return the words of a flood in both languages: how many, where, since when, and the first of them by name."""
    where, some, rest = common_place(places), list(names[:_NAMED]), len(names) - _NAMED
    more_zh, more_en = ("等", f" and {rest} more") if rest > 0 else ("", "")
    return {
        "zh": f"{what[0]}:同时 {len(names)} 处,{where},{at} 起。可能停电或网关断线。{'、'.join(some)}{more_zh}。",
        "en": f"{what[1]}: {len(names)} at once, {where}, since {at}. Perhaps a power cut or a bridge that is down. "
        f"{', '.join(some)}{more_en}.",
    }
