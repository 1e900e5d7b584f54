"""What a scenario makes somebody do, laid over the life they would have lived: cut out, put in, and joined again."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from zlib import crc32

import numpy as np

from device_sim.living.day import STIR, Writer
from device_sim.living.deeds import Change, Deed, Doing, What
from device_sim.living.household import Habits, Household, Person, RoomKind

MINUTE_US = 60_000_000
#: Somebody who lies where they fell moves for so long, minutes, less and less; then hardly (a Poisson rate a minute).
STRUGGLE_MINUTES, STRUGGLE_STIR = 2.0, 1.0
#: After sleeping in, or being helped up, a person goes to the bathroom and has something to eat: so many minutes.
AFTER_MINUTES = 25
#: Who is out when something is to happen at home comes back so long before; the door stands open for so long.
HOME_BEFORE_US, DOOR_US = MINUTE_US, 10_000_000
#: A button is held down for so long.
PRESS_US = 500_000


def scripted(
    home: Household,
    person: Person,
    usual: Iterable[Deed],
    changes: Sequence[Change],
    seed: int,
    later_us: int = 0,
) -> Iterator[Deed]:
    """Yield a person's usual deeds with each change in place of what would have been then.

    ``later_us`` as in life.live.
    Raises ValueError where two changes of one person overlap: nobody does two things at once.
    """
    ordered = sorted(changes, key=lambda change: change.from_us)
    for one, other in pairwise(ordered):
        if other.from_us < one.until_us:
            raise ValueError(f"{person.key} cannot {one.doing} and {other.doing} at once.")
    scripts: list[Deed] = []
    spans: list[tuple[int, int]] = []
    for change, following in zip(ordered, [*ordered[1:], None], strict=False):
        script = _script(home, person, change, seed, later_us)
        if following is not None:  # what comes after one script gives way to the next
            script = [
                replace(d, to_us=min(d.to_us, following.from_us)) for d in script if d.from_us < following.from_us
            ]
        scripts += script
        spans.append((script[0].from_us, max(deed.to_us for deed in script)))
    scripts.sort(key=attrgetter("from_us"))
    lived = (part for deed in usual for piece in _around(deed, spans) for part in _at_home(home, deed, piece))
    yield from heapq.merge(in_order(lived), scripts, key=attrgetter("from_us"))


def in_order(deeds: Iterable[Deed]) -> Iterator[Deed]:
    """Yield deeds by their beginning; what is done to things lies within other deeds, so only a little is held back."""
    held: list[tuple[int, int, Deed]] = []
    for number, deed in enumerate(deeds):
        within = deed.what in (What.FRIDGE, What.APPLIANCE, What.BUTTON)
        if not within:
            while held and held[0][0] <= deed.from_us:
                yield heapq.heappop(held)[2]
        heapq.heappush(held, (deed.from_us, number, deed))
    while held:
        yield heapq.heappop(held)[2]


def _around(deed: Deed, spans: Sequence[tuple[int, int]]) -> Iterator[Deed]:
    """Yield what of a deed lies outside all spans; a door or fridge that is cut does not happen."""
    pieces = [deed]
    for start, end in spans:
        if deed.to_us <= start or deed.from_us >= end:
            continue
        if deed.what in (What.DOOR, What.FRIDGE, What.APPLIANCE, What.BUTTON):
            return
        pieces = [
            part
            for piece in pieces
            for part in (replace(piece, to_us=min(piece.to_us, start)), replace(piece, from_us=max(piece.from_us, end)))
            if part.to_us > part.from_us
        ]
    yield from pieces


def _at_home(home: Household, deed: Deed, piece: Deed) -> Iterator[Deed]:
    """Yield a piece of a deed; who was out when a script begins has come home by the door, and goes out no more."""
    if deed.what is not What.OUT or piece == deed:
        yield piece
    elif piece.from_us > deed.from_us:
        yield replace(piece, what=What.SIT, where=home.first(RoomKind.LIVING), stir=STIR[What.SIT])
    elif piece.to_us - HOME_BEFORE_US > piece.from_us:
        back_us = piece.to_us - HOME_BEFORE_US
        yield replace(piece, to_us=back_us)
        yield Deed(deed.who, What.DOOR, home.outer_door, back_us, back_us + DOOR_US)


def _script(home: Household, person: Person, change: Change, seed: int, later_us: int) -> list[Deed]:
    """Return the deeds of one change, joined: first the one at ``from_us``."""
    rng = np.random.default_rng(
        [seed, crc32(person.key.encode()), (change.from_us - later_us) % 2**32, crc32(change.doing.encode())]
    )
    room = change.rooms[0] if change.rooms else _usual_room(home, person, change.doing)
    length = (change.until_us - change.from_us) / MINUTE_US
    writer = Writer(home, person.habits, rng, 0.0, room)
    match change.doing:
        case Doing.LIE:
            return _lie(person.key, room, change, rng)
        case Doing.SLEEP:
            writer.stay(What.SLEEP, room, length)
            _after(writer)
        case Doing.PRESS:
            return _press(person.key, room, change)
        case Doing.SIT:
            writer.stay(What.SIT, room, length)
        case Doing.BUSY:
            _busy(writer, change.rooms or tuple(each.name for each in home.rooms), length)
        case Doing.PACE:
            _pace(writer, change.rooms or tuple(each.name for each in home.rooms[:2]), length, change.each_s / 60)
        case Doing.AWAY:
            _away(writer, change, length)
        case Doing.VISIT:
            raise ValueError("A visit is no change of a resident's own life.")
    return _deeds(person.key, writer, change.from_us)


def _deeds(who: str, writer: Writer, from_us: int) -> list[Deed]:
    parts = sorted(writer.parts, key=lambda part: part.start)
    return [
        Deed(who, p.what, p.where, from_us + round(p.start * MINUTE_US), from_us + round(p.end * MINUTE_US), p.stir)
        for p in parts
    ]


def _usual_room(home: Household, person: Person, doing: Doing) -> str:
    if doing is Doing.SLEEP:
        return person.bedroom
    if doing is Doing.PRESS:
        return home.first(RoomKind.BEDROOM)  # where the button is (wiring.ALSO)
    if doing is Doing.LIE:
        return home.first(RoomKind.BATHROOM)
    if doing is Doing.AWAY:
        return home.hall or home.rooms[0].name
    return home.first(RoomKind.LIVING)


def _lie(who: str, room: str, change: Change, rng: np.random.Generator) -> list[Deed]:
    """Fall, struggle for some minutes, and lie still until somebody comes."""
    still_us = min(change.until_us, change.from_us + round(STRUGGLE_MINUTES * rng.uniform(0.3, 1.5) * MINUTE_US))
    deeds = [Deed(who, What.LIE, room, change.from_us, still_us, STRUGGLE_STIR)]
    if change.until_us > still_us:
        deeds.append(Deed(who, What.LIE, room, still_us, change.until_us, 0.0))
    return deeds


def _press(who: str, room: str, change: Change) -> list[Deed]:
    """Press the button for help, and wait beside it."""
    waits = Deed(who, What.SIT, room, change.from_us, change.until_us, STIR[What.SIT])
    return [waits, Deed(who, What.BUTTON, room, change.from_us, min(change.until_us, change.from_us + PRESS_US))]


def _after(writer: Writer) -> None:
    """Begin the day late."""
    writer.toilet()
    writer.stay(What.COOK, writer.home.first(RoomKind.KITCHEN), writer.rng.uniform(8, AFTER_MINUTES))


def _busy(writer: Writer, rooms: Sequence[str], length: float) -> None:
    while writer.now < length:
        writer.stay(
            What.TIDY, rooms[int(writer.rng.integers(len(rooms)))], min(writer.median(5.0), length - writer.now + 0.1)
        )


def _pace(writer: Writer, rooms: Sequence[str], length: float, each: float) -> None:
    """Walk to and fro; the way itself leads straight from room to room."""
    number = 0
    while writer.now < length:
        room = rooms[number % len(rooms)]
        writer.room = room  # no hall between: who paces between bedroom and hall is in no third room
        writer.stay(What.PACE, room, each * writer.rng.uniform(0.8, 1.2))
        number += 1


def _away(writer: Writer, change: Change, length: float) -> None:
    writer.door()
    stays = max(0.2, length - writer.now - (0.2 if change.returns else 0.0))
    writer.stay_out(change.name, stays)
    if change.returns:
        writer.door()
        writer.stay(What.TIDY, writer.home.hall or writer.room, writer.rng.uniform(0.5, 2.0))


def visiting(
    home: Household, who: str, from_us: int, until_us: int, busy: bool, rng: np.random.Generator
) -> Iterator[Deed]:
    """Yield what somebody does who comes in by the door and leaves by it."""
    hall, living = home.hall or home.rooms[0].name, home.first(RoomKind.LIVING)
    writer = Writer(home, Habits(), rng, 0.0, hall)
    length = (until_us - from_us) / MINUTE_US
    writer.door()
    writer.stay(What.TIDY, hall, rng.uniform(0.3, 1.0))
    if busy:
        _busy(writer, tuple(room.name for room in home.rooms), length - 1)
    elif length > writer.now + 1:
        writer.stay(What.SIT, living, length - 1 - writer.now)
    writer.stay(What.TIDY, hall, rng.uniform(0.3, 1.0))
    writer.door()
    yield from _deeds(who, writer, from_us)
