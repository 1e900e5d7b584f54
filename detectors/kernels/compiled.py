"""Compiles a kernel once for a machine and keeps it beside the code, so that no stage ever waits for a compiler.

An entry (``kernel``) names the types it is called with, so it is compiled, or loaded, when its module is imported and
never in the middle of a stream; other types are refused with a TypeError. What entries call is a ``part``.

No fastmath: a sum is added up in the order in which it is written, and NaN stays NaN. So a kernel gives the same bits
alone and in a batch, here and on another processor; and nothing here asks whether an index lies inside its array, so
who calls an entry makes sure that it does.
"""

import hashlib
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

import numba
from numba import config, types

F = TypeVar("F", bound=Callable[..., Any])

_HERE = Path(__file__).resolve().parent
#: What comes back is called as what was given, whatever numba's own types say.
_njit: Any = numba.njit
_config: Any = config
#: As numpy counts: a division by zero is infinite, and no test for it stands in a loop.
_MODEL = "numpy"


def part(function: F) -> F:
    """Return a function that kernels may call; it is compiled with them."""
    made: F = _njit(error_model=_MODEL)(function)
    return made


def kernel(*taken: types.Type) -> Callable[[F], F]:
    """Compile a function that takes just these types, or load it as it was compiled before."""

    def compiled(function: F) -> F:
        try:
            return _made(function, taken)
        except Exception:  # what is kept is spoilt (a power cut), or nothing can be written here
            _forget(function)
        try:
            return _made(function, taken)
        except OSError:
            made: F = _njit(taken, error_model=_MODEL)(function)
            return made

    return compiled


def read(item: types.Type, dimensions: int, layout: Literal["C", "A"] = "C") -> Any:
    """Return the type of an array that is only read; ``layout`` A: in any order of memory."""
    return types.Array(item, dimensions, layout, readonly=True)


def written(item: types.Type, dimensions: int) -> Any:
    """Return the type of an array that is written into."""
    return types.Array(item, dimensions, "C")


class BesideTheCode:
    """Where numba keeps what it compiled: in this folder's ``__pycache__``, for as long as no file here changes.

    Numba's own places look at the one file a kernel stands in, and would go on using a part that has changed; and they
    pass over a folder that cannot be written, though all that is needed was put there when the platform was installed.
    """

    def __init__(self, function: Any) -> None:
        self._folder = _HERE / "__pycache__"
        self._py_file = function.__code__.co_filename  # numba's warnings name it

    @classmethod
    def from_function(cls, function: Any, file: str) -> Self | None:
        """Return the place for a kernel of this folder, None for a function from elsewhere."""
        return cls(function) if Path(file).resolve().parent == _HERE else None

    def ensure_cache_path(self) -> None:
        """Make the folder. Raises OSError where that or writing into it is not possible."""
        self._folder.mkdir(exist_ok=True)
        tempfile.TemporaryFile(dir=self._folder).close()

    def get_cache_path(self) -> str:
        """Return the folder."""
        return str(self._folder)

    def get_source_stamp(self) -> str:
        """Return what names the code as it is: any change of it compiles all kernels anew."""
        return _digest()

    def get_disambiguator(self) -> str:
        """Return what tells functions of one name in one file apart: there are none."""
        return "kernel"


def _made(function: F, taken: tuple[types.Type, ...]) -> F:
    before, _config.CACHE_LOCATOR_CLASSES = _config.CACHE_LOCATOR_CLASSES, f"{__name__}.{BesideTheCode.__name__}"
    try:
        made: F = _njit(taken, error_model=_MODEL, cache=True)(function)
        return made
    finally:
        _config.CACHE_LOCATOR_CLASSES = before


def _forget(function: Any) -> None:
    place = BesideTheCode(function)
    module = Path(function.__code__.co_filename).stem
    with suppress(OSError):
        for path in Path(place.get_cache_path()).glob(f"{module}.{function.__name__}-*.nb*"):
            path.unlink()


@cache
def _digest() -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(_HERE.glob("*.py")))).hexdigest()
