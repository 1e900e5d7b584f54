"""The facts of a week in plain sentences, Chinese and English: what changed, what stood out, what could not be known.

A sentence is told only of what was otherwise; where nothing was, that is the sentence. Numbers are as people say them:
times with at most one decimal, a time of day by the clock, days out of the days that are known.
"""

import json
from functools import cache
from importlib import resources

from api.present import Plain
from api.routine import Told
from detectors.routine_week import DAYS_LEAST, WEEK_DAYS, WEEKS_LEAST, Change, WeekReport

LANGUAGES = ("zh", "en")
#: In a home of two both are watched together; of more nobody can say whose nights and ways a sensor saw.
PEOPLE_MOST = 2
#: Parts of the day that can stand out (detectors.routine_days) -> their word.
_PARTS = {1: "morning", 2: "afternoon"}
#: From here on one decimal more is noise.
_WHOLE_FROM = 10


@cache
def words(lang: str) -> dict[str, str]:
    """Return the words of a language by code."""
    told: dict[str, str] = json.loads(resources.files("api").joinpath(f"words/routine.{lang}.json").read_text("utf-8"))
    return told


def said(code: str, **fill: object) -> Plain:
    """Return a sentence in both languages. A ``weekday`` is filled in by its own word."""
    texts = {}
    for lang in LANGUAGES:
        filled = dict(fill)
        if "weekday" in filled:
            filled["weekday"] = words(lang)[f"weekday.{filled['weekday']}"]
        texts[lang] = words(lang)[code].format(**filled)
    return {"code": code, **texts}


def state_of(told: Told, people: int) -> str:
    """Return what kind of week it was."""
    if not told.heard:
        return "unwatched"
    if people > PEOPLE_MOST:
        return "crowd"
    if not told.facts.known:
        return "unknown"
    return "changed" if told.facts.changes or told.facts.lively else "usual"


def sentences(told: Told, people: int) -> list[Plain]:
    """Return what is to be said of a week, the most telling first."""
    state, facts = state_of(told, people), told.facts
    if state == "unwatched":
        return [said("unwatched")]
    if state == "crowd":
        return [said("crowd", people=people)]
    found: list[Plain] = []
    if state == "unknown":
        found.append(_unknown(facts))
    elif state == "usual":
        found.append(said("nothing"))
    else:
        found += [_changed(change) for change in facts.changes]
        found += [
            said(f"lively.{_PARTS[each.part]}", weekday=(each.day + 3) % WEEK_DAYS)  # day 0 was a Thursday
            for each in facts.lively
        ]
    found += [said(f"silent.{room}") for room in facts.silent]
    found += [said(f"days.{why}", n=count) for why, count in facts.unknown_days.items()]
    if people > 1:
        found.append(said("shared", people=people))
    return found


def _unknown(facts: WeekReport) -> Plain:
    if facts.known_days < DAYS_LEAST:
        return said("unknown.days", known=facts.known_days, least=DAYS_LEAST)
    return said("unknown.weeks", known=facts.usual_weeks, least=WEEKS_LEAST)


def _changed(change: Change) -> Plain:
    code = f"{change.span}.{change.measure}"
    if change.measure != "out":
        return said(code, now=number(change.measure, change.now), usual=number(change.measure, change.usual))
    days = change.days if change.span == "week" else WEEK_DAYS
    return said(code, now=round(change.now * days), usual=round(change.usual * days), days=days)


def number(measure: str, value: float) -> str:
    """Return a measure's value as people say it."""
    if measure == "up_minute":
        minute = round(value)
        return f"{minute // 60}:{minute % 60:02d}"
    if value >= _WHOLE_FROM or measure == "night_minutes":
        return str(round(value))
    return f"{value:.1f}".removesuffix(".0")
