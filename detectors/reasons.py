"""The codes of reasons and phases that findings carry, with what their numbers mean: the console says them in words.

A code is part of the contract with the console: it may be added, never given another meaning.
"""

from typing import Final

#: The hardest sample of the impact. ``g``: |a| there.
IMPACT: Final = "impact"
#: Time nearly weightless before the impact. ``s``: seconds.
FREE_FALL: Final = "free_fall"
#: The sensor lies differently after the impact than before. ``deg``: the angle between both.
POSTURE_CHANGE: Final = "posture_change"
#: Hardly any movement after the impact. ``s``: seconds of it among those judged.
STILL: Final = "still"
#: The person moved on after the impact, visibly. ``g``: mean change of acceleration from one 40 ms bin to the next.
MOVING: Final = "moving"
#: The data stopped after the impact, so less was judged than usual. ``s``: seconds that there were.
NO_DATA_AFTER: Final = "no_data_after"
#: The wearer pressed the button. No numbers.
SOS_PRESSED: Final = "sos_pressed"
#: A worn device's own detector says so, or that it may be; a sensor in the room (a radar) likewise. No numbers.
DEVICE_SAYS_FALL: Final = "device_says_fall"
DEVICE_SUSPECTS_FALL: Final = "device_suspects_fall"
RADAR_SAYS_FALL: Final = "radar_says_fall"
RADAR_SUSPECTS_FALL: Final = "radar_suspects_fall"
#: What came of it by the device: the wearer pressed that they are well; it saw the person get up; it merely sees nobody
#: lie any more, which ends no fall. No numbers.
WEARER_CANCELLED: Final = "wearer_cancelled"
DEVICE_SAW_RISE: Final = "device_saw_rise"
DEVICE_SEES_NONE: Final = "device_sees_none"
#: A fall that was not sure by itself has met something. ``percent``: how likely it was alone.
WEAK_FALL: Final = "weak_fall"
#: Nothing has moved in the home since. ``min``: minutes of silence; ``one_in``: one such silence of so many lasts so,
#: where nobody fell.
QUIET_HOME: Final = "quiet_home"
#: A sensor says so. No numbers.
SMOKE_SENSED: Final = "smoke_sensed"
GAS_SENSED: Final = "gas_sensed"
CARBON_MONOXIDE_SENSED: Final = "carbon_monoxide_sensed"
WATER_SENSED: Final = "water_sensed"

#: Nothing in the home was heard moving for longer than is usual here at such a time. ``h``: hours of silence;
#: ``usual_h``: by then 19 of 20 silences that begin like this one have ended.
SILENT: Final = "silent"
#: As ``silent``, and the last thing heard was an outer door, in a home whose people go out by it: it may be empty. Same
#: numbers.
AWAY: Final = "away"
#: The home cannot be seen: all its sensors, or what connects them, are cut off. ``h``: hours without a sign of life.
SENSORS_DEAD: Final = "sensors_dead"
#: The silence lasted longer than a day before something moved: a journey, a hospital, an outage. ``h``: its hours.
LONG_GAP: Final = "long_gap"
#: Something moves in the home again. ``h``: hours that the silence lasted.
ACTIVE_AGAIN: Final = "active_again"

#: The home can be seen again, and nothing moves in it yet. ``h``: hours since the last sign of life.
SENSORS_BACK: Final = "sensors_back"
#: Somebody told the platform that the resident is away, and the silence is no wonder. No numbers.
KNOWN_ABSENT: Final = "known_absent"
#: Something moves in a home in which everybody is known to be away: back early, or a visitor. No numbers.
STIRS_WHILE_AWAY: Final = "stirs_while_away"
#: Somebody came into such a home, was not heard to leave by the outer door, and nothing has moved since. ``h``: hours.
STILL_WHILE_AWAY: Final = "still_while_away"
#: The absence is over, by the calendar or because somebody said so: the home is watched as ever. No numbers.
ABSENCE_OVER: Final = "absence_over"

