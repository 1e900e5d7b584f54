"""What is compiled is compiled once, is never out of date, and stands in nobody's way."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from detectors.kernels import compiled, peaks

_TWICE = """
from numba import types
from detectors.kernels.compiled import kernel
from detectors.kernels.lengths import HOW_OFTEN
@kernel(types.int64)
def twice(x): return HOW_OFTEN * x
"""
_ASK = "from detectors.kernels.twice import twice; print(twice(21), sum(twice.stats.cache_hits.values()))"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of kernels of its own, with one small kernel."""
    made = tmp_path / "detectors" / "kernels"
    made.mkdir(parents=True)
    for name in ("__init__.py", "compiled.py"):
        shutil.copy(Path(compiled.__file__).with_name(name), made)
    (tmp_path / "detectors" / "__init__.py").write_text("")
    (made / "lengths.py").write_text("HOW_OFTEN = 2\n")
    (made / "twice.py").write_text(_TWICE)
    return made


def ask(folder: Path) -> tuple[int, int]:
    """Ask for twice 21 in a process of its own; return the answer, and how many kernels were loaded, not compiled."""
    asked = [sys.executable, "-B", "-c", _ASK]
    done = subprocess.run(asked, cwd=folder.parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer, loaded = done.stdout.split()
    return int(answer), int(loaded)


def test_a_kernel_is_compiled_once_and_anew_when_a_file_beside_it_changes(folder: Path) -> None:
    assert ask(folder) == (42, 0)
    assert ask(folder) == (42, 1)
    (folder / "lengths.py").write_text("HOW_OFTEN = 3\n")
    assert ask(folder) == (63, 0)
    assert ask(folder) == (63, 1)


def test_what_a_power_cut_spoilt_is_compiled_anew(folder: Path) -> None:
    ask(folder)
    for path in (folder / "__pycache__").glob("twice.*.nbc"):
        path.write_bytes(b"")
    assert ask(folder) == (42, 0)
    assert ask(folder) == (42, 1)
    for path in (folder / "__pycache__").glob("twice.*.nbi"):
        path.write_bytes(b"\x80")
    assert ask(folder) == (42, 0)
    assert ask(folder) == (42, 1)


def test_where_nothing_can_be_written_a_kernel_works_all_the_same(folder: Path) -> None:
    (folder / "__pycache__").write_text("no folder")
    assert ask(folder) == (42, 0)


def test_a_kernel_takes_what_it_was_compiled_for_and_nothing_else() -> None:
    counts = np.array([[3, 4, 12]], np.int16)
    assert peaks.peak(counts) == 13.0
    counts.flags.writeable = False
    assert peaks.peak(counts) == 13.0
    with pytest.raises(TypeError):
        peaks.peak(counts.astype(np.float64))
    assert len(peaks.peak.signatures) == 1  # type: ignore[attr-defined]


def test_commands_that_judge_nothing_do_not_load_the_kernels() -> None:
    said = "import sys, stack.cli, stack.stage, api.app; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
