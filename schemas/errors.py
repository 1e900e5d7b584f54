"""Errors split by blame: the sender's, ours, the world's."""


class BadPayload(ValueError):
    """What a sender wrote cannot be understood: it goes to quarantine, never to an exception in a loop.

    ``reason`` is a short stable word for counting (``bad-crc``); the message is a sentence for a person.
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class BrokenRule(Exception):
    """A rule of ours does not allow this; ``code`` is stable, the message says why to a person."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Unavailable(Exception):
    """A part of the world that we need is not there; the message says which, and what to do."""
