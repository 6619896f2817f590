"""Every property in infra/ is one that its service knows; so is every value of an enum."""

import pytest

from .bicep import Resource, Template, templates
from .resource_models import MODELS, OF_BICEP
from .shapes import unknown

TEMPLATES = templates()

TYPOS = [
    ("functionApp.bicep", "httpsOnly: true", "httpOnly: true", "properties.httpOnly"),
    ("functionApp.bicep", "maximumInstanceCount: max", "maxInstanceCount: max", "scaleAndConcurrency.maxInstanceCount"),
    ("functionApp.bicep", "keyVaultReferenceIdentity:", "keyVaultReferencesIdentity:", "keyVaultReferencesIdentity"),
    ("functionApp.bicep", "type: 'UserAssignedIdentity'", "type: 'UserIdentity'", "is 'UserIdentity', none of"),
    ("eventTopic.bicep", "topicType:", "topicKind:", "properties.topicKind"),
    ("events.bicep", "subjectEndsWith: wanted", "subjectEnd: wanted", "properties.filter.subjectEnd"),
    ("events.bicep", "endpointUrl:", "endpointUri:", "properties.destination.properties.endpointUri"),
    ("events.bicep", "blobContainerName:", "containerName:", "deadLetterDestination.properties.containerName"),
    ("hostStorage.bicep", "allowSharedKeyAccess:", "allowSharedKeysAccess:", "properties.allowSharedKeysAccess"),
    ("hostStorage.bicep", "'TLS1_2'", "'TLS12'", "is 'TLS12', none of"),
    ("trainingStorage.bicep", "daysAfterModificationGreaterThan:", "daysAfterModification:", "daysAfterModification"),
    ("keyVault.bicep", "enablePurgeProtection:", "purgeProtection:", "properties.purgeProtection"),
    ("telemetry.bicep", "DisableLocalAuth:", "disableLocalAuth:", "properties.disableLocalAuth"),
    ("telemetry.bicep", "dailyQuotaGb: daily", "dailyQuota: daily", "workspaceCapping.dailyQuota"),
    ("network.bicep", "groupIds:", "groupId:", "privateLinkServiceConnections[0].properties.groupId"),
    ("network.bicep", "serviceName:", "service:", "delegations[0].properties.service"),
    ("roles.bicep", "principalType: 'ServicePrincipal'", "principalKind: 'x'", "properties.principalKind"),
    ("diagnostics.bicep", "categoryGroup:", "categoriesGroup:", "logs[0].categoriesGroup"),
]


def troubles(template: Template) -> list[str]:
    return [f"{each.symbol}: {wrong}" for each in template.made for wrong in unknown_properties(each)]


def unknown_properties(resource: Resource) -> list[str]:
    body = {name: value for name, value in resource.body.items() if name not in OF_BICEP}
    return list(unknown(body, MODELS[resource.type]))


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_each_property_is_known_to_its_service(template: Template) -> None:
    assert troubles(template) == []


def test_each_type_of_resource_has_a_model_and_each_model_is_needed() -> None:
    assert {each.type for template in TEMPLATES.values() for each in template.made} <= set(MODELS)


@pytest.mark.parametrize(("file", "right", "wrong", "told"), TYPOS, ids=[each[3] for each in TYPOS])
def test_a_planted_typo_is_told_with_its_place(file: str, right: str, wrong: str, told: str) -> None:
    found = troubles(TEMPLATES[file].with_change(right, wrong))
    assert found
    assert all(told in each for each in found)
