# ruff: noqa: E501 -- a row of the tables below is a case: name, properties, what they open or what is wrong
"""Storage linked services: connection strings, shared access signatures, the app's own identity; and their secrets."""

from typing import Any

import pytest

from functions.retraining.adf import Factory
from functions.retraining.adf.accounts import account_of
from functions.retraining.core.definitions import (
    ConnectionStringAccess,
    IdentityAccess,
    SasUriAccess,
    StorageAccess,
)
from functions.retraining.core.secret import Secret

from .factories import EXAMPLES, MODEL, STORAGE, TRAINING, add, both, drop, faults_of, load_changed, put

INSIDE = "properties.typeProperties"
KEYED = "AccountName=name;AccountKey=hidden"
SAS = "sv=2020&sp=rl&sig=hidden"
VAULT = {"referenceName": "vault", "type": "LinkedServiceReference"}


def secret_in_vault(name: str, vault: str = "vault") -> dict[str, Any]:
    return {"type": "AzureKeyVaultSecret", "store": VAULT | {"referenceName": vault}, "secretName": name}


def storage(kind: str, properties: dict[str, Any], **settings: str) -> Factory:
    """The article's factory with another storage account."""
    change = both(put(STORAGE, "properties.type", kind), put(STORAGE, INSIDE, properties))
    return load_changed(change, "classic", **settings)


def access(factory: Factory) -> StorageAccess:
    assert factory.faults == ()
    return factory.pipelines[0].batch_execution.inputs[0].linked_service.access


def keyed(text: str) -> ConnectionStringAccess:
    return ConnectionStringAccess(Secret(text))


def signed(url: str) -> SasUriAccess:
    return SasUriAccess(url, Secret(f"?{SAS}"))


OPENED: list[tuple[str, str, dict[str, Any], StorageAccess]] = [
    ("a connection string", "AzureStorage", {"connectionString": KEYED}, keyed(KEYED)),
    ("v2's connection string", "AzureBlobStorage", {"connectionString": KEYED, "authenticationType": "AccountKey"}, keyed(KEYED)),
    ("a secure string", "AzureBlobStorage", {"connectionString": {"type": "SecureString", "value": KEYED}}, keyed(KEYED)),
    ("a secret in a vault", "AzureBlobStorage", {"connectionString": secret_in_vault("storage-of-training")}, keyed(KEYED)),
    ("a setting", "AzureStorage", {"connectionString": "%STORAGE_OF_TRAINING%"}, keyed(KEYED)),
    ("a key beside it", "AzureBlobStorage", {"connectionString": "AccountName=name;", "accountKey": secret_in_vault("the-key")}, keyed(KEYED)),
    ("the development storage", "AzureStorage", {"connectionString": "UseDevelopmentStorage=true"}, keyed("UseDevelopmentStorage=true")),
    ("a signature in a connection string", "AzureStorage", {"connectionString": f"BlobEndpoint=https://name.blob.core.windows.net/;SharedAccessSignature={SAS}"}, signed("https://name.blob.core.windows.net")),
    ("a signature for an account by name", "AzureStorage", {"connectionString": f"AccountName=name;SharedAccessSignature=?{SAS}"}, signed("https://name.blob.core.windows.net")),
    ("a signature for the account", "AzureStorageSas", {"sasUri": f"https://name.blob.core.windows.net/?{SAS}"}, signed("https://name.blob.core.windows.net")),
    ("a signature for a container", "AzureStorageSas", {"sasUri": f"https://name.blob.core.windows.net/labeledexamples?{SAS}"}, signed("https://name.blob.core.windows.net/labeledexamples")),
    ("a signature beside the address", "AzureBlobStorage", {"sasUri": "https://name.blob.core.windows.net/", "sasToken": secret_in_vault("the-sas")}, signed("https://name.blob.core.windows.net")),
    ("the app's identity", "AzureBlobStorage", {"serviceEndpoint": "https://name.blob.core.windows.net/", "accountKind": "StorageV2"}, IdentityAccess("https://name.blob.core.windows.net")),
    ("the account's address alone", "AzureStorage", {"connectionString": "https://name.blob.core.windows.net/"}, IdentityAccess("https://name.blob.core.windows.net")),
    ("the app's identity in v1", "AzureStorage", {"serviceEndpoint": "https://name.blob.core.windows.net"}, IdentityAccess("https://name.blob.core.windows.net")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "properties", "expected"), [row[1:] for row in OPENED], ids=[row[0] for row in OPENED]
)
def test_an_account_is_opened_by(kind: str, properties: dict[str, Any], expected: StorageAccess) -> None:
    values = {"STORAGE_OF_TRAINING": KEYED, "THE_KEY": "hidden", "THE_SAS": f"?{SAS}"}
    change = both(
        put(STORAGE, "properties.type", kind),
        put(STORAGE, INSIDE, properties),
        put(MODEL, f"{INSIDE}.folderPath", "labeledexamples/out"),
    )
    assert access(load_changed(change, "classic", **values)) == expected


