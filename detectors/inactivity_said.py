"""What was said of a home and is not over."""

import msgspec

from schemas.finding import Expected, Reason


class Said(msgspec.Struct, array_like=True, frozen=True):
    """What was said of the silence that lasts: the finding's id, whose, and where it hangs."""

    id: str
    resident: str
    device: str
    anchor: str
    place: str | None
    begun_us: int
    decided_us: int
    score: float
    mild: bool
    dead: bool  # that the home cannot be seen
    reason: Reason | None = None  # None: said before reasons were kept
    expected: Expected | None = None
