"""Keys, transport, public access, identities: as safety.py demands, and each demand notices a planted fault."""

import pytest

from .bicep import Template, templates
from .safety import DEMANDS, publishing_left_open, troubles

TEMPLATES = templates()

PLANTED = [
    ("hostStorage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true"),
    ("hostStorage.bicep", "    allowSharedKeyAccess: false\n", ""),
    ("hostStorage.bicep", "privateOnly ? 'Disabled' : 'Enabled'", "'Enabled'"),
    ("hostStorage.bicep", "'TLS1_2'", "'TLS1_0'"),
    ("hostStorage.bicep", "supportsHttpsTrafficOnly: true", "supportsHttpsTrafficOnly: false"),
    ("hostStorage.bicep", "publicAccess: 'None'", "publicAccess: 'Blob'"),
    ("trainingStorage.bicep", "allowSharedKeyAccess: keysAllowed", "allowSharedKeyAccess: true"),
    ("trainingStorage.bicep", "allowBlobPublicAccess: false", "allowBlobPublicAccess: true"),
    ("trainingStorage.bicep", "allowCrossTenantReplication: false", "allowCrossTenantReplication: true"),
    ("trainingStorage.bicep", "defaultToOAuthAuthentication: true", "defaultToOAuthAuthentication: false"),
    ("functionApp.bicep", "httpsOnly: true", "httpsOnly: false"),
    ("functionApp.bicep", "minTlsVersion: '1.2'", "minTlsVersion: '1.1'"),
    ("functionApp.bicep", "scmMinTlsVersion: '1.2'", "scmMinTlsVersion: '1.0'"),
    ("functionApp.bicep", "ftpsState: 'Disabled'", "ftpsState: 'AllAllowed'"),
    ("functionApp.bicep", "type: 'UserAssigned'", "type: 'None'"),
    ("functionApp.bicep", "    keyVaultReferenceIdentity: identityId\n", ""),
    ("functionApp.bicep", "type: 'UserAssignedIdentity'", "type: 'StorageAccountConnectionString'"),
    ("functionApp.bicep", "allow: false", "allow: true"),
    ("keyVault.bicep", "enableRbacAuthorization: true", "enableRbacAuthorization: false"),
    ("keyVault.bicep", "enablePurgeProtection: true", "enablePurgeProtection: false"),
    ("keyVault.bicep", "privateOnly ? 'Disabled' : 'Enabled'", "'Enabled'"),
    ("telemetry.bicep", "DisableLocalAuth: true", "DisableLocalAuth: false"),
    ("eventTopic.bicep", "type: 'SystemAssigned'", "type: 'None'"),
    ("events.bicep", "['Microsoft.Storage.BlobCreated']", "[]"),
    ("events.bicep", "subjectBeginsWith: wanted.subjectBeginsWith", "subjectBeginsWith: ''"),
    ("events.bicep", "subjectEndsWith: wanted.subjectEndsWith", "subjectEndsWith: ''"),
    ("events.bicep", "maxDeliveryAttempts: 30", "maxDeliveryAttempts: 1"),
    ("events.bicep", "eventTimeToLiveInMinutes: 1440", "eventTimeToLiveInMinutes: 1"),
    ("events.bicep", "deadLetterWithResourceIdentity", "deadLetterDestination"),
]


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_each_resource_is_as_it_has_to_be(template: Template) -> None:
    assert list(troubles(template)) == []
    assert publishing_left_open(template) == set()


@pytest.mark.parametrize(("file", "right", "wrong"), PLANTED, ids=[f"{file}-{wrong}" for file, _, wrong in PLANTED])
def test_a_planted_fault_is_noticed(file: str, right: str, wrong: str) -> None:
    assert list(troubles(TEMPLATES[file].with_change(right, wrong)))


def test_each_demand_is_of_a_resource_that_is_here_and_has_a_planted_fault() -> None:
    made = {each.type for template in TEMPLATES.values() for each in template.made}
    assert {demand.type for demand in DEMANDS} <= made
    told = " ".join(each for file, old, new in PLANTED for each in troubles(TEMPLATES[file].with_change(old, new)))
    assert [demand.path for demand in DEMANDS if f".{demand.path} is " not in told] == []


def test_only_the_training_account_may_have_keys() -> None:
    keyed = TEMPLATES["hostStorage.bicep"].with_change(
        "allowSharedKeyAccess: false", "allowSharedKeyAccess: keysAllowed"
    )
    assert list(troubles(keyed)) == ["hostStorage.bicep: account may have keys"]


def test_a_publishing_password_that_is_left_is_noticed() -> None:
    assert publishing_left_open(TEMPLATES["functionApp.bicep"].with_change("['ftp', 'scm']", "['ftp']"))
