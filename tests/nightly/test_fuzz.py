"""Each decoder a minute, guided by what of it was reached: no exception, nothing over 5 ms (bench/fuzz)."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bench.fuzz.seeds import SEEDS

ROOT = Path(__file__).parents[2]
SECONDS = 60


@pytest.mark.timeout(SECONDS * 3)
@pytest.mark.skipif(find_spec("atheris") is None, reason="needs atheris, which this machine cannot have")
@pytest.mark.parametrize("family", sorted(SEEDS))
def test_a_minute_of_anything(family: str, kept: Path) -> None:
    command = [sys.executable, "-m", "bench", "fuzz", family, "--seconds", str(SECONDS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    (kept / f"fuzz-{family}.log").write_text(done.stdout + done.stderr)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
