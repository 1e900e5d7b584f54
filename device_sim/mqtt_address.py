"""Where the broker is and how to sign in to it, passed down as one small frozen thing."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

#: The port that MQTT without TLS has at IANA.
DEFAULT_PORT = 1883


@dataclass(frozen=True, slots=True)
class MqttAddress:
    """A broker's address with user name and password."""

    host: str
    port: int
    user: str
    password: str

    @classmethod
    def parse(cls, url: str) -> "MqttAddress":
        """Return the address in ``mqtt://user:password@host:port``; raises ValueError with a sentence."""
        parts = urlsplit(url)
        if parts.scheme != "mqtt" or not parts.hostname:
            raise ValueError(f"A broker is written mqtt://user:password@host:port, not {url!r}.")
        return cls(
            parts.hostname, parts.port or DEFAULT_PORT, unquote(parts.username or ""), unquote(parts.password or "")
        )
