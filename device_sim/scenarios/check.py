"""Compares what a scenario file says with itself: names nobody has, times outside, what nothing can notice."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from device_sim.forms.families import PHONES, USUAL_PHONE
from device_sim.forms.spoken import SensorKind
from device_sim.scenarios import check_outdoors, windows, words
from device_sim.scenarios.form import Expected, Fault, Happening, Scenario, Written
from device_sim.scenarios.mistakes import Mistake, Unclear, instead
from device_sim.scenarios.moments import SECOND_US, START, Moment, Span, local_us

#: Where an alert may be expected at all: by what must be in the home.
NOTICED_BY = {
    "fall": (words.WEARABLE,),
    "inactivity": (words.SENSORS,),
    "wandering": (words.SENSORS, words.PHONE),
    "sos": (words.SENSORS, words.PHONE),
}
#: What a key names, and the sections in which it may stand.
KEYED, UNREAD_KEYS = "key of what happens", frozenset({"happens", "faults"})
#: Between two things that somebody does: getting up, some steps, sitting down again take a body about a minute.
APART_US = 90 * SECOND_US


def lasting_us(happening: Happening) -> int:
    """Return how long something lasts: as the file says, else as is usual for it."""
    return happening.lasts_us or words.HAPPENINGS[happening.what].lasts_us


def span(scenario: Scenario, start_us: int | None = None) -> Span:
    """Return the time of the play; ``start_us`` stands in for the file's own beginning."""
    zone = ZoneInfo(scenario.timezone)
    own_us = local_us(scenario.first_day, scenario.clock_s, zone)
    begin_us = own_us if start_us is None else start_us
    return Span(begin_us, begin_us + scenario.lasts_us, zone, later_us=begin_us - own_us)


def anchors(scenario: Scenario, within: Span) -> dict[str, int]:
    """Return when each happening or fault that has a key happens. What cannot be resolved is left out."""
    given: tuple[Happening | Fault, ...] = (*scenario.happens, *scenario.faults)
    waiting = [(each.key, each.at) for each in given if each.key is not None]
    found: dict[str, int] = {}
    for _ in range(len(waiting)):  # each round resolves at least one, or none can be resolved any more
        for key, at in waiting:
            if key not in found:
                try:
                    found[key] = within.resolve(at, found)
                except Unclear:
                    continue
    return found


def endings(scenario: Scenario, anchors: Mapping[str, int]) -> dict[str, int]:
    """Return when what has a key and a known beginning ends; a fault that lasts until the end of the play has none."""
    lasting: dict[str | None, int] = {each.key: lasting_us(each) for each in scenario.happens}
    lasting |= {each.key: each.lasts_us for each in scenario.faults if each.lasts_us is not None}
    return {key: at_us + lasting[key] for key, at_us in anchors.items() if key in lasting}


def scenario(said: Scenario) -> list[Mistake]:
    """Return all mistakes of reference and time, in no order."""
    checked = _Checked(said)
    checked.who_and_where()
    checked.what_happens()
    checked.what_breaks()
    checked.what_is_expected()
    return [*checked.mistakes, *check_outdoors.mistakes(said, unsure=checked.unsure)]


