"""What is learnt of where one person goes: usual places with their hours, known ways, and how often they go elsewhere.

All times here are local microseconds, by the clock on the wall of the home (habits go by it). The picture is bounded:
what was not seen for weeks is forgotten, and the oldest makes room. At most 4.5 kB a person.
"""

from math import hypot, log2

import msgspec

_MINUTE_US = 60_000_000
_HOUR_US = 60 * _MINUTE_US
#: Side of a cell of a way walked (metres): a street and its other side, with the error of a phone; and of one ridden.
WALK_CELL_M, RIDE_CELL_M = 150.0, 600.0
#: Cells kept: 38 km of streets, 58 km of lines, in 3 kB.
_WALK_CELLS, _RIDE_CELLS = 256, 96
#: Places kept, and how long what was not seen again is remembered: what is visited monthly must last.
_PLACES, _PLACE_DAYS, _WAY_DAYS = 14, 75, 56
#: A stay of at least this long (minutes) makes a place; stays this near (metres) to one are in it.
STAY_MIN, SAME_PLACE_M = 10, 100.0
_LEAST_RADIUS_M, _MOST_RADIUS_M = 50, 200
#: A week in bins of three hours; the share of each that is spent at a place is learnt by a quarter a week.
BIN_H, BINS, _BIN_GAIN = 3, 56, 4
#: Where somebody is between 0 and 5 is where they live.
_SLEEP_TO_H = 5
#: Home is known after so many minutes of its nights, or altogether.
_HOME_NIGHT_MIN, _HOME_MIN = 120.0, 240.0
#: Half-lives in days: of how much a place is used, of the hours, of how far from the known they go.
_PLACE_FADES, _HOURS_FADE, _FAR_FADES = 0.5 ** (1 / 56), 0.5 ** (1 / 42), 0.5 ** (1 / 60)
#: Distances from the known are counted in octaves of this (metres).
FAR_M = 300.0
_OCTAVES = 8
#: Days before which nowhere is unusual: every day of the week was seen once.
LEARNT_DAYS = 7
#: In so many days what comes but monthly is seen for the first time: new places count for less until then.
EARLY_DAYS, _EARLY = 28, 0.25
#: What is reckoned to have been before anything was: a quarter of a day. So rarity 1 in 60 takes 14 days to be known.
_PRIOR = 0.25


class Place(msgspec.Struct, array_like=True):
    """Where somebody stays: metres from the home's origin, minutes there (fading), on how many days, and when.

    ``week``: for each three hours of the week, from Thursday 0 h on (where 1970 began), how usual it is to be there,
    0 to 255. ``here``: minutes in the three hours that are not over.
    """

    x: int
    y: int
    radius: int = _LEAST_RADIUS_M
    minutes: float = 0.0
    night: float = 0.0
    days: int = 0
    last_day: int = -1
    week: bytes = bytes(BINS)
    here: int = 0


class Known(msgspec.Struct, array_like=True):
    """What is known of one person. Days count from ``first_day``, hours from 1970, both by the clock on the wall.

    ``ways``, ``rides``: cell -> twice the day it was last used, odd while it was seen but once, on a way that was told
    of. ``far``: days by how far from the known (octaves), of ``days``; both fade.
    """

    first_day: int = -1
    day: int = -1
    seen_days: int = 0
    days: float = 0.0
    hour: int = -1
    out_now: bool = False
    home: int = -1  # which of the places is home, as reckoned each hour
    far_m: float = 0.0
    places: list[Place] = []
    ways: dict[int, int] = {}
    rides: dict[int, int] = {}
    far: list[float] = msgspec.field(default_factory=lambda: [0.0] * _OCTAVES)
    out: list[float] = msgspec.field(default_factory=lambda: [0.0] * 24)
    heard: list[float] = msgspec.field(default_factory=lambda: [0.0] * 24)


# -- places ------------------------------------------------------------------------------------------------------------


def place_at(known: Known, x: float, y: float) -> Place | None:
    """Return the known place that a spot is in, the nearest."""
    near = [(hypot(p.x - x, p.y - y), i) for i, p in enumerate(known.places)]
    found = min((each for each in near if each[0] <= SAME_PLACE_M + known.places[each[1]].radius / 2), default=None)
    return None if found is None else known.places[found[1]]


