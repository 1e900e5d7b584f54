"""A stage that only says that it is ready: ``python -m tests.stack.stand_in NAME --home H``.

With ``H/break-<name>`` it fails at once, as a stage with a defect does.
"""

import signal
import sys
import time
from pathlib import Path


def main() -> int:
    name, home = sys.argv[1], Path(sys.argv[3])
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
        time.sleep(0.05)
    return 0


if __name__ == "__main__":
    sys.exit(main())
