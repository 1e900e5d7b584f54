"""Makes the records of ``form`` out of a tree. Notes every mistake of shape and value; references are for ``check``."""

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from device_sim.scenarios import moments
from device_sim.scenarios.fields import Book, Fields
from device_sim.scenarios.form import Scenario
from device_sim.scenarios.layers import NONE
from device_sim.scenarios.mistakes import BadScenario, Mistake, Unclear
from device_sim.scenarios.read_events import expected, fault, happening
from device_sim.scenarios.read_people import device, place, resident
from device_sim.scenarios.tree import Listed, Map, Text

#: An id is for ever and part of file names, topics and addresses.
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MAX_ID = 48
MAX_SEED = 999_999
LANGUAGES = ("en", "zh")
#: Beyond a year nobody waits for the end of a play.
LONGEST_US = 366 * moments.DAY_US


def scenario(tree: Map, bases: tuple[str, ...] = (), *, partial: bool = False) -> tuple[Scenario | None, list[Mistake]]:
    """Return what a tree says and all mistakes of shape; None when not even the frame of a scenario is there.

    ``partial``: its base could not be found, so nothing is told to be missing.
    """
    mistakes = Book()
    mistakes.partial = partial
    top = Fields(tree, "The file", mistakes)
    top.text("base")
    named = top.parsed("id", _id, needed="my-first-fall")
    title, says = _both(top, "title", "Falls in the kitchen"), _both(top, "says")
    seed = top.number("seed", 0, MAX_SEED)
    start = top.parsed("start", moments.beginning, needed="2026-03-02 09:00")
    lasts = top.parsed("lasts", _lasting, needed="1 h")
    zone = top.parsed("timezone", _zone) or "Asia/Shanghai"
    places = [place(key, each) for key, each in top.keyed("places", "The place", "...").items()]
    residents = [resident(key, each) for key, each in top.keyed("residents", "The resident", "...").items()]
    devices = [device(key, each) for key, each in top.keyed("devices", "The device").items()]
    happens = [happening(each) for each in top.maps("happens", "What happens")]
    faults = [fault(each) for each in top.maps("faults", "A fault")]
    wanted = [expected(each, must=True) for each in top.maps("expect", "An expectation")]
    wanted += [expected(each, must=False) for each in top.maps("never", "A “never”")]
    top.close()
    if named is None or start is None or lasts is None:
        return None, mistakes
    sections: dict[str, Sequence[object]] = {
        "places": places,
        "residents": residents,
        "devices": devices,
        "happens": happens,
        "faults": faults,
    }
    made = Scenario(
        mark=top.mark,
        marks=top.marks,
        id=named,
        title=title,
        says=says,
        seed=int(seed or 0),
        first_day=start[0],
        clock_s=start[1],
        lasts_us=lasts,
        timezone=zone,
        places=tuple(each for each in places if each is not None),
        residents=tuple(each for each in residents if each is not None),
        devices=tuple(each for each in devices if each is not None),
        happens=tuple(each for each in happens if each is not None),
        faults=tuple(each for each in faults if each is not None),
        expected=tuple(each for each in wanted if each is not None),
        bases=bases,
        unread=frozenset(
            name for name, read in sections.items() if any(each is None for each in read) or _odd(tree, name, read)
        ),
    )
    return made, mistakes


def _odd(tree: Map, name: str, read: Sequence[object]) -> bool:
    """Whether a section has entries that are not even records."""
    node = tree.entries.get(name)
    if isinstance(node, Map):
        return sum(
            not (isinstance(each, Text) and each.value.lower() == NONE) for each in node.entries.values()
        ) != len(read)
    return isinstance(node, Listed) and len(node.items) != len(read)


def _id(said: str) -> str:
    if len(said) > MAX_ID or not _ID.fullmatch(said):
        remedy = f"Use up to {MAX_ID} small letters, digits and hyphens: “fall-backwards-bathroom”."
        raise Unclear(f"“{said}” cannot be an id.", remedy)
    return said


def _zone(said: str) -> str:
    try:
        ZoneInfo(said)
    except (KeyError, ValueError, OSError):
        raise Unclear(f"“{said}” is no time zone.", "Write an IANA name: “Asia/Shanghai”, “Europe/Berlin”.") from None
    return said


def _lasting(said: str) -> int:
    lasts = moments.duration(said)
    if lasts > LONGEST_US:
        raise Unclear(f"{said} are too long.", "A play lasts at most 366 days.")
    return lasts


def _both(top: Fields, name: str, example: str | None = None) -> dict[str, str]:
    """Return a text in its languages; one text alone is English."""
    node = top.node.entries.get(name)
    if isinstance(node, Text) or node is None:
        said = top.text(name, needed=example)
        return {} if said is None else {"en": said}
    if not isinstance(node, Map):
        top.text(name)
        return {}
    top.asked.append(name)
    inner = Fields(node, f"The {name}", top.mistakes)
    said_in = {language: inner.text(language) for language in LANGUAGES}
    inner.close()
    return {language: said for language, said in said_in.items() if said is not None}


def or_raise(made: Scenario | None, mistakes: list[Mistake]) -> Scenario:
    """Return the scenario. Raises BadScenario when there is any mistake."""
    if mistakes or made is None:
        raise BadScenario(mistakes)
    return made
