"""The words of an alert's day: of its marks, of what lasted, and what bars and dots mean; as the console says them."""

from stack.explain.day import Day, Mark
from stack.explain.words import Words

_MINUTE_US = 60_000_000


def room_words(room: str, words: Words) -> str:
    """Return what a kind of room is called."""
    return words.said(f"usual.room.{room}")


def mark_words(mark: Mark, day: Day, words: Words) -> str:
    """Return what a mark means, with its hour."""
    key = {"usual": f"usual.by.{day.code}", "limit": "usual.limit", "rang": "usual.rang"}[mark.name]
    return words.said(key, at=day.clock(mark.at_us))


def lasts_words(day: Day, words: Words) -> str:
    """Return what lasted, and how long."""
    minutes = round((day.lasted[1] - day.lasted[0]) / _MINUTE_US)
    return words.said(f"usual.lasts.{day.code}", long=words.length(minutes), min=day.minutes)


def night_words(day: Day, words: Words) -> str:
    """Return how many minutes a night usually has, and how many this one."""
    usual = (day.expected.usual or 0) if day.expected else 0
    told = words.said("usual.by.restless_night", min=usual), words.said("usual.this", min=day.minutes)
    return words.said("reason.join").join(told)


def in_one_sentence(day: Day, words: Words) -> str:
    """Return what the picture shows, for whoever does not see it."""
    parts = [lasts_words(day, words)]
    if day.is_silence and (seen := day.last_seen) is not None:
        room, at_us = seen
        parts.insert(0, words.said("usual.last", at=day.clock(at_us), room=room_words(room, words)))
    if day.is_night and day.expected:
        parts.append(words.said("usual.by.restless_night", min=day.expected.usual or 0))
    parts += [mark_words(mark, day, words) for mark in reversed(day.marks)]
    return words.said("reason.join").join(parts)


def keys(day: Day, words: Words) -> list[str]:
    """Return what lines, bars and dots mean, and what is not known."""
    told = [] if day.lanes else [words.said("usual.empty")]
    known = day.expected
    if known is None:
        return [*told, words.said("usual.key.away" if day.is_empty else "usual.none")]
    if day.is_silence:
        told.append(words.said("usual.key.lively" if known.lively else "usual.young", n=known.days))
        if known.usual is not None and known.limit is not None:
            told.append(words.said("usual.key.lines"))
    elif known.others:
        told.append(words.said("usual.key.nights" if day.is_night else "usual.key.others", n=len(known.others)))
    return told
