"""One home in the eyes of the everyday watches: its habits, its sensors, its day, and what was said of it."""

import msgspec

from detectors import everyday_day as days
from detectors import everyday_quiet, everyday_sensors
from detectors.everyday_day import Anchor, Day
from detectors.everyday_habit import Limit, learn, limit
from detectors.everyday_quiet import Life
from detectors.everyday_sensors import Sensor
from detectors.everyday_watches import RULES, Rule, Watch
from detectors.household import PEOPLE_KEPT, Left, Person
from detectors.inactivity_signs import Sign
from detectors.routine import HOUR_US, MINUTE_US, Room
from schemas.config import Sensitivity
from schemas.finding import Expected, Reason

#: What a sensitivity makes of the distance to every limit.
FAR = {Sensitivity.CALMER: 1.25, Sensitivity.NORMAL: 1.0, Sensitivity.KEENER: 0.8}
#: Somebody who was first seen in the bedroom late in the morning is given so long to be up.
WAKING_US = HOUR_US
#: Who is not up by evening is not looked for as somebody who should get up.
MORNING_US = 12 * HOUR_US
#: When a night is told of, from dawn on: never at night.
TOLD_US = 3 * HOUR_US


class Said(msgspec.Struct, array_like=True, frozen=True):
    """What was said and is not over: the finding's id, whose, where it hangs, since when (UTC), and why."""

    id: str
    resident: str
    device: str
    anchor: str
    place: str | None
    begun_us: int
    decided_us: int
    score: float
    reason: Reason
    expected: Expected | None = None  # None: said before it was kept


class Night(msgspec.Struct, array_like=True):
    """A night that is to be told of at ``tell_us`` (local), unless it proves to be another one's."""

    tell_us: int
    begun_us: int
    count: int
    usual: float
    most: int
    anchor: Anchor


class Ask(msgspec.Struct, array_like=True, frozen=True):
    """The home's habits are asked for; ``token`` names where in the stream."""

    token: str


