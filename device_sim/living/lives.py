"""Made-up households for when many are wanted: each number is another one, the same seed gives the same street.

Drawn to be as different from one another as homes are: who lives alone and who with somebody, early and late risers,
restless nights, busy and frail days, carers, people who go out daily and people who never do.
"""

from dataclasses import replace

import numpy as np

from device_sim.living.household import (
    EVERY_DAY,
    WEEKDAYS,
    Habits,
    Household,
    Outing,
    Person,
    Visit,
)

#: Shares of homes: two people in it; a carer comes; somebody visits at the weekend. Chosen.
COUPLES, CARED_FOR, VISITED = 0.3, 0.35, 0.4
#: Share of people whose nights are restless (dementia), and how often they are up then.
RESTLESS, RESTLESS_TOILET, RESTLESS_AWAKE = 0.25, 2.6, 1.8


def household(number: int, seed: int, later_h: float = 0.0) -> Household:
    """Return household ``number`` of the street ``seed``. ``later_h`` moves all its hours: others rise later."""
    rng = np.random.default_rng([seed, 90_210, number])
    first = Person("first", _habits(rng, later_h))
    people = [first]
    if rng.uniform() < COUPLES:
        people.append(Person("second", _habits(rng, later_h)))
    visits: list[Visit] = []
    if rng.uniform() < CARED_FOR:
        days = EVERY_DAY if rng.uniform() < 0.5 else WEEKDAYS
        visits.append(Visit("carer", days, rng.uniform(8.0, 11.0) + later_h, rng.uniform(40, 120)))
    if rng.uniform() < VISITED:
        hour = rng.uniform(10.0, 16.0) + later_h
        visits.append(Visit("family", (5, 6), hour, rng.uniform(60, 240), busy=False, chance=0.5, jitter_minutes=60.0))
    return Household(people=tuple(people), visits=tuple(visits))


def _habits(rng: np.random.Generator, later_h: float) -> Habits:
    restless = rng.uniform() < RESTLESS
    frail = rng.uniform()  # 0: out and about, 1: hardly leaves the chair
    shift = later_h + rng.normal(0.0, 0.6)
    usual = Habits()
    outings = tuple(
        replace(outing, hour=outing.hour + shift, minutes=outing.minutes * float(np.exp(rng.normal(0, 0.5))))
        for outing in usual.outings
        if rng.uniform() > frail * 0.9
    )
    if rng.uniform() < 0.4 * (1 - frail):  # a club, a daughter's flat, the clinic
        away = Outing("club", (int(rng.integers(0, 7)),), rng.uniform(9.0, 13.5) + later_h, rng.uniform(120, 330), 0.8)
        outings = (*outings, away)
    return replace(
        usual,
        wakes_h=usual.wakes_h + shift,
        wakes_sd_h=float(rng.uniform(0.25, 0.9)),
        sleeps_h=min(25.0, usual.sleeps_h + shift + rng.normal(0.0, 0.4)),
        sleeps_sd_h=float(rng.uniform(0.3, 0.9)),
        toilet_a_night=RESTLESS_TOILET if restless else float(rng.uniform(0.6, 2.2)),
        toilet_each_h=float(rng.uniform(1.8, 3.4)),
        awake_a_night=RESTLESS_AWAKE if restless else float(rng.uniform(0.0, 0.5)),
        meals_h=(usual.meals_h[0] + shift, usual.meals_h[1] + later_h / 2, usual.meals_h[2] + later_h / 2),
        nap_chance=float(rng.uniform(0.0, 1.0)),
        nap_minutes=float(rng.uniform(25, 110)),
        stay_minutes=usual.stay_minutes * float(np.exp(0.9 * (frail - 0.5) + rng.normal(0, 0.2))),
        stir=float(np.exp(rng.normal(0.0, 0.25))),
        outings=outings,
    )
