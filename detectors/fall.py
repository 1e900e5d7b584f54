"""Falls from one worn accelerometer: each impact is judged with the seconds around it, once those are there.

A wearer's frames are kept a few seconds (detectors.trace). An impact (detectors.impacts) is judged early, with EARLY_S
seconds after it, and when POST_S seconds after it have come without a gap, in whatever order; when they do not come
within ``wait_s``, it is judged on what there is, and again should they come after all. Nothing is judged across a gap.
What a judgement tells, and that one fall is told once whatever hits in it, is detectors.fall_stages. Who walks again
within minutes gives the fall its last stage, ``recovered``.

Findings depend on the frames and ticks and their order alone, never on how they are cut into batches.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from detectors.fall_features import fall_features
from detectors.fall_followed import Fallen
from detectors.fall_lying import taken_off
from detectors.fall_model import MODEL, TRUNK, FallModel, fall_models, place_of
from detectors.fall_moments import REACH_US, Moment, moments, ripe
from detectors.fall_recovery import follow
from detectors.fall_snapshot import Walker, Walkers, pack, unpack
from detectors.fall_soft import SPAN_US, may_be_soft, soft_fall, whole_seconds
from detectors.fall_stages import Judged, Terms, decide, dismiss, event_time, recover, slide, wants
from detectors.fall_window import Window
from detectors.household import Left, note, overtaken
from detectors.impacts import GATE_G, peaks
from detectors.trace import Held, Trace, Wearer, WearerKey, losing
from detectors.wearable import WornFrame
from schemas.config import DeviceConfig, ResidentConfig
from schemas.finding import Finding
from schemas.mobility import Mobility

_SECOND = 1_000_000
#: A wearer's devices that are kept; more than a few at once is a mistake in the bindings.
_DEVICES_KEPT = 4
#: Errors kept until somebody drains them.
_ERRORS_KEPT = 100
#: A device silent for so long is forgotten: no frame is later than a day (DESIGN.md, late is not silent).
_SILENT_US = 24 * 3600 * _SECOND
#: How often silent devices are looked for.
_SWEEP_US = 3600 * _SECOND


@dataclass(frozen=True)
class FallConfig:
    """Settings of the fall detector.

    ``threshold``: the probability from which on an impact is a fall, ``early_threshold``: from which on it is possibly
    one; None takes the model's own for the place where the sensor is worn. ``gate_g``: |a| from which on an impact is
    judged. ``wait_s``: how long the seconds after an impact are waited for, on the platform's clock. ``apart_s``: so
    long another blow belongs to a confirmed fall, whose alarm still rings; others leave people 30 to 60 s to get up
    again before they call.
    """

    threshold: float | None = None
    early_threshold: float | None = None
    gate_g: float = GATE_G
    wait_s: float = 15.0
    apart_s: float = 60.0

    def build(self) -> "FallDetector":
        """Return a detector with these settings."""
        return FallDetector(self)


class FallDetector:
    """Finds falls in the frames of many wearers. ``errors`` holds what went wrong by frame key, until drained."""

    model = MODEL

    def __init__(self, config: FallConfig | None = None, models: Mapping[str, FallModel] | None = None) -> None:
        """``models`` by place stand in for the shipped ones (cross-validation)."""
        self.config = config or FallConfig()
        self.errors: list[tuple[str, str]] = []
        self.now_us = 0  # the platform's clock by the last tick
        self.changed: set[str] = set()  # units whose state may be another one since somebody emptied this
        self.wearers: dict[WearerKey, Wearer] = {}
        self._fallen: dict[WearerKey, list[Fallen]] = {}  # falls whose people may walk again
        self._walkers: Walkers = {}  # how people get about, of whom that is known
        self._left: dict[str, Left] = {}  # by unit
        self._waiting: dict[tuple[str, str, str], int] = {}  # unit, resident, device -> when to stop waiting
        self._models = dict(models or fall_models())

    def update(self, frames: Sequence[WornFrame]) -> list[Finding]:
        """Take frames in the order in which they came; return the findings they complete."""
        found: list[Finding] = []
        for frame, peak in zip(frames, peaks(frames), strict=True):
            self.changed.add(frame.unit)
            try:
                taken = self._take(frame, peak)
                found += [msgspec.structs.replace(each, heard_us=frame.arrival_us) for each in taken]
            except Exception as error:  # one wearer's trouble must not stop the others
                self._forget(frame)
                self._report(frame.key, error)
        return found

    def due(self) -> int | None:
        """Return the earliest platform time at which ``tick`` may decide something, None when nothing waits."""
        return min(self._waiting.values(), default=None)

    def tick(self, now_us: int) -> list[Finding]:
        """Take the platform's clock; judge the impacts whose following seconds have been waited for long enough."""
        before_us, self.now_us = self.now_us, max(self.now_us, now_us)
        found: list[Finding] = []
        over = sorted(key for key, when in self._waiting.items() if when <= self.now_us)
        for unit, resident, device in over:
            self.changed.add(unit)
            wearer = self.wearers[unit, resident]
            trace = wearer.traces[device]
            try:
                late = [held for held in trace.held if self._stops_waiting(held)]
                found += self._force(wearer, trace, late)
                self._wait((unit, resident), device, trace)
            except Exception as error:
                frame = trace.held[-1].frame
                self._forget(frame)
                self._report(frame.key, error)
        if self.now_us // _SWEEP_US > before_us // _SWEEP_US:
            self._forget_silent()
        return found

    def rebind(self, config: DeviceConfig) -> list[Finding]:
        """Let go of the device's frames in this unit that are not of who wore it then; what waits is judged first.

        So nothing is judged across a change of wearer or of the place where it is worn.
        """
        found: list[Finding] = []
        self.changed.add(config.unit)
        for key, wearer in sorted(self.wearers.items()):
            trace = wearer.traces.get(config.device)
            if key[0] != config.unit or trace is None:
                continue
            frames = [(held, held.frame) for held in trace.held]
            gone = [
                held
                for held, f in frames
                if not config.worn_by(key[1], f.position, f.event_us, f.event_us + f.duration_us)
            ]
            try:
                found += self._force(wearer, trace, [held for held in gone if not held.forced])
                trace.drop(gone)
                self._wait(key, config.device, trace)
            except Exception as error:
                self._report(gone[0].frame.key, error)
                self._forget(gone[0].frame)
            if gone:
                self._unfollow(key, config.device)
        return found

    def configure(self, config: ResidentConfig) -> None:
        """Take over how a resident gets about; an older version changes nothing."""
        key = (config.unit, config.resident)
        known, left = self._walkers.get(key, Walker(-1, Mobility.UNKNOWN)), self._left.pop(config.unit, {})
        told = Walker(config.version, config.mobility if config.here else Mobility.UNKNOWN)
        late = overtaken(config, known.version, left)
        if not late:
            note(left, config)
        self._left |= {config.unit: left} if left else {}
        if late or (config.here and told.mobility is known.mobility):
            return
        self.changed.add(config.unit)
        if told.mobility is Mobility.UNKNOWN:
            self._walkers.pop(key, None)
        else:
            self._walkers[key] = told

    def mobility(self, unit: str, resident: str) -> Mobility:
        """Return how a resident gets about, by the stream so far."""
        known = self._walkers.get((unit, resident))
        return Mobility.UNKNOWN if known is None else known.mobility

    def snapshot(self) -> bytes:
        """Return all state as bytes; names its schema and model."""
        return pack(self.model, self.now_us, self.wearers, self._fallen, self._walkers, self._left)

    def restore(self, data: bytes) -> None:
        """Take over the state of a snapshot. Raises OtherSnapshot when it is of another schema or model."""
        self.wearers, self._fallen, self._walkers, self._left, self._waiting = {}, {}, {}, {}, {}
        self.now_us = self.take_over(data)

    def units(self) -> set[str]:
        """Return the units of which something is kept."""
        return {unit for unit, _ in self.wearers} | {unit for unit, _ in self._walkers} | set(self._left)

    def states(self, units: Collection[str]) -> dict[str, bytes]:
        """Return these units' state, each as a snapshot of its own without the clock; none where nothing is kept."""
        of_unit: dict[str, tuple[dict[WearerKey, Wearer], Walkers]] = {u: ({}, {}) for u in self._left if u in units}
        for key, wearer in self.wearers.items():
            if key[0] in units:
                of_unit.setdefault(key[0], ({}, {}))[0][key] = wearer
        for key, walker in self._walkers.items():
            if key[0] in units:
                of_unit.setdefault(key[0], ({}, {}))[1][key] = walker
        left = {unit: {unit: self._left[unit]} if unit in self._left else {} for unit in of_unit}
        return {unit: pack(self.model, 0, w, self._fallen, k, left[unit]) for unit, (w, k) in of_unit.items()}

    def take_over(self, state: bytes) -> int:
        """Add the wearers of a snapshot to those there are; return its clock. Raises OtherSnapshot."""
        now_us, wearers, followed, walkers, left = unpack(self.model, state)
        self._left |= left
        self.wearers |= wearers
        self._walkers |= walkers
        self._fallen |= followed
        for key, wearer in wearers.items():
            for device, trace in wearer.traces.items():
                self._wait(key, device, trace)
        return now_us

    def judge_of(self, position: str | None, *, early: bool) -> tuple[FallModel, float]:
        """Return the model for a sensor worn at ``position``, and the probability from which on it tells of a fall."""
        model, given = self._models[place_of(position)], self.config.threshold
        if early:
            model, given = getattr(model, "early", None) or model, self.config.early_threshold
        return model, model.threshold if given is None else given

    # -- one frame ---------------------------------------------------------------------------------------------------

    def _take(self, frame: WornFrame, peak: float) -> list[Finding]:
        key = (frame.unit, frame.resident)
        wearer = self.wearers.setdefault(key, Wearer())
        trace = wearer.traces[frame.device] = wearer.traces.pop(frame.device, Trace())
        self._limit_devices(key, wearer)
        if not trace.is_new(frame.boot, frame.seq):
            return []
        if frame.worn is False or frame.charging:
            return self._not_worn(wearer, trace, frame)
        heard_us = self.now_us or frame.event_us + frame.duration_us
        index = trace.add(frame, peak, heard_us)
        gate_g = self.config.gate_g
        hard = [held for held in trace.held if held.peak >= gate_g and held.is_open]
        slides = place_of(frame.position) == TRUNK and self.mobility(*key) is not Mobility.BEDBOUND
        found: list[Finding] = []
        if hard or slides or key in self._fallen:  # else there is nothing to be asked of the run of frames
            run = trace.run_around(index)
            found += self._judge_ripe(wearer, trace, run)
            if key in self._fallen:
                found += self._follow(key, frame, trace, run)
            if slides:
                found += self._soft(wearer, trace, index, run)
        gone = trace.surplus()
        if hard:
            waiting = [held for held in hard if self._pending(held)]
            found += self._force(wearer, trace, losing(waiting, gone, REACH_US))
        trace.drop(gone)
        if hard:
            self._wait(key, frame.device, trace, hard)
        return found

    def _not_worn(self, wearer: Wearer, trace: Trace, frame: WornFrame) -> list[Finding]:
        """Judge what waits in the seconds before this frame, whose samples are nobody's: none will follow them."""
        key = (frame.unit, frame.resident)
        since = [(held, frame.t0_us - held.last_us) for held in trace.held if held.frame.boot == frame.boot]
        late = [held for held, us in since if 0 < us <= REACH_US and self._pending(held)]
        found = self._force(wearer, trace, late)
        self._wait(key, frame.device, trace)
        return found + taken_off(self._fallen.get(key, []), frame)

    def _judge_ripe(self, wearer: Wearer, trace: Trace, run: tuple[int, int]) -> list[Finding]:
        """Judge what has its seconds after it in a run of frames, and close what nothing confirms, by time."""
        begin_us, last_us = trace.held[run[0]].frame.t0_us, trace.held[run[1]].last_us
        found: list[Finding] = []
        for moment in ripe(trace, run, self.config.gate_g):
            found += self._close(moment.held.frame, begin_us, moment.due_us - 1)
            found += self._judge(wearer, moment)
        return found + self._close(trace.held[run[0]].frame, begin_us, last_us)

    def _force(self, wearer: Wearer, trace: Trace, late: list[Held]) -> list[Finding]:
        """Judge what is not judged in these frames on the data there are."""
        found: list[Finding] = []
        for held in late:
            if self._pending(held):
                run = trace.run_around(trace.held.index(held))
                for moment in moments(trace, held, run, (held.done_us, held.last_us), self.config.gate_g, early=False):
                    found += self._judge(wearer, moment)
            held.forced = True
        return found

    def _judge(self, wearer: Wearer, moment: Moment) -> list[Finding]:
        """Judge one impact; return what that tells."""
        frame = moment.held.frame
        key = (frame.unit, frame.resident)
        terms = self._terms(key)
        if not wants(wearer.falls, event_time(frame, moment.impact_us), terms.apart_us, early=moment.early):
            return []
        window = moment.window()
        score, threshold = self._score(frame, window, early=moment.early)
        judged = Judged(frame, moment.impact_us, window, score, threshold, moment.early)
        followed = self._fallen.get(key, [])
        told = decide(wearer.falls, followed, judged, terms)
        if told is None:
            return []
        self._fallen[key] = followed
        return [told]

    def _terms(self, key: WearerKey) -> Terms:
        return Terms(int(self.config.apart_s * _SECOND), self.model, self.mobility(*key))

    def _score(self, frame: WornFrame, window: Window, *, early: bool) -> tuple[float, float]:
        """Return the probability of a fall, and that from which on it is told."""
        model, threshold = self.judge_of(frame.position, early=early)
        return model.judge(fall_features(window), window), threshold

    def _close(self, frame: WornFrame, begin_us: int, last_us: int) -> list[Finding]:
        """Close the possible falls that a run of this frame's device up to ``last_us`` did not confirm."""
        key = (frame.unit, frame.resident)
        if key not in self._fallen:
            return []
        found = dismiss(self.wearers[key].falls, self._fallen[key], frame.device, frame.boot, begin_us, last_us)
        if not self._fallen[key]:
            del self._fallen[key]
        return found

    def _follow(self, key: WearerKey, frame: WornFrame, trace: Trace, run: tuple[int, int]) -> list[Finding]:
        found = follow(self._fallen[key], frame, trace, run, self.mobility(*key))
        recover(self.wearers[key].falls, found)
        if not self._fallen[key]:
            del self._fallen[key]
        return found

    def _soft(self, wearer: Wearer, trace: Trace, index: int, run: tuple[int, int]) -> list[Finding]:
        """Look for soft falls that the frame at ``index`` brings to light. Who lies in bed anyway only turns over."""
        held = trace.held[index]
        first_us = trace.held[index - 1].last_us if index > run[0] else held.frame.t0_us
        times = [
            at_us
            for at_us in whole_seconds(first_us, trace.held[run[1]].last_us)
            if at_us - SPAN_US >= trace.held[run[0]].frame.t0_us
        ]
        if not times or not may_be_soft(trace, index, times[-1]):
            return []
        t_us, acc_g = trace.samples(*run, times[0] - SPAN_US, times[-1])
        key = (held.frame.unit, held.frame.resident)
        found: list[Finding] = []
        for at_us in times:
            soft = soft_fall(t_us, acc_g, at_us)
            if soft is not None:
                touched = next(one for one in trace.held[run[0] : run[1] + 1] if one.frame.end_us > soft.touch_us)
                followed = self._fallen.setdefault(key, [])
                told = slide(wearer.falls, followed, soft, touched.frame, self._terms(key))
                found += [] if told is None else [told]
                if not followed:
                    del self._fallen[key]
        return found

    def _unfollow(self, key: WearerKey, device: str) -> None:
        kept = [one for one in self._fallen.pop(key, []) if one.finding.device != device]
        if kept:
            self._fallen[key] = kept

    # -- waiting and forgetting --------------------------------------------------------------------------------------

    def _pending(self, held: Held) -> bool:
        return held.peak >= self.config.gate_g and not held.forced and held.done_us < held.last_us

    def _give_up_us(self, held: Held) -> int:
        return held.heard_us + int(self.config.wait_s * _SECOND)

    def _stops_waiting(self, held: Held) -> bool:
        return self._pending(held) and self._give_up_us(held) <= self.now_us

    def _wait(self, key: WearerKey, device: str, trace: Trace, hard: list[Held] | None = None) -> None:
        """Wait for what is not judged; ``hard``: frames among which all such are, some of them gone by now."""
        pending = [held for held in (trace.held if hard is None else hard) if self._pending(held)]
        times = [self._give_up_us(held) for held in pending if hard is None or held in trace.held]
        if times:
            self._waiting[*key, device] = min(times)
        else:
            self._waiting.pop((*key, device), None)

    def _forget_silent(self) -> None:
        """Let go of devices that were silent for a day, and of wearers with none."""
        for key, wearer in list(self.wearers.items()):
            for device, trace in list(wearer.traces.items()):
                if not trace.arrived or trace.arrived[-1].heard_us < self.now_us - _SILENT_US:
                    self.changed.add(key[0])
                    del wearer.traces[device]
                    self._waiting.pop((*key, device), None)
                    self._unfollow(key, device)
            if not wearer.traces:
                del self.wearers[key]

    def _limit_devices(self, key: WearerKey, wearer: Wearer) -> None:
        while len(wearer.traces) > _DEVICES_KEPT:
            oldest = next(iter(wearer.traces))  # the one just heard stands last
            del wearer.traces[oldest]
            self._waiting.pop((*key, oldest), None)
            self._unfollow(key, oldest)

    def _forget(self, frame: WornFrame) -> None:
        wearer = self.wearers.get((frame.unit, frame.resident))
        if wearer is not None:
            wearer.traces.pop(frame.device, None)
        self._waiting.pop((frame.unit, frame.resident, frame.device), None)
        self._unfollow((frame.unit, frame.resident), frame.device)

    def _report(self, key: str, error: Exception) -> None:
        self.errors.append((key, f"{type(error).__name__}: {error}"))
        del self.errors[:-_ERRORS_KEPT]
