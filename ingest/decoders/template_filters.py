"""What filters, functions and tests of a template do: each takes values and returns one, and grows nothing. Pure."""

import math
from collections.abc import Callable
from typing import Any

import msgspec

from ingest.decoders.values import number, truth

#: Longest result, characters, and the largest payload that a template is applied to, bytes.
LONGEST_RESULT, LARGEST_PAYLOAD = 1000, 16_384
#: Numbers beyond are no measurement; and their text would grow.
LARGEST = 1e15


class TemplateRefused(ValueError):
    """A template that is not understood; the message says what of it."""


class Undefined:
    """What is not there: false, empty, and unknown when it is all that there is."""

    def __bool__(self) -> bool:
        return False


UNDEFINED = Undefined()


def said(value: Any) -> str:
    """Return a value as a template puts it out."""
    if value is UNDEFINED:
        return ""
    if isinstance(value, dict | list):
        return msgspec.json.encode(value, enc_hook=_nothing).decode()[: LONGEST_RESULT + 1]
    return str(value)


def _nothing(_: Any) -> None:
    """What is not there, within a list of the template's own."""


def member(of: Any, key: Any) -> Any:
    """Return a member of an object, or an item of a list or text; never an attribute of a Python object."""
    if isinstance(of, dict) and isinstance(key, str):
        return of.get(key, UNDEFINED)
    if isinstance(of, list | str) and isinstance(key, int) and not isinstance(key, bool):
        return of[key] if -len(of) <= key < len(of) else UNDEFINED
    return UNDEFINED


def bounded(text: str) -> str:
    """Return the text. Raises TemplateRefused where it is longer than any payload."""
    if len(text) > LARGEST_PAYLOAD:
        raise TemplateRefused("a text in the template becomes too long")
    return text


def calculated(how: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """Return what arithmetic makes of two numbers; undefined where Python would raise."""
    if not all(isinstance(each, int | float) for each in (left, right)):
        return UNDEFINED
    try:
        found = how(left, right)
    except (ZeroDivisionError, OverflowError):
        return UNDEFINED
    return found if isinstance(found, int | float) and abs(found) < LARGEST else UNDEFINED


def _float(value: Any, default: Any = UNDEFINED) -> Any:
    found = number(value)
    return default if found is None else float(found)


def _int(value: Any, default: Any = UNDEFINED) -> Any:
    found = number(value)
    return default if found is None or abs(found) > LARGEST else int(found)


def _round(value: Any, places: Any = 0) -> Any:
    if not isinstance(value, int | float) or not isinstance(places, int) or not -10 <= places <= 10:
        return UNDEFINED
    found = round(float(value), places)
    return int(found) if places == 0 and math.isfinite(found) and isinstance(value, int) else found


def _default(value: Any, otherwise: Any = "", falsy: Any = False) -> Any:
    return otherwise if value is UNDEFINED or (falsy and not value) else value


def _replace(value: Any, old: Any, new: Any) -> Any:
    if not isinstance(value, str) or not isinstance(old, str) or not isinstance(new, str) or not old:
        return UNDEFINED
    if len(new) > len(old) and len(value) * len(new) > LARGEST_PAYLOAD:
        raise TemplateRefused("replacing makes the text too long")
    return value.replace(old, new)


def _of_text(how: Callable[[str], Any]) -> Callable[..., Any]:
    def apply(value: Any, *_: Any) -> Any:
        return how(value) if isinstance(value, str) else how(said(value)) if value is not UNDEFINED else UNDEFINED

    return apply


def _split(value: Any, by: Any = None) -> Any:
    return value.split(by) if isinstance(value, str) and isinstance(by, str | None) and by != "" else UNDEFINED


def _bool(value: Any, default: Any = UNDEFINED) -> Any:
    found = truth(value)
    return default if found is None else found


def _iif(value: Any, if_true: Any = True, if_false: Any = False, if_none: Any = UNDEFINED) -> Any:
    if value is None and if_none is not UNDEFINED:
        return if_none
    return if_true if value else if_false


def _is_text(*values: Any) -> bool:
    return all(isinstance(each, str) for each in values)


#: name -> what it does, and how many arguments it may have.
FILTERS: dict[str, tuple[Callable[..., Any], int]] = {
    "is_defined": (lambda value: value, 0),
    "float": (_float, 1),
    "int": (_int, 1),
    "round": (_round, 2),
    "abs": (lambda value: abs(value) if isinstance(value, int | float) else UNDEFINED, 0),
    "default": (_default, 2),
    "d": (_default, 2),
    "bool": (_bool, 1),
    "iif": (_iif, 3),
    "string": (_of_text(str), 0),
    "lower": (_of_text(str.lower), 0),
    "upper": (_of_text(str.upper), 0),
    "trim": (_of_text(str.strip), 0),
    "strip": (_of_text(str.strip), 0),
    "title": (_of_text(str.title), 0),
    "capitalize": (_of_text(str.capitalize), 0),
    "replace": (_replace, 2),
    "split": (_split, 1),
    "first": (lambda value: member(value, 0), 0),
    "last": (lambda value: member(value, -1), 0),
    "length": (lambda value: len(value) if isinstance(value, str | list | dict) else UNDEFINED, 0),
    "count": (lambda value: len(value) if isinstance(value, str | list | dict) else UNDEFINED, 0),
    "is_number": (lambda value: number(value) is not None, 0),
    "startswith": (lambda value, begin: _is_text(value, begin) and value.startswith(begin), 1),
    "endswith": (lambda value, end: _is_text(value, end) and value.endswith(end), 1),
    "get": (lambda value, key, otherwise=UNDEFINED: _default(member(value, key), otherwise), 2),
}
METHODS = frozenset({"split", "lower", "upper", "strip", "replace", "startswith", "endswith", "get"})
FUNCTIONS = frozenset({"float", "int", "bool", "iif", "is_number"})
TESTS: dict[str, Callable[[Any], bool]] = {
    "defined": lambda value: value is not UNDEFINED,
    "undefined": lambda value: value is UNDEFINED,
    "none": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "true": lambda value: value is True,
    "false": lambda value: value is False,
    "mapping": lambda value: isinstance(value, dict),
}
