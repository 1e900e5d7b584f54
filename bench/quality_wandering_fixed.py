"""The rules for homes that the first version had, the same in every home: what the learnt ones are measured beside."""

from collections.abc import Iterator, Sequence

from schemas.reading import Reading

_SECOND = 1_000_000
_DAY_US = 86_400 * _SECOND
#: So many changes of room in a quarter of an hour, each room so often: by night, by day.
_WINDOW_US, _BY_NIGHT, _BY_DAY = 900 * _SECOND, (12, 6.0), (16, 8.0)
#: Nobody inside so long after the door, from the way out on; a door within the hour before may be a visitor's.
_AWAY_US, _OUT_US, _VISIT_US = 300 * _SECOND, 20 * _SECOND, 3600 * _SECOND


def fixed_pacing(readings: Sequence[Reading]) -> Iterator[int]:
    """Yield each time at which the last changes of room were pacing."""
    seen: list[tuple[int, str]] = []
    for one in readings:
        if "motion" not in one.events or (seen and seen[-1][1] == one.device):
            continue
        seen = [each for each in seen if each[0] >= one.event_us - _WINDOW_US]
        seen.append((one.event_us, one.device))
        rooms = len({room for _, room in seen})
        changes, each = _BY_NIGHT if _night(one.event_us) else _BY_DAY
        if rooms > 1 and len(seen) >= changes and len(seen) / rooms >= each:
            yield one.event_us


def fixed_leaving(readings: Sequence[Reading]) -> Iterator[int]:
    """Yield each time at which somebody was told to have left at night."""
    opened_us = before_us = waits_us = 0

    def told() -> Iterator[int]:
        if waits_us and not (before_us and opened_us - before_us <= _VISIT_US):
            yield waits_us

    for one in readings:
        if waits_us and one.event_us > waits_us:
            yield from told()
            waits_us = 0
        if "door_open" in one.events:
            if one.event_us - opened_us > _AWAY_US:
                before_us = opened_us
            opened_us = one.event_us
            waits_us = opened_us + _AWAY_US if _night(opened_us) else 0
        elif one.event_us > opened_us + _OUT_US:
            waits_us = 0
    yield from told()


def _night(at_us: int) -> bool:
    hour = at_us % _DAY_US / _DAY_US * 24
    return hour >= 22 or hour < 6
