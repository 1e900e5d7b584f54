"""A review as a file: one line an alert, for a spreadsheet or a program.

Rules of this file:

- A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection): what a device or
  a person wrote is text, whatever it begins with.
- A byte order mark, since Excel takes a file without one for the code page of its machine, and shows no Chinese.
- Names only where the caller's role may take them out of the house, and only when asked for. Else each resident is a
  number of this file: two files cannot be joined by it. What people wrote may name somebody, and goes with the names.
"""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from api.present import Names, Plain
from api.review import Span
from api.times import SECOND_US, iso
from store.grants import Reach
from store.reviews import LATE_US, Resolved, Stands

#: More lines than a spreadsheet is read with, and what is made in a second or two.
MOST = 20_000
_BOM = "\ufeff"
#: What begins a formula, also typed with an input method for Chinese; tab and return begin one behind a sign that is
#: dropped.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")

_HEAD: dict[str, tuple[str, str]] = {
    "alert": ("Alert", "告警编号"),
    "kind": ("Kind", "类型"),
    "detector": ("Detector", "检测器"),
    "severity": ("Severity at the end", "最终级别"),
    "ward": ("Ward", "病区"),
    "place": ("Place", "地点"),
    "resident": ("Resident", "老人"),
    "test": ("Test resident", "测试老人"),
    "device": ("Device", "设备"),
    "raised": ("Raised", "告警时间"),
    "raised_utc": ("Raised, UTC", "告警时间（UTC）"),
    "answered_by": ("Answered by", "接警人"),
    "response_s": ("Answered after, s", "接警用时（秒）"),
    "in_60_s": ("Within 60 s", "60秒内"),
    "in_180_s": ("Within 180 s", "180秒内"),
    "state": ("State", "状态"),
    "outcome": ("Outcome", "结果"),
    "outcome_local": ("Outcome, own words", "本院说法"),
    "resolved_by": ("Resolved by", "处置人"),
    "resolved_utc": ("Resolved, UTC", "处置时间（UTC）"),
    "closed_utc": ("Closed, UTC", "关闭时间（UTC）"),
    "occurrences": ("Occurrences", "次数"),
    "told_late": ("Told late", "迟报"),
    "note": ("Note", "备注"),
}
COLUMNS = tuple(_HEAD)


def rows(
    found: Sequence[Resolved],
    known: Names,
    wards: Mapping[str, str],
    standing: Mapping[str, Stands],
    span: Span,
    named: Reach | None,
    lang: Literal["en", "zh"],
) -> list[Plain]:
    """Return a row an alert; ``named``: where residents may be named (None: nowhere)."""
    numbers: dict[str, int] = {}
    made = []
    for each in found:
        number = numbers.setdefault(each.alert.resident, len(numbers) + 1)
        ward = wards[each.alert.unit]
        may = named is not None and (named.everywhere or each.alert.unit in named.places)
        made.append(_row(each, known, standing[ward].name if ward in standing else ward, span, number, may, lang))
    return made


def named_in(found: Sequence[Resolved], named: Reach | None) -> list[tuple[str, str]]:
    """Return (resident, unit) of everybody whom a file names, once each."""
    if named is None:
        return []
    seen = {
        each.alert.resident: each.alert.unit for each in found if named.everywhere or each.alert.unit in named.places
    }
    return sorted(seen.items())


def _row(
    each: Resolved, known: Names, ward: str, span: Span, number: int, named: bool, lang: Literal["en", "zh"]
) -> Plain:
    alert = each.alert
    person = known.person(alert.resident)
    waited_us = None if each.answered_us is None else max(0, each.answered_us - each.rang_us)
    own = known.outcome(alert.outcome_local)
    source = alert.sources.get(alert.finding) or next(iter(alert.sources.values()), None)
    raised = datetime.fromtimestamp(alert.raised_us / SECOND_US, span.zone)
    return {
        "alert": alert.id,
        "kind": alert.kind,
        "detector": source.model if source else "",
        "severity": alert.severity,
        "ward": ward,
        "place": known.place(alert.place or alert.unit),
        "resident": person["name"] if named else f"#{number}",
        "test": person["test"],
        "device": alert.device,
        "raised": raised.strftime("%Y-%m-%d %H:%M:%S"),
        "raised_utc": iso(alert.raised_us),
        "answered_by": each.answered_by or "",
        "response_s": None if waited_us is None else round(waited_us / SECOND_US, 1),
        "in_60_s": waited_us is not None and waited_us <= LATE_US,
        "in_180_s": waited_us is not None and waited_us <= 3 * LATE_US,
        "state": alert.state,
        "outcome": alert.outcome or "",
        "outcome_local": own[lang] if own else "",
        "resolved_by": alert.resolved_by or "",
        "resolved_utc": "" if alert.resolved_us is None else iso(alert.resolved_us),
        "closed_utc": "" if alert.closed_us is None else iso(alert.closed_us),
        "occurrences": alert.occurrences,
        "told_late": alert.late,
        "note": (alert.note or "") if named else "",
    }


def as_csv(made: Sequence[Plain], lang: Literal["en", "zh"]) -> str:
    """Return rows as a file for a spreadsheet."""
    text = io.StringIO()
    text.write(_BOM)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_HEAD[column][1 if lang == "zh" else 0] for column in COLUMNS])
    for row in made:
        writer.writerow([cell(row[column]) for column in COLUMNS])
    return text.getvalue()


def cell(value: object) -> object:
    """Return a value as a spreadsheet takes it for what it is."""
    if value is None or isinstance(value, int | float):
        return "" if value is None else int(value) if isinstance(value, bool) else value
    text = str(value).replace("\0", "")
    return f"'{text}" if text.lstrip(" ")[:1] in _FORMULA and text else text


def file_name(span: Span, ending: str) -> str:
    """Return a name that sorts by time and says nothing else."""
    first, last = (
        datetime.fromtimestamp(us / SECOND_US, UTC).astimezone(span.zone) for us in (span.start_us, span.until_us)
    )
    return f"review_{first:%Y%m%d-%H%M}_{last:%Y%m%d-%H%M}.{ending}"


def units_of(found: Collection[Resolved]) -> set[str]:
    """Return the watch units of alerts."""
    return {each.alert.unit for each in found}
