"""The first accounts of an installation: nobody can sign in before, and there is no default password anywhere.

A live home gets one administrator; the password is printed once and kept in ``first-administrator.txt``. A demo home
gets an administrator and a carer, and their passwords stand in ``demo-accounts.json``, since everybody at the screen
may have them. A home is one or the other for good: simulated residents among real ones would be noise in which a real
fall drowns.
"""

import json
import secrets
from dataclasses import asdict, dataclass

from schemas.errors import Unavailable
from stack.credentials import FILE_NAME as SECRETS
from stack.home import Home, write_private

_DEMO_FILE = "demo-accounts.json"
#: Typed by hand from a screen or a piece of paper: no letters that look alike; 12 of 32 signs are 60 bits.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 3, 4


@dataclass(frozen=True, slots=True)
class Account:
    """A sign-in to make."""

    role: str
    user: str
    password: str
    display_name: str


def is_demo(home: Home) -> bool:
    """Whether this is a home of simulated residents."""
    return (home.root / _DEMO_FILE).exists()


def typed_password() -> str:
    """Return a password that a person can type: ``abcd-efgh-2345``."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))


def demo(home: Home, *, first: bool) -> list[Account]:
    """Return the demo home's accounts, drawing them when ``first`` and not yet drawn; none for a live home.

    Raises Unavailable when a live home is asked to become a demo.
    """
    path = home.root / _DEMO_FILE
    if path.exists():
        return [Account(**row) for row in json.loads(path.read_bytes())]
    if not first:
        return []
    if (home.root / SECRETS).exists():  # it was started before, and not as a demo
        raise Unavailable(f"The home {home.root} is a live one; a demo needs another: give one with --home.")
    made = [
        Account("administrator", "admin", typed_password(), "Administrator"),
        Account("carer", "nurse", typed_password(), "Nurse"),
    ]
    write_private(path, json.dumps([asdict(account) for account in made], indent=1).encode())
    return made


def first_administrator(home: Home) -> Account:
    """Return the live home's first administrator, drawing the password once."""
    path = home.first_administrator
    if path.exists():
        password = path.read_text().split("password: ", 1)[-1].split()[0]
    else:
        password = typed_password()
        text = f"user: admin\npassword: {password}\nDelete this file when you have signed in and noted it.\n"
        write_private(path, text.encode())
    return Account("administrator", "admin", password, "Administrator")
