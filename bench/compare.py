"""``python -m bench compare [OLD] NEW``: is a fall detector better, worse, or within noise?

Both are files of rows (``bench fall_tables --json``) or the JSON of ``bench quality falls --json``; without OLD the
committed baseline is the old one. Exit status: 0, 1 when something is worse, 2 for wrong usage or nothing to compare.
"""

import argparse
import sys
from pathlib import Path

from bench.falls.outcomes import read_rows
from bench.falls.paired import NOISE, WORSE, changes, verdicts
from bench.recordings import NotARecording

BASELINE = Path(__file__).parent / "baselines" / "falls.json"


def main(arguments: list[str]) -> int:
    """Compare and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench compare", description="Better, worse or within noise.")
    parser.add_argument("old_new", nargs="+", type=Path, metavar="[OLD] NEW", help="the baseline is the default OLD")
    parser.add_argument("--all", action="store_true", help="also print what is within noise")
    given = parser.parse_args(arguments)
    if len(given.old_new) > 2:
        parser.error("two files at most: OLD and NEW")
    old_path, new_path = given.old_new if len(given.old_new) == 2 else (BASELINE, given.old_new[0])
    try:
        old, new = read_rows(old_path), read_rows(new_path)
    except NotARecording as error:
        print(f"compare: {error}", file=sys.stderr)
        return 2
    both = [key for key in old if key in new]
    if not both:
        print(f"compare: {old_path} and {new_path} have no row in common.", file=sys.stderr)
        return 2
    found = [(key, change) for key in both for change in changes(old[key], new[key])]
    said = verdicts([change for _, change in found])
    for (key, change), verdict in zip(found, said, strict=True):
        if verdict != NOISE or given.all:
            told = "the same records" if change.paired else "other records"
            print(
                f"{verdict:12}  {change.measure:19} {change.old:6.2f} -> {change.new:6.2f}  p {change.p:.2g}  "
                f"{key.split}, {key.method}, {key.file}, {key.position} ({told})"
            )
    counts = {word: said.count(word) for word in dict.fromkeys(said)}
    print(f"{len(both)} rows, {len(found)} figures: " + ", ".join(f"{n} {word}" for word, n in counts.items()))
    lone = len(old) + len(new) - 2 * len(both)
    if lone:
        print(f"{lone} rows stand in one of the two only and are not compared.")
    return 1 if WORSE in said else 0
