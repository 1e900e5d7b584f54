"""What a recipient is told: one JSON body, the sentence in it in Chinese and in English."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts import flood, naming
from alerts.wording import DEFAULTS, say, written
from notify.channels import Told
from notify.gather import Item
from schemas.ladder import Case, Contacts, Delivery, Ladder, Lang


def told(
    case: Case,
    delivery: Delivery,
    contacts: Contacts,
    ladder: Ladder,
    claim: str | None,
    templates: Mapping[str, str] = {},
) -> Told:
    """Return what is sent. ``ladder`` is what the case walks; ``claim`` the link that says "I am going", if any."""
    calls = ladder.calls
    call = calls[delivery.step % len(calls)] if calls else None
    said = body(case, delivery, contacts, ladder, claim, templates)
    lang = call.lang if call is not None else Lang.BOTH
    texts = [said["text"][each] for each in ("zh", "en") if lang in (each, Lang.BOTH)]
    what = naming.what(case.kind, case.code)
    return Told(
        body=said,
        title=f"{what[lang is Lang.EN]} {said['resident']['name']}",
        text="\n".join([*texts, *([claim] if claim else [])]),
        severity=case.severity,
        thread=case.alert,
        link=claim,
    )


def body(
    case: Case,
    delivery: Delivery,
    contacts: Contacts,
    ladder: Ladder,
    claim: str | None,
    templates: Mapping[str, str] = {},
) -> dict[str, Any]:
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
        "text": _text(case, delivery, contacts, name, turn, templates, test=test),
        "claim": claim,
    }


def told_of_many(items: Sequence[Item], timezone: str, lang: Lang, link: str | None) -> Told:
    """Return one message for alerts that came together of one cause; ``link`` claims them all."""
    first = items[0]
    what = naming.what(first.case.kind, first.case.code)
    at_us = min(item.case.event_us for item in items)
    at = datetime.fromtimestamp(at_us / 1e6, ZoneInfo(timezone)).strftime("%H:%M")
    text = flood.summary(what, [item.name for item in items], [item.place for item in items], at)
    again = any(item.delivery.again for item in items)
    text = {"zh": ("【重发】" if again else "") + text["zh"], "en": ("[AGAIN] " if again else "") + text["en"]}
    lines = [text[each] for each in text if lang in (each, Lang.BOTH)]
    together = [item.case.alert for item in items]
    return Told(
        body=first.told.body | {"together": together, "again": again, "text": text, "claim": link},
        title=f"{what[lang is Lang.EN]} × {len(items)}",
        text="\n".join([*lines, *([link] if link else [])]),
        severity=first.case.severity,
        thread=first.case.alert,
        link=link,
    )


def _text(
    case: Case, delivery: Delivery, contacts: Contacts, name: str, turn: int, own: Mapping[str, str], *, test: bool
) -> dict[str, str]:
    at = datetime.fromtimestamp(case.event_us / 1e6, ZoneInfo(contacts.ladder.timezone)).strftime("%H:%M")
    minutes = max(delivery.tried_us - case.event_us, 0) // 60_000_000
    said = {}
    for index, lang in enumerate(DEFAULTS):
        fields = {
            "what": naming.what(case.kind, case.code)[index],
            "who": name,
            "where": contacts.name,
            "time": at,
            "waiting": (f"{minutes} 分钟", f"{minutes} min")[index],
            "severity": naming.severity(case.severity)[index],
            "recipient": delivery.recipient,
        }
        marks = ("[TEST] " if test else "") + (("【重发】", "[AGAIN] ")[index] if delivery.again else "")
        if turn > 1:
            marks += (f"第 {turn} 轮呼叫,仍无人接警。", f"Call {turn}, nobody has gone yet. ")[index]
        text = written(own, case.kind, case.severity, lang)
        if name == contacts.name:  # of a whole place its name is said once
            text = text.replace(",{where}", "").replace(", {where}", "")
        said[lang] = say(text, fields, lang, marks)
    return said
