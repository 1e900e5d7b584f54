"""An alert of a running platform, read from its database here or through its API from elsewhere."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import numpy as np

from api import home_day, present
from api.recorded import AFTER_US, BEFORE_US, around_alert, of_resident
from device_sim.platform import Platform, Refused, from_iso
from schemas.errors import Unavailable
from schemas.finding import Phase, Reason
from stack import addresses, credentials
from stack.explain.day import day_of, is_of_rhythm
from stack.explain.judging import Verdict, judge
from stack.explain.signal import Segment
from stack.explain.told import Explained, Moment, Score
from stack.home import Home
from stack.ports import Ports
from stack.settings import Settings, home_folder, load
from store import alerts, deliveries, devices, people, quiet
from store.pool import LOST, Pool, open_pool
from store.quiet import QuietFinding

_SECOND = 1_000_000
#: Steps of an alert that a stage of the detector stands behind.
_STAGED = ("raised", "staged", "stage")
_UNKNOWN = 404

Json = dict[str, Any]


class NoSuchAlert(Exception):
    """The platform knows no such alert or finding; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the platform says of one alert: in the forms of its API, and where the device was worn at that time."""

    alert: Json
    trace: Json
    position: str | None
    hours: Json | None = None  # of an alert about a home's rhythm; None: another, or of a platform that cannot say


async def from_database(folder: Path | None, wanted: str) -> Kept:
    """Return the alert with this id, or of this finding, or the finding where it raised none.

    Raises Unavailable, NoSuchAlert.
    """
    settings = load(home_folder(folder))
    pool = await open_pool(_dsn(settings))
    try:
        return await _of_database(pool, wanted)
    except LOST as error:
        raise Unavailable(f"The database went away ({error}); call again.") from error
    finally:
        pool.terminate()


def _dsn(settings: Settings) -> str:
    home = Home(settings.home)
    if settings.dsn is None and not home.state.exists():
        raise Unavailable(
            "The platform does not run in this home: start it with `shouwang up`, say another --home, or give --api."
        )
    return settings.dsn or addresses.of(Ports(home), credentials.load(home)).dsn


async def _of_database(pool: Pool, wanted: str) -> Kept:
    found = await alerts.one(pool, wanted)
    if found is None:
        if (silent := await quiet.one(pool, wanted)) is not None:
            return await _of_quiet(pool, silent)
        taken = await deliveries.alerts_of(pool, [wanted])
        found = await alerts.one(pool, taken.get(wanted) or "")
    if found is None:
        raise NoSuchAlert(f"There is no alert and no finding {wanted} here.")
    said = (await present.all_alerts(pool, [found]))[0]
    said["steps"] = [present.step(logged) for logged in await alerts.steps(pool, found.id)]
    now_us = time.time_ns() // 1000
    trace = json.loads(await around_alert(pool, found, now_us))
    hours = await home_day.around_alert(pool, found, now_us) if _is_of_rhythm(said) else None
    return Kept(msgspec.to_builtins(said), trace, await _worn(pool, found.device, found.event_us), hours)


def _is_of_rhythm(alert: Json) -> bool:
    return is_of_rhythm(alert["kind"], [each["code"] for each in alert["evidence"]["reasons"]])


async def _of_quiet(pool: Pool, found: QuietFinding) -> Kept:
    """Return a finding that raised no alert in an alert's form; its only known moment is that of its last stage."""
    said = present.quiet(found)
    who = await people.resident(pool, found.resident)
    said |= {
        "resident": {"name": who.name if who else found.resident},
        "steps": [{"kind": "stage", "at": said["decided_time"], "actor": "platform", "data": {"stage": found.stage}}],
    }
    around = (found.event_us - BEFORE_US, found.event_us + AFTER_US)
    trace = json.loads(await of_resident(pool, found.resident, *around, found.device))
    return Kept(msgspec.to_builtins(said), trace, await _worn(pool, found.device, found.event_us))


