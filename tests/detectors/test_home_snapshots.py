"""The bytes of a detector's homes are taken by that detector alone."""

import msgspec
import pytest

from detectors.home_snapshots import HomeSnapshots
from detectors.other_snapshot import OtherSnapshot


class Home(msgspec.Struct):
    """A home of which nothing but a number is remembered."""

    said: int = 0


OURS = HomeSnapshots(Home, 2, "ours")
KEPT = OURS.pack("ours-1", 7, {"u2": Home(2), "u1": Home(1)})


def test_homes_come_back_as_they_went_whatever_their_order() -> None:
    assert OURS.unpack("ours-1", KEPT) == (7, {"u1": Home(1), "u2": Home(2)})
    assert OURS.pack("ours-1", 7, {"u1": Home(1), "u2": Home(2)}) == KEPT


@pytest.mark.parametrize(
    ("snapshots", "model", "data", "why"),
    [
        (HomeSnapshots(Home, 3, "ours"), "ours-1", KEPT, "schema 2"),
        (OURS, "ours-2", KEPT, "model ours-1"),
        (OURS, "ours-1", b"\x01", "no snapshot of ours"),
        (OURS, "ours-1", msgspec.msgpack.encode({"schema": 2, "model": "ours-1", "homes": 3}), "damaged"),
    ],
)
def test_what_is_anothers_or_damaged_is_refused_with_the_reason(
    snapshots: HomeSnapshots[Home], model: str, data: bytes, why: str
) -> None:
    with pytest.raises(OtherSnapshot, match=why):
        snapshots.unpack(model, data)
