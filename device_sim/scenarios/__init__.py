"""Scenario files: what a tester writes down, without code, about who lives where, what happens and what must be raised.

``tree`` reads YAML with the line of every word, ``layers`` lays a file over its base, ``read`` makes the records of
``form`` out of it, ``check`` compares them with each other, ``shelf`` finds files by name, and ``compiling`` makes a
``device_sim.play.Play`` of one. The words are in ``words``, their page is docs/scenarios.md.
"""
