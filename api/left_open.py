"""What is open at a place now: what one shift must tell the next, found by the system and not by memory."""

from alerts.handover import device_trouble
from api import present
from schemas.alert import Alert, AlertState
from schemas.shift import LeftOpen, OpenKind
from store import absences, alerts, pauses, people
from store.grants import Reach
from store.people import Device, Resident
from store.pool import Db

#: A shift that leaves more has no handover that anybody reads.
_MOST = 200


async def left_open(db: Db, reach: Reach, now_us: int) -> tuple[LeftOpen, ...]:
    """Return what is open within ``reach``: alerts, pauses, who is away, devices that are unwell, what is overdue."""
    lives = {each.id: each for each in await people.residents(db, reach)}
    units = await people.place_names(db, {each.unit for each in lives.values()})
    found = [*await _alerts(db, reach)]
    for each in await pauses.all_current(db, now_us):
        if (who := lives.get(each.resident)) is not None:
            there = _whom(who, units)
            found.append(LeftOpen(what=OpenKind.PAUSE, id=who.id, by=each.by, at_us=each.until_us, **there))
    found += await _away(db, lives, units, now_us)
    found += _devices(await people.devices(db, reach=reach), lives, now_us)
    return tuple(found[:_MOST])


def _whom(found: Resident, units: dict[str, str]) -> dict[str, str]:
    return {"name": found.name, "where": found.room or units.get(found.unit, "")}


async def _alerts(db: Db, reach: Reach) -> list[LeftOpen]:
    found = await alerts.listed(db, status="open", limit=_MOST, reach=reach)
    known = await present.names(db, found)
    return [
        LeftOpen(
            what=OpenKind.HELD if alert.state is AlertState.HELD else OpenKind.ALERT,
            id=alert.id,
            name=known.person(alert.resident)["name"],
            where=known.place(alert.place or alert.unit),
            code=_code(alert),
            by=alert.claimed_by or "",
            severity=alert.severity,
            at_us=alert.due_us if alert.state is AlertState.HELD else alert.raised_us,
        )
        for alert in found
    ]


def _code(alert: Alert) -> str:
    """Return the reason that may name an alert better than its kind does, with the kind."""
    reason = next((each.code for each in alert.evidence.reasons), "")
    return f"{alert.kind}:{reason}" if reason else alert.kind


async def _away(db: Db, lives: dict[str, Resident], units: dict[str, str], now_us: int) -> list[LeftOpen]:
    asks = {each.resident for each in await absences.asking(db, now_us)}
    return [
        LeftOpen(
            what=OpenKind.OVERDUE if each.id in asks else OpenKind.AWAY,
            id=each.id,
            at_us=each.absent_until_us,
            **_whom(each, units),
        )
        for each in lives.values()
        if each.absent_until_us is not None and each.absent_until_us > now_us
    ]


def _devices(found: list[Device], lives: dict[str, Resident], now_us: int) -> list[LeftOpen]:
    left = []
    for each in found:
        if each.binding is None:
            continue
        wearable = each.kind == "wearable"
        code = device_trouble(wearable=wearable, seen_us=each.seen_us, battery=each.battery, now_us=now_us)
        if code is not None:
            who = lives.get(each.binding.resident or "")
            left.append(
                LeftOpen(
                    what=OpenKind.DEVICE,
                    id=each.id,
                    name=each.label or each.id,
                    where=who.name if who else "",
                    code=code,
                    at_us=each.seen_us,
                )
            )
    return left
