"""What the settings page says of each setting is what the tables of the detectors' pages say, of the shipped models."""

import math
import re
from pathlib import Path

import pytest

from detectors import everyday_state, inactivity_model
from detectors.everyday_home import FAR
from detectors.expected import EVERYDAY_MODEL, EXPECTED, HOME_WEEKS, HOMES, SILENCE_MODEL
from detectors.inactivity_judging import PRICES
from schemas.config import Sensitivity

DOCS = Path(__file__).resolve().parents[2] / "docs" / "detectors"
INACTIVITY, EVERYDAY = ((DOCS / name).read_text(encoding="utf-8") for name in ("inactivity.md", "everyday.md"))


@pytest.mark.parametrize("setting", list(Sensitivity))
def test_silence_is_as_in_the_cross_validated_table_at_the_shipped_price(setting: Sensitivity) -> None:
    row = re.search(rf"^\| \*\*{setting}\*\* \(price ([\d,]+) h\) \| (.+) \|$", INACTIVITY, flags=re.MULTILINE)
    assert row is not None
    assert float(row[1].replace(",", "")) == PRICES[setting]
    false_alarms, _, _, mean, median, p90, _ = (cell.strip() for cell in row[2].split("|"))
    expected = EXPECTED[setting]
    assert float(false_alarms.split()[0]) == expected.silence_week
    assert (float(mean), float(median), float(p90)) == (expected.mean_h, expected.median_h, expected.p90_h)


@pytest.mark.parametrize("setting", list(Sensitivity))
def test_everyday_watches_are_as_their_page_says(setting: Sensitivity) -> None:
    said = (
        re.search(r"All together (\d\.\d\d) \[", EVERYDAY)
        if setting is Sensitivity.NORMAL
        else re.search(rf"`{setting}` \(x {FAR[setting]}\)(?: has)? (\d\.\d\d)", EVERYDAY)
    )
    assert said is not None
    assert float(said[1]) == EXPECTED[setting].everyday_week


def test_the_numbers_are_of_the_models_that_are_shipped_and_of_the_homes_named() -> None:
    assert (inactivity_model.MODEL, everyday_state.MODEL) == (SILENCE_MODEL, EVERYDAY_MODEL)
    assert f"## Model card: `{SILENCE_MODEL}`" in INACTIVITY
    # As the page breaks its lines.
    assert f"{HOMES} homes long enough, {HOME_WEEKS} home-weeks" in " ".join(INACTIVITY.split())
    assert f"{HOMES} homes are long enough" in EVERYDAY


def every(week: float) -> str:
    """Return how long it takes until one false alarm comes, as the console says it (settings/expected.ts)."""
    days = 7 / week
    return f"{round(days)} days" if days < 14 else f"{round(days / 7)} weeks"


def test_the_page_for_families_says_the_same_in_round_numbers() -> None:
    page = (DOCS.parent / "settings.md").read_text(encoding="utf-8")
    told = [EXPECTED[each] for each in (Sensitivity.CALMER, Sensitivity.NORMAL, Sensitivity.KEENER)]
    wanted = {
        "somebody who lies still at home is found after, on average": [f"{round(each.mean_h)} h" for each in told],
        # A limit is never rounded to a better one.
        "nine times in ten within": [f"{math.ceil(each.p90_h - 0.05)} h" for each in told],
        "one false alarm of silence in about": [every(each.silence_week) for each in told],
        "and one from the everyday watches in about": [every(each.everyday_week) for each in told],
    }
    for name, cells in wanted.items():
        assert f"| {name} | {' | '.join(cells)} |" in page


def test_sooner_costs_more_false_alarms() -> None:
    calmer, normal, keener = (EXPECTED[each] for each in (Sensitivity.CALMER, Sensitivity.NORMAL, Sensitivity.KEENER))
    for less, more in ((calmer, normal), (normal, keener)):
        assert less.silence_week < more.silence_week
        assert less.everyday_week < more.everyday_week
        assert less.mean_h > more.mean_h
