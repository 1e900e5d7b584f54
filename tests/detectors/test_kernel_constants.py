"""Kernels import nothing from outside their folder: what they know of the detectors of homes is what those have."""

import pytest

from detectors import routine, routine_rests
from detectors.kernels import hours, silences


def test_hours_and_rooms_are_those_of_the_rhythm() -> None:
    for name in ("MINUTE_US", "HOUR_US", "DAY_US"):
        assert getattr(hours, name) == getattr(routine, name)
    assert [routine.Room[name] for name in ("OTHER", "BEDROOM", "BATHROOM", "LIVING", "KITCHEN", "OUTER_DOOR")] == [
        hours.OTHER,
        hours.BEDROOM,
        hours.BATHROOM,
        hours.LIVING,
        hours.KITCHEN,
        hours.OUTER_DOOR,
    ]
    assert len(routine.Room) == hours.ROOMS


SAME = (
    (silences, routine_rests, "DAY_MINUTES NEAR_MINUTES"),
    (silences, routine, "SLOT_US"),
)


@pytest.mark.parametrize(("kernel", "detector", "names"), SAME)
def test_a_kernel_counts_by_the_same_numbers_as_its_detector(kernel: object, detector: object, names: str) -> None:
    for name in names.split():
        assert getattr(kernel, name) == getattr(detector, name), name
