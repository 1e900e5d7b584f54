"""One router a noun; each call's function has the name by which api.access.RULES knows it."""
