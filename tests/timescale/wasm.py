"""A WASM TimescaleDB in Node: the identical SQL text, fed from outside."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
SECONDS = 120


def ask(script: str, queries: list[str]) -> list[list[dict[str, Any]]]:
    """Run ``script``, then return the rows of each query. Skips where Node or the package cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("needs timescale: Node is not installed")
    if not (FOLDER / "node_modules").is_dir():
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund"], cwd=FOLDER, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            pytest.skip(f"needs timescale: npm ci failed: {done.stderr.strip().splitlines()[-1]}")
    answer = subprocess.run(
        [node, "run.mjs"],
        cwd=FOLDER, input=json.dumps({"script": script, "queries": queries}), capture_output=True, text=True,
        timeout=SECONDS, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr[-2000:]
    rows: list[list[dict[str, Any]]] = json.loads(answer.stdout)
    return rows
