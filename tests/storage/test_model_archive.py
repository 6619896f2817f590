"""The archive of models, copied by a real Azurite."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from azure.storage.blob import BlobSasPermissions, BlobServiceClient, generate_blob_sas
from msgspec.structs import replace

from devstack.azurite import ACCOUNT, ACCOUNT_KEY
from functions.retraining.core.blobs import BlobLocation, Model
from functions.retraining.core.errors import NotFound, TransientError
from functions.retraining.core.run import Origin, Run, new_run
from functions.retraining.core.secret import Secret
from functions.retraining.storage.blobs import StorageBlobs
from functions.retraining.storage.model_archive import StorageModelArchive

from .conftest import Wire
from .runs import UPLOADED, run

pytestmark = pytest.mark.azurite

OUTPUT = "2016/model.ilearner"


def put(service: BlobServiceClient, container: str, content: bytes, name: str = OUTPUT) -> None:
    service.get_blob_client(container, name).upload_blob(content, overwrite=True)


def content(service: BlobServiceClient, model: Model) -> bytes:
    return service.get_blob_client(model.container, model.name).download_blob().readall()


def output(
    service: BlobServiceClient, container: str, name: str = OUTPUT, life: timedelta = timedelta(hours=1)
) -> BlobLocation:
    """The location as the training web service gives it: three parts to be put together."""
    sas = generate_blob_sas(
        account_name=ACCOUNT,
        container_name=container,
        blob_name=name,
        account_key=ACCOUNT_KEY,
        permission=BlobSasPermissions(read=True),
        expiry=datetime.now(UTC) + life,
    )
    return BlobLocation(base=f"{service.url.rstrip('/')}/", relative=f"{container}/{name}", sas=Secret(f"?{sas}"))


def adopted(service: BlobServiceClient, container: str, name: str = OUTPUT) -> Run:
    """A run of an `.ilearner` that lies there now."""
    version = StorageBlobs(service).version(container, name)
    assert version is not None
    return new_run("pipeline", Origin.TRAINED_MODEL, version, UPLOADED)


def test_an_output_is_copied_by_its_link_into_a_container_made_for_it(
    archive: StorageModelArchive, service: BlobServiceClient, examples: str, container: str
) -> None:
    put(service, examples, b"model 1")
    model = archive.copy_output(run(), output(service, examples))
    assert model is not None
    assert model.path == f"{container}/pipeline/{run().id}.ilearner"
    assert content(service, model) == b"model 1"
    properties = service.get_blob_client(model.container, model.name).get_blob_properties()
    assert model.archived_at == properties.last_modified


def test_a_copy_is_never_overwritten_and_asking_again_gives_the_same(
    archive: StorageModelArchive, service: BlobServiceClient, examples: str
) -> None:
    put(service, examples, b"model 1")
    first = archive.copy_output(run(), output(service, examples))
    put(service, examples, b"model 2")
    assert archive.copy_output(run(), output(service, examples)) == first
    assert first is not None
    assert content(service, first) == b"model 1"


def test_another_attempt_is_another_model(
    archive: StorageModelArchive, service: BlobServiceClient, examples: str
) -> None:
    put(service, examples, b"model 1")
    first = archive.copy_output(replace(run(), attempt=1), output(service, examples))
    put(service, examples, b"model 2")
    second = archive.copy_output(replace(run(), attempt=2), output(service, examples))
    assert first is not None
    assert second is not None
    assert (content(service, first), content(service, second)) == (b"model 1", b"model 2")


def test_copying_is_one_request(
    archive: StorageModelArchive, service: BlobServiceClient, examples: str, wire: Wire
) -> None:
    put(service, examples, b"model 1")
    link = output(service, examples)
    archive.copy_output(run("first"), link)
    wire.taken()
    archive.copy_output(run("second"), link)
    assert wire.taken() == ["PUT"]
    source = adopted(service, examples)
    wire.taken()
    archive.copy_blob(source)
    assert wire.taken() == ["PUT"]


def test_an_expired_link_is_worth_another_try_with_a_fresh_one(
    archive: StorageModelArchive, service: BlobServiceClient, examples: str
) -> None:
    put(service, examples, b"model 1")
    expired = output(service, examples, life=timedelta(seconds=-60))
    with pytest.raises(TransientError, match="copy the trained model to") as caught:
        archive.copy_output(run(), expired)
    assert caught.value.status in {401, 403}
    assert caught.value.request_id
    assert expired.sas.reveal().partition("sig=")[2] not in str(caught.value)
    assert archive.copy_output(run(), output(service, examples)) is not None


def test_an_output_that_is_gone_is_not_found(
    archive: StorageModelArchive, service: BlobServiceClient, examples: str
) -> None:
    with pytest.raises(NotFound):
        archive.copy_output(run(), output(service, examples))


@pytest.mark.parametrize(
    "name", ["my model.ilearner", "Größe/日本 語/model.ilearner", "#1 100%.ilearner", "a%20b.ilearner"]
)
def test_an_output_may_have_any_name(
    name: str, archive: StorageModelArchive, service: BlobServiceClient, examples: str
) -> None:
    put(service, examples, b"model 1", name)
    assert archive.copy_output(run(), output(service, examples, name)) is not None


@pytest.mark.parametrize("name", ["model.ilearner", "a b/日本/100%/#1/it's?.ilearner", "50%25.ilearner"])
def test_a_blob_is_copied_in_the_version_that_began_the_run(
    name: str, archive: StorageModelArchive, service: BlobServiceClient, examples: str
) -> None:
    put(service, examples, b"model 1", name)
    begun = adopted(service, examples, name)
    model = archive.copy_blob(begun)
    assert model is not None
    assert content(service, model) == b"model 1"


def test_a_blob_that_was_overwritten_meanwhile_is_not_found_and_not_copied(
    archive: StorageModelArchive, service: BlobServiceClient, examples: str, container: str
) -> None:
    put(service, examples, b"model 1")
    begun = adopted(service, examples)
    put(service, examples, b"model 2")
    with pytest.raises(NotFound, match="the source was replaced"):
        archive.copy_blob(begun)
    service.create_container(container)
    with pytest.raises(NotFound, match="the source was replaced"):
        archive.copy_blob(begun)
    assert list(service.get_container_client(container).list_blobs()) == []


def test_a_blob_that_was_overwritten_after_its_copy_is_still_its_copy(
    archive: StorageModelArchive, service: BlobServiceClient, examples: str
) -> None:
    put(service, examples, b"model 1")
    begun = adopted(service, examples)
    first = archive.copy_blob(begun)
    put(service, examples, b"model 2")
    assert archive.copy_blob(begun) == first


def test_a_blob_that_was_deleted_meanwhile_is_not_found(
    archive: StorageModelArchive, service: BlobServiceClient, examples: str
) -> None:
    put(service, examples, b"model 1")
    begun = adopted(service, examples)
    service.get_blob_client(examples, OUTPUT).delete_blob()
    for _ in range(2):
        with pytest.raises(NotFound):
            archive.copy_blob(begun)


@pytest.mark.parametrize("pipeline", ["pipeline", "Weekly retraining", "Wöchentlich 日本", "#1 = best; it's (new)"])
def test_a_link_reads_this_one_model_and_can_do_nothing_else(
    pipeline: str, archive: StorageModelArchive, service: BlobServiceClient, examples: str, container: str
) -> None:
    put(service, examples, b"model 1")
    model = archive.copy_output(run(pipeline), output(service, examples))
    other = archive.copy_output(run("other"), output(service, examples))
    assert model is not None
    assert other is not None
    link = archive.link(model)
    assert link.base.endswith("/")
    assert link.relative == model.path
    assert link.address == archive.address(model)
    with requests.Session() as session:
        read = session.get(link.url.reveal(), timeout=10)
        assert (read.status_code, read.content) == (200, b"model 1")
        written = session.put(link.url.reveal(), b"x", headers={"x-ms-blob-type": "BlockBlob"}, timeout=10)
        assert written.status_code == 403
        assert session.delete(link.url.reveal(), timeout=10).status_code == 403
        listed = f"{link.base}{container}{link.sas.reveal()}&restype=container&comp=list"
        assert session.get(listed, timeout=10).status_code == 403
        elsewhere = f"{link.base}{other.path}{link.sas.reveal()}"
        assert session.get(elsewhere, timeout=10).status_code == 403
    assert link.sas.reveal() not in repr(link)


def test_a_link_costs_no_request(
    archive: StorageModelArchive, service: BlobServiceClient, examples: str, wire: Wire
) -> None:
    put(service, examples, b"model 1")
    model = archive.copy_output(run(), output(service, examples))
    assert model is not None
    wire.taken()
    archive.link(model)
    assert wire.taken() == []
