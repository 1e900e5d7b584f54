"""Running scenarios by the command, against a platform of the tests' own."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from device_sim.runner import record
from device_sim.runner.record import Run, Scenario
from tests.system.platform import Platform


def command(platform: Platform, *words: str, timeout_s: float = 110) -> "subprocess.CompletedProcess[str]":
    """Return what ``shouwang sim run`` said and how it ended."""
    whole = [str(Path(sys.executable).with_name("shouwang")), "sim", "run", *words, "--home", str(platform.home)]
    return subprocess.run(whole, capture_output=True, text=True, check=False, timeout=timeout_s)


def run(platform: Platform, *words: str, out: Path, timeout_s: float = 110) -> tuple[int, Run]:
    """Run scenarios; return the status and what came of it."""
    done = command(platform, *words, "--out", str(out), timeout_s=timeout_s)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.returncode, record.load(out)


def found(scenario: Scenario) -> list[tuple[Any, ...]]:
    """Return all that was raised in a play, timed from its beginning: what two runs of it must have in common."""
    told = [one for each in scenario.judged for one in each.raised]
    told += [*scenario.wrongly, *scenario.doubles, *scenario.mild]
    start_us = scenario.start_us
    return sorted(
        {
            (one.kind, one.resident, one.event_us - start_us, one.told_us - start_us, one.mild, one.again, one.model)
            for one in told
        }
    )


def verdicts(run: Run) -> dict[str, list[str]]:
    """Return the verdicts by scenario."""
    return {scenario.id: [str(each.verdict) for each in scenario.judged] for scenario in run.scenarios}
