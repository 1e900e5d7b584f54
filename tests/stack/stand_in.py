"""A stage that only says that it is ready and goes on: ``python -m tests.stack.stand_in NAME --home H --pulse FD``.

With ``H/break-<name>`` it fails at once, as a stage with a defect does. With ``H/hang-<name>`` it spins for ever, as
one with an endless loop in its event loop does; the file goes when it begins.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path


def main() -> int:
    name, home, pulse = sys.argv[1], Path(sys.argv[3]), int(sys.argv[5])
    if (home / f"break-{name}").exists():
        print("the watch spring is broken", flush=True)  # noqa: T201
        return 3
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    (home / "run/ready" / name).touch()
    while name != "prepare" and not stopping:
        with contextlib.suppress(BlockingIOError):
            os.write(pulse, b".")
        if (home / f"hang-{name}").exists():
            (home / f"hang-{name}").unlink()
            while True:
                pass
        time.sleep(0.05)
    return 0


if __name__ == "__main__":
    sys.exit(main())
