"""From the house's records to what the API says: names beside ids, ISO times, plain dicts.

Plain dicts and not models, because most of them are also sent as server-sent events; the routes' response models check
that the two agree.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from api.live import LivePause, LiveStep
from api.times import iso
from schemas.alert import Alert, Source
from schemas.outcome import LocalOutcome
from schemas.pause import Pause
from schemas.places import Binding
from store import alerts, outcomes, people
from store.absences import Absence
from store.alerts import LoggedStep
from store.grants import Subject
from store.people import Device, Resident
from store.pool import Db
from store.quiet import QuietFinding
from store.setting_changes import SettingChange

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called. An alert may name somebody whose row is missing; it must still be shown."""

    residents: dict[str, Resident]
    places: dict[str, str]
    outcomes: dict[str, LocalOutcome] = field(default_factory=dict)

    def outcome(self, outcome_id: str | None) -> Plain | None:
        """Return an institution's own outcome."""
        known = self.outcomes.get(outcome_id or "")
        return None if known is None else dict(msgspec.to_builtins(known))

    def place(self, place_id: str) -> str:
        """Return a place's name, its id when it has none."""
        return self.places.get(place_id, place_id)

    def person(self, resident_id: str) -> Plain:
        """Return whom an alert is about."""
        known = self.residents.get(resident_id)
        # A sensor at a place speaks for its unit, whose id then stands for the person.
        name = known.name if known else self.place(resident_id)
        return {"id": resident_id, "name": name, "test": bool(known and known.test)}


async def names(db: Db, records: Collection[Alert]) -> Names:
    """Return what these alerts' people and places are called: looked up by id, since an alert's way must stay short."""
    residents = await people.residents_by_ids(db, {record.resident for record in records})
    wanted = {record.unit for record in records} | {record.place for record in records if record.place}
    own = any(record.outcome_local for record in records)
    local = {each.id: each for each in await outcomes.listed(db)} if own else {}
    return Names(residents, await people.place_names(db, wanted), local)


def _iso(us: int | None) -> str | None:
    return None if us is None else iso(us)


def alert(record: Alert, known: Names) -> Plain:
    """Return an alert as the API says it."""
    return {
        "id": record.id,
        "kind": record.kind,
        "severity": record.severity,
        "state": record.state,
        "stage": record.stage,
        "unit": record.unit,
        "unit_name": known.place(record.unit),
        "resident": known.person(record.resident),
        "place": record.place,
        "place_name": known.place(record.place) if record.place else None,
        "device": record.device,
        "event_time": iso(record.event_us),
        "raised_time": iso(record.raised_us),
        "decided_time": iso(record.decided_us or record.event_us),
        "heard_time": iso(record.heard_us) if record.heard_us else None,
        "score": record.score,
        "late": record.late,
        "occurrences": record.occurrences,
        "last_event_time": iso(record.last_event_us or record.event_us),
        "claimed_by": record.claimed_by,
        "claimed_time": _iso(record.claimed_us),
        "due_time": _iso(record.due_us),
        "silent_until_time": _iso(record.silent_until_us),
        "resolved_by": record.resolved_by,
        "resolved_time": _iso(record.resolved_us),
        "outcome": record.outcome,
        "outcome_local": known.outcome(record.outcome_local),
        "note": record.note,
        "closed_time": _iso(record.closed_us),
        "version": record.version,
        "evidence": {
            "phases": phases(record),
            "reasons": [{"code": reason.code, "values": reason.values} for reason in record.evidence.reasons],
            "features": record.evidence.features,
            "expected": _expected(record),
        },
        "sources": [_source(record.sources[key]) for key in record.findings if key in record.sources],
    }


def _source(told: Source) -> Plain:
    return {
        "kind": told.kind,
        "stage": told.stage,
        "device": told.device,
        "model": told.model,
        "event_time": iso(told.event_us),
        "score": told.score,
        "code": told.code,
    }


def quiet(record: QuietFinding) -> Plain:
    """Return what was found and raised no alert."""
    return {
        "id": record.finding,
        "kind": record.kind,
        "stage": record.stage,
        "device": record.device,
        "event_time": iso(record.event_us),
        "decided_time": iso(record.decided_us),
        "score": record.score,
        "model": record.model,
        "evidence": {
            "phases": phases(record),
            "reasons": [{"code": reason.code, "values": reason.values} for reason in record.evidence.reasons],
            "features": record.evidence.features,
            "expected": _expected(record),
        },
    }


def phases(record: Alert | QuietFinding) -> list[Plain]:
    """Return the named parts of the evidence."""
    return [
        {"name": phase.name, "start": iso(phase.start_us), "end": iso(phase.end_us)} for phase in record.evidence.phases
    ]


