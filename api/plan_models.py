"""What the API says and hears of plans: drawings, rooms on them, and what is known of each room now."""

from typing import Annotated, Literal

from pydantic import Field

from api.models import Heard, Id, Said
from api.times import Time
from schemas.places import PlaceKind
from schemas.plan import MAX_CORNERS, MAX_ROOMS, MIN_CORNERS
from store.plans import What

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Corners = Annotated[list[tuple[Share, Share]], Field(min_length=MIN_CORNERS, max_length=MAX_CORNERS)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


class RoomPlaced(Heard):
    """Where a place lies on the drawing: corner after corner, not closed, as shares from the left and from the top."""

    place: Id
    corners: Corners = Field(examples=[[[0.1, 0.1], [0.4, 0.1], [0.4, 0.5], [0.1, 0.5]]])


class NewRooms(Heard):
    """All rooms of a plan, as they are to lie; ``seen``: the version that this is a change of."""

    seen: Version
    rooms: list[RoomPlaced] = Field(max_length=MAX_ROOMS)


class Restore(Heard):
    """Which former version is to hold again."""

    seen: Version
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class RoomSaid(Said):
    """A place that can lie on the plan; ``corners`` null: nobody has placed it."""

    place: str
    name: str
    kind: PlaceKind
    parent: str | None
    corners: list[tuple[float, float]] | None


class VersionSaid(Said):
    """A version that can be brought back."""

    version: int
    what: What
    by: str
    time: Time
    drawing: bool
    rooms: int


class DrawingSaid(Said):
    """The drawing under the rooms: its size in px."""

    width: int
    height: int


class PlanSaid(Said):
    """The plan of a place. Version 0: nobody has made one, and the rooms stand in rows."""

    place: str
    name: str
    path: list[str]
    version: int
    drawing: DrawingSaid | None
    rooms: list[RoomSaid]
    versions: list[VersionSaid] = Field(description="Newest first.")
    may_draw: bool


class PlanListed(Said):
    """A place that is worth a plan."""

    place: str
    name: str
    kind: PlaceKind
    path: list[str]
    residents: int
    rooms: int
    drawn: bool


class Plans(Said):
    """Places with rooms or residents, each after its parent."""

    plans: list[PlanListed]


class SensorSaid(Said):
    """A sensor that is not heard; ``last_seen`` null: it never was."""

    device: str
    kind: str
    label: str | None
    last_seen: Time | None


class RoomNow(Said):
    """What is known of a place now. ``stirred``: the last sign of life there; null: none for hours, or not for you."""

    place: str
    sensors: int
    dead: list[SensorSaid]
    stirred: Time | None


class LastRoom(Said):
    """Where somebody was last, as sensors of a home they live in alone, or a beacon they wear, told."""

    place: str | None
    name: str
    time: Time


class ResidentNowThere(Said):
    """A resident on the plan. ``watch`` null: not for who asks."""

    id: str
    name: str
    test: bool
    place: str = Field(description="Their room, else their unit.")
    watch: Literal["watched", "off", "silent", "none"] | None
    absent_until: Time | None
    seen: LastRoom | None


class PlaceNow(Said):
    """Who and what is in a place and below it, now."""

    platform_time: Time
    rooms: list[RoomNow]
    residents: list[ResidentNowThere]
