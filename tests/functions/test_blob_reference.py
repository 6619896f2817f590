"""The blob-trigger parameter type: made from what the host sends, refusing everything else."""

import json
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from azurefunctions.extensions.base import Datum, get_binding_registry

from functions.blob_reference import BlobReference, BlobReferenceConverter


def _sent(content: object, kind: str = "model_binding_data") -> Any:  # noqa: ANN401  # Datum has no type
    return Datum(SimpleNamespace(version="1.0", source="AzureStorageBlobs", content=content), kind)


def _decode(datum: Any) -> BlobReference:  # noqa: ANN401  # Datum has no type
    return BlobReferenceConverter.decode(datum, trigger_metadata=None, pytype=BlobReference)


@pytest.mark.parametrize(
    "name", ["plain.csv", "with space.csv", "ü/日本.csv", "100%.csv", "%20.csv", "a#b?c.csv", "2026/11/22/x.csv"]
)
def test_any_blob_name_survives(name: str) -> None:
    address = {"Connection": "AzureWebJobsStorage", "ContainerName": "labeledexamples", "BlobName": name}
    reference = _decode(_sent(json.dumps(address).encode()))
    assert reference == BlobReference(container="labeledexamples", name=name)
    assert str(reference) == f"labeledexamples/{name}"
    assert reference.get_sdk_type() is reference


@pytest.mark.parametrize("datum", [None, Datum(b"the whole blob", "bytes"), Datum("text", "string"), Datum(None, None)])
def test_content_instead_of_an_address_is_refused(datum: Any) -> None:  # noqa: ANN401  # Datum has no type
    with pytest.raises(TypeError, match="needs the blob's address"):
        _decode(datum)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[]", "a JSON list, not an object"),
        (b"{}", "without 'ContainerName'"),
        (b'{"ContainerName": "c"}', "without 'BlobName'"),
        (b'{"ContainerName": "c", "BlobName": ""}', "without 'BlobName'"),
        (b'{"ContainerName": 7, "BlobName": "b"}', "without 'ContainerName'"),
    ],
)
def test_an_address_that_is_none_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        _decode(_sent(content))


def test_the_converter_is_registered_for_blob_triggers_and_fills_only_its_own_type() -> None:
    assert get_binding_registry().get("blobTrigger") is BlobReferenceConverter
    assert BlobReferenceConverter.check_input_type_annotation(BlobReference)
    for other in (str, bytes, list[BlobReference], None):
        assert not BlobReferenceConverter.check_input_type_annotation(other)


def test_importing_it_loads_neither_azure_identity_nor_the_storage_sdk() -> None:
    script = "import functions.blob_reference, sys; print(*sys.modules)"
    loaded = subprocess.run(  # noqa: S603  # this interpreter, fixed arguments
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()
    assert "functions.blob_reference" in loaded
    assert not {"azure.identity", "azure.storage.blob", "aiohttp"} & set(loaded)
