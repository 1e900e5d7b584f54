"""Decoders, one module a device family: (state, message) -> (state, observations)."""
