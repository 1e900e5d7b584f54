"""One simulated person living with a device: activity after activity, and the turns of fate that a story asks for.

Pure but for its seeded random numbers: samples are asked for, the person lives just as far as they are needed.
"""

from collections.abc import Callable

import numpy as np

from device_sim.body import Body
from device_sim.falling import fall
from device_sim.frames import Block, Sensor
from device_sim.postures import LYING, Array, Posture
from device_sim.wearable import Vitals
from device_sim.world import Activity, Person, next_activity

#: The sampling rate of the demo's wearables.
RATE_HZ = 50
#: One stretch of an activity, s: short, so that what a story asks for happens within seconds.
STRETCH_S = 4.0
#: An activity lasts this long, s: a few minutes, so that a visitor sees change.
ACTIVITY_S = (60.0, 240.0)
#: Somebody on foot sits down earlier than somebody in an armchair gets up.
ON_FOOT_S = (20.0, 60.0)
#: Beats per minute at rest, and on top of that by effort; chosen within the ordinary range of older adults.
RESTING_HEART = (62.0, 80.0)
_EFFORT = {Activity.SLEEP: -6.0, Activity.NAP: -4.0, Activity.STAND: 6.0, Activity.WALK: 18.0, Activity.TIDY: 12.0}
FALLEN_HEART = 24.0
#: A wearable's battery, %, when the demo begins, and how much of it an hour costs.
BATTERY, BATTERY_AN_HOUR = (55.0, 99.0), 1.5


