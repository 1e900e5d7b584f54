"""Names in JetStream: streams, their subjects, and the key-value buckets."""

import re

_KEY = re.compile("[A-Za-z0-9_-]{1,128}")

READINGS = "READINGS"
FINDINGS = "FINDINGS"
QUARANTINE = "QUARANTINE"

#: Readings of units, one subject a partition; a message is a batch (schemas.reading.encode_batch).
READINGS_ALL = "readings.unit.*"
#: Readings of devices that nobody has bound yet, one subject a device.
UNBOUND_ALL = "readings.unbound.*"
#: Both: what the watcher and the recorder read.
READINGS_AND_UNBOUND = "readings.>"
FINDINGS_ALL = "findings.*"
QUARANTINE_ALL = "quarantine"

#: device -> its bindings by interval, written from the database by the mirror, watched by the gateway.
BINDINGS = "BINDINGS"
#: partition -> the watcher's snapshot.
SNAPSHOTS = "SNAPSHOTS"
#: gateway name -> what its decoders must remember.
DECODERS = "DECODERS"
#: stage name -> schemas.status.StageStatus, written every few seconds by the stage itself.
STATUS = "STATUS"
#: Only in a simulated home: key CLOCK -> schemas.messages.ClockMessage, how far the platform's clock was driven; told
#: on subject CLOCK_TOLD at each step, for those who listen already.
SIMULATED, CLOCK, CLOCK_TOLD = "SIMULATED", "clock", "simulated.clock"
#: unit -> schemas.config.RoutineAsk, by the watcher: what was learnt of the unit is to be read from the database (its
#: rhythm; its everyday habits under the key of habits_of).
ROUTINES = "ROUTINES"
#: unit -> schemas.watch.UnitWatch: how far the detectors know the unit, by the watcher; the API shows it.
WATCHED = "WATCHED"
#: place -> schemas.ladder.Contacts, written from the database at each change; notify reads it without the database.
CONTACTS = "CONTACTS"
#: One key, ALL_TEMPLATES -> schemas.reach.Templates: what administrators have written for messages to say.
TEMPLATES, ALL_TEMPLATES = "TEMPLATES", "all"
#: finding -> schemas.ladder.Case: the alerts that ask for somebody, as notify knew them last.
CASES = "CASES"
#: finding, round, step, recipient, channel -> schemas.ladder.Delivery: whoever makes the key sends.
DELIVERIES = "DELIVERIES"
#: hash of a claim link's token -> schemas.ladder.Link; finding and round -> schemas.ladder.Claim.
LINKS, CLAIMS = "LINKS", "CLAIMS"

RECORDER, WATCHER, DESK, QUARANTINER, NOTIFIER = "recorder", "watcher", "desk", "quarantiner", "notifier"


def key_of(unit: str) -> str:
    """Return a unit as a key of a bucket: as it is, or in hex after ``=`` where it has characters that keys do not."""
    return unit if _KEY.fullmatch(unit) else f"={unit.encode().hex()}"


def habits_of(unit: str) -> str:
    """Return the key in ROUTINES under which the everyday habits of a unit are asked for, beside its rhythm."""
    return f"{key_of(unit)}.habits"


def readings(partition: int) -> str:
    """Return the subject of a partition's readings."""
    return f"readings.unit.{partition:02d}"


def unbound(device: str) -> str:
    """Return the subject of an unbound device's readings."""
    return f"readings.unbound.{device}"


def unbound_device(subject: str) -> str | None:
    """Return the device that ``unbound`` made a subject for; None for any other subject."""
    prefix = unbound("")
    return subject[len(prefix) :] if subject.startswith(prefix) else None


def findings(partition: int) -> str:
    """Return the subject of a partition's findings."""
    return f"findings.{partition:02d}"
