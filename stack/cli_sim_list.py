"""``shouwang sim list`` and ``shouwang sim check``: which scenarios there are, and what is wrong in a file.

Status 0: all is well; 1: a file has mistakes (each on a line of its own, with its remedy); 2: wrong usage.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from device_sim.scenarios import keys, listing, shelf
from device_sim.scenarios.mistakes import BadScenario

JsonOption = Annotated[bool, typer.Option("--json", help="As JSON on standard output.")]


def list_all(
    files: Annotated[list[str] | None, typer.Argument(help="Ids, lives or files; without any, the library.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List scenarios with what each must raise and what not; those that are named with the keys in them."""
    rows, wrong = [], False
    for name in files or shelf.ids():
        try:
            said = shelf.load(name)
        except BadScenario as bad:
            print(bad, file=sys.stderr)
            wrong = True
        else:
            rows.append({**listing.row(said), **({"keys": keys.keys(said)} if files else {})})
    if as_json:
        print(json.dumps({"scenarios": rows, "lives": list(shelf.lives())}, ensure_ascii=False, indent=1))
    else:
        _print(rows)
    sys.exit(1 if wrong else 0)


def check(files: Annotated[list[Path], typer.Argument(help="Scenario files (.yaml).")]) -> None:
    """Tell every mistake in scenario files, with its line and remedy."""
    wrong = False
    for path in files:
        if not path.is_file():
            raise typer.BadParameter(f"There is no file {path}.")
        try:
            said = shelf.from_text(shelf.read_text(path), str(path))
        except BadScenario as bad:
            print(bad)
            print(f"{path}: {len(bad.mistakes)} to mend.")
            wrong = True
        else:
            print(f"{path}: fine. {listing.sentence(said)}")
    sys.exit(1 if wrong else 0)


def _print(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        musts = [f"{one['kind']} within {one['within']}" for one in row["must"]]
        nots = dict.fromkeys(one["kind"] for one in row["must_not"])
        said = [f"must raise {each}" for each in musts] + [f"must not raise {each}" for each in nots]
        print(f"{row['id']}  ({row['lasts']})")
        print("    " + " · ".join(row["title"].values()))
        print("    " + ("; ".join(said) or "expects nothing"))
        for line in keys.lines(row["keys"]) if "keys" in row else ():
            print(f"    {line}")
