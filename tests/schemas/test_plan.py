"""Which rooms can lie on a plan."""

import pytest

from schemas.errors import BrokenRule
from schemas.plan import MAX_ROOMS, PlacedRoom, Share, check_rooms

BELOW = frozenset({"a", "b"})


def box(place: str = "a", left: float = 0.1, top: float = 0.1, size: float = 0.2) -> PlacedRoom:
    right, bottom = left + size, top + size
    return PlacedRoom(place, ((left, top), (right, top), (right, bottom), (left, bottom)))


def code(rooms: list[PlacedRoom], below: frozenset[str] = BELOW) -> str:
    with pytest.raises(BrokenRule) as no:
        check_rooms(rooms, below)
    return no.value.code


def test_rectangles_and_bays_can_be_drawn_and_so_can_nothing() -> None:
    bay: tuple[Share, ...] = ((0.5, 0.5), (0.9, 0.5), (0.9, 0.9), (0.7, 0.7), (0.5, 0.9))
    check_rooms([box(), PlacedRoom("b", bay)], BELOW)
    check_rooms([], BELOW)
    check_rooms([box(left=0, top=0, size=1)], BELOW)


@pytest.mark.parametrize(
    ("rooms", "why"),
    [
        ([box(), box(left=0.5)], "plan_rooms"),
        ([box("c")], "plan_place"),
        ([box(left=0.9)], "plan_corners"),
        ([box(size=float("nan"))], "plan_corners"),
        ([PlacedRoom("a", ((0.1, 0.1), (0.2, 0.2)))], "plan_corners"),
        ([PlacedRoom("a", ((0.1, 0.1), (0.5, 0.5), (0.5, 0.1), (0.1, 0.5)))], "plan_crosses"),
        ([box(size=0.009)], "plan_small"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_reason(rooms: list[PlacedRoom], why: str) -> None:
    assert code(rooms) == why


def test_there_is_an_end_of_rooms() -> None:
    many = [box(str(n)) for n in range(MAX_ROOMS + 1)]
    assert code(many, frozenset(room.place for room in many)) == "plan_rooms"
