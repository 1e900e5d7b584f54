"""``python -m bench fall_tables PATH...``: our detector beside the published ones, on whom nobody tuned to.

Plays recordings in the common form by every split, method and surrogate; prints Markdown, and writes it between the
marks of a document (``--write``), the rows as JSON (``--json``), and the committed baseline (``--baseline``). What was
played stands in a folder (``--cache``), so that a run that was broken off goes on, and ``--only`` shares the work among
processes.
"""

import argparse
import platform
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from bench.compare import BASELINE
from bench.falls import markdown
from bench.falls.goals import goals
from bench.falls.measure import DAYS, FIXED_SPLIT, PLAIN, UNKNOWN, Bench, Cell
from bench.falls.outcomes import SHIPPED, Key, Told, write_rows
from bench.falls.splits import DATA_SET, NURSES, PERSON, POSITION, by_data_set, by_person, by_position
from bench.falls.surrogates import SURROGATES
from bench.recordings import NotARecording, read_records, recording_files

#: The published methods that are measured; all in the JSON, those of markdown.SHOWN in the tables.
FIXED_NAMES = ("threshold", "bourke2007", "bourke", "kangas1", "kangas2", "kangas3")
LEARNED_NAMES = ("sisfall", "forest")
PARTS = ("fixed", "shipped", "learned", "person", "days", "set", "position", "surrogates", "unknown", "left_out_days")
BEGIN, END = "<!-- measured: begin (python -m bench fall_tables) -->", "<!-- measured: end -->"
#: The surrogate under which wrist falls and the recorded free living belong together, and the slow maker's.
_CHEAP, _SLOW = "as 2 g, 32 Hz", "as 20 Hz"
#: One person in so many was set aside by name before anything was tuned.
_ASIDE = 5


def main(arguments: list[str]) -> int:
    """Measure, print and write; return the exit status: 0, or 2 for a file that is no recording."""
    parser = argparse.ArgumentParser(prog="python -m bench fall_tables", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--cache", type=Path, required=True, metavar="FOLDER", help="where outcomes are kept")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure these parts alone; may be repeated")
    parser.add_argument("--known", action="store_true", help="play nothing: tables of what is known by now")
    parser.add_argument("--fold-models", type=Path, metavar="FOLDER", help="models of the splits, trained before")
    parser.add_argument("--write", type=Path, metavar="DOCUMENT", help="replace what stands between the marks")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all rows")
    parser.add_argument("--baseline", action="store_true", help=f"write our rows to {BASELINE.name}")
    given = parser.parse_args(arguments)
    try:
        records = [record for file in recording_files(given.paths) for record in read_records(file)]
    except NotARecording as error:
        print(f"fall_tables: {error}", file=sys.stderr)
        return 2
    bench = Bench(records, given.cache, given.fold_models, known=given.known)
    cells = [cell for cell in _cells(bench, given.only or PARTS) if cell.told]
    text = "\n".join(_document(cells))
    print(text)
    found = markdown.rows(cells)
    about = {"commit": _commit(), "machine": f"{platform.machine()}, Python {platform.python_version()}"}
    if given.json:
        write_rows(given.json, found.values(), about)
    if given.baseline:
        write_rows(BASELINE, [row for key, row in found.items() if key.method == "ours"], about)
    if given.write:
        _write(given.write, text)
    return 0


def _cells(bench: Bench, parts: Sequence[str]) -> Iterator[Cell]:
    if "fixed" in parts:
        yield from bench.fixed(FIXED_NAMES, (PLAIN, *SURROGATES))
    if "shipped" in parts:
        yield from bench.shipped((PLAIN, DAYS, UNKNOWN))
    if "learned" in parts:
        for held in by_person(bench.records):
            yield from bench.held(held, LEARNED_NAMES, (PLAIN, _CHEAP, _SLOW))
        for held in chain(by_data_set(bench.records), by_position(bench.records)):
            yield from bench.held(held, LEARNED_NAMES, (PLAIN, _CHEAP))
    for part, split, variants in (
        ("person", by_person, (PLAIN, _CHEAP)),
        ("days", by_person, (DAYS,)),
        ("set", by_data_set, (PLAIN, _CHEAP, _SLOW)),
        ("position", by_position, (PLAIN, _CHEAP)),
        ("surrogates", by_person, tuple(name for name in SURROGATES if name != _CHEAP)),
        ("unknown", by_person, (UNKNOWN,)),
        ("left_out_days", by_data_set, (DAYS,)),
    ):
        if part in parts:
            for held in split(bench.records):
                yield from bench.held(held, ("ours",), variants)


