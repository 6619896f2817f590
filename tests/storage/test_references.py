"""References for the training web service: their form by the linked service's kind, and what a signature opens.

Real Azurite judges the signatures, through requests alone: not the SDK that made them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.storage.blob import BlobServiceClient, UserDelegationKey

from functions.retraining.app_identity import app_identity
from functions.retraining.core.blobs import BlobLocation, KeyedLocation
from functions.retraining.core.definitions import (
    BlobDataset,
    ConnectionStringAccess,
    IdentityAccess,
    SasUriAccess,
    StorageAccess,
    StorageLinkedService,
)
from functions.retraining.core.errors import ServiceError
from functions.retraining.core.secret import Secret
from functions.retraining.storage.access import blob_service
from functions.retraining.storage.references import MARGIN, StorageReferences
from functions.retraining.storage.signing import (
    CLOCK_SKEW,
    CREATE_AND_WRITE,
    LONGEST_DELEGATION,
    READ,
    signed_location,
)

NAME = "2026/spring examples #1.arff"
PUT = {"x-ms-blob-type": "BlockBlob"}
HOUR = timedelta(hours=1)
SIGNATURE = "hT5kZ0mWq3vN8bXc1yLd%2BaG7u%3D"


def dataset(access: StorageAccess) -> BlobDataset:
    return BlobDataset("trainingData", StorageLinkedService("storage", access), "labeledexamples/2026", "a.arff")


def test_a_connection_string_is_passed_on_with_the_path() -> None:
    access = ConnectionStringAccess(Secret("AccountName=examples;AccountKey=c2VjcmV0"))
    for reference in (StorageReferences(app_identity).readable, StorageReferences(app_identity).writable):
        assert reference(dataset(access), NAME, HOUR) == KeyedLocation(
            access.connection_string, f"labeledexamples/{NAME}"
        )


@pytest.mark.parametrize("below", ["", "/labeledexamples"])
def test_a_sas_uri_is_passed_on_with_its_own_signature(below: str) -> None:
    access = SasUriAccess(f"https://examples.blob.core.windows.net{below}", Secret(f"?sv=1&sig={SIGNATURE}"))
    for reference in (StorageReferences(app_identity).readable, StorageReferences(app_identity).writable):
        found = reference(dataset(access), NAME, HOUR)
        assert found == BlobLocation(
            base="https://examples.blob.core.windows.net/",
            relative=f"labeledexamples/{NAME}",
            sas=Secret(f"?sv=1&sig={SIGNATURE}"),
        )
        assert SIGNATURE not in f"{found!r} {access!r}"


def delegation_key() -> UserDelegationKey:
    key = UserDelegationKey()  # type: ignore[no-untyped-call]  # the SDK's own class has no annotations here
    key.signed_oid = key.signed_tid = "9a6f2d0e-5f0b-4c58-9a1f-000000000001"
    key.signed_start, key.signed_expiry = "2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z"
    key.signed_service, key.signed_version, key.value = "b", "2020-02-10", "c2VjcmV0"
    return key


IDENTITY = IdentityAccess("https://examples.blob.core.windows.net")


@pytest.fixture
def asked() -> Iterator[list[tuple[datetime, datetime]]]:
    """What delegation keys were asked for: Azurite gives none, so the SDK's own seam stands in."""
    periods: list[tuple[datetime, datetime]] = []

    def give(_service: BlobServiceClient, start: datetime, expiry: datetime) -> UserDelegationKey:
        periods.append((start, expiry))
        return delegation_key()

    with patch.object(BlobServiceClient, "get_user_delegation_key", give):
        yield periods


def times(place: BlobLocation) -> tuple[datetime, datetime]:
    query = parse_qs(place.sas.reveal().lstrip("?"))
    start, expiry = (datetime.fromisoformat(query[name][0]) for name in ("st", "se"))
    return start, expiry


@pytest.mark.parametrize(("method", "permission"), [("readable", "r"), ("writable", "cw")])
def test_an_identity_signs_each_blob_for_as_long_as_the_execution_may_take(
    method: str, permission: str, asked: list[tuple[datetime, datetime]]
) -> None:
    before = datetime.now(UTC)
    place = getattr(StorageReferences(app_identity), method)(dataset(IDENTITY), NAME, HOUR)
    query = parse_qs(place.sas.reveal().lstrip("?"))
    assert (place.base, place.relative) == ("https://examples.blob.core.windows.net/", f"labeledexamples/{NAME}")
    assert (query["sp"], query["sr"]) == ([permission], ["b"])
    assert query["skoid"] == ["9a6f2d0e-5f0b-4c58-9a1f-000000000001"]
    start, expiry = times(place)
    assert abs(expiry - (before + HOUR + MARGIN)) < timedelta(seconds=10)
    assert abs(before - CLOCK_SKEW - start) < timedelta(seconds=10)
    ((key_start, key_expiry),) = asked
    assert key_expiry - key_start <= LONGEST_DELEGATION
    assert abs(key_expiry - expiry) < timedelta(seconds=2)


