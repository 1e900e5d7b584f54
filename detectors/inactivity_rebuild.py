"""A home whose rhythm is not known here asks for it, and takes over what was learnt from the stored months.

Whoever has the database reads the home's stored messages through a fresh detector and writes the home it ends with into
the unit's stream (schemas.config.RoutineConfig). From where the home began to ask on, what its rhythm takes is noted;
of that, what is newer than the last sign in the answer is taken again on top of it. So the rhythm is the one of a
detector that was never interrupted, and the same in every replay, wherever in the stream the answer comes.
"""

import msgspec

from detectors.home_clocks import Turn
from detectors.inactivity_model import InactivityModel
from detectors.inactivity_said import Said
from detectors.inactivity_stir import Stir
from detectors.other_snapshot import OtherSnapshot
from detectors.routine import Routine

#: What is noted while a home waits: more than what moves between the reading of the database and its answer.
NOTED = 128
#: Stands for a room where the rhythm was paused, and where the clock was set.
PAUSED, TURNED = -1, -2


class Ask(msgspec.Struct, array_like=True):
    """What a home waits for. ``token`` names the place in the stream from which on everything is noted.

    ``noted``: local time, room and count of what its rhythm took since, oldest first; ``lost_us`` the latest local
    time of what did not fit. ``heard``: what its devices said since, as in the detector's Sign, as far as it fits.
    """

    token: str
    noted: list[tuple[int, int, int]] = []
    lost_us: int = -1
    heard: list[tuple[str, int, bool, bool | None]] = []

    def note(self, at_us: int, room: int, times: int = 1) -> None:
        """Note one step of the rhythm."""
        self.noted.append((at_us, room, times))
        while len(self.noted) > NOTED:
            self.lost_us = max(self.lost_us, self.noted.pop(0)[0])

    def hear(self, device: str, event_us: int, moved: bool, alive: bool | None) -> None:
        """Note that a device was heard."""
        self.heard.append((device, event_us, moved, alive))
        del self.heard[:-NOTED]

    def turn(self, turn: Turn) -> None:
        """Note that the home's clock was set: what follows is told by the new one."""
        self.lost_us += turn.by_us if self.lost_us >= 0 else 0
        self.note(turn.at_us, TURNED, turn.by_us)

    def on_top_of(self, routine: Routine, model: InactivityModel, turn: Turn | None = None) -> bool:
        """Take what was noted and is newer on top of ``routine``; False when some of it did not fit and is missing.

        ``turn``: how the home's clock was set since the last moment that ``routine`` knows.
        """
        if self.lost_us - (0 if turn is None else turn.by_us) > routine.last_us:
            return False
        noted = any(room == TURNED for _, room, _ in self.noted)
        if turn is not None and not noted:  # before anything was noted
            routine.turn(turn.at_us, turn.by_us, self.noted[0][0] if self.noted else turn.now_us)
        older = noted and turn is None  # all before the clock was set is in the routine
        for at_us, room, times in self.noted:
            if room == TURNED:
                if not older:
                    routine.turn(at_us, times, at_us + times)
                older = False
                continue
            if older or at_us <= routine.last_us:
                continue
            if room == PAUSED:
                routine.pause(at_us)
            else:
                model.take(routine, at_us, room, times)
        return True


class Learnt(msgspec.Struct, array_like=True, frozen=True):
    """A home's memory without those who live in it, as read from the database; ``last_us`` is its last sign of life.

    ``back_us``: until when everybody is known to be away, -1: somebody is there. ``stir``, ``said``: what moved in the
    empty home, and what was asked of it.
    """

    routine: Routine
    devices: dict[str, tuple[int, bool | None]] = {}
    heard_us: int = -1
    pause_us: int = 0
    cut_us: int = -1
    last_us: int = -1
    device: str = ""
    anchor: str = ""
    place: str | None = None
    back_us: int = -1
    stir: Stir | None = None
    said: Said | None = None


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Learnt)


def pack_learnt(learnt: Learnt) -> bytes:
    """Return what was learnt as bytes: a few kilobytes (a rhythm keeps 200 rests, a home 64 devices)."""
    return _encoder.encode(learnt)


def unpack_learnt(data: bytes) -> Learnt:
    """Return what was learnt. Raises OtherSnapshot when the bytes are no such thing."""
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise OtherSnapshot(f"This is nothing learnt of a home: {error}.") from None
