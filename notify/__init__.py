"""Telling people: the outbox worker and its channels."""
