"""A scenario of many ordinary homes, as text: what a month of a small district is measured with."""

import random

#: How people live: walking, wake and sleep (minutes after midnight, in the middle), outings.
_LIVES = (("free", 380, 1300, 4), ("stick", 405, 1290, 2), ("frame", 430, 1270, 0))
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def scenario(homes: int, days: int, seed: int = 1) -> str:
    """Return a scenario file of ``homes`` homes of one person each, with the standard sensors, over ``days``."""
    rng = random.Random(seed)
    lines = [
        f"id: month-of-{homes}-homes",
        f"title: {{en: {days} days of {homes} homes, zh: {homes}户{days}天}}",
        "says: {en: Ordinary lives, zh: 平常的生活}",
        f"seed: {seed}",
        "start: 2026-03-02 00:00",
        f"lasts: {days} days",
    ]
    names = [f"h{n:02d}" for n in range(homes)]
    lines += ["places:"] + [
        f"  {name}: {{name: Home {name}, rooms: [hall, living room, kitchen, bedroom, bathroom]}}" for name in names
    ]
    lines += ["residents:"]
    for name in names:
        mobility, wakes, sleeps, outings = rng.choice(_LIVES)
        lines += [
            f"  p-{name}:",
            f"    name: Resident {name}",
            f"    home: {name}",
            f"    mobility: {mobility}",
            f"    wakes: {_clock(wakes + rng.randint(-40, 40))}",
            f"    sleeps: {_clock(sleeps + rng.randint(-40, 40))}",
        ]
        if outings:
            chosen = ", ".join(sorted(rng.sample(_WEEKDAYS, outings), key=_WEEKDAYS.index))
            at = _clock(rng.randint(8 * 60, 10 * 60))
            lines += ["    outings:", f"      - {{what: goes out, days: [{chosen}], at: '{at}', for: 50 min}}"]
        else:
            lines += ["    outings: none"]
    lines += ["devices:"] + [f"  s-{name}: {{kind: sensors, at: {name}}}" for name in names]
    return "\n".join(lines) + "\n"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
