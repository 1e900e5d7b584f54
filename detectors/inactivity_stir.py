"""Signs of life in a home that should be empty: everybody who lives there is known to be away, and somebody moves.

It may be a neighbour, a cleaner, or she who came back early. Nobody here can tell, so it is asked, mildly, and people
answer: "she is back", or a longer absence. Until they do the home stays suspended, as they set it, and the question
stays open. Silence answers nothing, as whoever came in may lie there: who was not heard to leave by the outer door, and
has not moved for hours, is told of as somebody to go and see. That needs a door that is heard: without one nobody knows
who left.

Who leaves takes a while, and the sensors see them go. So what moves soon after the absence began counts only once the
home has been quiet in between, or when it goes on for longer than any packing.
"""

import msgspec

from detectors.routine import HOUR_US, MINUTE_US, Room

#: So long without a sign, and they have left; what moves then has come in. Who sits still before leaving has not gone
#: for an hour; chosen, not measured: no recording here has absences that were set.
GONE_US = HOUR_US
#: Moving on so long after the absence began: they have not left.
STILL_HERE_US = 3 * HOUR_US
#: Signs within GONE_US of each other that make somebody: a motion sensor alone is set off by the sun once in a while.
#: A door that opens and closes is two: who comes in and falls behind it is told.
SIGNS = 2
#: Asked at most so often, unless people answered by another absence: whoever waters the plants asks once a visit.
AGAIN_US = 6 * HOUR_US
#: Signs so soon after the outer door are of the door: it closes, the hall sensor sees somebody's back. After that
#: somebody is inside.
DOOR_US = 2 * MINUTE_US
#: Silent inside for so long, and somebody must go and see. A home that should be empty has no rhythm to judge this by:
#: four hours are what a silence in any home is told after by the simplest rule (docs/detectors/inactivity.md).
STILL_US = 4 * HOUR_US


class Stir(msgspec.Struct, array_like=True):
    """What moved in an empty home. ``since_us``: since when it should be empty; times are UTC, -1: never.

    ``visit_us``: when whoever moves now came in; ``count``: signs since; ``asked_us``: when it was asked last;
    ``door_us``: the last sign of an outer door; ``due_us``: when to tell that nobody has moved since, if nothing does.
    """

    since_us: int
    last_us: int = -1
    visit_us: int = -1
    count: int = 0
    asked_us: int = -1
    door_us: int = -1
    due_us: int = -1

    def take(self, at_us: int, room: int) -> bool:
        """Take a sign of life, not earlier than the last; return whether it is to be asked about now."""
        quiet_us = at_us - max(self.last_us, self.since_us)
        self.last_us = max(self.last_us, at_us)
        if quiet_us >= GONE_US and self.due_us < 0:
            self.visit_us, self.count = at_us, 1
        elif self.count or at_us - self.since_us >= STILL_HERE_US:
            self.visit_us = at_us if self.visit_us < 0 else self.visit_us
            self.count += 1
        else:
            return False  # on the way out
        if room == Room.OUTER_DOOR:
            self.door_us = at_us
        inside = self.count >= SIGNS and self.door_us >= self.visit_us and at_us - self.door_us > DOOR_US
        self.due_us = at_us + STILL_US if inside else -1
        if self.count < SIGNS or (self.asked_us >= 0 and at_us - self.asked_us < AGAIN_US):
            return False
        self.asked_us = at_us
        return True
