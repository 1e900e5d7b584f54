"""What happens in a scenario and what must come of it: makes the records out of their fields."""

from collections.abc import Callable
from typing import Any

from device_sim.scenarios import moments, words
from device_sim.scenarios.fields import Fields, chosen, plain
from device_sim.scenarios.form import Expected, Fault, Happening
from device_sim.scenarios.mistakes import Unclear, instead
from device_sim.scenarios.read_people import key
from device_sim.scenarios.tree import Text


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
        "with": lambda needed: fields.text("with", needed=needed),
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


def happening(fields: Fields) -> Happening | None:
    """Return what happens to somebody; None where its frame is missing, which is noted."""
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
        along=said.get("with"),
    )


def fault(fields: Fields) -> Fault | None:
    """Return a fault; None where its frame is missing, which is noted."""
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
    if kind is not None and kind not in words.RAISED:
        wrong = f"Nothing that can happen in a scenario raises “{kind}” today."
        raise Unclear(wrong, f"Expect one of: {', '.join(words.DETECTED)}. Under “never” it may stand.")
    return chosen("kind", said, words.RAISED)


def _never_kind(said: str) -> str:
    return chosen("kind", said, (words.ANY, *words.KINDS))


def expected(fields: Fields, *, must: bool) -> Expected | None:
    """Return what must, or must never, be raised; None where its frame is missing, which is noted."""
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
