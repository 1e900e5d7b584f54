"""How the sensors of a simulated home say what they noticed: one module a family of devices.

Written from what the makers document and from recorded messages, never from the platform's decoders: where the two
disagree, one of them is wrong, and that is what these are for. ``spoken`` has the words between a sensor and its
family, ``families`` the list of those that a scenario may name.
"""
