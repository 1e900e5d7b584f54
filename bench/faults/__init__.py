"""Faults really put on a running platform, under load, at seeded moments: what is lost, doubled or missed is counted.

``python -m bench faults --seeds 1 2 3`` (``make faults``). What is put on, how, and what the gap is:
docs/faults.md.
"""