#: To and fro, around and around, or now here now there. ``m``: way walked; ``extent_m``: across the space it was walked
#: in; ``times``: how often each place of it was passed; ``min``: minutes it took.
PACING: Final = "pacing"
LAPPING: Final = "lapping"
RANDOM: Final = "random"
#: From room to room and back. ``changes``: of room; ``rooms``: how many; ``min``: minutes it took.
ROOM_PACING: Final = "room_pacing"
#: In which order: between the same rooms and back, or round by round. No numbers.
ROOMS_TO_AND_FRO: Final = "rooms_to_and_fro"
ROOMS_AROUND: Final = "rooms_around"
#: Each room so often in a quarter of an hour; ``usual_times``: the most that is usual here at this time of day.
ROOMS_USUAL: Final = "rooms_usual"
#: An outer door was opened at night, and nobody was seen inside since. ``hour``: of the home's clock; ``min``: since.
LEFT_AT_NIGHT: Final = "left_at_night"
#: An outer door was opened shortly before, so it may be a visitor who left. ``min``: minutes before.
VISITOR_BEFORE: Final = "visitor_before"
#: Nobody had been seen inside before the door either: it may have been opened from outside. ``min``: minutes before.
NOBODY_BEFORE: Final = "nobody_before"
#: The door is opened at this hour on other nights too. ``nights``: of the last 28.
DOOR_HABIT: Final = "door_habit"
#: Whose beacon it is was near the door when it was opened, and has been heard in no room since. No numbers.
BEACON_AT_DOOR: Final = "beacon_at_door"
#: At an outer door and not out: it was opened, or come to, ``times`` times in ``min`` minutes; or somebody stands there
#: for ``min``.
AT_EXIT_DOOR: Final = "at_exit_door"
STANDS_AT_DOOR: Final = "stands_at_door"
#: No sensor in a room was heard of late: nobody could have been seen inside. No numbers.
ROOMS_UNWATCHED: Final = "rooms_unwatched"
#: No wandering any more. ``min``: minutes that it lasted.
CALM: Final = "calm"
#: Somebody was seen inside again. ``min``: minutes after the door.
BACK_INSIDE: Final = "back_inside"

#: Outside of the area that was drawn for this person. ``m``: metres from it; ``min``: minutes since.
LEFT_ZONE: Final = "left_zone"
#: Far from every place and way that is known of this person. ``m``: metres from the nearest; ``min``: minutes since.
FAR_FROM_KNOWN: Final = "far_from_known"
#: There, and not finding the way: round and back again, turns about, stops. ``turns``, ``stops``: how many; ``min``:
#: in how many minutes.
LOST_THERE: Final = "lost_there"
#: Left home at an hour at which this person is hardly ever out. ``hour``: of the home's clock; ``m``: metres from home.
OUT_AT_UNUSUAL_HOUR: Final = "out_at_unusual_hour"
#: In a vehicle, by the speed. ``kmh``: kilometres an hour.
RIDES_AWAY: Final = "rides_away"
#: Somebody's phone or tracker moves along with theirs. No numbers.
COMPANION: Final = "companion"
#: No position any more, and the last was not at home. ``min``: minutes since; ``m``: metres from home then.
NO_POSITION: Final = "no_position"
#: It is over: inside the area, at a known place or way, at home, heard of again. ``min``: minutes that it lasted.
BACK_IN_ZONE: Final = "back_in_zone"
BACK_AT_KNOWN: Final = "back_at_known"
BACK_HOME: Final = "back_home"
POSITION_AGAIN: Final = "position_again"

#: The person walks again. ``s``: seconds from the impact until that was sure.
WALKS_AGAIN: Final = "walks_again"

