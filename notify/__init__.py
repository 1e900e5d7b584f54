"""Somebody is always told: walks the ladder of each alert, with the database or without it (docs/notify.md)."""
