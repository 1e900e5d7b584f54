"""The passwords of the embedded servers: drawn at the first start, kept in ``H/secrets.toml``, read by nobody else.

There is no default password anywhere in the house.
"""

import secrets
import tomllib
from dataclasses import asdict, dataclass

from schemas.errors import Unavailable
from stack.home import Home, write_private

#: Bytes of randomness in a password: 192 bits, beyond guessing; URL-safe text, so it fits URLs and config files as it
#: is.
_PASSWORD_BYTES = 24

FILE_NAME = "secrets.toml"
#: The account that each embedded server knows.
ACCOUNT = "shouwang"


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """One password a server."""

    mqtt: str
    nats: str
    postgres: str


def new_password() -> str:
    """Return a fresh password for a machine."""
    return secrets.token_urlsafe(_PASSWORD_BYTES)


def load(home: Home) -> Credentials:
    """Return the home's credentials, drawing them at the first start. Raises Unavailable when the file is damaged."""
    path = home.root / FILE_NAME
    if not path.exists():
        made = Credentials(mqtt=new_password(), nats=new_password(), postgres=new_password())
        write_private(path, "".join(f'{key} = "{value}"\n' for key, value in asdict(made).items()).encode())
        return made
    try:
        found = tomllib.loads(path.read_text())
        return Credentials(mqtt=found["mqtt"], nats=found["nats"], postgres=found["postgres"])
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise Unavailable(
            f"The passwords in {path} cannot be read ({error}); put the file back from a backup: "
            "the database was made with the password in it."
        ) from error
