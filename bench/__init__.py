"""Measuring: quality of the detectors on recordings, speed as ratios."""
