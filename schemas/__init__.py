"""What crosses a wire or a boundary: topics, the wearable frame, readings, findings, alerts, effects, ids and errors.

The lowest layer of the house. Pure: nothing here reads a clock, opens a socket, logs or draws a random number.
Times are integers, microseconds since 1970-01-01 UTC, in fields that end in ``_us``.
"""
