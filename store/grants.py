"""What an account may do where: roles granted at places of the tree, or for one resident.

A grant at a place holds for it and all below. One without a place is of the whole tree.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

import msgspec

from store.pool import Db


class Role(StrEnum):
    """What somebody is at a place; api/rights.py says what that allows. From the most to the least."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    NURSE_IN_CHARGE = "nurse_in_charge"
    CARER = "carer"
    TECHNICIAN = "technician"
    FAMILY = "family"


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A role at a place and below; at neither place nor resident: everywhere. A family's is for a resident."""

    role: Role
    place: str | None = None
    resident: str | None = None


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Whom and where something is about. ``free``: a device that nobody ever had."""

    resident: str | None = None
    places: tuple[str, ...] = ()
    free: bool = False

    @property
    def unit(self) -> str | None:
        """Where it is, the nearest place known."""
        return self.places[0] if self.places else None


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may see: all, or these places (each with all below it) and these subjects of alerts."""

    everywhere: bool = False
    places: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()

    def covers(self, subject: Subject) -> bool:
        """Whether something is within."""
        if self.everywhere or not self.places.isdisjoint(subject.places):
            return True
        return subject.resident in self.subjects or (subject.free and bool(self.places))

    @property
    def nothing(self) -> bool:
        """Whether nothing is within."""
        return not (self.everywhere or self.places or self.subjects)


EVERYWHERE = Reach(everywhere=True)


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What stands under each place that was granted, and what each resident granted is called in alerts."""

    below: Mapping[str, frozenset[str]] = {}
    known_as: Mapping[str, frozenset[str]] = {}

    def reach(self, grants: Iterable[Grant], roles: Collection[Role]) -> Reach:
        """Return what the grants with one of these roles cover together."""
        places: set[str] = set()
        subjects: set[str] = set()
        for grant in grants:
            if grant.role not in roles:
                continue
            if grant.resident is not None:
                subjects |= self.known_as.get(grant.resident, frozenset())
            elif grant.place is None:
                return EVERYWHERE
            else:
                places |= self.below.get(grant.place, frozenset())
        return Reach(places=frozenset(places), subjects=frozenset(subjects))


_BELOW = """
    with recursive below as (
        select id as top, id from place where id = any($1::text[])
        union
        select below.top, place.id from place join below on place.parent = below.id
    )
    select top, array_agg(id) as ids from below group by top
"""
#: A sensor speaks for its unit. Of who lives there alone it speaks for sure, of one of two it may not.
_KNOWN_AS = """
    select r.id, r.unit, not exists (select 1 from resident o where o.unit = r.unit and o.id <> r.id) as alone
    from resident r where r.id = any($1::text[])
"""


async def ground(db: Db, grants: Collection[Grant]) -> Ground:
    """Return what the grants cover now; no question is asked for those of the whole tree."""
    places = sorted({grant.place for grant in grants if grant.place is not None})
    residents = sorted({grant.resident for grant in grants if grant.resident is not None})
    below = await db.fetch(_BELOW, places) if places else []
    known = await db.fetch(_KNOWN_AS, residents) if residents else []
    return Ground(
        below={row["top"]: frozenset(row["ids"]) for row in below},
        known_as={row["id"]: frozenset({row["id"], row["unit"]} if row["alone"] else {row["id"]}) for row in known},
    )


#: How each kind of thing is traced to a resident and places: rows of (resident, unit, further place).
_TRACED = {
    "resident": "select id as resident, unit, null as other from resident where id = $1",
    # Whoever has the resident now sees what was before, and where it happened sees it too.
    "alert": """
        select a.resident, a.unit, r.unit as other from alert a left join resident r on r.id = a.resident
        where a.id = $1
    """,
    "proposal": "select r.id as resident, r.unit, null as other from proposal p join resident r on r.id = p.resident "
    "where p.id = $1",
    "missed": "select r.id as resident, r.unit, null as other from missed m join resident r on r.id = m.resident "
    "where m.id = $1",
    "absence": "select r.id as resident, r.unit, null as other from absence a join resident r on r.id = a.resident "
    "where a.id = $1",
    "shift": "select null as resident, place as unit, null as other from duty_shift where id = $1",
    "place": "select null as resident, id as unit, null as other from place where id = $1",
    # A device that was taken back is still its last owner's place's.
    "device": """
        select b.resident, b.unit, b.place as other from device d left join lateral (
            select case when end_us is null then resident end as resident, unit, place from binding
            where device = d.id order by end_us desc nulls first, start_us desc limit 1
        ) b on true where d.id = $1
    """,
}
KINDS = frozenset(_TRACED)


async def traced(db: Db, kind: str, key: str) -> Subject | None:
    """Return whom and where a thing of a kind (of KINDS) is about, None when there is none."""
    row = await db.fetchrow(_TRACED[kind], key)
    if row is None:
        return None
    places = tuple(place for place in (row["unit"], row["other"]) if place is not None)
    return Subject(resident=row["resident"], places=places, free=kind == "device" and not places)


def narrowed(reach: Reach | None) -> tuple[list[str] | None, list[str]]:
    """Return what a query takes of a reach: places (None: all) and subjects."""
    if reach is None or reach.everywhere:
        return None, []
    return sorted(reach.places), sorted(reach.subjects)
