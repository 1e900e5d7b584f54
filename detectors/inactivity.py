"""Silence that is unusual for this home: nothing moves, at an hour and after events when something always has.

Each sign of life begins a silence. One that has lasted half an hour is judged once (detectors.inactivity_model): by
what the homes it was trained on and this home itself did after such an hour, such a room, such a day, it is known from
then on when to ring, and until something moves nothing changes that. One finding a silence; what moves again, or an
absence that is set, ends it with stage ``recovered``. Signs of life in a home whose people are all known to be away
are asked about (detectors.inactivity_stir). Where people left this watch off, it learns and says nothing.

No data is not no movement. Time in which the platform's clock stood still or all sensors said that they cannot be
heard is not counted as silence; a home whose sensors are cut off, and one that was left by an outer door, are told
mildly and by other words, but told: people fall behind the door. Homes without sensors of their own are not judged.

Findings depend on the signs and ticks and their order alone, never on how they are cut into batches.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from detectors import inactivity_empty as empty
from detectors import inactivity_findings as tell
from detectors import reasons
from detectors.due_times import DueTimes
from detectors.home_clocks import CHINA_US, HomeClocks
from detectors.household import Person, first, left_off, note, overtaken, person
from detectors.inactivity_blind import BLIND_US, take_out
from detectors.inactivity_expected import expected
from detectors.inactivity_home import FORGOTTEN_US, Home
from detectors.inactivity_judging import judge, outlook, rhythm_known
from detectors.inactivity_model import MODEL, InactivityModel, Outlook, inactivity_model
from detectors.inactivity_rebuild import Ask, Learnt, pack_learnt, unpack_learnt
from detectors.inactivity_signs import Sign
from detectors.inactivity_state import RHYTHM, pack, unpack
from detectors.inactivity_stir import Stir
from detectors.routine import DAY_US, MINUTE_US, Routine
from detectors.routine_features import FIRST_MINUTES
from schemas.config import ResidentConfig, RoutineConfig, Sensitivity
from schemas.finding import Finding, Stage
from schemas.watch import RhythmKnown, Watchable

#: Errors kept until somebody drains them.
_ERRORS_KEPT = 100


@dataclass(frozen=True)
class InactivityConfig:
    """Settings of the inactivity detector.

    ``setting``: where nobody chose another; ``price_h`` stands in for every setting's price (measuring).
    ``utc_offset_us``: local time minus UTC of homes of which no other clock is known.
    """

    setting: Sensitivity = Sensitivity.NORMAL
    price_h: float | None = None
    utc_offset_us: int = CHINA_US

    def build(self) -> "InactivityDetector":
        """Return a detector with these settings."""
        return InactivityDetector(self)


class InactivityDetector:
    """Finds unusual silence in many homes. ``errors`` holds what went wrong by message key, until drained."""

    model = MODEL

    def __init__(self, config: InactivityConfig | None = None, model: InactivityModel | None = None) -> None:
        """``model`` stands in for the shipped one (cross-validation)."""
        self.config = config or InactivityConfig()
        self.errors: list[tuple[str, str]] = []
        self.now_us = 0  # the platform's clock by the last tick
        self.changed: set[str] = set()  # units whose state may be another one since somebody emptied this
        self.asks: dict[str, str] = {}  # units whose rhythm is to be asked for -> token, since somebody emptied this
        self.homes: dict[str, Home] = {}
        self.clocks = HomeClocks(self.config.utc_offset_us)
        self.judges = model or inactivity_model()
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
        """Note that ``resident`` was heard in ``unit``: a silence there is theirs."""
        if self._home(unit, f"{resident}@{self.now_us}").meet(resident):
            self.changed.add(unit)

    def expect(self, unit: str, token: str) -> None:
        """Ask for the rhythm of a home that was watched before; ``token`` names where the stream is read again from.

        Else a home that is silent since before would not be known until something moves in it.
        """
        self._home(unit, token)

    def learn(self, config: RoutineConfig) -> list[Finding]:
        """Take over a home's rhythm that was asked for; anything else changes nothing.

        Raises OtherSnapshot when the state in it cannot be read.
        """
        home = self.homes.get(config.unit)
        if home is None or home.ask is None or (config.asked, config.model) != (home.ask.token, RHYTHM):
            return []
        self.changed.add(config.unit)
        learnt = unpack_learnt(config.state)
        self._local(config.unit, home, max(self.now_us, learnt.last_us))  # who begins anew hung it at no time at all
        turn = self.clocks.since(config.unit, learnt.last_us, self.now_us)
        if learnt.routine.last_us < 0:
            home.ask = None  # nothing is stored: what is seen from here on is all there is
            return []
        if not home.ask.on_top_of(learnt.routine, self.judges, turn):
            self.asks[config.unit] = home.ask.token
            return []
        if home.remember(learnt):
            return self._go_on(config.unit, home, learnt)
        if home.empty:
            home.recall(learnt)
            self._wait(config.unit, home, empty.due_us(home))
        if home.said is None and not home.empty:
            home.ring_us = -1  # the silence that lasts is judged by what this home does
            self._wait(config.unit, home, home.last_us + FIRST_MINUTES * MINUTE_US)
        return []

    def known(self, unit: str) -> RhythmKnown | None:
        """Return how far a home's rhythm is known; None where no sensor of its own was heard."""
        home = self.homes.get(unit)
        if home is None or home.routine.last_us < 0:
            return None
        return rhythm_known(home, self.clocks.utc_us(unit, home.routine.first_us))

    def learnt(self, unit: str) -> bytes:
        """Return what is learnt of a home, for ``learn`` of another detector."""
        home = self.homes.get(unit)
        return pack_learnt(Learnt(Routine()) if home is None else home.learnt())

    def configure(self, config: ResidentConfig, at_us: int) -> list[Finding]:
        """Take over who lives in a home, until when they are away, and how soon to speak for them."""
        if not config.here and config.unit not in self.homes:
            return []
        home = self._home(config.unit, f"{config.resident}:{config.version}@{self.now_us}")
        known = home.people.get(config.resident, Person())
        if overtaken(config, known.version, home.left) or (config.here and person(config) == known):
            return []  # said again
        self.changed.add(config.unit)
        before_us = home.back_us
        note(home.left, config)
        if config.here:
            home.people[config.resident] = person(config)
        elif home.people.pop(config.resident, None) is None:
            return []
        self._hang(home, config, max(at_us, self.now_us))
        if config.here and person(config).but_for_the_clock(known):
            return []
        if home.empty and home.back_us == before_us:
            return []  # something else was set: of who is away nothing was said
        return self._live(config.unit, home, max(at_us, self.now_us, home.last_us))

    def outlook(self, unit: str) -> Outlook:
        """Return what is expected of the silence that lasts in a home. Raises KeyError for one never heard of."""
        return self._outlook(unit, self.homes[unit])

    def due(self) -> int | None:
        """Return the earliest platform time at which ``tick`` may decide something, None when nothing waits."""
        return self.waits.first()

    def tick(self, now_us: int) -> list[Finding]:
        """Take the platform's clock; return what the silences that are now too long are found to be."""
        before_us, self.now_us = self.now_us, max(self.now_us, now_us)
        if was_blind := bool(before_us) and self.now_us - before_us > BLIND_US:
            self._was_blind(before_us)
        if self.now_us // DAY_US > before_us // DAY_US:
            self._forget()
        found: list[Finding] = []
        for unit in self.waits.take(self.now_us):
            self.changed.add(unit)
            home, was_empty = self.homes[unit], self.homes[unit].empty
            try:
                found += self._look(unit, home)
                if was_blind and was_empty and not home.empty:  # its absence ended meanwhile
                    take_out(home, before_us, self.now_us)
                self.waits.note(unit, home.due_us)
            except Exception as error:
                self._report(self.homes.pop(unit).anchor, error)
        return found

    def snapshot(self) -> bytes:
        """Return all state as bytes; names its schema and model."""
        return pack(self.model, self.now_us, self.homes, self.clocks.known)

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
        return {unit: pack(self.model, 0, {unit: self.homes[unit]}, clocks) for unit in units if unit in self.homes}

    def take_over(self, state: bytes) -> int:
        """Add the homes of a snapshot to those there are; return its clock. Raises OtherSnapshot."""
        now_us, homes, clocks = unpack(self.model, state)
        self.homes |= homes
        self.clocks.known |= clocks
        self.asks |= {unit: home.ask.token for unit, home in homes.items() if home.ask is not None}
        for unit, home in homes.items():
            self.waits.note(unit, home.due_us)
        return now_us

    # -- a sign ------------------------------------------------------------------------------------------------------

    def _take(self, sign: Sign) -> list[Finding]:
        home = self._home(sign.unit, f"{sign.key}@{sign.event_us}")
        if sign.resident is not None:
            home.meet(sign.resident)
        worn = sign.resident is not None and sign.place is None
        if not worn:
            home.hear(sign)
        if not sign.moved or (worn and home.last_us < 0) or sign.event_us <= home.last_us:
            if sign.moved and sign.event_us == home.last_us and not (worn or home.empty):  # elsewhere too
                home.take(self.judges, self._local(sign.unit, home, sign.event_us), sign.room, sign.times)
            return self._seen_again(sign, home)
        if home.last_us < 0 and home.back_us > sign.event_us:
            home.empty = True
            self._wait(sign.unit, home, home.back_us)
        if home.empty:  # a cleaner, a neighbour: no habit of the resident's, and no silence begins
            home.last_us = sign.event_us
            found = [] if worn else empty.stirs(self.model, home, sign)
            self._wait(sign.unit, home, empty.due_us(home))
            return found
        found = tell.over(self.model, sign.unit, home, sign.event_us, reasons.ACTIVE_AGAIN)
        home.take(self.judges, self._local(sign.unit, home, sign.event_us), sign.room, sign.times)
        home.last_us, home.device, home.anchor, home.place = sign.event_us, sign.device, sign.key, sign.place
        self._begin(sign.unit, home)
        return found

    def _seen_again(self, sign: Sign, home: Home) -> list[Finding]:
        """Let a silence begin anew when a home that was told to be out of sight can be seen: somebody may lie there."""
        if home.said is None or not home.said.dead or home.cut_off(sign.event_us):
            return []
        found = tell.over(self.model, sign.unit, home, sign.event_us, reasons.SENSORS_BACK)
        home.anchor = sign.key
        self._return(sign.unit, home, sign.event_us)
        return found

    def _go_on(self, unit: str, home: Home, learnt: Learnt) -> list[Finding]:
        """Go on with a silence that began before its home was lost, or with the absence in it.

        What was told of the silence is told again: the desk knows it, and that it is over can only be told after.
        """
        self._begin(unit, home)
        if learnt.back_us > home.last_us:
            home.empty = True
            home.recall(learnt)
            self._wait(unit, home, empty.due_us(home))
            if home.back_us <= self.now_us:
                self._wait(unit, home, min(learnt.back_us, max(self.now_us, home.last_us)))
        return self._look(unit, home) if 0 <= home.due_us <= self.now_us else []

    def _live(self, unit: str, home: Home, at_us: int) -> list[Finding]:
        """Go by what is now known of those who live in a home."""
        if home.last_us < 0:
            home.stir = Stir(at_us) if home.back_us > at_us else None
            return []
        if home.back_us > at_us:
            found = tell.over(self.model, unit, home, at_us, reasons.KNOWN_ABSENT)
            home.said, home.ring_us = None, -1
            self._wait(unit, home, home.back_us)
            home.empty = True
            if found or home.stir is None:  # what was asked is answered: what moves from now on is another's
                home.stir = Stir(at_us)
            return found
        if home.empty:  # back before the time, or never gone
            return self._over(unit, home, at_us)
        if home.said is None:
            home.ring_us = -1  # by the new setting
            self._wait(unit, home, home.last_us + FIRST_MINUTES * MINUTE_US)
        return []

    def _over(self, unit: str, home: Home, at_us: int) -> list[Finding]:
        """Let an absence end: who asked whether somebody is back has the answer."""
        found = tell.over(self.model, unit, home, at_us, reasons.ABSENCE_OVER)
        self._return(unit, home, at_us)
        return found

    def _home(self, unit: str, token: str) -> Home:
        """Return a home; one that is not known asks for its rhythm, with all that it takes from ``token`` on noted."""
        home = self.homes.get(unit)
        if home is None:
            home = self.homes[unit] = Home(ask=Ask(token))
            self.asks[unit] = token
            self.changed.add(unit)
        return home

    def _begin(self, unit: str, home: Home) -> None:
        """Let a silence begin with what was just heard."""
        home.blind_us, home.ring_us, home.score, home.said = 0, -1, 0.0, None
        if home.back_us > home.last_us:
            home.empty = True
            self._wait(unit, home, home.back_us)
        else:
            self._wait(unit, home, home.last_us + FIRST_MINUTES * MINUTE_US)

    def _return(self, unit: str, home: Home, at_us: int) -> None:
        """Take it that somebody may be there again: whatever was before, the silence begins now."""
        home.empty, home.stir = False, None
        home.last_us = max(at_us, home.last_us)
        home.pause(self._local(unit, home, home.last_us))
        self._begin(unit, home)

    def _wait(self, unit: str, home: Home, until_us: int) -> None:
        home.due_us = until_us
        self.waits.note(unit, until_us)

    def _due_times(self) -> DueTimes:
        return DueTimes(lambda unit: self.homes[unit].due_us if unit in self.homes else -1)

    # -- local time --------------------------------------------------------------------------------------------------

    def _local(self, unit: str, home: Home, at_us: int) -> int:
        """Return what the clock in a home shows at ``at_us``; its rhythm goes by it from then on."""
        turn = self.clocks.turn(unit, at_us)
        if turn is not None:
            home.turn(turn)
        return at_us + self.clocks.ahead_us(unit)

    def _hang(self, home: Home, config: ResidentConfig, at_us: int) -> None:
        """Take over the clock of a home (household.first), where what ``config`` told made it another's."""
        whose = first(home.people)
        if whose is None or (turn := self.clocks.hang(config.unit, whose.clock, at_us)) is None:
            return
        home.turn(turn)
        if home.routine.last_us >= 0:  # told by another clock: it is read again by this one
            token = f"{config.resident}:{config.version}:{turn.by_us}@{self.now_us}"
            home.ask, self.asks[config.unit] = Ask(token), token

    # -- the clock ---------------------------------------------------------------------------------------------------

    def _look(self, unit: str, home: Home) -> list[Finding]:
        """Judge a silence of half an hour, or ring, or let an absence end."""
        if home.empty:
            found = empty.still(self.model, unit, home)
            if found is None:
                return self._over(unit, home, home.due_us)
            self._wait(unit, home, empty.due_us(home))
            return found
        if left_off(home.people, Watchable.INACTIVITY):  # asked again when somebody wants it, or at the next silence
            home.due_us = -1
            return []
        if home.ring_us < 0:
            judge(home, self._outlook(unit, home), self.config.setting, self.config.price_h)
        when_us = home.ring_us + home.blind_us
        if when_us > self.now_us:
            home.due_us = when_us
            return []
        return self._ring(unit, home, when_us)

    def _outlook(self, unit: str, home: Home) -> Outlook:
        return outlook(self.judges, self.clocks, unit, home)

    def _ring(self, unit: str, home: Home, when_us: int) -> list[Finding]:
        home.due_us = -1
        # Nothing was heard since it was judged, so this is the outlook by which it rings.
        by, offset_us = self._outlook(unit, home), self.clocks.ahead_at(unit, when_us)
        known = expected(home.routine, by, home.last_us + home.blind_us, when_us, offset_us)
        home.said = tell.silence(unit, home, when_us, known)
        return [tell.finding(self.model, unit, home.said, Stage.CONFIRMED, when_us)]

    # -- not hearing, forgetting -------------------------------------------------------------------------------------

    def _was_blind(self, since_us: int) -> None:
        """Take the time since ``since_us`` out of every silence that lasts."""
        for unit, home in self.homes.items():
            if take_out(home, since_us, self.now_us):
                self.changed.add(unit)
                self.waits.note(unit, home.due_us)

    def _forget(self) -> None:
        for unit, home in list(self.homes.items()):
            if 0 <= home.last_us < self.now_us - FORGOTTEN_US:
                self.changed.add(unit)
                del self.homes[unit]
                self.clocks.known.pop(unit, None)

    def _report(self, key: str, error: Exception) -> None:
        self.errors.append((key, f"{type(error).__name__}: {error}"))
        del self.errors[:-_ERRORS_KEPT]
