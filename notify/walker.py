"""The walk of a ladder: the pure plan, carried out; and what a finding means while the desk is silent."""

import msgspec

from alerts.joining import NEAR_US, TOGETHER, seen_up
from alerts.ladder import ANEW_US, Plan, plan
from alerts.life import alert_id
from alerts.pausing import silence_of
from alerts.policy import RAISING, severity
from notify.book import Book
from notify.duty import OnDuty
from notify.sender import Sender
from notify.settings import Notes, NotifySettings
from schemas.alert import Severity
from schemas.finding import Finding, Stage
from schemas.ladder import Case, is_key
from schemas.pause import Pause

_SECOND_US = 1_000_000


class Walker:
    """Walks cases; the same for those that the database speaks for and for those that we only know ourselves."""

    def __init__(self, book: Book, sender: Sender, settings: NotifySettings, notes: Notes) -> None:
        self._book, self._sender, self._settings, self._notes = book, sender, settings, notes
        self._duty = OnDuty(book, sender, settings, notes)
        self._grace_us = round(settings.accept_within_s * _SECOND_US)
        self._heard_us, self._asked = settings.wall_us(), False
        self._without: set[str] = set()

    def database_answered(self) -> None:
        """The database was asked about every case just now."""
        self._heard_us, self._asked = self._settings.wall_us(), True

    async def hear(self, finding: Finding) -> bool:
        """Know of a finding; return whether that would survive us.

        Only a critical one is ours to ring for alone; a quiet one can wait for the desk.
        """
        now_us = self._settings.taken_in_us(finding.heard_us)
        if finding.stage is Stage.RECOVERED:
            return await self._book.grown_quiet(finding.id, seen_up=seen_up(finding))
        if not is_key(finding.id):  # the desk has it, or puts it aside
            self._notes.counts["no_finding"] += 1
            return True
        if finding.stage not in RAISING or severity(finding, now_us) is not Severity.HIGH:
            return True
        cases = list(self._book.cases.values())
        for case in cases:
            if finding.id in case.findings:
                return await self._book.keep_case(case)
        # As the desk would: again is not another alarm. But one in somebody's hands may be over; then rather ring anew.
        ringing = (case for case in cases if _same(case, finding) and self._book.standing(case).rings)
        same = next(ringing, None)
        if same is not None:
            anew = now_us - same.since_us >= ANEW_US
            return await self._book.keep_case(
                msgspec.structs.replace(
                    same,
                    findings=(*same.findings, finding.id),
                    round=same.round + anew,
                    since_us=now_us + self._grace_us if anew else same.since_us,
                )
            )
        return await self._book.keep_case(
            Case(
                finding=finding.id,
                findings=(finding.id,),
                alert=alert_id(finding.id),
                kind=finding.kind,
                severity=Severity.HIGH,
                unit=finding.unit,
                resident=finding.resident,
                place=finding.place,
                event_us=finding.event_us,
                seen_us=self._settings.wall_us(),
                since_us=max(now_us + self._grace_us, self._silent_until_us(finding, now_us)),
            )
        )

    def _silent_until_us(self, finding: Finding, now_us: int) -> int:
        """Return until when a finding waits because somebody is with the resident, as the desk would say; 0: not."""
        known = self._book.contacts.get(finding.unit)
        until_us = known.with_them.get(finding.resident) if known is not None else None
        if until_us is None:
            return 0
        there = Pause(resident=finding.resident, by="", since_us=now_us, until_us=until_us)
        silence = silence_of(finding.kind, there, now_us)
        return silence.until_us if silence is not None else 0

    async def raise_again_alone(self) -> None:
        """Begin a new round of what somebody had until now, while the database cannot: it will say the same."""
        now_us = self._settings.clock()
        silent = self._settings.wall_us() - self._heard_us >= self._grace_us
        for case in list(self._book.cases.values()):
            due_us = self._book.due_of(case)
            if (silent or not case.accepted) and due_us is not None and now_us >= due_us:
                first = case.claimed_by if case.held else None
                await self._book.keep_case(
                    msgspec.structs.replace(
                        case,
                        round=case.round + 1,
                        since_us=now_us,
                        rings=case.severity is not Severity.LOW,
                        claimed_by=None,
                        due_us=None,
                        held=False,
                        first=first,
                    )
                )
                self._notes.counts["raised_again_alone"] += 1

    def walk_alone(self) -> None:
        """Walk what nobody else speaks for: what the desk has not taken in, and all while the database is silent."""
        now_us = self._settings.wall_us()
        silent = now_us - self._heard_us >= self._grace_us
        for case in list(self._book.cases.values()):
            # What the database was not asked about since our start may be in somebody's hands already.
            untaken = not case.accepted and now_us >= case.seen_us + self._grace_us
            ours = silent if case.accepted else untaken and (silent or self._asked)
            if ours and self.walk(case).due:
                self._notes.counts["walked_alone"] += 1

    def walk(self, case: Case) -> Plan:
        """Send what is due now; return the plan."""
        now_us = self._settings.clock()
        standing, steps = self._book.standing(case), self._book.ladder_of(case)
        if not standing.rings:
            self._sender.over(case)
            return Plan()
        if not steps.steps:
            self._nobody(case)
            return Plan()
        planned = plan(case.kind, case.severity, standing, steps, self._duty.sent(case, steps), now_us, up=case.up)
        for index in planned.due:
            self._duty.begin(case, index, steps.calls[index % len(steps.calls)])
        self._duty.complete(case, steps)
        self._sender.again(case, now_us)
        return planned

    def _nobody(self, case: Case) -> None:
        if case.finding not in self._without:
            self._without.add(case.finding)
            self._notes.counts["without_ladder"] += 1


def _same(case: Case, finding: Finding) -> bool:
    """Whether a finding is what a case is about: its kind again, or the fall that somebody pressed for help in."""
    one_event = abs(case.event_us - finding.event_us) <= NEAR_US and {case.kind, finding.kind} <= TOGETHER
    return case.resident == finding.resident and (case.kind is finding.kind or one_event)
