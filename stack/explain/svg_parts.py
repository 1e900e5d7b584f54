"""The pieces that every drawing of an explanation is made of."""

from html import escape

#: The width of a picture, px, and the size of its labels.
WIDTH = 960
_LABEL = 13


def wide(text: str) -> float:
    """Return about how wide a label is, px."""
    return sum(_LABEL if ord(char) > 0x2E80 else _LABEL * 0.56 for char in text)


def rect(x: float, y: float, width: float, height: float, fill: str, opacity: float) -> str:
    """Return a rectangle."""
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} style="fill:{fill};fill-opacity:{opacity}"/>'


def lettering(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    """Return a line of text."""
    named = f' class="{style}"' if style else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