def _expected(record: Alert | QuietFinding) -> Plain | None:
    known = record.evidence.expected
    if known is None:
        return None
    return {
        "start": iso(known.start_us),
        "rang": iso(known.rang_us),
        "utc_offset_min": known.utc_offset_min,
        "usual": known.usual,
        "limit": known.limit,
        "others": known.others,
        "lively": known.lively,
        "days": known.days,
    }


async def all_alerts(db: Db, records: Sequence[Alert]) -> list[Plain]:
    """Return alerts as the API says them, their names looked up."""
    if not records:
        return []
    known = await names(db, records)
    return [alert(record, known) for record in records]


def step(logged: LoggedStep) -> Plain:
    """Return one row of an alert's history."""
    said = logged.step
    return {"seq": logged.seq, "kind": said.kind, "at": iso(said.at_us), "actor": said.actor, "data": _timed(said.data)}


def _timed(data: Plain) -> Plain:
    """Times in a step's data leave the house as all times do: ``event_us`` as ``event_time``."""
    return {
        f"{key[:-3]}_time" if key.endswith("_us") else key: iso(value) if key.endswith("_us") else value
        for key, value in data.items()
    }


async def live_steps(db: Db, logged: Sequence[LoggedStep]) -> list[LiveStep]:
    """Return steps ready to send, each with its alert as it stands now (``version`` tells which is newer)."""
    if not logged:
        return []
    found = await alerts.by_ids(db, sorted({row.alert for row in logged}))
    known = await names(db, found.values())
    said = {key: alert(record, known) for key, record in found.items()}
    return [
        LiveStep(
            row.seq,
            json_text({"seq": row.seq, "alert": said[row.alert], "step": step(row)}),
            _about(found[row.alert], known),
        )
        for row in logged
    ]


def live_pause(record: Pause, unit: str) -> LivePause:
    """Return who is with a resident who lives in ``unit``, ready to send."""
    data = json_text({"resident": record.resident, "pause": pause(record)})
    return LivePause(data, Subject(resident=record.resident, places=(unit,)))


def _about(record: Alert, known: Names) -> Subject:
    person = known.residents.get(record.resident)
    return Subject(resident=record.resident, places=(record.unit, *([person.unit] if person else [])))


def json_text(value: Any) -> str:
    """Return JSON on one line, names in their own script."""
    return msgspec.json.encode(value).decode()


def resident(record: Resident, unit_name: str) -> Plain:
    """Return a resident."""
    built: Plain = msgspec.to_builtins(record)
    for inner in ("created_us", "config_version", "absent_until_us", "corners"):
        del built[inner]
    return {**built, "unit_name": unit_name, "absent_until": _iso(record.absent_until_us)}


def pause(record: Pause) -> Plain:
    """Return who is with a resident until when."""
    return {
        "resident": record.resident,
        "by": record.by,
        "since": iso(record.since_us),
        "until": iso(record.until_us),
    }


def pause_now(record: Pause | None) -> Plain:
    """Return the same, where nobody may be."""
    return {"pause": None if record is None else pause(record)}


def absence(record: Absence, now_us: int) -> Plain:
    """Return a stretch of time away."""
    return {
        "id": record.id,
        "start": record.start_us,
        "until": record.until_us,
        "note": record.note,
        "set_by": record.set_by,
        "set_time": record.set_us,
        "ended_by": record.ended_by,
        "still_by": record.still_by,
        "still_time": record.still_us,
        "asks": record.asks(now_us),
    }


def change(record: SettingChange) -> Plain:
    """Return who changed a setting, with the times in it as text."""
    data = {
        key.removesuffix("_us"): _iso(value) if key.endswith("_us") else value for key, value in record.data.items()
    }
    return {"time": record.at_us, "actor": record.actor, "what": record.what, "data": data}


def binding(record: Binding | None) -> Plain | None:
    """Return a binding, None for none."""
    if record is None:
        return None
    return {
        "device": record.device,
        "unit": record.unit,
        "resident": record.resident,
        "place": record.place,
        "position": record.position,
        "start": iso(record.start_us),
        "end": _iso(record.end_us),
    }


def device(record: Device) -> Plain:
    """Return a device with who has it now."""
    return {
        "id": record.id,
        "kind": record.kind,
        "label": record.label,
        "position": record.position,
        "battery": record.battery,
        "worn": record.worn,
        "last_seen": _iso(record.seen_us),
        "binding": binding(record.binding),
    }


def devices(records: Iterable[Device]) -> list[Plain]:
    """Return devices."""
    return [device(record) for record in records]
