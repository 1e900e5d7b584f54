"""All scenarios of the library, against the misses that are known: a new one fails, and so does one that is mended."""

import subprocess
import sys
from pathlib import Path

import pytest

from device_sim.report import figures
from device_sim.scenarios import shelf
from tests.nightly.known import KNOWN
from tests.system import scenarios
from tests.system.platform import Platform

pytestmark = [pytest.mark.servers, pytest.mark.timeout(2400)]

#: On a quiet machine it takes some five minutes.
PATIENCE_S = 2000


def test_the_whole_library_comes_as_expected_but_for_what_is_known(simulated: Platform, kept: Path) -> None:
    _, run = scenarios.run(simulated, "all", out=kept / "library.json", timeout_s=PATIENCE_S)
    shouwang = str(Path(sys.executable).with_name("shouwang"))
    page = [shouwang, "sim", "report", str(kept / "library.json"), "-o", str(kept / "library.html")]
    subprocess.run(page, check=True, timeout=60)
    assert run.complete
    assert {scenario.id for scenario in run.scenarios} == set(shelf.ids())
    found = {(each.scenario.id, _what(each)) for each in figures.failures([run])}
    assert found == set(KNOWN)


def _what(failure: figures.Failure) -> str:
    if failure.judged is not None:
        return f"{failure.judged.kind} {failure.judged.verdict}"
    assert failure.wrongly is not None
    return f"{failure.wrongly.kind} unasked"
