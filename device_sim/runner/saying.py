"""Lengths and moments of time in words, for people."""

from datetime import datetime
from zoneinfo import ZoneInfo

_WEEK_S = 7 * 86_400
#: A week in which summer time begins or ends is so much shorter or longer.
_SUMMER_S = 3600
_UNITS = {"en": (" s", " min", " h", " days"), "zh": (" 秒", " 分钟", " 小时", " 天")}


def duration(seconds: float, language: str = "en") -> str:
    """Return a length of time as people say it: two figures or so, in the unit that suits."""
    second, minute, hour, day = _UNITS[language]
    size = abs(seconds)
    if size < 90:
        return f"{seconds:.2g}{second}" if size < 10 else f"{seconds:.0f}{second}"
    if size < 90 * 60:
        return f"{seconds / 60:.1f}".removesuffix(".0") + minute
    if size < 48 * 3600:
        return f"{seconds / 3600:.1f}".removesuffix(".0") + hour
    return f"{seconds / 86_400:.1f}".removesuffix(".0") + day


def moment(at_us: int, timezone: str, start_us: int | None = None) -> str:
    """Return a moment by the clocks of its place; with ``start_us`` also which day of the play it is."""
    zone = ZoneInfo(timezone)
    local = datetime.fromtimestamp(at_us / 1e6, zone)
    said = f"{local:%a %Y-%m-%d %H:%M:%S}".removesuffix(":00")
    if start_us is None:
        return said
    day = (local.date() - datetime.fromtimestamp(start_us / 1e6, zone).date()).days + 1
    return f"day {day}, {said}"


def shift(later_us: int, language: str = "en") -> str:
    """Return by how much something was moved, in weeks where it is whole weeks or nearly (summer time)."""
    size_s, later = abs(later_us) / 1e6, later_us >= 0
    weeks, rest_s = divmod(size_s + _SUMMER_S, _WEEK_S)
    if weeks and rest_s <= 2 * _SUMMER_S:
        said = f"{weeks:.0f} {'周' if language == 'zh' else 'weeks' if weeks > 1 else 'week'}"
    else:
        said = duration(size_s, language)
    if language == "zh":
        return f"{'晚' if later else '早'} {said}"
    return f"{said} {'later' if later else 'earlier'}"
