"""Makes the records of ``form`` out of a tree. Notes every mistake of shape and value; references are for ``check``."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from device_sim.scenarios import moments, words
from device_sim.scenarios.fields import Book, Fields, chosen, plain
from device_sim.scenarios.form import Device, Expected, Fault, Happening, Place, Resident, Scenario, Weekly
from device_sim.scenarios.layers import NONE
from device_sim.scenarios.mistakes import BadScenario, Mistake, Unclear, instead
from device_sim.scenarios.tree import Listed, Map, Text

#: An id is for ever and part of file names, topics and addresses.
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MAX_ID = 48
#: A key names something within one file.
_KEY = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
MAX_KEY = 24
MAX_SEED = 999_999
LANGUAGES = ("en", "zh")
#: Beyond a year nobody waits for the end of a play.
LONGEST_US = 366 * moments.DAY_US
OLDEST, YOUNGEST = 1900, 2026
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


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
    places = [_place(key, each) for key, each in top.keyed("places", "The place", "...").items()]
    residents = [_resident(key, each) for key, each in top.keyed("residents", "The resident", "...").items()]
    devices = [_device(key, each) for key, each in top.keyed("devices", "The device").items()]
    happens = [_happening(each) for each in top.maps("happens", "What happens")]
    faults = [_fault(each) for each in top.maps("faults", "A fault")]
    expected = [_expected(each, must=True) for each in top.maps("expect", "An expectation")]
    expected += [_expected(each, must=False) for each in top.maps("never", "A “never”")]
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
        expected=tuple(each for each in expected if each is not None),
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


def key(said: str) -> str:
    """Return a key. Raises Unclear."""
    if len(said) > MAX_KEY or not _KEY.fullmatch(said):
        remedy = f"Use up to {MAX_KEY} small letters, digits and hyphens: “the-fall”."
        raise Unclear(f"“{said}” cannot be a key.", remedy)
    if said == moments.START:
        raise Unclear("“start” is the beginning of every play.", "Choose another key.")
    return said


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


def _year(said: str) -> int:
    """Return the year in which somebody was born."""
    if len(said) > 4 and (found := _YEAR.search(said)):
        raise Unclear(f"“{said}” is more than a year.", f"Write the year alone: “born: {found[0]}”.")
    if not _YEAR.fullmatch(said):
        raise Unclear(f"“{said}” is no year.", f"Write the year alone, from {OLDEST} to {YOUNGEST}: “born: 1941”.")
    if not OLDEST <= int(said) <= YOUNGEST:
        raise Unclear(f"born {said} is out of range.", f"Take a year from {OLDEST} to {YOUNGEST}.")
    return int(said)


def _keyed(name: str, fields: Fields) -> bool:
    try:
        key(name)
    except Unclear as unclear:
        fields.wrong(fields.mark, unclear.wrong, unclear.remedy)
        return False
    return True


def _place(name: str, fields: Fields) -> Place | None:
    kind = fields.choice("kind", words.PLACE_KINDS) or "home"
    rooms = []
    for said, mark in fields.texts("rooms"):
        room = plain(said)
        if room in words.ROOMS and room not in rooms:
            rooms.append(room)
        elif room in rooms:
            fields.wrong(mark, f"“{said}” is listed twice.", "Each kind of room once.")
        else:
            fields.wrong(mark, f"Nobody knows how to live in a “{said}”.", instead(said, words.ROOMS))
    made = Place(
        mark=fields.mark,
        marks=fields.marks,
        key=name,
        name=fields.text("name") or name,
        kind=kind,
        rooms=tuple(rooms) or words.ROOMS,
    )
    fields.close()
    return made if _keyed(name, fields) else None


def _resident(name: str, fields: Fields) -> Resident | None:
    born = fields.parsed("born", _year)
    home = fields.text("home", needed="home")
    made = Resident(
        mark=fields.mark,
        marks=fields.marks,
        key=name,
        name=fields.text("name") or name,
        home=home or "",
        born=born,
        mobility=fields.choice("mobility", words.MOBILITIES) or "free",
        conditions=tuple(said for said, _ in fields.texts("conditions")),
        wakes_s=fields.parsed("wakes", moments.clock),
        sleeps_s=fields.parsed("sleeps", moments.clock),
        nights=fields.choice("nights", words.NIGHTS) or "usual",
        outings=_weekly(fields, "outings", "An outing", words.OUTINGS) if "outings" in fields.node.entries else None,
        carers=_weekly(fields, "carers", "A carer's visit", None),
        sensitivity=fields.choice("sensitivity", words.SENSITIVITIES),
    )
    fields.close()
    return made if home and _keyed(name, fields) else None


def _weekly(fields: Fields, name: str, about: str, allowed: tuple[str, ...] | None) -> tuple[Weekly, ...]:
    found = []
    for each in fields.maps(name, about):
        what = "carer" if allowed is None else each.choice("what", allowed) or "goes out"
        days = _days(each)
        clock_s = each.parsed("at", moments.clock, needed="09:30")
        lasts = each.parsed("for", moments.duration, needed="1 h")
        each.close()
        if clock_s is not None and lasts is not None and days:
            found.append(
                Weekly(mark=each.mark, marks=each.marks, what=what, days=days, clock_s=clock_s, lasts_us=lasts)
            )
    return tuple(found)


def _days(fields: Fields) -> tuple[int, ...]:
    said = fields.texts("days")
    if not said:
        return tuple(range(7)) if "days" not in fields.node.entries else ()
    days: set[int] = set()
    for text, mark in said:
        try:
            days.update(moments.weekdays(text))
        except Unclear as unclear:
            fields.wrong(mark, unclear.wrong, unclear.remedy)
    return tuple(sorted(days))


def _device(name: str, fields: Fields) -> Device | None:
    kind = fields.choice("kind", words.DEVICE_KINDS, needed=words.WEARABLE)
    worn = kind in (words.WEARABLE, words.PHONE)
    holder = None
    if kind is not None:
        holder = fields.text("worn by" if worn else "at", needed="wang" if worn else "home")
    made = Device(
        mark=fields.mark,
        marks={**fields.marks, **({"worn_by": fields.marks["worn by"]} if "worn by" in fields.marks else {})},
        key=name,
        kind=kind or "",
        worn_by=holder if worn else None,
        home=None if worn else holder,
        position=(fields.choice("position", words.POSITIONS) if kind == words.WEARABLE else None) or "wrist",
        rate_hz=(fields.number("rate", 10, 200, "Hz") if kind == words.WEARABLE else None) or 50.0,
        range_g=_range(fields) if kind == words.WEARABLE else 16.0,
        synced=not (kind == words.WEARABLE and fields.yes("no clock")),
    )
    if kind is not None:
        fields.close()
    return made if holder and _keyed(name, fields) else None


def _range(fields: Fields) -> float:
    allowed = [f"{each:g} g" for each in words.RANGES_G]
    said = fields.choice("range", allowed)
    return 16.0 if said is None else float(said.removesuffix("g"))


def _of_word(fields: Fields, vocabulary: dict[str, words.Word], example: str, always: dict[str, Any]) -> Any:
    """Read ``what`` and the fields that this word has; ``always`` are the parsers of the fields that each has."""
    if _misplaced(fields, vocabulary):
        return None
    what = fields.choice("what", vocabulary, needed=example)
    fields.about = fields.about if what is None else f"“{what}”"
    read = {name: parse() for name, parse in always.items()}
    if what is None:
        return None
    word = vocabulary[what]
    parsers: dict[str, Callable[[str | None], Any]] = {
        "how": lambda needed: fields.choice("how", word.hows, needed=needed),
        "room": lambda needed: fields.choice("room", words.ROOMS, needed=needed),
        "for": lambda needed: fields.parsed("for", moments.duration, needed=needed),
        "between": lambda _: _between(fields),
        "told": lambda _: fields.yes("told"),
        "device": lambda needed: fields.text("device", needed=needed),
        "home": lambda needed: fields.text("home", needed=needed),
    }
    examples = {"how": word.hows[0] if word.hows else "", "room": "bathroom", "for": "20 min", "device": "watch"}
    for name in (*word.needs, *word.may):
        read[name] = parsers[name](examples.get(name, "home") if name in word.needs else None)
    fields.close()
    return {"what": what, **read}


def _misplaced(fields: Fields, vocabulary: dict[str, words.Word]) -> bool:
    """Tell of a fault among what happens to people, and the other way round; what else stands there is not judged."""
    node = fields.node.entries.get("what")
    said = plain(node.value) if isinstance(node, Text) else ""
    if said in vocabulary or said not in {**words.FAULTS, **words.HAPPENINGS}:
        return False
    told = ("is a fault", "faults") if said in words.FAULTS else ("is no fault: it happens to somebody", "happens")
    fields.wrong(fields.marks["what"], f"“{said}” {told[0]}.", f"Put it under “{told[1]}”.")
    return True


def _between(fields: Fields) -> tuple[str, ...]:
    rooms = []
    for said, mark in fields.texts("between"):
        if plain(said) in words.ROOMS:
            rooms.append(plain(said))
        else:
            fields.wrong(mark, f"There is no room “{said}”.", instead(said, words.ROOMS))
    if len(rooms) < 2:
        fields.wrong(
            fields.marks.get("between", fields.mark), "Pacing needs two rooms.", "Write “between: [hall, bedroom]”."
        )
    return tuple(rooms)


def _happening(fields: Fields) -> Happening | None:
    always = {
        "at": lambda: fields.parsed("at", moments.moment, needed="day 1 09:30"),
        "who": lambda: fields.text("who", needed="wang"),
        "key": lambda: fields.parsed("key", key),
    }
    said = _of_word(fields, words.HAPPENINGS, "falls", always)
    if said is None or said["at"] is None or said["who"] is None:
        return None
    return Happening(
        mark=fields.mark,
        marks=fields.marks,
        what=said["what"],
        who=said["who"],
        at=said["at"],
        key=said["key"],
        how=said.get("how"),
        room=said.get("room"),
        lasts_us=said.get("for"),
        between=said.get("between", ()),
        told=said.get("told", False),
    )


def _fault(fields: Fields) -> Fault | None:
    always = {
        "at": lambda: fields.parsed("at", moments.moment, needed="day 3 02:15"),
        "key": lambda: fields.parsed("key", key),
    }
    said = _of_word(fields, words.FAULTS, "battery dies", always)
    if said is None or said["at"] is None:
        return None
    return Fault(
        mark=fields.mark,
        marks=fields.marks,
        what=said["what"],
        at=said["at"],
        device=said.get("device"),
        home=said.get("home"),
        room=said.get("room"),
        lasts_us=said.get("for"),
        key=said["key"],
    )


def _must_kind(said: str) -> str:
    """Return a kind of alert that something in a scenario can raise."""
    kind = chosen("kind", said, words.KINDS) if plain(said) in map(plain, words.KINDS) else None
    if kind is not None and kind not in words.DETECTED:
        wrong = f"Nothing that can happen in a scenario raises “{kind}” today."
        raise Unclear(wrong, f"Expect one of: {', '.join(words.DETECTED)}. Under “never” it may stand.")
    return chosen("kind", said, words.DETECTED)


def _never_kind(said: str) -> str:
    return chosen("kind", said, (words.ANY, *words.KINDS))


def _expected(fields: Fields, *, must: bool) -> Expected | None:
    kind = fields.parsed("kind", _must_kind if must else _never_kind, needed="fall")
    made = Expected(
        mark=fields.mark,
        marks=fields.marks,
        must=must,
        kind=kind or "",
        who=fields.text("who"),
        of=fields.text("of", needed="the-fall" if must else None),
        within_us=fields.parsed("within", moments.duration) if must else None,
        begin=None if must else fields.parsed("from", moments.moment),
        end=None if must else fields.parsed("until", moments.moment),
        why=fields.text("why") or "",
    )
    fields.close()
    return made if kind else None


def or_raise(made: Scenario | None, mistakes: list[Mistake]) -> Scenario:
    """Return the scenario. Raises BadScenario when there is any mistake."""
    if mistakes or made is None:
        raise BadScenario(mistakes)
    return made
