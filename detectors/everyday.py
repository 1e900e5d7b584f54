"""Not up in the morning, too long in the bathroom, out of bed at night and not back, no meal, a restless night.

detectors.inactivity hears silence. These hear what is missing while there are signs of life: she stirs in bed, and by
this hour she is always in the kitchen. Each watch learns one number a day of this home (detectors.everyday_habit) and
speaks when a day goes far beyond; one finding an episode, ended with stage ``recovered`` by what was missed, or by an
absence that is set. Which watch needs which sensors stands in detectors.everyday_watches; a home with none of its own,
one room alone, or people who cannot be told apart is not judged.

No data is not no movement: a time in which the platform's clock stood still, or a gap of half a day, ends what lasted
without a word, and teaches nothing.

Findings depend on the signs and ticks and their order alone, never on how they are cut into batches.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from detectors import everyday_findings as tell
from detectors import everyday_sensor_findings as of_sensor
from detectors import reasons
from detectors.due_times import DueTimes
from detectors.everyday_day import Anchor
from detectors.everyday_home import Ask, Home
from detectors.everyday_quiet import gone_quiet, take
from detectors.everyday_state import HABITS, MODEL, Learnt, pack, pack_learnt, unpack, unpack_learnt
from detectors.everyday_watches import RULES, Watch
from detectors.home_clocks import CHINA_US, HomeClocks
from detectors.household import Person, first, left_off, note, overtaken, person
from detectors.inactivity_blind import BLIND_US
from detectors.inactivity_home import DEVICES_KEPT, FORGOTTEN_US
from detectors.inactivity_signs import Sign
from detectors.routine import DAY_US
from schemas.config import ResidentConfig, RoutineConfig
from schemas.finding import Finding, Stage
from schemas.watch import HabitKnown

#: Errors kept until somebody drains them.
_ERRORS_KEPT = 100


@dataclass(frozen=True)
class EverydayConfig:
    """Settings of the everyday watches.

    ``off``: watches that never speak, in any home (measuring). ``sensors``: whether one that has gone quiet is told of.
    ``far`` scales the distance to every limit (measuring).
    ``utc_offset_us``: local time minus UTC of homes of which no other clock is known.
    """

    off: frozenset[Watch] = frozenset()
    sensors: bool = True
    far: float = 1.0
    utc_offset_us: int = CHINA_US

    def build(self) -> "EverydayDetector":
        """Return a detector with these settings."""
        return EverydayDetector(self)


class EverydayDetector:
    """Finds days unlike a home's others. ``errors`` holds what went wrong by message key, until drained."""

    model = MODEL

    def __init__(self, config: EverydayConfig | None = None) -> None:
        self.config = config or EverydayConfig()
        self.errors: list[tuple[str, str]] = []
        self.now_us = 0  # the platform's clock by the last tick
        self.changed: set[str] = set()  # units whose state may be another one since somebody emptied this
        self.asks: dict[str, str] = {}  # units whose habits are to be asked for -> token, since somebody emptied this
        self.homes: dict[str, Home] = {}
        self.clocks = HomeClocks(self.config.utc_offset_us)
        self.waits = self._due_times()

    def update(self, signs: Sequence[Sign]) -> list[Finding]:
        """Take signs in the order in which they came; return the findings that they end."""
        found: list[Finding] = []
        for sign in signs:
            self.changed.add(sign.unit)
            try:
                found += self._take(sign)
            except Exception as error:  # one home's trouble must not stop the others
                self.homes.pop(sign.unit, None)
                self._report(sign.key, error)
        return found

    def meet(self, unit: str, resident: str) -> None:
        """Note that ``resident`` was heard in ``unit``."""
        home = self.homes.get(unit)
        if home is not None and home.meet(resident):
            self.changed.add(unit)
            self._wait(unit, home)

    def expect(self, unit: str, token: str) -> None:
        """Ask for the habits of a home that was watched before; ``token`` names the place in the stream."""
        self._home(unit, token)

    def learn(self, config: RoutineConfig) -> list[Finding]:
        """Take over a home's habits that were asked for; anything else changes nothing.

        Raises OtherSnapshot when the state in it cannot be read.
        """
        home = self.homes.get(config.unit)
        if home is None or home.ask is None or (config.asked, config.model) != (home.ask.token, HABITS):
            return []
        self.changed.add(config.unit)
        learnt = unpack_learnt(config.state)
        home.ask = None
        home.remember(learnt.habits, learnt.sensors, learnt.life)
        home.expect(self.config.far)
        self._wait(config.unit, home)
        return []

    def learnt(self, unit: str) -> bytes:
        """Return what is learnt of a home, for ``learn`` of another detector."""
        home = self.homes.get(unit, Home())
        return pack_learnt(Learnt(home.habits, home.sensors, home.life))

    def known(self, unit: str) -> tuple[HabitKnown, ...]:
        """Return which watches are on in a home, and what they expect of today; none where no sensor was heard."""
        home = self.homes.get(unit)
        if home is None or home.heard_us < 0:
            return ()
        return tuple(tell.known(home, watch, off=self.leaves_off(home, watch)) for watch in Watch)

    def configure(self, config: ResidentConfig, at_us: int) -> list[Finding]:
        """Take over who lives in a home, until when they are away, and how soon to speak for them."""
        if not config.here and config.unit not in self.homes:
            return []
        home = self._home(config.unit, f"{config.resident}:{config.version}@{self.now_us}")
        known = home.people.get(config.resident, Person())
        if overtaken(config, known.version, home.left) or (config.here and person(config) == known):
            return []  # said again
        self.changed.add(config.unit)
        note(home.left, config)
        if config.here:
            home.people[config.resident] = person(config)
        elif home.people.pop(config.resident, None) is None:
            return []
        self._hang(home, config, max(at_us, self.now_us))
        if config.here and person(config).but_for_the_clock(known):
            return []
        home.expect(self.config.far)
        at_us = max(at_us, self.now_us)
        found: list[Finding] = []
        if home.back_us > at_us:
            told = [Watch(each) for each in home.said]
            found = [self._end(config.unit, home, watch, at_us, reasons.KNOWN_ABSENT) for watch in told]
            home.empty = True
            home.lose_sight()
        elif home.empty:  # back before the time, or never gone
            home.empty = False
        self._wait(config.unit, home)
        return found

    def due(self) -> int | None:
        """Return the earliest platform time at which ``tick`` may decide something, None when nothing waits."""
        return self.waits.first()

    def tick(self, now_us: int) -> list[Finding]:
        """Take the platform's clock; return what is now too long or too late."""
        before_us, self.now_us = self.now_us, max(self.now_us, now_us)
        if before_us and self.now_us - before_us > BLIND_US:
            self._was_blind()
        if self.now_us // DAY_US > before_us // DAY_US:
            self._forget()
        found: list[Finding] = []
        for unit in self.waits.take(self.now_us):
            self.changed.add(unit)
            try:
                found += self._look(unit, self.homes[unit])
            except Exception as error:
                del self.homes[unit]
                self._report(unit, error)
        return found

    def snapshot(self) -> bytes:
        """Return all state as bytes; names its schema and model."""
        return pack(self.now_us, self.homes, self.clocks.known)

    def restore(self, data: bytes) -> None:
        """Take over the state of a snapshot. Raises OtherSnapshot when it is of another schema or model."""
        self.homes, self.asks, self.clocks.known, self.waits = {}, {}, {}, self._due_times()
        self.now_us = self.take_over(data)

    def units(self) -> set[str]:
        """Return the units of which something is kept."""
        return set(self.homes)

    def states(self, units: Collection[str]) -> dict[str, bytes]:
        """Return these units' state, each as a snapshot of its own without the clock; none where nothing is kept."""
        clocks = self.clocks.known
        return {unit: pack(0, {unit: self.homes[unit]}, clocks) for unit in units if unit in self.homes}

    def take_over(self, state: bytes) -> int:
        """Add the homes of a snapshot to those there are; return its clock. Raises OtherSnapshot."""
        now_us, homes, clocks = unpack(state)
        self.homes |= homes
        self.clocks.known |= clocks
        self.asks |= {unit: home.ask.token for unit, home in homes.items() if home.ask is not None}
        for unit, home in homes.items():
            self.waits.note(unit, home.due_us)
        return now_us

    # -- a sign ------------------------------------------------------------------------------------------------------

    def _take(self, sign: Sign) -> list[Finding]:
        if sign.place is None and sign.resident is not None:  # worn: it does not tell where
            self.meet(sign.unit, sign.resident)
            return []
        home = self._home(sign.unit, f"{sign.key}@{sign.event_us}")
        home.hear(sign)
        at_us = self._local(sign.unit, home, sign.event_us)
        if home.empty and 0 <= home.back_us <= self.now_us:
            home.empty = False
        if not sign.moved or home.empty or at_us < home.last_us:
            return []
        home.take(Anchor(at_us, sign.key, sign.device, sign.place), sign.room, self.config.far)
        over = home.over(self.clocks.ahead_us(sign.unit))
        found = [self._end(sign.unit, home, watch, sign.event_us, reasons.AS_USUAL_AGAIN) for watch in over]
        found += self._quiet(sign, home)
        self._wait(sign.unit, home)
        return found

    def _quiet(self, sign: Sign, home: Home) -> list[Finding]:
        """Tell of a sensor that has gone quiet, and of one that was heard again."""
        said = home.quiet.pop(sign.device, None)
        found = [] if said is None else [of_sensor.finding(self.model, sign.unit, said, sign.event_us, heard=True)]
        if not take(home.life, sign) or not self.config.sensors:
            return found
        gone = gone_quiet(home.life, home.quiet)
        if gone is None or (gone.device in home.sensors and home.sensors[gone.device].alive is False):
            return found  # all see somebody, or it says itself that it is cut off
        said = home.quiet[gone.device] = of_sensor.quiet(sign.unit, home, gone, sign)
        if len(home.quiet) > DEVICES_KEPT:  # it stays until it is heard: who was told of it wants to know
            del home.quiet[next(iter(home.quiet))]
        found.append(of_sensor.finding(self.model, sign.unit, said, sign.event_us))
        if Watch.NO_MEAL in home.said and not home.can_see(Watch.NO_MEAL, sign.event_us):
            found.append(self._end(sign.unit, home, Watch.NO_MEAL, sign.event_us, reasons.ROOM_UNSEEN))
        return found

    def _home(self, unit: str, token: str) -> Home:
        """Return a home; one that is not known asks for its habits."""
        home = self.homes.get(unit)
        if home is None:
            home = self.homes[unit] = Home(ask=Ask(token))
            self.asks[unit] = token
            self.changed.add(unit)
        return home

    def _end(self, unit: str, home: Home, watch: Watch, now_us: int, code: str) -> Finding:
        said = home.said.pop(watch)
        now_us = max(now_us, said.decided_us)
        return tell.finding(self.model, unit, watch, said, Stage.RECOVERED, now_us, tell.ended(said, now_us, code))

    def _wait(self, unit: str, home: Home) -> None:
        """Note when to look at a home: when something is due, or the clock is set before."""
        times = [] if home.empty else [at for watch, at in home.times().items() if not self.leaves_off(home, watch)]
        home.due_us = min(times) - self.clocks.ahead_us(unit) if times else -1
        set_us = self.clocks.next_us(unit)
        if times and set_us is not None:
            home.due_us = min(home.due_us, set_us)
        self.waits.note(unit, home.due_us)

    def _due_times(self) -> DueTimes:
        return DueTimes(lambda unit: self.homes[unit].due_us if unit in self.homes else -1)

    def leaves_off(self, home: Home, watch: Watch) -> bool:
        """Whether a watch says nothing in a home by somebody's choice; it learns all the same."""
        return watch in self.config.off or left_off(home.people, RULES[watch].code)

    # -- local time --------------------------------------------------------------------------------------------------

    def _local(self, unit: str, home: Home, at_us: int) -> int:
        """Return what the clock in a home shows at ``at_us``; its memory goes by it from then on."""
        turn = self.clocks.turn(unit, at_us)
        if turn is not None:
            home.turn(turn.by_us)
        return at_us + self.clocks.ahead_us(unit)

    def _hang(self, home: Home, config: ResidentConfig, at_us: int) -> None:
        """Take over the clock of a home (household.first), where what ``config`` told made it another's."""
        if (whose := first(home.people)) is None:
            return
        turn = self.clocks.hang(config.unit, whose.clock, at_us)
        if turn is None:
            self._wait(config.unit, home)  # it may be set sooner than was known
            return
        if home.day.number >= 0 or any(home.habits):  # told by another clock: they are read again by this one
            home.unlearn()
            token = f"{config.resident}:{config.version}:{turn.by_us}@{self.now_us}"
            home.ask, self.asks[config.unit] = Ask(token), token
            self._wait(config.unit, home)

    # -- the clock ---------------------------------------------------------------------------------------------------

    def _look(self, unit: str, home: Home) -> list[Finding]:
        """Tell what is due in a home, where it can be told."""
        found: list[Finding] = []
        ahead_us = self._local(unit, home, self.now_us) - self.now_us
        for watch, at_us in sorted(home.times().items(), key=lambda item: (item[1], item[0])):
            when_us = at_us - ahead_us
            if self.leaves_off(home, watch) or when_us > self.now_us:
                continue
            if home.can_tell(watch, self.now_us):
                said = home.said[watch] = tell.told(unit, home, watch, when_us, self.clocks)
                found.append(tell.finding(self.model, unit, watch, said, Stage.CONFIRMED, when_us))
                if watch is Watch.RESTLESS:
                    home.night = None
            else:
                home.skip(watch)
        self._wait(unit, home)
        return found

    # -- not hearing, forgetting -------------------------------------------------------------------------------------

    def _was_blind(self) -> None:
        """Let what lasted end without a word: nobody could be heard, and what waited meanwhile is still to come."""
        for unit, home in self.homes.items():
            if home.last is not None:
                self.changed.add(unit)
                home.lose_sight()
                self._wait(unit, home)

    def _forget(self) -> None:
        for unit, home in list(self.homes.items()):
            if 0 <= home.heard_us < self.now_us - FORGOTTEN_US:
                self.changed.add(unit)
                del self.homes[unit]
                self.clocks.known.pop(unit, None)

    def _report(self, key: str, error: Exception) -> None:
        self.errors.append((key, f"{type(error).__name__}: {error}"))
        del self.errors[:-_ERRORS_KEPT]
