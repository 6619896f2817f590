"""ALLOWED_SERVICE_HOSTS: where the definitions may send keys, tokens and signatures."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from azure.identity import ClientSecretCredential

from functions.retraining.adf import Factory, load
from functions.retraining.allowed_hosts import allowed_host_faults
from functions.retraining.bootstrap import build
from functions.retraining.core.definitions import ConnectionStringAccess, IdentityAccess, SasUriAccess, StorageAccess
from functions.retraining.core.errors import ConfigurationError, Fault
from functions.retraining.core.hosts import AllowedHosts, host_of, host_pattern
from functions.retraining.core.secret import Secret
from functions.retraining.settings import read_allowed_service_hosts
from tests.adf.factories import SCORING, STORAGE, TRAINING, both, documents, put
from tests.adf.test_article import SETTINGS
from tests.adf.test_check import check
from tests.test_watching import pipeline as watched

KEY = "c2VjcmV0LWtleQ=="
AZURE = "*.services.azureml.net,*.management.azureml.net,management.azureml.net,acct.blob.core.windows.net"
EVIL = "https://evil.example/workspaces/w/services/s/jobs"


def allowed(text: str) -> AllowedHosts:
    faults: list[Fault] = []
    found = read_allowed_service_hosts({"ALLOWED_SERVICE_HOSTS": text}, faults)
    assert faults == []
    return found


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://a.net/jobs", "a.net"),
        ("https://A.NET./jobs", "a.net"),
        ("https://a.net:443/jobs", "a.net"),
        ("https://a.net", "a.net"),
        ("https://a.net?x=https://b.net", "a.net"),
        ("https://evil.net#.azureml.net", "evil.net"),
        ("https://evil.net/.azureml.net", "evil.net"),
        ("https://xn--e1awd7f.net/", "xn--e1awd7f.net"),
        ("https://127.0.0.1:10000/devstoreaccount1", "127.0.0.1"),
        ("https://[0:0::1]/jobs", "::1"),
    ],
)
def test_the_host_is_where_every_client_would_go(address: str, host: str) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    "address",
    [
        "https://good.net@evil.net/",
        "https://good.net:pass@evil.net/",
        "https://good.net\\@evil.net/",
        "https://evil.net\\.good.net/",
        "https://good.net%2eevil.net/",
        "https://good.net%00.evil.net/",
        "https://good.net\t.evil.net/",
        "https://good.net\n/",
        "https://gооd.net/",  # noqa: RUF001 - Cyrillic letters are what this one is about
        "https://good。evil.net/",
        "https://good..net/",
        "https://.good.net/",
        "https:///good.net/",
        "https:good.net/",
        "https://127.1/",
        "https://0x7f.0.0.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://[::1/",
        "https://[::1]evil.net/",
        "https://[fe80::1%25eth0]/",
        "https://good.net:443:80/",
        "ftp://good.net/",
        "//good.net/",
        "good.net",
        "",
        f"https://{'a' * 64}.net/",
        f"https://{'.'.join(['a' * 60] * 5)}/",
    ],
)
def test_an_address_that_clients_could_read_differently_has_no_host(address: str) -> None:
    assert host_of(address) == ""


@pytest.mark.parametrize(
    ("text", "host", "expected"),
    [
        ("a.net", "a.net", True),
        (" A.net. , b.net", "b.net", True),
        ("a.net", "x.a.net", False),
        ("*.a.net", "x.a.net", True),
        ("*.a.net", "x.y.a.net", True),
        ("*.a.net", "a.net", False),
        ("*.a.net", "xa.net", False),
        ("*.a.net", "x.a.net.evil.org", False),
        ("*.a.net", "", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("[::1]", "::1", True),
        ("a.net,", "b.net", False),
        ("", "b.net", True),
        ("  ", "", True),
    ],
)
def test_a_host_is_allowed_by_its_name_or_by_the_labels_at_its_end(text: str, host: str, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    assert allowed(text).allow(host) is expected


@pytest.mark.parametrize(
    "text",
    [
        ",",
        " , ,",
        "*",
        "*.net",
        "*.*.net",
        "a.*.net",
        "**.a.net",
        ".a.net",
        "https://a.net",
        "a.net:443",
        "a.net/",
        "a b.net",
        "*.0.0.1",
        "127.1",
        "münchen.de",
        "good.net,*",
        "a..net",
    ],
)
def test_a_value_that_says_no_host_is_a_fault_and_never_every_host_in_silence(text: str) -> None:
    faults: list[Fault] = []
    read_allowed_service_hosts({"ALLOWED_SERVICE_HOSTS": text}, faults)
    assert [fault.where for fault in faults] == ["setting ALLOWED_SERVICE_HOSTS"]
    assert "are expected" in faults[0].problem


def test_a_pattern_that_is_none_is_none() -> None:
    assert host_pattern("*.") is None
    assert host_pattern("*.A.net") == "*.a.net"


def faults_of(access: StorageAccess, text: str = "a.example,examples.blob.core.windows.net") -> list[str]:
    found = allowed_host_faults(allowed(text), (watched(access),))
    said = [str(fault) for fault in found]
    assert KEY not in " ".join(said)
    assert all(line.startswith("linked service StorageLinkedService: ") for line in said if "storage account" in line)
    return said


GOOD = f"AccountName=examples;AccountKey={KEY}"


@pytest.mark.parametrize(
    "access",
    [
        ConnectionStringAccess(Secret(GOOD)),
        ConnectionStringAccess(Secret(f"{GOOD};BlobEndpoint=https://EXAMPLES.blob.core.windows.net./")),
        ConnectionStringAccess(Secret(f"DefaultEndpointsProtocol=https;{GOOD};EndpointSuffix=core.windows.net;")),
        SasUriAccess("https://examples.blob.core.windows.net/labeledexamples", Secret("?sig=c2ln")),
        IdentityAccess("https://examples.blob.core.windows.net"),
    ],
)
def test_storage_at_an_allowed_host_is_fine_in_every_form(access: StorageAccess) -> None:
    assert faults_of(access) == []


@pytest.mark.parametrize(
    "access",
    [
        ConnectionStringAccess(Secret(f"AccountName=other;AccountKey={KEY}")),
        ConnectionStringAccess(Secret(f"{GOOD};EndpointSuffix=evil.net")),
        ConnectionStringAccess(Secret(f"{GOOD};BlobEndpoint=https://evil.net")),
        ConnectionStringAccess(Secret(f"{GOOD};blobendpoint =https://evil.net")),
        ConnectionStringAccess(Secret(f"{GOOD};BlobSecondaryEndpoint=https://evil.net")),
        ConnectionStringAccess(Secret(f"{GOOD};QueueEndpoint=https://evil.net")),
        ConnectionStringAccess(Secret(f"BlobEndpoint=https://evil.net;{GOOD};BlobEndpoint=https://a.example")),
        ConnectionStringAccess(Secret(f"AccountName=evil.net/x;AccountKey={KEY}")),
        ConnectionStringAccess(Secret(f"AccountName=x@evil.net;AccountKey={KEY}")),
        ConnectionStringAccess(Secret(f"{GOOD};DefaultEndpointsProtocol=https://evil.net/")),
        ConnectionStringAccess(Secret(f"{GOOD};AccountName=examples")),
        ConnectionStringAccess(Secret("UseDevelopmentStorage=true")),
        ConnectionStringAccess(Secret(f"{GOOD};DevelopmentStorageProxyUri=http://evil.net")),
        SasUriAccess("https://examples.blob.core.windows.net@evil.net/c", Secret("?sig=c2ln")),
        SasUriAccess("https://evil.net", Secret("?sig=c2ln")),
        IdentityAccess("https://evil.net"),
        IdentityAccess("https://examples.blob.core.windows.net.evil.net"),
    ],
    ids=str,
)
def test_storage_at_another_host_is_a_fault_whatever_part_of_the_access_names_it(access: StorageAccess) -> None:
    said = faults_of(access)
    assert said
    assert all(
        "setting ALLOWED_SERVICE_HOSTS allows a.example, examples.blob.core.windows.net" in line for line in said
    )
    assert faults_of(access, "") == []


def test_the_development_storage_is_at_its_own_address() -> None:
    assert faults_of(ConnectionStringAccess(Secret("UseDevelopmentStorage=true")), "a.example,127.0.0.1") == []


def loaded(*changes: Callable[[dict[str, Any]], object]) -> Factory:
    parsed = {file: json.loads(text) for file, text in documents().items()}
    both(*changes)(parsed)
    return load({file: json.dumps(value) for file, value in parsed.items()}, {})


@pytest.mark.parametrize(
    ("file", "field", "address"),
    [
        (TRAINING, "mlEndpoint", EVIL),
        (TRAINING, "mlEndpoint", EVIL.replace("evil.example", "services.azureml.net.evil.example")),
        (SCORING, "updateResourceEndpoint", "https://evil.example/workspaces/w/webservices/s/endpoints/e"),
        (
            SCORING,
            "updateResourceEndpoint",
            "https://evil.example/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearning/webServices/w",
        ),
    ],
)
def test_an_endpoint_at_another_host_is_a_fault_that_names_linked_service_host_and_setting(
    file: str, field: str, address: str
) -> None:
    factory = loaded(put(file, f"properties.typeProperties.{field}", address))
    assert factory.faults == ()
    storage = "acct.blob.core.windows.net,name.blob.core.windows.net"
    (fault,) = (
        each
        for each in allowed_host_faults(allowed(f"{AZURE},{storage}"), factory.pipelines)
        if "Storage" not in each.where
    )
    assert fault.where == f"linked service {file.partition('/')[2].removesuffix('.json')}"
    assert f"its {field} leads to the host '" in fault.problem
    assert "evil.example'; setting ALLOWED_SERVICE_HOSTS allows *.services.azureml.net" in fault.problem


@pytest.mark.parametrize("kind", ["classic", "arm"])
def test_the_recommended_value_takes_the_articles_own_endpoints(kind: str) -> None:
    document = (Path(__file__).parents[1] / "docs" / "settings.md").read_text("utf-8")
    (line,) = (line.strip() for line in document.splitlines() if line.startswith("    ALLOWED_SERVICE_HOSTS="))
    factory = load(documents(kind), {})
    faults = allowed_host_faults(allowed(line.partition("=")[2].replace("{account}", "acct")), factory.pipelines)
    assert not [fault for fault in faults if "Endpoint" in fault.problem]


@pytest.mark.parametrize(
    "address",
    [
        "https://good.azureml.net@evil.net/workspaces/w/services/s/jobs",
        "https://evil.net#.azureml.net/jobs",
        "https://evil.net\\.azureml.net/jobs",
        "https://gооd.azureml.net/jobs",  # noqa: RUF001 - Cyrillic letters are what this one is about
    ],
)
def test_the_tricks_with_user_names_fragments_and_letters_are_faults_without_any_list(address: str) -> None:
    factory = loaded(put(TRAINING, "properties.typeProperties.mlEndpoint", address))
    assert [fault.where for fault in factory.faults] == [f"{TRAINING} $.properties.typeProperties.mlEndpoint"]


def test_what_has_no_address_yet_is_no_second_fault() -> None:
    factory = loaded(put(TRAINING, "properties.typeProperties.mlEndpoint", "%NOT_SET%"), put(STORAGE, "properties", {}))
    assert factory.faults
    (fault,) = allowed_host_faults(allowed("*.services.azureml.net"), factory.pipelines)
    assert fault.where == "linked service updatableScoringEndpoint2"


def test_the_app_does_not_start_and_the_check_command_says_the_same() -> None:
    hosts = {"ALLOWED_SERVICE_HOSTS": "*.services.azureml.net"}
    code, output = check(**SETTINGS, **hosts)
    assert code == 1
    assert "linked service updatableScoringEndpoint2: its updateResourceEndpoint leads to the host" in output
    with pytest.raises(ConfigurationError) as raised:
        build({**SETTINGS, **hosts}, Path(__file__).parents[1])
    assert "linked service updatableScoringEndpoint2: its updateResourceEndpoint leads to the host" in str(raised.value)
    code, output = check(**SETTINGS, ALLOWED_SERVICE_HOSTS="*")
    assert code == 1
    assert "setting ALLOWED_SERVICE_HOSTS: holds '*'" in output


def test_a_tenant_cannot_name_another_token_service() -> None:
    for tenant in ("evil.net/x", "https://evil.net", "a@evil.net", "x?y", "x#y", "a\\b", "a%2fb"):
        with pytest.raises(ValueError, match="tenant"):
            ClientSecretCredential(tenant, "client", "key")
