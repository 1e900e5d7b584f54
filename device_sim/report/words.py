"""What the page says, in both languages; kinds as the console calls them."""

from device_sim.report.markup import Markup, both
from device_sim.runner.record import Verdict

KINDS = {
    "fall": ("Fall", "跌倒"),
    "inactivity": ("Inactivity", "久无活动"),
    "routine": ("Unlike other days", "与平日不同"),
    "wandering": ("Wandering", "走失"),
    "sos": ("Help call", "呼救"),
    "smoke": ("Smoke", "烟雾"),
    "gas": ("Gas", "燃气"),
    "water_leak": ("Water leak", "漏水"),
    "any": ("Any alarm", "任何警报"),
}
VERDICTS = {
    Verdict.RAISED: ("raised", "已报警"),
    Verdict.LATE: ("raised late", "报警过晚"),
    Verdict.MISSED: ("missed", "漏报"),
    Verdict.QUIET: ("quiet", "未报警"),
    Verdict.WRONG: ("raised wrongly", "误报"),
    Verdict.OPEN: ("not played to it", "未运行到"),
    Verdict.EMPTY: ("without any time", "时段为空"),
}


def kind(name: str) -> Markup:
    """Return a kind of alarm."""
    return both(*KINDS.get(name, (name, name)))


def verdict(which: Verdict) -> Markup:
    """Return a verdict."""
    return both(*VERDICTS[which])


def expected(name: str, *, must: bool) -> Markup:
    """Return what was expected."""
    en, zh = KINDS.get(name, (name, name))
    return both(en, zh) if must else both(f"no {en.lower()}", f"不应报警：{zh}")