def home_of(known: Known) -> Place | None:
    """Return where the person lives: where the nights are spent, or else most of the time; None: not known yet."""
    return known.places[known.home] if known.home >= 0 else None


def _find_home(known: Known) -> None:
    known.home = -1
    if not known.places:
        return
    numbers = range(len(known.places))
    slept = max(numbers, key=lambda i: known.places[i].night)
    used = max(numbers, key=lambda i: known.places[i].minutes)
    if known.places[slept].night >= _HOME_NIGHT_MIN:
        known.home = slept
    elif known.places[used].minutes >= _HOME_MIN:
        known.home = used


def stay_at(known: Known, x: float, y: float) -> Place:
    """Return the place of a stay, a new one where none is known; it moves a little to where the stay is."""
    place = place_at(known, x, y)
    if place is None:
        place = Place(round(x), round(y))
        known.places.append(place)
        if len(known.places) > _PLACES:
            known.places.remove(min(known.places[:-1], key=lambda p: p.minutes))
            _find_home(known)
        return place
    off = hypot(x - place.x, y - place.y)
    share = 30.0 / (30.0 + place.minutes)  # the first stays say most of where it is
    place.x, place.y = round(place.x + share * (x - place.x)), round(place.y + share * (y - place.y))
    wide = 0.9 * place.radius + 0.1 * max(_LEAST_RADIUS_M, off)
    place.radius = round(min(_MOST_RADIUS_M, max(_LEAST_RADIUS_M, wide)))
    return place


# -- time --------------------------------------------------------------------------------------------------------------


def pass_time(known: Known, place: Place | None, from_us: int, to_us: int, *, out: bool) -> None:
    """Note that the person was at ``place`` (None: under way), or ``out`` of home, from one local time to another."""
    if known.hour < 0 or to_us // _HOUR_US - known.hour > 72:
        known.hour = to_us // _HOUR_US  # the first, or after days of silence: nothing is known of between
        from_us = max(from_us, known.hour * _HOUR_US)
        _begin_day(known)
    while True:
        end_us = min(to_us, (known.hour + 1) * _HOUR_US)
        known.out_now = known.out_now or out
        if place is not None and end_us > from_us:
            _spend(known, place, (end_us - from_us) / _MINUTE_US)
        from_us = max(from_us, end_us)
        if to_us < (known.hour + 1) * _HOUR_US:
            return
        _next_hour(known, out=out)


def _spend(known: Known, place: Place, minutes: float) -> None:
    place.minutes += minutes
    place.here = min(BIN_H * 60, place.here + round(minutes))
    if known.hour % 24 < _SLEEP_TO_H:
        place.night += minutes
    if place.last_day != known.day:
        place.last_day, place.days = known.day, place.days + 1


