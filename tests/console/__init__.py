"""Tests of the console's pure parts; TypeScript, run by node's own test runner (``npm test`` in api/console)."""
