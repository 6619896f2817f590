"""`python -m functions.retraining.check`, as a user runs it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from .factories import HERE, SAMPLE
from .test_article import SETTINGS

ROOT = SAMPLE.parent


def check(*arguments: str, **environment: str) -> tuple[int, str]:
    """Run the command in an environment without settings; answer exit code and output."""
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-m", "functions.retraining.check", *arguments]
    run = subprocess.run(command, env=bare, cwd=ROOT, capture_output=True, check=False)  # noqa: S603 -- this interpreter
    assert b"Traceback" not in run.stderr, run.stderr
    return run.returncode, run.stdout.decode()


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample, with nothing beside it."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "adf"))


def values(folder: Path, settings: Mapping[str, object]) -> None:
    """Write a local.settings.json beside the definitions."""
    (folder.parent / "local.settings.json").write_text(json.dumps({"IsEncrypted": False, "Values": settings}))


@pytest.mark.parametrize("kind", ["classic", "arm"])
def test_the_articles_factories_are_understood_in_plain_words(kind: str) -> None:
    code, output = check(str(HERE / kind))
    assert code == 0
    for words in (
        "starts when a blob arrives: labeledexamples/labeledexamples.arff (dataset 'trainingData')",
        "at ussouthcentral.services.azureml.net (linked service 'trainingEndpoint')",
        "output 'output1': trainingoutput/model.ilearner",
        "each try is given up after 2 hours; tried again once\n    of several waiting examples the newest goes first\n",
        "as 'Training Exp for ADF ML [trained model]' behind",
        "each try is given up after 1 hour; tried again 3 times",
        "pipeline/pipeline.json $.properties.start: not used by an event-driven run",
        "No faults.",
    ):
        assert words in output
    assert not [secret for secret in ("myKey", "endpoint2Key", "AccountKey", "sooooo", "zWa00") if secret in output]


def test_missing_settings_are_faults_and_the_rest_is_still_described(sample: Path) -> None:
    code, output = check(str(sample), TRAINING_API_KEY="hidden-key")
    assert code == 1
    assert "TRAINING_API_KEY: set\n" in output
    for name in set(SETTINGS) - {"TRAINING_API_KEY"}:
        assert f"{name}: NOT SET\n" in output
    assert "at %TRAINING_ML_ENDPOINT% (linked service 'trainingEndpoint')" in output
    assert "5 faults to put right." in output
    assert "hidden-key" not in output


def test_the_environment_wins_over_local_settings(sample: Path) -> None:
    values(sample, SETTINGS | {"TRAINING_ML_ENDPOINT": "http://not-https/jobs"})
    assert check(str(sample))[0] == 1
    code, output = check(str(sample), TRAINING_ML_ENDPOINT="https://from-the-environment/jobs")
    assert code == 0
    assert "at from-the-environment (linked service 'trainingEndpoint')" in output
    assert not [secret for secret in ("myKey", "endpoint2Key", "AccountKey") if secret in output]


def test_broken_local_settings_are_a_fault_of_their_own(sample: Path) -> None:
    (sample.parent / "local.settings.json").write_text("{")
    code, output = check(str(sample), **SETTINGS)
    assert code == 1
    assert "local.settings.json $: is not JSON" in output
    assert "1 fault to put right." in output


def test_every_fault_is_printed_whatever_the_terminals_encoding(sample: Path) -> None:
    (sample / "pipeline" / "b.json").write_text('{"name": "Bär", "properties": {"isPaused": 1}}', encoding="utf-8")
    (sample / "dataset" / "c.json").write_text("{")
    environment = SETTINGS | {"PYTHONIOENCODING": "ascii"}
    code, output = check(str(sample), **environment)
    assert code == 1
    assert "pipeline/b.json $.properties.isPaused: expected true or false, found a number" in output
    assert "pipeline/b.json $.properties.activities: is missing" in output
    assert "dataset/c.json $: is not JSON" in output


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    code, output = check(str(tmp_path / "nowhere"))
    assert code == 1
    assert "there is no such folder" in output


def test_the_sample_is_what_is_checked_by_default() -> None:
    with_settings = check(**SETTINGS)
    assert with_settings[1].startswith("pipeline 'pipeline'")


def test_the_package_needs_nothing_but_the_standard_library() -> None:
    code = "import functions.retraining.adf, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)  # noqa: S603 -- this interpreter
    loaded = set(run.stdout.split())
    assert loaded.isdisjoint({"azure", "msgspec", "requests", "pydantic", "yaml"})
