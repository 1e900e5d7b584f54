"""What the API is told by the composition root; it reads no environment and no file of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from api.interpreting import Interpreting


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """An organisation's identity server. ``issuer`` is its address, exactly as it calls itself.

    ``console_url``: where people reach the console; the server sends them back there. ``secret`` None: a public client.
    ``claim``: what of the server's words an account is known by. ``name``: what the button calls it.
    """

    issuer: str
    client: str
    console_url: str
    secret: str | None = field(default=None, repr=False)
    claim: str = "preferred_username"
    name: str = ""
    scopes: str = "openid profile email"


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """``clock`` gives platform time in microseconds since 1970 UTC.

    ``console_dir`` holds the built console (``index.html`` and ``assets/``), None when there is none.
    ``secure_cookies`` belongs on wherever the console is served over HTTPS; over plain HTTP browsers would drop the
    cookie, and nobody could sign in. ``loopback_only``: a home of simulated residents, whose ladders reach no further
    than this machine. ``simulated``: one whose clock is driven; ``wall`` then is what processes and people at the
    console go by. ``restarts`` tells how often each part was started again.
    ``map_tiles``: where background maps come from (``address`` with {z}, {x} and {y}) and whom to name (``credit``);
    None: no map, and no browser asks anybody but us. ``oidc``: who else may say who somebody is; None: nobody.
    ``interpreting``: reads messages of devices for people (GET and POST /decode); None: nothing does.
    """

    dsn: str
    nats_url: str
    clock: Callable[[], int]
    console_dir: Path | None = None
    secure_cookies: bool = False
    loopback_only: bool = False
    simulated: bool = False
    wall: Callable[[], int] | None = None
    restarts: Callable[[], Mapping[str, int]] = dict
    map_tiles: dict[str, str] | None = None
    oidc: OidcSettings | None = None
    interpreting: Interpreting | None = None


def tiles_host(settings: ApiSettings) -> str | None:
    """Return the one other host that browsers may fetch pictures from, with its scheme; None: none."""
    if settings.map_tiles is None:
        return None
    parts = urlsplit(settings.map_tiles["address"])
    return f"{parts.scheme}://{parts.netloc}"
