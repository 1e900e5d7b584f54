"""``python -m bench.speed_whereabouts``: what a position costs the detector of whereabouts, in CPU time.

Of people known for four weeks: who stays at home and tells each 10 s, who walks, a day of both as a tracker tells it
each 10 s, and the ordinary life of bench.goings. Beside it a reference loop, so that machines can be compared.
"""

import sys
import time
from collections.abc import Sequence

import numpy as np

from bench.goings import DAY, HOUR, MONDAY_US, SECOND, Maker, street_way
from detectors.whereabouts import WhereaboutsConfig
from schemas.reading import Reading

#: Rounds, of which the fastest counts, and weeks before.
ROUNDS, WEEKS = 5, 4


def main(_arguments: list[str]) -> int:
    """Print microseconds a position; return the exit status."""
    made = Maker("regular", 1)
    made.weeks(WEEKS)
    before, start = list(made.phone.sent), MONDAY_US + WEEKS * 7 * DAY
    made.phone.sent.clear()
    made.phone.moving_s = 10
    made.phone.rest_until(start + 9 * HOUR, 10.0)
    stays = list(made.phone.sent)
    made.phone.sent.clear()
    made.phone.go(street_way(made.rng, np.zeros(2), made.market, made.speed))
    made.phone.go(street_way(made.rng, made.market, np.zeros(2), made.speed))
    walks = list(made.phone.sent)
    made.phone.rest_until(start + DAY, 10.0)
    day = stays + list(made.phone.sent)
    print(f"reference: a million additions {reference():.3f} s")
    for name, readings in (("staying at home", stays), ("walking", walks), ("a day each 10 s", day), ("weeks", before)):
        known = before if readings is not before else []
        print(f"{name}: {min(cost(known, readings) for _ in range(ROUNDS)):.1f} us a position, {len(readings)} of them")
    return 0


def cost(known: Sequence[Reading], readings: Sequence[Reading]) -> float:
    """Return microseconds of CPU a position, after what is known."""
    detector = WhereaboutsConfig().build()
    detector.update(known)
    begun = time.process_time()
    detector.update(readings)
    return 1e6 * (time.process_time() - begun) / len(readings)


def reference() -> float:
    """Return the CPU seconds of a loop of a million additions."""
    begun, total = time.process_time(), 0
    for i in range(SECOND):
        total += i
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
