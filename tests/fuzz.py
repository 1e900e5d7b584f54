"""``make fuzz``: the tests that draw their examples draw many, and others each time (``-p tests.fuzz``).

In ``make test`` they draw the same few hundred, so that it is the same for everybody. Hypothesis prints what failed,
and how to draw it again.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

#: Examples of each test; SHOUWANG_FUZZ says another number. 20,000 take some minutes in all.
EXAMPLES = int(os.environ.get("SHOUWANG_FUZZ", "20000"))
#: Where Hypothesis keeps a test's settings.
_SETTINGS = "_hypothesis_internal_use_settings"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave only the tests that draw, and let them draw more."""
    drawing = [item for item in items if hasattr(getattr(item, "obj", None), _SETTINGS)]
    for item in drawing:
        obj = item.obj  # type: ignore[attr-defined]
        given: settings = getattr(obj, _SETTINGS)
        more = settings(
            given, max_examples=EXAMPLES, derandomize=False, deadline=None, suppress_health_check=list(HealthCheck)
        )
        setattr(getattr(obj, "__func__", obj), _SETTINGS, more)
        item.add_marker(pytest.mark.timeout(3600))
    config.hook.pytest_deselected(items=[item for item in items if item not in drawing])
    items[:] = drawing
