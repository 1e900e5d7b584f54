"""The fall detector of a whole fleet: the same findings as FallDetector, at a fraction of the cost.

Nearly every frame of nearly every wearable goes on where the one before ended, and tells nothing. Wearables of which
that holds are kept in columns (fleet_table), and their frames are taken all at once: peaks, impacts, windows, features
and trees. This way only ever *proves that nothing is to be said*. Whoever may have something to say, and whatever is
not quite regular (late, repeated, after a gap, another boot, rate or position, a second device, a fall that is
followed), is rebuilt as detectors.trace has it, before that frame, and FallDetector itself takes it from there. So what
a finding is, is decided in one place alone, and that place is the twin this one is tested against.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detectors.fall import FallConfig, FallDetector
from detectors.fall_features import fall_features_of
from detectors.fall_model import FallModel
from detectors.fall_stages import EARLY_US, POST_US
from detectors.fleet_frames import FEW, FrameBatch, FrameBlock, batch_of_frames
from detectors.fleet_rows import Kept, is_regular, wearer_of
from detectors.fleet_search import Hits, hits, windows
from detectors.fleet_soft import is_soft, may_be_soft
from detectors.fleet_table import Ints, Shape, Table
from detectors.kernels import rings
from detectors.trace import WearerKey
from detectors.wearable import WornFrame
from schemas.config import DeviceConfig
from schemas.finding import Finding

Bools = NDArray[np.bool_]

_SECOND = 1_000_000
#: A score this close below a threshold is judged again alone: far more than what rounding could make of a sum.
_MARGIN = 1e-6
#: So many times ``few`` frames must come at once for wearers to enter the columns, so that they do not go to and fro.
_MANY = 2
#: Errors kept until somebody drains them.
_ERRORS_KEPT = 100
#: Shapes of frame that have a table of their own; each costs a pass per batch.
_MOST_TABLES = 16
#: Columns are left when a wearable was silent for so long; FallDetector forgets it after a day.
_SILENT_US = 3600 * _SECOND


class FleetFalls(FallDetector):
    """FallDetector for thousands of wearers. ``few``: fewer frames than this at once are taken one by one."""

    def __init__(
        self, config: FallConfig | None = None, models: Mapping[str, FallModel] | None = None, *, few: int = FEW
    ) -> None:
        super().__init__(config, models)
        self._few = few
        self._tables: dict[Shape, Table] = {}
        self._kept: dict[WearerKey, Kept] = {}
        #: How many impacts were judged in the columns: True with the first second alone, False with all.
        self.judged: Counter[bool] = Counter()

    @property
    def tables(self) -> list[Table]:
        """Return the columns, one table for each shape of frame."""
        return list(self._tables.values())

    @property
    def in_columns(self) -> int:
        """Return how many wearers are kept in columns."""
        return len(self._kept)

    def update(self, frames: Sequence[WornFrame] | FrameBatch) -> list[Finding]:
        """Take frames in the order in which they came; return the findings they complete."""
        batch = frames if isinstance(frames, FrameBatch) else batch_of_frames(frames, self._few)
        self.errors += batch.refused
        del self.errors[:-_ERRORS_KEPT]
        for frame in batch.single.values():
            self._release((frame.unit, frame.resident))
        aside = list(batch.single)
        for block, rows in zip(batch.blocks, self._rows_of(batch.blocks), strict=True):
            self.changed.update(block.unit)
            aside += self._take_block(block, rows)
        aside.sort()
        one_by_one = [batch.frame(place) for place in aside]
        found = super().update(one_by_one)
        if batch.count >= self._few * _MANY:
            for key in {(frame.unit, frame.resident) for frame in one_by_one}:
                self._keep(key)
        return found

    def due(self) -> int | None:
        """Return the earliest platform time at which ``tick`` may decide something, None when nothing waits."""
        times = [int(table.due_us.min()) for table in self._tables.values() if table.rows]
        times = [time for time in times if time < Table.LATER_US]
        waiting = super().due()
        return min(times if waiting is None else [*times, waiting], default=None)

    def tick(self, now_us: int) -> list[Finding]:
        """Take the platform's clock; judge the impacts whose following seconds have been waited for long enough."""
        now_us = max(now_us, self.now_us)
        for table in self._tables.values():
            rows = np.arange(table.rows)
            newest = (table.head[rows] + table.shape.kept - 1) % table.ring
            over = (table.due_us[rows] <= now_us) | (table.heard_us[rows, newest] < now_us - _SILENT_US)
            for row in np.flatnonzero(over).tolist():
                self._release_row(table, row)
        return super().tick(now_us)

    def rebind(self, config: DeviceConfig) -> list[Finding]:
        """Let go of the device's frames in this unit that are not of who wore it then; what waits is judged first."""
        for key in [key for key in self._kept if key[0] == config.unit]:
            self._release(key)
        return super().rebind(config)

    def snapshot(self) -> bytes:
        """Return all state as bytes; names its schema and model."""
        with_all = self.wearers | {key: wearer_of(key, self._kept[key]) for key in self._kept}
        own, self.wearers = self.wearers, with_all
        try:
            return super().snapshot()
        finally:
            self.wearers = own

    def states(self, units: Collection[str]) -> dict[str, bytes]:
        """Return these units' state, each as a snapshot of its own without the clock; none where nothing is kept."""
        own = self.wearers
        self.wearers = own | {key: wearer_of(key, self._kept[key]) for key in self._kept if key[0] in units}
        try:
            return super().states(units)
        finally:
            self.wearers = own

    def units(self) -> set[str]:
        """Return the units of which something is kept."""
        return super().units() | {unit for unit, _ in self._kept}

    def restore(self, data: bytes) -> None:
        """Take over the state of a snapshot. Raises OtherSnapshot when it is of another schema or model."""
        self._tables, self._kept = {}, {}
        super().restore(data)

    def take_over(self, state: bytes) -> int:
        """Add the wearers of a snapshot to those there are; return its clock. Raises OtherSnapshot."""
        for key in list(self._kept):
            self._release(key)
        return super().take_over(state)

    # -- whole blocks ------------------------------------------------------------------------------------------------

    def _rows_of(self, blocks: list[FrameBlock]) -> list[Ints]:
        """Return each frame's row in the table of its block, -1 for none; who sends two kinds of frames is released."""
        looked = [self._look_up(block) for block in blocks]
        released = False
        for block, rows in zip(blocks, looked, strict=True):
            for i in np.flatnonzero(rows < 0).tolist():
                released |= self._release((block.unit[i], block.resident[i]))
        return [self._look_up(block) for block in blocks] if released else looked

    def _look_up(self, block: FrameBlock) -> Ints:
        table = self._tables.get(block.shape)
        if table is None:
            return np.full(len(block.place), -1)
        rows = np.fromiter(map(table.row_of.__getitem__, block.device), np.int64, len(block.place))
        same = np.equal(block.unit, table.unit[rows]) & np.equal(block.resident, table.resident[rows])
        return np.where(same.astype(bool), rows, -1)

    def _take_block(self, block: FrameBlock, rows: Ints) -> list[int]:
        """Take what is regular and tells nothing; return the places of all other frames."""
        aside: list[int] = block.place[rows < 0].tolist()
        todo = np.flatnonzero(rows >= 0)
        if not len(todo):
            return aside
        table = self._tables[block.shape]
        stamp = np.zeros(table.rows, np.int64)
        while len(todo):
            stamp[rows[todo[::-1]]] = todo[::-1]  # of several frames of one wearable, the first
            first = stamp[rows[todo]] == todo
            now, later = todo[first], todo[~first]
            few = len(now) < self._few
            taken = np.zeros(len(now), bool) if few else self._take_round(table, block, now, rows[now])
            left = now[~taken]
            if len(left):
                gone = np.zeros(table.rows, bool)
                gone[rows[left]] = True
                for row in rows[left].tolist():
                    self._release_row(table, row)
                aside += block.place[left].tolist() + block.place[later[gone[rows[later]]]].tolist()
                later = later[~gone[rows[later]]]
            todo = later
        return aside

    def _take_round(self, table: Table, block: FrameBlock, now: Ints, rows: Ints) -> Bools:
        """Take one frame of each of ``rows`` (k,); return which were regular and told nothing."""
        shape, gate_g = table.shape, self.config.gate_g
        plain = block.plain[now] & np.equal(block.position[now], table.position[rows]).astype(bool)
        taken, busy = np.empty(len(now), bool), np.empty(len(now), bool)
        rings.take(
            now,
            rows,
            plain,
            block.boot,
            block.seq,
            block.t0_us,
            block.event_us,
            block.scale,
            block.acc,
            table.state,
            table.frames,
            table.acc,
            shape.span_us,
            shape.duration_us,
            shape.least_us,
            shape.most_us,
            POST_US,
            self.now_us,
            gate_g,
            taken,
            busy,
        )
        self._no_slides(table, rows, taken)
        judged = np.flatnonzero(busy & taken)
        if len(judged):
            taken[judged] = self._judge_rows(table, rows[judged])
        rings.settle(rows, taken, table.state, table.frames, shape.span_us, gate_g)
        return taken

    def _no_slides(self, table: Table, rows: Ints, taken: Bools) -> None:
        """Clear ``taken`` (k,) where a soft fall comes to light in one of ``rows`` (k,)."""
        trunk = np.flatnonzero(taken & table.trunk[rows])
        if len(trunk):
            maybe = trunk[may_be_soft(table, rows[trunk])]
            taken[maybe] = [not is_soft(table, row) for row in rows[maybe].tolist()]

    def _judge_rows(self, table: Table, rows: Ints) -> Bools:
        """Judge what the new frames in the free places make ripe; return the rows in which nothing is to be said.

        Of those the columns hold afterwards up to where they are judged; the others are as before.
        """
        quiet = np.ones(len(rows), bool)
        early, full = hits(table, rows, quiet, self.config.gate_g)
        for which, is_early in ((early, True), (full, False)):
            quiet[which.at[self._may_tell(table, rows, which, early=is_early)]] = False
        rings.judged(
            rows,
            quiet,
            table.state,
            table.frames,
            EARLY_US,
            POST_US,
            table.shape.span_us,
            int(self.config.wait_s * _SECOND),
            self.config.gate_g,
        )
        return quiet

    def _may_tell(self, table: Table, rows: Ints, which: Hits, *, early: bool) -> Bools:
        """Return which impacts FallDetector may say something about."""
        told = np.zeros(len(which.at), bool)
        self.judged[early] += len(told)
        if not len(told):
            return told
        positions = table.position[rows[which.at]]
        for position in set(positions.tolist()):
            mine = np.flatnonzero(np.equal(positions, position).astype(bool))
            model, threshold = self.judge_of(position, early=early)
            cut = windows(table, rows, Hits(which.at[mine], which.place[mine]), early=early)
            told[mine] = model.probabilities(fall_features_of(cut)) >= model.heard_from(threshold) - _MARGIN
        return told

    # -- in and out of the columns -----------------------------------------------------------------------------------

    def _keep(self, key: WearerKey) -> None:
        """Keep a wearer in columns, if all that is kept of them is one regular stream with nothing in the balance."""
        wearer = self.wearers.get(key)
        if wearer is None or len(wearer.traces) != 1 or key in self._fallen:
            return
        ((device, trace),) = wearer.traces.items()
        if not trace.held:
            return
        newest = trace.held[-1].frame
        shape = Shape(newest.n, newest.period_ns)
        if not shape.fits or len(trace.held) != shape.kept or not is_regular(trace, shape, self.config.gate_g):
            return
        if shape not in self._tables:
            if len(self._tables) >= _MOST_TABLES:
                return
            self._tables[shape] = Table(shape)
        table = self._tables[shape]
        self._release_row(table, table.row_of[device])  # who had it before
        row = table.take_in(trace, self.config.gate_g, self._waiting.pop((*key, device), None))
        self._kept[key] = Kept(table, row, trace.seen, wearer.falls)
        del self.wearers[key]

    def _release_row(self, table: Table, row: int) -> None:
        key = None if row < 0 else table.wearer_at(row)
        if key is not None:
            self._release(key)

    def _release(self, key: WearerKey) -> bool:
        """Put a wearer back among those taken one by one; return whether they were in the columns."""
        if key not in self._kept:
            return False
        kept = self._kept.pop(key)
        self.wearers[key] = wearer = wearer_of(key, kept)
        kept.table.free_row(kept.row)
        for device, trace in wearer.traces.items():
            self._wait(key, device, trace)
        return True
