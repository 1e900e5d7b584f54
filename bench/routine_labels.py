"""Days that were labelled: a ``.csv`` or ``.csv.gz`` with ``home,t_ms,label``, t_ms of the local wall clock.

The day of a label is the local date of its t_ms. In TIHM that is when a clinician's team was shown the hours before
(almost always 12:01 or 18:01): the label tells of that day, not of a minute. Days before and after count as unlabelled.
"""

from collections.abc import Iterable
from pathlib import Path

from bench.homes import SUFFIXES, read_labels

#: What is looked for among the labels.
AGITATION = "Agitation"
_DAY_MS = 86_400_000


def label_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files of labels beside the events that ``paths`` name: in the folders, or in a file's own folder."""
    folders = {path if path.is_dir() else path.parent for path in paths}
    return sorted(
        each
        for folder in folders
        for each in folder.iterdir()
        if each.name.endswith(SUFFIXES) and "labels" in each.name
    )


def labelled_days(files: Iterable[Path], label: str = AGITATION) -> dict[str, set[int]]:
    """Return the labelled days (since 1970, local) by home. Raises NotAHome."""
    found: dict[str, set[int]] = {}
    for file in files:
        for home, t_ms, said in read_labels(file):
            if said == label:
                found.setdefault(home, set()).add(t_ms // _DAY_MS)
    return found
