"""The model of each resource type that infra/ uses."""

from azure.mgmt.applicationinsights.v2020_02_02.models import ApplicationInsightsComponent
from azure.mgmt.applicationinsights.v2023_06_01.models import Workbook
from azure.mgmt.authorization.v2022_04_01.models import RoleAssignmentCreateParameters
from azure.mgmt.eventgrid.models import EventSubscription, SystemTopic
from azure.mgmt.keyvault.models import SecretCreateOrUpdateParameters, VaultCreateOrUpdateParameters
from azure.mgmt.loganalytics.models import Workspace
from azure.mgmt.monitor.models import ActionGroupResource, ScheduledQueryRuleResource
from azure.mgmt.msi.v2024_11_30.models import Identity
from azure.mgmt.network.models import PrivateDnsZoneGroup, PrivateEndpoint, VirtualNetwork
from azure.mgmt.storage.models import (
    BlobContainer,
    BlobServiceProperties,
    ManagementPolicy,
    StorageAccountCreateParameters,
)
from azure.mgmt.web.models import AppServicePlan, CsmPublishingCredentialsPoliciesEntity, Site

from .shapes import Shape

_CATEGORY = Shape(
    {"category": None, "categoryGroup": None, "enabled": None, "retentionPolicy": None, "timeGrain": None}
)

OF_BICEP = {"name", "parent", "scope", "dependsOn", "location", "tags"}
"""What Bicep itself puts beside a resource's properties, and what every Azure resource may have."""

MODELS: dict[str, type | Shape] = {
    "Microsoft.Authorization/roleAssignments": RoleAssignmentCreateParameters,
    "Microsoft.EventGrid/systemTopics": SystemTopic,
    "Microsoft.EventGrid/systemTopics/eventSubscriptions": EventSubscription,
    "Microsoft.Insights/actionGroups": ActionGroupResource,
    "Microsoft.Insights/components": ApplicationInsightsComponent,
    "Microsoft.Insights/scheduledQueryRules": ScheduledQueryRuleResource,
    "Microsoft.Insights/workbooks": Workbook,
    "Microsoft.KeyVault/vaults": VaultCreateOrUpdateParameters,
    "Microsoft.KeyVault/vaults/secrets": SecretCreateOrUpdateParameters,
    "Microsoft.ManagedIdentity/userAssignedIdentities": Identity,
    "Microsoft.Network/privateEndpoints": PrivateEndpoint,
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": PrivateDnsZoneGroup,
    "Microsoft.Network/virtualNetworks": VirtualNetwork,
    "Microsoft.OperationalInsights/workspaces": Workspace,
    "Microsoft.Storage/storageAccounts": StorageAccountCreateParameters,
    "Microsoft.Storage/storageAccounts/blobServices": BlobServiceProperties,
    "Microsoft.Storage/storageAccounts/blobServices/containers": BlobContainer,
    "Microsoft.Storage/storageAccounts/managementPolicies": ManagementPolicy,
    "Microsoft.Web/serverfarms": AppServicePlan,
    "Microsoft.Web/sites": Site,
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies": CsmPublishingCredentialsPoliciesEntity,
    # No installed package has these four; written down from learn.microsoft.com/azure/templates/<type>.
    "Microsoft.Insights/diagnosticSettings": Shape(
        {"properties": Shape({"workspaceId": None, "logs": _CATEGORY, "metrics": _CATEGORY})}
    ),
    "Microsoft.Network/privateDnsZones": Shape({}),
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": Shape(
        {"properties": Shape({"registrationEnabled": None, "virtualNetwork": Shape({"id": None})})}
    ),
    "Microsoft.Resources/resourceGroups": Shape({}),
}
