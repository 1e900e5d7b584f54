"""A finding crosses the wire whole."""

import msgspec
import numpy as np

from schemas.finding import Evidence, Finding, FindingKind, Stage, decode, encode, message_id


def _finding(features: dict[str, float]) -> Finding:
    return Finding(
        id="1",
        kind=FindingKind.FALL,
        stage=Stage.CONFIRMED,
        unit="u",
        resident="r",
        device="d",
        event_us=1,
        start_us=0,
        end_us=2,
        decided_us=2,
        score=0.9,
        anchor="d:1:1:frame",
        model="test",
        evidence=Evidence(features=features),
    )


def test_a_finding_comes_back_as_it_was() -> None:
    found = _finding({"peak_g": 3.1})
    assert decode(encode(found)) == found


def test_a_numpy_number_in_the_evidence_does_not_cost_the_alert() -> None:
    found = _finding({"peak_g": np.float64(3.1), "rate": np.float32(50), "n": np.int64(7)})  # type: ignore[dict-item]
    assert decode(encode(found)).evidence.features == {"peak_g": 3.1, "rate": 50.0, "n": 7.0}


def test_each_telling_of_a_finding_has_a_name_of_its_own_and_the_same_one_always_the_same() -> None:
    found = _finding({})
    more = msgspec.structs.replace(found, update=2)
    possible = msgspec.structs.replace(found, stage=Stage.POSSIBLE)
    assert message_id(found) == "1.confirmed"
    assert len({message_id(each) for each in (found, more, possible)}) == 3
    assert message_id(decode(encode(more))) == message_id(more)
