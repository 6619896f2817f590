"""The training storage by shared access signature (AzureStorageSas): the job gets it, and no account key."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from azure.storage.blob import AccountSasPermissions, ResourceTypes, generate_account_sas

from devstack.azurite import ACCOUNT, ACCOUNT_KEY, Azurite
from devstack.studio import Studio
from functions.retraining.core.run import RunStatus
from tests.e2e.conftest import MakeHouse
from tests.e2e.definitions import Definitions
from tests.e2e.house import House

pytestmark = pytest.mark.azurite


def signature(life: timedelta = timedelta(hours=1)) -> str:
    return generate_account_sas(
        ACCOUNT,
        ACCOUNT_KEY,
        ResourceTypes(object=True),
        AccountSasPermissions(read=True, create=True, write=True),
        datetime.now(UTC) + life,
        start=datetime.now(UTC) - timedelta(days=1),
    )


def house_with(make_house: MakeHouse, azurite: Azurite, sas: str) -> House:
    endpoint = next(
        part.partition("=")[2] for part in azurite.connection_string.split(";") if part.startswith("BlobEndpoint=")
    )
    return make_house(Definitions(storage={"sasUri": f"{endpoint.rstrip('/')}?{sas}"}))


def test_a_job_reads_and_writes_by_the_linked_services_own_signature(
    make_house: MakeHouse, azurite: Azurite, studio: Studio
) -> None:
    sas = signature()
    house = house_with(make_house, azurite, sas)
    run = house.retrained()
    body = studio.requests_to("bes.submit")[0].body
    for place in (body["Input"], *body["Outputs"].values()):
        assert set(place) == {"BaseLocation", "RelativeLocation", "SasBlobToken"}
        assert place["BaseLocation"].endswith(f"/{ACCOUNT}/")
    assert house.model_bytes(run)
    value = parse_qs(sas)["sig"][0]
    assert value not in house.log.text
    assert all(value not in document for document in house.state().values())


def test_a_signature_that_is_over_ends_in_the_services_own_words(make_house: MakeHouse, azurite: Azurite) -> None:
    house = house_with(make_house, azurite, signature(-timedelta(minutes=1)))
    run = house.ended(house.begun())
    assert run.status is RunStatus.FAILED
    assert run.failure
    assert "sig=" not in run.failure.message
