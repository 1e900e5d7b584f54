"""Finds scenarios: by id in the library that is shipped, or as a file. Reads, lays over the base and checks them."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from device_sim.scenarios import check, layers, read, tree
from device_sim.scenarios.form import Scenario
from device_sim.scenarios.mistakes import BadScenario, Mark, Mistake, instead
from device_sim.scenarios.tree import Map, Text

LIBRARY = Path(str(files("device_sim.scenarios"))) / "library"
#: Lives to be laid under: homes and people to whom nothing out of the ordinary happens.
LIVES = LIBRARY / "lives"
ENDING = ".yaml"


def ids() -> tuple[str, ...]:
    """Return the ids of the library, in order."""
    return tuple(sorted(path.stem for path in LIBRARY.glob(f"*{ENDING}")))


def lives() -> tuple[str, ...]:
    """Return the names of the lives."""
    return tuple(sorted(path.stem for path in LIVES.glob(f"*{ENDING}")))


def load(name: str) -> Scenario:
    """Return the scenario or the life with this id, or in this file. Raises BadScenario with every mistake in it."""
    path = _path(name)
    if path is None:
        remedy = f"{instead(name, (*ids(), *lives()))} A file's name ends in {ENDING}."
        raise BadScenario([Mistake(Mark(name, 1, 1), f"There is no scenario “{name}”.", remedy)])
    return from_text(read_text(path), str(path))


def from_text(text: str, file: str) -> Scenario:
    """Return the scenario in ``text``, which stands in ``file``. Raises BadScenario with every mistake in it."""
    own = tree.parse(text, file)
    try:
        whole, bases = layers.laid(own, str(Path(file).resolve()), _base)
    except BadScenario as bad:
        raise BadScenario([*bad.mistakes, *read.scenario(own, partial=True)[1]]) from None
    made, mistakes = read.scenario(whole, tuple(Path(base).stem for base in bases))
    if made is not None:
        mistakes = mistakes + check.scenario(made)
        shipped = Path(file).resolve().parent in (LIBRARY.resolve(), LIVES.resolve())
        if not shipped and made.id in (*ids(), *lives()):
            remedy = "A result is known by its id for ever: choose another one."
            mistakes.append(Mistake(made.where("id"), f"The id “{made.id}” is the library's.", remedy))
        if shipped and made.id != Path(file).stem:
            remedy = "An id is for ever: rename the file."
            mistakes.append(Mistake(made.where("id"), f"The id “{made.id}” is not the file's name.", remedy))
    if mistakes or made is None:
        raise BadScenario(mistakes)
    return made


def _path(name: str) -> Path | None:
    if name.endswith((ENDING, ".yml")) or "/" in name:
        path = Path(name)
        return path if path.is_file() else None
    return next((path for below in (LIBRARY, LIVES) if (path := below / f"{name}{ENDING}").is_file()), None)


def _base(said: Text) -> tuple[str, Map]:
    """Return the path and the tree of the base that a file names: beside it, in the library, or among the lives."""
    beside = Path(said.mark.file).parent
    tried = [beside / said.value, LIVES / f"{said.value}{ENDING}", LIBRARY / f"{said.value}{ENDING}"]
    path = next((each for each in tried if each.is_file()), None)
    if path is None:
        remedy = f"{instead(said.value, (*lives(), *ids()))} A file beside this one is named with its ending {ENDING}."
        raise BadScenario([Mistake(said.mark, f"There is no base “{said.value}”.", remedy)])
    return str(path.resolve()), _tree(str(path)) if path.parent in (LIBRARY, LIVES) else tree.parse(
        read_text(path), str(path)
    )


@cache
def _tree(path: str) -> Map:
    return tree.parse(read_text(Path(path)), path)


def read_text(path: Path) -> str:
    """Return the text of a file. Raises BadScenario when it is not UTF-8."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        mark = Mark(str(path), data.count(b"\n", 0, error.start) + 1, 1)
        raise BadScenario([Mistake(mark, "The file is not UTF-8.", "Save it as UTF-8.")]) from None
