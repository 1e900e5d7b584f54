"""How a person gets about, as far as detectors must know; and what the words of a care plan say of it.

A care plan's words are free, in two languages. Only words that are listed here say anything: of others nothing is
known, and whoever is unknown is watched as one who walks.
"""

from enum import StrEnum


class Mobility(StrEnum):
    """How somebody gets about."""

    UNKNOWN = "unknown"
    WALKS = "walks"  # alone or with a stick
    FRAME = "frame"  # with a walking frame or a rollator
    WHEELCHAIR = "wheelchair"
    BEDBOUND = "bedbound"


#: Words as people and our own pages write them -> what they say. Whole texts, not parts: "no wheelchair any more" is
#: none of them, and says nothing.
_WORDS: dict[Mobility, tuple[str, ...]] = {
    Mobility.WALKS: (
        "walks", "walks alone", "walks without help", "walks with a stick", "walks with a cane", "independent", "cane",
        "stick", "可独立行走", "独立行走", "能独立行走", "拄拐行走", "拄拐", "拐杖",
    ),
    Mobility.FRAME: (
        "frame", "walking frame", "walks with a frame", "walker", "walks with a walker", "rollator", "助行器",
        "用助行器行走", "助行架",
    ),
    Mobility.WHEELCHAIR: ("wheelchair", "uses a wheelchair", "in a wheelchair", "轮椅", "坐轮椅", "使用轮椅"),
    Mobility.BEDBOUND: ("bedbound", "bedridden", "in bed", "confined to bed", "卧床", "长期卧床", "卧床不起"),
}  # fmt: skip
_KNOWN = {word: mobility for mobility, words in _WORDS.items() for word in words}


def mobility_of(words: str | None) -> Mobility:
    """Return what a care plan's words say of how somebody gets about; UNKNOWN for any that are not listed."""
    if words is None:
        return Mobility.UNKNOWN
    plain = " ".join(words.replace("-", " ").replace("_", " ").casefold().split()).rstrip(".。")
    return _KNOWN.get(plain, Mobility.UNKNOWN)
