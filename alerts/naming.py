"""What an alert is called on a telephone, in Chinese and in English; the console's words say the same."""

from schemas.alert import Severity
from schemas.finding import FindingKind

_ZH = {
    FindingKind.FALL: "跌倒",
    FindingKind.SOS: "呼救",
    FindingKind.INACTIVITY: "久无活动",
    FindingKind.ROUTINE: "与平日不同",
    FindingKind.WANDERING: "走失风险",
    FindingKind.SMOKE: "烟雾报警",
    FindingKind.GAS: "燃气报警",
    FindingKind.WATER_LEAK: "漏水",
    FindingKind.PLATFORM: "平台故障",
}
_EN = {
    FindingKind.FALL: "Fall",
    FindingKind.SOS: "Call for help",
    FindingKind.INACTIVITY: "No movement",
    FindingKind.ROUTINE: "Unlike other days",
    FindingKind.WANDERING: "Wandering",
    FindingKind.SMOKE: "Smoke",
    FindingKind.GAS: "Gas or carbon monoxide",
    FindingKind.WATER_LEAK: "Water leak",
    FindingKind.PLATFORM: "Platform fault",
}
#: Reasons that name what was missed better than the kind does: reason -> Chinese, English; as the console names it.
NAMED = {
    "nobody_watches": ("无人值守", "Nobody watches"),
    "no_sound_armed": ("值守屏没开声音", "No sound armed"),
    "not_up": ("还没起床", "Not up yet"),
    "long_in_bathroom": ("久在浴室未出", "Long in the bathroom"),
    "not_back_in_bed": ("夜间离床未归", "Out of bed, not back"),
    "no_meal": ("未见进餐", "No meal seen"),
    "restless_night": ("夜间不安", "Restless night"),
    "away": ("出门后久无动静", "No movement since the door"),
    "sensors_dead": ("看不到家中情况", "Home cannot be seen"),
    "stirs_while_away": ("外出期间家中有动静", "Signs of life while away"),
    "still_while_away": ("进门后没有动静", "Came in, then still"),
    "sensor_quiet": ("传感器没有动静", "Sensor gone quiet"),
    "left_zone": ("走出活动区域", "Outside the area"),
    "far_from_known": ("到了陌生的地方", "At an unknown place"),
    "lost_there": ("可能迷路", "Perhaps lost"),
    "out_at_unusual_hour": ("不寻常的时间外出", "Out at an unusual hour"),
    "no_position": ("收不到位置", "No position any more"),
    "at_exit_door": ("在外门徘徊", "At the outer door"),
    "stands_at_door": ("在外门徘徊", "At the outer door"),
}
_SEVERITY = {Severity.HIGH: ("高", "high"), Severity.MEDIUM: ("中", "medium"), Severity.LOW: ("低", "low")}


def what(kind: FindingKind, code: str = "") -> tuple[str, str]:
    """Return what happened, in Chinese and in English; ``code`` is the alert's first reason."""
    return NAMED.get(code, (_ZH.get(kind, kind), _EN.get(kind, kind)))


def severity(of: Severity) -> tuple[str, str]:
    """Return the word for a severity, in Chinese and in English."""
    return _SEVERITY[of]
