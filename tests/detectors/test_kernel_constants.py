"""Kernels import nothing from outside their folder: what they know of the detectors of homes is what those have."""

import pytest

from detectors import (
    everyday_day,
    everyday_home,
    everyday_quiet,
    inactivity_blind,
    inactivity_home,
    routine,
    routine_rests,
)
from detectors.everyday_watches import Watch
from detectors.kernels import everydays, hours, rhythms, silences
from detectors.routine_features import FIRST_MINUTES


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
    (
        rhythms,
        routine,
        "SLOTS SLOT_US PARTS_OF_DAY CELL_FULL TRAIL PAUSES SLOT_GAIN HOURLY_GAIN DOORWAY_US TOGETHER_US",
    ),
    (rhythms, routine, "REST_US"),
    (rhythms, inactivity_blind, "BLIND_US"),
    (rhythms, inactivity_home, "FORGOTTEN_US DEVICES_KEPT DEVICE_COUNTS_US PAUSE_MEMORY_US"),
    (everydays, everyday_day, "DAWN_US GAP_US UP_MINUTES BATH_FROM_US BATH_TO_US IN_BED_US BED_FROM_US NIGHT_FROM_US"),
    (everydays, everyday_day, "AWAKE_FROM_US AWAKE_TO_US AWAKE_GAP_US"),
    (everydays, everyday_home, "WAKING_US MORNING_US"),
    (everydays, everyday_quiet, "SLOT_US LEAST_SLOTS TIMES MEMORY_US KNOWN_SLOTS KNOWN_US NEAR GONE_US"),
    (silences, routine_rests, "DAY_MINUTES NEAR_MINUTES"),
    (silences, routine, "SLOT_US"),
)


@pytest.mark.parametrize(("kernel", "detector", "names"), SAME)
def test_a_kernel_counts_by_the_same_numbers_as_its_detector(kernel: object, detector: object, names: str) -> None:
    for name in names.split():
        assert getattr(kernel, name) == getattr(detector, name), name


def test_what_has_another_name_is_the_same_too() -> None:
    assert rhythms.PAUSE_MINUTES.tolist() == list(routine.PAUSE_MINUTES)
    assert rhythms.FIRST_US == FIRST_MINUTES * routine.MINUTE_US
    watches = (everydays.NOT_UP, everydays.BATH, everydays.NOT_BACK, everydays.NO_MEAL, everydays.RESTLESS)
    assert watches == (Watch.NOT_UP, Watch.BATHROOM, Watch.NOT_BACK, Watch.NO_MEAL, Watch.RESTLESS)
    assert len(Watch) == everydays.WATCHES
    assert {hours.OTHER, hours.LIVING, hours.KITCHEN} == everyday_day.DAY_ROOMS
