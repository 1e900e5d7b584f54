"""Plays scenarios against a platform by its URL and says what came of each expectation.

``staging`` decides when each play starts, ``merge`` puts several plays into one order of time, ``cast`` makes their
people and devices known by the public API, ``line`` is the MQTT connection with its window, ``run`` plays, ``judging``
compares what was raised with what was expected, and ``record`` is what is kept of a run.
"""