#: Not the least movement since the fall. ``s``: seconds of it so far.
NO_MOVEMENT: Final = "no_movement"
#: The person moves, and lies as after the fall. ``s``: seconds since the impact.
MOVES_LYING: Final = "moves_lying"
#: The body is upright again, and moves. ``s``: seconds from the impact until that was sure.
UPRIGHT_AGAIN: Final = "upright_again"
#: The device flew by itself before it hit, as nothing that a body wears does, and then lay like a thing: it may have
#: been dropped. ``s``: seconds of free flight.
MAYBE_DROPPED: Final = "maybe_dropped"
#: The device says that it was no longer worn moments after the impact. No numbers.
TAKEN_OFF: Final = "taken_off"
#: As still as a thing that nobody wears, since the impact: perhaps it is not worn. ``s``: seconds of it.
MAYBE_NOT_WORN: Final = "maybe_not_worn"
#: Down without a hard impact: a slide, knees first. ``deg``: the angle by which the body turned; ``s``: how long it
#: took, seconds.
SOFT_DESCENT: Final = "soft_descent"
#: How the person gets about, told with a fall of theirs, since what may follow it differs: steps with a frame may not
#: be known for walking, and who does not walk is never said to walk again. No numbers.
USES_FRAME: Final = "uses_frame"
USES_WHEELCHAIR: Final = "uses_wheelchair"
BEDBOUND: Final = "bedbound"

#: A day unlike this home's others (detectors.everyday). Numbers that end in ``_at`` are hours of the home's clock, 0
#: to 24. Not up in the morning: ``usual_at`` is when somebody usually is, ``late_at`` the latest that is usual here.
NOT_UP: Final = "not_up"
#: In the bathroom, and seen nowhere else since. ``since_at``; ``min``: minutes; ``usual_min``: what the longest stay of
#: a day usually takes.
LONG_IN_BATHROOM: Final = "long_in_bathroom"
#: Left the bed at night, and not seen in the bedroom since. ``since_at``; ``min``; ``usual_min``: as above.
NOT_BACK_IN_BED: Final = "not_back_in_bed"
#: No sign from kitchen or fridge. ``h``: hours awake at home since the last; ``usual_h``: the longest such of most days
NO_MEAL: Final = "no_meal"
#: Up and about at night more than on any night known. ``min``: minutes with signs outside the bedroom; ``usual_min``;
#: ``most_min``: the most of the nights that are remembered.
RESTLESS_NIGHT: Final = "restless_night"
#: One sensor has seen nobody, while the others did as always: dead, covered, or fallen. ``h``: hours since it did;
#: ``others_h``: of them with somebody seen elsewhere. It was heard again, ``h`` hours after.
SENSOR_QUIET: Final = "sensor_quiet"
SENSOR_HEARD: Final = "sensor_heard"
#: What was missed cannot be seen any more: the room's sensor has gone quiet. No numbers.
ROOM_UNSEEN: Final = "room_unseen"
#: It is over: what was missed has come. ``h``: hours after it should have.
AS_USUAL_AGAIN: Final = "as_usual_again"

