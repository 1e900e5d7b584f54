"""Where the three servers are, with passwords: embedded ones by the home's ports, external ones by their setting."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from schemas.errors import Unavailable
from stack.credentials import ACCOUNT, Credentials
from stack.ports import LOOPBACK, Ports
from stack.servers.postgres import DATABASE

_MQTT_PORT = 1883


@dataclass(frozen=True, slots=True)
class Mqtt:
    """Where the broker is and how to sign in."""

    host: str
    port: int
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """The three servers, as a stage reaches them. ``nats_url`` and ``dsn`` carry their passwords."""

    mqtt: Mqtt
    nats_url: str
    dsn: str


def of(
    ports: Ports,
    credentials: Credentials,
    *,
    mqtt_url: str | None = None,
    nats_url: str | None = None,
    dsn: str | None = None,
) -> Addresses:
    """Return the addresses: a URL that is given wins over the embedded server."""
    return Addresses(
        mqtt=parse_mqtt(mqtt_url) if mqtt_url else Mqtt(LOOPBACK, ports.get("broker"), ACCOUNT, credentials.mqtt),
        nats_url=nats_url or f"nats://{ACCOUNT}:{credentials.nats}@{LOOPBACK}:{ports.get('nats')}",
        dsn=dsn or f"postgresql://{ACCOUNT}:{credentials.postgres}@{LOOPBACK}:{ports.get('postgres')}/{DATABASE}",
    )


def parse_mqtt(url: str) -> Mqtt:
    """Return the broker in ``mqtt://user:password@host:port``. Raises Unavailable when it is not such a URL."""
    try:
        parts = urlsplit(url)
        port = parts.port or _MQTT_PORT
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme != "mqtt" or not parts.hostname:
        raise Unavailable("The setting mqtt_url is not of the form mqtt://user:password@host:port.")
    return Mqtt(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""))
