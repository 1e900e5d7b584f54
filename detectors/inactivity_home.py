"""One home in the eyes of the inactivity detector: its rhythm, its sensors, its silence, and what was said of it."""

import msgspec

from detectors.home_clocks import Turn
from detectors.household import PEOPLE_KEPT, Left, Person, left_off
from detectors.inactivity_model import InactivityModel
from detectors.inactivity_rebuild import PAUSED, Ask, Learnt
from detectors.inactivity_said import Said
from detectors.inactivity_signs import Sign
from detectors.inactivity_stir import Stir
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, SLEEP_US, Routine
from schemas.config import Sensitivity
from schemas.watch import Watchable

#: A home that was silent for five weeks is forgotten: its sensors were taken away, and its habits are gone too.
FORGOTTEN_US = 35 * DAY_US
#: Sensors of a home that are remembered, the latest heard.
DEVICES_KEPT = 64
#: A sensor that has not been heard for two weeks says nothing about the home any more.
DEVICE_COUNTS_US = 14 * DAY_US
#: A home whose sensors report this often, even while nobody moves, is one whose dead sensors show by being silent.
CHATTY_US = 2 * HOUR_US
#: So many times its longest pause between reports, and at least so long, and its sensors count as cut off.
CUT_OFF_PAUSES, CUT_OFF_US = 2, HOUR_US
#: The longest pause is forgotten over two weeks.
PAUSE_MEMORY_US = 14 * DAY_US