WRONG: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("nothing", "AzureBlobStorage", {}, "connectionString", "one of connectionString, sasUri, serviceEndpoint"),
    ("no signature", "AzureStorageSas", {}, "sasUri", "is missing"),
    ("two ways", "AzureBlobStorage", {"connectionString": KEYED, "sasUri": f"https://n.blob.x/?{SAS}"}, "sasUri", "stands beside connectionString"),
    ("an address without signature", "AzureStorageSas", {"sasUri": "https://name.blob.core.windows.net/?sv=hidden"}, "sasUri", "holds no signature"),
    ("a signature for a blob", "AzureStorageSas", {"sasUri": f"https://name.blob.core.windows.net/labeledexamples/a.csv?{SAS}"}, "sasUri", "the address of a blob"),
    ("a signature of nothing", "AzureStorageSas", {"sasUri": f"hidden?{SAS}"}, "sasUri", "is not the address of an account"),
    ("an address over http for a connection string", "AzureBlobStorage", {"connectionString": "http://name.blob.core.windows.net"}, "connectionString", "is not a storage connection string"),
    ("an address and a key", "AzureBlobStorage", {"connectionString": "https://name.blob.core.windows.net", "accountKey": "hidden"}, "connectionString", "is not a storage connection string"),
    ("an identity over http", "AzureBlobStorage", {"serviceEndpoint": "http://name.blob.core.windows.net"}, "serviceEndpoint", "expected https://"),
    ("an identity for a container", "AzureBlobStorage", {"serviceEndpoint": "https://name.blob.core.windows.net/c"}, "serviceEndpoint", "is not an account's blob address"),
    ("a key without connection string", "AzureBlobStorage", {"serviceEndpoint": "https://n.blob.core.windows.net", "accountKey": "hidden"}, "accountKey", "goes with connectionString"),
    ("a token without address", "AzureBlobStorage", {"connectionString": KEYED, "sasToken": "hidden"}, "sasToken", "goes with sasUri"),
    ("an unknown way", "AzureBlobStorage", {"connectionString": KEYED, "authenticationType": "Guess"}, "authenticationType", "expected AccountKey, SasUri, Msi"),
    ("a secret of no kind", "AzureBlobStorage", {"connectionString": {"type": "Secret", "value": "hidden"}}, "connectionString", "a SecureString or an AzureKeyVaultSecret, found an object"),
    ("a secure string without value", "AzureBlobStorage", {"connectionString": {"type": "SecureString"}}, "connectionString.value", "is missing"),
    ("a secret without vault", "AzureBlobStorage", {"connectionString": {"type": "AzureKeyVaultSecret", "secretName": "a-b"}}, "connectionString.store", "is missing"),
    ("a secret by no name", "AzureBlobStorage", {"connectionString": secret_in_vault("a_b")}, "connectionString.secretName", "letters, digits and hyphens"),
    ("a secret that is not set", "AzureBlobStorage", {"connectionString": secret_in_vault("storage-key")}, "connectionString.secretName", "the setting STORAGE_KEY is not set"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "properties", "where", "problem"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_what_opens_no_account_is_a_fault(kind: str, properties: dict[str, Any], where: str, problem: str) -> None:
    factory = storage(kind, properties)
    said = [text for place, text in faults_of(factory) if place == f"{STORAGE} $.{INSIDE}.{where}"]
    assert len(said) == 1, faults_of(factory)
    assert problem in said[0]
    assert "hidden" not in repr(factory)


def test_a_containers_signature_does_not_reach_another_container() -> None:
    factory = storage("AzureStorageSas", {"sasUri": f"https://name.blob.core.windows.net/labeledexamples?{SAS}"})
    ((where, problem),) = set(faults_of(factory))
    assert where == f"{MODEL} $.{INSIDE}.fileName"
    assert problem.startswith("lies outside of container 'labeledexamples'")


def test_a_secrets_version_is_the_platforms_business() -> None:
    secret = secret_in_vault("api-key") | {"secretVersion": "7"}
    factory = load_changed(put(TRAINING, f"{INSIDE}.apiKey", secret), "classic", API_KEY="hidden")
    assert factory.pipelines[0].batch_execution.linked_service.api_key == Secret("hidden")
    assert factory.settings_used == {"API_KEY"}
    said = {notice.where: notice.problem for notice in factory.notices}
    assert "which version" in said[f"{TRAINING} $.{INSIDE}.apiKey.secretVersion"]


def test_one_setting_cannot_hold_the_secrets_of_two_vaults() -> None:
    change = both(
        put(TRAINING, f"{INSIDE}.apiKey", secret_in_vault("api-key", "one")),
        put(STORAGE, f"{INSIDE}.connectionString", secret_in_vault("API-KEY", "two")),
    )
    ((where, problem),) = faults_of(load_changed(change, "classic", API_KEY=KEYED))
    assert where == f"{TRAINING} $.{INSIDE}.apiKey.secretName"
    assert "both are the setting API_KEY" in problem


def test_one_account_is_the_same_however_it_is_opened() -> None:
    other = {
        "name": "Other",
        "properties": {
            "type": "AzureBlobStorage",
            "typeProperties": {"serviceEndpoint": "https://NAME.blob.core.windows.net/"},
        },
    }
    change = both(
        drop(EXAMPLES, f"{INSIDE}.fileName"),
        put(MODEL, f"{INSIDE}.folderPath", "labeledexamples/out"),
        put(MODEL, "properties.linkedServiceName", "Other"),
        add("linkedService/Other.json", other),
    )
    ((_, problem),) = faults_of(load_changed(change))
    assert "writes among the examples" in problem


@pytest.mark.parametrize(
    ("access", "account"),
    [
        (keyed("UseDevelopmentStorage=true"), "127.0.0.1:10000/devstoreaccount1"),
        (
            keyed("AccountName=a;AccountKey=k;BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;"),
            "127.0.0.1:10000/devstoreaccount1",
        ),
        (keyed("AccountName=a;AccountKey=k;EndpointSuffix=core.chinacloudapi.cn"), "a.blob.core.chinacloudapi.cn"),
        (SasUriAccess("https://A.blob.core.windows.net:443/c", Secret("?x")), "a.blob.core.windows.net"),
        (SasUriAccess("http://127.0.0.1:10000/devstoreaccount1/c", Secret("?x")), "127.0.0.1:10000/devstoreaccount1"),
        (IdentityAccess("https://a.blob.core.windows.net"), "a.blob.core.windows.net"),
        (IdentityAccess("?"), ""),
    ],
)
def test_an_accounts_own_address(access: StorageAccess, account: str) -> None:
    assert account_of(access) == account
