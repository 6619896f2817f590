"""What every resource of a type has to say, whoever writes it: a property's path, its only values, and why."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .bicep import Resource, Template

ACCOUNT = "Microsoft.Storage/storageAccounts"
CONTAINER = "Microsoft.Storage/storageAccounts/blobServices/containers"
SITE = "Microsoft.Web/sites"
PUBLISHING = "Microsoft.Web/sites/basicPublishingCredentialsPolicies"
VAULT = "Microsoft.KeyVault/vaults"
SUBSCRIPTION = "Microsoft.EventGrid/systemTopics/eventSubscriptions"

ONLY_PRIVATE = {
    "operator": {
        "type": "conditional",
        "operands": {"condition": "privateOnly", "true_value": "Disabled", "false_value": "Enabled"},
    }
}
"""privateOnly ? 'Disabled' : 'Enabled', as the parser gives it."""

BEGINS_WITH = {
    "operator": {"type": "property_accessor", "operands": {"operand_1": "wanted", "operand_2": "subjectBeginsWith"}}
}
ENDS_WITH = {
    "operator": {"type": "property_accessor", "operands": {"operand_1": "wanted", "operand_2": "subjectEndsWith"}}
}
"""wanted.subjectEndsWith: what the hook found."""


class Demand(NamedTuple):
    """One property of one type of resource, and the values that it may have."""

    type: str
    path: str
    values: tuple[Any, ...]
    why: str


DEMANDS = (
    # One account may have keys, if its one parameter says so.
    Demand(ACCOUNT, "properties.allowSharedKeyAccess", (False, "keysAllowed"), "shared keys"),
    Demand(ACCOUNT, "properties.allowBlobPublicAccess", (False,), "anonymous reads"),
    Demand(ACCOUNT, "properties.supportsHttpsTrafficOnly", (True,), "https only"),
    Demand(ACCOUNT, "properties.minimumTlsVersion", ("TLS1_2", "TLS1_3"), "TLS 1.2"),
    Demand(ACCOUNT, "properties.allowCrossTenantReplication", (False,), "copies elsewhere"),
    Demand(ACCOUNT, "properties.defaultToOAuthAuthentication", (True,), "login before key"),
    # Enabled is the training account's alone: KEYS_AND_PUBLIC.
    Demand(ACCOUNT, "properties.publicNetworkAccess", (ONLY_PRIVATE, "Enabled"), "public network"),
    Demand(CONTAINER, "properties.publicAccess", ("None",), "anonymous reads"),
    Demand(SITE, "properties.httpsOnly", (True,), "https only"),
    Demand(SITE, "properties.siteConfig.minTlsVersion", ("1.2", "1.3"), "TLS 1.2"),
    Demand(SITE, "properties.siteConfig.scmMinTlsVersion", ("1.2", "1.3"), "TLS 1.2"),
    Demand(SITE, "properties.siteConfig.ftpsState", ("Disabled",), "no FTP"),
    Demand(SITE, "identity.type", ("UserAssigned",), "identity"),
    Demand(SITE, "properties.keyVaultReferenceIdentity", ("identityId",), "identity of the references"),
    Demand(
        SITE,
        "properties.functionAppConfig.deployment.storage.authentication.type",
        ("UserAssignedIdentity",),
        "identity of the deployment",
    ),
    Demand(PUBLISHING, "properties.allow", (False,), "no publishing passwords"),
    Demand(VAULT, "properties.enableRbacAuthorization", (True,), "roles, no access policies"),
    Demand(VAULT, "properties.enablePurgeProtection", (True,), "purge protection"),
    Demand(VAULT, "properties.publicNetworkAccess", (ONLY_PRIVATE,), "public network"),
    Demand("Microsoft.Insights/components", "properties.DisableLocalAuth", (True,), "ingestion by identity"),
    Demand("Microsoft.EventGrid/systemTopics", "identity.type", ("SystemAssigned",), "dead letters by identity"),
    Demand(SUBSCRIPTION, "properties.filter.includedEventTypes", (["Microsoft.Storage.BlobCreated"],), "one event"),
    Demand(SUBSCRIPTION, "properties.filter.subjectBeginsWith", (BEGINS_WITH,), "the function's container"),
    Demand(SUBSCRIPTION, "properties.filter.subjectEndsWith", (ENDS_WITH,), "the function's ending"),
    Demand(SUBSCRIPTION, "properties.retryPolicy.maxDeliveryAttempts", (30,), "retries"),
    Demand(SUBSCRIPTION, "properties.retryPolicy.eventTimeToLiveInMinutes", (1440,), "retries"),
    Demand(SUBSCRIPTION, "properties.deadLetterWithResourceIdentity.identity.type", ("SystemAssigned",), "identity"),
)

KEYS_AND_PUBLIC = {"trainingStorage.bicep"}
"""The one account that web services outside of Azure's networks open, by a key if their linked service has one."""


def troubles(template: Template) -> Iterator[str]:
    """Each property that is missing, or has another value than it may."""
    for resource in template.made:
        for demand in DEMANDS:
            if demand.type == resource.type and (found := at(resource.body, demand.path)) not in demand.values:
                yield f"{template.name}: {resource.symbol}.{demand.path} is {found!r} ({demand.why})"
        if template.name not in KEYS_AND_PUBLIC:
            yield from _of_the_training_account_alone(template, resource)


def publishing_left_open(template: Template) -> set[str]:
    """The channels (ftp, scm) over which a site would take a password."""
    if all(each.type != SITE for each in template.made):
        return set()
    closed = "for channel in ['ftp', 'scm']" in template.text and any(each.type == PUBLISHING for each in template.made)
    return set() if closed else {"ftp", "scm"}


def at(body: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - a syntax tree
    """The value at a dotted path; None if there is none."""
    found: Any = body
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _of_the_training_account_alone(template: Template, resource: Resource) -> Iterator[str]:
    if resource.type == ACCOUNT and at(resource.body, "properties.allowSharedKeyAccess") is not False:
        yield f"{template.name}: {resource.symbol} may have keys"
    if resource.type == ACCOUNT and at(resource.body, "properties.publicNetworkAccess") == "Enabled":
        yield f"{template.name}: {resource.symbol} is public with the virtual network too"
