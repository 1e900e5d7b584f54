"""Real messages as far as this machine has them: what we say of each is what its collector expects."""

from typing import Any

import pytest

from tests.ingest.decoders.samples import FOLDER, disagreements, load, said_of

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs the device samples in ../shared/devices")


#: Where we differ from what a sample's collector expects, and why.
DIFFER = {
    "hadisc-leak-custom-state": "the broker remembered it (retain), so it is a state and no event",
    "senml-ex5": "it counts 12 records; the RFC's example, and what the sample itself resolves it to, have 13",
    "shelly3-bthomesensor": "what the value means stands in the gateway's configuration, which is not here",
}


@pytest.mark.recordings
def test_every_sample_is_understood_but_three_that_are_explained() -> None:
    samples = load("*")
    wrong = {sample["id"]: found for sample in samples if (found := disagreements(sample, said_of(sample)))}
    assert len(samples) >= 243
    assert {sample: found for sample, found in wrong.items() if sample not in DIFFER} == {}


@pytest.mark.recordings
def test_no_sample_alarms_that_must_not() -> None:
    """Also of a family that is not understood: what must not ring, does not."""

    def rings(sample: dict[str, Any]) -> bool:
        return sample["expect"]["alarm"] is None and said_of(sample)["alarm"] is not None

    assert [sample["id"] for sample in load("*") if rings(sample)] == []