class _Checked:
    def __init__(self, said: Scenario) -> None:
        self.said = said
        self.span = span(said)
        self.anchors = anchors(said, self.span)
        self.mistakes: list[Mistake] = []
        given: tuple[Happening | Fault, ...] = (*said.happens, *said.faults)
        #: By key: the key that its moment hangs on, if it hangs on one.
        self.waits_for = {each.key: each.at.anchor for each in given if each.key is not None}
        self.unsure = bool(said.unread & {"devices", "residents"})  # whether what seems missing may only be misspelt
        self.homes = [place.key for place in said.places]
        self.people = [resident.key for resident in said.residents]

    def who_and_where(self) -> None:
        """Check that people live in places that there are, and that devices are somebody's."""
        for resident in self.said.residents:
            self.unsure |= not self._known(resident, "home", resident.home, self.homes, "place")
        taken: dict[str, str] = {}
        for device in self.said.devices:
            if device.worn_by is not None:
                self.unsure |= not self._known(device, "worn_by", device.worn_by, self.people, "resident")
            elif device.home is not None:
                self.unsure |= not self._known(device, "at", device.home, self.homes, "place")
                if device.kind != words.SENSORS:
                    continue
                if device.home in taken:
                    wrong = f"“{device.home}” has a set of sensors already: “{taken[device.home]}”."
                    self._wrong(device, "at", wrong, "Remove one of the two.")
                taken[device.home] = device.key

    def what_happens(self) -> None:
        """Check who, when, and whether anything can notice it."""
        self._keys_once((*self.said.happens, *self.said.faults))
        for each in self.said.happens:
            at_us = self._moment(each, "at", each.at)
            if self._known(each, "who", each.who, self.people, "resident"):
                self._noticed(each)
                self._rooms(each)
            ends_us = None if at_us is None else at_us + lasting_us(each)
            if ends_us is not None and ends_us > self.span.end_us:
                wrong = f"“{each.what}” ends at {self.span.said(ends_us)}, after the play."
                remedy = f"Let it end by {self.span.said(self.span.end_us)}, or let the play last longer."
                self._wrong(each, "for", wrong, remedy)
        self._apart()

    def what_breaks(self) -> None:
        """Check which device or home, and when."""
        devices = [device.key for device in self.said.devices]
        for fault in self.said.faults:
            self._moment(fault, "at", fault.at)
            if fault.device is not None and self._known(fault, "device", fault.device, devices, "device"):
                self._of_kind(fault)
            there = fault.home is not None and self._known(fault, "home", fault.home, self.homes, "place")
            if there and self.said.sensors(fault.home or "") is None:
                wrong = f"“{fault.home}” has no sensors, so no bridge."
                self._wrong(fault, "home", wrong, f"Add under devices: “sensors: {{kind: sensors, at: {fault.home}}}”.")

    def what_is_expected(self) -> None:
        """Check what must be raised, and what must not."""
        keys = {each.key: each.who for each in self.said.happens if each.key is not None}
        faults = [each.key for each in self.said.faults if each.key is not None]
        for each in self.said.expected:
            if each.of is not None:
                allowed = list(keys) if each.must else [*keys, *faults]
                self._known(each, "of", each.of, allowed, KEYED)
            who = each.who or keys.get(each.of or "")
            if each.who is not None:
                self._known(each, "who", each.who, self.people, "resident")
            elif who is None and (each.of is None or each.of in faults):
                self._wrong(
                    each, "who", "It is not said whom this is about.", f"Add “who: {(self.people or ['wang'])[0]}”."
                )
            if each.must and who in self.people:
                self._can_be_found(each, who)
            if not each.must:
                self._window(each)
                self._contradiction(each)

    def _window(self, each: Expected) -> None:
        """Check that a “never” has a time in which something could break it."""
        given = [(name, when) for name, when in (("from", each.begin), ("until", each.end)) if when is not None]
        fine = [self._moment(each, name, when) is not None for name, when in given]
        if not all(fine) or (each.of is not None and each.of not in self.anchors):
            return
        begun_us = self.span.start_us if each.of is None else self.anchors[each.of]
        ends_us = endings(self.said, self.anchors).get(each.of or "", self.span.end_us)
        from_us, until_us = windows.must_not_lie(each, self.span, self.anchors, begun_us, ends_us)
        if until_us > from_us:
            return
        times = f"from {self.span.said(from_us)} to {self.span.said(until_us)}"
        if len(given) == 2:
            remedy = "Put the earlier moment under “from”."
        else:
            other = "from" if each.begin is None else "until"
            remedy = f"Say “{other}” too, or move “{given[0][0] if given else 'of'}”."
        name = given[-1][0] if given else "of"
        self._wrong(each, name, f"The time of this “never” ends before it begins: {times}.", remedy)

    def _contradiction(self, each: Expected) -> None:
        """Check that not the same alert must be raised and must not, about one thing that happens."""
        if each.of is None or each.begin is not None or each.end is not None:
            return
        for other in self.said.expected:
            if other.must and (other.of, other.kind) == (each.of, each.kind) and self._who(other) == self._who(each):
                wrong = f"{each.kind} of “{each.of}” must be raised, says line {other.mark.line}, and here must not."
                self._wrong(each, "of", wrong, "Remove one of the two.")

    def _who(self, each: Expected) -> str | None:
        return each.who or next((one.who for one in self.said.happens if one.key == each.of), None)

    def _can_be_found(self, each: Expected, who: str) -> None:
        kinds = NOTICED_BY.get(each.kind, ())
        if kinds and not any(self._has(who, kind) for kind in kinds):
            wrong = f"Nothing that “{who}” has can notice {each.kind}."
            self._wrong(each, "kind", wrong, _add_device(who, self._home(who), kinds))

    def _noticed(self, each: Happening) -> None:
        kinds = words.HAPPENINGS[each.what].seen_by
        if kinds and not any(self._has(each.who, kind) for kind in kinds):
            wrong = f"No device can notice that “{each.who}” {each.what}."
            self._wrong(each, "what", wrong, _add_device(each.who, self._home(each.who), kinds))
        sensors = self.said.sensors(self._home(each.who))
        pendant = self.said.worn(each.who, words.PHONE)
        calls = pendant is not None and PHONES[pendant.speaks or USUAL_PHONE].calls
        if each.what == words.PRESSES and not calls and (sensors is None or SensorKind.BUTTON not in sensors.also):
            wrong = f"“{each.who}” has no button to press."
            remedy = "Add “also: button” to the sensors, or “speaks: traccar” to the phone, under devices."
            self._wrong(each, "what", wrong, remedy)

    def _has(self, who: str, kind: str) -> bool:
        if self.unsure:
            return True  # it may be what could not be read, or the one that names nobody
        if kind == words.SENSORS:
            return self.said.sensors(self._home(who)) is not None
        return self.said.worn(who, kind) is not None

    def _home(self, who: str) -> str:
        resident = self.said.resident(who)
        return resident.home if resident else ""

    def _rooms(self, each: Happening) -> None:
        place = self.said.place(self._home(each.who))
        rooms = place.rooms if place else ()
        for room in (each.room, *each.between):
            if rooms and room is not None and room not in rooms:
                name = "room" if room == each.room else "between"
                self._wrong(each, name, f"The home of “{each.who}” has no {room}.", instead(room, rooms))

    def _of_kind(self, fault: Fault) -> None:
        device = next(each for each in self.said.devices if each.key == fault.device)
        if fault.what == "sticks" and device.kind != words.SENSORS:
            remedy = instead("", [each.key for each in self.said.devices if each.kind == words.SENSORS])
            self._wrong(fault, "device", f"“{device.key}” is no set of sensors.", remedy)
        if device.kind == words.SENSORS and fault.what in ("battery dies", "falls silent") and fault.room is None:
            self._wrong(
                fault, "device", f"“{device.key}” is a set of sensors.", "Add the “room” of the one that fails."
            )

    def _apart(self) -> None:
        """Check that nobody does two things at once, who walks along neither; a visitor is somebody else."""
        by_time = []
        for each in self.said.happens:
            try:
                at_us = self.span.resolve(each.at, self.anchors)
            except Unclear:
                continue
            by_time += [(at_us, each, who) for who in (each.who, each.along) if who in self.people]
        last: dict[str, tuple[int, Happening]] = {}
        for at_us, each, who in sorted(by_time, key=lambda one: one[0]):
            if each.what == "has a visitor":
                continue
            before = last.get(who)
            if before is not None and at_us < before[0]:
                wrong = f"“{who}” still {before[1].what}, from line {before[1].mark.line}, at this time."
                remedy = f"Let it begin at “{self.span.typed(before[0])}” or later."
                if before[0] > self.span.end_us:
                    remedy = "Until the end of the play there is no time for both: let it last longer."
                self._wrong(each, "at", wrong, remedy)
            free_us = at_us + lasting_us(each) + APART_US
            if before is None or free_us >= before[0]:
                last[who] = (free_us, each)

    def _keys_once(self, given: Iterable[Happening | Fault]) -> None:
        seen: dict[str, Written] = {}
        for each in given:
            if each.key is not None and each.key in seen:
                first = seen[each.key].mark
                self._wrong(each, "key", f"The key “{each.key}” is taken in {first}.", "Choose another one.")
            elif each.key is not None:
                seen[each.key] = each

    def _moment(self, record: Written, name: str, when: Moment) -> int | None:
        unread = when.anchor not in (None, START, *self.waits_for) and UNREAD_KEYS & self.said.unread
        if unread:
            return None
        if when.anchor in self.waits_for and when.anchor not in self.anchors:
            self._circle(record, name, when.anchor)
            return None
        try:
            return self.span.resolve(when, self.anchors)
        except Unclear as unclear:
            self._wrong(record, name, unclear.wrong, unclear.remedy)
            return None

    def _circle(self, record: Written, name: str, key: str) -> None:
        """Tell of keys that wait for each other; a key whose own moment is wrong is told where it stands."""
        way = [key]
        while (following := self.waits_for.get(way[-1])) is not None:
            if following in way:
                wrong = f"“{following}” waits for itself: {' → '.join((*way, following))}."
                self._wrong(record, name, wrong, "Give one of them a time of its own, such as “day 1 09:30”.")
                return
            way.append(following)

    def _known(self, record: Written, name: str, key: str, allowed: list[str], what: str) -> bool:
        if key in allowed:
            return True
        if f"{what}s" in self.said.unread or (what == KEYED and UNREAD_KEYS & self.said.unread):
            return False
        self._wrong(record, name, f"There is no {what} “{key}”.", instead(key, allowed))
        return False

    def _wrong(self, record: Written, name: str, wrong: str, remedy: str) -> None:
        self.mistakes.append(Mistake(record.where(name), wrong, remedy))


def _add_device(who: str, home: str, kinds: tuple[str, ...]) -> str:
    examples = {
        words.WEARABLE: f"“watch: {{kind: wearable, worn by: {who}}}”",
        words.PHONE: f"“phone: {{kind: phone, worn by: {who}}}”",
        words.SENSORS: f"“sensors: {{kind: sensors, at: {home}}}”",
    }
    return f"Add under devices: {' or '.join(examples[kind] for kind in kinds)}."
