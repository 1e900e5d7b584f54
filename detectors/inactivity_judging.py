"""When a silence rings: what it is likely to be by the model, weighed against what a false alarm costs here.

And how far a home is known for that.
"""

from detectors.home_clocks import HomeClocks
from detectors.household import left_off
from detectors.inactivity_home import Home
from detectors.inactivity_model import InactivityModel, Outlook
from detectors.routine import HOUR_US, MINUTE_US
from schemas.config import Sensitivity
from schemas.watch import Knows, RhythmKnown, Watchable

#: Hours of somebody's waiting that one false alarm is worth, by setting; from the curve in the detector's card.
PRICES = {Sensitivity.CALMER: 4800.0, Sensitivity.NORMAL: 2400.0, Sensitivity.KEENER: 500.0}
#: In its first week a home is strange, before its first night most of all: a false alarm is then taken to cost up to
#: ten times as much, less each day (by the square of what is left of the week: after three days four times as much).
YOUNG_DAYS, YOUNG_CAUTION = 7.0, 9.0
#: A silence that begins so shortly before the clock is set is judged by the clock after: people rise by that one.
TURNING_US = 8 * HOUR_US


def outlook(model: InactivityModel, clocks: HomeClocks, unit: str, home: Home) -> Outlook:
    """Return how long the silence that lasts in a home is likely to go on."""
    by_us = clocks.ahead_at(unit, home.last_us + TURNING_US) - clocks.ahead_us(unit)
    return model.outlook(home.routine.turned(by_us) if by_us else home.routine)


def judge(home: Home, known: Outlook, usual: Sensitivity, price_h: float | None) -> None:
    """Set when the silence that lasts in a home rings.

    ``usual``: the setting where nobody chose another; ``price_h`` stands in for what PRICES has (measuring).
    """
    minutes = known.ring_minutes(price_of(home, usual, price_h))
    home.usual_minutes = known.usual_minutes
    home.score = 1.0 - known.chance(minutes)
    home.ring_us = home.last_us + round(minutes * MINUTE_US)


def price_of(home: Home, usual: Sensitivity, price_h: float | None) -> float:
    """Return how many hours of somebody's waiting one false alarm in a home is worth; arguments as of ``judge``."""
    price_h = PRICES[home.sensitivity(usual)] if price_h is None else price_h
    return price_h * (1.0 + YOUNG_CAUTION * _strange(home))


def rhythm_known(home: Home, since_us: int) -> RhythmKnown:
    """Return how far the rhythm of a home is known that was first heard at ``since_us``."""
    days = home.routine.days
    state = Knows.LEARNT if days >= YOUNG_DAYS else Knows.LEARNING
    return RhythmKnown(
        state=state if home.ask is None else Knows.REBUILDING,
        days=int(days),
        of_days=int(YOUNG_DAYS),
        left_off=left_off(home.people, Watchable.INACTIVITY),
        since_us=since_us,
    )


def _strange(home: Home) -> float:
    """Return 1 for a home of which nothing is known, 0 once it is known for YOUNG_DAYS."""
    return max(0.0, 1.0 - home.routine.days / YOUNG_DAYS) ** 2