def _next_hour(known: Known, *, out: bool) -> None:
    hour = known.hour % 24
    known.heard[hour] += 1.0
    known.out[hour] += known.out_now
    known.out_now = out
    known.hour += 1
    if known.hour % BIN_H == 0:
        _next_bin(known, (known.hour // BIN_H - 1) % BINS)
    if known.hour % 24 == 0:
        _end_day(known)
        _begin_day(known)
    _find_home(known)


def _next_bin(known: Known, ended: int) -> None:
    for place in known.places:
        usual, here = place.week[ended], place.here
        if usual or here:
            share = 255 * here // (BIN_H * 60)
            gain = 1 if usual == 0 and place.days <= LEARNT_DAYS else _BIN_GAIN  # what is new is taken as it is
            week = bytearray(place.week)
            week[ended] = usual + (share - usual) // gain
            place.week, place.here = bytes(week), 0


def _begin_day(known: Known) -> None:
    day = known.hour // 24
    if known.first_day < 0:
        known.first_day = day
    known.day = max(known.day, day - known.first_day)
    known.seen_days += 1
    known.days = known.days * _FAR_FADES + 1.0


def _end_day(known: Known) -> None:
    known.far = [each * _FAR_FADES for each in known.far]
    if known.far_m >= FAR_M and known.seen_days > LEARNT_DAYS:
        known.far[_octave(known.far_m)] += 1.0 if known.seen_days > EARLY_DAYS else _EARLY
    known.far_m = 0.0
    known.out = [each * _HOURS_FADE for each in known.out]
    known.heard = [each * _HOURS_FADE for each in known.heard]
    for place in known.places:
        place.minutes *= _PLACE_FADES
        place.night *= _PLACE_FADES
    known.places = [p for p in known.places if known.day - p.last_day <= _PLACE_DAYS]
    for cells in (known.ways, known.rides):
        for cell in [cell for cell, used in cells.items() if known.day - (used >> 1) > _WAY_DAYS]:
            del cells[cell]


# -- ways --------------------------------------------------------------------------------------------------------------


def cell_of(x: float, y: float, side_m: float) -> int:
    """Return the number of the cell that a place is in."""
    return (int(x // side_m) + 32768 & 0xFFFF) << 16 | (int(y // side_m) + 32768 & 0xFFFF)


def settle(known: Known, walked: list[int], ridden: list[int], *, told: bool) -> None:
    """Learn the ways of an outing that is over. Those of one that was ``told`` of are known when seen a second time."""
    for cells, used, most in ((known.ways, walked, _WALK_CELLS), (known.rides, ridden, _RIDE_CELLS)):
        for cell in used:
            before = cells.pop(cell, None)
            once = told and (before is None or (before & 1 == 1 and before >> 1 == known.day))
            cells[cell] = known.day << 1 | once
        while len(cells) > most:
            del cells[next(iter(cells))]  # the one just used stands last


def near_way(known: Known, x: float, y: float) -> bool:
    """Whether a place is on a known way, or in the street beside it."""
    ways, column, row = known.ways, int(x // WALK_CELL_M) + 32768, int(y // WALK_CELL_M) + 32768
    for i in (column, column - 1, column + 1):
        for j in (row, row - 1, row + 1):
            if ways.get(i << 16 | j, 1) & 1 == 0:
                return True
    return False


def far_from_known(known: Known, x: float, y: float, *, rides: bool) -> float:
    """Return the distance in metres to the nearest known place or way; of who rides, to lines ridden too."""
    nearest = min((hypot(p.x - x, p.y - y) - p.radius for p in known.places if p.days > 1), default=1e9)
    nearest = min(nearest, _nearest(known.ways, x, y, WALK_CELL_M))
    return max(0.0, min(nearest, _nearest(known.rides, x, y, RIDE_CELL_M)) if rides else nearest)


def _nearest(cells: dict[int, int], x: float, y: float, side_m: float) -> float:
    i, j = x / side_m + 32767.5, y / side_m + 32767.5  # the middles of cells lie at whole numbers
    least = min(
        (((cell >> 16) - i) ** 2 + ((cell & 0xFFFF) - j) ** 2 for cell, used in cells.items() if not used & 1),
        default=1e12,
    )
    return float(least**0.5 * side_m - side_m / 2)


# -- how usual it is ---------------------------------------------------------------------------------------------------


def rarity_of_far(known: Known, metres: float) -> float:
    """Return the share of days on which this person goes so far from all that is known, 1 while that is not known."""
    if known.seen_days <= LEARNT_DAYS:
        return 1.0
    usual = sum(known.far[max(0, _octave(metres) - 1) :])  # twice as far as before is not unheard of
    return min(1.0, (usual + _PRIOR) / (known.days + 1.0))


def days_elsewhere(known: Known) -> float:
    """Return on how many days (they fade) this person went far from all that was known."""
    return sum(known.far) / (1.0 if known.seen_days > EARLY_DAYS else _EARLY)


def rarity_of_hour(known: Known, hour: int) -> tuple[float, float]:
    """Return the share of days on which this person is out at an hour of the day, and of how many days it is known."""
    beside = (known.out[hour - 1] + known.out[(hour + 1) % 24]) / 2
    days = known.heard[hour]
    return min(1.0, (max(known.out[hour], beside) + _PRIOR) / (days + 1.0)), days


def _octave(metres: float) -> int:
    return min(_OCTAVES - 1, max(0, int(log2(max(metres, FAR_M) / FAR_M))))
