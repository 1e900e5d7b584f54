"""HTML and SVG by small functions: text is escaped wherever it comes from, and both languages stand in the page."""

from collections.abc import Iterable
from html import escape

#: Without content, and so without an end.
_EMPTY = frozenset({"meta", "br", "hr"})


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


Content = Markup | str | int | float | None | Iterable["Content"]


def tag(name: str, /, *content: Content, **attributes: str | float | None) -> Markup:
    """Return an element. An attribute's underscore is a hyphen, one at its end is dropped; None leaves it out."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _EMPTY:
        return Markup(f"<{name}{said}>")
    return Markup(f"<{name}{said}>{inside(*content)}</{name}>")


def inside(*content: Content) -> Markup:
    """Return content as markup."""
    parts: list[Markup] = []
    for each in content:
        if each is None:
            continue
        if isinstance(each, Markup):
            parts.append(each)
        elif isinstance(each, str | int | float):
            parts.append(Markup(escape(_plain(each), quote=False)))
        else:
            parts.append(inside(*each))
    return Markup("".join(parts))


def both(en: str, zh: str, name: str = "span", **attributes: str | float | None) -> Markup:
    """Return the same in both languages; the page shows one."""
    return Markup(tag(name, en, lang="en", **attributes) + tag(name, zh, lang="zh", **attributes))


def said(words: dict[str, str], name: str = "span", **attributes: str | float | None) -> Markup:
    """Return what a record says in both languages, the one it has where it lacks the other."""
    either = next(iter(words.values()), "")
    return both(words.get("en", either), words.get("zh", either), name, **attributes)


def _plain(value: str | float) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