class Life:
    """A person's life as their device feels it. ``hour`` tells the time of day that the person lives by."""

    def __init__(self, person: Person, rng: np.random.Generator, hour: Callable[[], int]) -> None:
        self.person = person
        self.activity = Activity.SIT
        self.worn = True
        self.fallen = False
        self._rng, self._hour = rng, hour
        self._body = Body(rng, RATE_HZ, person.position)
        self._sensor = Sensor(round(1e9 / RATE_HZ))
        self.told: list[str] = []  # what has just happened, for whoever tells the story; the reader empties it
        self._stock: list[tuple[Array, bool, str]] = []  # acceleration, whether worn, and what to tell when it begins
        self._left_s = rng.uniform(*ON_FOOT_S)
        self._heart = rng.uniform(*RESTING_HEART)
        self._battery, self._lived_s = rng.uniform(*BATTERY), 0.0

    def source(self, n: int) -> Block:
        """Return the next ``n`` samples; they are all of one kind, worn or not."""
        parts: list[Array] = []
        worn = self._next_is_worn()
        while n > 0 and self._next_is_worn() == worn:
            part, _, tale = self._stock.pop(0)
            if tale:
                self.told.append(tale)
            parts.append(part[:n])
            if len(part) > n:
                self._stock.insert(0, (part[n:], worn, ""))
            n -= len(parts[-1])
        samples = np.concatenate(parts)
        self._lived_s += len(samples) / RATE_HZ
        return Block(self._sensor.counts(samples), worn=worn, battery=round(self.battery))

    @property
    def sensor(self) -> Sensor:
        """The device's sensor."""
        return self._sensor

    @property
    def battery(self) -> float:
        """Charge of the device, %."""
        return max(1.0, self._battery - BATTERY_AN_HOUR * self._lived_s / 3600)

    @property
    def upright(self) -> bool:
        """Whether the person is on their feet."""
        return self._body.posture is Posture.STANDING

    def vitals(self) -> Vitals:
        """Return what the device's state message tells now; an unworn device has no pulse to tell."""
        if not self.worn:
            return Vitals(battery=round(self.battery, 1), worn=False)
        effort = FALLEN_HEART if self.fallen else _EFFORT.get(self.activity, 0.0)
        heart = self._heart + effort + self._rng.normal(0.0, 2.0)
        return Vitals(battery=round(self.battery, 1), heart_rate=round(heart), worn=True)

    def fall(self, *, soft: bool = False) -> None:
        """Fall while walking, and stay on the floor until ``get_up``."""
        self._on_foot()
        self._put(self._body.walk(STRETCH_S), tale="walks across the room")
        self._put(fall(self._body, soft=soft).samples, tale="sinks to the floor" if soft else "loses balance and FALLS")
        self.fallen = True

    def get_up(self) -> None:
        """Come up from the floor with some help, and rest in a chair."""
        self.fallen = False
        self._put(self._body.move_to(Posture.SITTING, 4.0), tale="is helped up and rests in a chair")
        self._put(self._body.rest(2.0), self._body.move_to(Posture.STANDING))
        self._put(self._body.walk(STRETCH_S), self._body.sit_down())
        self._begin(Activity.SIT)

    def drop_into_chair(self) -> None:
        """Sit down hard: a thud that must not ring."""
        self._on_foot()
        self._put(self._body.stand(1.5))
        self._put(self._body.sit_down(hard=True), tale="drops hard into a chair; this must not ring")
        self._begin(Activity.SIT)

    def stumble(self) -> None:
        """Trip while walking, and catch oneself."""
        self._on_foot()
        self._put(self._body.walk(STRETCH_S))
        self._put(
            self._body.stumble(), self._body.walk(STRETCH_S), tale="trips and catches the handrail; must not ring"
        )
        self._begin(Activity.STAND)

    def take_off(self) -> None:
        """Take the device off and lay it on the table."""
        self._put(self._body.rest(1.5, restless=3.0))
        self.worn = False
        self._put(self._body.move_to(Posture.TABLE, 1.0), tale="takes the device off and lays it on the table")

    def put_on(self) -> None:
        """Put the device on again, sitting."""
        self._put(self._body.move_to(Posture.SITTING, 1.5), tale="puts the device on again")
        self.worn = True
        self._begin(Activity.SIT)

    def _put(self, *parts: Array, tale: str = "") -> None:
        self._stock += [(part, self.worn, "" if number else tale) for number, part in enumerate(parts)]

    def _next_is_worn(self) -> bool:
        while not self._stock:
            self._live()
        return self._stock[0][1]

    def _live(self) -> None:
        """Live for another stretch."""
        if not self.worn:
            self._put(self._body.idle(STRETCH_S))
            return
        if self.fallen:
            self._put(self._body.rest(STRETCH_S, restless=0.4))
            return
        self._left_s -= STRETCH_S
        if self._left_s <= 0:
            self._begin(next_activity(self._rng, self.person, self._hour()))
        self._put(*self._stretch())

    def _begin(self, activity: Activity) -> None:
        self.activity = activity
        on_foot = activity in {Activity.WALK, Activity.STAND, Activity.TIDY}
        self._left_s = self._rng.uniform(*(ON_FOOT_S if on_foot else ACTIVITY_S))

    def _stretch(self) -> list[Array]:
        body, activity = self._body, self.activity
        if activity in {Activity.SLEEP, Activity.NAP}:
            return [*self._lie_down(), body.sleep(STRETCH_S)]
        if activity is Activity.SIT:
            return [*self._sit(), body.rest(STRETCH_S)]
        before = self._get_on_foot()
        if activity is Activity.WALK:
            return [*before, body.walk(STRETCH_S)]
        if activity is Activity.TIDY and self._rng.random() < 0.3:
            return [*before, body.pick_up()]
        return [*before, body.stand(STRETCH_S)]

    def _on_foot(self) -> None:
        self._put(*self._get_on_foot())

    def _get_on_foot(self) -> list[Array]:
        parts = []
        if self._body.posture in LYING:
            parts.append(self._body.move_to(Posture.SITTING))
        if self._body.posture is not Posture.STANDING:
            parts.append(self._body.move_to(Posture.STANDING))
        return parts

    def _sit(self) -> list[Array]:
        if self._body.posture in LYING:
            return [self._body.move_to(Posture.SITTING)]
        return [] if self._body.posture is Posture.SITTING else [self._body.sit_down()]

    def _lie_down(self) -> list[Array]:
        if self._body.posture in LYING:
            return []
        return [*self._sit(), self._body.move_to(Posture.BACK)]
