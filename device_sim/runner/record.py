"""What is kept of a run: a JSON file that a report is made of, and that a later run is compared with.

All times are microseconds since 1970 UTC of the play's world, except where a name says wall.
"""

from enum import StrEnum
from pathlib import Path

import msgspec

from schemas.errors import Unavailable

#: Rises with every change that an older reader would misread.
SCHEMA = 1


class Verdict(StrEnum):
    """What came of one expectation."""

    RAISED = "raised"  # as it must be
    LATE = "late"  # raised, but later than it must be
    MISSED = "missed"
    QUIET = "quiet"  # not raised, as it must not be
    WRONG = "wrong"  # raised though it must not be
    OPEN = "open"  # the run was ended before it could be told
    EMPTY = "empty"  # there is no moment of the play in which it could have been told


GOOD = frozenset({Verdict.RAISED, Verdict.QUIET})


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """One finding as the platform's history tells it: the one that raised an alert, or one that came to it later.

    ``resident`` is a key of the play, or None when the platform named the unit alone; ``told_us`` is when people could
    know of it. ``mild``: the platform itself says that it is to be looked at, not run to.
    """

    alert: str
    finding: str
    kind: str
    unit: str
    resident: str | None
    event_us: int
    told_us: int
    mild: bool = False
    late: bool = False
    again: bool = False  # came to an alert that was open already
    rings: bool = True  # False: so soon after the one before that nobody is told anew
    model: str = ""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation and what came of it. ``reason`` is a sentence (en, zh) for what is not good."""

    key: str
    must: bool
    kind: str
    resident: str
    event_us: int
    from_us: int
    until_us: int
    within_s: float | None
    why: str
    verdict: Verdict
    raised: tuple[Occurrence, ...] = ()  # the first is the one that counts
    reason: dict[str, str] = {}

    @property
    def wait_s(self) -> float | None:
        """Seconds from when it truly happened to when people could know; None where nothing was raised."""
        return (self.raised[0].told_us - self.event_us) / 1e6 if self.raised else None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the file let happen."""

    resident: str
    from_us: int
    until_us: int
    said: dict[str, str]


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """When one sensor told of something: bits of ``step_s`` from the play's start on, zlib, base64."""

    name: str
    bits: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the play."""

    key: str
    name: str
    unit: str


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One play and what came of it."""

    id: str
    title: dict[str, str]
    seed: int
    mark: str
    start_us: int
    end_us: int
    played_us: int  # how far it was played
    timezone: str
    moved: bool  # it started on another date than its file says
    later_us: int = 0  # so much later
    residents: tuple[Person, ...]
    judged: tuple[Judged, ...]
    wrongly: tuple[Occurrence, ...]  # loud, and nobody expected it; also what broke a must-not
    doubles: tuple[Occurrence, ...]  # loud, and people had been told of the same thing
    mild: tuple[Occurrence, ...]  # to be looked at, and nobody expected it
    story: tuple[Told, ...] = ()
    step_s: int = 60
    lanes: tuple[Lane, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all came as expected, and nothing else rang."""
        return not self.wrongly and not self.doubles and all(each.verdict in GOOD for each in self.judged)

    @property
    def resident_weeks(self) -> float:
        """How long people were watched over, all together."""
        return len(self.residents) * (self.played_us - self.start_us) / (7 * 86_400 * 1e6)


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one or more scenarios against one platform."""

    schema: int = SCHEMA
    simulator: str  # version
    platform: str  # version, "" where it does not tell
    models: tuple[str, ...]  # of what was found
    simulated: bool  # by a driven clock
    speed: str  # "1", "60", "full"
    wall_began_us: int
    wall_s: float
    setting_up_s: float
    messages: int
    clock_messages: int
    complete: bool  # False: ended early
    scenarios: tuple[Scenario, ...]
    of_the_platform: tuple[str, ...] = ()  # what it raised about its own parts meanwhile
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all of it came as expected."""
        return self.complete and all(each.ok for each in self.scenarios)


def save(run: Run, path: Path) -> None:
    """Write the run as JSON."""
    path.write_text(text(run), encoding="utf-8")


def text(run: Run) -> str:
    """Return the run as JSON."""
    return msgspec.json.format(msgspec.json.encode(run), indent=1).decode() + "\n"


def load(path: Path) -> Run:
    """Read a run. Raises Unavailable with a sentence when the file is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror or error}.") from None
    try:
        run = msgspec.json.decode(data, type=Run)
    except msgspec.DecodeError as error:
        raise Unavailable(f"{path} is no run of `shouwang sim run --out`: {error}.") from None
    if run.schema != SCHEMA:
        raise Unavailable(f"{path} is a run of form {run.schema}; this version reads {SCHEMA}. Run it again.")
    return run
