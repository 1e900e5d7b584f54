"""What was expected when an everyday watch rang, for the picture of its alert: the habit, and how other days were."""

from detectors.everyday_day import dawn_of, number_of
from detectors.everyday_home import Home
from detectors.everyday_watches import Watch
from detectors.routine import MINUTE_US
from schemas.finding import Expected


def expected(home: Home, watch: Watch, begun_us: int, now_us: int, offset_us: int) -> Expected:
    """Return what was expected of the day in which a watch rings at ``now_us``; ``begun_us``: since when it lasts.

    Both are local; ``offset_us`` is local time minus UTC. Minutes count from where the habit's do: the dawn for rising,
    the beginning of a stay; of a meal, waking time is counted back from the ringing; of a night they are a sum.
    """
    known, night = home.limit(watch), home.night
    usual, limit = (None, None) if known is None else (round(known.usual), round(known.limit))
    start_us, days = begun_us, home.habits[watch]
    if watch is Watch.NOT_UP:
        start_us = dawn_of(home.day.number)
    elif watch is Watch.NO_MEAL:
        start_us = now_us - home.day.hungry_us
    elif watch is Watch.RESTLESS and night is not None:
        # It is told when it is over, and may have taught already: beside it stand the nights before.
        usual, limit = round(night.usual), None
        days = [each for each in days if each[0] < number_of(night.begun_us)]
    return Expected(
        start_us=start_us - offset_us,
        rang_us=now_us - offset_us,
        utc_offset_min=offset_us // MINUTE_US,
        usual=usual,
        limit=limit,
        others=tuple(value for _, value in days if value > 0 or watch is Watch.RESTLESS),
        days=len(days),
    )
