"""Tests of the runner: plays against a stand-in for the platform."""
