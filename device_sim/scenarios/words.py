"""The words of a scenario file: what may happen, what may break, and what may be expected. docs/scenarios.md explains.

Words may be written with spaces or hyphens, in any case. A test holds the page to this list.
"""

from dataclasses import dataclass

from device_sim.scenarios.moments import MINUTE_US, SECOND_US

WEARABLE, PHONE, SENSORS = "wearable", "phone", "sensors"
DEVICE_KINDS = (WEARABLE, PHONE, SENSORS)
POSITIONS = ("wrist", "waist", "hip", "pocket", "chest")
PLACE_KINDS = ("home", "ward", "room")
MOBILITIES = {"free": "walks without help", "stick": "walks with a stick", "frame": "walks with a frame"}
NIGHTS = ("calm", "usual", "restless")
SENSITIVITIES = ("calmer", "normal", "keener")
#: Rooms that the world knows how to live in. The bathroom has the toilet, the hall the outer door.
ROOMS = ("hall", "living room", "kitchen", "bedroom", "bathroom")
#: Ranges of common accelerometers, g.
RANGES_G = (2.0, 4.0, 8.0, 16.0)
#: A zone around a home, metres: in less a phone's error leaves it daily, in more nobody is watched by a line on a map
#: (schemas.zone.MOST_M2).
ZONE_M = (50.0, 5000.0)
#: The made-up town reaches about 850 m from a home: out of a wider zone nobody walks.
ZONE_WALKED_M = 600.0

FALL_WAYS = ("forwards", "backwards", "sideways", "from a chair", "from bed", "faints", "on stairs")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: which fields must and may stand beside it, and which devices (one of them) can notice it at all."""

    says: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    seen_by: tuple[str, ...] = ()
    hows: tuple[str, ...] = ()
    lasts_us: int = 0  # how long it is when the file does not say


#: What needs a button among the sensors.
PRESSES = "presses the button"
#: What is over in a moment still takes a body some seconds.
MOMENT_US = 10 * SECOND_US

#: What happens to a resident. Beside ``at``, ``who``, ``what`` and ``key``, which each may have.
HAPPENINGS: dict[str, Word] = {
    "falls": Word(
        "falls, and lies until helped up after `for`", ("how",), ("room", "for"), (WEARABLE,), FALL_WAYS, 5 * MINUTE_US
    ),
    "stumbles": Word("trips and catches themselves", seen_by=(WEARABLE,), lasts_us=MOMENT_US),
    "catches hold": Word("nearly falls, and catches hold of something", seen_by=(WEARABLE,), lasts_us=MOMENT_US),
    "picks something up": Word("bends down to the floor and comes up", seen_by=(WEARABLE,), lasts_us=MOMENT_US),
    "sits down hard": Word("drops into a chair", seen_by=(WEARABLE,), lasts_us=MOMENT_US),
    "lies down quickly": Word("throws themselves onto the bed", seen_by=(WEARABLE,), lasts_us=MOMENT_US),
    "claps": Word("claps hands for some seconds", seen_by=(WEARABLE,), lasts_us=MOMENT_US),
    "drops the device": Word(
        "takes the device off and drops it on the floor", (), ("for",), (WEARABLE,), lasts_us=2 * MINUTE_US
    ),
    "takes the device off": Word("lays the device on the table for so long", ("for",), (), (WEARABLE,)),
    "collapses": Word("lies still in a room until found after `for`", ("room", "for"), (), (SENSORS,)),
    "goes out": Word("leaves by the outer door for so long", ("for",), ("told", "with"), (SENSORS, PHONE)),
    "steps out": Word(
        "goes out of the outer door and comes straight back", (), ("for",), (SENSORS,), lasts_us=2 * MINUTE_US
    ),
    "sleeps in": Word("stays in bed for so much longer", ("for",), (), (SENSORS,)),
    "naps": Word("lies down in the bedroom by day", ("for",), (), (SENSORS,)),
    PRESSES: Word("presses the button for help (`also: button`, or a pendant's)", seen_by=(SENSORS, PHONE),
                  lasts_us=MOMENT_US),
    "has a visitor": Word("somebody comes in, stays and goes", ("for",), (), (SENSORS,)),
    "paces": Word("walks to and fro between two rooms", ("between", "for"), (), (SENSORS,)),
    "goes to the market": Word("walks straight to the market, shops, walks back", ("for",), ("with",), (PHONE,)),
    "stands at the market": Word("walks to the market hall, stands in it, walks back", ("for",), ("with",), (PHONE,)),
    "walks the dog": Word("a round through the streets with stops", ("for",), ("with",), (PHONE,)),
    "rides the bus": Word("walks to the stop, rides, comes back", ("for",), ("with",), (PHONE,)),
    "takes the ferry": Word("walks to the pier, goes by water to where the bus goes, comes back", ("for",), ("with",),
                            (PHONE,)),
    "leaves the zone": Word("walks straight out of the `zone` drawn for them, stays there, walks back", ("for",),
                            ("with",), (PHONE,)),
    "walks in circles": Word("goes round the same block again and again", ("for",), ("with",), (PHONE,)),
    "paces outside": Word("walks the same stretch of street to and fro", ("for",), ("with",), (PHONE,)),
    "wanders about": Word("walks without an aim, turning at random", ("for",), ("with",), (PHONE,)),
    "gets lost": Word("sets out for the market, hesitates, turns back, tries other streets", ("for",), ("with",),
                      (PHONE,)),
}  # fmt: skip

#: What breaks. Beside ``at``, ``what`` and ``key``; ``device`` or ``home`` as ``needs`` says.
FAULTS: dict[str, Word] = {
    "battery dies": Word("a device (or the sensor of a `room`) tells less and less battery, then nothing", ("device",),
                         ("room", "for")),
    "falls silent": Word("a device (or the sensor of a `room`) says nothing more, without warning", ("device",),
                         ("room", "for")),
    "sticks": Word("the motion sensor of a `room` tells motion though nobody moves", ("device", "room"), ("for",)),
    "bridge down": Word("the bridge of a home's sensors goes offline for so long", ("home",), ("for",)),
    "network away": Word("what a device (or the bridge of a set of sensors) tells is kept until the network is back",
                         ("device", "for")),
    "repeats": Word("each message of a device comes twice", ("device",), ("for",)),
}  # fmt: skip

#: Kinds of alerts (schemas.finding.FindingKind) that a scenario may speak of.
KINDS = ("fall", "inactivity", "wandering", "sos", "smoke", "gas", "water_leak")
#: Under ``never``: no alert of any of the first three.
ANY = "any"
DETECTED = KINDS[:3]
#: Those that something in a scenario can raise.
RAISED = (*DETECTED, "sos")

#: What comes back every week in a resident's life.
OUTINGS = ("goes out", "goes to the market", "walks the dog", "rides the bus", "takes the ferry")
#: What needs a zone that is drawn.
LEAVES_ZONE = "leaves the zone"
