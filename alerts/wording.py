"""What a message says: templates with named fields, by kind, severity and language; short enough for an SMS.

Rules of this file:

- A template is plain text with ``{field}`` in it; nothing else is understood, and nothing is computed. A field that
  does not exist, or a brace that stands alone, is refused when the template is written.
- What must not get lost stands outside of it: the marks ([TEST], again, which turn) before it, the claim link after it.
- The first line says what, who, where and since when, and fits one message; of a long place its end is kept, which is
  the room.
"""

import re
from collections.abc import Mapping

import msgspec

from alerts.policy import LOUDNESS_OF
from schemas.alert import Severity
from schemas.finding import FindingKind

#: Fields and what they are, in Chinese and in English.
FIELDS: dict[str, tuple[str, str]] = {
    "what": ("发生了什么", "what happened"),
    "who": ("谁", "who"),
    "where": ("在哪里", "where"),
    "time": ("几点起", "since when"),
    "waiting": ("已等多久", "for how long it waits"),
    "severity": ("级别", "severity"),
    "recipient": ("发给谁", "who is told"),
}
DEFAULTS = {"zh": "{what}:{who},{where},{time} 起。", "en": "{what}: {who}, {where}, since {time}."}
#: One SMS: 70 signs of UCS-2, 160 of the GSM alphabet.
FIRST_LINE = {"zh": 70, "en": 160}
#: A template that is longer is a letter, and nobody reads it on the way.
LONGEST = 400
#: How much of a place and of a name always stays, signs.
_KEPT = {"where": 8, "who": 6}
_FIELD = re.compile(r"\{([^{}]*)\}")


class Problem(msgspec.Struct, frozen=True):
    """Why a text is no template: a code, and the field it is about."""

    code: str
    field: str = ""


def rings() -> list[tuple[FindingKind, Severity]]:
    """Return the kinds of alerts that call somebody, each with how loud it is."""
    return [(kind, loud) for kind, loud in LOUDNESS_OF.items() if loud is not Severity.LOW]


def key_of(kind: FindingKind, severity: Severity, lang: str) -> str:
    """Return a template's key: ``fall.high.zh``."""
    return f"{kind}.{severity}.{lang}"


def keys() -> list[str]:
    """Return the keys of all templates."""
    return [key_of(kind, severity, lang) for kind, severity in rings() for lang in DEFAULTS]


def written(own: Mapping[str, str], kind: FindingKind, severity: Severity, lang: str) -> str:
    """Return the template that counts: an administrator's own, else ours."""
    return own.get(key_of(kind, severity, lang), DEFAULTS[lang])


def problem(text: str) -> Problem | None:
    """Return why a text is no template, or None."""
    if not text.strip():
        return Problem("empty")
    if len(text) > LONGEST:
        return Problem("too_long")
    for name in _FIELD.findall(text):
        if name not in FIELDS:
            return Problem("unknown_field", name)
    if re.search(r"[{}]", _FIELD.sub("", text)):
        return Problem("stray_brace")
    return None


def fill(text: str, fields: Mapping[str, str]) -> str:
    """Return a template with its fields filled in; one that is missing stays empty, since somebody must be told."""
    return _FIELD.sub(lambda found: fields.get(found[1], ""), text)


def say(text: str, fields: Mapping[str, str], lang: str, marks: str = "") -> str:
    """Return the words of a message: marks, then the template filled so that its first line fits one SMS."""
    short = dict(fields)
    for name, kept in _KEPT.items():
        over = len(_first(marks + fill(text, short))) - FIRST_LINE[lang]
        if over > 0 and len(value := short.get(name, "")) > kept:
            length = max(kept, len(value) - over) - 1
            short[name] = f"…{value[-length:]}" if name == "where" else f"{value[:length]}…"
    said = marks + fill(text, short)
    first = _first(said)
    if len(first) > FIRST_LINE[lang] and fill(text, dict.fromkeys(FIELDS, "")).count("\n") == text.count("\n"):
        return first[: FIRST_LINE[lang] - 1] + "…" + said[len(first) :]
    return said


def _first(text: str) -> str:
    return text.partition("\n")[0]
