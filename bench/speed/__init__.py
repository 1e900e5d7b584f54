"""``python -m bench speed``: how fast a detector is, beside a stated reference in the same run."""
