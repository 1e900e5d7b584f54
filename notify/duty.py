"""Steps for whoever is on duty: resolved when their time comes, each person one delivery; nobody there is written down.

What a step became stands in its deliveries and nowhere else, so that who was killed in the middle goes on from there.
"""

from alerts.ladder import Sent
from alerts.rota import is_of, marker, merged, reached
from notify.book import Book
from notify.sender import Sender
from notify.settings import Notes, NotifySettings
from schemas.ladder import Call, Case, DeliveryState, Ladder


class OnDuty:
    """Begins steps, those for one person as well as those for a role."""

    def __init__(self, book: Book, sender: Sender, settings: NotifySettings, notes: Notes) -> None:
        self._book, self._sender, self._settings, self._notes = book, sender, settings, notes

    def sent(self, case: Case, ladder: Ladder) -> list[Sent]:
        """Return the steps of a case's present round that were begun, each once.

        Where the alert walks another ladder than when the round began (it grew louder, somebody changed it), what went
        to others is not this ladder's: so nobody of it is passed over. Of the turns before that is let be.
        """
        rota, calls = self._book.contacts_of(case).rota, ladder.calls
        known = list(zip(self._book.of_round(case), self._book.sent(case), strict=True))
        turn = max((delivery.step for delivery, _ in known), default=0) // len(calls)
        begun = []
        for delivery, sent in known:
            past = delivery.step // len(calls) < turn
            if past or is_of(delivery.recipient, calls[delivery.step % len(calls)], rota):
                nobody = delivery.state is DeliveryState.NOBODY
                begun.append(Sent(sent.step, sent.at_us, failed=True) if nobody else sent)
        return merged(begun)

    def begin(self, case: Case, index: int, step: Call) -> None:
        """Tell whoever a step is for now; where nobody is on duty, write that down, and the next is told at once."""
        people = reached(step, self._book.contacts_of(case).rota, self._settings.clock())
        for each in people:
            self._sender.begin(case, index, each)
        if not people and step.on_duty is not None:
            self._notes.counts["nobody_on_duty"] += 1
            self._sender.nobody(case, index, marker(step.on_duty))

    def complete(self, case: Case, ladder: Ladder) -> None:
        """Tell those of the latest step who were not: we were killed between two of them."""
        latest = max(self._book.of_round(case), key=lambda each: each.step, default=None)
        if latest is None or latest.state is DeliveryState.NOBODY:
            return
        step = ladder.calls[latest.step % len(ladder.calls)]
        if step.on_duty is None:
            return
        told = {each.recipient: each for each in self._book.of_round(case) if each.step == latest.step}
        began_us = min(each.claimed_us for each in told.values())
        for each in reached(step, self._book.contacts_of(case).rota, began_us):
            if each.recipient not in told:
                self._sender.begin(case, latest.step, each)
