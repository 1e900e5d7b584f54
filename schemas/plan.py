"""A plan of a place: which room lies where on its drawing. Corners are shares of the drawing's width and height."""

from collections.abc import Sequence
from math import isfinite

import msgspec

from schemas.errors import BrokenRule
from schemas.zone import area_m2, crosses_itself

#: From the left and from the top, each 0 to 1.
Share = tuple[float, float]

#: A room with bays and pillars has a dozen; more is a slip of the finger or a machine.
MIN_CORNERS, MAX_CORNERS = 3, 32
#: Of the whole drawing: 1 % of its width by 1 % of its height. A finger cannot hit less.
LEAST_AREA = 1e-4
#: A floor of a large house has a hundred rooms.
MAX_ROOMS = 300


class PlacedRoom(msgspec.Struct, frozen=True):
    """A place of the tree and where it lies, corner after corner, not closed."""

    place: str
    corners: tuple[Share, ...]


def check_rooms(rooms: Sequence[PlacedRoom], below: frozenset[str]) -> None:
    """Raise BrokenRule where rooms cannot be drawn so. ``below``: the places that may stand on this plan.

    ``plan_rooms``: too many, or one twice; ``plan_place``: not below the plan's place; ``plan_corners``: too few, too
    many or off the drawing; ``plan_crosses``, ``plan_small``.
    """
    if len(rooms) > MAX_ROOMS or len({room.place for room in rooms}) < len(rooms):
        raise BrokenRule("plan_rooms", f"A plan has each room once, and at most {MAX_ROOMS}.")
    for room in rooms:
        if room.place not in below:
            raise BrokenRule("plan_place", f"{room.place} is no place below this one.")
        _check_corners(room)


def _check_corners(room: PlacedRoom) -> None:
    corners = room.corners
    if not MIN_CORNERS <= len(corners) <= MAX_CORNERS or not all(_on_drawing(corner) for corner in corners):
        raise BrokenRule(
            "plan_corners", f"{room.place} needs {MIN_CORNERS} to {MAX_CORNERS} corners, each on the drawing (0 to 1)."
        )
    if crosses_itself(corners):
        raise BrokenRule("plan_crosses", f"The line of {room.place} crosses itself.")
    if area_m2(corners) < LEAST_AREA:
        raise BrokenRule("plan_small", f"{room.place} is too small to be seen.")


def _on_drawing(corner: Share) -> bool:
    return all(isfinite(each) and 0 <= each <= 1 for each in corner)
