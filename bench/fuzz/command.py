"""Coverage-guided fuzzing of the decoders: ``python -m bench fuzz FAMILY... --seconds 60`` (``make fuzz``).

libFuzzer (through atheris) keeps what reaches new lines of ``ingest.decoders``. What it changes are sequences of
messages, so that announcements, repeats and what follows them are met in the same run. It fails when an exception
leaves a decoder, a device gets an id that is none, or a message takes more than 5 ms (tried again without the
instruments, which slow everything).
"""

import argparse
import hashlib
import random
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from bench.fuzz import mutating
from bench.fuzz.playing import LONGEST_S, played, slowest
from bench.fuzz.seeds import SEEDS

#: Where what was found stays, so that the next run begins with it.
CORPUS = Path("build/fuzz")
#: Longest sequence as bytes: some messages with an inventory among them.
LONGEST = 20_000
MEMORY_MB = 1500
#: Exit status of wrong usage, and of a machine that cannot.
WRONG = 2


def main(arguments: list[str]) -> int:
    """Fuzz the named families (all where none is named), one after the other; 1 where one failed."""
    parser = argparse.ArgumentParser(prog="bench fuzz", description="Coverage-guided fuzzing of the decoders.")
    parser.add_argument("families", nargs="*", help=f"of {', '.join(sorted(SEEDS))}; none: all")
    parser.add_argument("--seconds", type=int, default=60, help="for each family")
    parser.add_argument("--seed", type=int, default=0, help="0: another each time")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    if unknown := sorted(set(told.families) - set(SEEDS)):
        print(f"bench fuzz: there are no seeds of {', '.join(unknown)}.", file=sys.stderr)
        return WRONG
    if find_spec("atheris") is None:
        print("bench fuzz: atheris is not installed (requirements-fuzz.lock; x86_64 alone).", file=sys.stderr)
        return WRONG
    if told.inside:
        _fuzz(told.families[0], told.seconds, told.seed)
        return 0
    failed = [name for name in told.families or sorted(SEEDS) if not _run(name, told.seconds, told.seed)]
    return 1 if failed else 0


def _run(name: str, seconds: int, seed: int) -> bool:
    """Fuzz one family in a process of its own: libFuzzer ends its process when it has found something."""
    folder = CORPUS / name
    for each in ("corpus", "crashes", "slow"):
        (folder / each).mkdir(parents=True, exist_ok=True)
    for number, messages in enumerate(mutating.sequences(SEEDS[name])):
        (folder / "corpus" / f"seed-{number}").write_bytes(mutating.dumped(messages))
    command = [sys.executable, "-m", "bench", "fuzz", name, "--inside", "--seconds", str(seconds), "--seed", str(seed)]
    with (folder / "log.txt").open("w") as log:
        status = subprocess.run(command, stdout=log, stderr=log, check=False).returncode  # noqa: S603  # ourselves
    text = (folder / "log.txt").read_text(errors="replace")
    slow = [path for path in (folder / "slow").iterdir() if slowest(mutating.loaded(path.read_bytes())) > LONGEST_S]
    progress = [line for line in text.splitlines() if line.startswith("#") and "cov:" in line]
    print(f"{name}: {'ok' if status == 0 and not slow else 'FAILED'}: {progress[-1] if progress else 'nothing ran'}")
    if status != 0:
        print(text[-3000:])
    for path in slow:
        print(f"over {LONGEST_S * 1000:.0f} ms: {path}")
    return status == 0 and not slow


def _fuzz(name: str, seconds: int, seed: int) -> None:
    import atheris  # noqa: PLC0415  # only where it is asked for: x86_64 alone

    with atheris.instrument_imports(include=["ingest.decoders"]):
        import ingest.decoders.families  # noqa: F401, PLC0415  # imported here to be instrumented
    folder = CORPUS / name

    def one(data: bytes) -> None:
        messages = mutating.loaded(data)
        if max(played(messages), default=0.0) > LONGEST_S and slowest(messages) > LONGEST_S:
            (folder / "slow" / hashlib.blake2b(data, digest_size=8).hexdigest()).write_bytes(data)

    def mutate(data: bytes, max_size: int, chance: int) -> bytes:
        rng = random.Random(chance)
        return mutating.dumped(mutating.mutated(mutating.loaded(data), rng, SEEDS[name], atheris.Mutate))[:max_size]

    flags = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-rss_limit_mb={MEMORY_MB}", "-timeout=10"]
    flags += [f"-artifact_prefix={folder / 'crashes'}/", str(folder / "corpus")]
    flags += [f"-seed={seed}"] if seed else []
    atheris.Setup([sys.argv[0], *flags], one, custom_mutator=mutate)
    atheris.Fuzz()