def _document(cells: list[Cell]) -> Iterator[str]:
    """Yield the lines of the tables."""
    found = markdown.rows(cells)
    surrogate = re.compile("|".join(map(re.escape, SURROGATES)))

    def of(split: str, *, plain: bool = True, untold: bool = False) -> Callable[[Key], bool]:
        return lambda key: (
            key.split in ((split, FIXED_SPLIT) if split != SHIPPED else (split,))
            and (surrogate.search(key.file) is None) == plain
            and key.position.endswith("not told") == untold
        )

    mine = [cell for cell in cells if cell.method == "ours"]
    by_people = [cell for cell in mine if cell.split == PERSON and cell.variant == ""]
    yield from ("### Beside the goals", "", *goals(found), "")
    yield from ("### Five folds by person: nobody judged was learned from", "", *markdown.trials(found, of(PERSON)), "")
    yield from (*markdown.living(found, of(PERSON)), "")
    aside = markdown.rows([replace(cell, told=tuple(filter(set_aside, cell.told))) for cell in cells])
    yield from ("### The same, of the people set aside", "", *markdown.trials(aside, of(PERSON), markdown.BEST), "")
    yield from (*markdown.trials(aside, of(PERSON, plain=False), ("ours",)), "")
    surrogates = markdown.trials(found, of(PERSON, plain=False), markdown.BEST)
    yield from ("### Surrogates, by the same five folds", "", *surrogates, "")
    for split in (DATA_SET, POSITION):
        only = {key: row for key, row in found.items() if key.split == split}
        if only:
            yield from (f"### {split[0].upper()}{split[1:]}", "", *markdown.trials(only, of(split)), "")
            yield from (*markdown.living(only, of(split)), "")
            yield from (*markdown.trials(only, of(split, plain=False)), "")
    yield from (
        "### Position not told, five folds by person",
        "",
        *markdown.trials(found, of(PERSON, untold=True), ("ours",)),
        "",
    )
    yield from (*markdown.living(found, of(PERSON, untold=True), ("ours",)), "")
    yield from ("### By age, five folds by person", "", *markdown.people(by_people, lambda one: one.group), "")
    yield from ("### By sex, where it is given", "", *markdown.people(by_people, lambda one: one.sex), "")
    yield from ("### Where it fails, five folds by person", "", *markdown.failures(by_people), "")
    yield from (
        "### In-sample: the shipped model on what it learned from",
        "",
        *markdown.trials(found, of(SHIPPED)),
        "",
    )
    yield from (*markdown.living(found, of(SHIPPED), ("ours",)), "")


def set_aside(one: Told) -> bool:
    """Whether a record's person was set aside, whatever the surrogate."""
    file = one.file.split(".npz")[0] + ".npz"
    return not file.startswith(NURSES) and zlib.crc32(f"{file}/{one.subject}".encode()) % _ASIDE == 0


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(asked, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() or "unknown"


def _write(document: Path, text: str) -> None:
    """Put the tables between the marks. Raises ValueError when the document has none."""
    whole = document.read_text()
    if BEGIN not in whole or END not in whole:
        raise ValueError(f"{document} has no marks {BEGIN} and {END}.")
    head, tail = whole.split(BEGIN)[0], whole.split(END)[1]
    document.write_text(f"{head}{BEGIN}\n\n{text}\n{END}{tail}")
