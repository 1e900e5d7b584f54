"""Who is in a scenario and where: makes the records of places, residents and devices out of their fields."""

import re
from collections.abc import Iterable

from device_sim.forms.families import FAMILIES, PHONES, WEARABLES
from device_sim.living.wiring import ALSO
from device_sim.scenarios import moments, words
from device_sim.scenarios.fields import Fields, chosen, plain
from device_sim.scenarios.form import Device, Place, Resident, Weekly
from device_sim.scenarios.mistakes import Unclear, instead

#: A key names something within one file.
_KEY = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
MAX_KEY = 24
#: The families that a kind of device may be of.
_SPOKEN: dict[str, Iterable[str]] = {words.SENSORS: FAMILIES, words.PHONE: PHONES, words.WEARABLE: WEARABLES}
OLDEST, YOUNGEST = 1900, 2026
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


def key(said: str) -> str:
    """Return a key. Raises Unclear."""
    if len(said) > MAX_KEY or not _KEY.fullmatch(said):
        remedy = f"Use up to {MAX_KEY} small letters, digits and hyphens: “the-fall”."
        raise Unclear(f"“{said}” cannot be a key.", remedy)
    if said == moments.START:
        raise Unclear("“start” is the beginning of every play.", "Choose another key.")
    return said


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


def place(name: str, fields: Fields) -> Place | None:
    """Return a place; None where its frame is missing, which is noted."""
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


def resident(name: str, fields: Fields) -> Resident | None:
    """Return a resident; None where its frame is missing, which is noted."""
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
        zone_m=fields.number("zone", *words.ZONE_M, unit="m"),
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


def device(name: str, fields: Fields) -> Device | None:
    """Return a device; None where its frame is missing, which is noted."""
    kind = fields.choice("kind", words.DEVICE_KINDS, needed=words.WEARABLE)
    worn = kind == words.WEARABLE or (kind == words.PHONE and "at" not in fields.node.entries)
    holder = None
    if kind == words.PHONE and {"at", "worn by"} <= set(fields.node.entries):
        remedy = "Keep “worn by” for a resident's own phone, “at” for that of somebody who comes to their home."
        fields.wrong(fields.marks["at"], "A phone cannot be both “worn by” somebody and “at” a home.", remedy)
        fields.text("worn by")
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
        speaks=(fields.choice("speaks", _SPOKEN[kind]) if kind in _SPOKEN else None) or "",
        also=_also(fields) if kind == words.SENSORS else (),
    )
    if kind is not None:
        fields.close()
    return made if holder and _keyed(name, fields) else None


def _also(fields: Fields) -> tuple[str, ...]:
    """Return the kinds of sensors beside the standard set."""
    found = []
    for said, mark in fields.texts("also"):
        try:
            found.append(chosen("also", said, ALSO))
        except Unclear as unclear:
            fields.wrong(mark, unclear.wrong, unclear.remedy)
    return tuple(found)


def _range(fields: Fields) -> float:
    allowed = [f"{each:g} g" for each in words.RANGES_G]
    said = fields.choice("range", allowed)
    return 16.0 if said is None else float(said.removesuffix("g"))
