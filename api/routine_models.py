"""What the API says of a home's routine, a week at a time."""

from datetime import date
from typing import Literal

from pydantic import Field

from api.models import Said


class InBoth(Said):
    """A text in both languages."""

    zh: str = Field(examples=["夜里每晚起来 5 次，平时 2 次。"])
    en: str = Field(examples=["Up at night 5 times a night, usually 2."])


class Sentence(InBoth):
    """One thing that is said of a week; ``code`` names it for programs."""

    code: str = Field(examples=["week.night_ups"])


class RoutineDay(Said):
    """A day that is over. ``deviation``: by how many spreads it was livelier than the four weeks before; no alarm."""

    date: date
    deviation: float | None


class RoutineMeasure(Said):
    """One measure week by week, oldest first, the week asked for last; null: too few days are known.

    ``low`` to ``high`` is what weeks here usually are; ``told``: this week lies outside, and a sentence says so.
    """

    code: str = Field(examples=["night_ups"])
    name: InBoth
    weeks: list[float | None]
    usual: float | None
    low: float | None
    high: float | None
    told: bool
    now_said: str | None = Field(description="This week's value as people say it", examples=["7:40"])
    usual_said: str | None


class RoutineWeek(Said):
    """A week of a home: plain sentences, and the numbers of the picture."""

    first: date = Field(description="A Monday")
    last: date
    state: Literal["changed", "usual", "unknown", "unwatched", "crowd"]
    people: int = Field(description="Residents of the home, whom its sensors cannot tell apart")
    known_days: int
    sentences: list[Sentence]
    days: list[RoutineDay]
    measures: list[RoutineMeasure]
