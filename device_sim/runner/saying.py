"""Lengths of time in words, for people."""

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
