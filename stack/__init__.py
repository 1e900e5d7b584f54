"""Composition root: settings, embedded servers, supervisor, command line."""