class Home(msgspec.Struct, array_like=True):
    """One home. Times are UTC except the routine's, which are local.

    ``due_us`` is when to look again; ``ring_us`` when this silence is worth somebody's way (-1: not yet judged).
    ``blind_us`` is the part of this silence in which nobody could have been heard.
    """

    routine: Routine = msgspec.field(default_factory=Routine)
    people: dict[str, Person] = msgspec.field(default_factory=dict)
    devices: dict[str, tuple[int, bool | None]] = msgspec.field(default_factory=dict)  # -> last heard, alive
    heard_us: int = -1
    pause_us: int = 0  # longest between two messages, decaying
    cut_us: int = -1  # since when all sensors say that they cannot be heard
    last_us: int = -1  # the last sign of life
    device: str = ""
    anchor: str = ""
    place: str | None = None
    blind_us: int = 0
    due_us: int = -1
    ring_us: int = -1
    usual_minutes: float = 0.0
    score: float = 0.0
    said: Said | None = None
    empty: bool = False  # rightly: everybody who lives here is known to be away
    ask: Ask | None = None  # its rhythm is asked for; None: it is known
    stir: Stir | None = None  # while it is rightly empty: whether somebody is there all the same
    left: Left = {}

    @property
    def resident(self) -> str | None:
        """The resident that a silence is told of: the only one, the first of several, None where none is known."""
        return min(self.people, default=None)

    @property
    def back_us(self) -> int:
        """Until when the home is rightly empty: until the first of all its residents is back. -1: it is not."""
        return min((person.absent_until_us for person in self.people.values()), default=-1)

    def sensitivity(self, usual: Sensitivity) -> Sensitivity:
        """Return how soon to speak: for the most careful of those who live here."""
        asked = {person.sensitivity for person in self.people.values()} - {Sensitivity.NORMAL}
        if not asked:
            return usual
        return Sensitivity.KEENER if Sensitivity.KEENER in asked else Sensitivity.CALMER

    def meet(self, resident: str) -> bool:
        """Remember that ``resident`` lives here; return whether that is new."""
        if resident in self.people or len(self.people) >= PEOPLE_KEPT:
            return False
        self.people[resident] = Person()
        return True

    def take(self, model: InactivityModel, at_us: int, room: int, times: int = 1) -> None:
        """Let the rhythm take a sign of life at local ``at_us``, or ``times`` told as one."""
        model.take(self.routine, at_us, room, times)
        if self.ask is not None:
            self.ask.note(at_us, room, times)

    def pause(self, until_us: int) -> None:
        """Let the rhythm learn nothing from the time before local ``until_us``."""
        self.routine.pause(until_us)
        if self.ask is not None:
            self.ask.note(until_us, PAUSED)

    def turn(self, turn: Turn) -> None:
        """Let the rhythm go by the home's clock, which was set."""
        if turn.other:
            self.routine.move(turn.by_us)
            return
        self.routine.turn(turn.at_us, turn.by_us, turn.now_us)
        if self.ask is not None:
            self.ask.turn(turn)

    def learnt(self) -> Learnt:
        """Return what another detector may take over of this home."""
        return Learnt(
            self.routine, self.devices, self.heard_us, self.pause_us, self.cut_us, self.last_us, self.device,
            self.anchor, self.place, max(self.due_us, self.back_us) if self.empty else -1,
            self.stir, self.said if self.empty else None,
        )  # fmt: skip

    def remember(self, learnt: Learnt) -> bool:
        """Take over what was learnt, with what was seen since on top; return whether the silence is another one.

        Only for a home whose Ask fits on top of it.
        """
        heard = [] if self.ask is None else self.ask.heard
        self.ask = None
        self.routine, self.devices = learnt.routine, learnt.devices
        self.heard_us, self.pause_us, self.cut_us = learnt.heard_us, learnt.pause_us, learnt.cut_us
        blind_us, self.blind_us = self.blind_us, 0
        for device, event_us, moved, alive in heard:
            if event_us > learnt.devices.get(device, (-1, None))[0]:
                self._hear(device, event_us, moved, alive)
        self.blind_us = max(blind_us, self.blind_us)
        if learnt.last_us <= self.last_us:
            return False
        self.last_us, self.device, self.anchor = learnt.last_us, learnt.device, learnt.anchor
        self.place = learnt.place
        return True

    def recall(self, learnt: Learnt) -> None:
        """Take over what moved in an empty home, and what was asked of it, unless something moved since.

        Somebody may lie there: that they came in must outlive whatever lost this home.
        """
        if left_off(self.people, Watchable.INACTIVITY) or learnt.stir is None:
            return
        if self.stir is None or self.stir.last_us <= learnt.stir.last_us:
            self.stir, self.said = learnt.stir, self.said or learnt.said

    def hear(self, sign: Sign) -> None:
        """Note that a device was heard, and what it says of itself."""
        if self.ask is not None:
            self.ask.hear(sign.device, sign.event_us, sign.moved, sign.alive)
        self._hear(sign.device, sign.event_us, sign.moved, sign.alive)

    def _hear(self, device: str, event_us: int, moved: bool, said: bool | None) -> None:
        if self.heard_us >= 0 and 0 < (passed := event_us - self.heard_us) < DAY_US:
            faded = self.pause_us - self.pause_us * passed // PAUSE_MEMORY_US
            self.pause_us = max(faded, passed)
        self.heard_us = max(self.heard_us, event_us)
        known = self.devices.pop(device, (0, None))
        # a device that reports a movement can be heard, whatever was last said of it
        alive = True if moved and known[1] is not None else known[1] if said is None else said
        self.devices[device] = (max(known[0], event_us), alive)
        if len(self.devices) > DEVICES_KEPT:
            del self.devices[next(iter(self.devices))]
        self._see(event_us)

    def _see(self, now_us: int) -> None:
        """Keep count of the time in which all sensors were cut off: it is no silence."""
        count = [alive for heard, alive in self.devices.values() if heard > now_us - DEVICE_COUNTS_US]
        cut = bool(count) and all(alive is False for alive in count)
        if cut and self.cut_us < 0:
            self.cut_us = now_us
        elif not cut and self.cut_us >= 0:
            self.blind_us += max(0, now_us - max(self.cut_us, self.last_us))
            self.cut_us = -1

    def cut_off(self, now_us: int) -> bool:
        """Whether the home cannot be seen: its sensors say so, or their reports stopped that went on at night."""
        if self.cut_us >= 0:
            return True
        if not any(rest.minutes * MINUTE_US >= SLEEP_US for rest in self.routine.rests):
            return False  # not yet known whether the sensors report while nobody moves
        unheard = now_us - self.heard_us
        return self.pause_us <= CHATTY_US and unheard > max(CUT_OFF_US, CUT_OFF_PAUSES * self.pause_us)
