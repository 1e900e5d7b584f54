"""What the API says and hears of accounts, sessions, and who looked at whom."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from api.models import GrantSaid, Heard, Id, Line, Name, Said
from api.times import Time

#: As ids, with dots and hyphens: it is typed at every sign-in.
AccountName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
RoleName = Literal["administrator", "manager", "nurse_in_charge", "carer", "technician", "family"]
#: More would be a list of rooms where the ward was meant.
_MOST_GRANTS = 50
#: NIST SP 800-63B asks for 8 at least, and for no rules on signs; ten resist a stolen table a good deal longer.
PASSWORD_LENGTH = 10


class NewGrant(Heard):
    """A role at ``place`` and below (null: everywhere). ``family`` is for a ``resident`` instead."""

    role: RoleName
    place: Id | None = None
    resident: Id | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> "NewGrant":
        if (self.role == "family") != (self.resident is not None) or (self.place and self.resident):
            raise ValueError("a family is granted a resident, and every other role a place")
        return self


class NewAccount(Heard):
    """An account to add; its first password is drawn by the platform."""

    name: AccountName
    display_name: Name
    grants: list[NewGrant] = Field(max_length=_MOST_GRANTS)


class NewGrants(Heard):
    """All that an account shall be from now on."""

    grants: list[NewGrant] = Field(max_length=_MOST_GRANTS)


class NewIdentity(Heard):
    """What the identity server says of whoever may sign in as this account; null: nobody may come that way."""

    said: Line | None = Field(None, examples=["li.mei@example.org"])


class IdentitySaid(Said):
    """What was entered; ``bound``: somebody has come by it, and nobody else can."""

    said: str
    bound: bool


class OidcNamed(Said):
    """An identity server that may say who somebody is."""

    name: str


class OidcSaid(Said):
    """Another way in than a password, or null."""

    oidc: OidcNamed | None


class GrantNamed(GrantSaid):
    """A grant with what its place or resident is called."""

    place_name: str | None
    resident_name: str | None


class Account(Said):
    """An account. ``yours``: whether the caller may change it; not so where it has rights beyond the caller's."""

    name: str
    display_name: str
    grants: list[GrantNamed]
    must_change: bool
    disabled_time: Time | None
    created_time: Time
    sessions: int
    identity: IdentitySaid | None = Field(description="Null: it can be signed in to by password only.")
    yours: bool


class Accounts(Said):
    """Accounts by name, those that are disabled last."""

    accounts: list[Account]


class OneTimePassword(Said):
    """Shown once, kept nowhere; whoever signs in with it must choose another first."""

    account: Account
    password: str


class NewPassword(Heard):
    """One's own password, changed."""

    old: str = Field(min_length=1, max_length=256)
    new: str = Field(min_length=PASSWORD_LENGTH, max_length=256)


class SessionSaid(Said):
    """An open session. ``this``: the one that asks."""

    id: str
    created_time: Time
    expires: Time
    address: str
    agent: str
    this: bool


class Sessions(Said):
    """Open sessions, newest first."""

    sessions: list[SessionSaid]


class AuditEntry(Said):
    """One line: who did what, to whom, when (platform time), from which session. ``refused``: asked for, not done."""

    id: int
    time: Time
    account: str
    name: str
    session: str
    act: str
    look: bool
    resident: str | None
    resident_name: str | None
    object: str | None
    data: dict[str, Any]
    refused: bool


class Audit(Said):
    """Lines, newest first."""

    entries: list[AuditEntry]