#: code -> the names of its numbers.
REASONS: Final[dict[str, tuple[str, ...]]] = {
    IMPACT: ("g",),
    FREE_FALL: ("s",),
    POSTURE_CHANGE: ("deg",),
    STILL: ("s",),
    MOVING: ("g",),
    NO_DATA_AFTER: ("s",),
    WALKS_AGAIN: ("s",),
    NO_MOVEMENT: ("s",),
    MOVES_LYING: ("s",),
    UPRIGHT_AGAIN: ("s",),
    MAYBE_DROPPED: ("s",),
    TAKEN_OFF: (),
    MAYBE_NOT_WORN: ("s",),
    SOFT_DESCENT: ("deg", "s"),
    USES_FRAME: (),
    USES_WHEELCHAIR: (),
    BEDBOUND: (),
    SILENT: ("h", "usual_h"),
    AWAY: ("h", "usual_h"),
    SENSORS_DEAD: ("h",),
    LONG_GAP: ("h",),
    ACTIVE_AGAIN: ("h",),
    SENSORS_BACK: ("h",),
    KNOWN_ABSENT: (),
    STIRS_WHILE_AWAY: (),
    STILL_WHILE_AWAY: ("h",),
    ABSENCE_OVER: (),
    NOT_UP: ("usual_at", "late_at", "now_at"),
    LONG_IN_BATHROOM: ("since_at", "min", "usual_min"),
    NOT_BACK_IN_BED: ("since_at", "min", "usual_min"),
    NO_MEAL: ("h", "usual_h"),
    RESTLESS_NIGHT: ("min", "usual_min", "most_min"),
    AS_USUAL_AGAIN: ("h",),
    SENSOR_QUIET: ("h", "others_h"),
    SENSOR_HEARD: ("h",),
    ROOM_UNSEEN: (),
    PACING: ("m", "extent_m", "times", "min"),
    LAPPING: ("m", "extent_m", "times", "min"),
    RANDOM: ("m", "extent_m", "times", "min"),
    ROOM_PACING: ("changes", "rooms", "min"),
    ROOMS_TO_AND_FRO: (),
    ROOMS_AROUND: (),
    ROOMS_USUAL: ("times", "usual_times"),
    LEFT_AT_NIGHT: ("hour", "min"),
    VISITOR_BEFORE: ("min",),
    NOBODY_BEFORE: ("min",),
    BEACON_AT_DOOR: (),
    AT_EXIT_DOOR: ("times", "min"),
    STANDS_AT_DOOR: ("min",),
    DOOR_HABIT: ("nights",),
    ROOMS_UNWATCHED: (),
    CALM: ("min",),
    BACK_INSIDE: ("min",),
    LEFT_ZONE: ("m", "min"),
    FAR_FROM_KNOWN: ("m", "min"),
    LOST_THERE: ("turns", "stops", "min"),
    OUT_AT_UNUSUAL_HOUR: ("hour", "m"),
    RIDES_AWAY: ("kmh",),
    COMPANION: (),
    NO_POSITION: ("min", "m"),
    BACK_IN_ZONE: ("min",),
    BACK_AT_KNOWN: ("min",),
    BACK_HOME: ("min",),
    POSITION_AGAIN: ("min",),
    SOS_PRESSED: (),
    DEVICE_SAYS_FALL: (),
    DEVICE_SUSPECTS_FALL: (),
    WEAK_FALL: ("percent",),
    QUIET_HOME: ("min", "one_in"),
    RADAR_SAYS_FALL: (),
    RADAR_SUSPECTS_FALL: (),
    WEARER_CANCELLED: (),
    DEVICE_SAW_RISE: (),
    DEVICE_SEES_NONE: (),
    SMOKE_SENSED: (),
    GAS_SENSED: (),
    CARBON_MONOXIDE_SENSED: (),
    WATER_SENSED: (),
}

PHASE_FREE_FALL: Final = "free_fall"
#: Going down softly.
PHASE_DESCENT: Final = "descent"
PHASE_IMPACT: Final = "impact"
PHASE_LYING: Final = "lying"
PHASE_STILL: Final = "still"
PHASE_RECOVERED: Final = "recovered"
#: Names of phases, in the order in which they can follow each other.
PHASES: Final = (PHASE_FREE_FALL, PHASE_DESCENT, PHASE_IMPACT, PHASE_LYING, PHASE_STILL, PHASE_RECOVERED)
#: A home in which nothing moves.
PHASE_SILENCE: Final = "silence"
#: What lasts longer, or comes later, than ever in this home.
PHASE_UNUSUAL: Final = "unusual"
#: Walking that is wandering; and out of the home at night.
PHASE_WANDERING: Final = "wandering"
PHASE_OUTSIDE: Final = "outside"
#: At the outer door, and not out.
PHASE_AT_DOOR: Final = "at_door"
