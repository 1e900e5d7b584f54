"""What a recipient is told: one JSON body, the sentence in it in Chinese and in English."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from notify.channels import Told
from schemas.finding import FindingKind
from schemas.ladder import Case, Contacts, Delivery, Ladder, Lang

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


def told(case: Case, delivery: Delivery, contacts: Contacts, ladder: Ladder, claim: str | None) -> Told:
    """Return what is sent. ``ladder`` is what the case walks; ``claim`` the link that says "I am going", if any."""
    calls = ladder.calls
    call = calls[delivery.step % len(calls)] if calls else None
    said = body(case, delivery, contacts, ladder, claim)
    lang = call.lang if call is not None else Lang.BOTH
    texts = [said["text"][each] for each in ("zh", "en") if lang in (each, Lang.BOTH)]
    what = NAMED.get(case.code, (_ZH.get(case.kind, case.kind), _EN.get(case.kind, case.kind)))
    return Told(
        body=said,
        title=f"{what[lang is Lang.EN]} {said['resident']['name']}",
        text="\n".join([*texts, *([claim] if claim else [])]),
        severity=case.severity,
        thread=case.alert,
        link=claim,
    )


def body(case: Case, delivery: Delivery, contacts: Contacts, ladder: Ladder, claim: str | None) -> dict[str, Any]:
    """Return what is posted as JSON."""
    test = case.resident in contacts.tests
    # What is about a whole place, or nobody is named in, stands under the place's own id.
    unnamed = contacts.name if case.resident == case.unit else case.resident
    name = contacts.residents.get(case.resident, unnamed)
    calls = ladder.calls
    call = calls[delivery.step % len(calls)] if calls else None
    turn = delivery.step // (len(calls) or 1) + 1
    return {
        "alert": case.alert,
        "finding": case.finding,
        "delivery": delivery.key,
        "round": delivery.round,
        "step": call.person + 1 if call is not None else delivery.step + 1,
        "steps": len(ladder.steps) or 1,
        "way": call.way + 1 if call is not None else 1,
        "turn": turn,
        "recipient": delivery.recipient,
        "again": delivery.again,
        "test": test,
        "kind": case.kind,
        "severity": case.severity,
        "resident": {"id": case.resident, "name": name},
        "place": contacts.name,
        "event_time": datetime.fromtimestamp(case.event_us / 1e6, UTC).isoformat().replace("+00:00", "Z"),
        "text": _text(case, delivery, contacts, name, turn, test=test),
        "claim": claim,
    }


def _text(case: Case, delivery: Delivery, contacts: Contacts, name: str, turn: int, *, test: bool) -> dict[str, str]:
    at = datetime.fromtimestamp(case.event_us / 1e6, ZoneInfo(contacts.ladder.timezone)).strftime("%H:%M")
    what_zh, what_en = NAMED.get(case.code, (_ZH.get(case.kind, case.kind), _EN.get(case.kind, case.kind)))
    who = (name,) if name == contacts.name else (name, contacts.name)
    zh = f"{what_zh}:{','.join(who)},{at}。"
    en = f"{what_en}: {', '.join(who)}, at {at}."
    if turn > 1:
        zh, en = f"第 {turn} 轮呼叫,仍无人接警。{zh}", f"Call {turn}, nobody has gone yet. {en}"
    if delivery.again:
        zh, en = f"【重发】{zh}", f"[AGAIN] {en}"
    if test:
        zh, en = f"[TEST] {zh}", f"[TEST] {en}"
    return {"zh": zh, "en": en}
