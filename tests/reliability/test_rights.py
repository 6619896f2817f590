"""Least rights, the short form: the document's tables, and signatures tried on real storage."""

from datetime import UTC, datetime, timedelta

import pytest
from azure.storage.blob import (
    AccountSasPermissions,
    BlobServiceClient,
    ResourceTypes,
    generate_account_sas,
)

from devstack.azurite import ACCOUNT, ACCOUNT_KEY, Azurite
from functions.retraining.core.blobs import BlobLocation
from functions.retraining.core.secret import Secret
from tests.reliability.rights_documented import documented
from tests.reliability.rights_measured import measured
from tests.reliability.rights_references import HOUR, Yard, tried
from tests.reliability.suites.rights import compared, references


@pytest.mark.azurite
def test_a_signature_for_one_blob_opens_nothing_else_and_nothing_once_it_is_over() -> None:
    found = references()
    assert found.troubles == ()
    assert found.times > 100


@pytest.mark.azurite
@pytest.mark.stack
def test_the_document_says_what_the_app_does_no_more_and_no_less() -> None:
    assert compared(documented(), measured()).troubles == ()


def test_a_right_too_many_and_one_too_few_would_be_found() -> None:
    written, done = {"a": frozenset({"GET", "PUT"}), "b": frozenset({"GET"})}, {"a": frozenset({"GET"})}
    found = compared(written, done)
    assert (found.times, found.held, len(found.troubles)) == (2, 0, 2)


class Wider(Yard):
    """Hands out signatures that open more than they are for."""

    def __init__(self, storage: BlobServiceClient, token: str) -> None:
        super().__init__(storage)
        self.token = token

    def signed(self, permission: str, life: timedelta = HOUR) -> BlobLocation:
        place = super().signed(permission, life)
        return (
            place if life < timedelta(0) else BlobLocation(base=place.base, relative="", sas=Secret(f"?{self.token}"))
        )


@pytest.mark.azurite
def test_a_signature_that_opens_more_would_be_found(azurite: Azurite) -> None:
    end = datetime.now(UTC) + HOUR
    account = generate_account_sas(
        ACCOUNT,
        ACCOUNT_KEY,
        ResourceTypes(service=True, container=True, object=True),
        AccountSasPermissions(read=True, list=True),
        end,
    )
    with BlobServiceClient.from_connection_string(azurite.connection_string) as storage:
        wrong = {what for what, trouble in tried(Wider(storage, account), "r") if trouble}
    assert {"r: read another blob", "r: list the container", "r: list the account's containers"} <= wrong
    assert "r: read in another container" in wrong
