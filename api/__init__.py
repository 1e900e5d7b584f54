"""HTTP under /api/v1, live events, and the console."""
