"""The rights: what a call can need, and which roles have it. docs/access.md is made of this; a test holds it so."""

from enum import Enum

from store.grants import Role

_ADMINISTRATOR, _MANAGER, _IN_CHARGE = Role.ADMINISTRATOR, Role.MANAGER, Role.NURSE_IN_CHARGE
_CARER, _TECHNICIAN, _FAMILY = Role.CARER, Role.TECHNICIAN, Role.FAMILY


class Needs(Enum):
    """What a call needs. All but the first two hold at places: whoever has one at one place has it there and below."""

    NOTHING = "anybody"
    ONESELF = "oneself"
    NAMES = "names"
    STAFF = "staff"
    LIFE = "life"
    CARE = "care"
    DECIDE = "decide"
    INSTALL = "install"
    DRAW = "draw"
    DECODE = "decode"
    MANAGE = "manage"
    AUDIT = "audit"
    ACCOUNTS = "accounts"
    #: What calls were marked with before there were roles.
    SIGNED_IN = "care"
    ADMINISTRATOR = "manage"


#: Which roles have a right, and why.
ROLES: dict[Needs, tuple[frozenset[Role], str]] = {
    Needs.NOTHING: (frozenset(), "Nobody is known before they have signed in."),
    Needs.ONESELF: (frozenset(Role), "One's own session and password, whoever one is."),
    Needs.NAMES: (
        frozenset(Role),
        "Who there is. A technician needs to know whose watch it is; illnesses and notes are left out for them.",
    ),
    Needs.STAFF: (
        frozenset({_CARER, _IN_CHARGE, _MANAGER, _TECHNICIAN, _ADMINISTRATOR}),
        "Places, devices and what could not be understood: work, and nothing for a family.",
    ),
    Needs.LIFE: (
        frozenset({_CARER, _IN_CHARGE, _MANAGER, _ADMINISTRATOR, _FAMILY}),
        "How somebody is, and what was raised for them: whoever cares, and their family.",
    ),
    Needs.CARE: (
        frozenset({_CARER, _IN_CHARGE, _MANAGER, _ADMINISTRATOR}),
        "To go, and all that one must see for it. A family reads: one that has to go itself has a carer's account too.",
    ),
    Needs.DECIDE: (
        frozenset({_IN_CHARGE, _MANAGER, _ADMINISTRATOR}),
        "How somebody is watched over, another's alert, closing, and who looked: whoever answers for the shift.",
    ),
    Needs.INSTALL: (
        frozenset({_IN_CHARGE, _MANAGER, _TECHNICIAN, _ADMINISTRATOR}),
        "Devices, and who has them. A watch that breaks at night is exchanged at night.",
    ),
    Needs.DRAW: (
        frozenset({_MANAGER, _TECHNICIAN, _ADMINISTRATOR}),
        "How the rooms lie on a plan: whoever runs the house, or fits it out.",
    ),
    Needs.DECODE: (
        frozenset({_TECHNICIAN, _ADMINISTRATOR}),
        "What devices say, word by word: whoever makes them work. Looked at seldom, and written down.",
    ),
    Needs.MANAGE: (frozenset({_MANAGER, _ADMINISTRATOR}), "Residents, places, and whom to tell."),
    Needs.AUDIT: (frozenset({_MANAGER, _ADMINISTRATOR}), "Who looked and who changed what."),
    Needs.ACCOUNTS: (frozenset({_ADMINISTRATOR}), "Whoever gives rights must not be whoever wants them."),
}


def roles_with(need: Needs) -> frozenset[Role]:
    """Return the roles that have a right."""
    return ROLES[need][0]
