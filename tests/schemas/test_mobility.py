"""What the words of a care plan say of how somebody gets about."""

import pytest

from schemas.mobility import Mobility, mobility_of


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("independent", Mobility.WALKS),
        ("Walks with a stick.", Mobility.WALKS),
        ("walker", Mobility.FRAME),
        (" walks  with a FRAME ", Mobility.FRAME),
        ("助行器", Mobility.FRAME),
        ("wheelchair", Mobility.WHEELCHAIR),
        ("坐轮椅", Mobility.WHEELCHAIR),
        ("bedridden", Mobility.BEDBOUND),
        ("卧床", Mobility.BEDBOUND),
    ],
)
def test_words_that_people_and_our_pages_write_are_understood(words: str, said: Mobility) -> None:
    assert mobility_of(words) is said


@pytest.mark.parametrize(
    "words", [None, "", "no wheelchair any more", "不用轮椅", "dancer", "wheelchair, walks at home"]
)
def test_other_words_say_nothing_rather_than_something_wrong(words: str | None) -> None:
    assert mobility_of(words) is Mobility.UNKNOWN


def test_each_of_the_enums_own_values_but_unknown_says_itself() -> None:
    assert {mobility_of(each.value) for each in Mobility} == set(Mobility)