@pytest.mark.parametrize("life", [None, timedelta(days=7), timedelta(days=100)])
def test_an_identity_signs_for_seven_days_at_most(
    life: timedelta | None, asked: list[tuple[datetime, datetime]]
) -> None:
    place = StorageReferences(app_identity).readable(dataset(IDENTITY), NAME, life)
    assert isinstance(place, BlobLocation)
    start, expiry = times(place)
    assert LONGEST_DELEGATION - timedelta(minutes=1) <= expiry - start <= LONGEST_DELEGATION
    ((key_start, key_expiry),) = asked
    assert key_expiry - key_start <= LONGEST_DELEGATION


def test_an_account_that_gives_no_key_is_a_service_error_that_says_for_what() -> None:
    refusal = ClientAuthenticationError(message="not allowed")
    with (
        patch.object(BlobServiceClient, "get_user_delegation_key", side_effect=refusal),
        pytest.raises(ServiceError, match="ask for a user delegation key: not allowed"),
    ):
        StorageReferences(app_identity).readable(dataset(IDENTITY), NAME, HOUR)


@pytest.fixture
def example(service: BlobServiceClient, examples: str) -> tuple[str, str]:
    service.get_blob_client(examples, NAME).upload_blob(b"rows")
    service.get_blob_client(examples, "other.arff").upload_blob(b"other")
    return examples, NAME


def url(place: BlobLocation, name: str | None = None, **query: str) -> str:
    container = place.relative.partition("/")[0]
    relative = place.relative if name is None else f"{container}/{name}"
    extra = "".join(f"&{key}={value}" for key, value in query.items())
    return f"{place.base}{relative.replace('#', '%23')}{place.sas.reveal()}{extra}"


@pytest.mark.azurite
def test_a_signature_to_read_opens_this_one_blob_for_nothing_else(
    service: BlobServiceClient, example: tuple[str, str]
) -> None:
    place = signed_location(service, *example, READ, HOUR)
    assert requests.get(url(place), timeout=5).content == b"rows"
    refused = {
        "write": requests.put(url(place), b"x", headers=PUT, timeout=5),
        "delete": requests.delete(url(place), timeout=5),
        "metadata": requests.put(url(place, comp="metadata"), headers={"x-ms-meta-a": "b"}, timeout=5),
        "other blob": requests.get(url(place, "other.arff"), timeout=5),
        "list": requests.get(url(place, "", restype="container", comp="list"), timeout=5),
    }
    assert {what: answer.status_code for what, answer in refused.items()} == dict.fromkeys(refused, 403)
    assert service.get_blob_client(*example).download_blob().readall() == b"rows"


@pytest.mark.azurite
def test_a_signature_to_write_creates_and_overwrites_this_one_blob_and_reads_nothing(
    service: BlobServiceClient, examples: str
) -> None:
    name = f"{uuid4().hex}/model.ilearner"
    place = signed_location(service, examples, name, CREATE_AND_WRITE, HOUR)
    for content in (b"first", b"second"):
        assert requests.put(url(place), content, headers=PUT, timeout=5).status_code == 201
    assert service.get_blob_client(examples, name).download_blob().readall() == b"second"
    refused = {
        "read": requests.get(url(place), timeout=5),
        "delete": requests.delete(url(place), timeout=5),
        "other blob": requests.put(url(place, "other.ilearner"), b"x", headers=PUT, timeout=5),
        "list": requests.get(url(place, "", restype="container", comp="list"), timeout=5),
    }
    assert {what: answer.status_code for what, answer in refused.items()} == dict.fromkeys(refused, 403)


@pytest.mark.azurite
def test_a_signature_lives_as_long_as_promised_and_no_longer(
    service: BlobServiceClient, example: tuple[str, str]
) -> None:
    over = signed_location(service, *example, READ, timedelta(seconds=-2))
    assert requests.get(url(over), timeout=5).status_code == 403
    place = signed_location(service, *example, READ, timedelta(days=365))
    assert requests.get(url(place), timeout=5).status_code == 200
    start, expiry = times(place)
    assert abs(expiry - start - timedelta(days=365) - CLOCK_SKEW) < timedelta(seconds=5)


def test_an_account_by_identity_is_opened_without_asking_anybody() -> None:
    with blob_service(IDENTITY, app_identity) as client:
        assert client.url == "https://examples.blob.core.windows.net/"
        assert client.account_name == "examples"
