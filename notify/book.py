"""What notify knows, in memory and in JetStream: contacts, cases, deliveries, claims. Enough to go on alone.

Everything is read at the start, so that a stage that was killed goes on where it was, with the database down as well.
"""

import contextlib

import msgspec
from nats.aio.client import Client as Nats

from alerts.deadlines import patience_us
from alerts.ladder import Sent, Standing, begins_with
from alerts.policies import ladder_of
from notify.settings import ReadBucket
from notify.shelf import AWAY, Shelf
from schemas import subjects
from schemas.alert import Severity
from schemas.finding import FindingKind
from schemas.ladder import Call, Case, Claim, Contacts, Delivery, DeliveryState, Ladder, Link
from schemas.reach import Templates

#: After so many failures the ladder goes on at once; this delivery is tried on beside it.
FAILED_AFTER = 3


class Book:
    """The four kinds of records. What JetStream cannot be told now is known here at once, and told when it is back."""

    def __init__(self, nc: Nats, read: ReadBucket) -> None:
        self.contacts: dict[str, Contacts] = {}
        self.cases: dict[str, Case] = {}
        self.claims: dict[str, Claim] = {}
        self.deliveries: dict[str, Delivery] = {}
        #: The revision in JetStream of each delivery, None when only the database has it.
        self.revisions: dict[str, int | None] = {}
        #: Deliveries that the database has not been told of, and those whose outcome JetStream has not.
        self.unrecorded: set[str] = set()
        self.unsettled: set[str] = set()
        self._untold_cases: set[str] = set()
        self.contact_shelf = Shelf(nc, subjects.CONTACTS, Contacts, read)
        self.delivery_shelf = Shelf(nc, subjects.DELIVERIES, Delivery, read)
        self.templates: dict[str, str] = {}
        self.template_shelf = Shelf(nc, subjects.TEMPLATES, Templates, read)
        self.link_shelf = Shelf(nc, subjects.LINKS, Link, read)
        self._case_shelf = Shelf(nc, subjects.CASES, Case, read)
        self._claim_shelf = Shelf(nc, subjects.CLAIMS, Claim, read)

    async def load(self) -> None:
        """Read what an earlier life of this stage, or another one, has left."""
        self.contacts = {key: held for key, (held, _) in (await self.contact_shelf.all()).items()}
        said = await self.template_shelf.get(subjects.ALL_TEMPLATES)
        self.templates = dict(said[0].own) if said is not None else {}
        self.cases = {key: held for key, (held, _) in (await self._case_shelf.all()).items()}
        self.claims = {key: held for key, (held, _) in (await self._claim_shelf.all()).items()}
        for delivery, revision in (await self.delivery_shelf.all()).values():
            self.hold(delivery, revision)

    def hold(self, delivery: Delivery, revision: int | None) -> None:
        """Know a delivery as it stands."""
        self.deliveries[delivery.key] = delivery
        self.revisions[delivery.key] = revision
        self.unrecorded.add(delivery.key)

    def contacts_of(self, case: Case) -> Contacts:
        """Return whom to tell about a case; without a ladder when nobody was named."""
        known = self.contacts.get(case.unit) or Contacts(place=case.unit, name=case.unit)
        return msgspec.structs.replace(known, ladder=ladder_of(known, case.resident, case.kind, case.severity))

    def ladder_of(self, case: Case) -> Ladder:
        """Return the ladder that a case walks; after a hold it begins with who held it."""
        return begins_with(self.contacts_of(case).ladder, case.first)

    def standing(self, case: Case) -> Standing:
        """Return where a case's ringing stands; somebody who pressed a link has it in hand already."""
        return Standing(case.round, case.since_us, case.rings and self.claim_of(case) is None)

    def due_of(self, case: Case) -> int | None:
        """Return until when somebody has a case, by the database or by the link they pressed; None: nobody has."""
        claim = self.claim_of(case)
        if claim is not None and not claim.applied:
            return claim.at_us + patience_us(case.severity, self.ladder_of(case).patience)
        # What rings anew beside its owner rings already.
        return None if case.rings else case.due_us

    def claims_of(self, case: Case) -> list[Claim]:
        """Return who pressed a link in this round and those before it, in their order."""
        found = (self.claims.get(f"{case.finding}.{number}") for number in range(case.round + 1))
        return [claim for claim in found if claim is not None]

    def claim_of(self, case: Case) -> Claim | None:
        """Return who pressed a link in this round."""
        return self.claims.get(f"{case.finding}.{case.round}")

    def of_round(self, case: Case) -> list[Delivery]:
        """Return the deliveries of a case's present round."""
        return [each for each in self.deliveries.values() if (each.finding, each.round) == (case.finding, case.round)]

    def sent(self, case: Case) -> list[Sent]:
        """Return the calls of a case's present round that were begun.

        Before another person is troubled a call is tried some times; another way to the same one is taken at once.
        """
        calls = self.ladder_of(case).calls
        return [Sent(each.step, each.claimed_us, self._failed(each, calls)) for each in self.of_round(case)]

    def _failed(self, each: Delivery, calls: tuple[Call, ...]) -> bool:
        at_once = bool(calls) and not calls[each.step % len(calls)].last
        return each.state is DeliveryState.FAILING and (at_once or each.attempts >= FAILED_AFTER)

    async def keep_case(self, case: Case) -> bool:
        """Know a case; return whether it would survive us."""
        if self.cases.get(case.finding) != case:
            self.cases[case.finding] = case
            self._untold_cases.add(case.finding)
            await self._tell_case(case.finding)
        return case.finding not in self._untold_cases

    async def drop_case(self, finding: str) -> None:
        """Forget a case that is over, and what was sent for it once the database has it."""
        if self.cases.pop(finding, None) is not None:
            self._untold_cases.add(finding)
            await self._tell_case(finding)
        for key in [key for key, each in self.deliveries.items() if each.finding == finding]:
            if key not in self.unrecorded and key not in self.unsettled:
                del self.deliveries[key], self.revisions[key]

    async def _tell_case(self, finding: str) -> None:
        case = self.cases.get(finding)
        with contextlib.suppress(*AWAY):
            if case is None:
                await self._case_shelf.delete(finding)
            else:
                await self._case_shelf.put(finding, case)
            if self.cases.get(finding) is case:
                self._untold_cases.discard(finding)

    async def claim(self, claim: Claim) -> Claim:
        """Make ``claim`` the one of its round, and return whose it is: the first who pressed."""
        if await self._claim_shelf.create(claim.key, claim) is None:
            held = await self._claim_shelf.get(claim.key)
            claim = held[0] if held is not None else claim
        self.claims[claim.key] = claim
        return claim

    async def applied(self, claim: Claim) -> None:
        """Note that the database knows of a claim. Where that is lost, it is applied once more, and changes nothing."""
        done = msgspec.structs.replace(claim, applied=True)
        self.claims[claim.key] = done
        with contextlib.suppress(*AWAY):
            await self._claim_shelf.put(claim.key, done)

    async def settle(self) -> None:
        """Tell JetStream what it could not be told when it happened; raises one of AWAY."""
        for finding in list(self._untold_cases):
            await self._tell_case(finding)
        for key in list(self.unsettled):
            self.revisions[key] = await self.delivery_shelf.put(key, self.deliveries[key])
            self.unsettled.discard(key)

    async def grown_quiet(self, finding: str, *, seen_up: bool) -> bool:
        """The person of this finding moves again: nobody is rung further, unless there is a later finding.

        Nor where somebody has called for help; and where others told of it too, only if the person was ``seen_up``. The
        desk may know better (alerts.joining.lowers); this is what holds while it is away.

        Return whether that would survive us.
        """
        stored = True
        for case in list(self.cases.values()):
            told_alone = seen_up or len(case.findings) == 1
            if case.findings[-1] == finding and told_alone and case.kind is not FindingKind.SOS:
                quiet = msgspec.structs.replace(case, rings=False, severity=Severity.LOW)
                stored = await self.keep_case(quiet) and stored
        return stored
