"""Where what is remembered of one person's positions stands in a row of numbers; no numba to know that.

Moments are whole microseconds, which a double holds exactly until the year 2255.
"""

#: When the last fix was taken, when the smoothed place was moved last, when the kept points' seconds begin, since when
#: it goes faster than a walk (0: it does not).
LAST, PLACED, BASE, FAST = 0, 1, 2, 3
#: Where the metres count from (degrees or metres), whether that is known, whether it is degrees, and how much shorter a
#: degree of longitude is there.
ORIGIN_X, ORIGIN_Y, KNOWN, DEGREES, EAST = 4, 5, 6, 7, 8
#: The smoothed place and its variance; how well the last fix was known; what detectors.tracks.Kept tells of the rest.
PLACE_X, PLACE_Y, VARIANCE, ACCURACY, INTERVAL, SCATTER, FAR = 9, 10, 11, 12, 13, 14, 15
#: How many points of the way there are; how many fixes are remembered, each at, x, y; how many places for speed, each
#: at, x, y, accuracy.
POINTS, FIXES, FIX, ANCHORS, ANCHOR = 16, 17, 18, 24, 25
FIX_WIDE, FIXES_KEPT, ANCHOR_WIDE, ANCHORS_KEPT = 3, 2, 4, 5
NUMBERS = ANCHOR + ANCHOR_WIDE * ANCHORS_KEPT

#: Where the settings of detectors.tracks.TrackConfig stand in theirs.
(
    MAX_ACCURACY, DEFAULT_ACCURACY, INDOOR_INTERVAL, INDOOR_FAR, INDOOR_SCATTER, INDOOR_ACCURACY, MIN_STEP,
    STEP_DEVIATIONS, WALKING_SPEED_SQUARED, OFF_DEVIATIONS, SCATTER_S, SCATTER_TIMES, SCATTER_SLACK, RIDING_SPEED,
    RIDING_US, ANCHOR_US, GAP_S, MOST_POINTS, SQUARE,
) = range(19)  # fmt: skip
