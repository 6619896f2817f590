"""The app without its settings: every fault at once, in words, and no secret in them."""

import json
from pathlib import Path

import pytest

from devstack.places import ROOT
from functions.retraining.bootstrap import build
from functions.retraining.core.errors import ConfigurationError

KEY = "cGxhbnRlZC1rZXk="
MALFORMED = {
    "TrainingStorage": f"AccountName=missing-its-endpoint;AccountKey={KEY};Nonsense",
    "LABELED_EXAMPLES_CONTAINER": "labeledexamples",
    "TRAINED_MODELS_CONTAINER": "trainingoutput",
    "POLL_SCHEDULE": "0 * * * * *",
    "SWEEP_SCHEDULE": "0 */15 * * * *",
    "BLOB_TRIGGER_SOURCE": "Magic",
    "RETRAINING_STATE_CONTAINER": "NotAContainer",
    "MODEL_ARCHIVE_CONTAINER": "trainingoutput",
    "MODEL_LINK_DAYS": "many",
    "RUN_LEASE_SECONDS": "0",
    "TRAINING_ML_ENDPOINT": "http://plain.example/jobs",
    "TRAINING_API_KEY": KEY,
    "SCORING_ML_ENDPOINT": "not an address",
    "SCORING_API_KEY": KEY,
    "SCORING_UPDATE_RESOURCE_ENDPOINT": "https://management.example/elsewhere",
}


def test_without_any_setting_every_one_of_the_sample_is_named_at_once() -> None:
    sample = json.loads((ROOT / "local.settings.sample.json").read_text("utf-8"))["Values"]
    of_the_host = {"FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"}
    with_a_default = {"BLOB_TRIGGER_SOURCE"}

    words = _faults({})

    assert [name for name in set(sample) - of_the_host - with_a_default if name not in words] == []


def test_every_malformed_setting_is_named_at_once_and_no_key_is_shown() -> None:
    words = _faults(MALFORMED)

    for part in (
        "setting BLOB_TRIGGER_SOURCE",
        "setting RETRAINING_STATE_CONTAINER",
        "setting MODEL_ARCHIVE_CONTAINER",
        "setting MODEL_LINK_DAYS",
        "setting RUN_LEASE_SECONDS",
        "setting TrainingStorage",
        "linkedService/trainingEndpoint.json",
        "linkedService/updatableScoringEndpoint2.json",
    ):
        assert part in words
    assert KEY not in words


def test_a_folder_without_definitions_is_an_error_that_names_it(tmp_path: Path) -> None:
    assert str(tmp_path / "nowhere") in _faults({"ADF_FOLDER": str(tmp_path / "nowhere")})


def _faults(values: dict[str, str]) -> str:
    with pytest.raises(ConfigurationError) as raised:
        build(values, ROOT)
    return str(raised.value)
