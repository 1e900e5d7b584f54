"""What every detector says of bytes that are not its own state; alone here, so that who says it needs no other."""


class OtherSnapshot(ValueError):
    """A snapshot that this version cannot take over; the message says of what it is."""