async def _worn(pool: Pool, device: str, at_us: int) -> str | None:
    """Return where the device was worn at that time, None when nobody said."""
    positions = [
        binding.position
        for binding in await devices.bindings_of(pool, device)
        if binding.start_us <= at_us and (binding.end_us is None or at_us < binding.end_us)
    ]
    return positions[-1] if positions else None


async def from_api(
    url: str, user: str, password: str, wanted: str, transport: httpx.AsyncBaseTransport | None = None
) -> Kept:
    """Return the alert with this id through the API. Raises Unavailable, Refused, NoSuchAlert."""
    async with Platform(url, user, password, transport) as platform:
        try:
            alert, trace = await platform.alert(wanted), await platform.trace(wanted)
        except Refused as error:
            if error.status != _UNKNOWN:
                raise
            raise NoSuchAlert(f"There is no alert {wanted} at {url}.") from None
        hours = await _hours(platform, alert) if _is_of_rhythm(alert) else None
        known = [each for each in await platform.devices() if each["id"] == alert["device"]]
    binding = (known[0].get("binding") or {}) if known else {}
    return Kept(alert, trace, binding.get("position"), hours)


async def _hours(platform: Platform, alert: Json) -> Json | None:
    try:
        return await platform.day(alert["id"])
    except Refused as error:
        if error.status != _UNKNOWN:
            raise
        return None  # a platform of before there was such a picture


def explained(kept: Kept) -> Explained:
    """Return what can be said of an alert: a fall is also judged again, from the trace that was kept."""
    alert = kept.alert
    event_us = from_iso(alert["event_time"])
    segments = _segments(kept.trace, event_us)
    is_fall = alert["kind"] == "fall"
    verdict = judge(segments, kept.position) if is_fall and alert["evidence"]["features"] else None
    told = tuple(Reason(each["code"], each["values"]) for each in alert["evidence"]["reasons"])
    phases = tuple(
        Phase(each["name"], from_iso(each["start"]), from_iso(each["end"])) for each in alert["evidence"]["phases"]
    )
    place = alert.get("place_name") or alert.get("unit_name")
    source: dict[str, str | int | float] = {
        "alert": alert["id"],
        "resident": alert["resident"]["name"],
        **({"at": place} if place else {}),
        **({"device": alert["device"]} if alert["device"] else {}),
        "event_time": alert["event_time"],
        **({"position": kept.position or "unknown"} if is_fall else {}),
    }
    return Explained(
        source=source,
        kind=alert["kind"],
        stage=alert["stage"],
        event_us=event_us,
        score=_score(alert, verdict),
        course=tuple(_moment(step, event_us) for step in alert["steps"]),
        phases=phases,
        reasons=told,
        features=alert["evidence"]["features"],
        weights=verdict.weights if verdict else None,
        segments=segments,
        day=None
        if kept.hours is None
        else day_of(kept.hours, alert["evidence"].get("expected"), told, phases, alert["stage"]),
    )


def _score(alert: Json, verdict: Verdict | None) -> Score:
    if verdict is None:
        return Score(alert["score"])
    again = round(verdict.probability, 4)
    return Score(alert["score"], verdict.threshold, verdict.place, verdict.model, again)


def _moment(step: Json, event_us: int) -> Moment:
    data = step.get("data") or {}
    stage = data.get("stage") if step["kind"] in _STAGED else None
    at_s = round((from_iso(step["at"]) - event_us) / _SECOND, 1)
    what = "updated" if data.get("update") else step["kind"]
    return Moment(at_s, what, stage, "" if step["actor"] == "platform" else step["actor"])


def _segments(trace: Json, event_us: int) -> list[Segment]:
    made: list[Segment] = []
    for each in trace["segments"]:
        axes = np.column_stack([np.asarray(each[axis], dtype=np.float64) for axis in ("x", "y", "z")])
        if len(axes):
            start_s = (from_iso(each["start"]) - event_us) / _SECOND
            made.append(Segment(start_s + np.arange(len(axes)) / each["rate_hz"], axes))
    return made
