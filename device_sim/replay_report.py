"""What a replay comes home with: per record the alerts it raised, and the totals. Pure."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from device_sim.platform import Json, from_iso

#: The form of the report; rises when a field changes its meaning.
SCHEMA = 1


@dataclass(slots=True)
class Played:
    """One record as it was played: who wore it, when each frame went out, and the alerts seen for that person."""

    index: int
    kind: str
    expected: bool  # a fall, so that exactly one alert is right
    seconds: float
    device: str
    resident: str
    unit: str
    samples: int = 0  # acknowledged by the broker
    complete: bool = False
    sent: list[tuple[int, int]] = field(default_factory=list)  # (date of the frame's end, wall time it was sent)
    alerts: dict[str, Json] = field(default_factory=dict)

    def see(self, alert: Json) -> None:
        """Remember an alert of this person; a later version replaces an earlier one."""
        known = self.alerts.get(alert["id"])
        if known is None or alert["version"] >= known["version"]:
            self.alerts[alert["id"]] = alert

    @property
    def falls_raised(self) -> list[Json]:
        """The alerts that say somebody fell, in the order in which they were raised."""
        falls = [alert for alert in self.alerts.values() if alert["kind"] == "fall"]
        return sorted(falls, key=lambda alert: str(alert["raised_time"]))

    def waits_ms(self) -> list[float]:
        """Milliseconds from sending the frame with the last needed sample to the alert's raising, per alert."""
        found = []
        for alert in self.falls_raised:
            decided_us = from_iso(alert["decided_time"])
            wall_us = next((wall for end, wall in self.sent if decided_us <= end), None)
            if wall_us is not None:
                found.append((from_iso(alert["raised_time"]) - wall_us) / 1000)
        return found


def as_json(file: str, played: list[Played], speed: float) -> dict[str, Any]:
    """Return the whole report, ready for JSON."""
    return {
        "schema": SCHEMA,
        "file": file,
        "speed": speed,
        "records": [_record(one) for one in played],
        "totals": totals(played, timed=speed == 1),
    }


def totals(played: list[Played], *, timed: bool = True) -> dict[str, Any]:
    """Return the counts that a person asks for first; latency only where frames went out in real time (``timed``)."""
    falls = [one for one in played if one.expected]
    others = [one for one in played if not one.expected]
    figures: dict[str, Any] = {
        "records": len(played),
        "incomplete": sum(not one.complete for one in played),
        "falls": len(falls),
        "falls_with_one": sum(len(one.falls_raised) == 1 for one in falls),
        "falls_with_more": sum(len(one.falls_raised) > 1 for one in falls),
        "falls_missed": sum(not one.falls_raised for one in falls),
        "adl": len(others),
        "adl_with_any": sum(bool(one.falls_raised) for one in others),
        "other_alerts": sum(len(one.alerts) - len(one.falls_raised) for one in played),
    }
    waits = [wait for one in played for wait in one.waits_ms()] if timed else []
    if waits:
        median, p99 = np.percentile(waits, [50, 99])
        figures["sent_to_raised_ms"] = {"median": round(float(median), 1), "p99": round(float(p99), 1)}
    return figures


def sentences(figures: dict[str, Any]) -> list[str]:
    """Return the totals as lines for a person."""
    lines = [
        f"falls: {figures['falls_with_one']} of {figures['falls']} raised exactly one alert,"
        f" {figures['falls_with_more']} more than one, {figures['falls_missed']} none",
        f"daily life: {figures['adl_with_any']} of {figures['adl']} raised an alert",
    ]
    if figures["other_alerts"]:
        lines.append(f"alerts of other kinds: {figures['other_alerts']}")
    if figures["incomplete"]:
        lines.append(f"not played to the end: {figures['incomplete']}")
    if wait := figures.get("sent_to_raised_ms"):
        lines.append(f"from the last needed frame sent to the alert: median {wait['median']} ms, p99 {wait['p99']} ms")
    return lines


def _record(one: Played) -> dict[str, Any]:
    return {
        "index": one.index,
        "kind": one.kind,
        "expected": one.expected,
        "seconds": round(one.seconds, 3),
        "device": one.device,
        "resident": one.resident,
        "unit": one.unit,
        "complete": one.complete,
        "alerts": [_alert(alert) for alert in sorted(one.alerts.values(), key=lambda each: str(each["raised_time"]))],
    }


def _alert(alert: Json) -> dict[str, Any]:
    kept = ("id", "kind", "stage", "event_time", "decided_time", "raised_time", "score", "late", "occurrences")
    return {key: alert.get(key) for key in kept}
