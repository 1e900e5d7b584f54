"""Real messages as far as this machine has them: what we say of each is what its collector expects."""

import pytest

from tests.ingest.decoders.samples import FOLDER, disagreements, load, said_of

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs the device samples in ../shared/devices")


@pytest.mark.recordings
def test_every_zigbee2mqtt_sample_is_understood() -> None:
    wrong = {sample["id"]: found for sample in load("z2m") if (found := disagreements(sample, said_of(sample)))}
    assert wrong == {}


@pytest.mark.recordings
def test_a_family_without_a_decoder_is_said_to_be_unknown_and_never_alarms() -> None:
    for sample in load("wear"):
        said = said_of(sample)
        assert (said["alarm"], said["quarantine"], said["observations"]) == (None, "unknown-topic", [])
