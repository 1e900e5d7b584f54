"""The whole platform, as its users run it: real servers, real processes, real time."""
