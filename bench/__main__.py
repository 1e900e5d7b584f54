"""``python -m bench COMMAND ...``: measure. Each command is a module with ``main(arguments) -> exit status``."""

import sys
from collections.abc import Callable
from importlib import import_module

#: command -> module; a module is imported only when asked for, since some need a browser or servers.
COMMANDS = {
    "compare": "bench.compare",
    "definitions": "bench.definitions.command",
    "desk": "bench.desk.command",
    "fall_tables": "bench.falls.tables",
    "fuzz": "bench.fuzz.command",
    "faults": "bench.faults.run",
    "quality": "bench.quality",
    "soak": "bench.soak",
    "speed": "bench.speed.command",
    "spine": "bench.spine",
    "through_time": "bench.through_time",
    "write_paths": "bench.write_paths",
}
#: Exit status of wrong usage.
WRONG_USAGE = 2


def main(arguments: list[str]) -> int:
    """Run a command; return its exit status."""
    if not arguments or arguments[0] not in COMMANDS:
        asked = arguments[0] if arguments else "nothing"
        print(f"bench: a command is one of {', '.join(COMMANDS)}, not {asked}.", file=sys.stderr)
        return WRONG_USAGE
    run: Callable[[list[str]], int] = import_module(COMMANDS[arguments[0]]).main
    return run(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
