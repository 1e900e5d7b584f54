"""One HTML page of what came of runs: figures with intervals, a picture for each scenario, two runs side by side."""

from device_sim.report.page import page

__all__ = ["page"]
