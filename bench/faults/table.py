"""The table of a run: a row for each fault; what may not happen is 0 or the run has failed. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

HEADINGS = (
    "seed", "fault", "acknowledged", "lost", "rows twice", "alerts doubled", "falls missed", "false alerts",
    "recovery s", "slowest alert s", "note",
)  # fmt: skip


@dataclass
class Row:
    """What one fault did. ``recovery_s`` None: not within the limit. ``skipped``: why it was not put on."""

    seed: int
    fault: str
    acknowledged: int = 0
    lost: int = 0
    twice: int = 0
    doubled: int = 0
    missed: int = 0
    false: int = 0
    recovery_s: float | None = 0.0
    slowest_s: float = 0.0
    skipped: str = ""
    notes: list[str] = field(default_factory=list)
    #: What this fault demands besides and did not get.
    broken: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing happened that may not. A fault that was skipped has proved nothing and failed nothing."""
        bad = self.lost + self.twice + self.doubled + self.missed + self.false + len(self.broken)
        return bool(self.skipped) or (bad == 0 and self.recovery_s is not None)

    def cells(self) -> tuple[str, ...]:
        """Return the row as text, in the order of HEADINGS."""
        if self.skipped:
            return (str(self.seed), self.fault, *["-"] * 8, f"skipped: {self.skipped}")
        recovery = "never" if self.recovery_s is None else f"{self.recovery_s:.1f}"
        counts = (self.acknowledged, self.lost, self.twice, self.doubled, self.missed, self.false)
        said = "; ".join(self.broken + self.notes)
        return (str(self.seed), self.fault, *map(str, counts), recovery, f"{self.slowest_s:.1f}", said)


def status(rows: Sequence[Row]) -> int:
    """Return the exit status: 0 when all is well and something was tried at all."""
    tried = [row for row in rows if not row.skipped]
    return 0 if tried and all(row.ok for row in rows) else 1


def as_json(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the run, ready for JSON."""
    return {"schema": 1, "ok": status(rows) == 0, "rows": [{**asdict(row), "ok": row.ok} for row in rows]}


def markdown(rows: Sequence[Row]) -> str:
    """Return the table for docs/faults.md."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
    lines += ["| " + " | ".join(cell.replace("|", "/") for cell in row.cells()) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def show(rows: Sequence[Row], console: Console) -> None:
    """Print the table."""
    table = Table(*HEADINGS, box=None)
    for row in rows:
        table.add_row(*row.cells(), style="" if row.ok else "bold red")
    console.print(table)
