"""Settings files, connections, host ids, host.json: read as written, refused by name."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from devstack.places import ROOT
from devstack.trigger_host.errors import TriggerHostError
from devstack.trigger_host.host_id import host_id
from devstack.trigger_host.host_json import HostJson, read_host_json
from devstack.trigger_host.queue_options import QueueOptions
from devstack.trigger_host.queue_reader import Batches
from devstack.trigger_host.settings import read_local_settings, resolve_references
from devstack.trigger_host.storage import connection_string


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "expected an object"),
        ('{"Values": []}', "expected an object"),
        ('{"IsEncrypted": true, "Values": {}}', "is encrypted"),
        ('{"Values": {"A": {}}}', "'A' must be text"),
    ],
)
def test_a_faulty_settings_file_is_refused_by_name(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "local.settings.json"
    file.write_text(content, "utf-8")
    with pytest.raises(TriggerHostError, match=said) as refused:
        read_local_settings(file)
    assert str(file) in str(refused.value)


def test_settings_are_read_as_text_and_none_without_a_file(tmp_path: Path) -> None:
    file = tmp_path / "local.settings.json"
    assert read_local_settings(file) == {}
    file.write_text(json.dumps({"Values": {"A": "a", "B": True, "C": 3}}), "utf-8-sig")
    assert read_local_settings(file) == {"A": "a", "B": "true", "C": "3"}


def test_references_are_filled_in_and_a_missing_one_is_named() -> None:
    assert resolve_references("%A%/x/%B%.csv", {"A": "a", "B": "b"}, "here") == "a/x/b.csv"
    with pytest.raises(TriggerHostError, match=r"^here: the setting 'B' in '%B%' is not set"):
        resolve_references("%B%", {"B": ""}, "here")


def test_a_connection_is_found_by_its_name_then_with_the_prefix() -> None:
    settings = {"Data": "one", "AzureWebJobsData": "two", "AzureWebJobsOther": "three", "AzureWebJobsStorage": "four"}
    assert connection_string(settings, "Data", "here") == "one"
    assert connection_string(settings, "Other", "here") == "three"
    assert connection_string(settings, "", "here") == "four"
    assert connection_string(settings, "Storage", "here") == "four"


def test_development_storage_means_the_emulator_on_its_default_ports() -> None:
    spelled_out = connection_string({"X": "UseDevelopmentStorage=true;"}, "X", "here")
    for endpoint in ("BlobEndpoint=http://127.0.0.1:10000/", "QueueEndpoint=http://127.0.0.1:10001/"):
        assert endpoint in spelled_out


def test_the_host_id_is_the_folders_own_and_stays(tmp_path: Path) -> None:
    here, there = host_id({}, tmp_path), host_id({}, tmp_path / "other")
    assert here == host_id({}, tmp_path) != there
    assert len(here) <= 32
    assert host_id({"AzureFunctionsWebHost__hostid": here}, tmp_path / "other") == here


@pytest.mark.parametrize("given", ["Upper", "under_score", "-a", "a-", "a--b", "a" * 33])
def test_a_host_id_that_cannot_name_a_queue_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(TriggerHostError, match="AzureFunctionsWebHost__hostid"):
        host_id({"AzureFunctionsWebHost__hostid": given}, tmp_path)


def test_host_json_has_defaults_and_its_own_values(tmp_path: Path) -> None:
    file = tmp_path / "host.json"
    assert read_host_json(file) == HostJson("api", 5, 4)
    blobs = {"poisonBlobThreshold": 2, "maxDegreeOfParallelism": 1}
    queues = {"batchSize": 4, "visibilityTimeout": "1.02:03:04", "maxDequeueCount": 700, "messageEncoding": "none"}
    sections = {"http": {"routePrefix": "/v1/"}, "blobs": blobs, "queues": queues}
    file.write_text(json.dumps({"extensions": sections}), "utf-8")
    a_day_and_more = timedelta(days=1, hours=2, minutes=3, seconds=4)
    assert read_host_json(file) == HostJson("v1", 2, 1, QueueOptions(Batches(4, 2), 700, a_day_and_more, base64=False))


def test_the_shipped_host_json_lets_a_poison_message_be_tried_as_long_as_it_lives() -> None:
    """Each failed try hides it for ten minutes, and the host runs none after `maxDequeueCount` tries."""
    shipped = read_host_json(ROOT / "host.json")
    assert shipped.queues.max_dequeue_count * timedelta(minutes=10) > timedelta(days=7)
    assert shipped.poison_blob_threshold == 5


@pytest.mark.parametrize(
    ("most", "size", "threshold"), [(100, 32, 68), (63, 32, 31), (16, 9, 7), (4, 3, 1), (3, 2, 1), (2, 2, 0), (1, 1, 0)]
)
def test_a_degree_of_parallelism_becomes_the_batches_that_the_storage_extension_makes_of_it(
    most: int, size: int, threshold: int
) -> None:
    assert Batches.for_degree_of_parallelism(most) == Batches(size, threshold)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        ('{"extensions": []}', "extensions.http must be an object"),
        ('{"extensions": {"http": {"routePrefix": 1}}}', "routePrefix must be text"),
        ('{"extensions": {"blobs": {"poisonBlobThreshold": 0}}}', "poisonBlobThreshold must be a whole number"),
        ('{"extensions": {"queues": {"batchSize": 33}}}', "extensions.queues: batchSize must be a whole number"),
        ('{"extensions": {"queues": {"visibilityTimeout": "8.00:00:00"}}}', "visibilityTimeout must be at most seven"),
        ('{"extensions": {"queues": {"visibilityTimeout": 30}}}', "visibilityTimeout must be hh:mm:ss"),
        ('{"extensions": {"queues": {"messageEncoding": "hex"}}}', "messageEncoding must be base64 or none"),
    ],
)
def test_a_faulty_host_json_is_refused_by_name(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "host.json"
    file.write_text(content, "utf-8")
    with pytest.raises(TriggerHostError, match=said):
        read_host_json(file)
