"""What happens, in a few words of each language, for the report's picture."""

from device_sim.scenarios.form import Fault, Happening

_SAID_ZH = {
    "falls": "跌倒",
    "stumbles": "绊了一下",
    "catches hold": "差点跌倒，扶住了",
    "picks something up": "弯腰捡东西",
    "sits down hard": "重重坐下",
    "lies down quickly": "一下子躺下",
    "claps": "拍手",
    "drops the device": "设备掉落",
    "takes the device off": "取下设备",
    "collapses": "倒下不动",
    "goes out": "外出",
    "steps out": "出门一下",
    "sleeps in": "睡懒觉",
    "naps": "小睡",
    "presses the button": "按下呼救按钮",
    "has a visitor": "有客人",
    "paces": "来回走动",
    "goes to the market": "去市场",
    "stands at the market": "在市场里站着",
    "walks the dog": "遛狗",
    "rides the bus": "坐公交车",
    "takes the ferry": "坐渡轮",
    "leaves the zone": "走出活动范围",
    "walks in circles": "绕圈走",
    "paces outside": "在街上来回走",
    "wanders about": "漫无目的地走",
    "gets lost": "迷路",
}
_HOW_ZH = {
    "forwards": "向前",
    "backwards": "向后",
    "sideways": "侧向",
    "from a chair": "从椅子上",
    "from bed": "从床上",
    "faints": "晕倒",
    "on stairs": "在楼梯上",
}
_FAULT_ZH = {
    "battery dies": "电池耗尽",
    "falls silent": "设备无声",
    "sticks": "传感器卡住",
    "bridge down": "网关断线",
    "network away": "网络中断",
    "repeats": "消息重复",
}
_ROOM_ZH = {"hall": "门厅", "living room": "客厅", "kitchen": "厨房", "bedroom": "卧室", "bathroom": "浴室"}


def told(each: Happening) -> dict[str, str]:
    """Return what happens in English and Chinese."""
    if each.how == "faints":
        english, chinese = "faints", _HOW_ZH["faints"]
    else:
        english = f"{each.what} {each.how}" if each.how else each.what
        chinese = _HOW_ZH.get(each.how or "", "") + _SAID_ZH[each.what]
    rooms = (each.room,) if each.room else each.between
    if each.between:
        english += f" between {' and '.join(rooms)}"
    elif rooms:
        english += f", {rooms[0]}"
    if rooms:
        chinese += f"（{'、'.join(_ROOM_ZH[room] for room in rooms)}）"
    if each.along is not None:
        english, chinese = f"{english}, with {each.along}", f"{chinese}（{each.along} 同行）"
    return {"en": english, "zh": chinese}


def told_of_fault(each: Fault) -> dict[str, str]:
    """Return what breaks in English and Chinese."""
    english, chinese = f"{each.device or each.home}: {each.what}", _FAULT_ZH[each.what]
    if each.room is not None:
        english, chinese = f"{english}, {each.room}", f"{chinese}（{_ROOM_ZH[each.room]}）"
    return {"en": english, "zh": chinese}
