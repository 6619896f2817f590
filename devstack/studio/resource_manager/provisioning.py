"""The resource group the studio starts with: the article's scoring web service, as the newer kind has it."""

from typing import Final

from devstack.studio.provisioning import RESOURCE_NAME, Keys, stable_guid
from devstack.studio.resource_manager.definition import first_definition
from devstack.studio.resource_manager.resource_group import ResourceGroup
from devstack.studio.resource_manager.web_service import ArmWebService
from devstack.studio.taking_effect import TakingEffect

GROUP_NAME: Final = "relearner"
WEB_SERVICE_NAME: Final = "ScoringExpForADFML"
LOCATION: Final = "South Central US"


def provision_resource_group(keys: Keys) -> ResourceGroup:
    """A fresh resource group. Its ids are always the same, so that a restarted studio has the same URLs."""
    subscription = stable_guid("subscription")
    service_id = stable_guid("arm scoring service").replace("-", "")
    swagger = f"{execution_path(subscription, service_id)}/swagger.json"
    workspace = f"/subscriptions/{subscription}/resourceGroups/{GROUP_NAME}/providers/Microsoft.MachineLearning"
    definition = first_definition(RESOURCE_NAME, f"{workspace}/workspaces/relearner", swagger)
    service = ArmWebService(
        id=service_id,
        name=WEB_SERVICE_NAME,
        location=LOCATION,
        primary_key=keys.arm_scoring,
        secondary_key=keys.arm_scoring_secondary,
        definition=TakingEffect(definition),
    )
    return ResourceGroup(subscription, GROUP_NAME, service, keys.signing)


def execution_path(subscription_id: str, service_id: str) -> str:
    """Where a web service of this kind is executed: its subscription's id has no dashes there."""
    return f"/subscriptions/{subscription_id.replace('-', '')}/services/{service_id}"
