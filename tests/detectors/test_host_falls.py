"""A host of homes needs no fall detector: nor the kernels, whose numba is a third of a process's memory."""

import subprocess
import sys

import pytest

from detectors.host import EVERYDAY, FALL, INACTIVITY, PARTS, WANDERING, Host
from tests.detectors.hard_homes import hard_days

HOMES = frozenset({INACTIVITY, EVERYDAY, WANDERING})


def loaded_by(code: str) -> bool:
    """Whether a process of its own has numba after this."""
    told = f"import sys\n{code}\nprint('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip() == "True"


@pytest.mark.parametrize("code", ["import ingest.desk", "from detectors.host import Host; Host(of_homes=True)"])
def test_the_desk_and_a_host_of_homes_need_no_kernels(code: str) -> None:
    assert not loaded_by(code)


def test_the_watcher_has_them_before_it_hears_anything() -> None:
    assert loaded_by("from detectors import host_falls; host_falls.load()")


def test_a_host_of_homes_finds_there_what_any_host_finds() -> None:
    days = hard_days(5)
    there, whole = Host(of_homes=True), Host()
    found = there.update(days, HOMES)
    assert found != []
    assert found == whole.update(days, HOMES)
    states = [host.states(host.units()) for host in (there, whole)]
    assert states[0] == states[1]
    assert (there.due(), there.clocks()) == (whole.due(), whole.clocks())
    assert all(FALL not in unit for unit in states[0].values()) and PARTS >= HOMES
