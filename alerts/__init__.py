"""The life of an alert: pure rules, no clock and no database."""