class Home(msgspec.Struct, array_like=True):
    """One home. Times are local but those of sensors, people, ``due_us`` and what was said."""

    people: dict[str, Person] = msgspec.field(default_factory=dict)
    sensors: dict[str, Sensor] = msgspec.field(default_factory=dict)
    habits: list[list[tuple[int, int]]] = msgspec.field(default_factory=lambda: [[] for _ in Watch])
    last: Anchor | None = None  # the last sign of life
    room: int = Room.OTHER
    fed_us: int = -1  # the last one in the kitchen
    elsewhere_us: int = -1  # the last one that was not in the bedroom
    day: Day = msgspec.field(default_factory=Day)
    night: Night | None = None
    said: dict[int, Said] = msgspec.field(default_factory=dict)  # by Watch
    due_us: int = -1
    empty: bool = False  # everybody who lives here is known to be away
    ask: Ask | None = None
    limits: list[tuple[float, float, float] | None] = msgspec.field(default_factory=lambda: [None for _ in Watch])
    life: Life = msgspec.field(default_factory=Life)
    quiet: dict[str, Said] = {}  # sensors that have gone quiet
    left: Left = {}

    @property
    def last_us(self) -> int:
        """When somebody was last heard, -1: never, or nobody knows."""
        return -1 if self.last is None else self.last.at_us

    @property
    def resident(self) -> str | None:
        """The resident that a finding is told of: the only one, the first of several, None where none is known."""
        return min(self.people, default=None)

    @property
    def _night_us(self) -> int:
        """When the night of this day begins, -1: no day is known."""
        return -1 if self.day.number < 0 else days.dawn_of(self.day.number) + days.NIGHT_FROM_US

    @property
    def heard_us(self) -> int:
        """When a sensor was last heard, UTC; -1: none ever was."""
        return max((sensor.heard_us for sensor in self.sensors.values()), default=-1)

    @property
    def back_us(self) -> int:
        """Until when everybody is away, UTC; -1: somebody is here."""
        return min((person.absent_until_us for person in self.people.values()), default=-1)

    def meet(self, resident: str) -> bool:
        """Remember that ``resident`` lives here; return whether that is new."""
        if resident in self.people or len(self.people) >= PEOPLE_KEPT:
            return False
        self.people[resident] = Person()
        return True

    def limit(self, watch: Watch) -> Limit | None:
        """Return what is expected of this day; None where it is not known, or where this home cannot tell it."""
        known = self.limits[watch]
        rule = RULES[watch]
        if known is None or len(self.people) > rule.residents or known[1] > rule.habit.most:
            return None
        return Limit(*known)

    def expect(self, scale: float = 1.0) -> None:
        """Make the limits of this day by what is learnt and how soon to speak; ``scale``: of every distance."""
        asked = {person.sensitivity for person in self.people.values()} - {Sensitivity.NORMAL}
        far = scale * FAR[min(asked, key=FAR.__getitem__, default=Sensitivity.NORMAL)]
        for watch, rule in RULES.items():
            found = limit(rule.habit, self.habits[watch], self.day.number, far)
            self.limits[watch] = None if found is None else (found.usual, found.limit, found.teaches)

    def take(self, anchor: Anchor, room: int, scale: float = 1.0) -> None:
        """Take a sign of life, later than the last."""
        at_us = anchor.at_us
        known = self.last_us >= 0 and at_us - self.last_us < days.GAP_US
        # Who is awake counts as at home when the night or the day began, unless the door was the last that was heard.
        inside = known and self.room != Room.OUTER_DOOR
        if self.last_us < self._night_us <= at_us:
            self.day.night_whole = inside
        if days.number_of(at_us) != self.day.number:
            self._next_day(days.number_of(at_us), inside=inside)
            self.expect(scale)
        days.see(self.day, anchor, room, self.room, self.last_us, self.elsewhere_us)
        self._count_night(anchor)
        self.last, self.room = anchor, room
        if room != Room.BEDROOM:
            self.elsewhere_us = at_us
        if room == Room.KITCHEN or self.fed_us < 0:
            self.fed_us = at_us

    def remember(self, habits: list[list[tuple[int, int]]], sensors: dict[str, Sensor], life: Life) -> None:
        """Take over what was learnt of this home before, with what was seen since on top."""
        for watch, own in enumerate(self.habits):
            first = own[0][0] if own else self.day.number if self.day.number >= 0 else None
            self.habits[watch] = [each for each in habits[watch] if first is None or each[0] < first] + own
        self.sensors = everyday_sensors.merged(sensors, self.sensors)
        self.life = everyday_quiet.merged(life, self.life)

    def turn(self, by_us: int) -> None:
        """Let what lasts go by the home's clock, which was set by ``by_us``: each moment is told by the new one."""
        if self.last_us < self._night_us <= self.last_us + by_us:
            self.day.night_whole = self.room != Room.OUTER_DOOR
        self.fed_us += by_us if self.fed_us >= 0 else 0
        self.elsewhere_us += by_us if self.elsewhere_us >= 0 else 0
        self.last, day = days.moved(self.last, by_us), self.day
        day.seen, day.bath, day.out = (days.moved(anchor, by_us) for anchor in (day.seen, day.bath, day.out))

    def unlearn(self) -> None:
        """Forget the habits and the day: they were told by a wrong clock."""
        self.lose_sight()
        self.day, self.habits = Day(), [[] for _ in Watch]
        self.expect()

    def lose_sight(self) -> None:
        """Forget what lasts: nobody knows what happened meanwhile."""
        self.day = Day(number=self.day.number)
        self.last, self.room, self.elsewhere_us, self.fed_us, self.night = None, Room.OTHER, -1, -1, None

    def _next_day(self, number: int, *, inside: bool) -> None:
        """Learn from the day that is over; let another begin, whole if somebody was ``inside``."""
        day = self.day
        if day.number >= 0:
            days.end(day)
            whole_night = day.night_whole and inside and number == day.number + 1
            self._learn(Watch.NOT_UP, day.up if day.whole else -1)
            self._learn(Watch.BATHROOM, day.longest_bath_us // MINUTE_US)
            self._learn(Watch.NOT_BACK, max(day.longest_out_us // MINUTE_US, 0 if whole_night else -1))
            self._learn(Watch.NO_MEAL, day.longest_hungry_us // MINUTE_US)
            self._learn(Watch.RESTLESS, day.night if whole_night else -1)
            if self.night is not None and not (whole_night and self.night.tell_us > days.dawn_of(number)):
                self.night = None
        hungry_us = day.hungry_us if number == day.number + 1 else 0
        self.day = Day(number=number, whole=inside, hungry_us=hungry_us)

    def _learn(self, watch: Watch, value: int) -> None:
        if value >= 0 and (not self.quiet or self.can_see(watch, self.heard_us)):
            known = self.limits[watch]
            learn(self.habits[watch], self.day.number, value, None if known is None else Limit(*known))

    def _count_night(self, anchor: Anchor) -> None:
        """Note that this night is one to be told of, as soon as it is."""
        known = self.limit(Watch.RESTLESS)
        if known is None or not self.day.night_whole or self.day.night <= known.limit:
            return
        dawn_us = days.dawn_of(self.day.number + 1)
        begun_us = dawn_us - (24 * HOUR_US - days.NIGHT_FROM_US)
        most = max(value for _, value in self.habits[Watch.RESTLESS])
        told = self.night.anchor if self.night is not None else anchor
        self.night = Night(dawn_us + TOLD_US, begun_us, self.day.night, known.usual, most, told)

    # -- what is due -------------------------------------------------------------------------------------------------

    def times(self) -> dict[Watch, int]:
        """Return when each watch that waits for something has to speak if nothing more happens, local."""
        day, found = self.day, dict[Watch, int]()
        if self.night is not None:
            found[Watch.RESTLESS] = self.night.tell_us
        for watch, since_us in self._since().items():
            known = self.limit(watch)
            if known is not None and watch not in self.said and watch not in day.skipped:
                found[watch] = since_us + round(known.limit * MINUTE_US)
        if Watch.NOT_UP in found:
            assert day.seen is not None  # noqa: S101  # it is begun by it
            found[Watch.NOT_UP] = max(found[Watch.NOT_UP], day.seen.at_us + WAKING_US)
            if found[Watch.NOT_UP] > days.dawn_of(day.number) + MORNING_US:
                del found[Watch.NOT_UP]
        if found.get(Watch.NOT_BACK, 0) > days.dawn_of(day.number + 1):
            del found[Watch.NOT_BACK]
        if self._hungry():
            found[Watch.NO_MEAL] = self.last_us
        return found

    def _since(self) -> dict[Watch, int]:
        """Return since when the watches wait that wait for the clock."""
        day, found = self.day, dict[Watch, int]()
        if day.whole and day.up < 0 and day.seen is not None:
            found[Watch.NOT_UP] = days.dawn_of(day.number)
        if day.bath is not None:
            found[Watch.BATHROOM] = day.bath.at_us
        if day.out is not None:
            found[Watch.NOT_BACK] = day.out.at_us
        return found

    def _hungry(self) -> bool:
        known = self.limit(Watch.NO_MEAL)
        waits = Watch.NO_MEAL not in self.said and Watch.NO_MEAL not in self.day.skipped
        return known is not None and waits and self.day.up >= 0 and self.day.hungry_us > known.limit * MINUTE_US

    def can_see(self, watch: Watch, now_us: int) -> bool:
        """Whether the sensors that a watch needs are there, and live as far as is known, at ``now_us`` (UTC)."""
        there = everyday_sensors.rooms(self.sensors, now_us, self.quiet)
        return not any(there.isdisjoint(group) for group in RULES[watch].rooms)

    def can_tell(self, watch: Watch, now_us: int) -> bool:
        """Whether a watch can see at ``now_us`` (UTC), and nothing else was said of it already."""
        return self.can_see(watch, now_us) and not self._said_already(RULES[watch])

    def _said_already(self, rule: Rule) -> bool:
        """Whether somebody was sent to look already; a night is told of whatever else there is."""
        return rule.code != RULES[Watch.RESTLESS].code and any(RULES[Watch(each)].lying for each in self.said)

    def skip(self, watch: Watch) -> None:
        """Let what is due pass without a word."""
        if watch is Watch.RESTLESS:
            self.night = None
        else:  # for this day; what is learnt of it stays as it is
            self.day.skipped = [*self.day.skipped, int(watch)]

    def over(self, offset_us: int) -> list[Watch]:
        """Return what was said and is over by the last sign of life. ``offset_us``: local time minus UTC."""
        found = []
        for each, said in self.said.items():
            another_day = days.number_of(said.decided_us + offset_us) < self.day.number
            over = {
                Watch.NOT_UP: self.day.up >= 0,
                Watch.BATHROOM: self.room != Room.BATHROOM,
                Watch.NOT_BACK: self.room in (Room.BEDROOM, Room.OUTER_DOOR) or (another_day and self.day.up >= 0),
                Watch.NO_MEAL: self.room == Room.KITCHEN,
                Watch.RESTLESS: another_day,  # the night is told of until the next one is over
            }
            if over[Watch(each)]:
                found.append(Watch(each))
        return found

    def hear(self, sign: Sign) -> None:
        """Note that a sensor was heard."""
        everyday_sensors.hear(self.sensors, sign)
