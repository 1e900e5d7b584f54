"""A scenario in a few words: for lists, for ``sim check``, and as data."""

from typing import Any

from device_sim.scenarios.form import Expected, Scenario
from device_sim.scenarios.moments import DAY_US, HOUR_US, MINUTE_US, SECOND_US

#: When an alert must be there, where the file does not say. A fall is told in seconds (docs/detectors/falls.md: 2.5 to
#: 4.5 s after its impact, up to 15 s when data stop), an unusual silence within the half day that the bench asks for,
#: wandering after two or three rounds (docs/detectors/wandering.md).
WITHIN_US = {
    "fall": 30 * SECOND_US,
    "inactivity": 12 * HOUR_US,
    "wandering": 35 * MINUTE_US,
}
#: Whatever a device itself says (a press, smoke) is told at once.
AT_ONCE_US = 30 * SECOND_US


def within_us(expected: Expected) -> int:
    """Return how long after its event an expected alert may come."""
    return expected.within_us or WITHIN_US.get(expected.kind, AT_ONCE_US)


def about(scenario: Scenario, expected: Expected) -> str:
    """Return the key of the resident that an expectation is about."""
    if expected.who is not None:
        return expected.who
    return next(each.who for each in scenario.happens if each.key == expected.of)


def lasting(us: int) -> str:
    """Return a length of time as people say it: “14 days”, “1 h 30 min”, “45 s”."""
    if us % DAY_US == 0:
        days = us // DAY_US
        return f"{days} day" if days == 1 else f"{days} days"
    parts = []
    for unit, name in ((DAY_US, "d"), (HOUR_US, "h"), (MINUTE_US, "min"), (SECOND_US, "s")):
        count, us = divmod(us, unit)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts) or "0 s"


def row(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as data for a list."""
    musts = [each for each in scenario.expected if each.must]
    nots = [each for each in scenario.expected if not each.must]
    return {
        "id": scenario.id,
        "title": dict(scenario.title),
        "says": dict(scenario.says),
        "seed": scenario.seed,
        "start": scenario.first_day.isoformat(),
        "timezone": scenario.timezone,
        "lasts": lasting(scenario.lasts_us),
        "lasts_s": scenario.lasts_us / SECOND_US,
        "residents": len(scenario.residents),
        "base": list(scenario.bases),
        "must": [
            {
                "kind": each.kind,
                "resident": about(scenario, each),
                "of": each.of,
                "within": lasting(within_us(each)),
                "within_s": within_us(each) / SECOND_US,
                "why": each.why,
            }
            for each in musts
        ],
        "must_not": [
            {"kind": each.kind, "resident": about(scenario, each), "of": each.of, "why": each.why} for each in nots
        ],
    }


def sentence(scenario: Scenario) -> str:
    """Return what is in a scenario in one sentence."""
    musts = sum(each.must for each in scenario.expected)
    return (
        f"“{scenario.id}” lasts {lasting(scenario.lasts_us)} with {_count(len(scenario.residents), 'resident')}; "
        f"{_count(len(scenario.happens), 'event')} and {_count(len(scenario.faults), 'fault')} happen; "
        f"{_count(musts, 'alert')} must be raised, {len(scenario.expected) - musts} must not."
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
